"""Mails of sanctions: each is sent to whom it concerns, and once."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from tests.desk import NOW, Desk
from tests.records.cases.played import felled, seen_before_it_was_issued, trace_of
from tests.records.sanctions.after import DAY, PROOF, agreed, decided, measure, paid, yuan
from tests.records.sanctions.imposed import LATER, approved, imposed
from tidemark.records import mail
from tidemark.records.accounts.models import Notice
from tidemark.records.cases.models import Allegation
from tidemark.records.home import Home
from tidemark.records.leaks.models import Correction, Post
from tidemark.records.plans.take_back import withdraw_allegation
from tidemark.records.sanctions.appeal import appeal
from tidemark.records.sanctions.impose import impose
from tidemark.records.sanctions.measures import judge, report
from tidemark.records.sanctions.models import Payment, Sanction
from tidemark.records.sanctions.pay import record_repayment
from tidemark.records.sanctions.remind import remind
from tidemark.records.sanctions.take_payment_back import take_payment_back

SENT: list[tuple[str, str]] = []


@pytest.fixture(autouse=True)
def _sent(monkeypatch: pytest.MonkeyPatch) -> None:
    SENT.clear()

    def send(to: str, *, subject: str, paragraphs: tuple[str, ...]) -> bool:
        SENT.append((to.partition("@")[0], f"{subject} {' '.join(paragraphs)}"))
        return True

    monkeypatch.setattr(mail, "send", send)


def mails(*, days: int) -> dict[str, str]:
    """Run the task on a day; return who was written to, and what last."""
    SENT.clear()
    remind(now=NOW + timedelta(days=days))
    return dict(SENT)


def test_what_was_imposed_is_told_to_contacts_once_and_to_nobody_else(home: Home, desk: Desk) -> None:
    approved(home, desk)
    assert mails(days=0) == {}
    impose(home, Sanction.objects.get(), by=desk["officer"], now=NOW)
    assert set(mails(days=1)) == {"contact"}
    assert mails(days=1) == {}


def test_money_is_reminded_of_before_and_after_its_day_and_not_once_it_is_paid(home: Home, desk: Desk) -> None:
    made = imposed(home, desk)
    made.measures.update(state="done")
    paid(home, desk, made, 400_000, "A1")
    mails(days=1)
    assert set(mails(days=26)) == set()
    assert "600,000.00 CNY" in mails(days=41)["contact"]
    late = mails(days=48)
    assert set(late) == {"contact", "legal", "officer"}
    assert "overdue" in late["contact"]
    assert mails(days=49) == {}
    assert set(mails(days=55)) == {"contact"}  # again after a week, and for two months at most
    assert mails(days=300) == {}
    paid(home, desk, made, 600_000, "A2")
    assert mails(days=62) == {}


def test_who_owes_again_because_a_payment_was_taken_back_is_told_so_and_reminded(home: Home, desk: Desk) -> None:
    made = imposed(home, desk)
    made.measures.update(state="done")
    paid(home, desk, made, 1_000_000, "A1")
    mails(days=1)
    assert mails(days=2) == {}
    row = Payment.objects.get()
    take_payment_back(home, row, why="Of another invoice.", by=desk["legal"], now=LATER)
    told = mails(days=2)
    assert set(told) == {"contact"}
    assert "1,000,000.00 CNY, was a mistake and was taken back" in told["contact"]
    assert mails(days=3) == {}
    assert "1,000,000.00 CNY were to be paid" in mails(days=48)["legal"]


def test_who_is_owed_again_because_a_repayment_was_taken_back_is_told_so(home: Home, desk: Desk) -> None:
    made = imposed(home, desk)
    paid(home, desk, made, 5, "A1")
    withdraw_allegation(home, made.allegation, apology="We were wrong.", by=desk["legal"], now=LATER)
    record_repayment(home, made, yuan(5), paid_on=DAY, reference="B1", by=desk["legal"], now=LATER)
    mails(days=1)
    row = Payment.objects.get(is_repayment=True)
    take_payment_back(home, row, why="It came back.", by=desk["legal"], now=LATER)
    assert "recorded as paid back to you" in mails(days=2)["contact"]


def test_who_may_pay_later_is_not_dunned_before_the_day_that_was_agreed(home: Home, desk: Desk) -> None:
    made = imposed(home, desk)
    made.measures.update(state="done")
    mails(days=1)
    agreed(home, desk, made, date(2026, 6, 1))
    assert made.due_on == date(2026, 4, 30)
    for days in (41, 48, 55, 71):
        assert mails(days=days) == {}, days
    assert "until 2026-06-01" in mails(days=72)["contact"]
    assert mails(days=79) == {}
    late = mails(days=80)
    assert set(late) == {"contact", "legal", "officer"}
    assert "overdue" in late["contact"]
    assert "until 2026-06-01" in late["contact"]
    assert mails(days=85) == {}
    assert set(mails(days=86)) == {"contact"}


def test_appeals_decisions_reports_and_judgements_are_told_to_the_other_side(home: Home, desk: Desk) -> None:
    made = imposed(home, desk)
    mails(days=1)
    appeal(home, made, reason="x", by=desk["contact"], now=LATER)
    assert set(mails(days=1)) == {"legal", "officer"}
    decided(home, desk, made, "upheld")
    assert set(mails(days=1)) == {"contact"}
    row = measure(made, "person")
    report(home, row, text="Done.", files=[PROOF], by=desk["contact"], now=LATER)
    assert set(mails(days=1)) == {"legal", "officer"}
    judge(home, row, accepts=False, reason="Which?", by=desk["officer"], now=LATER)
    assert set(mails(days=1)) == {"contact"}
    assert set(mails(days=29)) == {"contact"}  # two measures are due
    assert set(mails(days=31)) == {"contact", "legal", "officer"}


def test_a_sanction_that_fell_is_told_with_what_is_paid_back(home: Home, desk: Desk) -> None:
    made = imposed(home, desk)
    paid(home, desk, made, 5, "A1")
    mails(days=1)
    withdraw_allegation(home, made.allegation, apology="We were wrong.", by=desk["legal"], now=LATER)
    assert "5.00 CNY are paid back" in mails(days=1)["contact"]
    assert mails(days=60) == {}
    assert Notice.objects.filter(reason__startswith="sanction-withdrawn").count() == 1


@pytest.mark.parametrize("stop", [felled, seen_before_it_was_issued])
def test_nobody_is_reminded_of_money_or_measures_while_the_allegation_is_stopped(
    home: Home, desk: Desk, stop: Callable[[Desk, Allegation], object]
) -> None:
    made = imposed(home, desk)
    mails(days=1)
    stop(desk, made.allegation)
    assert [mails(days=days) for days in (29, 41, 48, 55)] == [{}] * 4
    (copy,) = (each.copy for each in made.allegation.named.all())
    trace_of(Post.objects.get(), [copy], verdict="accused", hours=40)
    Post.objects.update(posted=None)
    Correction.objects.all().delete()
    late = mails(days=55)
    assert set(late) == {"contact", "legal", "officer"}
