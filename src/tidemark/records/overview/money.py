"""Money from sanctions, currency by currency. Amounts of different currencies are never added.

Conversions are those that are on record with a sanction, said beside; none is computed here.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from djmoney.money import Money

from tidemark.records.overview.basis import Basis, basis
from tidemark.records.overview.overdue import overdue_accounts
from tidemark.records.sanctions.models import Sanction
from tidemark.records.sanctions.settle import account_of


@dataclass(frozen=True, slots=True)
class Converted:
    """What sanctions come to in another currency, as it was converted when each was prepared or decided.

    Attributes
    ----------
    amount : Money
        The sum of what is on record.
    count : int
        How many of the currency's sanctions have such a conversion.
    """

    amount: Money
    count: int


@dataclass(frozen=True, slots=True)
class Sums:
    """How the money of one currency stands.

    Attributes
    ----------
    currency : str
        ISO 4217.
    count : int
        Sanctions with an amount that were imposed and are not void.
    imposed : Money
        What their letters say.
    lowered : Money
        What of it was reduced or waived since.
    paid : Money
        What came in for them.
    open : Money
        What is still to be paid.
    overdue : Money
        What of that is late; of a stopped allegation nothing is.
    void : Money
        What the letters of void sanctions said, whose allegations were withdrawn. It is in no other sum.
    to_pay_back : Money
        What the owner still has to pay back, of void sanctions too.
    repaid : Money
        What it paid back, of void sanctions too.
    converted : tuple of Converted
        What is claimed now, in other currencies, for those sanctions that have a conversion.
    """

    currency: str
    count: int
    imposed: Money
    lowered: Money
    paid: Money
    open: Money
    overdue: Money
    void: Money
    to_pay_back: Money
    repaid: Money
    converted: tuple[Converted, ...] = field(default=())


def money(*, now: datetime, by: Basis | None = None) -> list[Sums]:
    """Return how the money stands, by currency in alphabetical order.

    No query but for what it goes by, ``by``, if the caller has that not at hand.
    """
    known = by or basis(now=now)
    rows = [each for each in known.sanctions if each.amount is not None]
    overdue = overdue_accounts(rows, known.rests, now=now)
    late = {sanction.pk: account.balance.amount for sanction, account, _until in overdue}
    by_currency: dict[str, list[Sanction]] = {}
    for row in rows:
        assert row.amount is not None
        by_currency.setdefault(str(row.amount.currency), []).append(row)
    return [_sums(currency, of, late) for currency, of in sorted(by_currency.items())]


def _sums(currency: str, rows: Iterable[Sanction], late: dict[str, Decimal]) -> Sums:
    known = list(rows)
    total = dict.fromkeys(
        ("imposed", "lowered", "paid", "open", "overdue", "void", "to_pay_back", "repaid"), Decimal(0)
    )
    standing = [row for row in known if row.state != Sanction.State.WITHDRAWN]
    for row in known:
        account = account_of(row)
        assert account is not None
        said = row.imposed_amount.amount if row.imposed_amount is not None else Decimal(0)
        total["to_pay_back"] += account.pay_back.amount
        payments = [each for each in row.payments.all() if each.counts]
        total["repaid"] += sum(each.amount.amount for each in payments if each.is_repayment)
        if row.state == Sanction.State.WITHDRAWN:
            total["void"] += said
            continue
        total["imposed"] += said
        total["lowered"] += said - account.owed.amount
        total["paid"] += sum(each.amount.amount for each in payments if not each.is_repayment)
        total["open"] += account.balance.amount
        total["overdue"] += late.get(row.pk, Decimal(0))
    sums = {name: Money(amount, currency) for name, amount in total.items()}
    return Sums(currency=currency, count=len(standing), converted=_converted(standing), **sums)


def _converted(rows: Iterable[Sanction]) -> tuple[Converted, ...]:
    found: dict[str, list[Decimal]] = {}
    for row in rows:
        if row.converted is not None and row.state != Sanction.State.WAIVED:
            found.setdefault(str(row.converted.currency), []).append(row.converted.amount)
    return tuple(Converted(Money(sum(each), currency), len(each)) for currency, each in sorted(found.items()))
