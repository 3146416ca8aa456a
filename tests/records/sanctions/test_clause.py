"""What the clause says is claimed; what differs is said."""

from decimal import Decimal

import pytest
from djmoney.money import Money

from tidemark.records.sanctions.clause import Clause, Deviation, deviation, deviation_text, faults, needs_calculation

FIXED = Clause(damages=Money(1_000_000, "CNY"))
FORMULA = Clause(cap=Money(500_000, "CNY"), formula="2 % of the annual turnover")
SILENT = Clause()
OTHERS = Clause(is_owners=False)


def yuan(amount: str) -> Money:
    return Money(Decimal(amount), "CNY")


@pytest.mark.parametrize(
    ("amount", "clause", "expected"),
    [
        (yuan("1000000"), FIXED, None),
        (yuan("999999.99"), FIXED, Deviation.LESS),
        (yuan("1000000.01"), FIXED, Deviation.MORE),
        (None, FIXED, Deviation.NONE_CLAIMED),
        (yuan("400000"), FORMULA, None),
        (None, FORMULA, Deviation.NONE_CLAIMED),
        (None, SILENT, None),
        (yuan("1"), SILENT, Deviation.UNAGREED),
        (None, OTHERS, None),
        (yuan("1"), OTHERS, Deviation.NOT_OWNERS),
    ],
)
def test_whatever_is_not_the_agreements_is_a_deviation(
    amount: Money | None, clause: Clause, expected: Deviation | None
) -> None:
    assert deviation(amount, clause) == expected
    assert bool(deviation_text(amount, clause)) == (expected is not None)


def test_an_amount_by_formula_needs_its_calculation() -> None:
    assert needs_calculation(yuan("400000"), FORMULA)
    assert not needs_calculation(yuan("1000000"), FIXED)
    assert not needs_calculation(None, FORMULA)


@pytest.mark.parametrize("amount", ["0", "-1", "10000000000000000", "0.001", "NaN", "Infinity"])
def test_what_is_no_amount_cannot_be_claimed(amount: str) -> None:
    assert faults(yuan(amount), SILENT)


def test_a_cap_and_a_currency_of_the_agreement_bind() -> None:
    assert not faults(yuan("500000"), FORMULA)
    assert faults(yuan("500000.01"), FORMULA)
    assert faults(Money(1, "USD"), FIXED)
    assert faults(Money(1, "USD"), FORMULA)
    assert not faults(Money(1, "USD"), SILENT)
    assert faults(Money("1.5", "JPY"), SILENT)
