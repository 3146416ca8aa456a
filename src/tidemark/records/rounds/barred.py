"""Who of the bidders may get a round's drawings, and what bars those of whom nobody may."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from tidemark.records.accounts.models import Person
from tidemark.records.agreements.barred import barred_from, reason_for
from tidemark.records.agreements.releasable import Refusal, releasable_many
from tidemark.records.rounds.models import Bidder, Round


@dataclass(frozen=True, slots=True)
class Admission:
    """How a bidder stands with a round's drafts.

    Attributes
    ----------
    permitted, persons : int
        How many of the party's persons may get copies of all the round's drafts, of how many there are.
    refusal, person
        What the next person lacks, and who that is; None if somebody may get all, or the party has nobody.
    """

    permitted: int
    persons: int
    refusal: Refusal | None = None
    person: Person | None = None


def admissions(bidding: Round, bidders: Collection[Bidder], *, at: datetime) -> dict[int, Admission]:
    """Return how each bidder stands, by its party's id, in a number of queries that does not grow with them."""
    parties = [bidder.party_id for bidder in bidders]
    persons = list(Person.objects.filter(party__in=parties, is_active=True).select_related("party"))
    found = releasable_many(bidding.project, statuses_of(bidding), persons, at=at)
    of_party: dict[int, list[Person]] = {party: [] for party in parties}
    for person in persons:
        of_party[person.party_id].append(person)
    refused: dict[str, list[Refusal]] = {}
    for (person_id, _status), each in found.items():
        if isinstance(each, Refusal):
            refused.setdefault(person_id, []).append(each)
    return {party: _admission(own, refused) for party, own in of_party.items()}


def _admission(own: list[Person], refused: dict[str, list[Refusal]]) -> Admission:
    permitted = sum(person.pk not in refused for person in own)
    lacking = [(each, person) for person in own for each in refused.get(person.pk, ())]
    if permitted or not lacking:
        return Admission(permitted, len(own))
    refusal, person = max(lacking, key=lambda each: each[0].missing)
    return Admission(permitted, len(own), refusal, person)


def bars_party(admission: Admission, *, viewer: Person) -> str:
    """Say to the owner's people what bars a bidder; '' if nothing does."""
    if admission.persons == 0:
        return _("The party has no person on record yet. Invite one.")
    return "" if admission.refusal is None else reason_for(admission.refusal, viewer=viewer)


def bars_oneself(bidding: Round, person: Person, *, at: datetime) -> Refusal | None:
    """Return what bars a bidder's person from the drawings of a round that is open; None if nothing does."""
    if bidding.state != Round.State.OPEN:
        return None
    return barred_from(bidding.project, person, statuses_of(bidding), at=at)


def statuses_of(bidding: Round) -> list[str]:
    """Return the statuses of a round's drafts, each once."""
    return sorted(set(bidding.drafts.values_list("status", flat=True)))
