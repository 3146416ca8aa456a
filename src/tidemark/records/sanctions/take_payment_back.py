"""Take back a payment that was recorded by mistake: it stays on record, struck out, and is in no sum any more.

Access that returned because of it stays: what opens by itself never closes by itself. The gate says what is owed now.
"""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind
from tidemark.limits import MAX_TEXT_CHARS
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.cases.notes import refuse_unless
from tidemark.records.cases.timeline import hash_of, tell, writing
from tidemark.records.home import Home
from tidemark.records.parties.foreign import refuse_foreign
from tidemark.records.reasons import reason_of
from tidemark.records.sanctions.clause import plain
from tidemark.records.sanctions.models import Payment, Sanction
from tidemark.records.sanctions.settle import account_of, locked_case, unsettle_if_owed


def take_payment_back(home: Home, payment: Payment, *, why: str, by: Person, now: datetime) -> None:
    """Take back a payment, or what was recorded as paid back, that was recorded by mistake.

    A sanction that was settled with it, and of which something is owed without it, is imposed again.

    Parameters
    ----------
    why : str
        The party reads it.

    Raises
    ------
    Refused
        If the person may not, the reason is missing or names another party, or :func:`why_not_taken_back` says why not.
    """
    refuse_unless(by, Act.ALLEGE)
    words, sanction = reason_of(why, most=MAX_TEXT_CHARS), payment.sanction
    refuse_foreign(words, [sanction.party])
    with writing(home):
        case = locked_case(sanction)
        Sanction.objects.select_for_update().get(pk=sanction.pk)
        sanction.refresh_from_db()
        payment.refresh_from_db()
        why_not = why_not_taken_back(payment, sanction.payments.all())
        if why_not:
            raise Refused(why_not)
        payment.taken_back, payment.taken_back_by, payment.taken_back_why = now, by, words
        payment.save(update_fields=["taken_back", "taken_back_by", "taken_back_why"])
        was_settled, account = unsettle_if_owed(sanction), account_of(sanction)
        assert account is not None
        said: dict[str, JSON] = {
            "sanction": sanction.pk,
            "party": sanction.party.name,
            "amount": str(payment.amount.amount),
            "currency": str(payment.amount.currency),
            "is_repayment": payment.is_repayment,
            "paid_on": payment.paid_on.isoformat(),
            "reference_sha256": hash_of(payment.reference),
            "reason_sha256": hash_of(words),
            "was_settled": was_settled,
            "balance": str(account.balance.amount),
            "pay_back": str(account.pay_back.amount),
        }
        tell(home, case, Kind.SANCTION_PAYMENT_TAKEN_BACK, by=by, now=now, detail=said)


def why_not_taken_back(payment: Payment, payments: Iterable[Payment]) -> str:
    """Return why a payment among all of its sanction's cannot be taken back now; '' if it can. Pure.

    What was paid back rests on what came in before it; that is taken back first, if it was a mistake too.
    """
    if not payment.counts:
        return _("It was taken back already.")
    later = next((each for each in payments if each.is_repayment and each.counts and each.pk > payment.pk), None)
    if payment.is_repayment or later is None:
        return ""
    return _(
        "%(amount)s were paid back since, on %(day)s. If that is a mistake too, take it back first; if not, this stays."
    ) % {"amount": plain(later.amount), "day": later.paid_on.isoformat()}
