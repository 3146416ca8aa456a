"""Put the cast on record: parties, named persons with one password, and a token for each.

Everybody comes by a link in real life, and makes tokens on the profile page alone. A play has neither mails nor pages,
so this one step is done in the records directly.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import transaction

from tidemark.demo.cast import HOLDERS, OWNER, OWNERS_PEOPLE, Player, contact_of
from tidemark.errors import RecordsDamaged
from tidemark.records.accounts.enrol import enrol
from tidemark.records.accounts.first import make_first_officer, new_first_link
from tidemark.records.accounts.models import ApiToken, Person
from tidemark.records.accounts.scopes import Scope
from tidemark.records.accounts.tokens import issue_token, revoke_token
from tidemark.records.parties.models import Party

_TOKENS_LAST = timedelta(days=1)


def gather(*, password: str, now: datetime) -> dict[str, Person]:
    """Make the owner's people and a contact of every holder, in new records; return them by their keys."""
    first, *others = OWNERS_PEOPLE
    link = new_first_link(now=now)
    if link is None:
        raise RecordsDamaged("The play needs new records, and somebody is here already.")
    persons = {
        first.key: make_first_officer(
            link, company=OWNER, name=first.name, email=first.email, language="en", password=password, now=now
        )
    }
    owner = persons[first.key].party
    with transaction.atomic():
        for player in others:
            persons[player.key] = _enrolled(player, owner, password=password, now=now)
        for organisation in HOLDERS:
            party = Party.named(organisation.name, {}, now=now)
            player = contact_of(organisation)
            persons[player.key] = _enrolled(player, party, password=password, now=now)
    return persons


@contextmanager
def tokens(persons: Mapping[str, Person], *, now: datetime) -> Iterator[dict[str, str]]:
    """Give each person a token with all scopes, until the block ends."""
    issued = {
        key: issue_token(person, name="the play", scopes=tuple(Scope), expires=now + _TOKENS_LAST, now=now)
        for key, person in persons.items()
    }
    try:
        yield {key: each.token for key, each in issued.items()}
    finally:
        for row in ApiToken.objects.filter(pk__in=[each.row.pk for each in issued.values()]):
            revoke_token(row, now=now)


def _enrolled(player: Player, party: Party, *, password: str, now: datetime) -> Person:
    return enrol(
        party,
        name=player.name,
        email=player.email,
        language=player.language,
        roles=player.roles,
        password=password,
        now=now,
    )
