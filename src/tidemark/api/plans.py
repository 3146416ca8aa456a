"""Rectification plans: asked for and judged by officers, written and carried out by the party that was asked.

The party sees its own plan with its drafts; the owner's people see each action as it was last submitted.
"""

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from ninja import Schema
from pydantic import Field

from tidemark.api.allegations import seen_allegations
from tidemark.api.callers import caller
from tidemark.api.operations import Subject
from tidemark.api.pages import Asked, Id, Moment, Page, RowId, Text, find, page
from tidemark.api.plans_out import PlanOut, VersionOut, seen_plans, shown_plan
from tidemark.api.problems import forbidden
from tidemark.api.sent import Sent
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.connect import current_home
from tidemark.records.plans.ask import ask_plan, change_due
from tidemark.records.plans.controls import CATALOGUE
from tidemark.records.plans.judge import accept
from tidemark.records.plans.models import Plan, Section
from tidemark.records.plans.submit import submit

plans = Subject("plans")


class PlanIn(Sent):
    """What a party is asked for."""

    due: Moment
    words: Text = Field("", description="The party reads it.")
    sections: list[Section] = Field(default_factory=list, max_length=10, description="By default all.")


class DueIn(Sent):
    """Until when."""

    due: Moment


class ControlOut(Schema):
    """A control that an action can be mapped to. The title is in our own words."""

    id: str
    catalogue: str
    number: str
    title: str


class AcceptanceIn(Sent):
    """Which plan is accepted."""

    version: RowId = Field(description="Of the plan that was read; another one is not accepted unread.")


@plans.reads("/controls", list[ControlOut])
def list_controls(request: HttpRequest) -> list[ControlOut]:
    """The controls that actions are mapped to: VDA ISA, and ISO/IEC 27001:2022 Annex A."""
    caller(request)
    return [
        ControlOut(id=each.id, catalogue=each.catalogue, number=each.number, title=str(each.title))
        for each in CATALOGUE.values()
    ]


@plans.reads("/plans", Page[PlanOut])
def list_plans(request: HttpRequest, asked: Asked, state: Plan.State | None = None) -> object:
    """Plans: for a party's contacts those that it was asked for, for the owner's people all."""
    person = caller(request).person
    rows = seen_plans(person).order_by("-asked", "pk")
    return page(
        request, rows if state is None else rows.filter(state=state), asked, lambda row: PlanOut.seen_by(person, row)
    )


@plans.does("POST", "/allegations/{allegation_id}/plan", Act.RECTIFY, PlanOut, status=201)
def ask_for_plan(request: HttpRequest, allegation_id: Id, sent: PlanIn) -> PlanOut:
    """Ask the party of a final allegation for a plan."""
    who = caller(request)
    allegation = find(seen_allegations(who.person), allegation_id)
    who.must(Act.RECTIFY)
    made = ask_plan(
        current_home(),
        allegation,
        due=sent.due,
        words=sent.words,
        sections=sent.sections,
        by=who.person,
        now=timezone.now(),
    )
    return shown_plan(who.person, made.pk)


@plans.reads("/plans/{plan_id}", PlanOut)
def get_plan(request: HttpRequest, plan_id: Id) -> PlanOut:
    """One plan, to either side what is theirs."""
    return shown_plan(caller(request).person, plan_id)


@plans.reads("/plans/{plan_id}/versions", list[VersionOut])
def list_plan_versions(request: HttpRequest, plan_id: Id) -> list[VersionOut]:
    """The plan as it was submitted, each time."""
    plan = find(seen_plans(caller(request).person), plan_id)
    return [VersionOut.of(row) for row in plan.versions.all()]


@plans.does("POST", "/plans/{plan_id}/due", Act.RECTIFY, PlanOut)
def change_plan_due(request: HttpRequest, plan_id: Id, sent: DueIn) -> PlanOut:
    """Give the party until another date, while it is the party's turn."""
    plan, by = owner_found(request, plan_id)
    change_due(current_home(), plan, due=sent.due, by=by, now=timezone.now())
    return shown_plan(by, plan.pk)


@plans.does("POST", "/plans/{plan_id}/submit", Act.ANSWER, PlanOut)
def submit_plan(request: HttpRequest, plan_id: Id) -> PlanOut:
    """Submit the plan. It is frozen as it is, and its hash goes into the ledger."""
    plan, by = party_found(request, plan_id)
    submit(current_home(), plan, by=by, now=timezone.now())
    return shown_plan(by, plan.pk)


@plans.does("POST", "/plans/{plan_id}/accept", Act.RECTIFY, PlanOut)
def accept_plan(request: HttpRequest, plan_id: Id, sent: AcceptanceIn) -> PlanOut:
    """Accept a revised plan that leaves no action to be judged, because what was returned is taken out."""
    plan, by = owner_found(request, plan_id)
    accept(current_home(), plan, version=sent.version, by=by, now=timezone.now())
    return shown_plan(by, plan.pk)


def party_found(request: HttpRequest, plan_id: str) -> tuple[Plan, Person]:
    """Return the plan and the person, if the person writes for the party that was asked.

    Raises
    ------
    Problem
        404 if the person may not see the plan, 403 if it is not the person's to write.
    """
    who = caller(request)
    plan = find(seen_plans(who.person), plan_id)
    if who.person.party_id != plan.allegation.party_id:
        raise forbidden(gettext("Only people of the party that was asked for the plan do this."))
    who.must(Act.ANSWER)
    return plan, who.person


def owner_found(request: HttpRequest, plan_id: str) -> tuple[Plan, Person]:
    """Return the plan and the person, if the person judges plans.

    Raises
    ------
    Problem
        404 if the person may not see the plan, 403 if no role of the person allows it.
    """
    who = caller(request)
    plan = find(seen_plans(who.person), plan_id)
    who.must(Act.RECTIFY)
    return plan, who.person
