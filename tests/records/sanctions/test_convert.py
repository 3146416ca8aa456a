"""An amount is converted as anybody would compute it by hand."""

from datetime import date
from decimal import Decimal

import pytest
from djmoney.money import Money

from tidemark.records.sanctions.convert import Rate, convert, faults

DAY = date(2026, 3, 13)


def rate(per_unit: str, currency: str = "USD") -> Rate:
    return Rate(Decimal(per_unit), currency, DAY, "a bank")


def test_a_million_yuan_at_the_rate_of_the_day_is_148_763_dollars_and_4_cents() -> None:
    assert convert(Money(1_000_000, "CNY"), rate("6.7221")) == Money("148763.04", "USD")


@pytest.mark.parametrize(
    ("amount", "per_unit", "currency", "expected"),
    [
        ("0.01", "2", "USD", "0.01"),  # half a cent is rounded up
        ("0.03", "2", "USD", "0.02"),
        ("1000000", "0.0479", "JPY", "20876827"),  # yen have no smaller unit
        ("1000000", "23.4567", "KWD", "42631.743"),  # dinars have three places
        ("9999999999999999.99", "0.00000001", "USD", "999999999999999999000000.00"),
    ],
)
def test_amounts_are_rounded_half_up_to_the_minor_unit(
    amount: str, per_unit: str, currency: str, expected: str
) -> None:
    assert convert(Money(amount, "CNY"), rate(per_unit, currency)).amount == Decimal(expected)


@pytest.mark.parametrize("per_unit", ["0", "-1", "NaN", "Infinity"])
def test_a_rate_that_is_none_converts_nothing(per_unit: str) -> None:
    with pytest.raises(ValueError, match="more than zero"):
        convert(Money(1, "CNY"), rate(per_unit))
    assert faults(Money(1, "CNY"), rate(per_unit), today=DAY)


def test_a_rate_has_another_currency_a_past_day_and_a_source() -> None:
    amount = Money(1, "CNY")
    assert faults(amount, rate("6.7221"), today=DAY) == []
    assert faults(amount, rate("6.7221", "CNY"), today=DAY)
    assert faults(amount, rate("6.7221", "XXQ"), today=DAY)
    assert faults(amount, rate("6.7221"), today=date(2026, 3, 12))
    assert faults(amount, Rate(Decimal(1), "USD", DAY, " "), today=DAY)
    assert faults(amount, rate("1.000000001"), today=DAY)
    assert faults(None, rate("6.7221"), today=DAY)


@pytest.mark.parametrize(
    ("amount", "per_unit"), [("9999999999999999.99", "0.5"), ("1000000", "0.00000001"), ("1", "99999999999")]
)
def test_what_is_converted_is_an_amount_that_can_be_kept(amount: str, per_unit: str) -> None:
    is_kept = Decimal("0.01") <= Decimal(amount) / Decimal(per_unit) < Decimal(10) ** 16
    assert (faults(Money(amount, "CNY"), rate(per_unit), today=DAY) == []) is is_kept


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-1", "1E+60"])
def test_of_what_is_no_amount_nothing_is_converted(amount: str) -> None:
    assert faults(Money(amount, "CNY"), rate("6.7221"), today=DAY) == []
