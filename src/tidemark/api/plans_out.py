"""How a plan looks from outside: to its party with its drafts, to the owner's people as it was last submitted."""

import json
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from ninja import Schema
from pydantic import Field

from tidemark.api.callers import refuse_unless
from tidemark.api.forms import PartyOut, PersonRef
from tidemark.api.pages import find
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.plans.models import Action, ActionFile, DoneReport, Judgement, Plan, PlanVersion
from tidemark.records.plans.submit import may_submit, open_points
from tidemark.records.plans.write import submitted_wording, wording_of


class ActionFileOut(Schema):
    """A file of an action, or of a report of it."""

    id: int
    file_name: str
    file_sha256: str

    @classmethod
    def of(cls, file: ActionFile) -> "ActionFileOut":
        return cls(id=file.pk, file_name=file.file_name, file_sha256=file.file_sha256)


class JudgementOut(Schema):
    """What the owner said of an action."""

    version: int
    accepted: bool
    reason: str
    text: str
    time: datetime

    @classmethod
    def of(cls, row: Judgement) -> "JudgementOut":
        return cls(version=row.version, accepted=row.is_accepted, reason=row.reason, text=row.text, time=row.time)


class ActionReportOut(Schema):
    """What the party reported of an action, and what the owner said to that."""

    id: int
    text: str
    person: PersonRef
    time: datetime
    files: list[ActionFileOut]
    verdict: str
    verdict_reason: str
    verdict_text: str
    judged: datetime | None

    @classmethod
    def of(cls, row: DoneReport, files: list[ActionFile]) -> "ActionReportOut":
        return cls(
            id=row.pk,
            text=row.text,
            person=PersonRef.of(row.person),
            time=row.time,
            files=[ActionFileOut.of(file) for file in files if file.report_id == row.pk],
            verdict=row.verdict,
            verdict_reason=row.verdict_reason,
            verdict_text=row.verdict_text,
            judged=row.judged,
        )


class ActionOut(Schema):
    """One action: to the party as it stands before it, to the owner as it was last submitted."""

    id: str
    number: int
    section: str
    text: str
    owner: str
    due: date | None
    proof: str
    controls: list[str]
    state: str
    progress: str
    is_draft: bool = Field(description="Whether this is not submitted yet; for the owner always false.")
    leaves: bool = Field(description="Whether the party takes it out with its next submission; false for the owner.")
    verified: datetime | None
    files: list[ActionFileOut]
    judgements: list[JudgementOut]
    reports: list[ActionReportOut]

    @classmethod
    def seen_by(cls, person: Person, row: Action) -> "ActionOut":
        own = not person.is_owners
        words = wording_of(row) if own else submitted_wording(row)
        files = [file for file in row.files.all() if not file.is_removed and (own or file.is_submitted)]
        return cls(
            id=row.pk,
            number=row.number,
            section=words.section,
            text=words.text,
            owner=words.owner,
            due=words.due,
            proof=words.proof,
            controls=list(words.controls),
            state=row.state,
            progress=row.progress,
            is_draft=own and row.draft is not None,
            leaves=own and row.drops,
            verified=row.verified,
            files=[ActionFileOut.of(file) for file in files if file.report_id is None],
            judgements=[JudgementOut.of(each) for each in row.judgements.all()],
            reports=[ActionReportOut.of(each, files) for each in row.reports.all()],
        )


class PlanOut(Schema):
    """What a party was asked for, and how far it is."""

    id: str
    allegation: str
    party: PartyOut
    state: str
    words: str
    sections: list[str]
    due: datetime
    version: int = Field(description="The last that was submitted; 0: none yet.")
    asked: datetime
    submitted: datetime | None
    accepted: datetime | None
    case: str | None = Field(description="For the owner's people; null for a party.")
    actions: list[ActionOut] = Field(description="The owner sees those that were submitted.")
    open_points: list[str] = Field(description="What keeps it from being submitted; for the party.")

    @classmethod
    def seen_by(cls, person: Person, row: Plan) -> "PlanOut":
        own, actions = not person.is_owners, list(row.actions.all())
        files = [file for action in actions for file in action.files.all()]
        hidden = (Action.State.DROPPED,) if own else (Action.State.DROPPED, Action.State.DRAFT)
        return cls(
            id=row.pk,
            allegation=row.allegation_id,
            party=PartyOut.of(row.allegation.party),
            state=row.state,
            words=row.words,
            sections=list(row.sections),
            due=row.due,
            version=row.version,
            asked=row.asked,
            submitted=row.submitted,
            accepted=row.accepted,
            case=None if own else row.allegation.case_id,
            actions=[ActionOut.seen_by(person, each) for each in actions if each.state not in hidden],
            open_points=open_points(row, actions, files) if own and may_submit(row, actions) else [],
        )


class VersionOut(Schema):
    """A plan as it was submitted: its hash is in the ledger."""

    number: int
    content_sha256: str
    time: datetime
    content: dict[str, Any]

    @classmethod
    def of(cls, row: PlanVersion) -> "VersionOut":
        return cls(number=row.number, content_sha256=row.content_sha256, time=row.time, content=json.loads(row.content))


def seen_plans(person: Person) -> QuerySet[Plan]:
    """Return the plans that a person may see, with what an answer shows of them.

    Raises
    ------
    Problem 403
        If it is one of the owner's people who does not work on cases.
    """
    if person.is_owners:
        refuse_unless(person, Act.SEE_CASES)
    rows = Plan.objects.visible_to(person).select_related("allegation__party", "allegation__case")
    return rows.prefetch_related("actions__files", "actions__judgements", "actions__reports__person")


def shown_plan(person: Person, plan_id: str) -> PlanOut:
    """Return a plan as it is now, to whom it is shown."""
    return PlanOut.seen_by(person, find(seen_plans(person), plan_id))


def shown_action(person: Person, plan_id: str, action_id: str) -> ActionOut:
    """Return an action of a plan as it is now, to whom it is shown."""
    plan = find(seen_plans(person), plan_id)
    return ActionOut.seen_by(person, next(each for each in plan.actions.all() if each.pk == action_id))
