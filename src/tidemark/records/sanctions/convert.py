"""Convert an amount into another currency, for reporting, at a stated rate. Pure.

What is owed is owed in the agreement's currency; the converted amount is said beside it, with the rate, the day of the
rate and where it was read, so that anybody can compute it again.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext

from django.utils.translation import gettext as _
from djmoney.money import Money
from moneyed import CurrencyDoesNotExist, get_currency

from tidemark.limits import MAX_NAME_CHARS
from tidemark.records.visible import readable

MOST_RATE = Decimal(10) ** 12
"""No two currencies stand further apart than the rial and the dinar, about 10 to the 5th."""

MOST_CONVERTED = Decimal(10) ** 16
"""A converted amount has at most 16 digits before the point, as the amount itself."""

RATE_PLACES = 8
"""Decimal places of a rate. Markets quote four to six."""

_DIGITS = 50  # enough that nothing is rounded before the end


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate as it was read somewhere.

    Attributes
    ----------
    per_unit : Decimal
        How many units of the amount's currency one unit of ``currency`` costs: 6.7221 CNY for one USD.
    currency : str
        Into which is converted, ISO 4217.
    on : date
        The day that the rate is of.
    source : str
        Where it was read.
    """

    per_unit: Decimal
    currency: str
    on: date
    source: str


def convert(amount: Money, rate: Rate) -> Money:
    """Return an amount in the rate's currency, rounded half up to its minor unit: yen have none, dinars three places.

    Raises
    ------
    ValueError
        If the rate is not above zero.
    """
    if not (rate.per_unit.is_finite() and rate.per_unit > 0):
        raise ValueError("a rate is more than zero")
    with localcontext() as context:
        context.prec = _DIGITS
        exact = Decimal(amount.amount) / rate.per_unit
        return Money(exact.quantize(minor_unit(rate.currency), rounding=ROUND_HALF_UP), rate.currency)


def minor_unit(currency: str) -> Decimal:
    """Return the smallest amount of a currency: 0.01 for most, 1 for yen, 0.001 for Kuwaiti dinars."""
    return Decimal(1) / Decimal(int(get_currency(currency).sub_unit))


def faults(amount: Money | None, rate: Rate, *, today: date) -> list[str]:
    """Return what is wrong with a rate for this amount."""
    found = []
    if amount is None:
        return [_("There is no amount to convert. Leave the rate out.")]
    if not is_currency(rate.currency) or rate.currency == str(amount.currency):
        found.append(_("Choose another currency to convert the amount into."))
    if not (rate.per_unit.is_finite() and 0 < rate.per_unit < MOST_RATE):
        found.append(_("A rate is a number above zero."))
    elif rate.per_unit != rate.per_unit.quantize(Decimal(1).scaleb(-RATE_PLACES)):
        found.append(_("A rate has at most %(places)d decimal places.") % {"places": RATE_PLACES})
    if rate.on > today:
        found.append(_("The day of the rate is in the future."))
    if not readable(rate.source) or len(rate.source) > MAX_NAME_CHARS:
        found.append(_("Say where the rate was read, in at most %(most)d characters.") % {"most": MAX_NAME_CHARS})
    is_amount = amount.amount.is_finite() and 0 < amount.amount < MOST_CONVERTED
    if not found and is_amount and not 0 < convert(amount, rate).amount < MOST_CONVERTED:
        found.append(
            _("At this rate nothing is left of the amount, or it has more than 16 digits. Check which way round it is.")
        )
    return found


def is_currency(code: str) -> bool:
    """Whether it is a currency's code."""
    try:
        get_currency(code)
    except CurrencyDoesNotExist:
        return False
    return True
