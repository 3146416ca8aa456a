"""Checks of the sub-vendors below a party that is asked for a plan: stated by the party, confirmed by the owner."""

from datetime import date, datetime

from django.http import HttpRequest
from django.utils import timezone
from ninja import Schema
from pydantic import Field

from tidemark.api.callers import caller
from tidemark.api.forms import PartyOut, ProjectRef
from tidemark.api.operations import Subject
from tidemark.api.pages import Day, Id, Name, RowId, Text, find, named
from tidemark.api.plans import owner_found, party_found
from tidemark.api.plans_out import seen_plans
from tidemark.api.sent import Sent
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.connect import current_home
from tidemark.records.plans.flow_down import SubVendor, confirm_check, state_check, sub_vendors
from tidemark.records.plans.models import FlowDownCheck
from tidemark.records.projects.models import Engagement

flow_down = Subject("gates")


class CheckIn(Sent):
    """What the party found at one of its sub-vendors."""

    engagement: Id
    is_bound: bool = Field(description="Whether a flow-down agreement is in force and accepted.")
    result: FlowDownCheck.Result
    checked: Day
    checked_by: Name = Field(description="A named person at the party.")
    remark: Text = ""


class ConfirmIn(Sent):
    """Whether what the party states is confirmed; the reason, if it is returned."""

    is_confirmed: bool
    text: Text = ""


class CheckOut(Schema):
    """What was stated of a sub-vendor, and whether it was confirmed."""

    id: int
    is_bound: bool
    result: str
    checked: date
    checked_by: str
    remark: str
    stated: datetime
    verdict: str
    verdict_text: str
    judged: datetime | None

    @classmethod
    def of(cls, row: FlowDownCheck) -> "CheckOut":
        return cls(
            id=row.pk,
            is_bound=row.is_bound,
            result=row.result,
            checked=row.checked,
            checked_by=row.checked_by,
            remark=row.remark,
            stated=row.stated,
            verdict=row.verdict,
            verdict_text=row.verdict_text,
            judged=row.judged,
        )


class SubVendorOut(Schema):
    """One engagement below the party."""

    engagement: str
    project: ProjectRef
    party: PartyOut
    tier: int
    is_bound: bool = Field(description="By the records: an agreement is in force and accepted.")
    agreement: str | None = Field(description="For the owner's people; null for a party.")
    check: CheckOut | None = Field(description="The last one.")

    @classmethod
    def seen_by(cls, person: Person, row: SubVendor) -> "SubVendorOut":
        return cls(
            engagement=row.engagement.pk,
            project=ProjectRef.of(row.engagement.project),
            party=PartyOut.of(row.engagement.party),
            tier=row.engagement.tier,
            is_bound=row.agreement is not None,
            agreement=row.agreement.pk if row.agreement and person.is_owners else None,
            check=CheckOut.of(row.check) if row.check else None,
        )


@flow_down.reads("/plans/{plan_id}/sub-vendors", list[SubVendorOut])
def list_sub_vendors(request: HttpRequest, plan_id: Id) -> list[SubVendorOut]:
    """Who works below the party in the project of the copies, each with its agreement and its last check."""
    person = caller(request).person
    plan = find(seen_plans(person), plan_id)
    on = timezone.now().date()
    return [SubVendorOut.seen_by(person, each) for each in sub_vendors(plan.allegation, on=on)]


@flow_down.does("POST", "/plans/{plan_id}/checks", Act.ANSWER, CheckOut, status=201)
def state_sub_vendor_check(request: HttpRequest, plan_id: Id, sent: CheckIn) -> CheckOut:
    """State what was found at a sub-vendor, for the party. The last statement counts."""
    plan, by = party_found(request, plan_id)
    made = state_check(
        current_home(),
        plan,
        named(Engagement.objects.visible_to(by), sent.engagement, at="engagement"),
        is_bound=sent.is_bound,
        result=sent.result,
        checked=sent.checked,
        checked_by=sent.checked_by,
        remark=sent.remark,
        by=by,
        now=timezone.now(),
    )
    return CheckOut.of(made)


@flow_down.does("POST", "/plans/{plan_id}/checks/{check_id}/confirm", Act.RECTIFY, CheckOut)
def confirm_sub_vendor_check(request: HttpRequest, plan_id: Id, check_id: RowId, sent: ConfirmIn) -> CheckOut:
    """Confirm what a party states of a sub-vendor, or return it with the reason."""
    plan, by = owner_found(request, plan_id)
    rows = FlowDownCheck.objects.select_related(
        "plan__allegation__case", "plan__allegation__party", "engagement__party"
    )
    check = find(rows.filter(plan=plan), check_id)
    confirm_check(current_home(), check, is_confirmed=sent.is_confirmed, text=sent.text, by=by, now=timezone.now())
    return CheckOut.of(find(rows, check.pk))
