"""What needs an officer's attention today: a few rows of each kind, and how many there are."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Window

from tidemark.records.agreements.models import Acceptance, Agreement
from tidemark.records.copies.models import Copy, OnwardRequest
from tidemark.records.projects.models import DrillRun
from tidemark.records.projects.tree import LAPSES_SOON
from tidemark.records.rounds.models import Bidder, Round

SHOWN = 6
"""Rows of each kind on the page of today; the rest is a link away."""
CLOSES_SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Matter:
    """One kind of thing that waits.

    Attributes
    ----------
    kind : str
        For the page to choose how it shows the rows.
    rows : list
        The first :data:`SHOWN`, most pressing first.
    count : int
    """

    kind: str
    rows: list[Any]
    count: int


def attention(*, at: datetime) -> list[Matter]:
    """Return what waits, kinds without any left out. One query a kind."""
    found: list[tuple[str, Callable[[datetime], QuerySet[Any]]]] = [
        ("onward", _onward),
        ("faults", _faults),
        ("certificates", _certificates),
        ("rounds", _rounds),
        ("lapsing", _lapsing),
        ("unaccepted", _unaccepted),
        ("weak", _weak),
    ]
    matters = (_matter(kind, rows(at)) for kind, rows in found)
    return [matter for matter in matters if matter.count]


def _matter(kind: str, rows: QuerySet[Any]) -> Matter:
    first = list(rows.annotate(in_all=Window(Count("*")))[:SHOWN])
    if not first:
        return Matter(kind, [], 0)
    return Matter(kind, first, first[0]["in_all"] if isinstance(first[0], dict) else first[0].in_all)


def _onward(_at: datetime) -> QuerySet[Any]:
    asked = OnwardRequest.objects.filter(state=OnwardRequest.State.ASKED)
    return asked.select_related("engagement__party", "engagement__project", "sub_vendor").order_by("asked")


def _faults(_at: datetime) -> QuerySet[Any]:
    """Return releases with copies that could not be made."""
    rows = Copy.objects.exclude(fault="").filter(revoked=None, release__isnull=False)
    return (
        rows.values("release_id", "release__created", "release__project__code_name")
        .annotate(count=Count("pk"))
        .order_by("-release__created")
    )


def _certificates(_at: datetime) -> QuerySet[Any]:
    losers = Bidder.objects.filter(round__state=Round.State.CLOSED, outcome=Bidder.Outcome.LOST, certificate=None)
    return losers.select_related("round__project", "party").order_by("round__closed", "party__name")


def _rounds(at: datetime) -> QuerySet[Any]:
    closing = Round.objects.filter(state=Round.State.OPEN, closes__lte=at + CLOSES_SOON)
    return closing.select_related("project").annotate(invited=Count("bidders")).order_by("closes")


def _lapsing(at: datetime) -> QuerySet[Any]:
    on = at.astimezone(UTC).date()
    ending = Agreement.objects.filter(state=Agreement.State.IN_FORCE, valid_until__lte=on + LAPSES_SOON)
    return ending.select_related("discloser", "recipient").order_by("valid_until")


def _unaccepted(_at: datetime) -> QuerySet[Any]:
    accepted = Acceptance.objects.filter(agreement=OuterRef("pk"), for_party=True)
    waiting = Agreement.objects.filter(~Q(state=Agreement.State.TERMINATED), ~Exists(accepted))
    return waiting.select_related("discloser", "recipient").order_by("created")


def _weak(_at: datetime) -> QuerySet[Any]:
    weak = DrillRun.objects.filter(Q(is_weak=True) | ~Q(fault="")).defer("results")
    return weak.select_related("draft__project").order_by("-started")
