"""Uploading drafts: many at once from a plain form, or one after the other from ``upload.js`` with progress."""

from dataclasses import asdict, dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tidemark.errors import LimitExceeded, TidemarkError
from tidemark.limits import MAX_FILE_BYTES
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.connect import current_home
from tidemark.records.projects.models import Draft, Label, Project
from tidemark.records.projects.upload import upload_draft
from tidemark.web.accounts.signed_in import signed_in
from tidemark.web.projects.access import as_told, owners_project, require


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file."""

    name: str
    is_taken: bool
    message: str
    href: str = ""


@login_required
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the files of the form, each on its own: one that is refused keeps none of the others back."""
    project = owners_project(request, pk)
    require(signed_in(request), Act.MANAGE_PROJECTS)
    outcomes: list[Outcome] = []
    if request.method == "POST":
        status, label = request.POST.get("status", Draft.Status.BIDDING), request.POST.get("label", project.label)
        files = request.FILES.getlist("files")
        outcomes = [_take(project, file, signed_in(request), status=status, label=label) for file in files]
        if request.accepts("application/json") and not request.accepts("text/html"):
            is_whole = bool(outcomes) and all(outcome.is_taken for outcome in outcomes)
            return JsonResponse({"files": [asdict(each) for each in outcomes]}, status=200 if is_whole else 422)
    context = {
        "project": project,
        "outcomes": outcomes,
        "statuses": Draft.Status.choices,
        "labels": Label.choices,
        "limit_mb": MAX_FILE_BYTES >> 20,
    }
    return render(request, "projects/upload.html", context)


def _take(project: Project, file: "UploadedFile[Any]", person: Person, *, status: str, label: str) -> Outcome:
    name = file.name or ""
    try:
        if (file.size or 0) > MAX_FILE_BYTES:  # before all of it is brought into memory
            raise LimitExceeded(_("The file is larger than %(limit)d MB.") % {"limit": MAX_FILE_BYTES >> 20})
        made = upload_draft(
            current_home(),
            project=project,
            name=name,
            data=file.read(),
            by=person,
            now=timezone.now(),
            status=status,
            label=label,
        )
    except TidemarkError as refused:
        return Outcome(name, False, as_told(refused))
    taken = _("Taken as revision %(revision)d.") % {"revision": made.revision}
    return Outcome(made.file_name, True, taken, reverse("draft", args=[made.pk]))
