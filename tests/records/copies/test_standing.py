"""How far a standing approval reaches: to whom the supplier brought in itself, and not to whom others deal with."""

import pytest

from tests.conftest import NOW
from tests.desk import Desk, agree, engage, person
from tests.records.copies.asked import NEW_PARTY, approve, ask
from tidemark.records.accounts import invite
from tidemark.records.accounts.models import Invitation, Person
from tidemark.records.accounts.roles import Role
from tidemark.records.agreements.models import Agreement
from tidemark.records.copies.fulfil import fulfil_all
from tidemark.records.copies.models import Copy, OnwardRequest
from tidemark.records.copies.standing import dealings_elsewhere, why_left
from tidemark.records.home import Home
from tidemark.records.parties.models import Party

RIVAL = "Corvid Lighting"
MINE = "mallory@northwick.test"


@pytest.fixture(autouse=True)
def _approved_beforehand(desk: Desk) -> None:
    changed = {"standing_approval": True, "created_by": desk["officer"]}
    Agreement.objects.filter(pk=desk.agreements["supplier"].pk).update(**changed)


def _rival(desk: Desk, known_by: str) -> Party:
    """A party without people, on record by one thing."""
    rival = Party.named(RIVAL, {}, now=NOW)
    if known_by == "engagements":
        engage(desk.project, rival, None)
    elif known_by == "agreements":
        agree(desk.owner, rival, desk.project, desk.persons, ())
    elif known_by == "copies":
        Copy.objects.create(
            draft=desk.project.drafts.get(), holder=rival, mark_version=1, path="corvid.png", created=NOW
        )
    elif known_by == "invitations":
        real = {"name": "Real", "email": "real@corvid.test", "roles": [Role.CONTACT]}
        invite.invite(rival, **real, by=desk["officer"], now=NOW)
    return rival


@pytest.mark.parametrize("known_by", ["name", "engagements", "agreements", "copies", "invitations"])
def test_no_supplier_makes_its_own_mailbox_the_contact_of_a_party_on_record(
    home: Home, desk: Desk, held: Copy, known_by: str
) -> None:
    rival = _rival(desk, known_by)
    request = ask(home, desk, held, sub_vendor=RIVAL.lower(), contact_email=MINE)
    assert (request.state, request.sub_vendor) == (OnwardRequest.State.ASKED, rival)
    fulfil_all(home, now=NOW)
    assert not Invitation.objects.filter(email=MINE).exists()
    assert dealings_elsewhere(request) == (() if known_by == "name" else (known_by,))
    said = "on record before this request" if known_by == "name" else f"{known_by} apart from this supplier"
    assert said in why_left(request, now=NOW)


@pytest.mark.parametrize("known_by", ["engagements", "agreements", "copies", "invitations"])
def test_a_sub_vendor_without_people_gets_no_contact_beforehand_if_others_deal_with_it(
    home: Home, desk: Desk, held: Copy, known_by: str
) -> None:
    engage(desk.project, _rival(desk, known_by), desk.engagements["supplier"])
    request = ask(home, desk, held, sub_vendor=RIVAL, contact_email=MINE)
    assert request.state == OnwardRequest.State.ASKED
    approve(home, desk, request)
    assert Invitation.objects.get(email=MINE).roles == ["contact"]  # an officer looked at it


def test_a_party_that_the_request_made_is_approved_beforehand_and_its_contact_invited(
    home: Home, desk: Desk, held: Copy
) -> None:
    request = ask(home, desk, held, sub_vendor=NEW_PARTY, contact_email="ada@kestrel.test")
    assert (request.state, why_left(request, now=NOW)) == (OnwardRequest.State.APPROVED, "")
    assert Invitation.objects.get().roles == ["contact"]
    second = ask(home, desk, held, sub_vendor=NEW_PARTY, contact_email="ada@kestrel.test")
    assert second.state == OnwardRequest.State.ASKED


def test_a_sub_vendor_engaged_below_the_supplier_is_approved_beforehand_in_that_place_alone(
    home: Home, desk: Desk, held: Copy
) -> None:
    assert ask(home, desk, held).state == OnwardRequest.State.APPROVED
    elsewhere = Party.named(RIVAL, {}, now=NOW)
    someone = person(elsewhere, "rival-contact", Role.CONTACT)
    engage(desk.project, elsewhere, desk.engagements["sibling"])
    request = ask(home, desk, held, sub_vendor=RIVAL, contact_email=someone.email)
    assert request.state == OnwardRequest.State.ASKED
    assert "not engaged below this supplier" in why_left(request, now=NOW)


def test_what_was_approved_beforehand_invites_nobody_once_others_deal_with_the_party(
    home: Home, desk: Desk, held: Copy
) -> None:
    Agreement.objects.filter(pk=desk.agreements["supplier"].pk).update(created_by=None)  # nobody could invite yet
    request = ask(home, desk, held, sub_vendor=NEW_PARTY, contact_email=MINE)
    assert request.state == OnwardRequest.State.APPROVED
    Agreement.objects.filter(pk=desk.agreements["supplier"].pk).update(created_by=desk["officer"])
    engage(desk.project, request.sub_vendor, desk.engagements["sibling"])
    fulfil_all(home, now=NOW)
    assert not Invitation.objects.exists()


def test_why_it_is_left_to_an_officer_is_said_only_where_an_agreement_would_have_decided(
    home: Home, desk: Desk, held: Copy
) -> None:
    request = ask(home, desk, held, sub_vendor=desk.sibling.name, contact_email=MINE)
    assert "this contact is not one of them" in why_left(request, now=NOW)
    Agreement.objects.filter(pk=desk.agreements["supplier"].pk).update(standing_approval=False)
    assert why_left(request, now=NOW) == ""
    assert not Person.objects.filter(email=MINE).exists()
