"""What a bidder does in a round: bid, decline, and certify what became of its copies."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from ninja import File, Form
from ninja.files import UploadedFile

from tidemark.api.callers import caller
from tidemark.api.files import attachment
from tidemark.api.operations import FILE, FORM, Subject
from tidemark.api.pages import Id, Text, find
from tidemark.api.rounds import BidOut, RoundOut, reading, seen_rounds
from tidemark.api.sent import Sent
from tidemark.errors import LimitExceeded
from tidemark.limits import MAX_BID_BYTES
from tidemark.records import blobs
from tidemark.records.accounts.roles import Act
from tidemark.records.agreements.documents import Document
from tidemark.records.connect import current_home
from tidemark.records.rounds.bid import decline, hand_in
from tidemark.records.rounds.certify import certify
from tidemark.records.rounds.models import Bid, Certificate

bids = Subject("rounds")


class BidIn(Sent):
    """What is said beside a bid's file, or in its place."""

    note: Text = ""


class CertifyIn(Sent):
    """A party's word on what became of its copies."""

    means: Certificate.Means
    statement: Text = ""


@bids.does("POST", "/rounds/{round_id}/bids", Act.BID, BidOut, status=201, body=FORM)
def hand_in_bid(
    request: HttpRequest,
    round_id: Id,
    sent: Form[BidIn],
    file: File[UploadedFile | None] = None,
) -> BidOut:
    """Hand in a bid for the caller's party. A later one stands beside the earlier."""
    who = caller(request)
    known = find(seen_rounds(who.person), round_id)
    who.must(Act.BID)
    document = None
    if file is not None:
        if (file.size or 0) > MAX_BID_BYTES:
            raise LimitExceeded(gettext("A bid's file has at most %(most)d MB.") % {"most": MAX_BID_BYTES >> 20})
        document = Document(file.name or "", file.read())
    return BidOut.of(hand_in(current_home(), known, by=who.person, now=timezone.now(), note=sent.note, file=document))


@bids.reads("/rounds/{round_id}/bids/{bid_id}/file", None, media_type=FILE)
def download_bid(request: HttpRequest, round_id: Id, bid_id: Id) -> HttpResponse:
    """The file of a bid: for the bidder's contacts, and for the owner's officers once the round is closed."""
    who = caller(request)
    known = find(seen_rounds(who.person), round_id)
    who.must(reading(who.person))
    bid = find(Bid.objects.visible_to(who.person).filter(bidder__round=known).exclude(file_sha256=""), bid_id)
    return attachment(blobs.get(current_home(), blobs.Shelf.BIDS, bid.file_sha256), file_name=bid.file_name)


@bids.does("POST", "/rounds/{round_id}/decline", Act.ACCEPT_FOR_PARTY, RoundOut)
def decline_round(request: HttpRequest, round_id: Id) -> RoundOut:
    """Say for the caller's party that it does not bid. Its copies of the drafts are taken back at once."""
    who = caller(request)
    known = find(seen_rounds(who.person), round_id)
    who.must(Act.ACCEPT_FOR_PARTY)
    decline(current_home(), known, by=who.person, now=timezone.now())
    return RoundOut.seen_by(who.person, find(seen_rounds(who.person), round_id))


@bids.does("POST", "/rounds/{round_id}/certify", Act.ACCEPT_FOR_PARTY, RoundOut)
def certify_destruction(request: HttpRequest, round_id: Id, sent: CertifyIn) -> RoundOut:
    """Certify for the caller's party that its copies were returned or destroyed. The ledger has it."""
    who = caller(request)
    known = find(seen_rounds(who.person), round_id)
    who.must(Act.ACCEPT_FOR_PARTY)
    bidder = known.bidders.select_related("round", "party").get(party_id=who.person.party_id)
    certify(current_home(), bidder, means=sent.means, statement=sent.statement, by=who.person, now=timezone.now())
    return RoundOut.seen_by(who.person, find(seen_rounds(who.person), round_id))
