"""Invitations, by which persons come. A link is in the mail alone, never in an answer."""

from datetime import datetime
from typing import Annotated, Literal

from allauth.core import ratelimit
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from ninja import Schema
from pydantic import Field

from tidemark.api.callers import caller
from tidemark.api.forms import PartyOut
from tidemark.api.operations import Subject
from tidemark.api.pages import Asked, Id, Name, Page, RowId, find, named, page
from tidemark.api.problems import Problem
from tidemark.api.sent import Sent
from tidemark.records.accounts.invite import invite, resend, withdraw
from tidemark.records.accounts.models import Invitation, Person
from tidemark.records.accounts.roles import Act, Role
from tidemark.records.projects.models import visible_parties

invitations = Subject("invitations")


class InvitationIn(Sent):
    """Who is invited: a named person at one address, never an open link."""

    party: RowId
    name: Name
    email: Name
    roles: Annotated[list[Role], Field(min_length=1, max_length=len(Role))]
    language: Literal["en", "zh-hans"] = "en"


class InvitationOut(Schema):
    """An invitation. Its link is in the mail alone."""

    id: str
    party: PartyOut
    name: str
    email: str | None = Field(description="Null for who has no use for addresses.")
    roles: list[str]
    language: str
    created: datetime
    expires: datetime
    accepted: datetime | None
    withdrawn: datetime | None
    on_record_at: PartyOut | None = Field(
        description="Where the address is on record already, so that nothing was mailed; for who manages people, "
        "null for others."
    )

    @classmethod
    def seen_by(cls, person: Person, invitation: Invitation) -> "InvitationOut":
        return cls(
            id=invitation.id,
            party=PartyOut.of(invitation.party),
            name=invitation.name,
            email=invitation.email if person.sees_addresses else None,
            roles=invitation.roles,
            language=invitation.language,
            created=invitation.created,
            expires=invitation.expires,
            accepted=invitation.accepted,
            withdrawn=invitation.withdrawn,
            on_record_at=PartyOut.of(invitation.on_record_at)
            if invitation.on_record_at is not None and person.is_owners and person.may(Act.MANAGE_PEOPLE)
            else None,
        )


def seen_invitations(person: Person) -> QuerySet[Invitation]:
    """Return the invitations that a person may see, with what an answer shows of them."""
    return Invitation.objects.visible_to(person).select_related("party", "on_record_at").order_by("-created", "pk")


@invitations.reads("/invitations", Page[InvitationOut])
def list_invitations(request: HttpRequest, asked: Asked) -> object:
    """Invitations: for the owner's people all, for a contact those of the own party."""
    person = caller(request).person
    return page(request, seen_invitations(person), asked, lambda row: InvitationOut.seen_by(person, row))


@invitations.reads("/invitations/{invitation_id}", InvitationOut)
def get_invitation(request: HttpRequest, invitation_id: Id) -> InvitationOut:
    """One invitation."""
    person = caller(request).person
    return InvitationOut.seen_by(person, find(seen_invitations(person), invitation_id))


@invitations.does("POST", "/invitations", Act.INVITE_COLLEAGUES, InvitationOut, status=201)
def create_invitation(request: HttpRequest, sent: InvitationIn) -> InvitationOut:
    """Invite a named person by mail. A supplier's contact invites colleagues; who manages people invites anybody."""
    who = caller(request)
    who.must(Act.MANAGE_PEOPLE if who.person.is_owners else Act.INVITE_COLLEAGUES)
    party = named(visible_parties(who.person), sent.party, at="party")
    refuse_too_often(request)
    made = invite(
        party,
        name=sent.name,
        email=sent.email,
        roles=sent.roles,
        language=sent.language,
        by=who.person,
        now=timezone.now(),
    )
    return InvitationOut.seen_by(who.person, made.invitation)


@invitations.does("POST", "/invitations/{invitation_id}/resend", Act.INVITE_COLLEAGUES, InvitationOut)
def resend_invitation(request: HttpRequest, invitation_id: Id) -> InvitationOut:
    """Send a new link, which works for another while. The one before does not work any more."""
    who = caller(request)
    known = find(seen_invitations(who.person), invitation_id)
    who.must(Act.MANAGE_PEOPLE if who.person.is_owners else Act.INVITE_COLLEAGUES)
    refuse_too_often(request)
    return InvitationOut.seen_by(who.person, resend(known, by=who.person, now=timezone.now()).invitation)


@invitations.does("DELETE", "/invitations/{invitation_id}", Act.INVITE_COLLEAGUES, None, status=204)
def withdraw_invitation(request: HttpRequest, invitation_id: Id) -> None:
    """Make the link of an invitation stop working."""
    who = caller(request)
    known = find(seen_invitations(who.person), invitation_id)
    who.must(Act.MANAGE_PEOPLE if who.person.is_owners else Act.INVITE_COLLEAGUES)
    withdraw(known, by=who.person, now=timezone.now())


def refuse_too_often(request: HttpRequest) -> None:
    """Count a mail that goes out, together with those that the person sends from the pages."""
    if not ratelimit.consume(request, action="invite", user=caller(request).person):
        raise Problem(429, gettext("Too many invitations in an hour. Wait before you send another."))
