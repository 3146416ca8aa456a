"""Copies: looked at, downloaded with their receipts, revoked."""

from datetime import datetime
from typing import Annotated

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Schema
from pydantic import Field

from tidemark.api.callers import caller
from tidemark.api.files import attachment
from tidemark.api.forms import DraftRef, PartyOut, PersonRef, ProjectRef
from tidemark.api.operations import FILE, Subject
from tidemark.api.pages import Asked, Id, Name, Page, RowId, find, named_all, page
from tidemark.api.problems import missing
from tidemark.api.sent import Sent
from tidemark.errors import UnknownCopy
from tidemark.limits import MAX_COPIES_A_REQUEST
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.connect import current_home
from tidemark.records.copies.download import download
from tidemark.records.copies.models import Copy, Download
from tidemark.records.copies.revoke import children_of, revoke
from tidemark.records.ledger.receipts import receipt_of_copy

copies = Subject("copies")


class RevocationIn(Sent):
    """Copies that nobody may download any more."""

    copies: Annotated[list[Id], Field(min_length=1, max_length=MAX_COPIES_A_REQUEST)]
    why: Name
    with_children: bool = Field(False, description="Whether their child copies are revoked as well.")


class RevocationOut(Schema):
    """What a revocation did."""

    copies: list[str] = Field(description="Those that are closed now and were not before.")
    open_children: list[str] = Field(description="Child copies, at any depth, that are still open.")


class CopyOut(Schema):
    """The individually marked file that one holder got of one draft."""

    id: str
    draft: DraftRef
    project: ProjectRef | None
    holder: PartyOut
    person: PersonRef | None
    state: str
    file_name: str
    sha256: str | None = Field(description="Null until the file is made.")
    size_bytes: int | None
    has_overlay: bool
    is_master: bool
    agreement: str | None
    parent: str | None = Field(description="Of which it is a child copy, as far as the caller may see that one.")
    responsible: PartyOut | None = Field(description="Who answers for it; for that party, and the owner's people.")
    release: str | None = Field(description="For the owner's people.")
    note: str = Field(description="What the owner wrote to the receivers; for them, and the owner's people.")
    created: datetime
    released: datetime | None
    expires: datetime | None
    revoked: datetime | None
    revoked_why: str
    fault: str = Field(description="Why it could not be made; for the owner's people.")

    @classmethod
    def seen_by(cls, person: Person, copy: Copy) -> "CopyOut":
        is_owners, party = person.is_owners, person.party_id
        sees_parent = copy.parent is not None and (is_owners or copy.parent.holder_id == party)
        sees_responsible = copy.responsible is not None and (is_owners or copy.responsible_id == party)
        sees_agreement = is_owners or (
            copy.agreement is not None and party in (copy.agreement.discloser_id, copy.agreement.recipient_id)
        )
        return cls(
            id=copy.id,
            draft=DraftRef.of(copy.draft),
            project=ProjectRef.of(copy.draft.project) if copy.draft.project else None,
            holder=PartyOut.of(copy.holder),
            person=PersonRef.of(copy.person) if copy.person else None,
            state=copy.state,
            file_name=copy.file_name,
            sha256=copy.sha256,
            size_bytes=copy.size_bytes,
            has_overlay=copy.has_overlay,
            is_master=copy.is_master,
            agreement=copy.agreement_id if sees_agreement else None,
            parent=copy.parent_id if sees_parent else None,
            responsible=PartyOut.of(copy.responsible) if copy.responsible and sees_responsible else None,
            release=copy.release_id if is_owners else None,
            note=copy.release.note if copy.release and (is_owners or copy.person_id == person.pk) else "",
            created=copy.created,
            released=copy.released,
            expires=copy.expires,
            revoked=copy.revoked,
            revoked_why=copy.revoked_why,
            fault=copy.fault if is_owners else "",
        )


class WholeCopyOut(CopyOut):
    """A copy, and what was made from it for sub-vendors."""

    open_children: list[str] = Field(
        description="Child copies, at any depth, that are open or being made, as far as the caller may see them."
    )


class DownloadOut(Schema):
    """One download; the ledger has it."""

    person: PersonRef
    time: datetime
    ledger_index: int

    @classmethod
    def of(cls, row: Download) -> "DownloadOut":
        return cls(person=PersonRef.of(row.person), time=row.time, ledger_index=row.leaf_index)


def seen_copies(person: Person) -> QuerySet[Copy]:
    """Return the copies that a person may see, with what an answer shows of them."""
    rows = Copy.objects.visible_to(person)
    return rows.select_related("draft__project", "holder", "person", "parent", "responsible", "agreement", "release")


@copies.reads("/copies", Page[CopyOut])
def list_copies(
    request: HttpRequest,
    asked: Asked,
    project: RowId | None = None,
    draft: Id | None = None,
    holder: RowId | None = None,
    person: Id | None = None,
    parent: Id | None = None,
    release: Id | None = None,
    state: Copy.State | None = None,
    is_revoked: bool | None = None,
) -> object:
    """Copies that the caller may see: the owner's people all, a contact the own party's and those below it."""
    viewer = caller(request).person
    wanted = {"draft__project_id": project, "draft_id": draft, "holder_id": holder, "person_id": person, "state": state}
    if viewer.is_owners:
        wanted["release_id"] = release
    rows = seen_copies(viewer).filter(**{name: value for name, value in wanted.items() if value is not None})
    if parent is not None:
        rows = rows.filter(parent__in=Copy.objects.visible_to(viewer).filter(pk=parent))
    if is_revoked is not None:
        rows = rows.filter(revoked__isnull=not is_revoked)
    return page(request, rows.order_by("-created", "pk"), asked, lambda row: CopyOut.seen_by(viewer, row))


@copies.reads("/copies/{copy_id}", WholeCopyOut)
def get_copy(request: HttpRequest, copy_id: Id) -> WholeCopyOut:
    """One copy, and which child copies below it are open: whoever revokes it says whether they are revoked as well."""
    person = caller(request).person
    known = find(seen_copies(person), copy_id)
    below = Copy.objects.visible_to(person).filter(pk__in=children_of([known.pk], now=timezone.now()))
    children = sorted(below.values_list("pk", flat=True))
    return WholeCopyOut(**CopyOut.seen_by(person, known).dict(), open_children=children)


@copies.reads("/copies/{copy_id}/receipt", None, media_type=FILE)
def get_copy_receipt(request: HttpRequest, copy_id: Id) -> HttpResponse:
    """The receipt of a copy: its entry in the ledger, with the proof that it is there."""
    who = caller(request)
    known = find(Copy.objects.visible_to(who.person), copy_id)
    if who.person.is_owners:
        who.must(Act.SEE_LEDGER)
    try:
        data = receipt_of_copy(current_home(), known.id)
    except UnknownCopy:  # it is still being made
        raise missing() from None
    return attachment(data, file_name=f"{known.id}.receipt")


@copies.reads("/copies/{copy_id}/downloads", Page[DownloadOut])
def list_downloads(request: HttpRequest, copy_id: Id, asked: Asked) -> object:
    """Downloads of a copy, the newest first."""
    known = find(Copy.objects.visible_to(caller(request).person), copy_id)
    rows = known.downloads.select_related("person").order_by("-time", "-pk")
    return page(request, rows, asked, DownloadOut.of)


@copies.does("POST", "/copies/{copy_id}/downloads", Act.DOWNLOAD, None, media_type=FILE)
def download_copy(request: HttpRequest, copy_id: Id) -> HttpResponse:
    """Download a copy that was made for the caller.

    The ledger says so before the first byte leaves; that is why it is no GET.
    """
    who = caller(request)
    known = find(Copy.objects.visible_to(who.person).select_related("draft__project", "holder"), copy_id)
    who.must(Act.DOWNLOAD)
    handed = download(current_home(), known, by=who.person, now=timezone.now())
    return attachment(handed.data, file_name=handed.file_name)


@copies.does("POST", "/revocations", Act.RELEASE, RevocationOut)
def revoke_copies(request: HttpRequest, sent: RevocationIn) -> RevocationOut:
    """Revoke copies: they cannot be downloaded any more. Those that are closed already stay as they are."""
    who = caller(request)
    who.must(Act.RELEASE)
    chosen = named_all(Copy.objects.visible_to(who.person), sent.copies, at="copies")
    done = revoke(
        current_home(), chosen, by=who.person, why=sent.why, now=timezone.now(), with_children=sent.with_children
    )
    return RevocationOut(copies=sorted(done.copies), open_children=list(done.open_children))
