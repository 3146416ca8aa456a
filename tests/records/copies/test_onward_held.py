"""A contact who has copies of what is asked for already, from whomever: both sides are told, nothing is forgotten."""

from datetime import timedelta

import pytest

from tests.conftest import NOW
from tests.desk import Desk, agree, engage
from tests.records.copies.asked import SUB_VENDOR_MAIL, approve
from tests.records.copies.desk_copies import put_draft
from tidemark.records.copies import onward
from tidemark.records.copies.fulfil import fulfil_all, waiting_for
from tidemark.records.copies.left_out import left_out
from tidemark.records.copies.make import make_copy
from tidemark.records.copies.models import Copy, OnwardRequest
from tidemark.records.copies.revoke import revoke
from tidemark.records.copies.share import share
from tidemark.records.home import Home


@pytest.fixture
def two(home: Home, desk: Desk) -> list[Copy]:
    """The supplier's copies of two drafts."""
    drafts = [put_draft(home, desk), put_draft(home, desk, seed=2, name="rear.png")]
    pairs = [(draft, desk["contact"]) for draft in drafts]
    shared = share(home, pairs, project=desk.project, by=desk["officer"], now=NOW)
    return [make_copy(home, copy.pk, now=NOW) for copy in shared.planned]


def _through_the_sibling(home: Home, desk: Desk, copies: list[Copy]) -> list[Copy]:
    """Give the sub-vendor's contact copies of the same drafts at its place below the sibling."""
    place = engage(desk.project, desk.sub_vendor, desk.engagements["sibling"])
    under = desk.agreements["sibling"]
    agree(desk.sibling, desk.sub_vendor, desk.project, desk.persons, ("sub_vendor_contact",), under=under)
    pairs = [(copy.draft, desk["sub_vendor_contact"]) for copy in copies]
    shared = share(home, pairs, project=desk.project, by=desk["officer"], now=NOW, places=[place.pk])
    return [make_copy(home, copy.pk, now=NOW) for copy in shared.planned]


def _approved(home: Home, desk: Desk, copies: list[Copy]) -> OnwardRequest:
    said = {"sub_vendor": desk.sub_vendor.name, "contact_name": "Wen Li", "contact_email": SUB_VENDOR_MAIL, "why": "x"}
    asked = onward.ask(home, desk.engagements["supplier"], copies, by=desk["contact"], now=NOW, **said)
    return approve(home, desk, asked)


def test_a_request_for_what_the_contact_holds_waits_says_so_and_goes_on_once_one_is_closed(
    home: Home, desk: Desk, two: list[Copy]
) -> None:
    others = _through_the_sibling(home, desk, two)
    request = _approved(home, desk, two)
    (said,) = waiting_for(request, now=NOW)
    assert "has open copies of these drawings already" in said
    assert desk.sibling.name not in said
    assert (fulfil_all(home, now=NOW), left_out(request)) == (0, ())
    revoke(home, others[:1], by=desk["officer"], why="The bid is over.", now=NOW)
    assert fulfil_all(home, now=NOW) == 1
    assert [child.draft for child in Copy.objects.filter(parent__in=two)] == [others[0].draft]


def test_what_the_contact_holds_is_left_out_of_the_child_copies_and_stays_said(
    home: Home, desk: Desk, two: list[Copy]
) -> None:
    _through_the_sibling(home, desk, two[:1])
    request = _approved(home, desk, two)
    assert [child.parent for child in Copy.objects.filter(release=request.release)] == two[1:]
    (left,) = left_out(request)
    assert left.copy == two[0]
    assert "had an open copy of this drawing already" in left.reason
    assert desk.sibling.name not in left.reason


@pytest.mark.parametrize("ends", ["revoked", "expires"])
def test_a_copy_that_was_closed_before_the_approval_is_left_out_and_that_is_said(
    home: Home, desk: Desk, two: list[Copy], ends: str
) -> None:
    said = {"sub_vendor": desk.sub_vendor.name, "contact_name": "Wen Li", "contact_email": SUB_VENDOR_MAIL, "why": "x"}
    before = NOW - timedelta(hours=1)
    asked = onward.ask(home, desk.engagements["supplier"], two, by=desk["contact"], now=before, **said)
    Copy.objects.filter(pk=two[0].pk).update(**{ends: NOW - timedelta(minutes=1)})
    (left,) = left_out(approve(home, desk, asked))
    assert (left.copy, left.reason) == (two[0], "The copy asked for was not open any more.")


def test_nothing_is_left_out_of_a_request_that_got_all_its_copies(home: Home, desk: Desk, two: list[Copy]) -> None:
    request = _approved(home, desk, two)
    assert Copy.objects.filter(release=request.release).count() == 2
    revoke(home, two, by=desk["officer"], why="Over.", now=NOW, with_children=True)
    assert left_out(request) == ()
