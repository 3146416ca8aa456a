"""Cases as the owner's people see them: the list, and the page of one."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from tidemark.records import blobs
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act, Role, allowed
from tidemark.records.cases.accusable import accusables, own_copies
from tidemark.records.cases.history import Happening, entries_of, lines
from tidemark.records.cases.late import is_duty_late, is_late, late_cases
from tidemark.records.cases.models import OPEN, Allegation, Case, CaseFile, Intent
from tidemark.records.cases.notes import state_of
from tidemark.records.cases.open import SEVERITIES
from tidemark.records.cases.status import has_open_allegation, next_by_hand
from tidemark.records.cases.stopped import stopped
from tidemark.records.connect import current_home
from tidemark.records.dossier.export import Form
from tidemark.records.dossier.gather import persons_named
from tidemark.records.dossier.happened import happened
from tidemark.records.leaks.glance import similar
from tidemark.records.parties.models import Party
from tidemark.records.projects.models import Project
from tidemark.records.sanctions.models import Sanction
from tidemark.records.sightings.models import Sighting
from tidemark.web.cases.access import case_or_404, worker
from tidemark.web.cases.seen import claims_of, laid, leaks_of
from tidemark.web.cases.words import state_colour, status_colour
from tidemark.web.downloads import attachment
from tidemark.web.posted import number_of
from tidemark.web.sanctions.pages import lines_of_case
from tidemark.web.statements.words import state_colour as statement_colour

A_PAGE = 50
EVENTS = 200
"""How much of a timeline is shown at once, the latest; older entries are in the ledger."""
LAID = 8
"""Leaks that are shown laid on their drafts, the strongest; the others are on their own pages."""


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the timeline."""

    event: Happening
    text: str
    note: str


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """List cases, by status, project, who works on them, and whether they are late."""
    person, now = worker(request), timezone.now()
    asked = {name: request.GET.get(name, "") for name in ("status", "project", "assignee")}
    found = filtered(Case.objects.visible_to(person), **asked, person=person, now=now)
    found = found.select_related("project", "assignee", "merged_into").annotate(
        leak_count=Count("leaks", distinct=True),
        open_allegations=Count("allegations", filter=Q(allegations__state__in=OPEN), distinct=True),
    )
    shown = Paginator(found.order_by("-opened", "-number"), A_PAGE).get_page(request.GET.get("page"))
    tabs = [("", pgettext("cases", "Open")), ("overdue", _("Overdue"))]
    tabs += [(status.value, str(status.label).capitalize()) for status in Case.Status]
    context = {
        "shown": shown,
        "rows": [
            {"case": case, "colour": status_colour(case.status), "is_late": is_late(case, now=now)} for case in shown
        ],
        "tabs": [*tabs, ("all", _("All"))],
        **asked,
        "projects": Project.objects.filter(cases__isnull=False).distinct(),
        "assignees": workers(),
        "may_handle": person.may(Act.HANDLE_CASES),
    }
    return render(request, "cases/index.html", context)


def filtered(
    found: QuerySet[Case], *, status: str, project: str, assignee: str, person: Person, now: datetime
) -> QuerySet[Case]:
    """Return the cases that are asked for; '' stands for all that are not closed."""
    if status == "overdue":
        found = found.filter(pk__in=late_cases(now=now))
    elif status in Case.Status.values:
        found = found.filter(status=status)
    elif status != "all":
        found = found.exclude(status=Case.Status.CLOSED)
    if number_of(project):
        found = found.filter(project=number_of(project))
    if assignee == "me":
        found = found.filter(assignee=person)
    elif assignee == "nobody":
        found = found.filter(assignee=None)
    elif assignee:
        found = found.filter(assignee=assignee)
    return found


@login_required
@require_GET
def page(request: HttpRequest, pk: str) -> HttpResponse:
    """Show one case: what the traces say, who answers, what was done."""
    person, now = worker(request), timezone.now()
    case = case_or_404(person, pk)
    parties, leads = accusables(case), accusables(case, is_accused=False)
    accused = {each.party for each in parties}
    to_override = [each for each in leads if each.allegation is None and each.party not in accused]
    stands_open = has_open_allegation(case)
    steps = next_by_hand(case)
    leaks = leaks_of(case)
    laid_on = laid(leaks) if person.may(Act.SEE_EVIDENCE) else []
    allegations = list(case.allegations.select_related("party", "plan").order_by("created"))
    gone = stopped(allegations)
    context = {
        "case": case,
        "colour": status_colour(case.status),
        "is_late": is_late(case, now=now),
        "is_closed": case.status == Case.Status.CLOSED,
        "leaks": leaks,
        "laid": laid_on[:LAID],
        "laid_more": len(laid_on[LAID:]),
        "may_see_drafts": person.may(Act.SEE_EVIDENCE),
        "similar": similar(*(each.seen for each in leaks)) if leaks else [],
        "sightings": Sighting.objects.visible_to(person).filter(case=case),
        "claims": claims_of(parties, allegations),
        "leads": claims_of(leads, allegations),
        "own": own_copies(case),
        "allegations": [
            {"row": row, "colour": state_colour(row.state), "stopped": gone.get(row.pk)} for row in allegations
        ],
        "sanctions": lines_of_case(case),
        "to_sanction": case.allegations.filter(state=Allegation.State.FINAL)
        .exclude(pk__in=gone)
        .exclude(sanctions__state__in=[state for state in Sanction.State if state != Sanction.State.WITHDRAWN])
        .select_related("party"),
        "statements": [
            {"row": row, "colour": statement_colour(row.state)} for row in case.statements.order_by("created", "pk")
        ],
        "may_state": person.may(Act.STATE) and case.merged_into is None,
        "may_say_final": any(row.state == Allegation.State.FINAL and row.pk not in gone for row in allegations),
        "to_prepare": [each for each in parties if each.allegation is None],
        "to_override": to_override,
        "other_parties": _but({*accused, *(each.party for each in to_override)}),
        "timeline": timeline(case),
        "notes": case.notes.select_related("person").order_by("-time"),
        "duties": [
            {"row": duty, "is_late": is_duty_late(duty, now=now), "shown": state_of(duty)}
            for duty in case.duties.select_related("assignee", "done_by").order_by("done", "due", "created")
        ],
        "files": case.files.select_related("person"),
        "intents": case.intents.select_related("person").order_by("-time", "-id"),
        "intent_kinds": Intent.Kind.choices,
        "merged": case.merged.order_by("number"),
        "stands_open": stands_open,
        "steps": [(step.value, _STEPS[step]() if case.status != Case.Status.CLOSED else _("Reopen")) for step in steps],
        "needs_reason": {Case.Status.CLOSED.value} if case.status != Case.Status.CLOSED else set(Case.Status.values),
        "severities": [(each, _severity(each)) for each in SEVERITIES],
        "workers": workers(),
        "others": Case.objects.exclude(status=Case.Status.CLOSED).exclude(pk=case.pk).order_by("-opened")[:A_PAGE],
        "forms": Form.choices if person.may(Act.EXPORT_CASES) and case.merged_into is None else [],
        "may_see_ledger": person.may(Act.SEE_LEDGER),
        "may_handle": person.may(Act.HANDLE_CASES) and case.merged_into is None,
        "may_note": person.may(Act.NOTE_CASES) and case.merged_into is None,
        "may_allege": person.may(Act.ALLEGE) and case.status not in (Case.Status.CLOSED, Case.Status.REPORTED),
        "may_judge": (person.may(Act.ALLEGE) or person.may(Act.HANDLE_CASES)) and case.status != Case.Status.CLOSED,
    }
    return render(request, "cases/page.html", context)


@login_required
@require_GET
def file(request: HttpRequest, pk: str, file: str) -> HttpResponse:
    """Hand out a file of the case, to be saved."""
    case = case_or_404(worker(request), pk)
    found = get_object_or_404(CaseFile, pk=file, case=case)
    data = blobs.get(current_home(), blobs.Shelf.CASES, found.file_sha256)
    return attachment(data, found.file_name, otherwise="file")


def timeline(case: Case) -> list[Told]:
    """Return what happened, the latest first, each with what somebody wrote down for it: a reason, a note, a task."""
    told = lines(case, entries_of(case).reverse()[:EVENTS])
    names = persons_named(told)
    written = (
        {("note", str(note.pk)): note.text for note in case.notes.all()}
        | {("duty", str(duty.pk)): duty.title for duty in case.duties.all()}
        | {("file", str(file.pk)): file.file_name for file in case.files.all()}
    )
    return [Told(each, happened(each, names), each.why or _beside(each, written)) for each in told]


def _beside(line: Happening, written: Mapping[tuple[str, str], str]) -> str:
    """Return what was written of what a line speaks of; '' if nothing was."""
    spoken_of = ((name, str(value)) for name, value in line.detail.items())
    return next((written[each] for each in spoken_of if each in written), "")


def workers() -> QuerySet[Person]:
    """Return the owner's people who can be asked to work on a case."""
    roles = [role for role in Role if Act.NOTE_CASES in allowed((role,))]
    return Person.objects.filter(party__is_owner=True, is_active=True, grants__role__in=roles).distinct()


def _but(parties: Collection[Party]) -> QuerySet[Party]:
    """Return all parties but the owner and these."""
    return Party.objects.filter(is_owner=False).exclude(pk__in=[each.pk for each in parties]).order_by("name")


def _severity(word: str) -> str:
    return {"low": _("low"), "medium": _("medium"), "high": _("high")}[word]


_STEPS = {
    Case.Status.INVESTIGATING: lambda: _("Take it up"),
    Case.Status.DECIDED: lambda: pgettext("step", "Decided"),
    Case.Status.RECTIFYING: lambda: _("Rectification begins"),
    Case.Status.CLOSED: lambda: _("Close"),
}
