"""Which status of a case may follow which, and the step from one to the next."""

from datetime import datetime

from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.ledger.entry import Kind
from tidemark.records.accounts.models import Person
from tidemark.records.cases.deadlines import due
from tidemark.records.cases.models import OPEN, Allegation, Case
from tidemark.records.cases.timeline import tell
from tidemark.records.home import Home

_NEXT = {
    Case.Status.REPORTED: (Case.Status.INVESTIGATING, Case.Status.CLOSED),
    Case.Status.INVESTIGATING: (Case.Status.ALLEGED, Case.Status.CLOSED),
    Case.Status.ALLEGED: (Case.Status.INVESTIGATING, Case.Status.DECIDED, Case.Status.CLOSED),
    Case.Status.DECIDED: (
        Case.Status.INVESTIGATING,  # when nothing stands any more
        Case.Status.ALLEGED,  # a further party
        Case.Status.RECTIFYING,
        Case.Status.CLOSED,
    ),
    Case.Status.RECTIFYING: (Case.Status.INVESTIGATING, Case.Status.ALLEGED, Case.Status.CLOSED),
    Case.Status.CLOSED: (Case.Status.INVESTIGATING,),  # reopened
}

DECIDED_ONCE = (Case.Status.DECIDED, Case.Status.RECTIFYING)
"""What a case is once an allegation is final; a further one may still be put."""


def next_statuses(status: str) -> tuple[Case.Status, ...]:
    """Return the statuses that a case of this status may take."""
    return _NEXT[Case.Status(status)]


def next_by_hand(case: Case) -> tuple[Case.Status, ...]:
    """Return the steps that somebody may take now. The others come with an allegation, put, concluded or withdrawn."""
    if has_open_allegation(case):
        return ()
    barred = {Case.Status.ALLEGED}
    if case.status in DECIDED_ONCE and has_standing_allegation(case):
        barred.add(Case.Status.INVESTIGATING)
    if not case.allegations.filter(state=Allegation.State.FINAL).exists():
        barred.add(Case.Status.DECIDED)
    return tuple(each for each in next_statuses(case.status) if each not in barred)


def locked(case: Case) -> Case:
    """Return the case as it is now, kept from others until the transaction ends; refuse one that was merged."""
    seen = Case.objects.select_for_update().get(pk=case.pk)
    if seen.merged_into is not None:
        raise Refused(
            _("This case was merged into %(number)s. Go on there.") % {"number": seen.merged_into.number},
        )
    return seen


def locked_unclosed(case: Case) -> Case:
    """Return the case as :func:`locked` does; refuse one that is closed."""
    seen = locked(case)
    if seen.status == Case.Status.CLOSED:
        raise Refused(_("The case is closed. Reopen it first."))
    return seen


def move(home: Home, case: Case, status: str, *, by: Person | None, now: datetime, note: str = "") -> None:
    """Take a step and tell of it. The caller is within ``timeline.writing`` and has the case from :func:`locked`.

    Parameters
    ----------
    note : str
        Id of the note that gives the reason, if one does.

    Raises
    ------
    Refused
        If the one status does not follow the other.
    """
    if status not in next_statuses(case.status):
        raise Refused(
            _("A case that is %(seen)s cannot become %(asked)s.")
            % {"seen": case.get_status_display(), "asked": Case.Status(status).label}
        )
    before = case.status
    case.status = status
    case.closed = now if status == Case.Status.CLOSED else None
    set_due(case, since=now)
    case.save(update_fields=["status", "closed", "respond_by"])
    said = {"from": before, "status": str(status), **({"note": note} if note else {})}
    tell(home, case, Kind.CASE_CHANGED, by=by, now=now, detail=said)


def set_due(case: Case, *, since: datetime) -> None:
    """Set when the next response is due, in the row at hand; the caller saves it."""
    waiting = case.allegations.filter(state=Allegation.State.PUT).order_by("-answer_by")
    answer_by = waiting.values_list("answer_by", flat=True).first() if case.pk else None
    case.respond_by = due(case.status, case.severity, since=since, answer_by=answer_by)


def has_open_allegation(case: Case) -> bool:
    """Whether something was put to a party and is not concluded."""
    return case.allegations.filter(state__in=OPEN).exists()


def has_standing_allegation(case: Case) -> bool:
    """Whether something was put to a party and not taken back."""
    return case.allegations.filter(state__in=(*OPEN, Allegation.State.FINAL)).exists()
