"""The supplier's first page: what I can download, what waits for me, what my party and its sub-vendors hold."""

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.agreements.binding import is_accepted
from tidemark.records.agreements.models import Acceptance, Agreement
from tidemark.records.copies.models import Copy
from tidemark.records.projects.tree import is_open
from tidemark.records.rounds.models import Bidder, Round
from tidemark.web.accounts.signed_in import signed_in
from tidemark.web.copies.lines import lines_of
from tidemark.web.projects.access import page_of

_OTHERS_A_PAGE = 25


def drawings(request: HttpRequest) -> HttpResponse:
    """Show a supplier's person the copies; the caller has checked that somebody is signed in."""
    person = signed_in(request)
    now = timezone.now()
    mine = Copy.objects.filter(is_open(now), person=person).order_by("-released", "id")
    is_contact = person.may(Act.SHARE_ONWARD)
    others = Copy.objects.visible_to(person).filter(is_master=False).exclude(person=person).order_by("-created", "id")
    page = page_of(mine.only("pk"), request)
    shown_others = page_of(others.only("pk"), request, size=_OTHERS_A_PAGE, parameter="others") if is_contact else None
    context = {
        "page": page,
        "lines": lines_of(page, at=now),
        "coming": Copy.objects.filter(person=person, fault="", state__in=("planned", "writing"), revoked=None).count(),
        "waiting": _to_accept(person),
        "rounds": _open_rounds(person) if is_contact else (),
        "certificates": _to_certify(person) if is_contact else (),
        "others": shown_others,
        "others_lines": lines_of(shown_others, at=now) if shown_others else (),
        "is_contact": is_contact,
        "soon": now.date(),
    }
    return render(request, "home/drawings.html", context)


def _to_accept(person: Person) -> list[Agreement]:
    """Return the agreements that this person, or the party through this person, has not accepted yet."""
    own = Acceptance.objects.as_they_stand().filter(agreement=OuterRef("pk"), person=person, for_party=False)
    rows = Agreement.objects.filter(recipient=person.party).exclude(state=Agreement.State.TERMINATED)
    rows = rows.annotate(is_mine=Exists(own), is_partys=is_accepted())
    waiting = Q(is_mine=False)
    if person.may(Act.ACCEPT_FOR_PARTY):
        waiting |= Q(is_partys=False)
    return list(rows.filter(waiting).select_related("discloser")[:20])


def _open_rounds(person: Person) -> list[Round]:
    return list(Round.objects.visible_to(person).filter(state=Round.State.OPEN).select_related("project")[:20])


def _to_certify(person: Person) -> list[Bidder]:
    lost = Bidder.objects.filter(party=person.party, round__state=Round.State.CLOSED, outcome=Bidder.Outcome.LOST)
    return list(lost.filter(certificate=None).select_related("round__project")[:20])
