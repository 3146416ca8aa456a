"""Hand in a bid, or decline to. What comes late or uninvited is refused; what was handed in is never replaced."""

import hashlib
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.limits import MAX_BID_BYTES, MAX_BIDS, MAX_TEXT_CHARS
from tidemark.records import blobs
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.agreements.documents import Document, plain_name
from tidemark.records.connect import exclusively
from tidemark.records.home import Home
from tidemark.records.ledger.key import signing_key
from tidemark.records.ledger.log import sign
from tidemark.records.rounds.close import take_back_within
from tidemark.records.rounds.models import Bid, Bidder, Round
from tidemark.records.visible import readable


def hand_in(
    home: Home, bidding: Round, *, by: Person, now: datetime, note: str = "", file: Document | None = None
) -> Bid:
    """Keep a bid of the person's party. A later one stands beside the earlier.

    The round's row is locked while this is decided, so that no bid slips in beside its closing.

    Raises
    ------
    Refused
        If the person may not bid, the party was not invited or declined, the round is not open, the closing time has
        come, or there is nothing in the bid or too much.
    """
    if not readable(note) and file is None:
        raise Refused(_("There is nothing in this bid. Add a file or a note."))
    if len(note) > MAX_TEXT_CHARS or "\0" in note:
        raise Refused(_("A note is plain text and has at most %(most)d characters.") % {"most": MAX_TEXT_CHARS})
    if file is not None and not 0 < len(file.data) <= MAX_BID_BYTES:
        raise Refused(
            _("A bid's file has something in it, and at most %(most)d MB.") % {"most": MAX_BID_BYTES // 1024 // 1024}
        )
    with transaction.atomic():
        bidder = _bidder_in_time(bidding, by=by, now=now)
        if bidder.bids.count() >= MAX_BIDS:
            raise Refused(_("Your company handed in %(most)d bids already; no more are taken.") % {"most": MAX_BIDS})
        made = Bid.objects.create(
            bidder=bidder,
            person=by,
            note=readable(note),
            file_sha256=hashlib.sha256(file.data).hexdigest() if file else "",
            file_name=plain_name(file.name, otherwise="bid") if file else "",
            handed_in=now,
        )
        if file is not None:
            blobs.put(home, blobs.Shelf.BIDS, file.data)
    return made


def decline(home: Home, bidding: Round, *, by: Person, now: datetime) -> Bidder:
    """Say for the party that it does not bid. Its copies of the round's drafts are taken back at once."""
    if not by.may(Act.ACCEPT_FOR_PARTY):
        raise Refused(_("Only a contact of your company declines for it."))
    with exclusively(home), transaction.atomic():
        bidder = _bidder_in_time(bidding, by=by, now=now)
        bidder.outcome = Bidder.Outcome.DECLINED
        bidder.save(update_fields=["outcome"])
        take_back_within(home, [bidder], now=now)
        sign(home, signing_key(home))
    return bidder


def _bidder_in_time(bidding: Round, *, by: Person, now: datetime) -> Bidder:
    """Return the party's place in the round, with the round's row locked; refuse what is late or uninvited."""
    if not by.may(Act.BID):
        raise Refused(_("Only a contact of an invited company bids."))
    seen = Round.objects.select_for_update().get(pk=bidding.pk)
    bidder = seen.bidders.filter(party=by.party_id).first()
    if bidder is None:
        raise Refused(_("Your company was not invited to this round."))
    if seen.state == Round.State.PREPARED:
        raise Refused(_("The round is not open yet."))
    if not seen.takes_bids(now):
        raise Refused(
            _("The round is closed: bids were taken until %(time)s UTC.") % {"time": f"{seen.closes:%Y-%m-%d %H:%M}"}
        )
    if bidder.outcome == Bidder.Outcome.DECLINED:
        raise Refused(_("Your company declined to bid in this round. Ask the owner if that was a mistake."))
    return bidder
