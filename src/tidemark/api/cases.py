"""Cases: opened from leaks, carried on, closed. They are the owner's alone; a party sees its allegation."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from ninja import Schema
from pydantic import Field

from tidemark.api.callers import caller, refuse_unless
from tidemark.api.claims_out import ClaimOut, claims_of
from tidemark.api.forms import PersonRef, ProjectRef
from tidemark.api.operations import Subject
from tidemark.api.pages import Asked, Id, Name, Page, Reason, RowId, Text, find, named, named_all, page, part
from tidemark.api.sent import Sent
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.cases.change import change, change_status, merge, remove_leak
from tidemark.records.cases.conclude import judge_intent
from tidemark.records.cases.history import Happening, entries_of, lines
from tidemark.records.cases.models import Case, Intent
from tidemark.records.cases.notes import Keep
from tidemark.records.cases.open import open_case
from tidemark.records.connect import current_home
from tidemark.records.leaks.models import Leak
from tidemark.records.projects.models import Project

cases = Subject("cases")

Severity = Literal["low", "medium", "high"]
Leaks = Annotated[list[Id], Field(max_length=1000)]


class CaseIn(Sent):
    """What a case is opened with."""

    title: Name
    leaks: Leaks = Field(default_factory=list)
    project: RowId | None = Field(None, description="By default the one whose drafts the leaks show.")
    severity: Severity = "high"


class CaseShown(Sent):
    """What was read of a case before it is changed; what is left out may be whatever it is."""

    title: Name | None = None
    assignee: Id | None = None
    severity: Severity | None = None


class CaseChange(Sent):
    """What is to be changed; what is left out stays."""

    title: Name | None = None
    assignee: Id | None = None
    severity: Severity | None = None
    leaks: Leaks = Field(default_factory=list, description="Leaks that are put into the case.")
    shown: CaseShown = Field(
        default_factory=CaseShown, description="What was read of it: refused if one of these differs by now."
    )


class StatusIn(Sent):
    """The next step."""

    status: Case.Status
    why: Text = Field("", description="Needed to close and to reopen.")


class MergeIn(Sent):
    """Where the case goes on."""

    into: Id
    why: Reason


class IntentIn(Sent):
    """A judgement of how it came about."""

    kind: Intent.Kind
    reason: Reason


class CaseOut(Schema):
    """The handling of one leak affair."""

    id: str
    number: str
    title: str
    project: ProjectRef | None
    status: str
    severity: str
    assignee: PersonRef | None
    respond_by: datetime | None
    opened: datetime
    closed: datetime | None
    merged_into: str | None
    leaks: list[str]
    allegations: list[str]

    @classmethod
    def of(cls, case: Case) -> "CaseOut":
        return cls(
            id=case.pk,
            number=case.number,
            title=case.title,
            project=ProjectRef.of(case.project) if case.project else None,
            status=case.status,
            severity=case.severity,
            assignee=PersonRef.of(case.assignee) if case.assignee else None,
            respond_by=case.respond_by,
            opened=case.opened,
            closed=case.closed,
            merged_into=case.merged_into_id,
            leaks=sorted(leak.pk for leak in case.leaks.all()),
            allegations=[allegation.pk for allegation in case.allegations.all()],
        )


class EventOut(Schema):
    """Something that happened in a case, or to a leak that is in it."""

    kind: str
    by: PersonRef | None
    time: datetime
    detail: dict[str, Any] = Field(description="What the entry says; of leaks also the names behind its hashes.")
    ledger_index: int

    @classmethod
    def of(cls, line: Happening) -> "EventOut":
        by = PersonRef.of(line.by) if line.by else None
        return cls(kind=line.kind, by=by, time=line.time, detail=dict(line.detail), ledger_index=line.leaf_index)


class IntentOut(Schema):
    """Somebody's judgement: an opinion with an author, never a fact. The last one counts."""

    kind: str
    reason: str
    person: PersonRef
    time: datetime

    @classmethod
    def of(cls, intent: Intent) -> "IntentOut":
        return cls(kind=intent.kind, reason=intent.reason, person=PersonRef.of(intent.person), time=intent.time)


def seen_cases(person: Person) -> QuerySet[Case]:
    """Return the cases that a person may see, with what an answer shows of them.

    Raises
    ------
    Problem 403
        If it is one of the owner's people who does not work on cases.
    """
    if person.is_owners:
        refuse_unless(person, Act.SEE_CASES)
    rows = Case.objects.visible_to(person).select_related("project", "assignee")
    return rows.prefetch_related("leaks", "allegations")


@cases.reads("/cases", Page[CaseOut])
def list_cases(request: HttpRequest, asked: Asked, status: Case.Status | None = None) -> object:
    """Cases, the latest first; for other parties' people none."""
    rows = seen_cases(caller(request).person).order_by("-opened", "-number")
    return page(request, rows if status is None else rows.filter(status=status), asked, CaseOut.of)


@cases.does("POST", "/cases", Act.HANDLE_CASES, CaseOut, status=201)
def open_new_case(request: HttpRequest, sent: CaseIn) -> CaseOut:
    """Open a case. It gets the next number of the year."""
    who = caller(request)
    who.must(Act.HANDLE_CASES)
    made = open_case(
        current_home(),
        named_all(Leak.objects.visible_to(who.person), list(sent.leaks), at="leaks"),
        title=sent.title,
        project=named(Project.objects.visible_to(who.person), sent.project, at="project") if sent.project else None,
        severity=sent.severity,
        by=who.person,
        now=timezone.now(),
    )
    return CaseOut.of(find(seen_cases(who.person), made.pk))


@cases.reads("/cases/{case_id}", CaseOut)
def get_case(request: HttpRequest, case_id: Id) -> CaseOut:
    """One case."""
    return CaseOut.of(find(seen_cases(caller(request).person), case_id))


@cases.reads("/cases/{case_id}/claims", list[ClaimOut])
def list_claims(request: HttpRequest, case_id: Id, *, leads: bool = False) -> list[ClaimOut]:
    """The copies that the case's traces accuse: the copy, its custodian, and who answers for it, apart.

    With `?leads=true` the merely suspected ones come last, not `is_accused`.
    """
    return claims_of(find(seen_cases(caller(request).person), case_id), leads=leads)


@cases.does("POST", "/cases/{case_id}/change", Act.HANDLE_CASES, CaseOut)
def change_case(request: HttpRequest, case_id: Id, sent: CaseChange) -> CaseOut:
    """Say who works on it, how grave it is, what it is called, and put leaks into it: all that is sent, or nothing.

    `"assignee": null` takes the assignee away.
    """

    def act(case: Case, by: Person) -> None:
        who: Person | Keep | None = Keep.KEEP
        if "assignee" in sent.model_fields_set:
            who = named(Person.objects.visible_to(by), sent.assignee, at="assignee") if sent.assignee else None
        leaks = named_all(Leak.objects.visible_to(by), sent.leaks, at="leaks") if sent.leaks else []
        home, now = current_home(), timezone.now()
        title, severity = sent.title, sent.severity
        shown = {name: getattr(sent.shown, name) or "" for name in sent.shown.model_fields_set}
        change(home, case, assignee=who, title=title, severity=severity, leaks=leaks, by=by, now=now, shown=shown)

    return _act(request, case_id, Act.HANDLE_CASES, act)


@cases.does("DELETE", "/cases/{case_id}/leaks/{leak_id}", Act.HANDLE_CASES, CaseOut)
def take_leak_out(request: HttpRequest, case_id: Id, leak_id: Id) -> CaseOut:
    """Take a leak out of the case, unless an allegation rests on it."""

    def act(case: Case, by: Person) -> None:
        remove_leak(current_home(), case, find(case.leaks.all(), leak_id), by=by, now=timezone.now())

    return _act(request, case_id, Act.HANDLE_CASES, act)


@cases.does("POST", "/cases/{case_id}/status", Act.HANDLE_CASES, CaseOut)
def change_case_status(request: HttpRequest, case_id: Id, sent: StatusIn) -> CaseOut:
    """Take the next step. A case is *alleged* by putting an allegation, and in no other way.

    A closed case is reopened as what it was: *decided* or *rectifying* while a final allegation stands, else
    *investigating*.
    """
    return _act(
        request,
        case_id,
        Act.HANDLE_CASES,
        lambda case, by: change_status(current_home(), case, sent.status, why=sent.why, by=by, now=timezone.now()),
    )


@cases.does("POST", "/cases/{case_id}/merge", Act.HANDLE_CASES, CaseOut)
def merge_case(request: HttpRequest, case_id: Id, sent: MergeIn) -> CaseOut:
    """Carry the case on in another one. It stays to be read, and points there."""

    def act(case: Case, by: Person) -> None:
        into = named(Case.objects.visible_to(by), sent.into, at="into")
        merge(current_home(), case, into, why=sent.why, by=by, now=timezone.now())

    return _act(request, case_id, Act.HANDLE_CASES, act)


@cases.reads("/cases/{case_id}/events", Page[EventOut])
def list_events(request: HttpRequest, case_id: Id, asked: Asked) -> object:
    """The timeline, the latest first, with what happened to its leaks. Each line is an entry of the ledger."""
    case = find(seen_cases(caller(request).person), case_id)
    entries = entries_of(case).reverse()[asked.offset : asked.offset + asked.limit + 1]
    return part(request, lines(case, entries), asked, EventOut.of)


@cases.reads("/cases/{case_id}/intents", list[IntentOut])
def list_intents(request: HttpRequest, case_id: Id) -> list[IntentOut]:
    """The judgements of intent; the last one counts."""
    case = find(seen_cases(caller(request).person), case_id)
    return [IntentOut.of(row) for row in case.intents.select_related("person")]


@cases.does("POST", "/cases/{case_id}/intents", Act.HANDLE_CASES, IntentOut, status=201)
def judge(request: HttpRequest, case_id: Id, sent: IntentIn) -> IntentOut:
    """Write down how the caller judges that it came about."""
    who = caller(request)
    case = find(seen_cases(who.person), case_id)
    if not who.person.may(Act.ALLEGE):
        who.must(Act.HANDLE_CASES)
    made = judge_intent(current_home(), case, sent.kind, reason=sent.reason, by=who.person, now=timezone.now())
    return IntentOut.of(made)


def seen_case(request: HttpRequest, case_id: str, act: Act) -> tuple[Case, Person]:
    """Return the case and the person, if the person may see the one and do the other."""
    who = caller(request)
    case = find(seen_cases(who.person), case_id)
    who.must(act)
    return case, who.person


def _act(request: HttpRequest, case_id: str, needs: Act, act: Callable[[Case, Person], object]) -> CaseOut:
    case, by = seen_case(request, case_id, needs)
    act(case, by)
    return CaseOut.of(find(seen_cases(by), case.pk))
