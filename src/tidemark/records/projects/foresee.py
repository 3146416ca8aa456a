"""What a release would do, before it is done: who may receive, how many copies would be made, and who cannot and why.

It asks the same rule as the release itself (:mod:`tidemark.records.agreements.releasable`), which decides anew.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from tidemark.records.accounts.models import Person
from tidemark.records.agreements.releasable import Permit, releasable_many, why_choose
from tidemark.records.copies.models import Copy
from tidemark.records.parties.models import Party
from tidemark.records.projects.models import Draft, Engagement, Project
from tidemark.records.projects.tree import is_open


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person who might receive copies.

    Attributes
    ----------
    person : Person
    may_all, may_any : bool
        Whether drafts of every status that is asked for may be released to the person; or of any.
    reason : str
        Why some may not; '' if all may.
    """

    person: Person
    may_all: bool
    may_any: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Group:
    """The persons of one party, at its first place in the supply tree."""

    party: Party
    tier: int
    candidates: list[Candidate]


@dataclass(frozen=True, slots=True)
class Place:
    """One of several places of a party: under whom, '' if the owner engaged it itself, and who answers there."""

    engagement: str
    under: str
    responsible: str


@dataclass(frozen=True, slots=True)
class Choice:
    """The places of a party at which different parties answer, and which of them was chosen, '' if none."""

    party: Party
    places: tuple[Place, ...]
    chosen: str


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a release would do.

    Attributes
    ----------
    copies : int
        How many would be made.
    persons : int
        For how many persons.
    refused : list of (Person, str)
        Who would get less than everything, and why; each reason of a person once.
    holding : int
        Pairs that are left out because the person holds an open copy already.
    choices : tuple of Choice
        Of parties where the place is to be chosen, or was.
    """

    copies: int
    persons: int
    refused: list[tuple[Person, str]]
    holding: int
    choices: tuple[Choice, ...] = ()


def candidates(project: Project, statuses: Sequence[str], *, at: datetime) -> list[Group]:
    """Return everybody in a project's supply tree, party by party, with whether they may get drafts."""
    tree = list(Engagement.objects.filter(project=project).select_related("party"))
    persons = list(
        Person.objects.filter(party__in={node.party_id for node in tree}, is_active=True)
        .select_related("party")
        .prefetch_related("grants")
    )
    permits = releasable_many(project, statuses, persons, at=at)
    names = {node.pk: node.party.name for node in tree}
    places: dict[int, tuple[list[str], Engagement]] = {}
    for node in tree:
        walk = [names[ancestor] for ancestor in node.ancestor_ids]
        if node.party_id not in places or node.tier < places[node.party_id][1].tier:
            places[node.party_id] = (walk, node)
    groups = []
    for _walk, node in sorted(places.values(), key=lambda each: each[0]):
        those = [_candidate(person, statuses, permits) for person in persons if person.party_id == node.party_id]
        groups.append(Group(node.party, node.tier, those))
    return groups


def _candidate(person: Person, statuses: Sequence[str], permits: Mapping[tuple[str, str], object]) -> Candidate:
    found = [permits[person.pk, status] for status in statuses]
    refusals = [why for why in found if not isinstance(why, Permit)]
    reason = getattr(refusals[0], "reason", "") if refusals else ""
    return Candidate(person, not refusals, len(refusals) < len(found) or not found, reason)


def foresee(
    project: Project,
    pairs: Collection[tuple[Draft, Person]],
    *,
    at: datetime,
    again: bool = False,
    places: Collection[str] = (),
) -> Foreseen:
    """Return what a release of these pairs of draft and person, and of no others, would do now at the chosen places."""
    drafts = tuple(dict.fromkeys(draft for draft, _person in pairs))
    persons = tuple(dict.fromkeys(person for _draft, person in pairs))
    statuses = {draft.status for draft in drafts}
    permits = releasable_many(project, statuses, persons, at=at)
    choices = _choices([each for each in permits.values() if isinstance(each, Permit)], places)
    if places:
        permits = releasable_many(project, statuses, persons, at=at, chosen=places)
    held: set[tuple[str, str]] = set()
    if not again:
        under_way = Q(state__in=(Copy.State.PLANNED, Copy.State.WRITING), fault="", revoked=None)
        rows = Copy.objects.filter(is_open(at) | under_way, draft__in=drafts, person__in=persons)
        held = {(str(person), draft) for person, draft in rows.values_list("person_id", "draft_id")}
    copies = holding = 0
    receivers: set[str] = set()
    refused: dict[tuple[str, str], tuple[Person, str]] = {}
    for draft, person in pairs:
        permit = permits[person.pk, draft.status]
        if not isinstance(permit, Permit):
            refused.setdefault((person.pk, permit.reason), (person, permit.reason))
        elif why := why_choose(permit):
            refused.setdefault((person.pk, why), (person, why))
        elif (person.pk, draft.pk) in held:
            holding += 1
        else:
            copies += 1
            receivers.add(person.pk)
    if holding and not copies and not refused:
        refused["", ""] = (persons[0], _("Everybody holds an open copy of these drafts already."))
    return Foreseen(copies, len(receivers), list(refused.values()), holding, choices)


def _choices(permits: Collection[Permit], places: Collection[str]) -> tuple[Choice, ...]:
    """Return where the place is to be chosen, each party once, whatever was chosen already."""
    open_at: dict[int, dict[str, Permit]] = {}
    for permit in permits:
        for each in (permit, *permit.others) if permit.others else ():
            open_at.setdefault(each.engagement.party_id, {})[each.engagement.pk] = each
    above = {each.engagement.parent_id for found in open_at.values() for each in found.values()}
    names = dict(Engagement.objects.filter(pk__in=above).values_list("pk", "party__name")) if above else {}
    return tuple(
        Choice(
            next(iter(found.values())).engagement.party,
            tuple(
                Place(pk, names.get(each.engagement.parent_id or "", ""), each.responsible.name)
                for pk, each in found.items()
            ),
            next((pk for pk in found if pk in places), ""),
        )
        for found in open_at.values()
    )
