"""The gate through which suspended access returns: what it holds, its conditions, and the way past them."""

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from ninja import Schema
from pydantic import Field

from tidemark.api.allegations import ApprovalIn, seen_allegations
from tidemark.api.callers import Caller, caller
from tidemark.api.forms import PersonRef, UncountedOut
from tidemark.api.operations import Subject
from tidemark.api.pages import Day, Id, Reason, find
from tidemark.api.sent import Sent
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.cases.approvals import content_sha256
from tidemark.records.cases.models import Allegation
from tidemark.records.connect import current_home
from tidemark.records.plans.access import agree_payment, open_gate, suspend_access
from tidemark.records.plans.facts import gate_of
from tidemark.records.plans.held import held_of
from tidemark.records.plans.models import GateOverride
from tidemark.records.plans.override import (
    approvals_of_override,
    approve_gate_override,
    override_content,
    proposal_of,
    propose_override,
)

gates = Subject("gates")


class GateReasonIn(Sent):
    """The reason, in writing. The party does not read it."""

    why: Reason


class TermIn(Sent):
    """Until when a payment is put off, and what was agreed, which the party reads."""

    until: Day
    text: Reason


class ConditionOut(Schema):
    """One condition of the gate."""

    key: str
    claim: str
    holds: bool
    detail: str
    who_acts: str = Field(description="`party`, `owner`, or '' if it holds.")


class OverrideOut(Schema):
    """That access is to return though conditions are open."""

    reason: str
    open: list[str] = Field(description="The conditions that it speaks of.")
    lacks: list[str] = Field(description="Each single thing that lacked then; what grew since is not passed over.")
    proposed: datetime
    proposed_by: PersonRef
    approved: list[str] = Field(description="Roles in which it is approved as it stands.")
    uncounted: list[UncountedOut] = Field(description="Approvals on record that do not count, each with the reason.")
    content_sha256: str = Field(description="Of all of it: what is approved.")

    @classmethod
    def of(cls, row: GateOverride) -> "OverrideOut":
        content = override_content(row)
        given = approvals_of_override(row)
        return cls(
            reason=row.reason,
            open=list(row.open),
            lacks=list(row.lacks),
            proposed=row.proposed,
            proposed_by=PersonRef.of(row.proposed_by),
            approved=sorted(given.by_role),
            uncounted=[UncountedOut.of(each) for each in given.uncounted],
            content_sha256=content_sha256(content),
        )


class GateOut(Schema):
    """The gate of one allegation: what it holds, and what must be so before it opens."""

    allegation: str
    is_open: bool = Field(description="Whether it holds nothing.")
    held: list[str] = Field(description="Engagements that it holds.")
    conditions: list[ConditionOut]
    override: OverrideOut | None = Field(description="For the owner's people; null for a party.")

    @classmethod
    def seen_by(cls, person: Person, row: Allegation) -> "GateOut":
        held = held_of(row)
        proposal = proposal_of(row) if person.is_owners else None
        return cls(
            allegation=row.pk,
            is_open=not held,
            held=[each.pk for each in held],
            conditions=[
                ConditionOut(
                    key=each.key, claim=each.claim, holds=each.holds, detail=each.detail, who_acts=str(each.who_acts)
                )
                for each in gate_of(row, now=timezone.now())
            ],
            override=OverrideOut.of(proposal) if proposal else None,
        )


@gates.reads("/allegations/{allegation_id}/gate", GateOut)
def get_gate(request: HttpRequest, allegation_id: Id) -> GateOut:
    """The gate: each condition, whether it holds, and who must act."""
    who, allegation = _found(request, allegation_id)
    return GateOut.seen_by(who.person, allegation)


@gates.does("POST", "/allegations/{allegation_id}/gate/suspend", Act.RECTIFY, GateOut)
def suspend_party_access(request: HttpRequest, allegation_id: Id, sent: GateReasonIn) -> GateOut:
    """Suspend the party's access in the project of the copies, until the gate opens; of the case if none is named."""
    who, allegation = _found(request, allegation_id)
    who.must(Act.RECTIFY)
    suspend_access(current_home(), allegation, why=sent.why, by=who.person, now=timezone.now())
    return _shown(who.person, allegation.pk)


@gates.does("POST", "/allegations/{allegation_id}/gate/open", Act.RECTIFY, GateOut)
def open_party_gate(request: HttpRequest, allegation_id: Id) -> GateOut:
    """Return the party's access. Refused with the open conditions, unless an approved override speaks of them all."""
    who, allegation = _found(request, allegation_id)
    who.must(Act.RECTIFY)
    open_gate(current_home(), allegation, by=who.person, now=timezone.now())
    return _shown(who.person, allegation.pk)


@gates.does("POST", "/allegations/{allegation_id}/gate/override", Act.ALLEGE, GateOut)
def propose_gate_override(request: HttpRequest, allegation_id: Id, sent: GateReasonIn) -> GateOut:
    """Propose in writing that access returns though conditions are open. Legal and an officer approve it."""
    who, allegation = _found(request, allegation_id)
    who.must(Act.ALLEGE)
    propose_override(current_home(), allegation, reason=sent.why, by=who.person, now=timezone.now())
    return _shown(who.person, allegation.pk)


@gates.does("POST", "/allegations/{allegation_id}/gate/approvals", Act.ALLEGE, GateOut)
def approve_override_of_gate(request: HttpRequest, allegation_id: Id, sent: ApprovalIn) -> GateOut:
    """Approve the proposed override, as it stands."""
    who, allegation = _found(request, allegation_id)
    who.must(Act.ALLEGE)
    home, now, seen = current_home(), timezone.now(), sent.content_sha256
    approve_gate_override(home, allegation, role=sent.role, by=who.person, now=now, seen=seen)
    return _shown(who.person, allegation.pk)


@gates.does("POST", "/allegations/{allegation_id}/gate/payment-term", Act.ALLEGE, GateOut)
def agree_on_payment(request: HttpRequest, allegation_id: Id, sent: TermIn) -> GateOut:
    """Agree to be paid later: until that day the gate does not wait for the money."""
    who, allegation = _found(request, allegation_id)
    who.must(Act.ALLEGE)
    agree_payment(current_home(), allegation, until=sent.until, text=sent.text, by=who.person, now=timezone.now())
    return _shown(who.person, allegation.pk)


def _found(request: HttpRequest, allegation_id: str) -> tuple[Caller, Allegation]:
    who = caller(request)
    return who, find(seen_allegations(who.person), allegation_id)


def _shown(person: Person, allegation_id: str) -> GateOut:
    return GateOut.seen_by(person, find(seen_allegations(person), allegation_id))
