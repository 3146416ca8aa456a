"""Record what the party paid, and what was paid back to it. Never more than is owed without saying so."""

from datetime import UTC, date, datetime

from django.utils.translation import gettext as _
from djmoney.money import Money

from tidemark.errors import Refused
from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind
from tidemark.limits import MAX_NAME_CHARS
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.cases.models import Case
from tidemark.records.cases.notes import refuse_unless
from tidemark.records.cases.timeline import hash_of, tell, writing
from tidemark.records.home import Home
from tidemark.records.sanctions.clause import Clause, faults, plain
from tidemark.records.sanctions.models import Payment, Sanction
from tidemark.records.sanctions.settle import Account, account_of, locked_case, settle_if_over
from tidemark.records.sentences import joined
from tidemark.records.visible import readable

MOST_PAYMENTS = 200
"""Payments of one sanction. Whoever pays in more parts has another agreement than this one."""


def record_payment(
    home: Home,
    sanction: Sanction,
    amount: Money,
    *,
    paid_on: date,
    reference: str,
    by: Person,
    now: datetime,
    is_overpaid: bool = False,
) -> Payment:
    """Record a payment of the party.

    Parameters
    ----------
    reference : str
        Of the bank's statement: the same payment is not recorded twice, unless it was taken back in between.
    is_overpaid : bool
        That the party paid more than it owes, which is to be paid back.

    Raises
    ------
    Refused
        If the person may not, it was not imposed, the currency is another, the day is in the future or before the
        sanction was imposed, or it is more than is owed and that is not said.
    """
    with writing(home):
        case, account = _begin(sanction, amount, paid_on=paid_on, reference=reference, by=by, now=now)
        if amount > account.balance and not is_overpaid:
            raise Refused(
                _("Owed are %(balance)s, and this is more. If the party did pay that much, say that it is overpaid.")
                % {"balance": plain(account.balance)}
            )
        made = _recorded(home, sanction, case, amount, paid_on, reference, by=by, now=now, is_repayment=False)
        settle_if_over(home, sanction, case, by=by, now=now)
    return made


def record_repayment(
    home: Home, sanction: Sanction, amount: Money, *, paid_on: date, reference: str, by: Person, now: datetime
) -> Payment:
    """Record what was paid back to the party: at most what is to be paid back."""
    with writing(home):
        case, account = _begin(sanction, amount, paid_on=paid_on, reference=reference, by=by, now=now)
        if amount > account.pay_back:
            raise Refused(_("To be paid back are %(rest)s, and this is more.") % {"rest": plain(account.pay_back)})
        return _recorded(home, sanction, case, amount, paid_on, reference, by=by, now=now, is_repayment=True)


def _begin(
    sanction: Sanction, amount: Money, *, paid_on: date, reference: str, by: Person, now: datetime
) -> tuple[Case, Account]:
    refuse_unless(by, Act.ALLEGE)
    case = locked_case(sanction)
    Sanction.objects.select_for_update().get(pk=sanction.pk)
    sanction.refresh_from_db()
    account = account_of(sanction)
    if sanction.imposed is None or account is None:
        raise Refused(_("Nothing is paid for it: it has no amount, or is not imposed."))
    if amount.currency != account.owed.currency:
        raise Refused(
            _("It is owed in %(currency)s. Record what came in, in that currency.")
            % {"currency": account.owed.currency}
        )
    wrong = faults(amount, Clause())
    if wrong:
        raise Refused(joined(wrong))
    if paid_on > now.astimezone(UTC).date():
        raise Refused(_("The day is in the future. Record it when the money is there."))
    if paid_on < (begun := sanction.imposed.astimezone(UTC).date()):
        raise Refused(
            _("The sanction was imposed on %(day)s; nothing was paid for it before that. Check the day.")
            % {"day": begun.isoformat()}
        )
    words = " ".join(readable(reference).split())
    if not words or len(words) > MAX_NAME_CHARS:
        raise Refused(_("Give the bank's reference, of at most %(most)d characters.") % {"most": MAX_NAME_CHARS})
    if sanction.payments.filter(taken_back=None).count() >= MOST_PAYMENTS:
        raise Refused(_("A sanction has at most %(most)d payments.") % {"most": MOST_PAYMENTS})
    return case, account


def _recorded(
    home: Home,
    sanction: Sanction,
    case: Case,
    amount: Money,
    paid_on: date,
    reference: str,
    *,
    by: Person,
    now: datetime,
    is_repayment: bool,
) -> Payment:
    words = " ".join(readable(reference).split())
    if sanction.payments.filter(reference=words, is_repayment=is_repayment, taken_back=None).exists():
        raise Refused(_("A payment with this reference is recorded already."))
    made = Payment(
        sanction=sanction, is_repayment=is_repayment, paid_on=paid_on, reference=words, recorded_by=by, time=now
    )
    made.amount = amount
    made.save(force_insert=True)
    account = account_of(sanction)
    assert account is not None
    said: dict[str, JSON] = {
        "sanction": sanction.pk,
        "party": sanction.party.name,
        "amount": str(amount.amount),
        "currency": str(amount.currency),
        "is_repayment": is_repayment,
        "paid_on": paid_on.isoformat(),
        "reference_sha256": hash_of(words),
        "balance": str(account.balance.amount),
        "pay_back": str(account.pay_back.amount),
    }
    tell(home, case, Kind.SANCTION_PAID, by=by, now=now, detail=said)
    return made
