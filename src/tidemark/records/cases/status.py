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
    Case.Status.ALLEGED: (
        Case.Status.INVESTIGATING,  # when nothing stands any more
        Case.Status.DECIDED,
        Case.Status.RECTIFYING,  # goes on, after a further party
        Case.Status.CLOSED,
    ),
    Case.Status.DECIDED: (
        Case.Status.INVESTIGATING,  # when nothing stands any more
        Case.Status.ALLEGED,  # a further party
        Case.Status.RECTIFYING,
        Case.Status.CLOSED,
    ),
    Case.Status.RECTIFYING: (Case.Status.INVESTIGATING, Case.Status.ALLEGED, Case.Status.CLOSED),
    Case.Status.CLOSED: (Case.Status.INVESTIGATING, Case.Status.DECIDED, Case.Status.RECTIFYING),  # reopened
}

DECIDED_ONCE = (Case.Status.DECIDED, Case.Status.RECTIFYING)
"""What a case is once an allegation is final; a further one may still be put."""


def next_statuses(status: str) -> tuple[Case.Status, ...]:
    """Return the statuses that a case of this status may take."""
    return _NEXT[Case.Status(status)]


def next_by_hand(case: Case) -> tuple[Case.Status, ...]:
    """Return the steps that somebody may take now. The others come with an allegation, put, concluded or withdrawn."""
    states = _states(case)
    return tuple(each for each in next_statuses(case.status) if not _why_not(case, each, states))


def why_not_by_hand(case: Case, status: str) -> str:
    """Return why nobody may take this step in the case now; '' if somebody may."""
    return _why_not(case, Case.Status(status), _states(case))


def goes_on_as(case: Case) -> Case.Status:
    """Return the status of a case in which nothing waits for a party's answer, by the allegations that stand."""
    final = list(case.allegations.filter(state=Allegation.State.FINAL).values_list("pk", flat=True))
    if not final:
        return Case.Status.INVESTIGATING
    told = case.events.filter(detail__allegation__in=final)
    since = told.filter(kind=Kind.ALLEGATION_FINAL).order_by("pk").values_list("pk", flat=True).first()
    begun = case.events.filter(pk__gt=since or 0, detail__status=Case.Status.RECTIFYING)
    is_rectified = told.filter(kind=Kind.PLAN_ASKED).exists() or begun.exists()
    return Case.Status.RECTIFYING if is_rectified else Case.Status.DECIDED


def go_on(home: Home, case: Case, *, by: Person, now: datetime) -> None:
    """Take the step that follows once an allegation is final or withdrawn, if one does.

    A case goes on where it stood when the last allegation that was open is not any more, and is investigated anew when
    none stands. The caller is as for :func:`move`.
    """
    has_waited = case.status == Case.Status.ALLEGED and not has_open_allegation(case)
    if has_waited or (case.status in DECIDED_ONCE and not has_standing_allegation(case)):
        move(home, case, goes_on_as(case), by=by, now=now)


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
        raise Refused(_does_not_follow(case, status))
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


def _states(case: Case) -> set[str]:
    return set(case.allegations.values_list("state", flat=True))


def _why_not(case: Case, status: Case.Status, states: set[str]) -> str:
    """Return why a step is not to be taken by hand; ``states`` are those of the case's allegations."""
    is_open, is_final = not states.isdisjoint(OPEN), Allegation.State.FINAL in states
    if status == Case.Status.ALLEGED:
        return _("A case takes this status when an allegation is put to a party. Prepare one.")
    if status not in next_statuses(case.status):
        return _does_not_follow(case, status)
    if case.status == Case.Status.CLOSED:
        stood = goes_on_as(case)
        said = _("A closed case goes on where it stood. This one is reopened as %(status)s.")
        return "" if status == stood else said % {"status": stood.label}
    if status == Case.Status.CLOSED and is_open:
        return _("An allegation stands open. Make it final or withdraw it before the case is closed.")
    if status == Case.Status.INVESTIGATING and is_open:
        return _("An allegation stands open. Withdraw it before the investigation goes on.")
    if status == Case.Status.INVESTIGATING and is_final:
        return _("An allegation stands. Put a further one beside it, or withdraw it to investigate anew.")
    if status in DECIDED_ONCE and (is_open or not (is_final or case.status in DECIDED_ONCE)):
        return _("Nothing is decided before an allegation is final, and none stands open beside it.")
    return ""


def _does_not_follow(case: Case, status: str) -> str:
    return _("A case that is %(seen)s cannot become %(asked)s.") % {
        "seen": case.get_status_display(),
        "asked": Case.Status(status).label,
    }
