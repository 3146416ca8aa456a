"""Bidding rounds: the list, the officer's page of one, and the bidder's."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.copies.models import Copy
from tidemark.records.parties.models import Party
from tidemark.records.rounds.barred import Admission, admissions, bars_oneself, bars_party
from tidemark.records.rounds.late import owing_seen_by
from tidemark.records.rounds.models import Bid, Bidder, Certificate, Round
from tidemark.web.accounts.signed_in import signed_in
from tidemark.web.agreements.gaps import Gap, gap_of
from tidemark.web.copies.lines import lines_of

A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One bidder on the officer's page.

    Attributes
    ----------
    permitted, persons : int
        How many of the party's persons may get copies of all the round's drafts, of how many there are.
    gap : Gap or None
        What the next one lacks.
    given, revoked, opened : int
        The party's copies of the round's drafts.
    """

    bidder: Bidder
    bids: Collection[Bid]
    permitted: int
    persons: int
    gap: Gap | None
    given: int
    revoked: int
    opened: int


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """List rounds."""
    person, state = signed_in(request), request.GET.get("state", "")
    found = Round.objects.visible_to(person).select_related("project")
    if state in Round.State.values:
        found = found.filter(state=state)
    elif state == "owing":
        found = found.filter(owing_seen_by(person))
    if person.is_owners:
        has_bid = Q(bidders__bids__isnull=False)
        owes = Q(bidders__must_certify_since__isnull=False, bidders__certificate=None)
        found = found.annotate(
            invited=Count("bidders", distinct=True),
            with_bid=Count("bidders", filter=has_bid, distinct=True),
            owing=Count("bidders", filter=owes, distinct=True),
        )
    else:
        own = Bidder.objects.filter(party=person.party_id).select_related("certificate").annotate(sent=Count("bids"))
        found = found.prefetch_related(Prefetch("bidders", own, to_attr="own"))
    shown = Paginator(found.order_by("-closes", "pk"), A_PAGE).get_page(request.GET.get("page"))
    states = [("", _("All")), *((each.value, str(each.label).capitalize()) for each in Round.State)]
    context = {
        "shown": shown,
        "state": state,
        "states": [*(states if person.is_owners else states[:1] + states[2:]), ("owing", _("Certificate owed"))],
        "may_run": person.may(Act.MANAGE_ROUNDS),
    }
    return render(request, "rounds/index.html", context)


@login_required
@require_GET
def page(request: HttpRequest, pk: str) -> HttpResponse:
    """Show a round, to either side what is theirs."""
    person = signed_in(request)
    bidding = visible_or_404(person, pk)
    if person.is_owners:
        return _owners_page(request, person, bidding)
    return bidders_page(request, person, bidding)


def _owners_page(request: HttpRequest, person: Person, bidding: Round) -> HttpResponse:
    now = timezone.now()
    rows = rows_of(bidding, person, now=now)
    context = {
        "bidding": bidding,
        "rows": rows,
        "drafts": bidding.drafts.order_by("file_name", "-revision"),
        "now": now,
        "may_run": person.may(Act.MANAGE_ROUNDS),
        "may_release": person.may(Act.RELEASE) and any(row.permitted for row in rows) and bidding.state == "open",
        "is_sealed": bidding.state != Round.State.CLOSED,
        "can_award": bidding.state == Round.State.CLOSED and bidding.awarded is None,
        "pending": [row.bidder for row in rows if row.bidder.outcome == Bidder.Outcome.PENDING],
        "outstanding": [row.bidder for row in rows if row.bidder.owes_certificate],
        "others": _not_invited(bidding),
    }
    return render(request, "rounds/page.html", context)


def rows_of(bidding: Round, viewer: Person, *, now: datetime) -> list[Row]:
    """Return what the officer's page says of each bidder, in a number of queries that does not grow with them."""
    bidders = list(
        bidding.bidders.select_related("party", "certificate__person").prefetch_related(
            Prefetch("bids", Bid.objects.select_related("person"))
        )
    )
    found = admissions(bidding, bidders, at=now)
    copies: dict[int, Mapping[str, int]] = {
        each["holder"]: {name: each[name] for name in ("given", "revoked", "opened")}
        for each in Copy.objects.filter(draft__in=bidding.drafts.all(), holder__in=[b.party_id for b in bidders])
        .order_by()
        .values("holder")
        .annotate(
            given=Count("pk", filter=Q(state=Copy.State.RELEASED), distinct=True),
            revoked=Count("pk", filter=Q(state=Copy.State.RELEASED, revoked__isnull=False), distinct=True),
            opened=Count("pk", filter=Q(downloads__isnull=False), distinct=True),
        )
    }
    return [
        _row(bidder, found[bidder.party_id], copies.get(bidder.party_id, {}), bidding, viewer) for bidder in bidders
    ]


def _row(bidder: Bidder, admission: Admission, copies: Mapping[str, int], bidding: Round, viewer: Person) -> Row:
    gap = None
    if admission.refusal is not None and admission.person is not None:
        gap = gap_of(admission.refusal, admission.person, bidding.project, viewer=viewer)
    elif bars := bars_party(admission, viewer=viewer):
        gap = Gap(bars)
    return Row(
        bidder=bidder,
        bids=list(bidder.bids.all()),
        permitted=admission.permitted,
        persons=admission.persons,
        gap=gap,
        given=copies.get("given", 0),
        revoked=copies.get("revoked", 0),
        opened=copies.get("opened", 0),
    )


def bidders_page(
    request: HttpRequest, person: Person, bidding: Round, *, note: str = "", status: int = 200
) -> HttpResponse:
    """Show what a bidder's person sees: what is asked, until when, the own drawings, the own bids."""
    now = timezone.now()
    bidder = bidding.bidders.select_related("certificate__person", "party").get(party=person.party_id)
    bars = bars_oneself(bidding, person, at=now)
    copies = Copy.objects.visible_to(person).filter(draft__in=bidding.drafts.all(), holder=person.party_id)
    copies = copies.order_by("draft__file_name", "-created").only("pk")
    context = {
        "bidding": bidding,
        "bidder": bidder,
        "note": note,
        "takes_bids": bidding.takes_bids(now) and bidder.outcome == Bidder.Outcome.PENDING,
        "may_bid": person.may(Act.BID),
        "may_bind": person.may(Act.ACCEPT_FOR_PARTY),
        "bids": bidder.bids.select_related("person") if person.may(Act.BID) else (),
        "gap": None if bars is None else gap_of(bars, person, bidding.project, viewer=person),
        "copies": lines_of(copies[: 4 * A_PAGE], at=now),
        "means": Certificate.Means.choices,
    }
    return render(request, "rounds/bidder.html", context, status=status)


def visible_or_404(person: Person, pk: str) -> Round:
    """Return the round if the person may see it."""
    return get_object_or_404(Round.objects.visible_to(person).select_related("project", "created_by"), pk=pk)


def _not_invited(bidding: Round) -> QuerySet[Party]:
    return Party.objects.filter(is_owner=False).exclude(pk__in=bidding.bidders.values("party")).order_by("name")
