"""The first officer: whoever can read the server's own output may make one, once."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext

from tidemark.errors import Refused
from tidemark.records.accounts.enrol import clean_address, clean_person_name, enrol
from tidemark.records.accounts.links import hash_of, new_secret
from tidemark.records.accounts.models import FirstLink, Person
from tidemark.records.accounts.roles import Role
from tidemark.records.parties.models import Party
from tidemark.records.parties.names import clean_name, fold

LASTS = timedelta(hours=24)


def is_needed() -> bool:
    """Whether the owner has no person yet."""
    return not Person.objects.filter(party__is_owner=True).exists()


def new_first_link(*, now: datetime) -> str | None:
    """Return the secret of a new one-time link, after which no older one works; None if nobody is missing."""
    with transaction.atomic():
        FirstLink.objects.all().delete()
        if not is_needed():
            return None
        secret = new_secret()
        FirstLink.objects.create(token_sha256=secret.sha256, created=now, expires=now + LASTS)
    return secret.text


def is_first_link(secret: str, *, now: datetime) -> bool:
    """Whether the link of this secret works now."""
    return is_needed() and FirstLink.objects.filter(token_sha256=hash_of(secret), expires__gt=now).exists()


def make_first_officer(
    secret: str, *, company: str, name: str, email: str, language: str, password: str, now: datetime
) -> Person:
    """Make the owner's first person, administrator and officer, and use the link up.

    The address counts as verified: the link was printed on the machine, not sent to it.

    Raises
    ------
    Refused
        If the link does not work (any more), or something that was given is not acceptable.
    """
    try:
        company = clean_name(company)
    except ValueError:
        raise Refused(gettext("Give the company's name, of at most 200 characters.")) from None
    with transaction.atomic():
        used, _ = FirstLink.objects.filter(token_sha256=hash_of(secret), expires__gt=now).delete()
        if not used or not is_needed():
            raise Refused(gettext("This link does not work any more. Restart the server to get another."))
        return enrol(
            _named_owner(company, now=now),
            name=clean_person_name(name),
            email=clean_address(email),
            language=language,
            roles=(Role.ADMINISTRATOR, Role.OFFICER),
            password=password,
            now=now,
        )


def _named_owner(company: str, *, now: datetime) -> Party:
    """Return the owner under the company's name. Copies made on the command line may have made one without it."""
    owner = Party.owner(company, now=now)
    if owner.folded_name != fold(company):
        if Party.objects.filter(folded_name=fold(company)).exists():
            raise Refused(gettext("Another party has this name already. Give the owner's own name."))
        owner.name, owner.folded_name = company, fold(company)
        owner.save(update_fields=["name", "folded_name"])
    return owner
