"""Who holds what of a project, to the last tier: one row a place in the supply tree, in the tree's order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q

from tidemark.records.accounts.models import Person
from tidemark.records.copies.models import Copy, CopyQuerySet, Download
from tidemark.records.parties.models import Party
from tidemark.records.projects.models import Draft, Engagement, Project
from tidemark.records.projects.tree import Node, is_open, supply_tree, walk


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody may hold copies: an engagement, or a party that holds copies outside of the supply tree.

    Attributes
    ----------
    party : Party
    tier : int
        0 outside of the supply tree.
    node : Node or None
        Its place in the drawing of the supply tree, with the agreement that binds it; None outside.
    is_suspended : bool
        Whether the engagement, or one above it, is suspended: then nothing can be downloaded.
    """

    party: Party
    tier: int
    node: Node | None = None
    is_suspended: bool = False

    @property
    def engagement(self) -> Engagement | None:
        """None outside of the supply tree."""
        return self.node.engagement if self.node is not None else None


@dataclass(frozen=True, slots=True)
class HeldDraft:
    """A draft of which somebody holds copies.

    Attributes
    ----------
    draft : Draft
    open_copies : int
        May be zero: what was downloaded and then revoked is still named.
    downloaded : int
        Copies that were downloaded at least once, open or not.
    """

    draft: Draft
    open_copies: int
    downloaded: int


@dataclass(frozen=True, slots=True)
class Holder:
    """What is held in one place.

    Attributes
    ----------
    place : Place
    answers : tuple of Party
        Who answers for its copies by the agreements, as recorded with each; empty if no copy says so.
    drafts : tuple of HeldDraft
        By file name, the latest revision first.
    open_copies, downloaded : int
    """

    place: Place
    answers: tuple[Party, ...]
    drafts: tuple[HeldDraft, ...]
    open_copies: int
    downloaded: int


def places(project: Project, viewer: Person, *, now: datetime) -> list[Place]:
    """Return the places of a project in the order of a walk through its supply tree, then who holds copies outside."""
    found: list[Place] = []
    suspended: set[str] = set()
    for node in walk(supply_tree(project, viewer, at=now)):
        engagement = node.engagement
        if engagement.state != Engagement.State.ACTIVE or engagement.parent_id in suspended:
            suspended.add(engagement.pk)
        is_suspended = engagement.pk in suspended
        found.append(Place(engagement.party, engagement.tier, node, is_suspended=is_suspended))
    outside = _copies(project).filter(engagement=None).values("holder_id")
    return found + [Place(party, 0) for party in Party.objects.filter(pk__in=outside).order_by("name", "pk")]


def holders(project: Project, asked: Sequence[Place], *, now: datetime) -> list[Holder]:
    """Return what is held in each of these places, in their order. Three queries, however many there are."""
    inside = [each.engagement.pk for each in asked if each.engagement is not None]
    outside = [each.party.pk for each in asked if each.engagement is None]
    copies = _copies(project).filter(Q(engagement__in=inside) | Q(engagement=None, holder__in=outside))
    rows = copies.values_list("engagement_id", "holder_id", "draft_id", "responsible_id").annotate(
        open=Count("pk", filter=is_open(now)),
        downloaded=Count("pk", filter=Exists(Download.objects.filter(copy=OuterRef("pk")))),
    )
    counts: dict[str | int, dict[str, list[int]]] = {}
    answers: dict[str | int, set[int]] = {}
    for engagement, holder, draft, responsible, is_held, downloaded in rows:
        where = engagement or holder
        seen = counts.setdefault(where, {}).setdefault(draft, [0, 0])
        seen[0] += is_held
        seen[1] += downloaded
        if responsible is not None:
            answers.setdefault(where, set()).add(responsible)
    drafts = Draft.objects.in_bulk({draft for each in counts.values() for draft in each})
    parties = Party.objects.in_bulk({party for each in answers.values() for party in each})
    return [_holder(each, counts, answers, drafts, parties) for each in asked]


def _holder(
    place: Place,
    counts: dict[str | int, dict[str, list[int]]],
    answers: dict[str | int, set[int]],
    drafts: dict[str, Draft],
    parties: dict[int, Party],
) -> Holder:
    where: str | int = place.engagement.pk if place.engagement is not None else place.party.pk
    held = [
        HeldDraft(drafts[draft], is_held, downloaded)
        for draft, (is_held, downloaded) in counts.get(where, {}).items()
        if is_held or downloaded
    ]
    return Holder(
        place=place,
        answers=tuple(sorted((parties[pk] for pk in answers.get(where, ())), key=lambda party: party.name)),
        drafts=tuple(sorted(held, key=lambda each: (each.draft.file_name, -each.draft.revision))),
        open_copies=sum(each.open_copies for each in held),
        downloaded=sum(each.downloaded for each in held),
    )


def _copies(project: Project) -> CopyQuerySet:
    """Return the copies of a project's drafts that were ever released to somebody."""
    rows = Copy.objects.filter(draft__project=project, state=Copy.State.RELEASED, is_master=False)
    return rows.order_by()
