"""By what a text gives a party away: its name, its persons, its addresses, as they are on record."""

import re
from collections.abc import Iterable

from django.db.models import Q

from tidemark.records.accounts.models import Invitation, Person
from tidemark.records.parties.models import Party
from tidemark.records.reidentify.known import KnownParty

_PLACES = re.compile(
    r"city|town|place|country|region|province|state|location|ort|stadt|land|地|市|省|国", re.IGNORECASE
)
_DOMAIN = re.compile(r"^(?:https?://)?((?:[\w-]+\.)+[a-z]{2,})(?:/.*)?$", re.IGNORECASE)


BY_SUPPLIERS = Q(invited_by__party__is_owner=False)
"""The condition that an invitation was sent by a supplier's contact."""


def people_by_party() -> dict[int, list[tuple[str, str]]]:
    """Return the name and the e-mail address of everybody who belongs to a party, or was invited to by the owner.

    Whom a supplier's contact invites counts once he or she has come: till then it is a name that anybody could write.
    Two queries.
    """
    found: dict[int, list[tuple[str, str]]] = {}
    for rows in (Person.objects.order_by("pk"), Invitation.objects.exclude(BY_SUPPLIERS).order_by("pk")):
        for party, name, email in rows.values_list("party_id", "name", "email"):
            found.setdefault(party, []).append((name, email or ""))
    return found


def recognised(party: Party, people: Iterable[tuple[str, str]]) -> KnownParty:
    """Return by what a party with these people is recognised."""
    emails, domains, places, details = [], [], [], []
    for column, value in sorted(party.data.items()):
        said = str(value).strip()
        web = _DOMAIN.match(said)
        if "@" in said:
            emails.append(said)
        elif web:
            domains.append(web[1])
        elif _PLACES.search(str(column)):
            places.append(said)
        elif said:
            details.append(said)
    persons = list(people)
    return KnownParty(
        key=str(party.pk),
        names=(party.name,),
        persons=tuple(sorted({name for name, _ in persons if name})),
        emails=tuple(sorted({*emails, *(email for _, email in persons if email)})),
        domains=tuple(domains),
        places=tuple(places),
        details=tuple(details),
    )
