"""Sightings: photographs of prototypes in the wild. They are the owner's alone, and no copy is accused from one."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import File, Form, Schema
from ninja.files import UploadedFile
from pydantic import Field

from tidemark.api.callers import Caller, caller, refuse_unless
from tidemark.api.files import attachment, document_of
from tidemark.api.forms import DraftRef, PersonRef, ProjectRef
from tidemark.api.leaks import FileOriginIn, LeakOut, WhyIn, shown_leak
from tidemark.api.operations import FILE, FORM, Subject
from tidemark.api.pages import Asked, Id, Line, Moment, Page, RowId, Text, find, named, page
from tidemark.api.posts import seen_leaks
from tidemark.api.problems import missing
from tidemark.api.sent import Sent
from tidemark.api.sources import ChannelRef, PosterRef
from tidemark.limits import MAX_FILE_BYTES
from tidemark.records import blobs
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.blobs import Shelf
from tidemark.records.cases.models import Case
from tidemark.records.connect import current_home
from tidemark.records.projects.models import Project
from tidemark.records.sightings.embargo import judge
from tidemark.records.sightings.link import link_case
from tidemark.records.sightings.match import match_again
from tidemark.records.sightings.models import Sighting, SightingEvent, SightingQuerySet
from tidemark.records.sightings.record import Origin, Shown, change_sighting, record_sighting
from tidemark.records.sightings.search import filtered, speaking, with_all
from tidemark.records.sightings.turn import turn_into_leak, turn_into_sighting

sightings = Subject("sightings")


class ShownIn(Sent):
    """What a photograph shows, as far as somebody can tell."""

    vehicle: Annotated[Line, Field(min_length=1)]
    project: RowId | None = None
    camouflage: Sighting.Camouflage = Sighting.Camouflage.UNKNOWN
    place: Line = ""
    seen: Moment | None = Field(None, description="When it was taken.")
    drive: Sighting.Drive = Field(Sighting.Drive.UNKNOWN, description="Whether the test drive was planned.")
    permit: Line = Field("", description="Reference of the test-drive permit.")


class SightingIn(ShownIn, FileOriginIn):
    """What a photograph shows, and where it comes from."""


class TurnedIn(ShownIn, WhyIn):
    """What the photograph shows, and why it is no leaked file."""


class OwnCaseIn(Sent):
    """To which case it belongs; null for none."""

    case: Id | None


class ReasonOut(Schema):
    """One thing that the embargo check rests on."""

    code: str
    text: str
    outcome: str


class EmbargoOut(Schema):
    """Whether the vehicle may be seen so: past, in_order, unclear or breach, and why."""

    outcome: str
    reasons: list[ReasonOut]


class RunOut(Schema):
    """Which drafts it shows, and whether it shows a leaked file. It names no copy."""

    state: str
    fault: str
    has_mark: bool = Field(description="Then a leaked file was photographed: turn the sighting into a leak.")
    drafts: list[DraftRef]


class SightingOut(Schema):
    """A photograph of a prototype in the wild."""

    id: str
    vehicle: str
    project: ProjectRef | None
    camouflage: str
    place: str
    seen: datetime | None
    drive: str
    permit: str
    embargo: EmbargoOut
    file_sha256: str
    file_name: str
    size_bytes: int
    unreadable: str
    url: str
    platform: str
    poster: PosterRef | None
    channel: ChannelRef | None
    posted: datetime | None
    text: str
    found: str
    finder: str
    received: datetime
    case: str | None
    turned_from: str | None = Field(description="The leak that it was taken for.")
    turned_into: str | None = Field(description="The leak as which it goes on; null if it is a sighting.")
    run: RunOut | None

    @classmethod
    def of(cls, row: Sighting) -> "SightingOut":
        said, run = judge(row), speaking(row)
        plain = ("vehicle", "camouflage", "place", "seen", "drive", "permit", "file_sha256", "file_name", "size_bytes")
        more = ("unreadable", "url", "platform", "posted", "text", "found", "finder", "received")
        values: dict[str, Any] = {name: getattr(row, name) for name in (*plain, *more)}
        reasons = [ReasonOut(code=each.code, text=str(each.text), outcome=each.outcome) for each in said.reasons]
        return cls(
            **values,
            id=row.pk,
            project=ProjectRef.of(row.project) if row.project else None,
            embargo=EmbargoOut(outcome=said.outcome, reasons=reasons),
            poster=PosterRef.of(row.poster) if row.poster else None,
            channel=ChannelRef.of(row.channel) if row.channel else None,
            case=row.case_id,
            turned_from=row.turned_from_id,
            turned_into=row.turned_into_id,
            run=RunOut(
                state=run.state,
                fault=run.fault,
                has_mark=run.has_mark,
                drafts=[DraftRef.of(match.draft) for match in run.matches.all()],
            )
            if run
            else None,
        )


class SightingEventOut(Schema):
    """Something that happened to a sighting."""

    kind: str
    by: PersonRef | None
    time: datetime
    detail: dict[str, Any]
    why: str
    ledger_index: int

    @classmethod
    def of(cls, row: SightingEvent) -> "SightingEventOut":
        by = PersonRef.of(row.by) if row.by else None
        said = {"kind": row.kind, "time": row.time, "detail": row.detail, "why": row.why}
        return cls(**said, by=by, ledger_index=row.leaf_index)


def seen_sightings(person: Person) -> SightingQuerySet:
    """Return the sightings that a person may see, with what an answer shows of them.

    Raises
    ------
    Problem 403
        If it is one of the owner's people whose roles do not show leaks.
    """
    if person.is_owners:
        refuse_unless(person, Act.SEE_LEAKS)
    return with_all(Sighting.objects.visible_to(person))


@sightings.reads("/sightings", Page[SightingOut])
def list_sightings(
    request: HttpRequest,
    asked: Asked,
    project: RowId | None = None,
    camouflage: Sighting.Camouflage | None = None,
    poster: Id | None = None,
    channel: Id | None = None,
    is_turned: bool = False,
    q: Text = "",
) -> object:
    """Sightings, the latest first; with `is_turned` those that go on as leaks. For other parties' people none."""
    rows = seen_sightings(caller(request).person).filter(turned_into__isnull=not is_turned)
    rows = filtered(
        rows,
        project=project,
        camouflage=camouflage or "",
        poster=poster or "",
        channel=channel or "",
        q=q.strip(),
    )
    return page(request, rows.order_by("-received", "pk"), asked, SightingOut.of)


@sightings.does("POST", "/sightings", Act.HANDLE_LEAKS, SightingOut, status=201, body=FORM)
def record_new_sighting(request: HttpRequest, file: File[UploadedFile], sent: Form[SightingIn]) -> SightingOut:
    """Record a photograph of a vehicle. It is kept unchanged, and compared with the drafts in the background."""
    who = caller(request)
    who.must(Act.HANDLE_LEAKS)
    said = sent.dict()
    made = record_sighting(
        current_home(),
        document_of(file, most_bytes=MAX_FILE_BYTES),
        _shown(who, sent),
        Origin(**{name: said[name] for name in FileOriginIn.model_fields}),
        by=who.person,
        now=timezone.now(),
    )
    return _out(who, made.pk)


@sightings.reads("/sightings/{sighting_id}", SightingOut)
def get_sighting(request: HttpRequest, sighting_id: Id) -> SightingOut:
    """One sighting."""
    return _out(caller(request), sighting_id)


@sightings.does("PUT", "/sightings/{sighting_id}", Act.HANDLE_LEAKS, SightingOut)
def change_known_sighting(request: HttpRequest, sighting_id: Id, sent: ShownIn) -> SightingOut:
    """Write down what is known better now. What was said before stays in the ledger."""
    who, row = _handled(request, sighting_id)
    change_sighting(current_home(), row, _shown(who, sent), by=who.person, now=timezone.now())
    return _out(who, row.pk)


@sightings.does("POST", "/sightings/{sighting_id}/runs", Act.HANDLE_LEAKS, SightingOut)
def compare_again(request: HttpRequest, sighting_id: Id) -> SightingOut:
    """Have it compared with the drafts again."""
    who, row = _handled(request, sighting_id)
    match_again(current_home(), row, by=who.person, now=timezone.now())
    return _out(who, row.pk)


@sightings.does("POST", "/sightings/{sighting_id}/leak", Act.HANDLE_LEAKS, LeakOut)
def turn_sighting_into_leak(request: HttpRequest, sighting_id: Id, sent: WhyIn) -> LeakOut:
    """Go on with it as a leak: what was photographed is a file. Return the leak, which is traced."""
    who, row = _handled(request, sighting_id)
    leak = turn_into_leak(current_home(), row, why=sent.why, by=who.person, now=timezone.now())
    return shown_leak(who.person, leak.pk)


@sightings.does("POST", "/leaks/{leak_id}/sighting", Act.HANDLE_LEAKS, SightingOut)
def turn_leak_into_sighting(request: HttpRequest, leak_id: Id, sent: TurnedIn) -> SightingOut:
    """Go on with a leak as a sighting: it is no file but a photograph of a vehicle."""
    who = caller(request)
    leak = find(seen_leaks(who.person), leak_id)
    who.must(Act.HANDLE_LEAKS)
    made = turn_into_sighting(current_home(), leak, _shown(who, sent), why=sent.why, by=who.person, now=timezone.now())
    return _out(who, made.pk)


@sightings.does("POST", "/sightings/{sighting_id}/case", Act.HANDLE_CASES, SightingOut)
def link_sighting(request: HttpRequest, sighting_id: Id, sent: OwnCaseIn) -> SightingOut:
    """Say to which case it belongs, or to none."""
    who = caller(request)
    row = find(seen_sightings(who.person), sighting_id)
    who.must(Act.HANDLE_CASES)
    case = named(Case.objects.visible_to(who.person), sent.case, at="case") if sent.case else None
    link_case(current_home(), row, case, by=who.person, now=timezone.now())
    return _out(who, row.pk)


@sightings.reads("/sightings/{sighting_id}/events", Page[SightingEventOut])
def list_sighting_events(request: HttpRequest, sighting_id: Id, asked: Asked) -> object:
    """What happened to it, the latest first. Each line is an entry of the ledger."""
    row = find(seen_sightings(caller(request).person), sighting_id)
    return page(request, row.events.select_related("by").order_by("-time", "-id"), asked, SightingEventOut.of)


@sightings.reads("/sightings/{sighting_id}/file", None, media_type=FILE)
def download_photograph(request: HttpRequest, sighting_id: Id) -> HttpResponse:
    """The photograph as it was found, byte by byte."""
    who = caller(request)
    row = find(seen_sightings(who.person), sighting_id)
    who.must(Act.SEE_EVIDENCE)
    return attachment(blobs.get(current_home(), Shelf.LEAKS, row.file_sha256), file_name=row.file_name)


@sightings.reads("/sightings/{sighting_id}/preview", None, media_type=FILE)
def get_sighting_preview(request: HttpRequest, sighting_id: Id) -> HttpResponse:
    """A JPEG of it, drawn here, without any metadata."""
    row = find(seen_sightings(caller(request).person), sighting_id)
    if not row.preview_sha256:
        raise missing()
    return attachment(blobs.get(current_home(), Shelf.TRACES, row.preview_sha256), file_name="preview.jpg")


def _handled(request: HttpRequest, sighting_id: str) -> tuple[Caller, Sighting]:
    who = caller(request)
    row = find(seen_sightings(who.person), sighting_id)
    who.must(Act.HANDLE_LEAKS)
    return who, row


def _shown(who: Caller, sent: ShownIn) -> Shown:
    said = {name: getattr(sent, name) for name in ShownIn.model_fields}
    if sent.project is not None:
        said["project"] = named(Project.objects.visible_to(who.person), sent.project, at="project")
    return Shown(**said)


def _out(who: Caller, sighting_id: str) -> SightingOut:
    return SightingOut.of(find(seen_sightings(who.person), sighting_id))
