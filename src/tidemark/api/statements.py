"""Statements: prepared, checked, approved by two persons, issued. They are the owner's alone; nobody else finds any."""

from collections.abc import Callable
from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import File
from ninja.files import UploadedFile
from pydantic import Field, StringConstraints

from tidemark.api.allegations import ApprovalIn
from tidemark.api.callers import caller
from tidemark.api.cases import seen_cases
from tidemark.api.files import attachment, document_of, handed_out
from tidemark.api.operations import FILE, FORM, Subject
from tidemark.api.pages import Asked, Id, Line, LongText, Moment, Name, Page, Reason, find, named, page
from tidemark.api.sent import Sent
from tidemark.api.statements_out import ObjectionOut, StatementOut, StatementRef, objections_of, seen_statements
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.cases.merged import together
from tidemark.records.connect import current_home
from tidemark.records.statements.document import file_name, pdf, plain_text, spoken
from tidemark.records.statements.examine import examine, examine_texts
from tidemark.records.statements.issue import approve_statement, issue
from tidemark.records.statements.models import Promise, Statement, StatementPicture
from tidemark.records.statements.pictures import attach_picture, remove_picture
from tidemark.records.statements.write import edit, explain, prepare, promise, unpromise

statements = Subject("statements")

Language = Literal["en", "zh"]


class StatementIn(Sent):
    """What is prepared."""

    kind: Statement.Kind
    follows: Id | None = Field(
        None,
        description="An issued statement of the case, or of one merged into it: it is corrected, or withdrawn.",
    )
    with_amount: bool = Field(False, description="Whether the agreed damages are said.")
    languages: Annotated[list[Language], Field(min_length=1, max_length=2)] = ["en", "zh"]  # noqa: RUF012


class TextsIn(Sent):
    """Its words. A language whose title and text are both empty is left out."""

    title_en: Line = ""
    text_en: LongText = ""
    title_zh: Line = ""
    text_zh: LongText = ""


class StandsIn(Sent):
    """Why an objection may stand."""

    objection: Annotated[str, StringConstraints(max_length=80, pattern=r"^[a-z':0-9-]*$")]
    reason: Reason


class PromiseIn(Sent):
    """Words of the statement that promise something, and who keeps it until when."""

    words_en: Line = ""
    words_zh: Line = ""
    assignee: Id | None = None
    due: Moment | None = None


class IssueIn(Sent):
    """Where it is issued."""

    channel: Name


@statements.reads("/statements", Page[StatementRef])
def list_statements(
    request: HttpRequest, asked: Asked, case: Id | None = None, state: Statement.State | None = None
) -> object:
    """Statements, the latest first; for other parties' people none."""
    rows = seen_statements(caller(request).person).order_by("-created", "-pk")
    rows = rows if case is None else rows.filter(case=case)
    return page(request, rows if state is None else rows.filter(state=state), asked, StatementRef.of)


@statements.does("POST", "/cases/{case_id}/statements", Act.STATE, StatementOut, status=201)
def prepare_statement(request: HttpRequest, case_id: Id, sent: StatementIn) -> StatementOut:
    """Prepare a statement from the template, filled with what is on record."""
    who = caller(request)
    case = find(seen_cases(who.person), case_id)
    who.must(Act.STATE)
    known = Statement.objects.filter(case__in=together(case))
    made = prepare(
        current_home(),
        case,
        sent.kind,
        follows=named(known, sent.follows, at="follows") if sent.follows else None,
        with_amount=sent.with_amount,
        languages=sent.languages,
        by=who.person,
        now=timezone.now(),
    )
    return StatementOut.of(find(seen_statements(who.person), made.pk))


@statements.reads("/statements/{statement_id}", StatementOut)
def get_statement(request: HttpRequest, statement_id: Id) -> StatementOut:
    """One statement."""
    return StatementOut.of(find(seen_statements(caller(request).person), statement_id))


@statements.does("PUT", "/statements/{statement_id}", Act.STATE, StatementOut)
def edit_statement(request: HttpRequest, statement_id: Id, sent: TextsIn) -> StatementOut:
    """Change its words while it is not issued. A change voids every approval."""
    return _act(
        request,
        statement_id,
        lambda row, by: edit(current_home(), row, **sent.model_dump(), by=by, now=timezone.now()),
    )


@statements.reads("/statements/{statement_id}/objections", list[ObjectionOut])
def list_objections(request: HttpRequest, statement_id: Id) -> list[ObjectionOut]:
    """What stands against the statement as it is: who it points to, what it claims, what it promises."""
    return objections_of(examine(find(seen_statements(caller(request).person), statement_id)))


@statements.does("POST", "/statements/{statement_id}/check", Act.STATE, list[ObjectionOut])
def check_texts(request: HttpRequest, statement_id: Id, sent: TextsIn) -> list[ObjectionOut]:
    """What would stand against other words. Nothing is changed."""
    who = caller(request)
    row = find(seen_statements(who.person), statement_id)
    who.must(Act.STATE)
    return objections_of(
        examine_texts(row, sent.model_dump(), pictures=row.pictures.all(), promises=row.promises.all())
    )


@statements.does("POST", "/statements/{statement_id}/reasons", Act.STATE, StatementOut)
def explain_objection(request: HttpRequest, statement_id: Id, sent: StandsIn) -> StatementOut:
    """Say why an objection may stand. Who approves the statement approves the reason too."""
    return _act(
        request,
        statement_id,
        lambda row, by: explain(current_home(), row, sent.objection, reason=sent.reason, by=by, now=timezone.now()),
    )


@statements.does("POST", "/statements/{statement_id}/promises", Act.STATE, StatementOut, status=201)
def add_promise(request: HttpRequest, statement_id: Id, sent: PromiseIn) -> StatementOut:
    """Mark words of the statement as a promise. At the issue it becomes a duty of the case."""
    return _promised(request, statement_id, sent, None)


@statements.does("PUT", "/statements/{statement_id}/promises/{promise_id}", Act.STATE, StatementOut)
def change_promise(request: HttpRequest, statement_id: Id, promise_id: Id, sent: PromiseIn) -> StatementOut:
    """Say who keeps a promise, until when, or mark other words."""
    return _promised(request, statement_id, sent, promise_id)


@statements.does("DELETE", "/statements/{statement_id}/promises/{promise_id}", Act.STATE, StatementOut)
def remove_promise(request: HttpRequest, statement_id: Id, promise_id: Id) -> StatementOut:
    """Take the mark of a promise away."""
    return _act(
        request,
        statement_id,
        lambda row, by: unpromise(
            current_home(), row, find(Promise.objects.filter(statement=row), promise_id), by=by, now=timezone.now()
        ),
    )


@statements.does("POST", "/statements/{statement_id}/pictures", Act.STATE, StatementOut, status=201, body=FORM)
def add_picture(request: HttpRequest, statement_id: Id, file: File[UploadedFile]) -> StatementOut:
    """Lay a picture to the statement. In the background it is compared with all drafts, leaks and sightings."""
    return _act(
        request,
        statement_id,
        lambda row, by: attach_picture(current_home(), row, document_of(file), by=by, now=timezone.now()),
    )


@statements.reads("/statements/{statement_id}/pictures/{picture_id}", None, media_type=FILE)
def download_picture(request: HttpRequest, statement_id: Id, picture_id: Id) -> HttpResponse:
    """A picture of the statement, to be saved."""
    row = find(seen_statements(caller(request).person), statement_id)
    found = find(StatementPicture.objects.filter(statement=row), picture_id)
    return handed_out(found)


@statements.does("DELETE", "/statements/{statement_id}/pictures/{picture_id}", Act.STATE, StatementOut)
def take_picture_away(request: HttpRequest, statement_id: Id, picture_id: Id) -> StatementOut:
    """Take a picture away, while the statement is not issued."""
    return _act(
        request,
        statement_id,
        lambda row, by: remove_picture(
            current_home(),
            row,
            find(StatementPicture.objects.filter(statement=row), picture_id),
            by=by,
            now=timezone.now(),
        ),
    )


@statements.does("POST", "/statements/{statement_id}/approvals", Act.APPROVE, StatementOut)
def approve_one_statement(request: HttpRequest, statement_id: Id, sent: ApprovalIn) -> StatementOut:
    """Approve it as it stands, as communications or as legal: two persons."""
    who = caller(request)
    row = find(seen_statements(who.person), statement_id)
    who.must(Act.APPROVE)
    read = sent.content_sha256
    approve_statement(current_home(), row, by=who.person, now=timezone.now(), role=sent.role, seen=read)
    return StatementOut.of(find(seen_statements(who.person), row.pk))


@statements.does("POST", "/statements/{statement_id}/issue", Act.STATE, StatementOut)
def issue_statement(request: HttpRequest, statement_id: Id, sent: IssueIn) -> StatementOut:
    """Issue it, once both have approved it. From then on its words never change."""
    return _act(
        request,
        statement_id,
        lambda row, by: issue(current_home(), row, channel=sent.channel, by=by, now=timezone.now()),
    )


@statements.reads("/statements/{statement_id}/text/{language}", None, media_type=FILE)
def download_text(request: HttpRequest, statement_id: Id, language: Language) -> HttpResponse:
    """The statement in a language as plain text."""
    row = find(seen_statements(caller(request).person), statement_id)
    return attachment(plain_text(spoken(row, language)), file_name=file_name(row, language, "txt"))


@statements.reads("/statements/{statement_id}/pdf/{language}", None, media_type=FILE)
def download_pdf(request: HttpRequest, statement_id: Id, language: Language) -> HttpResponse:
    """The statement in a language as PDF."""
    row = find(seen_statements(caller(request).person), statement_id)
    return attachment(pdf(spoken(row, language)), file_name=file_name(row, language, "pdf"))


def _promised(request: HttpRequest, statement_id: str, sent: PromiseIn, promise_id: str | None) -> StatementOut:
    def act(row: Statement, by: Person) -> object:
        known = find(Promise.objects.filter(statement=row), promise_id) if promise_id else None
        who = named(Person.objects.visible_to(by), sent.assignee, at="assignee") if sent.assignee else None
        words = {"words_en": sent.words_en, "words_zh": sent.words_zh}
        return promise(current_home(), row, **words, assignee=who, due=sent.due, known=known, by=by, now=timezone.now())

    return _act(request, statement_id, act)


def _act(request: HttpRequest, statement_id: str, act: Callable[[Statement, Person], object]) -> StatementOut:
    who = caller(request)
    row = find(seen_statements(who.person), statement_id)
    who.must(Act.STATE)
    act(row, who.person)
    return StatementOut.of(find(seen_statements(who.person), row.pk))
