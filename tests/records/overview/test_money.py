"""Money by currency: never added across, what fell told apart, and figures that agree with one another."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from djmoney.money import Money

from tests.desk import NOW, Desk
from tests.records.cases.played import felled, seen_before_it_was_issued
from tests.records.sanctions.after import decided, paid
from tests.records.sanctions.imposed import imposed
from tidemark.records.cases.models import Allegation
from tidemark.records.home import Home
from tidemark.records.overview.money import Sums, money
from tidemark.records.plans.take_back import withdraw_allegation
from tidemark.records.sanctions.appeal import appeal
from tidemark.records.sanctions.models import Sanction
from tidemark.records.sanctions.pay import record_repayment
from tidemark.records.sanctions.take_payment_back import take_payment_back

LATER = NOW + timedelta(days=1)
NAMES = ("imposed", "lowered", "paid", "open", "overdue", "void", "to_pay_back", "repaid")


def sums(now: datetime = LATER) -> list[Sums]:
    return money(now=now)


def figures(now: datetime = LATER) -> dict[str, int]:
    (one,) = sums(now)
    return {name: int(getattr(one, name).amount) for name in NAMES if getattr(one, name).amount}


def another(sanction: Sanction, amount: Money) -> Sanction:
    """Put a second imposed sanction on record, of an allegation of its own."""
    allegation = Allegation.objects.get(pk=sanction.allegation_id)
    allegation.pk = f"{amount.currency}{amount.amount}"
    allegation.save(force_insert=True)
    return Sanction.objects.create(
        number=f"S-{allegation.pk}", allegation=allegation, state="imposed", amount=amount, imposed_amount=amount,
        appeal_until=NOW, created=NOW, created_by=sanction.created_by, imposed=NOW, due_on=date(2026, 4, 1),
    )  # fmt: skip


def test_nothing_is_owed_where_nothing_was_imposed(home: Home, desk: Desk) -> None:
    assert money(now=NOW) == []
    Sanction.objects.filter(pk=imposed(home, desk).pk).update(imposed=None, state="prepared")
    assert money(now=NOW) == []


def test_a_sanction_goes_from_imposed_by_parts_to_paid(home: Home, desk: Desk) -> None:
    sanction = imposed(home, desk)
    assert figures() == {"imposed": 1_000_000, "open": 1_000_000}
    paid(home, desk, sanction, 400_000, "A1")
    assert figures() == {"imposed": 1_000_000, "paid": 400_000, "open": 600_000}
    after = datetime(2026, 5, 1, tzinfo=UTC)
    assert figures(after)["overdue"] == 600_000
    paid(home, desk, sanction, 600_000, "A2")
    assert figures(after) == {"imposed": 1_000_000, "paid": 1_000_000}


@pytest.mark.parametrize("stop", [felled, seen_before_it_was_issued])
def test_money_of_a_stopped_allegation_is_still_to_be_paid_and_not_overdue(
    home: Home, desk: Desk, stop: Callable[[Desk, Allegation], object]
) -> None:
    sanction, after = imposed(home, desk), datetime(2026, 5, 1, tzinfo=UTC)
    assert figures(after)["overdue"] == 1_000_000
    stop(desk, sanction.allegation)
    assert figures(after) == {"imposed": 1_000_000, "open": 1_000_000}


def test_what_was_reduced_is_what_the_letter_said_less_what_is_left(home: Home, desk: Desk) -> None:
    sanction = imposed(home, desk)
    paid(home, desk, sanction, 400_000, "A1")
    appeal(home, sanction, reason="Too much.", by=desk["contact"], now=LATER)
    decided(home, desk, sanction, "reduced", Money(300_000, "CNY"))
    assert figures() == {"imposed": 1_000_000, "lowered": 700_000, "paid": 400_000, "to_pay_back": 100_000}
    ((converted,),) = [each.converted for each in sums()]
    assert (converted.count, converted.amount) == (1, Money(Decimal("44628.91"), "USD"))


def test_what_fell_with_its_allegation_is_in_no_sum_but_what_is_to_be_paid_back(home: Home, desk: Desk) -> None:
    sanction = imposed(home, desk)
    paid(home, desk, sanction, 400_000, "A1")
    withdraw_allegation(home, sanction.allegation, apology="We were wrong.", by=desk["legal"], now=LATER)
    assert figures() == {"void": 1_000_000, "to_pay_back": 400_000}
    assert [(each.count, each.converted) for each in sums()] == [(0, ())]
    back = Money(150_000, "CNY")
    record_repayment(home, sanction, back, paid_on=NOW.date(), reference="B1", by=desk["legal"], now=LATER)
    assert figures() == {"void": 1_000_000, "to_pay_back": 250_000, "repaid": 150_000}


def test_what_was_taken_back_is_in_no_sum(home: Home, desk: Desk) -> None:
    sanction, after = imposed(home, desk), datetime(2026, 5, 1, tzinfo=UTC)
    paid(home, desk, sanction, 1_000_400, "A1", is_overpaid=True)
    back = Money(400, "CNY")
    record_repayment(home, sanction, back, paid_on=NOW.date(), reference="B1", by=desk["legal"], now=LATER)
    assert figures(after) == {"imposed": 1_000_000, "paid": 1_000_400, "repaid": 400}
    for row in sanction.payments.order_by("-pk"):
        take_payment_back(home, row, why="A mistake.", by=desk["legal"], now=LATER)
    assert figures(after) == {"imposed": 1_000_000, "open": 1_000_000, "overdue": 1_000_000}


def test_currencies_stand_side_by_side_and_a_fraction_is_not_lost(home: Home, desk: Desk) -> None:
    sanction = imposed(home, desk)
    another(sanction, Money(Decimal("0.10"), "EUR"))
    another(sanction, Money(Decimal("0.20"), "EUR"))
    found = {each.currency: (each.count, each.imposed, each.overdue) for each in sums(datetime(2026, 4, 2, tzinfo=UTC))}
    assert list(found) == ["CNY", "EUR"]
    assert found["EUR"] == (2, Money(Decimal("0.30"), "EUR"), Money(Decimal("0.30"), "EUR"))
    assert found["CNY"] == (1, Money(1_000_000, "CNY"), Money(0, "CNY"))


def test_paid_and_open_and_lowered_make_up_what_was_imposed(home: Home, desk: Desk) -> None:
    sanction = imposed(home, desk)
    paid(home, desk, sanction, 123_456, "A1")
    another(sanction, Money(50, "CNY"))
    (one,) = sums()
    assert one.imposed == one.lowered + one.paid + one.open
