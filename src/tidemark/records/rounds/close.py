"""Close a round, choose who won, and take back what the others were given.

Closing and awarding are two steps: bids are sealed until the first, so nobody can choose before it. Who handed in
nothing has lost at the first step already. Copies are revoked in the same transaction as the step that loses them: no
loser is left with a drawing because a process was killed in between.
"""

import hashlib
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tidemark.errors import Refused
from tidemark.ledger import canonical
from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind, time_text
from tidemark.records.accounts.models import Person
from tidemark.records.connect import exclusively
from tidemark.records.copies.models import Copy
from tidemark.records.copies.revoke import revoke_within
from tidemark.records.home import Home
from tidemark.records.ledger.key import signing_key
from tidemark.records.ledger.log import append, sign
from tidemark.records.rounds.given import OUT, copies_of
from tidemark.records.rounds.models import Bid, Bidder, Round
from tidemark.records.rounds.prepare import refuse_others

_GIVEN = (Copy.State.WRITING, Copy.State.RELEASED)
_STILL_WRITTEN = timedelta(days=2)
_WHY = gettext_noop("The bidding round was lost or declined.")
_RULE = "round-over"


def close(home: Home, bidding: Round, *, by: Person | None, now: datetime) -> None:
    """Take no more bids, and log a hash over those that were taken. ``by`` is None when the closing time has come.

    Raises
    ------
    Refused
        If ``by`` may not, the time has not come, or the round is not open.
    """
    if by is not None:
        refuse_others(by)
    elif now < bidding.closes:
        raise Refused(_("The closing time has not come."))
    with exclusively(home), transaction.atomic():
        bidding.advance(Round.State.CLOSED, now=now)
        bids = Bid.objects.filter(bidder__round=bidding)
        without = bidding.bidders.filter(outcome=Bidder.Outcome.PENDING).exclude(pk__in=bids.values("bidder"))
        without.update(outcome=Bidder.Outcome.LOST)
        body: dict[str, JSON] = {
            "round": bidding.pk,
            "project": bidding.project.code_name,
            "closes": time_text(bidding.closes),
            "bids": bids.count(),
            "bids_sha256": bids_sha256(bidding),
        }
        append(Kind.ROUND_CLOSED, body, subject=bidding.pk, now=now)
        take_back_within(home, _losers(bidding), now=now)
        sign(home, signing_key(home))


def award(home: Home, bidding: Round, winners: Collection[Bidder], *, by: Person, now: datetime) -> None:
    """Say who won; nobody may have. All others have lost, and their copies are revoked.

    Raises
    ------
    Refused
        If ``by`` may not, the round is not closed or was awarded before, or a winner did not bid in it.
    """
    refuse_others(by)
    with exclusively(home), transaction.atomic():
        seen = Round.objects.select_for_update().get(pk=bidding.pk)
        if seen.state != Round.State.CLOSED:
            raise Refused(_("Bids are sealed until the round is closed. Close it first."))
        if seen.awarded is not None:
            raise Refused(_("The winners of this round were chosen already."))
        pending = seen.bidders.filter(outcome=Bidder.Outcome.PENDING)
        chosen = pending.filter(pk__in=[winner.pk for winner in winners])
        if chosen.count() != len({winner.pk for winner in winners}):
            raise Refused(_("A winner is one of those that handed in a bid to this round."))
        names = list(chosen.values_list("party__name", flat=True))
        chosen.update(outcome=Bidder.Outcome.WON)
        pending.update(outcome=Bidder.Outcome.LOST)
        Round.objects.filter(pk=seen.pk).update(awarded=now)
        bidding.awarded = now
        body: dict[str, JSON] = {"round": seen.pk, "project": seen.project.code_name, "winners": names}
        append(Kind.ROUND_AWARDED, body, subject=seen.pk, now=now)
        take_back_within(home, _losers(seen), now=now)
        sign(home, signing_key(home))


def close_due(home: Home, *, now: datetime) -> int:
    """Close every open round whose time has come; return how many closed. A task of minutes, safe to run twice."""
    closed = 0
    for bidding in Round.objects.filter(state=Round.State.OPEN, closes__lte=now):
        try:
            close(home, bidding, by=None, now=now)
            closed += 1
        except Refused:
            continue  # an officer was faster
    _take_back_what_was_being_written(home, now=now)
    return closed


def take_back_within(home: Home, bidders: Collection[Bidder], *, now: datetime) -> None:
    """Revoke bidders' copies of the round's drafts, and ask for certificates; part of a larger action.

    The caller holds the home's lock, is in a transaction, and signs.
    """
    for bidder in bidders:
        copies = copies_of(bidder)
        if copies.filter(state__in=_GIVEN).exists():
            Bidder.objects.filter(pk=bidder.pk, must_certify_since=None).update(must_certify_since=now)
        revoke_within(home, set(copies.values_list("pk", flat=True)), why=_WHY, now=now, leaf_why=_RULE)


def _take_back_what_was_being_written(home: Home, *, now: datetime) -> None:
    """Revoke copies that were in the middle of being made when their bidder lost, and were released a moment later."""
    for bidder in Bidder.objects.filter(must_certify_since__gt=now - _STILL_WRITTEN).select_related("round", "party"):
        late = copies_of(bidder).filter(created__lte=bidder.must_certify_since, revoked=None, state=Copy.State.RELEASED)
        ids = set(late.values_list("pk", flat=True))
        if ids:
            with exclusively(home), transaction.atomic():
                revoke_within(home, ids, why=_WHY, now=now, leaf_why=_RULE)
                sign(home, signing_key(home))


def _losers(bidding: Round) -> list[Bidder]:
    return list(bidding.bidders.filter(outcome__in=OUT).select_related("round", "party"))


def bids_sha256(bidding: Round) -> str:
    """Return the hash over all bids of a round, so that none can be changed or slipped in after its closing."""
    listed: list[JSON] = [
        {
            "bid": bid.pk,
            "party": bid.bidder.party.name,
            "handed_in": time_text(bid.handed_in),
            "file_sha256": bid.file_sha256,
            "note_sha256": hashlib.sha256(bid.note.encode()).hexdigest(),
        }
        for bid in Bid.objects.filter(bidder__round=bidding).select_related("bidder__party").order_by("pk")
    ]
    return hashlib.sha256(canonical.dumps({"bids": listed})).hexdigest()
