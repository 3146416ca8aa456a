"""Say to which case a sighting belongs. It stays a sighting there: nothing can be put to a party from it."""

from datetime import datetime

from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.ledger.entry import Kind
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.cases import timeline as cases
from tidemark.records.cases.models import Case
from tidemark.records.cases.status import locked_unclosed
from tidemark.records.home import Home
from tidemark.records.sightings.models import Sighting
from tidemark.records.sightings.timeline import locked, tell


def link_case(home: Home, sighting: Sighting, case: Case | None, *, by: Person, now: datetime) -> Sighting:
    """Link a sighting to a case, to another one, or to none. The timelines of both say so.

    Raises
    ------
    Refused
        If the person may not, or the case is closed.
    """
    if not by.may(Act.HANDLE_CASES):
        raise Refused(_("Cases are handled by officers and investigators. Ask one of them."))
    with cases.writing(home):
        row = locked(sighting)
        if row.case_id == (case.pk if case else None):
            return row
        left = Case.objects.filter(pk=row.case_id).first()
        if left is not None:
            cases.tell(home, left, Kind.CASE_CHANGED, by=by, now=now, detail={"sighting_removed": row.pk})
        row.case = locked_unclosed(case) if case else None
        row.save(update_fields=["case"])
        if row.case is not None:
            cases.tell(home, row.case, Kind.CASE_CHANGED, by=by, now=now, detail={"sighting_added": row.pk})
        tell(home, row, Kind.SIGHTING_CHANGED, by=by, now=now, detail={"case": row.case_id or ""})
    return row
