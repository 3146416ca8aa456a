"""The actions of a rectification plan: written and reported by the party that was asked, judged by officers."""

from collections.abc import Callable
from typing import Annotated

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import File, Form
from ninja.files import UploadedFile
from pydantic import Field, StringConstraints

from tidemark.api.callers import caller
from tidemark.api.files import document_of, handed_out
from tidemark.api.operations import FILE, FORM, Subject
from tidemark.api.pages import Day, Id, Line, LongText, RowId, Text, find
from tidemark.api.plans import owner_found, party_found
from tidemark.api.plans_out import ActionOut, seen_plans, shown_action
from tidemark.api.sent import Sent
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.connect import current_home
from tidemark.records.plans.execute import report_done, verify
from tidemark.records.plans.judge import judge
from tidemark.records.plans.models import Action, ActionFile, Plan, Reason, Section
from tidemark.records.plans.wording import Wording
from tidemark.records.plans.write import (
    add_action,
    attach,
    detach,
    save_wording,
    take_out,
)

actions = Subject("plans")

ControlId = Annotated[str, StringConstraints(max_length=20, pattern=r"^[a-z0-9.-]*$")]


class ActionIn(Sent):
    """What an action says. It may lack anything but its section until it is submitted."""

    section: Section
    text: Text = ""
    owner: Line = Field("", description="A named person at the party.")
    due: Day | None = None
    proof: Text = Field("", description="By what it can be verified.")
    controls: list[ControlId] = Field(default_factory=list, max_length=100, description="Ids of `GET /controls`.")

    def wording(self) -> Wording:
        return Wording(self.section, self.text, self.owner, self.due, self.proof, tuple(self.controls))


class ActionJudgementIn(Sent):
    """What the owner says of an action; a reason if it is returned, and only then."""

    accepts: bool
    reason: Reason | None = None
    text: Text = ""
    version: RowId = Field(description="Of the plan that was read; another one is not judged unread.")


class VerdictIn(Sent):
    """Whether an action was done as it was planned; a reason if it is returned, and only then."""

    is_done: bool
    reason: Reason | None = None
    text: Text = ""
    report: RowId = Field(description="The last report, that was read; another one is not judged unread.")


class DoneIn(Sent):
    """What was done, and how it can be seen."""

    text: Annotated[LongText, Field(min_length=1)]


@actions.does("POST", "/plans/{plan_id}/actions", Act.ANSWER, ActionOut, status=201)
def add_plan_action(request: HttpRequest, plan_id: Id, sent: ActionIn) -> ActionOut:
    """Begin another action, for the party. The owner sees it once it is submitted."""
    plan, by = party_found(request, plan_id)
    made = add_action(current_home(), plan, sent.wording(), by=by, now=timezone.now())
    return shown_action(by, plan.pk, made.pk)


@actions.does("PUT", "/plans/{plan_id}/actions/{action_id}", Act.ANSWER, ActionOut)
def write_plan_action(request: HttpRequest, plan_id: Id, action_id: Id, sent: ActionIn) -> ActionOut:
    """Write an action that is a draft or was returned. What is left out is empty afterwards."""
    return _acted(
        party_found(request, plan_id),
        action_id,
        lambda row, by: save_wording(current_home(), row, sent.wording(), by=by, now=timezone.now()),
    )


@actions.does("POST", "/plans/{plan_id}/actions/{action_id}/take-out", Act.ANSWER, ActionOut)
def take_plan_action_out(request: HttpRequest, plan_id: Id, action_id: Id) -> ActionOut:
    """Take an action out: a draft at once, a returned one with the next submission."""
    return _acted(party_found(request, plan_id), action_id, lambda row, by: take_out(current_home(), row, by=by))


@actions.does("POST", "/plans/{plan_id}/actions/{action_id}/files", Act.ANSWER, ActionOut, status=201, body=FORM)
def add_plan_action_file(request: HttpRequest, plan_id: Id, action_id: Id, file: File[UploadedFile]) -> ActionOut:
    """Lay a file beside an action: by what it can be verified."""
    return _acted(
        party_found(request, plan_id),
        action_id,
        lambda row, by: attach(current_home(), row, document_of(file), by=by, now=timezone.now()),
    )


@actions.reads("/plans/{plan_id}/files/{plan_file_id}", None, media_type=FILE)
def download_plan_file(request: HttpRequest, plan_id: Id, plan_file_id: RowId) -> HttpResponse:
    """A file of the plan, for either side."""
    person = caller(request).person
    file = find(_files(find(seen_plans(person), plan_id), person), plan_file_id)
    return handed_out(file)


@actions.does("DELETE", "/plans/{plan_id}/files/{plan_file_id}", Act.ANSWER, ActionOut)
def remove_plan_file(request: HttpRequest, plan_id: Id, plan_file_id: RowId) -> ActionOut:
    """Take a file back that was not submitted yet."""
    plan, by = party_found(request, plan_id)
    file = find(_files(plan, by).select_related("action__plan__allegation"), plan_file_id)
    detach(current_home(), file, by=by)
    return shown_action(by, plan.pk, file.action_id)


@actions.does("POST", "/plans/{plan_id}/actions/{action_id}/judge", Act.RECTIFY, ActionOut)
def judge_plan_action(request: HttpRequest, plan_id: Id, action_id: Id, sent: ActionJudgementIn) -> ActionOut:
    """Accept an action as it was submitted, or return it with a reason."""
    return _acted(
        owner_found(request, plan_id),
        action_id,
        lambda row, by: judge(
            current_home(),
            row,
            accepts=sent.accepts,
            reason=str(sent.reason or ""),
            text=sent.text,
            version=sent.version,
            by=by,
            now=timezone.now(),
        ),
    )


@actions.does("POST", "/plans/{plan_id}/actions/{action_id}/done", Act.ANSWER, ActionOut)
def report_plan_action(request: HttpRequest, plan_id: Id, action_id: Id, sent: DoneIn) -> ActionOut:
    """Report an accepted action as done."""
    return _reported(request, plan_id, action_id, sent, ())


@actions.does("POST", "/plans/{plan_id}/actions/{action_id}/done/with-file", Act.ANSWER, ActionOut, body=FORM)
def report_plan_action_with_file(
    request: HttpRequest, plan_id: Id, action_id: Id, file: File[UploadedFile], sent: Form[DoneIn]
) -> ActionOut:
    """Report an accepted action as done, with a file that proves it."""
    return _reported(request, plan_id, action_id, sent, (file,))


@actions.does("POST", "/plans/{plan_id}/actions/{action_id}/verify", Act.RECTIFY, ActionOut)
def verify_plan_action(request: HttpRequest, plan_id: Id, action_id: Id, sent: VerdictIn) -> ActionOut:
    """Verify that an action was done as it was planned, or return the report with a reason."""
    return _acted(
        owner_found(request, plan_id),
        action_id,
        lambda row, by: verify(
            current_home(),
            row,
            is_done=sent.is_done,
            reason=str(sent.reason or ""),
            text=sent.text,
            read=sent.report,
            by=by,
            now=timezone.now(),
        ),
    )


def _reported(
    request: HttpRequest, plan_id: str, action_id: str, sent: DoneIn, files: tuple[UploadedFile, ...]
) -> ActionOut:
    return _acted(
        party_found(request, plan_id),
        action_id,
        lambda row, by: report_done(
            current_home(),
            row,
            text=sent.text,
            files=[document_of(file) for file in files],
            by=by,
            now=timezone.now(),
        ),
    )


def _files(plan: Plan, person: Person) -> QuerySet[ActionFile]:
    """Return a plan's files as far as somebody may have them: a draft's are its party's own."""
    rows = ActionFile.objects.filter(action__plan=plan, is_removed=False)
    return rows.filter(is_submitted=True) if person.is_owners else rows


def _actions(plan: Plan, person: Person) -> QuerySet[Action]:
    hidden = (Action.State.DROPPED, Action.State.DRAFT) if person.is_owners else (Action.State.DROPPED,)
    rows = Action.objects.filter(plan=plan).exclude(state__in=hidden)
    return rows.select_related("plan__allegation__case", "plan__allegation__party")


def _acted(found: tuple[Plan, Person], action_id: str, act: Callable[[Action, Person], object]) -> ActionOut:
    """Do something with an action of the plan that was found; return what the person is shown of it then."""
    plan, by = found
    row = find(_actions(plan, by), action_id)
    act(row, by)
    return shown_action(by, plan.pk, row.pk)
