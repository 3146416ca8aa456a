"""Reminders go out in time, to those concerned, in their language, and once each."""

from datetime import date, datetime, timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.test import override_settings

from tests.desk import NOW, Desk
from tidemark.records.accounts.models import Notice, Person
from tidemark.records.agreements.models import Agreement
from tidemark.records.agreements.remind import remind, step_for

UNTIL = date(2026, 6, 30)


@pytest.fixture
def _mailbox(desk: Desk):  # type: ignore[no-untyped-def]
    Agreement.objects.exclude(pk=desk.agreements["supplier"].pk).update(valid_until=None)
    Agreement.objects.filter(pk=desk.agreements["supplier"].pk).update(valid_until=UNTIL)
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        mail.outbox = []
        yield


def _at(days_before: int) -> datetime:
    return NOW.replace(year=2026, month=6, day=30) - timedelta(days=days_before)


def _to() -> list[str]:
    return sorted(address.split("@")[0] for message in mail.outbox for address in message.to)


@pytest.mark.parametrize(
    ("left", "step"),
    [(30, 30), (29, 30), (8, 30), (7, 7), (2, 7), (1, 1), (0, 0), (-1, 0), (-7, 0)],
)
def test_the_step_is_the_smallest_that_still_covers_the_day(left: int, step: int) -> None:
    assert step_for(UNTIL, today=UNTIL - timedelta(days=left)) == step


@pytest.mark.usefixtures("_mailbox")
def test_officers_legal_and_both_sides_contacts_are_told_once_at_each_step() -> None:
    assert remind(now=_at(31)) == 0
    for days_before in (30, 7, 1, 0):
        mail.outbox.clear()
        assert remind(now=_at(days_before)) == 3
        assert _to() == ["contact", "legal", "officer"]
        assert remind(now=_at(days_before)) == 0
    assert Notice.objects.count() == 12
    assert remind(now=_at(-8)) == 0


@pytest.mark.usefixtures("_mailbox")
def test_days_without_a_run_are_made_up_for() -> None:
    assert remind(now=_at(20)) == 3
    assert remind(now=_at(-3)) == 3
    assert "has ended" in mail.outbox[-1].subject


@pytest.mark.usefixtures("_mailbox")
def test_terminated_and_prepared_agreements_are_not_spoken_of(desk: Desk) -> None:
    for state in (Agreement.State.TERMINATED, Agreement.State.PREPARED):
        Agreement.objects.filter(pk=desk.agreements["supplier"].pk).update(state=state)
        assert remind(now=_at(7)) == 0


@pytest.mark.usefixtures("_mailbox")
def test_who_left_is_told_nothing(desk: Desk) -> None:
    Person.objects.filter(pk=desk["contact"].pk).update(is_active=False)
    remind(now=_at(7))
    assert _to() == ["legal", "officer"]


@pytest.mark.usefixtures("_mailbox")
def test_a_mail_that_the_server_refuses_is_sent_by_the_next_run_and_stops_nobody_elses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    really = EmailMessage.send

    def refused(message: EmailMessage, **_options: object) -> int:
        if message.to[0].startswith("contact"):
            raise OSError("no such mailbox")
        return really(message)

    with monkeypatch.context() as broken:
        broken.setattr(EmailMessage, "send", refused)
        assert remind(now=_at(7)) == 2
    assert _to() == ["legal", "officer"]
    assert remind(now=_at(7)) == 1
    assert _to() == ["contact", "legal", "officer"]


@pytest.mark.usefixtures("_mailbox")
def test_a_line_break_in_a_reference_makes_no_header(desk: Desk) -> None:
    Agreement.objects.filter(pk=desk.agreements["supplier"].pk).update(reference="NDA 1\r\nBcc: spy@example.test")
    remind(now=_at(7))
    message = mail.outbox[0].message()
    assert "\n" not in mail.outbox[0].subject
    assert message["Bcc"] is None
