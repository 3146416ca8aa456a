"""Open a case, from one leak or several; the number is the next one of the year."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.ledger.entry import Kind
from tidemark.limits import MAX_NAME_CHARS
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.cases.grounds import open_case_of
from tidemark.records.cases.models import Case
from tidemark.records.cases.notes import refuse_unless
from tidemark.records.cases.status import set_due
from tidemark.records.cases.timeline import tell, writing
from tidemark.records.home import Home
from tidemark.records.leaks.models import Leak, Match
from tidemark.records.projects.models import Project
from tidemark.records.visible import readable

SEVERITIES = ("low", "medium", "high")


def open_case(
    home: Home,
    leaks: Collection[Leak],
    *,
    title: str,
    by: Person,
    now: datetime,
    project: Project | None = None,
    severity: str = "high",
) -> Case:
    """Open a case.

    Parameters
    ----------
    leaks : collection of Leak
        What it is about; it may be empty, where something was reported that nobody has a file of.
    project : Project or None
        By default the one whose drafts the leaks show, if it is one.

    Raises
    ------
    Refused
        If the person may not, or a leak belongs to another open case already.
    """
    refuse_unless(by, Act.HANDLE_CASES)
    refuse_other_severity(severity)
    words = title_of(title)
    with writing(home):
        refuse_taken(leaks)
        made = Case(
            number=next_number(now),
            title=words,
            project=project or project_of(leaks),
            severity=severity,
            opened=now,
            opened_by=by,
        )
        made.save(force_insert=True)
        set_due(made, since=now)
        made.save(update_fields=["respond_by"])
        made.leaks.set(leaks)
        said = {"leaks": sorted(leak.pk for leak in leaks), "severity": severity, "status": str(made.status)}
        tell(home, made, Kind.CASE_OPENED, by=by, now=now, detail=said)
    return made


def title_of(words: str) -> str:
    """Return a title as it is kept, on one line; raise Refused if there is none or it is too long."""
    title = " ".join(readable(words).split())
    if not title or len(title) > MAX_NAME_CHARS:
        raise Refused(_("Give the case a title, of at most %(most)d characters.") % {"most": MAX_NAME_CHARS})
    return title


def next_number(now: datetime) -> str:
    """Return the next number of the year, UTC. The caller holds the lock: no number is left out or given twice."""
    year = now.astimezone(UTC).year
    return f"{year}-{Case.objects.filter(number__startswith=f'{year}-').count() + 1:03d}"


def project_of(leaks: Collection[Leak]) -> Project | None:
    """Return the one project whose drafts the leaks were matched to; None if there is none, or several."""
    matched = Match.objects.filter(trace__post__leak__in=[leak.pk for leak in leaks])
    found = list(Project.objects.filter(pk__in=matched.values("draft__project")).distinct()[:2])
    return found[0] if len(found) == 1 else None


def refuse_taken(leaks: Collection[Leak], *, but: Case | None = None) -> None:
    """Raise Refused if a leak is in another open case, was joined to another leak, or goes on as a sighting."""
    if any(leak.is_sighting for leak in leaks):
        raise Refused(_("A leak that goes on as a sighting is put into no case. Link the sighting to the case."))
    if any(leak.joined_into_id for leak in leaks):
        raise Refused(_("A leak was joined to another and has no posts of its own any more. Choose the other one."))
    refuse_elsewhere(leaks, but=but)


def refuse_elsewhere(leaks: Iterable[Leak], *, but: Case | None) -> None:
    """Raise Refused if a leak is in another case that is not closed."""
    other = open_case_of(leaks, but=but)
    if other is not None:
        raise Refused(
            _("A leak is in case %(number)s already. Go on there, or merge the two.") % {"number": other.number}
        )


def refuse_other_severity(severity: str) -> None:
    """Raise Refused unless it is one of :data:`SEVERITIES`."""
    if severity not in SEVERITIES:
        raise Refused(_("The severity is low, medium or high."))
