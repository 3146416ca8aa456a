"""What the ledger says of one project: its drafts, their copies, its engagements, agreements and rounds.

Pages go by the leaf's index and not by a count: the ledger only grows, and counting it would cost more with each day.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from tidemark.ledger.entry import time_of
from tidemark.records.agreements.models import Agreement
from tidemark.records.copies.models import Copy
from tidemark.records.ledger.models import Leaf
from tidemark.records.projects.models import Draft, Engagement, Project
from tidemark.records.rounds.models import Round

PAGE_LEAVES = 50


@dataclass(frozen=True, slots=True)
class Happening:
    """One leaf, and what it speaks of.

    Attributes
    ----------
    index : int
        Of the leaf.
    kind : str
        See :class:`tidemark.ledger.entry.Kind`.
    time : datetime
    draft, copy, engagement, agreement, round : object or None
        Whichever the leaf speaks of.
    """

    index: int
    kind: str
    time: datetime
    draft: Draft | None = None
    copy: Copy | None = None
    engagement: Engagement | None = None
    agreement: Agreement | None = None
    round: Round | None = None


@dataclass(frozen=True, slots=True)
class Happenings:
    """One page of them, and before which leaf the next one begins; None if it is the last."""

    rows: list[Happening]
    next_before: int | None


def activity(project: Project, *, before: int | None = None) -> Happenings:
    """Return the leaves that speak of a project, newest first, from before the leaf of this index."""
    drafts = Draft.objects.filter(project=project)
    copies = Copy.objects.filter(draft__project=project)
    engagements = Engagement.objects.filter(project=project)
    agreements = Agreement.objects.filter(projects=project)
    rounds = Round.objects.filter(project=project)
    spoken_of = Q()
    for rows in (drafts, copies, engagements, agreements, rounds):
        spoken_of |= Q(subject__in=rows.order_by().values("pk"))
    leaves = Leaf.objects.filter(spoken_of).order_by("-index")
    if before is not None:
        leaves = leaves.filter(index__lt=before)
    found = list(leaves.values_list("index", "kind", "subject", "time")[: PAGE_LEAVES + 1])
    shown = found[:PAGE_LEAVES]
    subjects = {subject for _, _, subject, _ in shown}
    draft_of = drafts.in_bulk(subjects)
    copy_of = copies.select_related("draft", "holder", "person").in_bulk(subjects)
    engagement_of = engagements.select_related("party").in_bulk(subjects)
    agreement_of = agreements.select_related("recipient").in_bulk(subjects)
    round_of = rounds.in_bulk(subjects)
    return Happenings(
        [
            Happening(
                index,
                kind,
                time_of(time),
                draft_of.get(subject),
                copy_of.get(subject),
                engagement_of.get(subject),
                agreement_of.get(subject),
                round_of.get(subject),
            )
            for index, kind, subject, time in shown
        ],
        shown[-1][0] if len(found) > PAGE_LEAVES else None,
    )
