"""An approval of onward sharing that is taken back: nothing comes of it, and who did what stays on record."""

import json
from copy import copy
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.conftest import NOW
from tests.desk import Desk, person
from tests.records.copies.asked import NEW_PARTY, approve, ask, new_contact, waiting
from tidemark.errors import Refused
from tidemark.records.accounts import invite
from tidemark.records.accounts.models import Invitation
from tidemark.records.accounts.roles import Role
from tidemark.records.agreements.models import Agreement
from tidemark.records.copies import onward
from tidemark.records.copies.fulfil import fulfil, fulfil_all, waiting_for
from tidemark.records.copies.models import Copy, OnwardRequest
from tidemark.records.copies.remind import remind
from tidemark.records.home import Home
from tidemark.records.ledger.log import hash_of
from tidemark.records.ledger.models import Leaf
from tidemark.records.projects.models import Engagement


def test_an_approval_that_was_taken_back_plans_nothing_any_more(home: Home, desk: Desk, held: Copy) -> None:
    request = waiting(home, desk, held)
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


def test_what_no_database_keeps_is_taken_out_of_a_reason(home: Home, desk: Desk, held: Copy) -> None:
    officer, half = desk["officer"], "\ud83d"
    request = ask(home, desk, held, why=f"They\x00 coat it.{half}")
    assert request.why == "They coat it.?"
    for nothing in ("\x00", " \x00 "):
        with pytest.raises(Refused, match="reason"):
            onward.decide(home, request, approve=False, why=nothing, by=officer, now=NOW)
    Agreement.objects.filter(pk=desk.agreements["sub_vendor"].pk).update(state=Agreement.State.PREPARED)
    onward.decide(home, request, approve=True, why="\x00", by=officer, now=NOW)
    onward.take_back(home, request, why=f"In\x00 house.{half}", by=officer, now=NOW)
    request.refresh_from_db()
    assert (request.decision, request.taken_back_why) == ("", "In house.?")


def _bodies(request: OnwardRequest) -> list[dict[str, object]]:
    rows = Leaf.objects.filter(subject=request.pk).order_by("index")
    return [json.loads(bytes(leaf.data))["body"] for leaf in rows]


def test_taking_back_is_told_from_a_refusal_and_leaves_who_approved_when_and_why(
    home: Home, desk: Desk, held: Copy
) -> None:
    Agreement.objects.filter(pk=desk.agreements["sub_vendor"].pk).update(state=Agreement.State.PREPARED)
    request, officer = ask(home, desk, held), desk["officer"]
    onward.decide(home, request, approve=True, why="As agreed.", by=officer, now=NOW)
    other, then = person(desk.owner, "other-officer", Role.OFFICER), NOW + timedelta(hours=1)
    onward.take_back(home, request, why="Done in house.", by=other, now=then)
    request.refresh_from_db()
    assert (request.decided, request.decided_by, request.decision) == (NOW, officer, "As agreed.")
    assert (request.taken_back, request.taken_back_by, request.taken_back_why) == (then, other, "Done in house.")
    refused = ask(home, desk, held)
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
    asked = ask(home, desk, held)
    executor = MigrationExecutor(connection)
    executor.migrate([("copies", "0008_who_took_back")])
    over = {"decided": NOW, "decided_by": desk["officer"], "decision": "Done in house."}
    OnwardRequest.objects.filter(pk=asked.pk).update(state="taken back", **over)
    executor.loader.build_graph()
    executor.migrate(executor.loader.graph.leaf_nodes("copies"))
    asked.refresh_from_db()
    assert (asked.taken_back, asked.taken_back_by, asked.taken_back_why) == (NOW, desk["officer"], "Done in house.")
    assert (asked.decided, asked.decided_by, asked.decision) == (None, None, "")


def test_a_contact_of_an_approval_that_was_taken_back_is_not_invited(home: Home, desk: Desk, held: Copy) -> None:
    request = new_contact(home, desk, held)
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
    asked = ask(home, desk, held, sub_vendor=NEW_PARTY, contact_email="ada@kestrel.test")
    read = _read_before_it_was_taken_back(home, desk, asked)
    with pytest.raises(Refused, match="this one does not"):
        onward.invite_anew(copy(read), by=desk["officer"], now=NOW)
    assert fulfil(home, read, officer=desk["officer"], now=NOW) == ()
    assert not Invitation.objects.exists()


def test_an_approval_that_is_taken_back_after_its_row_was_read_engages_nobody(
    home: Home, desk: Desk, held: Copy
) -> None:
    Engagement.objects.filter(pk=desk.engagements["sub_vendor"].pk).delete()
    read = _read_before_it_was_taken_back(home, desk, ask(home, desk, held))
    assert fulfil(home, read, officer=desk["officer"], now=NOW) == ()
    assert not Engagement.objects.filter(party=desk.sub_vendor).exists()
    assert not Copy.objects.filter(parent=held).exists()


@pytest.mark.parametrize("who", ["administrator", "legal", "contact", "investigator"])
def test_nobody_but_an_officer_takes_an_approval_back(home: Home, desk: Desk, held: Copy, who: str) -> None:
    with pytest.raises(Refused, match="officers"):
        onward.take_back(home, waiting(home, desk, held), why="No.", by=desk[who], now=NOW)


def test_what_was_not_approved_or_is_being_made_is_not_taken_back(home: Home, desk: Desk, held: Copy) -> None:
    asked = ask(home, desk, held)
    with pytest.raises(Refused, match="no approval to take back"):
        onward.take_back(home, asked, why="No.", by=desk["officer"], now=NOW)
    onward.decide(home, asked, approve=False, why="No.", by=desk["officer"], now=NOW)
    with pytest.raises(Refused, match="refused already"):
        onward.take_back(home, asked, why="No.", by=desk["officer"], now=NOW)
    planned = approve(home, desk, ask(home, desk, held))
    with pytest.raises(Refused, match="being made"):
        onward.take_back(home, planned, why="No.", by=desk["officer"], now=NOW)
    assert Copy.objects.filter(parent=held).count() == 1


def test_what_an_agreement_approved_beforehand_can_be_taken_back(home: Home, desk: Desk, held: Copy) -> None:
    Agreement.objects.filter(pk=desk.agreements["supplier"].pk).update(standing_approval=True)
    Agreement.objects.filter(pk=desk.agreements["sub_vendor"].pk).update(state=Agreement.State.PREPARED)
    request = ask(home, desk, held)
    assert request.state == OnwardRequest.State.APPROVED
    onward.take_back(home, request, why="Not these.", by=desk["officer"], now=NOW)
    assert request.state == OnwardRequest.State.TAKEN_BACK


@pytest.mark.usefixtures("_mails")
def test_the_supplier_is_told_once_that_an_approval_was_taken_back_and_why(home: Home, desk: Desk, held: Copy) -> None:
    request = waiting(home, desk, held)
    assert remind(now=NOW) == 0
    onward.take_back(home, request, why="The coating is done in house.", by=desk["officer"], now=NOW)
    assert (remind(now=NOW), remind(now=NOW)) == (1, 0)
    (sent,) = mail.outbox
    assert sent.to == [desk["contact"].email]
    assert "taken back: MS11" in sent.subject
    assert "has taken back its approval" in sent.body
    assert "The coating is done in house." in sent.body
    assert f"/onward/{request.pk}/" in sent.body
