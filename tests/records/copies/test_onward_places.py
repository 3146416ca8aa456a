"""A sub-vendor of two suppliers: what the one passes on is neither let through nor answered for by the other."""

from datetime import timedelta

import pytest
from django.db import transaction

from tests.conftest import NOW
from tests.desk import Desk, agree, engage
from tests.records.copies.desk_copies import put_draft
from tidemark.errors import Refused
from tidemark.records.copies import onward
from tidemark.records.copies.download import refuse_download
from tidemark.records.copies.fulfil import waiting_for
from tidemark.records.copies.make import make_copy
from tidemark.records.copies.models import Copy, OnwardRequest
from tidemark.records.copies.share import share
from tidemark.records.home import Home
from tidemark.records.projects.engagements import suspend
from tidemark.records.projects.models import Engagement


@pytest.fixture
def second(desk: Desk) -> Engagement:
    """The sub-vendor's place below the sibling, which comes before the one below the supplier."""
    place = _first(desk)
    agree(
        desk.sibling,
        desk.sub_vendor,
        desk.project,
        desk.persons,
        ("sub_vendor_contact",),
        under=desk.agreements["sibling"],
    )
    return place


def _first(desk: Desk) -> Engagement:
    """Engage the sub-vendor below the sibling, whose place gets an id that sorts first: nothing is left to chance."""
    Engagement.objects.filter(pk=desk.engagements["sibling"].pk).delete()
    above = Engagement(pk="0" * 16, project=desk.project, party=desk.sibling, path=f"{'0' * 16}/", created=NOW)
    above.save(force_insert=True)
    return engage(desk.project, desk.sub_vendor, above)


@pytest.fixture
def held(home: Home, desk: Desk) -> Copy:
    shared = share(home, [(put_draft(home, desk), desk["contact"])], project=desk.project, by=desk["officer"], now=NOW)
    return make_copy(home, shared.planned[0].pk, now=NOW)


def _ask(home: Home, desk: Desk, copy: Copy) -> OnwardRequest:
    request = onward.ask(
        home,
        desk.engagements["supplier"],
        [copy],
        sub_vendor=desk.sub_vendor.name,
        contact_name="Wen Li",
        contact_email=desk["sub_vendor_contact"].email,
        why="They coat the bumper.",
        by=desk["contact"],
        now=NOW,
    )
    return onward.decide(home, request, approve=True, by=desk["officer"], now=NOW)


def test_a_child_copy_stands_below_whoever_passed_it_on(home: Home, desk: Desk, held: Copy, second: Engagement) -> None:
    _ask(home, desk, held)
    planned = Copy.objects.get(parent=held)
    made = make_copy(home, planned.pk, now=NOW)
    for child in (planned, made):
        assert child.engagement == desk.engagements["sub_vendor"] != second
        assert child.agreement == desk.agreements["sub_vendor"]
        assert child.responsible == desk.supplier


def test_what_is_missing_below_one_supplier_is_not_made_good_below_another(
    home: Home, desk: Desk, held: Copy, second: Engagement
) -> None:
    with transaction.atomic():
        desk.agreements["sub_vendor"].end("Over.", now=NOW)
    request = _ask(home, desk, held)
    assert waiting_for(request, now=NOW)
    assert not Copy.objects.filter(parent=held).exists()
    assert desk.sibling.name not in str(waiting_for(request, now=NOW))
    assert second.parent is not None


def test_a_copy_cannot_be_downloaded_through_another_place(
    home: Home, desk: Desk, held: Copy, second: Engagement
) -> None:
    _ask(home, desk, held)
    child = make_copy(home, Copy.objects.get(parent=held).pk, now=NOW)
    refuse_download(child, by=desk["sub_vendor_contact"], now=NOW)
    suspend(home, desk.engagements["sub_vendor"], by=desk["officer"], now=NOW)
    assert second.state == Engagement.State.ACTIVE
    with pytest.raises(Refused, match="suspended"):
        refuse_download(child, by=desk["sub_vendor_contact"], now=NOW)


def test_a_copy_held_in_one_place_is_not_passed_on_from_another(home: Home, desk: Desk, held: Copy) -> None:
    elsewhere = engage(desk.project, desk.supplier, desk.engagements["sibling"])
    with pytest.raises(Refused, match="own open copies"):
        onward.ask(
            home,
            elsewhere,
            [held],
            sub_vendor=desk.sub_vendor.name,
            contact_name="Wen Li",
            contact_email=desk["sub_vendor_contact"].email,
            why="They coat the bumper.",
            by=desk["contact"],
            now=NOW,
        )


def test_a_company_asks_so_many_times_a_day(
    home: Home, desk: Desk, held: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onward, "MOST_A_DAY", 1)
    first = _ask(home, desk, held)
    OnwardRequest.objects.filter(pk=first.pk).update(state=OnwardRequest.State.WITHDRAWN)
    with pytest.raises(Refused, match="a day"):
        _ask(home, desk, held)
    OnwardRequest.objects.update(asked=NOW - timedelta(days=2))
    _ask(home, desk, held)
