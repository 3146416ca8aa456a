"""A person's standing: which roles somebody has, and whether he or she is active. Nobody is ever deleted."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from tidemark.errors import Refused
from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind
from tidemark.records.accounts.enrol import clean_person_name, roles_of_side
from tidemark.records.accounts.models import ApiToken, Grant, Invitation, Person, Readmission
from tidemark.records.accounts.roles import Act, Role
from tidemark.records.connect import exclusively
from tidemark.records.home import Home
from tidemark.records.ledger.key import signing_key
from tidemark.records.ledger.log import append, sign
from tidemark.records.parties.models import Party


def set_roles(person: Person, roles: Iterable[str], *, by: Person, now: datetime) -> None:
    """Give a person these roles in place of those that he or she has.

    Raises
    ------
    Refused
        If ``by`` may not, a role is of the other side, or the owner would be left without administrator or officer.
    """
    _refuse_others(by)
    wanted = set(roles_of_side(person.party, roles))
    with transaction.atomic():
        locked = Person.objects.select_for_update(of=("self",)).select_related("party").get(pk=person.pk)
        _refuse_last(locked, losing=_roles(locked) - wanted)
        locked.grants.exclude(role__in=wanted).delete()
        given = (Grant(person=locked, role=role, granted_by=by, granted=now) for role in wanted)
        Grant.objects.bulk_create(given, ignore_conflicts=True)  # who has a role keeps it from whom it came, and when


def rename(person: Person, name: str, *, by: Person) -> Person:
    """Correct a person's name. Copies and acceptances are told by it, so a supplier's people do not choose theirs.

    Raises
    ------
    Refused
        If ``by`` may not, or it is no name.
    """
    _refuse_others(by)
    person.name = clean_person_name(name)
    person.save(update_fields=["name"])
    return person


def change_oneself(person: Person, *, name: str, language: str) -> None:
    """Change what a person may about himself or herself.

    Raises
    ------
    Refused
        If it is no name, or another one for somebody of a supplier's.
    """
    name = clean_person_name(name)
    if name != person.name and not person.is_owners:
        raise Refused(gettext("It stands on your copies and under agreements: ask the owner to change it."))
    person.name, person.language = name, language
    person.save(update_fields=["name", "language"])


def deactivate(person: Person, *, by: Person, now: datetime) -> None:
    """Shut a person out: no sign-in, no running session, no token, no invitation that still stands.

    What he or she did stays on record.

    Raises
    ------
    Refused
        If ``by`` may not, it is ``by``, or the owner would be left without administrator or officer.
    """
    _refuse_others(by)
    if person.pk == by.pk:
        raise Refused(gettext("You cannot deactivate yourself. Ask another administrator."))
    with transaction.atomic():
        locked = Person.objects.select_for_update(of=("self",)).select_related("party").get(pk=person.pk)
        _refuse_last(locked, losing=_roles(locked))
        locked.is_active = False
        locked.save(update_fields=["is_active"])
        locked.end_sessions()
        ApiToken.objects.filter(person=locked, revoked__isnull=True).update(revoked=now)
        Invitation.objects.standing().filter(invited_by=locked).update(withdrawn=now)


def reactivate(home: Home, person: Person, *, by: Person, now: datetime) -> None:
    """Let a person in again, with the roles of before; sessions, tokens and invitations of before do not come back.

    It is in the ledger, and ``by`` has brought the person, as by an invitation
    (:mod:`~tidemark.records.accounts.sponsors`). Of somebody who is active, nothing is changed or told.

    Raises
    ------
    Refused
        If ``by`` may not.
    """
    _refuse_others(by)
    with exclusively(home), transaction.atomic():
        locked = Person.objects.select_for_update(of=("self",)).select_related("party").get(pk=person.pk)
        if locked.is_active:
            return
        locked.is_active = True
        locked.save(update_fields=["is_active"])
        body: dict[str, JSON] = {"person": locked.pk, "party": locked.party.name, "by": by.pk}
        leaf = append(Kind.PERSON_READMITTED, body, subject=locked.pk, now=now)
        Readmission.objects.create(person=locked, by=by, time=now, leaf_index=leaf.index)
        sign(home, signing_key(home))


def _refuse_others(by: Person) -> None:
    if not by.may(Act.MANAGE_PEOPLE):
        raise Refused(gettext("Your role does not allow you to manage people."))


def _roles(person: Person) -> set[str]:
    return set(person.grants.values_list("role", flat=True))


def _refuse_last(person: Person, *, losing: set[str]) -> None:
    """Raise Refused if nobody else who is active would have a role that the owner cannot do without."""
    if not person.party.is_owner or not person.is_active:
        return
    Party.objects.select_for_update().get(pk=person.party_id)  # else two could send each other away at one moment
    others = Grant.objects.filter(person__party__is_owner=True, person__is_active=True)
    why = {
        Role.ADMINISTRATOR: gettext("There is no other active administrator. Make one first."),
        Role.OFFICER: gettext("There is no other active officer. Make one first."),
    }
    for role in why.keys() & losing:
        if not others.filter(role=role).exclude(person=person).exists():
            raise Refused(why[Role(role)])
