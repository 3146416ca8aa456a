"""Onward sharing: asked by the supplier, decided by the owner, carried out when nothing is missing."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import override_settings

from tests.conftest import NOW
from tests.desk import Desk, person
from tests.records.copies.desk_copies import leaves, put_draft
from tidemark.errors import Refused
from tidemark.ledger.entry import Kind
from tidemark.records import blobs
from tidemark.records.accounts import invite
from tidemark.records.accounts.models import Invitation, Person
from tidemark.records.accounts.roles import Role
from tidemark.records.agreements.models import Acceptance, Agreement
from tidemark.records.blobs import Shelf
from tidemark.records.connect import exclusively
from tidemark.records.copies import onward
from tidemark.records.copies.fulfil import contact_is_uninvited, fulfil, fulfil_all, waiting_for
from tidemark.records.copies.make import make_copy
from tidemark.records.copies.models import Copy, OnwardRequest
from tidemark.records.copies.remind import remind
from tidemark.records.copies.revoke import revoke
from tidemark.records.copies.share import share
from tidemark.records.home import Home
from tidemark.records.ledger.log import hash_of
from tidemark.records.ledger.models import Leaf
from tidemark.records.parties.models import Party
from tidemark.records.projects.models import Engagement

SUB_VENDOR_MAIL = "sub_vendor-contact@example.test"
NEW_PARTY = "Kestrel Tooling"


@pytest.fixture
def held(home: Home, desk: Desk) -> Copy:
    """A released copy of the supplier's contact."""
    draft = put_draft(home, desk)
    shared = share(home, [(draft, desk["contact"])], project=desk.project, by=desk["officer"], now=NOW)
    return make_copy(home, shared.planned[0].pk, now=NOW)


def _ask(home: Home, desk: Desk, copy: Copy, **other: str) -> OnwardRequest:
    said = {
        "sub_vendor": desk.sub_vendor.name,
        "contact_name": "Wen Li",
        "contact_email": SUB_VENDOR_MAIL,
        "why": "They coat the bumper.",
        **other,
    }
    engagement = desk.engagements["supplier"]
    return onward.ask(home, engagement, [copy], by=desk["contact"], now=NOW, **said)  # type: ignore[arg-type]


def _approve(home: Home, desk: Desk, request: OnwardRequest) -> OnwardRequest:
    return onward.decide(home, request, approve=True, by=desk["officer"], now=NOW)


def test_an_approved_request_plans_a_child_copy_with_its_parent_and_who_answers(
    home: Home, desk: Desk, held: Copy
) -> None:
    request = _approve(home, desk, _ask(home, desk, held))
    child = make_copy(home, Copy.objects.get(parent=held).pk, now=NOW)
    assert (child.state, child.person, child.holder) == (
        Copy.State.RELEASED,
        desk["sub_vendor_contact"],
        desk.sub_vendor,
    )
    assert child.engagement == desk.engagements["sub_vendor"]
    assert child.responsible == desk.supplier
    assert child.sha256 != held.sha256
    assert request.release == child.release
    assert leaves(Kind.ONWARD_DECIDED) == [request.pk]


def test_a_refused_request_plans_nothing_and_needs_a_reason(home: Home, desk: Desk, held: Copy) -> None:
    request = _ask(home, desk, held)
    with pytest.raises(Refused, match="reason"):
        onward.decide(home, request, approve=False, by=desk["officer"], now=NOW)
    onward.decide(home, request, approve=False, why="Not this one.", by=desk["officer"], now=NOW)
    assert (request.state, request.decision) == (OnwardRequest.State.REFUSED, "Not this one.")
    assert not Copy.objects.filter(parent=held).exists()
    assert leaves(Kind.ONWARD_DECIDED) == [request.pk]
    with pytest.raises(Refused, match="refused already"):
        _approve(home, desk, request)


@pytest.mark.parametrize("who", ["administrator", "legal", "contact", "investigator"])
def test_nobody_but_an_officer_decides(home: Home, desk: Desk, held: Copy, who: str) -> None:
    with pytest.raises(Refused, match="officers"):
        onward.decide(home, _ask(home, desk, held), approve=True, by=desk[who], now=NOW)


@pytest.mark.parametrize("who", ["member", "sibling_contact", "sub_vendor_contact", "officer"])
def test_nobody_but_the_holders_contact_asks(home: Home, desk: Desk, held: Copy, who: str) -> None:
    with pytest.raises(Refused, match="contact of the party"):
        onward.ask(
            home,
            desk.engagements["supplier"],
            [held],
            sub_vendor=desk.sub_vendor.name,
            contact_name="Wen Li",
            contact_email=SUB_VENDOR_MAIL,
            why="They coat.",
            by=desk[who],
            now=NOW,
        )


def test_only_the_partys_own_open_copies_can_be_asked_for(home: Home, desk: Desk, held: Copy) -> None:
    others = share(
        home, [(held.draft, desk["sibling_contact"])], project=desk.project, by=desk["officer"], now=NOW
    ).planned[0]
    with pytest.raises(Refused, match="own open copies"):
        _ask(home, desk, make_copy(home, others.pk, now=NOW))
    revoke(home, [held], by=desk["officer"], why="over", now=NOW)
    held.refresh_from_db()
    with pytest.raises(Refused, match="own open copies"):
        _ask(home, desk, held)


@pytest.mark.parametrize("name", ["the owner", "the supplier itself"])
def test_a_party_above_is_no_sub_vendor(home: Home, desk: Desk, held: Copy, name: str) -> None:
    party = desk.owner if name == "the owner" else desk.supplier
    with pytest.raises(Refused, match="below your own"):
        _ask(home, desk, held, sub_vendor=party.name.upper())


def test_without_a_flow_down_agreement_an_approval_waits_and_says_for_what(home: Home, desk: Desk, held: Copy) -> None:
    Agreement.objects.filter(pk=desk.agreements["sub_vendor"].pk).update(state=Agreement.State.PREPARED)
    request = _approve(home, desk, _ask(home, desk, held))
    (missing,) = waiting_for(request, now=NOW)
    assert missing.startswith("An agreement between Northwick Mouldings and ")
    assert not Copy.objects.filter(parent=held).exists()
    Agreement.objects.filter(pk=desk.agreements["sub_vendor"].pk).update(state=Agreement.State.IN_FORCE)
    assert fulfil_all(home, now=NOW) == 1
    assert fulfil_all(home, now=NOW) == 0
    assert Copy.objects.filter(parent=held).count() == 1


def test_a_new_partys_contact_is_invited_engaged_and_gets_a_copy_once_all_is_signed(
    home: Home, desk: Desk, held: Copy
) -> None:
    from allauth.account.models import EmailAddress

    request = _ask(home, desk, held, sub_vendor=NEW_PARTY, contact_email="Ada@kestrel.test")
    _approve(home, desk, request)
    invitation = Invitation.objects.get(party__name=NEW_PARTY)
    assert (invitation.email, invitation.roles) == ("ada@kestrel.test", ["contact"])
    assert len(waiting_for(request, now=NOW)) == 2
    assert not Engagement.objects.filter(party__name=NEW_PARTY).exists()

    party = invitation.party
    ada = Person.objects.create_user("ada@kestrel.test", None, party=party, name="Ada", created=NOW)
    EmailAddress.objects.create(user=ada, email=ada.email, verified=True, primary=True)
    agreement = desk.agreements["sub_vendor"]
    agreement.pk, agreement.recipient = "kestrel", party
    agreement.save(force_insert=True)
    agreement.projects.add(desk.project)
    Acceptance.objects.create(agreement=agreement, person=ada, for_party=True, accepted=NOW, leaf_index=0)
    fulfil_all(home, now=NOW)
    assert waiting_for(request, now=NOW) == (f"Agreement {agreement.reference} was not accepted by this person yet.",)
    assert Engagement.objects.get(party=party).parent == desk.engagements["supplier"]

    Acceptance.objects.create(agreement=agreement, person=ada, for_party=False, accepted=NOW, leaf_index=0)
    assert fulfil_all(home, now=NOW) == 1
    assert Copy.objects.get(parent=held).person == ada


def test_a_supplier_makes_nobody_the_contact_of_a_party_that_has_people(home: Home, desk: Desk, held: Copy) -> None:
    Agreement.objects.filter(pk=desk.agreements["supplier"].pk).update(
        standing_approval=True, created_by=desk["officer"]
    )
    request = _ask(home, desk, held, sub_vendor=desk.sibling.name, contact_email="mine@example.test")
    assert request.state == OnwardRequest.State.ASKED
    _approve(home, desk, request)
    assert Invitation.objects.get(party=desk.sibling).roles == ["member"]


def test_a_standing_approval_decides_at_once(home: Home, desk: Desk, held: Copy) -> None:
    Agreement.objects.filter(pk=desk.agreements["supplier"].pk).update(standing_approval=True)
    request = _ask(home, desk, held)
    request.refresh_from_db()
    assert (request.state, request.decided_by) == (OnwardRequest.State.APPROVED, None)
    assert Copy.objects.filter(parent=held).count() == 1
    assert leaves(Kind.ONWARD_DECIDED) == [request.pk]


def test_a_standing_approval_in_terms_that_nobody_accepted_decides_nothing(home: Home, desk: Desk, held: Copy) -> None:
    changed = {"standing_approval": True, "content_sha256": "0" * 64}
    Agreement.objects.filter(pk=desk.agreements["supplier"].pk).update(**changed)
    assert _ask(home, desk, held).state == "asked"


def test_a_flow_down_agreement_in_terms_that_nobody_accepted_is_waited_for(home: Home, desk: Desk, held: Copy) -> None:
    Agreement.objects.filter(pk=desk.agreements["sub_vendor"].pk).update(content_sha256="0" * 64)
    made = _approve(home, desk, _ask(home, desk, held))
    assert made.release is None
    assert "in force and accepted" in " ".join(waiting_for(made, now=NOW))


def test_a_suppliers_own_agreement_approves_nothing_beforehand(home: Home, desk: Desk, held: Copy) -> None:
    Agreement.objects.filter(pk=desk.agreements["sub_vendor"].pk).update(standing_approval=True)
    assert _ask(home, desk, held).state == OnwardRequest.State.ASKED


def test_withdrawn_by_the_party_alone_and_not_after_copies_are_planned(home: Home, desk: Desk, held: Copy) -> None:
    request = _ask(home, desk, held)
    with pytest.raises(Refused, match="contact of the party"):
        onward.withdraw(request, by=desk["sibling_contact"], now=NOW)
    onward.withdraw(request, by=desk["contact"], now=NOW)
    assert request.state == OnwardRequest.State.WITHDRAWN
    with pytest.raises(Refused, match="withdrawn already"):
        _approve(home, desk, request)
    planned = _approve(home, desk, _ask(home, desk, held))
    with pytest.raises(Refused, match="being made"):
        onward.withdraw(planned, by=desk["contact"], now=NOW)


def test_revoking_a_parent_tells_its_open_children_and_takes_them_along_if_asked(
    home: Home, desk: Desk, held: Copy
) -> None:
    _approve(home, desk, _ask(home, desk, held))
    child = make_copy(home, Copy.objects.get(parent=held).pk, now=NOW)
    first = revoke(home, [held], by=desk["officer"], why="over", now=NOW)
    assert (first.copies, first.open_children) == ((held.pk,), (child.pk,))
    second = revoke(home, [held], by=desk["officer"], why="over", now=NOW, with_children=True)
    assert (second.copies, second.open_children) == ((child.pk,), ())
    assert leaves(Kind.COPY_REVOKED) == [held.pk, child.pk]


def test_a_planned_child_whose_parent_was_revoked_is_not_made_and_says_why(home: Home, desk: Desk, held: Copy) -> None:
    _approve(home, desk, _ask(home, desk, held))
    planned = Copy.objects.get(parent=held)
    assert revoke(home, [held], by=desk["officer"], why="over", now=NOW).open_children == (planned.pk,)
    child = make_copy(home, planned.pk, now=NOW)
    assert (child.state, child.released) == (Copy.State.FAULTED, None)
    assert "a child of was revoked" in child.fault
    assert child.pk not in leaves(Kind.COPY_ISSUED)
    assert blobs.name_of(child.sha256 or "") not in blobs.stored(home, Shelf.COPIES)


def test_copies_are_planned_under_the_lock_under_which_parents_are_revoked(
    home: Home, desk: Desk, held: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = _waiting(home, desk, held)
    Agreement.objects.filter(pk=desk.agreements["sub_vendor"].pk).update(state=Agreement.State.IN_FORCE)

    @contextmanager
    def revoked_before(home: Home) -> Iterator[None]:
        revoke(home, [held], by=desk["officer"], why="over", now=NOW)
        with exclusively(home):
            yield

    monkeypatch.setattr("tidemark.records.copies.fulfil.exclusively", revoked_before)
    said = fulfil(home, request, officer=desk["officer"], now=NOW)
    assert said == ("None of the copies asked for is open any more.",)
    assert not Copy.objects.filter(parent=held).exists()


def test_a_child_copy_expires_with_its_parent(home: Home, desk: Desk, held: Copy) -> None:
    Copy.objects.filter(pk=held.pk).update(expires=NOW + timedelta(days=3))
    held.refresh_from_db()
    _approve(home, desk, _ask(home, desk, held))
    assert Copy.objects.get(parent=held).expires == NOW + timedelta(days=3)


def _new_contact(home: Home, desk: Desk, held: Copy) -> OnwardRequest:
    """Ask for somebody whom nobody knows yet, and approve it: an invitation goes out."""
    return _approve(home, desk, _ask(home, desk, held, sub_vendor=NEW_PARTY, contact_email="ada@kestrel.test"))


@pytest.fixture
def _mails() -> Iterator[None]:
    """Keep mails in `mail.outbox`."""
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        mail.outbox = []
        yield


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
    request = _new_contact(home, desk, held)
    assert _mailed_to("ada@kestrel.test") == 1
    assert "The contact accepts the invitation that was sent." in waiting_for(request, now=NOW)
    assert not contact_is_uninvited(request, now=NOW)
    with pytest.raises(Refused, match="open invitation already"):
        onward.invite_anew(request, by=desk["officer"], now=NOW)

    then = NOW + later
    if ends == "withdrawn":
        invite.withdraw(Invitation.objects.get(), by=desk["officer"], now=then)
    for minutes in range(1, 4):
        fulfil_all(home, now=then + timedelta(minutes=minutes))
    assert (Invitation.objects.count(), _mailed_to("ada@kestrel.test")) == (1, 1)
    (obstacle,) = [each for each in waiting_for(request, now=then) if "invitation" in each]
    assert said in obstacle
    assert contact_is_uninvited(request, now=then)

    with pytest.raises(Refused, match="officers"):
        onward.invite_anew(request, by=desk["contact"], now=then)
    onward.invite_anew(request, by=desk["officer"], now=then)
    assert _mailed_to("ada@kestrel.test") == 2
    assert "The contact accepts the invitation that was sent." in waiting_for(request, now=then)
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
    request = _new_contact(home, desk, held)
    assert Invitation.objects.count() == 3
    assert "The contact accepts the invitation that was sent." in waiting_for(request, now=NOW)


def test_an_invitation_that_was_open_already_is_the_requests_too(home: Home, desk: Desk, held: Copy) -> None:
    said = {"name": "Ada", "email": "ada@kestrel.test", "roles": ["contact"]}
    made = invite.invite(Party.named(NEW_PARTY, {}, now=NOW), **said, by=desk["officer"], now=NOW).invitation
    request = _new_contact(home, desk, held)
    assert list(Invitation.objects.all()) == [made]
    invite.withdraw(made, by=desk["officer"], now=NOW + timedelta(minutes=1))
    fulfil_all(home, now=NOW + timedelta(minutes=2))
    assert Invitation.objects.count() == 1
    assert "was withdrawn" in " ".join(waiting_for(request, now=NOW + timedelta(minutes=2)))


def _approved_beside_another(home: Home, desk: Desk, held: Copy) -> tuple[OnwardRequest, Invitation]:
    """Approve a request, as yet not carried out, for an address that another party has invited."""
    said = {"name": "Ada", "email": "ada@kestrel.test", "roles": ["contact"]}
    others = invite.invite(desk.sibling, **said, by=desk["officer"], now=NOW).invitation
    asked = _ask(home, desk, held, sub_vendor=NEW_PARTY, contact_email="ada@kestrel.test")
    OnwardRequest.objects.filter(pk=asked.pk).update(state="approved", decided=NOW, decided_by=desk["officer"])
    asked.refresh_from_db()
    return asked, others


def test_another_partys_open_invitation_of_the_same_address_is_told_to_officers_alone(
    home: Home, desk: Desk, held: Copy
) -> None:
    request, others = _approved_beside_another(home, desk, held)
    told = fulfil(home, request, officer=desk["officer"], now=NOW)
    assert told[0] == "The contact cannot be invited now. The owner's officers can see why."
    assert "The owner invites the contact." in told
    assert contact_is_uninvited(request, now=NOW)
    with pytest.raises(Refused, match="open invitation already"):
        onward.invite_anew(request, by=desk["officer"], now=NOW)
    assert list(Invitation.objects.all()) == [others]


def test_another_partys_withdrawn_invitation_of_the_same_address_decides_nothing(
    home: Home, desk: Desk, held: Copy
) -> None:
    request, others = _approved_beside_another(home, desk, held)
    invite.withdraw(others, by=desk["officer"], now=NOW + timedelta(minutes=1))
    assert "The owner invites the contact." in waiting_for(request, now=NOW + timedelta(minutes=1))
    fulfil(home, request, officer=desk["officer"], now=NOW + timedelta(minutes=1))
    assert Invitation.objects.filter(party__name=NEW_PARTY, withdrawn=None).count() == 1


def test_a_contact_is_invited_anew_for_an_approved_request_alone(home: Home, desk: Desk, held: Copy) -> None:
    asked = _ask(home, desk, held, sub_vendor=NEW_PARTY, contact_email="ada@kestrel.test")
    with pytest.raises(Refused, match="this one does not"):
        onward.invite_anew(asked, by=desk["officer"], now=NOW)
    planned = _approve(home, desk, _ask(home, desk, held))
    with pytest.raises(Refused, match="this one does not"):
        onward.invite_anew(planned, by=desk["officer"], now=NOW)
    assert not Invitation.objects.exists()


def _waiting(home: Home, desk: Desk, held: Copy) -> OnwardRequest:
    """Approve a request that waits for the flow-down agreement."""
    Agreement.objects.filter(pk=desk.agreements["sub_vendor"].pk).update(state=Agreement.State.PREPARED)
    return _approve(home, desk, _ask(home, desk, held))


def test_an_approval_that_was_taken_back_plans_nothing_any_more(home: Home, desk: Desk, held: Copy) -> None:
    request = _waiting(home, desk, held)
    with pytest.raises(Refused, match="reason"):
        onward.take_back(home, request, why=" ", by=desk["officer"], now=NOW)
    onward.take_back(home, request, why="The coating is done in house.", by=desk["officer"], now=NOW)
    request.refresh_from_db()
    assert (request.state, request.taken_back_by) == (OnwardRequest.State.TAKEN_BACK, desk["officer"])
    assert request.taken_back_why == "The coating is done in house."
    decided = [body["approved"] for body in _bodies(request)]
    assert decided == [True, False]
    Agreement.objects.filter(pk=desk.agreements["sub_vendor"].pk).update(state=Agreement.State.IN_FORCE)
    assert fulfil_all(home, now=NOW) == 0
    assert waiting_for(request, now=NOW) == ()
    assert not Copy.objects.filter(parent=held).exists()
    for again in (onward.take_back, onward.decide):
        more = {"approve": True} if again is onward.decide else {}
        with pytest.raises(Refused, match="taken back already"):
            again(home, request, why="x", by=desk["officer"], now=NOW, **more)


def _bodies(request: OnwardRequest) -> list[dict[str, object]]:
    rows = Leaf.objects.filter(subject=request.pk).order_by("index")
    return [json.loads(bytes(leaf.data))["body"] for leaf in rows]


def test_taking_back_is_told_from_a_refusal_and_leaves_who_approved_when_and_why(
    home: Home, desk: Desk, held: Copy
) -> None:
    Agreement.objects.filter(pk=desk.agreements["sub_vendor"].pk).update(state=Agreement.State.PREPARED)
    request, officer = _ask(home, desk, held), desk["officer"]
    onward.decide(home, request, approve=True, why="As agreed.", by=officer, now=NOW)
    other, then = person(desk.owner, "other-officer", Role.OFFICER), NOW + timedelta(hours=1)
    onward.take_back(home, request, why="Done in house.", by=other, now=then)
    request.refresh_from_db()
    assert (request.decided, request.decided_by, request.decision) == (NOW, officer, "As agreed.")
    assert (request.taken_back, request.taken_back_by, request.taken_back_why) == (then, other, "Done in house.")
    refused = _ask(home, desk, held)
    onward.decide(home, refused, approve=False, why="No.", by=officer, now=then)
    said = [(body["state"], body["by"], body["reason_sha256"]) for body in (*_bodies(request), *_bodies(refused))]
    assert said == [
        ("approved", officer.pk, hash_of("As agreed.")),
        ("taken back", other.pk, hash_of("Done in house.")),
        ("refused", officer.pk, hash_of("No.")),
    ]


def test_what_a_taking_back_had_written_over_the_approval_is_its_own_after_the_migration(
    home: Home, desk: Desk, held: Copy
) -> None:
    asked = _ask(home, desk, held)
    executor = MigrationExecutor(connection)
    executor.migrate([("copies", "0008_who_took_back")])
    over = {"decided": NOW, "decided_by": desk["officer"], "decision": "Done in house."}
    OnwardRequest.objects.filter(pk=asked.pk).update(state="taken back", **over)
    executor.loader.build_graph()
    executor.migrate([("copies", "0009_taken_back_apart")])
    asked.refresh_from_db()
    assert (asked.taken_back, asked.taken_back_by, asked.taken_back_why) == (NOW, desk["officer"], "Done in house.")
    assert (asked.decided, asked.decided_by, asked.decision) == (None, None, "")


def test_a_contact_of_an_approval_that_was_taken_back_is_not_invited(home: Home, desk: Desk, held: Copy) -> None:
    request = _new_contact(home, desk, held)
    invite.withdraw(Invitation.objects.get(), by=desk["officer"], now=NOW)
    onward.take_back(home, request, why="No.", by=desk["officer"], now=NOW)
    fulfil_all(home, now=NOW + timedelta(minutes=1))
    with pytest.raises(Refused, match="this one does not"):
        onward.invite_anew(request, by=desk["officer"], now=NOW)
    assert Invitation.objects.count() == 1


def _read_before_it_was_taken_back(home: Home, desk: Desk, asked: OnwardRequest) -> OnwardRequest:
    """Return the row of an approved request as a worker had read it, before its approval was taken back."""
    OnwardRequest.objects.filter(pk=asked.pk).update(state="approved", decided=NOW, decided_by=desk["officer"])
    read, other = OnwardRequest.objects.get(pk=asked.pk), OnwardRequest.objects.get(pk=asked.pk)
    onward.take_back(home, other, why="No.", by=desk["officer"], now=NOW)
    assert read.is_waiting
    return read


def test_an_approval_that_is_taken_back_after_its_row_was_read_invites_nobody(
    home: Home, desk: Desk, held: Copy
) -> None:
    asked = _ask(home, desk, held, sub_vendor=NEW_PARTY, contact_email="ada@kestrel.test")
    read = _read_before_it_was_taken_back(home, desk, asked)
    with pytest.raises(Refused, match="this one does not"):
        onward.invite_anew(copy(read), by=desk["officer"], now=NOW)
    assert fulfil(home, read, officer=desk["officer"], now=NOW) == ()
    assert not Invitation.objects.exists()


def test_an_approval_that_is_taken_back_after_its_row_was_read_engages_nobody(
    home: Home, desk: Desk, held: Copy
) -> None:
    Engagement.objects.filter(pk=desk.engagements["sub_vendor"].pk).delete()
    read = _read_before_it_was_taken_back(home, desk, _ask(home, desk, held))
    assert fulfil(home, read, officer=desk["officer"], now=NOW) == ()
    assert not Engagement.objects.filter(party=desk.sub_vendor).exists()
    assert not Copy.objects.filter(parent=held).exists()


@pytest.mark.parametrize("who", ["administrator", "legal", "contact", "investigator"])
def test_nobody_but_an_officer_takes_an_approval_back(home: Home, desk: Desk, held: Copy, who: str) -> None:
    with pytest.raises(Refused, match="officers"):
        onward.take_back(home, _waiting(home, desk, held), why="No.", by=desk[who], now=NOW)


def test_what_was_not_approved_or_is_being_made_is_not_taken_back(home: Home, desk: Desk, held: Copy) -> None:
    asked = _ask(home, desk, held)
    with pytest.raises(Refused, match="no approval to take back"):
        onward.take_back(home, asked, why="No.", by=desk["officer"], now=NOW)
    onward.decide(home, asked, approve=False, why="No.", by=desk["officer"], now=NOW)
    with pytest.raises(Refused, match="refused already"):
        onward.take_back(home, asked, why="No.", by=desk["officer"], now=NOW)
    planned = _approve(home, desk, _ask(home, desk, held))
    with pytest.raises(Refused, match="being made"):
        onward.take_back(home, planned, why="No.", by=desk["officer"], now=NOW)
    assert Copy.objects.filter(parent=held).count() == 1


def test_what_an_agreement_approved_beforehand_can_be_taken_back(home: Home, desk: Desk, held: Copy) -> None:
    Agreement.objects.filter(pk=desk.agreements["supplier"].pk).update(standing_approval=True)
    Agreement.objects.filter(pk=desk.agreements["sub_vendor"].pk).update(state=Agreement.State.PREPARED)
    request = _ask(home, desk, held)
    assert request.state == OnwardRequest.State.APPROVED
    onward.take_back(home, request, why="Not these.", by=desk["officer"], now=NOW)
    assert request.state == OnwardRequest.State.TAKEN_BACK


@pytest.mark.usefixtures("_mails")
def test_the_supplier_is_told_once_that_an_approval_was_taken_back_and_why(home: Home, desk: Desk, held: Copy) -> None:
    request = _waiting(home, desk, held)
    assert remind(now=NOW) == 0
    onward.take_back(home, request, why="The coating is done in house.", by=desk["officer"], now=NOW)
    assert (remind(now=NOW), remind(now=NOW)) == (1, 0)
    (sent,) = mail.outbox
    assert sent.to == [desk["contact"].email]
    assert "taken back: MS11" in sent.subject
    assert "The coating is done in house." in sent.body
    assert f"/onward/{request.pk}/" in sent.body
