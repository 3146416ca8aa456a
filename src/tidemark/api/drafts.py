"""Drafts: the owner's originals. Nobody else sees one; suppliers see their copies."""

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from ninja import File, Form
from ninja.files import UploadedFile

from tidemark.api.callers import caller
from tidemark.api.files import document_of
from tidemark.api.forms import DraftRef, ProjectRef
from tidemark.api.operations import FORM, Subject
from tidemark.api.pages import Asked, Id, Page, RowId, find, page
from tidemark.api.sent import Sent
from tidemark.limits import MAX_FILE_BYTES
from tidemark.records.accounts.roles import Act
from tidemark.records.connect import current_home
from tidemark.records.projects.edit import classify_draft
from tidemark.records.projects.models import Draft, Label, Project
from tidemark.records.projects.upload import upload_draft

drafts = Subject("drafts")


class DraftIn(Sent):
    """A draft's status and label."""

    status: Draft.Status
    label: Label


class DraftOut(DraftRef):
    """One confidential file at one revision."""

    project: ProjectRef | None
    label: str
    carrier: str
    sha256: str
    size_bytes: int
    created: datetime

    @classmethod
    def of_row(cls, draft: Draft) -> "DraftOut":
        return cls(
            **DraftRef.of(draft).dict(),
            project=ProjectRef.of(draft.project) if draft.project else None,
            label=draft.label,
            carrier=draft.carrier,
            sha256=draft.sha256,
            size_bytes=draft.size_bytes,
            created=draft.created,
        )


@drafts.reads("/projects/{project_id}/drafts", Page[DraftOut])
def list_drafts(request: HttpRequest, project_id: RowId, asked: Asked, status: Draft.Status | None = None) -> object:
    """Drafts of a project, for the owner's people."""
    person = caller(request).person
    known = find(Project.objects.visible_to(person), project_id)
    rows = Draft.objects.visible_to(person).filter(project=known)
    if status is not None:
        rows = rows.filter(status=status)
    return page(
        request, rows.select_related("project").order_by("file_name", "-revision", "pk"), asked, DraftOut.of_row
    )


@drafts.reads("/drafts/{draft_id}", DraftOut)
def get_draft(request: HttpRequest, draft_id: Id) -> DraftOut:
    """One draft, for the owner's people."""
    rows = Draft.objects.visible_to(caller(request).person).select_related("project")
    return DraftOut.of_row(find(rows, draft_id))


@drafts.does("POST", "/projects/{project_id}/drafts", Act.MANAGE_PROJECTS, DraftOut, status=201, body=FORM)
def upload(
    request: HttpRequest,
    project_id: RowId,
    file: File[UploadedFile],
    status: Form[Draft.Status] = Draft.Status.BIDDING,
    label: Form[Label | None] = None,
) -> DraftOut:
    """Upload a file as a draft. Other bytes under a file name on record become its next revision."""
    who = caller(request)
    known = find(Project.objects.visible_to(who.person), project_id)
    who.must(Act.MANAGE_PROJECTS)
    document = document_of(file, most_bytes=MAX_FILE_BYTES)
    draft = upload_draft(
        current_home(),
        project=known,
        name=document.name,
        data=document.data,
        by=who.person,
        now=timezone.now(),
        label=label,
        status=status,
    )
    return DraftOut.of_row(draft)


@drafts.does("PUT", "/drafts/{draft_id}", Act.MANAGE_PROJECTS, DraftOut)
def classify(request: HttpRequest, draft_id: Id, sent: DraftIn) -> DraftOut:
    """Give a draft another status or label."""
    who = caller(request)
    known = find(Draft.objects.visible_to(who.person), draft_id)
    who.must(Act.MANAGE_PROJECTS)
    said = {"status": sent.status, "label": sent.label}
    return DraftOut.of_row(classify_draft(current_home(), known, **said, by=who.person, now=timezone.now()))
