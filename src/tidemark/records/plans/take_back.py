"""Withdraw an allegation together with all that came of it: its sanction falls, and its gate lets go of the party.

It is one action, and no other withdraws: nobody is innocent and locked out. What was put and withdrawn stays in the
ledger and with the party, together with the apology: an accusation is never made unsaid by deleting it.
"""

from datetime import datetime

from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind
from tidemark.limits import MAX_CLAUSE_CHARS
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.cases.foreign import foreign_names
from tidemark.records.cases.models import OPEN, Allegation
from tidemark.records.cases.notes import refuse_unless
from tidemark.records.cases.status import go_on, locked
from tidemark.records.cases.timeline import hash_of, tell, writing
from tidemark.records.home import Home
from tidemark.records.plans.access import let_go
from tidemark.records.plans.held import held_of
from tidemark.records.sanctions.take_back import void_sanctions
from tidemark.records.visible import readable


def withdraw_allegation(home: Home, allegation: Allegation, *, apology: str = "", by: Person, now: datetime) -> None:
    """Take an allegation back. One that was put needs an apology, which the party reads in its place.

    Access that was suspended because of it returns at once, and the ledger says so. Where an officer suspended the
    party by hand, or another allegation does, it stays suspended by that. With the last allegation that stood, the case
    is under investigation again; with the last that was open beside a final one it is decided, or its rectification
    goes on; a closed one stays closed.

    Raises
    ------
    Refused
        If the person may not, it is withdrawn already, the apology is missing, or it names another party.
    """
    refuse_unless(by, Act.ALLEGE)
    words = readable(apology)
    if len(words) > MAX_CLAUSE_CHARS:
        raise Refused(_("An apology has at most %(most)d characters.") % {"most": MAX_CLAUSE_CHARS})
    foreign = foreign_names(words, allegation.party)
    if foreign:
        raise Refused(
            _("The text names %(others)s. A party learns of no other party: take the name out.")
            % {"others": _(", ").join(foreign)}
        )
    with writing(home):
        case = locked(allegation.case)
        allegation.leave(Allegation.State.PREPARED, *OPEN, Allegation.State.FINAL)
        if allegation.put is not None and not words:
            raise Refused(_("It was put to the party, so it is owed an apology. Write one."))
        allegation.state, allegation.withdrawn, allegation.apology = Allegation.State.WITHDRAWN, now, words
        allegation.save(update_fields=["state", "withdrawn", "apology"])
        said: dict[str, JSON] = {
            "allegation": allegation.pk,
            "party": allegation.party.name,
            "was_put": allegation.put is not None,
            "apology_sha256": hash_of(words),
        }
        tell(home, case, Kind.ALLEGATION_WITHDRAWN, by=by, now=now, detail=said)
        held = held_of(allegation)
        void_sanctions(home, allegation, case, by=by, now=now)
        if held:
            let_go(home, allegation, case, held, by=by, now=now)
        go_on(home, case, by=by, now=now)
