"""Requests to share onward: a supplier asks that a person of its sub-vendor gets child copies."""

from datetime import datetime
from typing import Annotated

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from ninja import Schema
from pydantic import Field

from tidemark.api.callers import caller
from tidemark.api.forms import PartyOut, PersonRef
from tidemark.api.invitations import InvitationOut, refuse_too_often
from tidemark.api.operations import Subject
from tidemark.api.pages import Asked, Id, Name, Page, Reason, Text, find, named, named_all, page
from tidemark.api.sent import Sent
from tidemark.limits import MAX_COPIES_A_REQUEST
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.agreements.models import Agreement
from tidemark.records.connect import current_home
from tidemark.records.copies.fulfil import waiting_for
from tidemark.records.copies.left_out import left_out
from tidemark.records.copies.models import Copy, OnwardRequest
from tidemark.records.copies.onward import ask, decide, invite_anew, take_back, withdraw
from tidemark.records.copies.standing import why_left
from tidemark.records.projects.models import Engagement

onward = Subject("onward requests")


class AskIn(Sent):
    """Which of the own copies a person of a sub-vendor should get child copies of, and why."""

    engagement: Id = Field(description="The own place in the supply tree.")
    copies: Annotated[list[Id], Field(min_length=1, max_length=MAX_COPIES_A_REQUEST)]
    sub_vendor: Name = Field(description="The sub-vendor's name; it need not be on record yet.")
    contact_name: Name
    contact_email: Name
    why: Reason
    agreement: Id | None = Field(None, description="The agreement that passes the duty on.")


class OnwardDecisionIn(Sent):
    """What the owner says to it. A refusal has a reason."""

    approve: bool
    why: Text = ""


class ApprovalTakenBackIn(Sent):
    """Why an approval is taken back. The supplier reads it."""

    why: Reason


class OnwardRequestOut(Schema):
    """A supplier asks that a named person of its sub-vendor gets child copies of some of its copies."""

    id: str
    engagement: str
    asking: PartyOut
    copies: list[str]
    sub_vendor: str = Field(description="For the owner's people as on record; for others as the asking party wrote it.")
    sub_vendor_id: int | None = Field(description="Of the party; for the owner's people.")
    contact_name: str
    contact_email: str | None = Field(description="As the asking party gave it; null for who has no use for addresses.")
    why: str
    agreement: str | None
    state: str
    asked: datetime
    asked_by: PersonRef
    decided: datetime | None
    decided_by: PersonRef | None = Field(description="For the owner's people; null if an agreement decided.")
    decision: str = Field(description="The reason that was given.")
    taken_back: datetime | None = Field(description="When the approval was taken back.")
    taken_back_by: PersonRef | None = Field(description="For the owner's people.")
    taken_back_why: str

    @classmethod
    def seen_by(cls, person: Person, row: OnwardRequest) -> "OnwardRequestOut":
        return cls(
            id=row.id,
            engagement=row.engagement_id,
            asking=PartyOut.of(row.engagement.party),
            copies=[copy.id for copy in row.copies.all()],
            sub_vendor=row.sub_vendor_for(person),
            sub_vendor_id=row.sub_vendor_id if person.is_owners else None,
            contact_name=row.contact_name,
            contact_email=row.contact_email if person.sees_addresses else None,
            why=row.why,
            agreement=row.agreement_id,
            state=row.state,
            asked=row.asked,
            asked_by=PersonRef.of(row.asked_by),
            decided=row.decided,
            decided_by=PersonRef.of(row.decided_by) if row.decided_by and person.is_owners else None,
            decision=row.decision,
            taken_back=row.taken_back,
            taken_back_by=PersonRef.of(row.taken_back_by) if row.taken_back_by and person.is_owners else None,
            taken_back_why=row.taken_back_why,
        )


class LeftOutOut(Schema):
    """A copy that was asked for and got no child copy, and why."""

    copy_id: str
    reason: str


class WholeRequestOut(OnwardRequestOut):
    """A request, and how far it is."""

    waits_for: list[str] = Field(description="What is still missing before the child copies of an approved request.")
    left_to_officer: str | None = Field(
        description="For the owner's people: why an officer decides though an agreement approves such requests "
        "beforehand, '' if none does."
    )
    child_copies: list[str] = Field(description="Those that the caller may see.")
    left_out: list[LeftOutOut] = Field(description="What was left out as the child copies were planned.")


def seen_requests(person: Person) -> QuerySet[OnwardRequest]:
    """Return the requests that a person may see, with what an answer shows of them."""
    people = ("asked_by", "decided_by", "taken_back_by")
    rows = OnwardRequest.objects.visible_to(person).select_related("engagement__party", "sub_vendor", *people)
    return rows.prefetch_related("copies")


@onward.reads("/onward-requests", Page[OnwardRequestOut])
def list_onward_requests(request: HttpRequest, asked: Asked, state: OnwardRequest.State | None = None) -> object:
    """Requests: for the owner's people all, for a supplier its own."""
    person = caller(request).person
    rows = seen_requests(person).order_by("-asked", "pk")
    if state is not None:
        rows = rows.filter(state=state)
    return page(request, rows, asked, lambda row: OnwardRequestOut.seen_by(person, row))


@onward.reads("/onward-requests/{request_id}", WholeRequestOut)
def get_onward_request(request: HttpRequest, request_id: Id) -> WholeRequestOut:
    """One request, what it waits for, and what came of it."""
    person = caller(request).person
    known = find(seen_requests(person), request_id)
    now = timezone.now()
    children = Copy.objects.visible_to(person).filter(release=known.release_id, parent__isnull=False)
    return WholeRequestOut(
        **OnwardRequestOut.seen_by(person, known).dict(),
        waits_for=list(waiting_for(known, now=now, to_owner=person.is_owners)),
        left_to_officer=(why_left(known, now=now) if known.state == OnwardRequest.State.ASKED else "")
        if person.is_owners
        else None,
        child_copies=sorted(children.values_list("pk", flat=True)) if known.release_id else [],
        left_out=[LeftOutOut(copy_id=each.copy.pk, reason=each.reason) for each in left_out(known)],
    )


@onward.does("POST", "/onward-requests", Act.SHARE_ONWARD, OnwardRequestOut, status=201)
def ask_to_share_onward(request: HttpRequest, sent: AskIn) -> OnwardRequestOut:
    """Ask that a named person of a sub-vendor gets child copies of some of the caller's party's copies."""
    who = caller(request)
    who.must(Act.SHARE_ONWARD)
    own = Engagement.objects.visible_to(who.person).filter(party_id=who.person.party_id)
    copies = Copy.objects.visible_to(who.person).select_related("draft__project", "holder")
    made = ask(
        current_home(),
        named(own.select_related("party", "project"), sent.engagement, at="engagement"),
        named_all(copies, sent.copies, at="copies"),
        sub_vendor=sent.sub_vendor,
        contact_name=sent.contact_name,
        contact_email=sent.contact_email,
        why=sent.why,
        agreement=named(Agreement.objects.visible_to(who.person), sent.agreement, at="agreement")
        if sent.agreement
        else None,
        by=who.person,
        now=timezone.now(),
    )
    return OnwardRequestOut.seen_by(who.person, find(seen_requests(who.person), made.pk))


@onward.does("POST", "/onward-requests/{request_id}/decide", Act.RELEASE, OnwardRequestOut)
def decide_on_request(request: HttpRequest, request_id: Id, sent: OnwardDecisionIn) -> OnwardRequestOut:
    """Approve or refuse a request. An approval takes effect as soon as nothing is missing any more."""
    who = caller(request)
    known = find(seen_requests(who.person), request_id)
    who.must(Act.RELEASE)
    decide(current_home(), known, approve=sent.approve, why=sent.why, by=who.person, now=timezone.now())
    return OnwardRequestOut.seen_by(who.person, find(seen_requests(who.person), request_id))


@onward.does("POST", "/onward-requests/{request_id}/take-back", Act.RELEASE, OnwardRequestOut)
def take_approval_back(request: HttpRequest, request_id: Id, sent: ApprovalTakenBackIn) -> OnwardRequestOut:
    """Take an approval back, as long as no copies were planned for it. The supplier is told by mail."""
    who = caller(request)
    known = find(seen_requests(who.person), request_id)
    who.must(Act.RELEASE)
    take_back(current_home(), known, why=sent.why, by=who.person, now=timezone.now())
    return OnwardRequestOut.seen_by(who.person, find(seen_requests(who.person), request_id))


@onward.does("POST", "/onward-requests/{request_id}/invite", Act.RELEASE, InvitationOut)
def invite_contact_anew(request: HttpRequest, request_id: Id) -> InvitationOut:
    """Invite the contact of an approved request once more, after the invitation was withdrawn or has expired."""
    who = caller(request)
    known = find(seen_requests(who.person), request_id)
    who.must(Act.RELEASE)
    refuse_too_often(request)
    return InvitationOut.seen_by(who.person, invite_anew(known, by=who.person, now=timezone.now()).invitation)


@onward.does("POST", "/onward-requests/{request_id}/withdraw", Act.SHARE_ONWARD, OnwardRequestOut)
def withdraw_request(request: HttpRequest, request_id: Id) -> OnwardRequestOut:
    """Take a request of the caller's party back, as long as no copies were planned for it."""
    who = caller(request)
    known = find(seen_requests(who.person), request_id)
    who.must(Act.SHARE_ONWARD)
    withdraw(known, by=who.person, now=timezone.now())
    return OnwardRequestOut.seen_by(who.person, find(seen_requests(who.person), request_id))
