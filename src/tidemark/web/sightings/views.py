"""All sightings, and one with its embargo check, the drafts that it shows, and what became of it."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tidemark.records import blobs
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.blobs import Shelf
from tidemark.records.cases.models import Case
from tidemark.records.connect import current_home
from tidemark.records.leaks.models import Channel, Leak, Poster
from tidemark.records.projects.models import Project
from tidemark.records.sightings.embargo import Judgement, judge
from tidemark.records.sightings.models import Sighting, SightingQuerySet, SightingRun
from tidemark.records.sightings.search import filtered, speaking, with_all
from tidemark.web.downloads import attachment
from tidemark.web.leaks.access import reader
from tidemark.web.leaks.files import jpeg
from tidemark.web.leaks.words import draft_text
from tidemark.web.sightings.forms import RecordForm, ShownForm, as_typed
from tidemark.web.sightings.words import COLOURS, happened

A_PAGE = 50
_MOST_CASES = 100


@dataclass(frozen=True, slots=True)
class Seen:
    """A sighting with what is to be said of it."""

    row: Sighting
    judgement: Judgement
    colour: str
    run: SightingRun | None


def seen(row: Sighting) -> Seen:
    """Judge a sighting that was read by ``with_all``."""
    judgement = judge(row)
    return Seen(row, judgement, COLOURS[judgement.outcome], speaking(row))


def sightings_for(person: Person) -> SightingQuerySet:
    """Return the sightings that somebody may see, with what pages show of them."""
    return with_all(Sighting.objects.visible_to(person))


def sighting_for(request: HttpRequest, pk: str, act: Act = Act.SEE_LEAKS) -> tuple[Person, Sighting]:
    """Return the person who asks, and the sighting with which a role of the person allows this act."""
    person = reader(request, act)
    return person, get_object_or_404(sightings_for(person), pk=pk)


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List sightings, the latest first, with a form to record one."""
    person = reader(request)
    return render(request, "sightings/index.html", index_context(request, person, form=RecordForm(person=person)))


def index_context(request: HttpRequest, person: Person, *, form: RecordForm) -> dict[str, object]:
    """Return what the list of sightings shows."""
    wanted = {name: request.GET.get(name, "").strip() for name in ("camouflage", "poster", "channel", "q")}
    project = request.GET.get("project", "")
    number = int(project) if project.isascii() and project.isdecimal() and len(project) < 18 else None
    is_turned = request.GET.get("turned") == "1"
    found = filtered(sightings_for(person).filter(turned_into__isnull=not is_turned), project=number, **wanted)
    page = Paginator(found.order_by("-received", "pk"), A_PAGE).get_page(request.GET.get("page"))
    return {
        "page": page,
        "rows": [seen(row) for row in page],
        "filters": [("", _("all")), *Sighting.Camouflage.choices],
        "projects": Project.objects.visible_to(person),
        "wanted": {**wanted, "project": number, "turned": is_turned},
        "poster": Poster.objects.filter(pk=wanted["poster"]).first() if wanted["poster"] else None,
        "channel": Channel.objects.filter(pk=wanted["channel"]).first() if wanted["channel"] else None,
        "form": form,
        "may_handle": person.may(Act.HANDLE_LEAKS),
    }


@login_required
@require_safe
def page(request: HttpRequest, pk: str) -> HttpResponse:
    """Show one sighting."""
    person, row = sighting_for(request, pk)
    return render(request, "sightings/page.html", page_context(person, row))


def page_context(person: Person, row: Sighting, *, form: ShownForm | None = None) -> dict[str, object]:
    """Return what the page of a sighting shows."""
    same = sightings_for(person).filter(file_sha256=row.file_sha256).exclude(pk=row.pk)
    meeting = sightings_for(person).filter(poster=row.poster).exclude(pk=row.pk) if row.poster else same.none()
    leaks = Leak.objects.visible_to(person).standing()
    run = speaking(row)
    return {
        "sighting": row,
        "seen": seen(row),
        "matches": [{"match": match, "said": draft_text(match.draft)} for match in run.matches.all()] if run else [],
        "running": next((each for each in row.runs.all() if not each.is_over), None),
        "events": [
            {"event": event, "said": happened(event)}
            for event in row.events.select_related("by").order_by("-time", "-id")
        ],
        "elsewhere": same[:A_PAGE],
        "meeting": meeting[:12],
        "leaks_of_poster": leaks.filter(posts__poster=row.poster).distinct()[:12] if row.poster else (),
        "as_leak": leaks.filter(posts__file_sha256=row.file_sha256).distinct(),
        "cases": Case.objects.visible_to(person).exclude(status=Case.Status.CLOSED)[:_MOST_CASES],
        "form": form or ShownForm(person=person, initial=as_typed(row)),
        "may_handle": person.may(Act.HANDLE_LEAKS) and row.is_open,
        "may_link": person.may(Act.HANDLE_CASES),
        "may_see_file": person.may(Act.SEE_EVIDENCE),
        "may_see_ledger": person.may(Act.SEE_LEDGER),
    }


@login_required
@require_safe
def picture(request: HttpRequest, pk: str, size: str) -> HttpResponse:
    """Show the photograph, drawn again: ``large`` or ``thumb``."""
    row = get_object_or_404(Sighting.objects.visible_to(reader(request)), pk=pk)
    return jpeg({"large": row.preview_sha256, "thumb": row.thumb_sha256}.get(size, ""))


@login_required
@require_safe
def photograph(request: HttpRequest, pk: str) -> HttpResponse:
    """Hand out the photograph as it was found, to be saved."""
    row = get_object_or_404(Sighting.objects.visible_to(reader(request, Act.SEE_EVIDENCE)), pk=pk)
    data = blobs.get(current_home(), Shelf.LEAKS, row.file_sha256)
    return attachment(data, row.file_name, otherwise="sighting")
