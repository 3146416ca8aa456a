"""A draft's page, its pictures, its status and label, its drill."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tidemark.errors import Refused, TidemarkError
from tidemark.records.accounts.roles import Act
from tidemark.records.connect import current_home
from tidemark.records.copies.models import Copy
from tidemark.records.projects.drafts import load_original
from tidemark.records.projects.drill import order_drill
from tidemark.records.projects.edit import classify_draft
from tidemark.records.projects.models import Draft, DrillRun
from tidemark.records.projects.preview import LARGE_PX, THUMB_PX, preview
from tidemark.records.projects.verdict import verdict
from tidemark.web.accounts.signed_in import signed_in
from tidemark.web.copies.lines import lines_of
from tidemark.web.projects.access import owners_draft, page_of, require, rights
from tidemark.web.projects.forms import ClassifyForm


@login_required
@require_safe
def draft(request: HttpRequest, pk: str) -> HttpResponse:
    """All that is known of one revision of a draft."""
    found = owners_draft(request, pk)
    run = DrillRun.objects.filter(draft=found).first()
    copies = Copy.objects.filter(draft=found, is_master=False).order_by("-created", "id")
    page = page_of(copies.only("pk"), request)
    context = {
        "draft": found,
        "project": found.project,
        "revisions": Draft.objects.filter(project=found.project, file_name=found.file_name).order_by("-revision"),
        "run": run,
        "verdict": verdict(run.results) if run is not None else None,
        "page": page,
        "lines": lines_of(page, at=timezone.now()),
        "form": ClassifyForm(initial={"status": found.status, "label": found.label}),
    } | rights(signed_in(request))
    if request.headers.get("HX-Target") == "drill":
        return render(request, "drafts/drill.html", context)
    return render(request, "drafts/draft.html", context)


@login_required
@require_safe
def picture(request: HttpRequest, pk: str, side_px: int) -> HttpResponse:
    """A preview made from the original: for those who may see originals."""
    found = owners_draft(request, pk)
    require(signed_in(request), Act.SEE_ORIGINALS)
    if side_px not in (THUMB_PX, LARGE_PX):
        raise Http404
    home = current_home()
    try:
        data = preview(home, found.sha256, side_px=side_px, load=lambda: load_original(home, found))
    except TidemarkError:  # gone or damaged: `tidemark check` says which, a picture cannot
        raise Http404 from None
    return picture_response(data)


@login_required
@require_safe
def original(request: HttpRequest, pk: str) -> HttpResponse:
    """The draft's own bytes: always to be saved, never to be shown by the browser."""
    found = owners_draft(request, pk)
    require(signed_in(request), Act.SEE_ORIGINALS)
    return attachment(load_original(current_home(), found), found.file_name)


@login_required
@require_POST
def classify(request: HttpRequest, pk: str) -> HttpResponse:
    """Change status and label."""
    found = owners_draft(request, pk)
    require(signed_in(request), Act.MANAGE_PROJECTS)
    form = ClassifyForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused(_("Choose a status and a label from the lists."))
        classify_draft(current_home(), found, by=signed_in(request), now=timezone.now(), **form.cleaned_data)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Saved."))
    return redirect("draft", found.pk)


@login_required
@require_POST
def drill(request: HttpRequest, pk: str) -> HttpResponse:
    """Run the drill once more, from the beginning."""
    found = owners_draft(request, pk)
    require(signed_in(request), Act.MANAGE_PROJECTS)
    order_drill(found, now=timezone.now(), again=True, by=signed_in(request))
    return redirect("draft", found.pk)


def picture_response(data: bytes) -> HttpResponse:
    """Return a JPEG of ours. It is confidential: no cache keeps it after the person has signed out."""
    return HttpResponse(data, content_type="image/jpeg", headers={"Cache-Control": "private, no-store"})


def attachment(data: bytes, file_name: str, content_type: str = "application/octet-stream") -> HttpResponse:
    """Return a file to be saved under this name, whatever it holds: nothing that was handed in is ever shown inline."""
    disposition = content_disposition_header(as_attachment=True, filename=file_name) or "attachment"
    headers = {
        "Content-Disposition": disposition,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(data, content_type=content_type, headers=headers)
