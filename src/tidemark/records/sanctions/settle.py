"""What of a sanction is still owed, and when it is over: paid in full, and every measure done or ended."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from djmoney.money import Money

from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind
from tidemark.records.accounts.models import Person
from tidemark.records.cases.models import Case
from tidemark.records.cases.timeline import tell
from tidemark.records.home import Home
from tidemark.records.sanctions.models import Measure, Payment, Sanction

NOTHING_OWED = (Sanction.State.PREPARED, Sanction.State.WAIVED, Sanction.State.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Account:
    """How a sanction's money stands.

    Attributes
    ----------
    owed : Money
        What is claimed now: zero once it is waived or withdrawn.
    paid : Money
        What came in, less what was paid back; without payments that were taken back.
    """

    owed: Money
    paid: Money

    @property
    def balance(self) -> Money:
        """What is still to be paid; zero if nothing is."""
        return max(self.owed - self.paid, self.owed * 0)

    @property
    def pay_back(self) -> Money:
        """What the owner has to pay back; zero if nothing."""
        return max(self.paid - self.owed, self.owed * 0)


def account_of(sanction: Sanction, payments: list[Payment] | None = None) -> Account | None:
    """Return how the money stands; None if the sanction is about none."""
    if sanction.amount is None:
        return None
    rows = [row for row in (sanction.payments.all() if payments is None else payments) if row.counts]
    paid = sum((-row.amount.amount if row.is_repayment else row.amount.amount for row in rows), Decimal(0))
    currency = sanction.amount.currency
    owed = Money(0, currency) if sanction.state in NOTHING_OWED else sanction.amount
    return Account(owed, Money(paid, currency))


def locked_case(sanction: Sanction) -> Case:
    """Return the case, kept from others until the transaction ends. What is owed is owed after the closing too."""
    return Case.objects.select_for_update().get(pk=sanction.allegation.case_id)


def settle_if_over(home: Home, sanction: Sanction, case: Case, *, by: Person, now: datetime) -> bool:
    """Settle a sanction that is paid in full and whose measures are all over; return whether it is settled now."""
    sanction.refresh_from_db()
    account = account_of(sanction)
    over = (Measure.State.DONE, Measure.State.ENDED, Measure.State.VOID)
    if (
        sanction.state != Sanction.State.IMPOSED
        or (account is not None and account.balance.amount > 0)
        or sanction.measures.exclude(state__in=over).exists()
    ):
        return False
    sanction.state, sanction.settled = Sanction.State.SETTLED, now
    sanction.save(update_fields=["state", "settled"])
    said: dict[str, JSON] = {"sanction": sanction.pk, "party": sanction.party.name}
    tell(home, case, Kind.SANCTION_SETTLED, by=by, now=now, detail=said)
    return True


def unsettle_if_owed(sanction: Sanction) -> bool:
    """Make a settled sanction imposed again if something of it is owed; return whether it was one.

    The row at hand is fresh, and the caller tells of it.
    """
    account = account_of(sanction)
    if sanction.state != Sanction.State.SETTLED or account is None or account.balance.amount <= 0:
        return False
    sanction.state, sanction.settled = Sanction.State.IMPOSED, None
    sanction.save(update_fields=["state", "settled"])
    return True


def due_day(sanction: Sanction) -> date | None:
    """Return until when its money is to be paid: the day of the letter or, if that is later, the one agreed on last."""
    agreed = list(sanction.payment_terms.all())
    days = (sanction.due_on, agreed[-1].until if agreed else None)
    return max((each for each in days if each is not None), default=None)


def is_overdue(sanction: Sanction, account: Account | None, *, now: datetime) -> bool:
    """Whether money is late: its day, see :func:`due_day`, is over. While an appeal is open nothing is."""
    if sanction.state != Sanction.State.IMPOSED or account is None or account.balance.amount <= 0:
        return False
    until = due_day(sanction)
    return until is not None and until < now.astimezone(UTC).date()
