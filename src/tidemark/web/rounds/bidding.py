"""What a bidder does: hand in, decline, certify; and the files that were handed in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tidemark.errors import Refused
from tidemark.records import blobs
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.connect import current_home
from tidemark.records.rounds.bid import decline, hand_in
from tidemark.records.rounds.certify import certify
from tidemark.records.rounds.models import Bid, Bidder, Round
from tidemark.web.accounts.signed_in import signed_in
from tidemark.web.doing import do
from tidemark.web.downloads import attachment
from tidemark.web.rounds.views import bidders_page, visible_or_404
from tidemark.web.uploads import document_of


@login_required
@require_POST
def bid(request: HttpRequest, pk: str) -> HttpResponse:
    """Take a bid. If it is refused, the note that was written is not lost."""
    now = timezone.now()
    person, bidding, _bidder = _bidding(request, pk, Act.BID)
    note = request.POST.get("note", "")
    try:
        hand_in(current_home(), bidding, by=person, now=now, note=note, file=document_of(request.FILES.get("file")))
    except Refused as refused:
        messages.error(request, str(refused))
        return bidders_page(request, person, bidding, note=note, status=409)
    messages.success(request, _("Your bid was handed in."))
    return redirect("round", bidding.pk)


@login_required
@require_POST
def declining(request: HttpRequest, pk: str) -> HttpResponse:
    """Say that the company does not bid."""
    person, bidding, _bidder = _bidding(request, pk, Act.ACCEPT_FOR_PARTY)
    return do(
        request,
        (person, bidding),
        lambda row, by: decline(current_home(), row, by=by, now=timezone.now()),
        _("Your company does not bid. Its copies of these drawings were taken back."),
        "round",
    )


@login_required
@require_POST
def certifying(request: HttpRequest, pk: str) -> HttpResponse:
    """Take the company's word on what became of its copies."""
    person, bidding, bidder = _bidding(request, pk, Act.ACCEPT_FOR_PARTY)
    means, statement = request.POST.get("means", ""), request.POST.get("statement", "")
    return do(
        request,
        (person, bidding),
        lambda _row, by: certify(current_home(), bidder, means=means, statement=statement, by=by, now=timezone.now()),
        _("Thank you. Your certificate is logged in the ledger."),
        "round",
    )


@login_required
@require_GET
def file(request: HttpRequest, pk: str, bid: str) -> HttpResponse:
    """Hand out a bid's file, as a file to save: to its bidder, and after the closing to the owner's officers."""
    person = signed_in(request)
    bidding = visible_or_404(person, pk)
    if not person.may(Act.MANAGE_ROUNDS if person.is_owners else Act.BID):
        raise PermissionDenied
    found = get_object_or_404(Bid.objects.visible_to(person), pk=bid, bidder__round=bidding)
    if not found.file_sha256:
        raise Http404
    return attachment(blobs.get(current_home(), blobs.Shelf.BIDS, found.file_sha256), found.file_name, otherwise="bid")


def _bidding(request: HttpRequest, pk: str, act: Act) -> tuple[Person, Round, Bidder]:
    """Return the person, the round and the party's place in it."""
    person = signed_in(request)
    bidding = visible_or_404(person, pk)
    if person.is_owners or not person.may(act):
        raise PermissionDenied
    return person, bidding, get_object_or_404(bidding.bidders.select_related("party"), party=person.party_id)
