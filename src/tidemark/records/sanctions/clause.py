"""What an agreement's clause says is owed, and in what an amount deviates from it. Pure.

The amount of a sanction is never typed over the clause in silence: what differs is said, with its reason, to those who
approve it and to the party.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _
from djmoney.money import Money

from tidemark.records.sanctions.convert import minor_unit

MOST_MONEY = 10**16
"""Amounts have at most 16 digits before the point, as in agreements."""


@dataclass(frozen=True, slots=True)
class Clause:
    """What the agreement says of damages; all empty if it says nothing, or there is no agreement.

    It is all empty too if the agreement is not the owner's own (``is_owners``): what two others agreed on is owed to
    one of them.
    """

    damages: Money | None = None
    cap: Money | None = None
    formula: str = ""
    is_owners: bool = True

    @property
    def currency(self) -> str:
        """The currency that is agreed on; '' if none is."""
        known = self.damages or self.cap
        return str(known.currency) if known else ""


class Deviation(StrEnum):
    """In what an amount differs from the agreement's."""

    NOT_OWNERS = "not the owner's"
    UNAGREED = "unagreed"
    NONE_CLAIMED = "none claimed"
    LESS = "less"
    MORE = "more"


def deviation(amount: Money | None, clause: Clause) -> Deviation | None:
    """Return in what an amount deviates from the clause; None if in nothing.

    An amount by the formula, within the cap, is no deviation: its calculation stands beside it.
    """
    if not clause.is_owners:
        return Deviation.NOT_OWNERS if amount is not None else None
    if clause.damages is None and not clause.formula:
        return Deviation.UNAGREED if amount is not None else None
    if amount is None:
        return Deviation.NONE_CLAIMED
    if clause.damages is None or amount == clause.damages:
        return None
    if clause.formula and clause.cap is not None and clause.damages < amount <= clause.cap:
        return None
    return Deviation.LESS if amount < clause.damages else Deviation.MORE


def deviation_text(amount: Money | None, clause: Clause) -> str:
    """Say in what an amount deviates from the clause; '' if in nothing."""
    found = deviation(amount, clause)
    if found is None:
        return ""
    said = {
        Deviation.NOT_OWNERS: _("The owner is no party to the agreement, and an amount is claimed."),
        Deviation.UNAGREED: _("The agreement names no damages, and an amount is claimed."),
        Deviation.NONE_CLAIMED: _("The agreement provides for damages, and none are claimed."),
        Deviation.LESS: _("Claimed are %(amount)s, less than the %(agreed)s of the agreement."),
        Deviation.MORE: _("Claimed are %(amount)s, more than the %(agreed)s of the agreement."),
    }
    return said[found] % {
        "amount": plain(amount) if amount is not None else "",
        "agreed": plain(clause.damages) if clause.damages is not None else "",
    }


def needs_calculation(amount: Money | None, clause: Clause) -> bool:
    """Whether an amount can only come from the formula."""
    return amount is not None and bool(clause.formula) and amount != clause.damages


def faults(amount: Money | None, clause: Clause) -> list[str]:
    """Return why an amount cannot be claimed at all, whatever the reason."""
    if amount is None:
        return []
    if not (amount.amount.is_finite() and 0 < amount.amount < MOST_MONEY):
        return [_("An amount of money is more than zero and has at most 16 digits before the point.")]
    found = []
    unit = max(minor_unit(str(amount.currency)), minor_unit("EUR"))  # the records keep two places
    if amount.amount % unit:
        found.append(_("%(currency)s has no amounts that small. Round it.") % {"currency": amount.currency})
    if clause.currency and str(amount.currency) != clause.currency:
        found.append(
            _("The agreement is in %(currency)s. Claim in that; a conversion is said beside it.")
            % {"currency": clause.currency}
        )
    elif clause.cap is not None and amount > clause.cap:
        found.append(_("The agreement has a cap of %(cap)s. Claim at most that.") % {"cap": plain(clause.cap)})
    return found


def plain(money: Money) -> str:
    """Write an amount as letters and tables do: ``1,000,000.00 CNY``."""
    places = max(0, -int(minor_unit(str(money.currency)).as_tuple().exponent))
    return f"{money.amount:,.{places}f} {money.currency}"
