"""What lies in a case: notes, what is to be done, and files. They are the owner's alone."""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import File, Schema
from ninja.files import UploadedFile
from pydantic import Field

from tidemark.api.callers import caller
from tidemark.api.cases import seen_case, seen_cases
from tidemark.api.files import document_of, handed_out
from tidemark.api.forms import PersonRef
from tidemark.api.operations import FILE, FORM, Subject
from tidemark.api.pages import Asked, Id, LongText, Moment, Name, Page, find, named, page
from tidemark.api.sent import Sent
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.cases.models import CaseFile, Duty, Note
from tidemark.records.cases.notes import Keep, add_duty, add_note, attach_file, change_duty, finish_duty
from tidemark.records.connect import current_home

notes = Subject("cases")


class NoteIn(Sent):
    """What is written down."""

    text: Annotated[LongText, Field(min_length=1)]


class DutyIn(Sent):
    """What is to be done."""

    title: Name
    assignee: Id | None = None
    due: Moment | None = None


class DutyChange(Sent):
    """What is to be changed of it; what is left out stays."""

    assignee: Id | None = None
    due: Moment | None = None


class NoteOut(Schema):
    """What one of the owner's people wrote down."""

    id: int
    person: PersonRef
    text: str
    time: datetime

    @classmethod
    def of(cls, note: Note) -> "NoteOut":
        return cls(id=note.pk, person=PersonRef.of(note.person), text=note.text, time=note.time)


class DutyOut(Schema):
    """Something to be done."""

    id: str
    title: str
    assignee: PersonRef | None
    due: datetime | None
    done: datetime | None

    @classmethod
    def of(cls, duty: Duty) -> "DutyOut":
        assignee = PersonRef.of(duty.assignee) if duty.assignee else None
        return cls(id=duty.pk, title=duty.title, assignee=assignee, due=duty.due, done=duty.done)


class CaseFileOut(Schema):
    """A file that lies beside a case."""

    id: str
    file_name: str
    file_sha256: str
    person: PersonRef
    time: datetime

    @classmethod
    def of(cls, file: CaseFile) -> "CaseFileOut":
        person = PersonRef.of(file.person)
        return cls(id=file.pk, file_name=file.file_name, file_sha256=file.file_sha256, person=person, time=file.time)


@notes.reads("/cases/{case_id}/notes", Page[NoteOut])
def list_notes(request: HttpRequest, case_id: Id, asked: Asked) -> object:
    """The notes, the latest first."""
    case = find(seen_cases(caller(request).person), case_id)
    return page(request, case.notes.select_related("person").order_by("-time", "-id"), asked, NoteOut.of)


@notes.does("POST", "/cases/{case_id}/notes", Act.NOTE_CASES, NoteOut, status=201)
def write_note(request: HttpRequest, case_id: Id, sent: NoteIn) -> NoteOut:
    """Write a note. It is never shown to another party."""
    case, by = seen_case(request, case_id, Act.NOTE_CASES)
    return NoteOut.of(add_note(current_home(), case, sent.text, by=by, now=timezone.now()))


@notes.reads("/cases/{case_id}/duties", Page[DutyOut])
def list_duties(request: HttpRequest, case_id: Id, asked: Asked) -> object:
    """What is to be done, and what was done."""
    case = find(seen_cases(caller(request).person), case_id)
    return page(request, case.duties.select_related("assignee").order_by("created", "pk"), asked, DutyOut.of)


@notes.does("POST", "/cases/{case_id}/duties", Act.NOTE_CASES, DutyOut, status=201)
def ask_duty(request: HttpRequest, case_id: Id, sent: DutyIn) -> DutyOut:
    """Ask for something to be done."""
    case, by = seen_case(request, case_id, Act.NOTE_CASES)
    who = named(Person.objects.visible_to(by), sent.assignee, at="assignee") if sent.assignee else None
    made = add_duty(current_home(), case, sent.title, assignee=who, due=sent.due, by=by, now=timezone.now())
    return DutyOut.of(made)


@notes.does("POST", "/cases/{case_id}/duties/{duty_id}/change", Act.NOTE_CASES, DutyOut)
def change_one_duty(request: HttpRequest, case_id: Id, duty_id: Id, sent: DutyChange) -> DutyOut:
    """Say who does it, and until when. `"assignee": null` and `"due": null` take either away.

    What a statement promised in public keeps both.
    """
    case, by = seen_case(request, case_id, Act.NOTE_CASES)
    duty = find(Duty.objects.filter(case=case), duty_id)
    who: Person | Keep | None = Keep.KEEP
    if "assignee" in sent.model_fields_set:
        who = named(Person.objects.visible_to(by), sent.assignee, at="assignee") if sent.assignee else None
    due = sent.due if "due" in sent.model_fields_set else Keep.KEEP
    change_duty(current_home(), duty, assignee=who, due=due, by=by, now=timezone.now())
    return DutyOut.of(Duty.objects.select_related("assignee").get(pk=duty_id))


@notes.does("POST", "/cases/{case_id}/duties/{duty_id}/done", Act.NOTE_CASES, DutyOut)
def finish_one_duty(request: HttpRequest, case_id: Id, duty_id: Id) -> DutyOut:
    """Say that a duty is done."""
    case, by = seen_case(request, case_id, Act.NOTE_CASES)
    finish_duty(current_home(), find(Duty.objects.filter(case=case), duty_id), by=by, now=timezone.now())
    return DutyOut.of(Duty.objects.select_related("assignee").get(pk=duty_id))


@notes.reads("/cases/{case_id}/files", Page[CaseFileOut])
def list_files(request: HttpRequest, case_id: Id, asked: Asked) -> object:
    """The files of the case."""
    case = find(seen_cases(caller(request).person), case_id)
    return page(request, case.files.select_related("person").order_by("time", "pk"), asked, CaseFileOut.of)


@notes.does("POST", "/cases/{case_id}/files", Act.NOTE_CASES, CaseFileOut, status=201, body=FORM)
def add_file(request: HttpRequest, case_id: Id, file: File[UploadedFile]) -> CaseFileOut:
    """Lay a file beside the case."""
    case, by = seen_case(request, case_id, Act.NOTE_CASES)
    document = document_of(file)
    return CaseFileOut.of(attach_file(current_home(), case, document, by=by, now=timezone.now()))


@notes.reads("/cases/{case_id}/files/{case_file_id}", None, media_type=FILE)
def download_case_file(request: HttpRequest, case_id: Id, case_file_id: Id) -> HttpResponse:
    """A file of the case, to be saved."""
    case = find(seen_cases(caller(request).person), case_id)
    found = find(CaseFile.objects.filter(case=case), case_file_id)
    return handed_out(found)
