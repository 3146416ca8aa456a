"""The overview for management: exposure, time to attribution, what is overdue, money, parties by case history."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.utils import timezone

from tidemark.api.callers import caller, refuse_unless
from tidemark.api.operations import Subject
from tidemark.api.overview_out import (
    AttributedOut,
    ExposureOut,
    HistoryOut,
    HoldingOut,
    MedianOut,
    OverdueOut,
    OverviewOut,
    SumsOut,
    WaitingOut,
)
from tidemark.api.pages import Asked, Page, Paging, Row, RowId, find, part
from tidemark.api.problems import missing
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.overview import overdue
from tidemark.records.overview.attribution import attribution
from tidemark.records.overview.basis import basis
from tidemark.records.overview.exposure import exposures
from tidemark.records.overview.histories import histories
from tidemark.records.overview.holders import holders, places
from tidemark.records.overview.money import money
from tidemark.records.projects.models import Project

overview = Subject("overview")

WAITING_SHOWN = 20
"""Of the leaks that wait, the longest; whoever reads more of them works on the list of leaks."""


@overview.reads("/overview", OverviewOut)
def get_overview(request: HttpRequest) -> OverviewOut:
    """Exposure per project, medians of attribution, how much is overdue, money by currency."""
    _viewer(request)
    now = timezone.now()
    times, known = attribution(), basis(now=now)
    late = overdue.all_late(now=now, by=known)
    return OverviewOut(
        at=now,
        projects=[ExposureOut.of(each) for each in exposures(known.unbound, now=now)],
        attributed=times.count,
        medians=[MedianOut.of(each) for each in times.medians],
        waiting=[WaitingOut.of(each) for each in times.waiting[:WAITING_SHOWN]],
        waiting_count=len(times.waiting),
        overdue={subject.value: sum(each.subject is subject for each in late) for subject in overdue.Subject},
        money=[SumsOut.of(each) for each in money(now=now, by=known)],
    )


@overview.reads("/overview/projects/{project_id}", Page[HoldingOut])
def list_holders(request: HttpRequest, project_id: RowId, asked: Asked) -> object:
    """Who holds what of a project, to the last tier, in the order of its supply tree."""
    viewer, now = _viewer(request), timezone.now()
    project = find(Project.objects.visible_to(viewer), project_id)
    found = holders(project, _slice(places(project, viewer, now=now), asked), now=now)
    return part(request, found, asked, HoldingOut.of)


@overview.reads("/overview/attribution", Page[AttributedOut])
def list_attributed(request: HttpRequest, asked: Asked) -> object:
    """How long each attribution took, step by step, the latest first; those that were taken back last, by title."""
    _viewer(request)
    return part(request, _slice(attribution().leaks, asked), asked, AttributedOut.of)


@overview.reads("/overview/overdue", Page[OverdueOut])
def list_overdue(request: HttpRequest, asked: Asked) -> object:
    """Everything that is overdue now, the longest first; what follows from a stopped allegation rests, and is not."""
    _viewer(request)
    return part(request, _slice(overdue.all_late(now=timezone.now()), asked), asked, OverdueOut.of)


@overview.reads("/overview/parties", Page[HistoryOut])
def list_histories(request: HttpRequest, asked: Asked) -> object:
    """Parties to which anything was put, by case history.

    What was withdrawn is told apart and counts in nothing; a party of whom nothing stands comes last.
    """
    _viewer(request)
    return part(request, _slice(histories(), asked), asked, HistoryOut.of)


def _viewer(request: HttpRequest) -> Person:
    """Return who asks; to other parties' people there is no overview."""
    person = caller(request).person
    if not person.is_owners:
        raise missing()
    refuse_unless(person, Act.SEE_CASES)
    return person


def _slice(rows: Sequence[Row], asked: Paging) -> Sequence[Row]:
    """Return the rows of the page that is asked for, and one more if there is one."""
    return rows[asked.offset : asked.offset + asked.limit + 1]
