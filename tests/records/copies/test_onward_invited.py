"""The contact of an approved request is invited once; what becomes of the invitation is said to both sides."""

from datetime import timedelta

import pytest
from django.core import mail

from tests.conftest import NOW
from tests.desk import Desk
from tests.records.copies.asked import NEW_PARTY, approve, ask, new_contact
from tidemark.errors import Refused
from tidemark.records.accounts import invite
from tidemark.records.accounts.models import Invitation
from tidemark.records.agreements.models import Agreement
from tidemark.records.copies import onward
from tidemark.records.copies.fulfil import contact_is_uninvited, fulfil, fulfil_all, waiting_for
from tidemark.records.copies.models import Copy, OnwardRequest
from tidemark.records.home import Home
from tidemark.records.parties.models import Party


def _mailed_to(address: str) -> int:
    return sum(message.to == [address] for message in mail.outbox)


@pytest.mark.usefixtures("_mails")
@pytest.mark.parametrize(
    ("ends", "later", "said"),
    [("withdrawn", timedelta(minutes=1), "was withdrawn"), ("expired", invite.LASTS, "has expired")],
)
def test_an_invitation_goes_out_once_and_its_end_is_said_until_an_officer_invites_anew(
    home: Home, desk: Desk, held: Copy, ends: str, later: timedelta, said: str
) -> None:
    request = new_contact(home, desk, held)
    assert _mailed_to("ada@kestrel.test") == 1
    assert "The contact accepts the invitation that was sent." in waiting_for(request, now=NOW, to_owner=True)
    assert not contact_is_uninvited(request, now=NOW)
    with pytest.raises(Refused, match="open invitation already"):
        onward.invite_anew(request, by=desk["officer"], now=NOW)

    then = NOW + later
    if ends == "withdrawn":
        invite.withdraw(Invitation.objects.get(), by=desk["officer"], now=then)
    for minutes in range(1, 4):
        fulfil_all(home, now=then + timedelta(minutes=minutes))
    assert (Invitation.objects.count(), _mailed_to("ada@kestrel.test")) == (1, 1)
    (obstacle,) = [each for each in waiting_for(request, now=then, to_owner=True) if "invitation" in each]
    assert said in obstacle
    assert contact_is_uninvited(request, now=then)

    with pytest.raises(Refused, match="officers"):
        onward.invite_anew(request, by=desk["contact"], now=then)
    onward.invite_anew(request, by=desk["officer"], now=then)
    assert _mailed_to("ada@kestrel.test") == 2
    assert "The contact accepts the invitation that was sent." in waiting_for(request, now=then, to_owner=True)
    assert not contact_is_uninvited(request, now=then)


def test_an_invitation_that_ended_before_the_approval_says_nothing_about_the_request(
    home: Home, desk: Desk, held: Copy
) -> None:
    party, said = (
        Party.named(NEW_PARTY, {}, now=NOW),
        {"name": "Ada", "email": "ada@kestrel.test", "roles": ["contact"]},
    )
    for number, ends in enumerate(("expired", "withdrawn")):
        made = invite.invite(party, **said, by=desk["officer"], now=NOW - timedelta(days=30 - number * 20)).invitation
        if ends == "withdrawn":
            invite.withdraw(made, by=desk["officer"], now=NOW - timedelta(days=9))
    request = new_contact(home, desk, held)
    assert Invitation.objects.count() == 3
    assert "The contact accepts the invitation that was sent." in waiting_for(request, now=NOW, to_owner=True)


def test_an_invitation_that_was_open_already_is_the_requests_too(home: Home, desk: Desk, held: Copy) -> None:
    said = {"name": "Ada", "email": "ada@kestrel.test", "roles": ["contact"]}
    made = invite.invite(Party.named(NEW_PARTY, {}, now=NOW), **said, by=desk["officer"], now=NOW).invitation
    request = new_contact(home, desk, held)
    assert list(Invitation.objects.all()) == [made]
    invite.withdraw(made, by=desk["officer"], now=NOW + timedelta(minutes=1))
    fulfil_all(home, now=NOW + timedelta(minutes=2))
    assert Invitation.objects.count() == 1
    assert "was withdrawn" in " ".join(waiting_for(request, now=NOW + timedelta(minutes=2), to_owner=True))


def _approved_beside_another(home: Home, desk: Desk, held: Copy) -> tuple[OnwardRequest, Invitation]:
    """Approve a request, as yet not carried out, for an address that another party has invited."""
    said = {"name": "Ada", "email": "ada@kestrel.test", "roles": ["contact"]}
    others = invite.invite(desk.sibling, **said, by=desk["officer"], now=NOW).invitation
    asked = ask(home, desk, held, sub_vendor=NEW_PARTY, contact_email="ada@kestrel.test")
    OnwardRequest.objects.filter(pk=asked.pk).update(state="approved", decided=NOW, decided_by=desk["officer"])
    asked.refresh_from_db()
    return asked, others


def test_another_partys_open_invitation_of_the_same_address_is_told_to_officers_alone(
    home: Home, desk: Desk, held: Copy
) -> None:
    request, others = _approved_beside_another(home, desk, held)
    told = fulfil(home, request, officer=desk["officer"], now=NOW)
    assert told[0] == "The contact cannot be invited now. The owner's officers can see why."
    assert "The owner invites the contact." in waiting_for(request, now=NOW, to_owner=True)
    assert contact_is_uninvited(request, now=NOW)
    with pytest.raises(Refused, match="open invitation already"):
        onward.invite_anew(request, by=desk["officer"], now=NOW)
    assert list(Invitation.objects.all()) == [others]


def test_another_partys_withdrawn_invitation_of_the_same_address_decides_nothing(
    home: Home, desk: Desk, held: Copy
) -> None:
    request, others = _approved_beside_another(home, desk, held)
    invite.withdraw(others, by=desk["officer"], now=NOW + timedelta(minutes=1))
    assert "The owner invites the contact." in waiting_for(request, now=NOW + timedelta(minutes=1), to_owner=True)
    fulfil(home, request, officer=desk["officer"], now=NOW + timedelta(minutes=1))
    assert Invitation.objects.filter(party__name=NEW_PARTY, withdrawn=None).count() == 1


def test_a_contact_is_invited_anew_for_an_approved_request_alone(home: Home, desk: Desk, held: Copy) -> None:
    asked = ask(home, desk, held, sub_vendor=NEW_PARTY, contact_email="ada@kestrel.test")
    with pytest.raises(Refused, match="this one does not"):
        onward.invite_anew(asked, by=desk["officer"], now=NOW)
    planned = approve(home, desk, ask(home, desk, held))
    with pytest.raises(Refused, match="this one does not"):
        onward.invite_anew(planned, by=desk["officer"], now=NOW)
    assert not Invitation.objects.exists()


UNKNOWN, KNOWN = "nobody@example.test", "stranger-contact@example.test"


@pytest.mark.parametrize("becomes", ["cannot be sent", "sent", "withdrawn", "expired"])
@pytest.mark.usefixtures("_mails")
def test_a_supplier_cannot_tell_an_address_that_the_owner_knows_from_one_that_nobody_knows(
    home: Home, desk: Desk, held: Copy, becomes: str
) -> None:
    by = None if becomes == "cannot be sent" else desk["officer"]
    Agreement.objects.filter(pk=desk.agreements["supplier"].pk).update(standing_approval=True, created_by=by)
    asked = [ask(home, desk, held, sub_vendor=f"Zork {address}", contact_email=address) for address in (UNKNOWN, KNOWN)]
    then = NOW + (invite.LASTS if becomes == "expired" else timedelta(minutes=2))
    if becomes == "withdrawn":
        invite.withdraw(Invitation.objects.get(), by=desk["officer"], now=NOW)
    said = [
        [each.replace(request.sub_vendor_name, "Zork") for each in waiting_for(request, now=then)] for request in asked
    ]
    assert said[0] == said[1]
    assert [request.state for request in asked] == [OnwardRequest.State.APPROVED] * 2
    assert len({tuple(waiting_for(request, now=then, to_owner=True)) for request in asked}) == 2
    assert (_mailed_to(UNKNOWN), _mailed_to(KNOWN)) == (by is not None, 0)
