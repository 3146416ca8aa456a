"""The recurring duties do what their names say, when the queue runs them."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import override_settings
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from tests.conftest import NOW
from tests.desk import Desk
from tests.records.copies.desk_copies import leaves, put_draft
from tests.records.rounds.affair import LATER, bid, bidder, opened
from tidemark.ledger.entry import Kind
from tidemark.records import blobs
from tidemark.records.agreements.models import Agreement
from tidemark.records.blobs import Shelf
from tidemark.records.copies.make import make_copy
from tidemark.records.copies.models import Copy
from tidemark.records.copies.share import share
from tidemark.records.home import Home
from tidemark.records.rounds.models import Bidder, Round
from tidemark.records.work import duties
from tidemark.records.work.worker import work

_ENDS = NOW + timedelta(days=2)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Set what the duties take for now; the queue goes by the real clock."""

    class Clock:
        now = staticmethod(timezone.now)

    monkeypatch.setattr(duties, "timezone", Clock)
    return Clock


def _run(duty: str) -> None:
    """Enqueue one duty alone, by its name in the list of duties, and have a worker run it."""
    (known,) = [each for each in duties.DUTIES if each.task.endswith(f".{duty}")]
    with pytest.MonkeyPatch.context() as alone:
        alone.setattr(duties, "DUTIES", (known,))
        duties.Due.objects.all().delete()
        assert duties.enqueue_due(now=timezone.now()) == [known.task]
        work(until_empty=True)
    ran = DBTaskResult.objects.filter(task_path=known.task).order_by("-enqueued_at")
    assert ran[0].status == TaskResultStatus.SUCCESSFUL, ran[0].traceback


def test_a_round_is_closed_when_its_time_has_come_and_not_before(home: Home, desk: Desk, clock) -> None:  # type: ignore[no-untyped-def]
    bidding = opened(home, desk)
    bid(home, desk, bidding, "contact")
    clock.now = lambda: NOW
    _run("close_rounds")
    assert Round.objects.get().state == Round.State.OPEN
    clock.now = lambda: LATER
    _run("close_rounds")
    seen = Round.objects.get()
    assert (seen.state, seen.closed) == (Round.State.CLOSED, LATER)
    outcomes = (bidder(bidding, desk["contact"]).outcome, bidder(bidding, desk["sibling_contact"]).outcome)
    assert outcomes == (Bidder.Outcome.PENDING, Bidder.Outcome.LOST)
    assert leaves(Kind.ROUND_CLOSED) == [bidding.pk]


def test_a_copy_is_revoked_when_it_expires_and_its_bytes_are_gone(home: Home, desk: Desk, clock) -> None:  # type: ignore[no-untyped-def]
    pair = (put_draft(home, desk), desk["contact"])
    shared = share(home, [pair], project=desk.project, by=desk["officer"], now=NOW, expires=_ENDS)
    made = make_copy(home, shared.planned[0].pk, now=NOW)
    clock.now = lambda: _ENDS - timedelta(seconds=1)
    _run("end_copies")
    assert Copy.objects.get(pk=made.pk).revoked is None
    assert blobs.get(home, Shelf.COPIES, made.sha256 or "")
    clock.now = lambda: _ENDS
    _run("end_copies")
    seen = Copy.objects.get(pk=made.pk)
    assert (seen.revoked, seen.revoked_why) == (_ENDS, "expired")
    assert leaves(Kind.COPY_REVOKED) == [made.pk]
    assert not list(home.path.rglob(f"*{made.sha256}*"))


def test_reminders_of_agreements_and_of_rounds_are_mailed_once(home: Home, desk: Desk, clock) -> None:  # type: ignore[no-untyped-def]
    opened(home, desk)
    Agreement.objects.filter(pk=desk.agreements["supplier"].pk).update(valid_until=(NOW + timedelta(days=7)).date())
    clock.now = lambda: NOW
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        mail.outbox = []
        _run("send_reminders")
        told = sorted((message.to[0].split("@")[0], message.subject) for message in mail.outbox)
        _run("send_reminders")
    ends = f"Agreement {desk.agreements['supplier'].reference} ends on 2026-03-21"
    assert {who for who, subject in told if ends in subject} == {"contact", "legal", "officer"}
    assert {who for who, subject in told if ends not in subject} == {"contact", "sibling-contact"}
    assert len(mail.outbox) == len(told)
