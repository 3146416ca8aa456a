"""The sanction of an allegation that is withdrawn: it falls, and what was paid is to be paid back."""

from datetime import datetime

from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind
from tidemark.records.accounts.models import Person
from tidemark.records.cases.models import Allegation, Case
from tidemark.records.cases.timeline import tell
from tidemark.records.home import Home
from tidemark.records.sanctions.measures import void
from tidemark.records.sanctions.models import Sanction
from tidemark.records.sanctions.settle import account_of


def void_sanctions(home: Home, allegation: Allegation, case: Case, *, by: Person, now: datetime) -> None:
    """Take back what a withdrawn allegation led to, whatever became of that: none stands without the other.

    It is part of ``plans.take_back``, which withdraws, is exclusive, and signs the ledger.
    """
    for sanction in allegation.sanctions.select_for_update().exclude(state=Sanction.State.WITHDRAWN):
        _void(home, sanction, case, by=by, now=now)


def _void(home: Home, sanction: Sanction, case: Case, *, by: Person, now: datetime) -> None:
    sanction.state, sanction.withdrawn = Sanction.State.WITHDRAWN, now
    sanction.save(update_fields=["state", "withdrawn"])
    sanction.decisions.filter(taken=None).delete()
    account = account_of(sanction)
    said: dict[str, JSON] = {
        "sanction": sanction.pk,
        "party": sanction.party.name,
        "was_imposed": sanction.imposed is not None,
        "pay_back": str(account.pay_back.amount) if account is not None else "",
        "currency": str(account.owed.currency) if account is not None else "",
    }
    tell(home, case, Kind.SANCTION_WITHDRAWN, by=by, now=now, detail=said)
    void(sanction, now=now)
