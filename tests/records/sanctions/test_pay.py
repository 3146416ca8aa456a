"""What is paid for a sanction: in parts, never more in silence, never twice, and overdue from the day that counts."""

from datetime import UTC, date, datetime, timedelta

import pytest
from djmoney.money import Money

from tests.desk import NOW, Desk
from tests.records.cases.played import bodies
from tests.records.sanctions.after import DAY, agreed, fresh, paid, yuan
from tests.records.sanctions.imposed import LATER, imposed, prepared
from tidemark.errors import Refused
from tidemark.records.cases.change import close
from tidemark.records.home import Home
from tidemark.records.sanctions.appeal import appeal
from tidemark.records.sanctions.models import Sanction
from tidemark.records.sanctions.pay import record_payment, record_repayment
from tidemark.records.sanctions.settle import account_of, due_day, is_overdue


def test_part_payments_add_up_until_it_is_paid(home: Home, desk: Desk) -> None:
    made = imposed(home, desk)
    paid(home, desk, made, 400_000, "A1")
    paid(home, desk, made, 600_000, "A2")
    account = account_of(fresh(made))
    assert account is not None
    assert account.balance == yuan(0)
    assert [said["balance"] for said in bodies(made.case.pk, "sanction-paid")] == ["600000.00", "0.00"]
    assert fresh(made).state == "imposed"  # the measures are still to be carried out


def test_more_than_is_owed_is_never_recorded_in_silence(home: Home, desk: Desk) -> None:
    made = imposed(home, desk)
    with pytest.raises(Refused, match="overpaid"):
        paid(home, desk, made, 1_000_001, "A1")
    paid(home, desk, made, 1_000_001, "A1", is_overpaid=True)
    account = account_of(fresh(made))
    assert account is not None
    assert account.pay_back == yuan(1)
    with pytest.raises(Refused, match="more"):
        record_repayment(home, made, yuan(2), paid_on=DAY, reference="B1", by=desk["legal"], now=LATER)
    record_repayment(home, made, yuan(1), paid_on=DAY, reference="B1", by=desk["legal"], now=LATER)
    assert account_of(fresh(made)).pay_back == yuan(0)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("amount", "day", "reference"),
    [
        (Money(1, "USD"), DAY, "A1"),
        (yuan(0), DAY, "A1"),
        (yuan(-5), DAY, "A1"),
        (Money("0.001", "CNY"), DAY, "A1"),
        (Money("NaN", "CNY"), DAY, "A1"),
        (yuan(1), date(2026, 3, 16), "A1"),
        (yuan(1), DAY, "  "),
        (yuan(1), DAY, "x" * 201),
    ],
)
def test_what_is_no_payment_is_refused(home: Home, desk: Desk, amount: Money, day: date, reference: str) -> None:
    made = imposed(home, desk)
    with pytest.raises(Refused):
        record_payment(home, made, amount, paid_on=day, reference=reference, by=desk["legal"], now=LATER)
    assert not made.payments.exists()


def test_nothing_is_paid_before_it_was_imposed(home: Home, desk: Desk) -> None:
    made = imposed(home, desk)
    for day in (date(2026, 3, 13), date(1990, 11, 30)):
        with pytest.raises(Refused, match="imposed on 2026-03-14"):
            record_payment(home, made, yuan(1), paid_on=day, reference="A1", by=desk["legal"], now=LATER)
    assert not made.payments.exists()
    record_payment(home, made, yuan(1), paid_on=date(2026, 3, 14), reference="A1", by=desk["legal"], now=LATER)
    Sanction.objects.update(state="withdrawn")
    with pytest.raises(Refused, match="imposed on 2026-03-14"):
        record_repayment(home, made, yuan(1), paid_on=date(2026, 3, 13), reference="B1", by=desk["legal"], now=LATER)


def test_the_same_payment_is_not_recorded_twice(home: Home, desk: Desk) -> None:
    made = imposed(home, desk)
    paid(home, desk, made, 5, "A1")
    with pytest.raises(Refused, match="already"):
        paid(home, desk, made, 5, " A1 ")


def test_nothing_is_paid_for_what_is_not_imposed_nor_recorded_by_others(home: Home, desk: Desk) -> None:
    made = prepared(home, desk)
    with pytest.raises(Refused, match="not imposed"):
        paid(home, desk, made, 5, "A1")
    for who in ("contact", "investigator", "communications", "administrator"):
        with pytest.raises(Refused):
            record_payment(home, made, yuan(5), paid_on=DAY, reference="x", by=desk[who], now=LATER)


def test_money_is_late_from_the_day_after_and_not_while_an_appeal_is_open(home: Home, desk: Desk) -> None:
    made = imposed(home, desk)
    after = NOW + timedelta(days=48)
    assert made.due_on == date(2026, 4, 30)
    assert not is_overdue(made, account_of(made), now=after - timedelta(days=1))
    assert is_overdue(made, account_of(made), now=after)
    appeal(home, made, reason="x", by=desk["contact"], now=LATER)
    assert not is_overdue(fresh(made), account_of(made), now=after)


def test_money_is_late_from_the_day_that_was_agreed_on_last_and_never_before_that_of_the_letter(
    home: Home, desk: Desk
) -> None:
    made = imposed(home, desk)
    account = account_of(made)
    assert due_day(made) == date(2026, 4, 30)
    agreed(home, desk, made, date(2026, 8, 1))
    assert due_day(made) == date(2026, 8, 1)
    agreed(home, desk, made, date(2026, 6, 1), days=1)
    assert due_day(made) == date(2026, 6, 1)
    assert not is_overdue(made, account, now=datetime(2026, 6, 1, 23, tzinfo=UTC))
    assert is_overdue(made, account, now=datetime(2026, 6, 2, tzinfo=UTC))
    agreed(home, desk, made, date(2026, 4, 1), days=2)
    assert due_day(made) == date(2026, 4, 30)


def test_a_closed_case_still_takes_payments(home: Home, desk: Desk) -> None:
    made = imposed(home, desk)
    close(home, made.case, why="Done.", by=desk["officer"], now=LATER)
    paid(home, desk, made, 5, "A1")
