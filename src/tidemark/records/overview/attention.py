"""What waits for one of the owner's people today: a few rows of each kind, and how many there are.

Of each kind somebody sees who may do something about it, by a role: to everybody else it would only be in the way.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import Case as Choice
from django.db.models import Count, Exists, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Value, When, Window

from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.agreements.binding import is_accepted
from tidemark.records.agreements.models import Agreement
from tidemark.records.cases.late import late_cases, late_duties, to_conclude
from tidemark.records.cases.models import Allegation, Case
from tidemark.records.cases.stopped import stopped_now
from tidemark.records.copies.models import Copy, OnwardRequest
from tidemark.records.leaks.glance import done_that_speak, failed_that_speak
from tidemark.records.leaks.models import Leak, Post
from tidemark.records.overview.traced import WAITS
from tidemark.records.projects.models import Draft, DrillRun
from tidemark.records.projects.open_copies import newest_only
from tidemark.records.projects.tree import LAPSES_SOON
from tidemark.records.rounds.late import award_is_late, certificate_is_late, owing, unawarded
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


def attention(person: Person, *, at: datetime) -> list[Matter]:
    """Return what waits for a person, kinds without any left out. A bounded number of queries a kind."""
    gone = frozenset(stopped_now()) if person.may(Act.ALLEGE) else frozenset[str]()
    kinds: tuple[tuple[str, Act, Callable[[Person, datetime], QuerySet[Any]]], ...] = (
        ("leaks", Act.HANDLE_CASES, _leaks),
        ("failed", Act.HANDLE_LEAKS, _failed),
        ("stopped", Act.ALLEGE, partial(_stopped, gone)),
        ("replies", Act.ALLEGE, partial(_replies, gone)),
        ("cases", Act.NOTE_CASES, _cases),
        ("duties", Act.NOTE_CASES, _duties),
        ("onward", Act.RELEASE, _onward),
        ("faults", Act.RELEASE, _faults),
        ("awards", Act.MANAGE_ROUNDS, _awards),
        ("certificates", Act.MANAGE_ROUNDS, _certificates),
        ("rounds", Act.MANAGE_ROUNDS, _rounds),
        ("lapsing", Act.MANAGE_AGREEMENTS, _lapsing),
        ("unaccepted", Act.MANAGE_AGREEMENTS, _unaccepted),
        ("weak", Act.MANAGE_PROJECTS, _weak),
    )
    matters = (_matter(kind, rows(person, at)) for kind, act, rows in kinds if person.may(act))
    return [matter for matter in matters if matter.count]


def _matter(kind: str, rows: QuerySet[Any]) -> Matter:
    first = list(rows.annotate(in_all=Window(Count("*")))[:SHOWN])
    if not first:
        return Matter(kind, [], 0)
    return Matter(kind, first, first[0]["in_all"] if isinstance(first[0], dict) else first[0].in_all)


def _leaks(_person: Person, _at: datetime) -> QuerySet[Any]:
    """Return leaks that show one of our drafts and are in no case, with ``standing``, the strongest verdict."""
    files = Post.objects.filter(leak=OuterRef(OuterRef("pk"))).values("file_sha256")
    rank = Choice(*(When(verdict=verdict, then=Value(place)) for place, verdict in enumerate(WAITS)))
    said = done_that_speak().filter(verdict__in=WAITS, post__file_sha256__in=files)
    strongest = said.annotate(rank=rank).order_by("rank")
    sorted_into = Case.leaks.through.objects.filter(Q(leak=OuterRef("pk")) | Q(leak__joined_into=OuterRef("pk")))
    rows = Leak.objects.standing().annotate(
        rank=Subquery(strongest.values("rank")[:1], output_field=IntegerField()),
        standing=Subquery(strongest.values("verdict")[:1]),
    )
    return rows.filter(~Exists(sorted_into), rank__isnull=False).order_by("rank", "created", "pk")


def _failed(_person: Person, _at: datetime) -> QuerySet[Any]:
    """Return leaks with a file whose trace failed, and that nobody has had traced since."""
    files = Post.objects.filter(leak=OuterRef("pk"), file_sha256__in=failed_that_speak().values("post__file_sha256"))
    return Leak.objects.standing().filter(Exists(files)).order_by("created", "pk")


def _stopped(gone: Collection[str], _person: Person, _at: datetime) -> QuerySet[Any]:
    """Return allegations that are stopped, and wait to be withdrawn or for another trace.

    Also those of closed cases, where nobody looks: they stand until they are withdrawn, with all that came of them.
    """
    return Allegation.objects.filter(pk__in=gone).select_related("case", "party").order_by("created", "pk")


def _replies(gone: Collection[str], _person: Person, at: datetime) -> QuerySet[Any]:
    """Return allegations that wait to be concluded, and can be: none that is stopped."""
    waiting = to_conclude(now=at).exclude(pk__in=gone).select_related("case", "party")
    return waiting.annotate(answered=Max("replies__time")).order_by("answer_by", "pk")


def _cases(person: Person, at: datetime) -> QuerySet[Any]:
    """Return late cases: all, to whoever handles cases; else those in which the person is asked to work."""
    late = late_cases(now=at).select_related("project", "assignee").order_by("respond_by", "pk")
    return late if person.may(Act.HANDLE_CASES) else late.filter(assignee=person)


def _duties(person: Person, at: datetime) -> QuerySet[Any]:
    """Return the person's own late duties; with those of nobody, to whoever handles cases."""
    own = Q(assignee=person) | Q(assignee=None) if person.may(Act.HANDLE_CASES) else Q(assignee=person)
    return late_duties(now=at).filter(own).select_related("case").order_by("due", "pk")


def _onward(_person: Person, _at: datetime) -> QuerySet[Any]:
    asked = OnwardRequest.objects.filter(state=OnwardRequest.State.ASKED)
    return asked.select_related("engagement__party", "engagement__project", "sub_vendor").order_by("asked")


def _faults(_person: Person, _at: datetime) -> QuerySet[Any]:
    """Return releases with copies that could not be made."""
    rows = Copy.objects.exclude(fault="").filter(revoked=None, release__isnull=False)
    return (
        rows.values("release_id", "release__created", "release__project__code_name")
        .annotate(count=Count("pk"))
        .order_by("-release__created")
    )


def _awards(_person: Person, at: datetime) -> QuerySet[Any]:
    """Return rounds to be awarded, with ``pending``, the bidders that wait, and ``is_late``."""
    pending = Count("bidders", filter=Q(bidders__outcome=Bidder.Outcome.PENDING))
    rows = unawarded().select_related("project").annotate(pending=pending, is_late=award_is_late(now=at))
    return rows.order_by("closed", "pk")


def _certificates(_person: Person, at: datetime) -> QuerySet[Any]:
    """Return bidders that owe a certificate, with ``is_late``."""
    rows = owing().select_related("round__project", "party").annotate(is_late=certificate_is_late(now=at))
    return rows.order_by("must_certify_since", "party__name")


def _rounds(_person: Person, at: datetime) -> QuerySet[Any]:
    closing = Round.objects.filter(state=Round.State.OPEN, closes__lte=at + CLOSES_SOON)
    return closing.select_related("project").annotate(invited=Count("bidders")).order_by("closes")


def _lapsing(_person: Person, at: datetime) -> QuerySet[Any]:
    on = at.astimezone(UTC).date()
    ending = Agreement.objects.filter(state=Agreement.State.IN_FORCE, valid_until__lte=on + LAPSES_SOON)
    return ending.select_related("discloser", "recipient").order_by("valid_until")


def _unaccepted(_person: Person, at: datetime) -> QuerySet[Any]:
    """Return agreements that can still be accepted for the party, and are not accepted as they stand."""
    lasts = Q(valid_until=None) | Q(valid_until__gte=at.astimezone(UTC).date())
    waiting = Agreement.objects.filter(~Q(state=Agreement.State.TERMINATED), ~is_accepted(), lasts)
    return waiting.select_related("discloser", "recipient").order_by("created")


def _weak(_person: Person, _at: datetime) -> QuerySet[Any]:
    """Return drills of the newest revisions that say that the draft is weak, or that could not be run."""
    weak = DrillRun.objects.filter(Q(is_weak=True) | ~Q(fault=""), draft__in=newest_only(Draft.objects.all()))
    return weak.defer("results").select_related("draft__project").order_by("-started")
