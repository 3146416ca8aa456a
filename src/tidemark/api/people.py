"""Oneself and one's tokens; parties and persons."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Schema
from pydantic import Field

from tidemark import limits
from tidemark.api.callers import caller
from tidemark.api.forms import PartyOut
from tidemark.api.operations import Subject
from tidemark.api.pages import Asked, Id, Name, Page, RowId, find, page
from tidemark.api.sent import Sent
from tidemark.records.accounts.models import ApiToken, Person
from tidemark.records.accounts.nonce import give_nonce
from tidemark.records.accounts.roles import Act, Role, allowed
from tidemark.records.accounts.scopes import Scope
from tidemark.records.accounts.standing import change_oneself, deactivate, reactivate, rename, set_roles
from tidemark.records.accounts.tokens import revoke_token
from tidemark.records.connect import current_home
from tidemark.records.parties.add import add_party
from tidemark.records.projects.models import visible_parties

me = Subject("me")
parties = Subject("parties")
persons = Subject("persons")


class TokenOut(Schema):
    """A personal token, without its text: that was shown once, when it was made."""

    id: str
    name: str
    scopes: list[str]
    created: datetime
    expires: datetime
    last_used: datetime | None
    revoked: datetime | None

    @classmethod
    def of(cls, token: ApiToken) -> "TokenOut":
        return cls(
            id=token.id,
            name=token.name,
            scopes=token.scopes,
            created=token.created,
            expires=token.expires,
            last_used=token.last_used,
            revoked=token.revoked,
        )


class PartyIn(Sent):
    """An organisation that is not on record yet."""

    name: Name


class PersonNameIn(Sent):
    """A person's name."""

    name: Name


class RolesIn(Sent):
    """The roles that a person has from now on, in place of those of before."""

    roles: Annotated[list[Role], Field(min_length=1, max_length=len(Role))]


class MeIn(Sent):
    """What one may change about oneself; the address proves who it is and stays."""

    name: Name
    language: Literal["en", "zh-hans"]


class PersonOut(Schema):
    """A named person."""

    id: str
    name: str
    email: str | None = Field(description="Null for who has no use for addresses.")
    language: str
    party: PartyOut
    roles: list[str]
    is_active: bool
    created: datetime

    @classmethod
    def seen_by(cls, viewer: Person, person: Person) -> "PersonOut":
        return cls(
            id=person.id,
            name=person.name,
            email=person.email if viewer.sees_addresses or viewer.pk == person.pk else None,
            language=person.language,
            party=PartyOut.of(person.party),
            roles=sorted(person.roles),
            is_active=person.is_active,
            created=person.created,
        )


class NonceIn(Sent):
    """What the caller contributes to the keys of copies that are planned from now on."""

    nonce: str = Field(max_length=4 * limits.MAX_NONCE_BYTES, description="32 to 64 hexadecimal digits; '' for none.")


class MeOut(PersonOut):
    """Who the caller is, and what he or she may do."""

    acts: list[str]
    nonce: str = Field(description="In hexadecimal; '' if there is none.")
    token: TokenOut | None


@me.reads("/me", MeOut)
def get_me(request: HttpRequest) -> MeOut:
    """Who is calling, and what may be done."""
    who = caller(request)
    return MeOut(
        **PersonOut.seen_by(who.person, who.person).dict(),
        acts=sorted(allowed(who.person.roles)),
        nonce=bytes(who.person.nonce).hex(),
        token=TokenOut.of(who.token) if who.token else None,
    )


@me.changes("PUT", "/me", Scope.WRITE, MeOut)
def change_me(request: HttpRequest, sent: MeIn) -> MeOut:
    """Change the caller's language, and for the owner's people the name. A supplier's people ask the owner for that."""
    change_oneself(caller(request).person, name=sent.name, language=sent.language)
    return get_me(request)


@me.changes("PUT", "/me/nonce", Scope.WRITE, MeOut)
def give_my_nonce(request: HttpRequest, sent: NonceIn) -> MeOut:
    """Give a nonce of one's own: the marks of copies planned from now on depend on it, and their receipts show it."""
    give_nonce(current_home(), caller(request).person, sent.nonce, now=timezone.now())
    return get_me(request)


@me.reads("/me/tokens", Page[TokenOut])
def list_tokens(request: HttpRequest, asked: Asked) -> object:
    """The caller's own personal tokens.

    They are made on the profile page only, so that a token that was stolen cannot make others.
    """
    return page(request, caller(request).person.api_tokens.order_by("-created", "pk"), asked, TokenOut.of)


@me.changes("DELETE", "/me/tokens/{token_id}", Scope.WRITE, None, status=204)
def delete_token(request: HttpRequest, token_id: Id) -> None:
    """Revoke one of the caller's own tokens."""
    revoke_token(find(caller(request).person.api_tokens.all(), token_id), now=timezone.now())


@parties.reads("/parties", Page[PartyOut])
def list_parties(request: HttpRequest, asked: Asked) -> object:
    """Parties that the caller may see."""
    return page(request, visible_parties(caller(request).person).order_by("name", "pk"), asked, PartyOut.of)


@parties.reads("/parties/{party_id}", PartyOut)
def get_party(request: HttpRequest, party_id: RowId) -> PartyOut:
    """One party."""
    return PartyOut.of(find(visible_parties(caller(request).person), party_id))


@persons.reads("/persons", Page[PersonOut])
def list_persons(request: HttpRequest, asked: Asked, party: RowId | None = None) -> object:
    """Persons: for the owner's people all, for everybody else their own colleagues."""
    viewer = caller(request).person
    rows = Person.objects.visible_to(viewer).select_related("party").prefetch_related("grants")
    if party is not None:
        rows = rows.filter(party_id=party)
    return page(request, rows.order_by("name", "pk"), asked, lambda row: PersonOut.seen_by(viewer, row))


@persons.reads("/persons/{person_id}", PersonOut)
def get_person(request: HttpRequest, person_id: Id) -> PersonOut:
    """One person."""
    viewer = caller(request).person
    return PersonOut.seen_by(viewer, find(Person.objects.visible_to(viewer).select_related("party"), person_id))


@parties.does("POST", "/parties", Act.MANAGE_PEOPLE, PartyOut, status=201)
def create_party(request: HttpRequest, sent: PartyIn) -> PartyOut:
    """Put a supplier or a sub-vendor on record."""
    who = caller(request)
    who.must(Act.MANAGE_PEOPLE)
    return PartyOut.of(add_party(sent.name, by=who.person, now=timezone.now()))


@persons.does("PUT", "/persons/{person_id}/name", Act.MANAGE_PEOPLE, PersonOut)
def rename_person(request: HttpRequest, person_id: Id, sent: PersonNameIn) -> PersonOut:
    """Correct a person's name, by which copies and acceptances tell who it was."""
    return _after(request, person_id, lambda known, by: rename(known, sent.name, by=by))


@persons.does("PUT", "/persons/{person_id}/roles", Act.MANAGE_PEOPLE, PersonOut)
def set_person_roles(request: HttpRequest, person_id: Id, sent: RolesIn) -> PersonOut:
    """Give a person these roles in place of those of before."""
    return _after(request, person_id, lambda known, by: set_roles(known, sent.roles, by=by, now=timezone.now()))


@persons.does("POST", "/persons/{person_id}/deactivate", Act.MANAGE_PEOPLE, PersonOut)
def deactivate_person(request: HttpRequest, person_id: Id) -> PersonOut:
    """Shut a person out: no sign-in, no running session, no token."""
    return _after(request, person_id, lambda known, by: deactivate(known, by=by, now=timezone.now()))


@persons.does("POST", "/persons/{person_id}/reactivate", Act.MANAGE_PEOPLE, PersonOut)
def reactivate_person(request: HttpRequest, person_id: Id) -> PersonOut:
    """Let a person in again. It is in the ledger, and counts as having brought the person."""
    return _after(request, person_id, lambda known, by: reactivate(current_home(), known, by=by, now=timezone.now()))


def _after(request: HttpRequest, person_id: str, change: Callable[[Person, Person], object]) -> PersonOut:
    who = caller(request)
    rows = Person.objects.visible_to(who.person).select_related("party")
    known = find(rows, person_id)
    who.must(Act.MANAGE_PEOPLE)
    change(known, who.person)
    return PersonOut.seen_by(who.person, find(rows, person_id))
