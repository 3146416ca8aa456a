"""The supply tree of one project as it is drawn: each engagement with its agreement and its copies.

A bounded number of queries, whatever the number of engagements; nodes come in the order of a walk from the root.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from django.db.models import Count, Q

from tidemark.records.accounts.models import Person
from tidemark.records.agreements.binding import is_accepted
from tidemark.records.agreements.models import Agreement
from tidemark.records.copies.models import Copy
from tidemark.records.projects.models import Engagement, Project

LAPSES_SOON = timedelta(days=30)
"""How long before its end an agreement is shown as lapsing: time enough to have another one signed."""


class Bond(StrEnum):
    """How a party is bound for what it gets, from best to worst."""

    ACCEPTED = "accepted"
    LAPSING = "lapsing"
    UNACCEPTED = "unaccepted"
    PREPARED = "prepared"
    LAPSED = "lapsed"
    TERMINATED = "terminated"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Node:
    """One engagement in the drawing.

    Attributes
    ----------
    engagement : Engagement
        With its party.
    depth : int
        0 for the nodes that the drawing starts with.
    bond : Bond
    agreement : Agreement or None
        The one that ``bond`` speaks of.
    open_copies, all_copies : int
    children : list of Node
    """

    engagement: Engagement
    depth: int
    bond: Bond
    agreement: Agreement | None
    open_copies: int
    all_copies: int
    children: "list[Node]"


def supply_tree(project: Project, viewer: Person, *, at: datetime) -> list[Node]:
    """Return the roots of what ``viewer`` may see of a project's supply tree."""
    engagements = list(
        Engagement.objects.visible_to(viewer)
        .filter(project=project)
        .select_related("party", "project", "parent__party")
    )
    bonds = _bonds(project, engagements, on=at.astimezone(UTC).date())
    counts = _copy_counts(engagements, at=at)
    shown = {engagement.pk for engagement in engagements}
    made: dict[str, Node] = {}
    roots: list[Node] = []
    for engagement in sorted(engagements, key=lambda each: (each.tier, each.party.name)):
        above = made.get(engagement.parent_id or "") if engagement.parent_id in shown else None
        bond, agreement = bonds[engagement.pk]
        is_open, total = counts.get(engagement.pk, (0, 0))
        node = Node(engagement, above.depth + 1 if above else 0, bond, agreement, is_open, total, [])
        made[engagement.pk] = node
        (above.children if above else roots).append(node)
    return roots


def walk(nodes: Iterable[Node]) -> Iterable[Node]:
    """Yield nodes and all below them, parents first."""
    for node in nodes:
        yield node
        yield from walk(node.children)


def is_open(at: datetime) -> Q:
    """Return the condition that a copy may be downloaded by its holder, as :meth:`Copy.is_open_at` says it."""
    return Q(state=Copy.State.RELEASED, revoked=None) & (Q(expires=None) | Q(expires__gt=at))


def _copy_counts(engagements: list[Engagement], *, at: datetime) -> dict[str, tuple[int, int]]:
    rows = (
        Copy.objects.filter(engagement__in=[each.pk for each in engagements], is_master=False)
        .order_by()
        .values_list("engagement_id")
        .annotate(open=Count("pk", filter=is_open(at)), total=Count("pk"))
    )
    return {str(engagement): (opened, total) for engagement, opened, total in rows}


def _bonds(project: Project, engagements: list[Engagement], *, on: date) -> Mapping[str, tuple[Bond, Agreement | None]]:
    """Return for each engagement the best agreement between the party and whoever engages it."""
    parties = {engagement.party_id for engagement in engagements}
    known = list(
        Agreement.objects.filter(Q(covers_all_projects=True) | Q(projects=project), recipient__in=parties)
        .select_related("discloser")
        .annotate(is_bound=is_accepted())
        .distinct()
    )
    order = list(Bond)
    best: dict[str, tuple[Bond, Agreement | None]] = {}
    for engagement in engagements:
        between = [
            (_bond(agreement, is_bound=agreement.is_bound, on=on), agreement)  # type: ignore[attr-defined]
            for agreement in known
            if agreement.recipient_id == engagement.party_id and _is_giver(agreement, engagement)
        ]
        best[engagement.pk] = min(between, key=lambda pair: order.index(pair[0]), default=(Bond.MISSING, None))
    return best


def _is_giver(agreement: Agreement, engagement: Engagement) -> bool:
    if engagement.parent is None:
        return agreement.discloser.is_owner
    return agreement.discloser_id == engagement.parent.party_id


def _bond(agreement: Agreement, *, is_bound: bool, on: date) -> Bond:
    if agreement.state == Agreement.State.TERMINATED:
        return Bond.TERMINATED
    if agreement.valid_until is not None and agreement.valid_until < on:
        return Bond.LAPSED
    if agreement.state == Agreement.State.PREPARED or on < agreement.valid_from:
        return Bond.PREPARED
    if not is_bound:
        return Bond.UNACCEPTED
    if agreement.valid_until is not None and agreement.valid_until - on <= LAPSES_SOON:
        return Bond.LAPSING
    return Bond.ACCEPTED
