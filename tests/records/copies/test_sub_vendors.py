"""A supplier that asks for onward sharing does not learn whom the owner knows."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.conftest import NOW
from tests.desk import Desk, engage
from tests.records.copies.desk_copies import put_draft
from tidemark.records.copies import onward
from tidemark.records.copies.make import make_copy
from tidemark.records.copies.models import OnwardRequest
from tidemark.records.copies.share import share
from tidemark.records.copies.sub_vendors import bindable_by
from tidemark.records.home import Home
from tidemark.records.parties.models import Party

TYPED = "ARDOISE  injection"  # the sibling, which is on record in another spelling


@pytest.fixture
def asked(home: Home, desk: Desk) -> OnwardRequest:
    draft = put_draft(home, desk)
    shared = share(home, [(draft, desk["contact"])], project=desk.project, by=desk["officer"], now=NOW)
    copy = make_copy(home, shared.planned[0].pk, now=NOW)
    return onward.ask(
        home, desk.engagements["supplier"], [copy], sub_vendor=TYPED, contact_name="N", contact_email="n@example.test",
        why="It paints.", by=desk["contact"], now=NOW,
    )  # fmt: skip


def test_the_supplier_reads_the_name_that_it_wrote_and_the_owner_the_one_on_record(
    browse: Callable[[str], Client], home: Home, desk: Desk, asked: OnwardRequest
) -> None:
    assert asked.sub_vendor == desk.sibling
    for is_approved in (False, True):
        for path in ("/onward/", f"/onward/{asked.pk}/"):
            own, owners = (browse(who).get(path).content.decode() for who in ("contact", "officer"))
            assert "ARDOISE injection" in own
            assert desk.sibling.name not in own
            assert desk.sibling.name in owners
        if not is_approved:
            onward.decide(home, asked, approve=True, by=desk["officer"], now=NOW)


def test_a_party_can_be_bound_once_the_owner_has_approved_it_and_not_by_asking(
    home: Home, desk: Desk, asked: OnwardRequest
) -> None:
    def bindable() -> set[Party]:
        return set(bindable_by(desk["contact"]))

    assert bindable() == {desk.sub_vendor}
    onward.decide(home, asked, approve=True, by=desk["officer"], now=NOW)
    assert bindable() == {desk.sub_vendor, desk.sibling}
    assert set(bindable_by(desk["sibling_contact"])) == set()
    engage(desk.project, desk.stranger, desk.engagements["sibling"])
    assert set(bindable_by(desk["sibling_contact"])) == {desk.stranger}


def test_a_member_reads_the_requests_that_he_or_she_made_and_a_contact_all_of_the_partys(
    desk: Desk, asked: OnwardRequest
) -> None:
    def seen(who: str) -> set[OnwardRequest]:
        return set(OnwardRequest.objects.visible_to(desk[who]))

    assert seen("contact") == seen("communications") == {asked}
    assert seen("member") == seen("sub_vendor_contact") == set()
    OnwardRequest.objects.update(asked_by=desk["member"])
    assert seen("member") == {asked}
