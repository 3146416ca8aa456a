"""Make a person out of a proven address: what an accepted invitation and the first link have in common."""

from collections.abc import Iterable
from datetime import datetime

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext

from tidemark.errors import Refused
from tidemark.records.accounts.models import Grant, Person
from tidemark.records.accounts.roles import OWNER_ROLES, SUPPLIER_ROLES, Role
from tidemark.records.parties.models import Party
from tidemark.records.parties.names import clean_name


def enrol(
    party: Party,
    *,
    name: str,
    email: str,
    language: str,
    roles: Iterable[str],
    password: str,
    now: datetime,
    granted_by: Person | None = None,
) -> Person:
    """Make a person whose address is verified. The caller is in a transaction, and has checked who may.

    ``granted_by`` is who vouches for the roles: the person who invited.

    Raises
    ------
    Refused
        If the password is too weak or somebody has the address already.
    """
    if Person.objects.filter(email=email).exists():
        raise Refused(gettext("A person with this e-mail address is on record already. Sign in instead."))
    person = Person(party=party, name=name, email=email, language=language, created=now)
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from None
    person.set_password(password)
    person.save()
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    given = (Grant(person=person, role=role, granted_by=granted_by, granted=now) for role in roles)
    Grant.objects.bulk_create(given)
    return person


def clean_person_name(name: str) -> str:
    """Return a person's name as it is kept.

    Raises
    ------
    Refused
        If it is empty or too long.
    """
    try:
        return clean_name(name)
    except ValueError:
        raise Refused(gettext("Give the person's name, of at most 200 characters.")) from None


def clean_address(email: str) -> str:
    """Return an e-mail address as it is kept: in lower case.

    Raises
    ------
    Refused
        If it is none.
    """
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise Refused(gettext("That is not an e-mail address.")) from None
    return email


def roles_of_side(party: Party, roles: Iterable[str]) -> list[str]:
    """Return the roles in the order of their definition, after checking that people of the party may have them.

    Raises
    ------
    Refused
        If there is none, or one is of the other side.
    """
    wanted = set(roles)
    side = OWNER_ROLES if party.is_owner else SUPPLIER_ROLES
    if not wanted:
        raise Refused(gettext("Choose at least one role."))
    if not wanted <= {str(role) for role in side}:
        raise Refused(gettext("People of %(party)s cannot have one of these roles.") % {"party": party.name})
    return [str(role) for role in Role if role in wanted]
