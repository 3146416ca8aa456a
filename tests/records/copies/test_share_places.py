"""A party with several places: who answers for its copies is chosen by an officer, and stays as it was planned."""

import pytest

from tests.conftest import NOW
from tests.desk import Desk, agree, engage
from tests.records.copies.desk_copies import put_draft
from tidemark.records.agreements.models import Agreement
from tidemark.records.copies.make import make_copy
from tidemark.records.copies.models import Copy
from tidemark.records.copies.share import Shared, share
from tidemark.records.home import Home
from tidemark.records.projects.foresee import Choice, Place, foresee
from tidemark.records.projects.models import Draft, Engagement


@pytest.fixture
def draft(home: Home, desk: Desk) -> Draft:
    return put_draft(home, desk)


def _second(desk: Desk) -> Engagement:
    """Engage the sub-vendor below the sibling as well, and bind it there."""
    place = engage(desk.project, desk.sub_vendor, desk.engagements["sibling"])
    under = desk.agreements["sibling"]
    agree(desk.sibling, desk.sub_vendor, desk.project, desk.persons, ("sub_vendor_contact",), under=under)
    return place


def _share(home: Home, desk: Desk, draft: Draft, *places: Engagement) -> Shared:
    pairs = [(draft, desk["sub_vendor_contact"])]
    chosen = [place.pk for place in places]
    return share(home, pairs, project=desk.project, by=desk["officer"], now=NOW, places=chosen)


@pytest.mark.parametrize("why", ["suspended", "terminated"])
def test_a_copy_is_not_made_at_another_place_than_it_was_planned_at(
    home: Home, desk: Desk, draft: Draft, why: str
) -> None:
    (planned,) = _share(home, desk, draft).planned
    _second(desk)
    if why == "suspended":
        Engagement.objects.filter(pk=desk.engagements["supplier"].pk).update(state=Engagement.State.SUSPENDED)
    else:
        Agreement.objects.filter(pk=desk.agreements["sub_vendor"].pk).update(state=Agreement.State.TERMINATED)
    copy = make_copy(home, planned.pk, now=NOW)
    assert (copy.state, copy.responsible, copy.engagement) == (
        Copy.State.FAULTED,
        desk.supplier,
        desk.engagements["sub_vendor"],
    )
    assert why in copy.fault
    assert desk.sibling.name not in copy.fault


def test_where_different_parties_would_answer_nothing_is_planned_before_the_place_is_chosen(
    home: Home, desk: Desk, draft: Draft
) -> None:
    second = _second(desk)
    (refused,) = _share(home, desk, draft).refusals
    assert "different parties answer: Ardoise Injection, Northwick Mouldings. Choose one." in refused.reason
    assert _share(home, desk, draft, second, desk.engagements["sub_vendor"]).release is None
    assert not Copy.objects.exists()


@pytest.mark.parametrize("chosen", ["supplier", "sibling"])
def test_the_chosen_place_says_who_answers(home: Home, desk: Desk, draft: Draft, chosen: str) -> None:
    place = {"supplier": desk.engagements["sub_vendor"], "sibling": _second(desk)}[chosen]
    (planned,) = _share(home, desk, draft, place).planned
    copy = make_copy(home, planned.pk, now=NOW)
    assert (copy.state, copy.engagement) == (Copy.State.RELEASED, place)
    assert copy.responsible == {"supplier": desk.supplier, "sibling": desk.sibling}[chosen]


def test_a_chosen_place_binds_its_own_party_alone_and_opens_nothing(home: Home, desk: Desk, draft: Draft) -> None:
    second = _second(desk)
    pairs = [(draft, desk["contact"]), (draft, desk["sub_vendor_contact"])]
    Engagement.objects.filter(pk=second.pk).update(state=Engagement.State.SUSPENDED)
    shared = share(home, pairs, project=desk.project, by=desk["officer"], now=NOW, places=[second.pk])
    assert [copy.person for copy in shared.planned] == [desk["contact"]]
    assert "suspended" in shared.refusals[0].reason


def test_where_the_same_party_answers_the_earliest_place_of_a_tier_counts(home: Home, desk: Desk, draft: Draft) -> None:
    Agreement.objects.filter(pk__in=[desk.agreements[who].pk for who in ("supplier", "sibling")]).update(
        liable_downstream=False
    )
    second = _second(desk)
    for earliest in (second, desk.engagements["sub_vendor"]):
        Engagement.objects.filter(party=desk.sub_vendor).update(created=NOW)
        Engagement.objects.filter(pk=earliest.pk).update(created=NOW.replace(year=2025))
        (planned,) = _share(home, desk, draft).planned
        assert (planned.engagement, planned.responsible) == (earliest, desk.sub_vendor)
        planned.delete()


def test_what_is_foreseen_offers_the_places_and_counts_by_the_chosen_one(desk: Desk, draft: Draft) -> None:
    pairs = [(draft, desk["sub_vendor_contact"]), (draft, desk["contact"])]
    assert foresee(desk.project, pairs, at=NOW).choices == ()
    second, first = _second(desk), desk.engagements["sub_vendor"]
    Engagement.objects.filter(pk=second.pk).update(created=NOW.replace(year=2027))
    places = (
        Place(first.pk, desk.supplier.name, desk.supplier.name),
        Place(second.pk, desk.sibling.name, desk.sibling.name),
    )
    before = foresee(desk.project, pairs, at=NOW)
    assert before.choices == (Choice(desk.sub_vendor, places, ""),)
    assert (before.copies, before.refused[0][0]) == (1, desk["sub_vendor_contact"])
    after = foresee(desk.project, pairs, at=NOW, places=[second.pk])
    assert after.choices == (Choice(desk.sub_vendor, places, second.pk),)
    assert (after.copies, after.refused) == (2, [])
