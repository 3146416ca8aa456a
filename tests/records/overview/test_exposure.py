"""What is exposed, and in whose hands, to the last tier: counted as it is, masters and what never left apart."""

from datetime import date, timedelta

from tests.desk import NOW, Desk, agree, engage
from tests.records.cases.played import copy_of, leak_of, opened, trace_of
from tidemark.records.agreements.models import Agreement
from tidemark.records.copies.models import Copy, Download
from tidemark.records.home import Home
from tidemark.records.overview.exposure import Exposure, exposure_of, exposures
from tidemark.records.overview.holders import Holder, holders, places
from tidemark.records.overview.returns import to_return
from tidemark.records.overview.unbound import unbound
from tidemark.records.parties.models import Party
from tidemark.records.projects.models import Draft, Engagement
from tidemark.records.rounds.models import Bidder, Certificate, Round

LATER = NOW + timedelta(days=1)


def seen(desk: Desk) -> Exposure:
    return exposure_of(desk.project, now=LATER)


def held(desk: Desk) -> dict[str, Holder]:
    rows = holders(desk.project, places(desk.project, desk["officer"], now=LATER), now=LATER)
    return {row.place.party.name: row for row in rows}


def download(desk: Desk, copy: Copy, times: int = 1) -> None:
    for _ in range(times):
        Download.objects.create(copy=copy, person=desk["contact"], time=NOW, leaf_index=0)


def lost_round(desk: Desk, party: Party, *drafts: Draft) -> Bidder:
    """Put a round on record that a party lost ten days ago, with what has to be certified."""
    bidding = Round.objects.create(
        project=desk.project, title="Bumpers", closes=NOW, created=NOW, created_by=desk["officer"], state="closed"
    )
    bidding.drafts.add(*drafts)
    since = LATER - timedelta(days=10)
    return Bidder.objects.create(round=bidding, party=party, invited=NOW, outcome="lost", must_certify_since=since)


def test_only_what_is_released_and_neither_revoked_nor_expired_counts_as_open(home: Home, desk: Desk) -> None:  # noqa: ARG001
    copy_of(desk, desk.supplier)
    copy_of(desk, desk.owner, is_master=True)
    changes: tuple[dict[str, object], ...] = (
        {"revoked": NOW},
        {"expires": LATER},
        {"state": Copy.State.PLANNED},
        {"state": Copy.State.FAULTED},
        {"state": Copy.State.UNDELIVERED},
    )
    for number, change in enumerate(changes, start=2):
        copy = copy_of(desk, desk.supplier, number=number)
        Copy.objects.filter(pk=copy.pk).update(**change)
    found = seen(desk)
    assert (found.open_copies, found.drafts, found.drafts_shared, dict(found.holders)) == (1, 1, 1, {1: 1})
    Copy.objects.filter(expires=LATER).update(expires=LATER + timedelta(seconds=1))
    assert seen(desk).open_copies == 2


def test_holders_are_counted_on_the_tier_they_stand_on_and_each_once(home: Home, desk: Desk) -> None:  # noqa: ARG001
    for party in (desk.supplier, desk.sibling, desk.sub_vendor):
        for number in (1, 2):
            copy_of(desk, party, number=number)
    outside = copy_of(desk, Party.named("Kestrel Tooling", {}, now=NOW))
    Copy.objects.filter(pk=outside.pk).update(person=desk["stranger_contact"])
    found = seen(desk)
    assert list(found.holders.items()) == [(1, 2), (2, 1), (0, 1)]
    assert (found.open_copies, found.persons) == (7, 1)


def test_what_was_downloaded_stays_counted_when_it_is_revoked(home: Home, desk: Desk) -> None:  # noqa: ARG001
    copy = copy_of(desk, desk.supplier)
    download(desk, copy, times=3)
    Copy.objects.filter(pk=copy.pk).update(revoked=NOW)
    found = seen(desk)
    assert (found.open_copies, found.downloaded, found.drafts_shared, dict(found.holders)) == (0, 1, 1, {})
    (draft,) = held(desk)[desk.supplier.name].drafts
    assert (draft.open_copies, draft.downloaded) == (0, 1)


def test_the_holders_come_in_the_order_of_the_tree_with_who_answers(home: Home, desk: Desk) -> None:  # noqa: ARG001
    copy_of(desk, desk.sub_vendor)
    copy_of(desk, desk.supplier, name="rear.png")
    outside = Party.named("Kestrel Tooling", {}, now=NOW)
    copy_of(desk, outside)
    rows = held(desk)
    assert list(rows) == [desk.sibling.name, desk.supplier.name, desk.sub_vendor.name, outside.name]
    assert [row.place.tier for row in rows.values()] == [1, 1, 2, 0]
    below = rows[desk.sub_vendor.name]
    assert [party.name for party in below.answers] == [desk.supplier.name]
    assert [(each.draft.file_name, each.draft.revision) for each in below.drafts] == [("front.png", 2)]
    assert (rows[desk.sibling.name].open_copies, rows[desk.sibling.name].answers) == (0, ())


def test_whoever_is_below_a_suspended_party_is_suspended_as_well(home: Home, desk: Desk) -> None:  # noqa: ARG001
    Engagement.objects.filter(pk=desk.engagements["supplier"].pk).update(state="suspended")
    third = Party.named("Kestrel Tooling", {}, now=NOW)
    engage(desk.project, third, desk.engagements["sub_vendor"])
    stands = {row.place.party.name: row.place.is_suspended for row in held(desk).values()}
    assert stands == {desk.supplier.name: True, desk.sub_vendor.name: True, third.name: True, desk.sibling.name: False}


def test_copies_under_an_agreement_that_is_over_are_told_unless_another_binds(home: Home, desk: Desk) -> None:  # noqa: ARG001
    copy_of(desk, desk.supplier)
    assert not unbound(now=LATER)
    agreement = desk.agreements["supplier"]
    Agreement.objects.filter(pk=agreement.pk).update(valid_until=LATER.date())
    assert not unbound(now=LATER)  # its last day
    Agreement.objects.filter(pk=agreement.pk).update(valid_until=NOW.date())
    assert [(each.agreement, each.project, each.count) for each in unbound(now=LATER)] == [(agreement, desk.project, 1)]
    assert seen(desk).unbound == 1
    other = agree(desk.owner, desk.supplier, desk.project, desk.persons, ("contact",))
    assert not unbound(now=LATER)
    Agreement.objects.filter(pk=other.pk).update(kinds=["final"])
    assert seen(desk).unbound == 1
    Agreement.objects.filter(pk=other.pk).update(kinds=["bidding"], valid_from=date(2026, 4, 1))
    assert seen(desk).unbound == 1
    Agreement.objects.filter(pk=agreement.pk).update(valid_until=None, state=Agreement.State.TERMINATED)
    assert seen(desk).unbound == 1


def test_what_was_to_be_returned_is_counted_once_its_time_is_over(home: Home, desk: Desk) -> None:  # noqa: ARG001
    mine, below = copy_of(desk, desk.supplier), copy_of(desk, desk.sub_vendor)
    others, open_one = copy_of(desk, desk.sibling), copy_of(desk, desk.supplier, number=2)
    Copy.objects.exclude(pk=open_one.pk).update(revoked=NOW)
    bidder = lost_round(desk, desk.supplier, mine.draft)
    assert to_return(now=LATER) == {desk.project.pk: 2}
    assert seen(desk).to_return == 2
    lost_round(desk, desk.sub_vendor, below.draft)
    assert seen(desk).to_return == 2  # for one of the two, two have to certify
    lost_round(desk, desk.sibling, others.draft)
    assert seen(desk).to_return == 3
    assert not to_return(now=LATER - timedelta(days=4))
    Bidder.objects.exclude(pk=bidder.pk).update(must_certify_since=None)
    Certificate.objects.create(bidder=bidder, person=desk["contact"], means="destroyed", certified=NOW, leaf_index=0)
    assert not to_return(now=LATER)


def test_a_draft_that_the_party_works_with_by_another_round_is_not_to_be_returned(home: Home, desk: Desk) -> None:  # noqa: ARG001
    """No certificate of the lost round can cover it, for whatever other reason its copy was revoked."""
    kept, below = copy_of(desk, desk.supplier), copy_of(desk, desk.sub_vendor)
    gone = copy_of(desk, desk.supplier, name="rear.png")
    Copy.objects.update(revoked=NOW)
    lost_round(desk, desk.supplier, kept.draft, gone.draft)
    assert seen(desk).to_return == 3
    won = lost_round(desk, desk.supplier, kept.draft)
    Bidder.objects.filter(pk=won.pk).update(outcome="won", must_certify_since=None)
    assert seen(desk).to_return == 1
    lost_round(desk, desk.sub_vendor, below.draft)
    assert seen(desk).to_return == 2  # the sub-vendor bid on its own, and won nothing
    Bidder.objects.filter(pk=won.pk).update(outcome="declined")
    assert seen(desk).to_return == 3


def test_leaks_count_by_what_their_last_traces_say_and_cases_while_they_are_open(home: Home, desk: Desk) -> None:
    copy = copy_of(desk, desk.supplier)
    leak = leak_of(desk, [copy])
    case = opened(home, desk, leak)
    sighting = leak_of(desk, [copy], title="A car")
    type(sighting).objects.filter(pk=sighting.pk).update(is_sighting=True)
    assert (seen(desk).leaks, seen(desk).open_cases) == (1, 1)
    trace_of(leak.posts.get(), [], verdict="unmatched", hours=1)
    type(case).objects.update(status="closed")
    assert (seen(desk).leaks, seen(desk).open_cases) == (0, 0)


def test_the_most_exposed_project_comes_first_and_what_belongs_to_none_is_not_left_out(home: Home, desk: Desk) -> None:  # noqa: ARG001
    copy_of(desk, desk.supplier)
    loose = copy_of(desk, desk.sibling, name="loose.png")
    Draft.objects.filter(pk=loose.draft_id).update(project=None)
    found = exposures(unbound(now=LATER), now=LATER)
    assert [each.project and each.project.code_name for each in found] == [None, "MS11", "KX7"]
    assert [each.open_copies for each in found] == [1, 1, 0]
