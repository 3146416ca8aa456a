"""What is done with sightings: record, change, compare again, turn into a leak and back, link to a case."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tidemark.errors import Refused, TidemarkError
from tidemark.limits import MAX_FILE_BYTES
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.agreements.documents import Document
from tidemark.records.cases.models import Case
from tidemark.records.connect import current_home
from tidemark.records.leaks.models import Leak
from tidemark.records.sightings.link import link_case
from tidemark.records.sightings.match import match_again
from tidemark.records.sightings.models import Sighting
from tidemark.records.sightings.record import change_sighting, record_sighting
from tidemark.records.sightings.turn import turn_into_leak, turn_into_sighting
from tidemark.web.doing import do
from tidemark.web.leaks.access import reader
from tidemark.web.projects.access import as_told
from tidemark.web.sightings.forms import RecordForm, ShownForm, TurnForm
from tidemark.web.sightings.views import index_context, page_context, sighting_for


@login_required
@require_POST
def record(request: HttpRequest) -> HttpResponse:
    """Record a photograph of a vehicle."""
    person = reader(request, Act.HANDLE_LEAKS)
    form = RecordForm(request.POST, request.FILES, person=person)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            if (file.size or 0) > MAX_FILE_BYTES:
                raise Refused(_("A file has at most %(most)d MB. Make it smaller.") % {"most": MAX_FILE_BYTES >> 20})
            made = record_sighting(
                current_home(),
                Document(file.name or "", file.read()),
                form.shown(),
                form.origin(),
                by=person,
                now=timezone.now(),
            )
            messages.success(request, _("The photograph is kept unchanged and in the ledger."))
            return redirect("sighting", made.pk)
        except TidemarkError as refused:
            form.add_error(None, as_told(refused))
    return render(request, "sightings/index.html", index_context(request, person, form=form), status=422)


@login_required
@require_POST
def change(request: HttpRequest, pk: str) -> HttpResponse:
    """Write down what is known better now."""
    person, row = sighting_for(request, pk, Act.HANDLE_LEAKS)
    form = ShownForm(request.POST, person=person)
    if form.is_valid():
        try:
            change_sighting(current_home(), row, form.shown(), by=person, now=timezone.now())
            messages.success(request, _("It is written down. What was said before stays in the ledger."))
            return redirect("sighting", row.pk)
        except Refused as refused:
            form.add_error(None, str(refused))
    return render(request, "sightings/page.html", page_context(person, row, form=form), status=422)


@login_required
@require_POST
def compare(request: HttpRequest, pk: str) -> HttpResponse:
    """Have it compared with the drafts again."""
    return do(
        request,
        sighting_for(request, pk, Act.HANDLE_LEAKS),
        lambda row, by: match_again(current_home(), row, by=by, now=timezone.now()),
        _("It is compared with the drafts again."),
        "sighting",
    )


@login_required
@require_POST
def turn(request: HttpRequest, pk: str) -> HttpResponse:
    """Go on with it as a leak."""
    person, row = sighting_for(request, pk, Act.HANDLE_LEAKS)
    try:
        leak = turn_into_leak(current_home(), row, why=request.POST.get("why", ""), by=person, now=timezone.now())
    except TidemarkError as refused:
        messages.error(request, as_told(refused))
        return redirect("sighting", row.pk)
    messages.success(request, _("It goes on as a leak, and is traced. The sighting points here."))
    return redirect("leak", leak.pk)


@login_required
@require_POST
def turn_leak(request: HttpRequest, pk: str) -> HttpResponse:
    """Go on with a leak as a sighting."""
    person = reader(request, Act.HANDLE_LEAKS)
    leak = get_object_or_404(Leak.objects.visible_to(person), pk=pk)
    form = TurnForm(request.POST, person=person)
    if not form.is_valid():
        for name, errors in form.errors.items():
            messages.error(request, f"{form.fields[name].label}: {' '.join(map(str, errors))}")
        return redirect("leak", leak.pk)
    try:
        why = form.cleaned_data["why"]
        made = turn_into_sighting(current_home(), leak, form.shown(), why=why, by=person, now=timezone.now())
    except TidemarkError as refused:
        messages.error(request, as_told(refused))
        return redirect("leak", leak.pk)
    messages.success(request, _("It goes on as a sighting. The leak stays on record."))
    return redirect("sighting", made.pk)


@login_required
@require_POST
def link(request: HttpRequest, pk: str) -> HttpResponse:
    """Say to which case it belongs, or to none."""
    chosen = request.POST.get("case", "")

    def act(row: Sighting, by: Person) -> None:
        case = get_object_or_404(Case.objects.visible_to(by), pk=chosen) if chosen else None
        link_case(current_home(), row, case, by=by, now=timezone.now())

    return do(request, sighting_for(request, pk, Act.HANDLE_CASES), act, _("Both timelines say so."), "sighting")
