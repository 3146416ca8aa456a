"""Carry a case on: who works on it, how grave it is, which leaks are in it, its status, its end."""

from collections.abc import Collection, Mapping
from datetime import datetime
from types import MappingProxyType

from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.ledger.entry import Kind
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.cases.grounds import resting_on
from tidemark.records.cases.models import Allegation, Case, Duty
from tidemark.records.cases.notes import Keep, note_detail, note_row, refuse_as_assignee, refuse_unless
from tidemark.records.cases.open import (
    project_of,
    refuse_elsewhere,
    refuse_other_severity,
    refuse_taken,
    title_of,
)
from tidemark.records.cases.status import (
    goes_on_as,
    locked,
    locked_unclosed,
    move,
    set_due,
    why_not_by_hand,
)
from tidemark.records.cases.timeline import hash_of, tell, writing
from tidemark.records.home import Home
from tidemark.records.leaks.models import Leak
from tidemark.records.visible import readable


def assign(
    home: Home, case: Case, person: Person | None, *, by: Person, now: datetime, shown: str | None = None
) -> None:
    """Say who works on the case; None for nobody. ``shown`` is as in :func:`change`: an id, '' for nobody."""
    change(home, case, by=by, now=now, assignee=person, shown=_shown("assignee", shown))


def rename(home: Home, case: Case, title: str, *, by: Person, now: datetime, shown: str | None = None) -> None:
    """Give the case another title; its number stays. ``shown`` is as in :func:`change`."""
    change(home, case, by=by, now=now, title=title, shown=_shown("title", shown))


def rate(home: Home, case: Case, severity: str, *, by: Person, now: datetime, shown: str | None = None) -> None:
    """Say how grave the case is; from now on, its response times are those of that severity.

    ``shown`` is as in :func:`change`.
    """
    change(home, case, by=by, now=now, severity=severity, shown=_shown("severity", shown))


def _shown(name: str, value: str | None) -> dict[str, str]:
    return {} if value is None else {name: value}


def _refuse_if_other(seen: Case, shown: Mapping[str, str]) -> None:
    known = {"assignee": seen.assignee_id or "", "title": seen.title, "severity": seen.severity}
    if any(known[name] != value for name, value in shown.items()):
        raise Refused(
            _("The case is not as you read it: somebody may have changed it since you looked. Read it again.")
        )


def add_leaks(home: Home, case: Case, leaks: Collection[Leak], *, by: Person, now: datetime) -> None:
    """Put leaks into the case."""
    refuse_unless(by, Act.HANDLE_CASES)
    with writing(home):
        _add_leaks(home, locked_unclosed(case), leaks, by=by, now=now)


def change(
    home: Home,
    case: Case,
    *,
    by: Person,
    now: datetime,
    assignee: Person | Keep | None = Keep.KEEP,
    title: str | None = None,
    severity: str | None = None,
    leaks: Collection[Leak] = (),
    shown: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Change several of these at once: all that is given, or nothing if one of it is refused.

    Parameters
    ----------
    shown : mapping of str to str
        What the caller saw of ``assignee`` (an id, '' for nobody), ``title`` and ``severity``: refused if one of those
        that are given is another by now.
    """
    refuse_unless(by, Act.HANDLE_CASES)
    with writing(home):
        seen = locked_unclosed(case)
        _refuse_if_other(seen, shown)
        if assignee is not Keep.KEEP:
            _assign(home, seen, assignee, by=by, now=now)
        if title is not None:
            _rename(home, seen, title, by=by, now=now)
        if severity is not None:
            _rate(home, seen, severity, by=by, now=now)
        if leaks:
            _add_leaks(home, seen, leaks, by=by, now=now)


def _assign(home: Home, seen: Case, person: Person | None, *, by: Person, now: datetime) -> None:
    if person is not None:
        refuse_as_assignee(person)
    seen.assignee = person
    seen.save(update_fields=["assignee"])
    tell(home, seen, Kind.CASE_CHANGED, by=by, now=now, detail={"assignee": person.pk if person else ""})


def _rename(home: Home, seen: Case, title: str, *, by: Person, now: datetime) -> None:
    seen.title = title_of(title)
    seen.save(update_fields=["title"])
    tell(home, seen, Kind.CASE_CHANGED, by=by, now=now, detail={"title_sha256": hash_of(seen.title)})


def _rate(home: Home, seen: Case, severity: str, *, by: Person, now: datetime) -> None:
    refuse_other_severity(severity)
    seen.severity = severity
    since = seen.events.filter(detail__has_key="status").values_list("time", flat=True).last()
    set_due(seen, since=since or seen.opened)
    seen.save(update_fields=["severity", "respond_by"])
    tell(home, seen, Kind.CASE_CHANGED, by=by, now=now, detail={"severity": severity})


def _add_leaks(home: Home, seen: Case, leaks: Collection[Leak], *, by: Person, now: datetime) -> None:
    refuse_taken(leaks, but=seen)
    seen.leaks.add(*leaks)
    if seen.project is None:
        seen.project = project_of(list(seen.leaks.all()))
        seen.save(update_fields=["project"])
    tell(home, seen, Kind.CASE_CHANGED, by=by, now=now, detail={"leaks_added": sorted(leak.pk for leak in leaks)})


def remove_leak(home: Home, case: Case, leak: Leak, *, by: Person, now: datetime) -> None:
    """Take a leak out of the case, unless an allegation rests on it."""
    refuse_unless(by, Act.HANDLE_CASES)
    with writing(home):
        seen = locked_unclosed(case)
        if not seen.leaks.filter(pk=leak.pk).exists():
            raise Refused(_("This leak is not in the case."))
        found = resting_on([seen], leak.posts.values_list("file_sha256", flat=True))
        if found is not None:
            said = _("The allegation to %(party)s rests on this leak. Withdraw the allegation first.")
            raise Refused(said % {"party": found.party.name})
        seen.leaks.remove(leak)
        tell(home, seen, Kind.CASE_CHANGED, by=by, now=now, detail={"leak_removed": leak.pk})


def change_status(home: Home, case: Case, status: str, *, by: Person, now: datetime, why: str = "") -> None:
    """Take the next step by hand. A case is *put to the party* by putting an allegation, and in no other way.

    Raises
    ------
    Refused
        If the step is not to be taken by hand (:func:`~tidemark.records.cases.status.why_not_by_hand`), or the reason
        is missing: a case is closed and reopened with one.
    """
    refuse_unless(by, Act.HANDLE_CASES)
    with writing(home):
        seen = locked(case)
        why_not = why_not_by_hand(seen, status)
        if why_not:
            raise Refused(why_not)
        if seen.status == Case.Status.CLOSED:
            refuse_elsewhere(seen.leaks.all(), but=seen)
        needs_reason = Case.Status.CLOSED in (status, seen.status)
        note = note_row(seen, why, by=by, now=now) if needs_reason or readable(why) else None
        move(home, seen, status, by=by, now=now, note=str(note.pk) if note else "")


def close(home: Home, case: Case, *, why: str, by: Person, now: datetime) -> None:
    """Close the case, with the reason. What was promised and is not done yet stays owed."""
    change_status(home, case, Case.Status.CLOSED, why=why, by=by, now=now)


def reopen(home: Home, case: Case, *, why: str, by: Person, now: datetime) -> None:
    """Take a closed case up again, with the reason. It goes on where it stood: what is final in it is decided."""
    change_status(home, case, goes_on_as(case), why=why, by=by, now=now)


def merge(home: Home, case: Case, into: Case, *, why: str, by: Person, now: datetime) -> None:
    """Carry a case on in another: its leaks and open duties go there; it stays to be read, and points there.

    Raises
    ------
    Refused
        If either was merged or is closed, or an allegation of it stands open: what was put to a party keeps its case.
    """
    refuse_unless(by, Act.HANDLE_CASES)
    if case.pk == into.pk:
        raise Refused(_("A case is not merged into itself. Choose the other one."))
    with writing(home):
        first, second = sorted((case, into), key=lambda each: each.pk)
        rows = {each.pk: locked_unclosed(each) for each in (first, second)}
        seen, other = rows[case.pk], rows[into.pk]
        if seen.allegations.exclude(state=Allegation.State.WITHDRAWN).exists():
            raise Refused(
                _("This case has an allegation, which keeps its case. Merge the other one into it, or withdraw it.")
            )
        note = note_row(seen, why, by=by, now=now)
        other.leaks.add(*seen.leaks.all())
        Duty.objects.filter(case=seen, done=None).update(case=other)
        before, seen.status, seen.closed, seen.respond_by = seen.status, Case.Status.CLOSED, now, None
        seen.merged_into = other
        seen.save(update_fields=["status", "closed", "respond_by", "merged_into"])
        said = {"from": before, "status": str(seen.status), "into": other.pk, **note_detail(note)}
        tell(home, seen, Kind.CASE_MERGED, by=by, now=now, detail=said)
        leaks = sorted(seen.leaks.values_list("pk", flat=True))
        tell(home, other, Kind.CASE_MERGED, by=by, now=now, detail={"merged": seen.pk, "leaks_added": leaks})
