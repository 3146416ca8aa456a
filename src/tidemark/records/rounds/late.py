"""What waits and what is late of rounds that have closed: the one rule for mails, Today and the overview."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from tidemark.records.accounts.models import Person
from tidemark.records.rounds.models import Bidder, Round

CERTIFY_WITHIN = timedelta(days=7)
"""How long a party that lost its copies may take to certify what became of them, before officers hear of it."""

AWARD_WITHIN = timedelta(days=7)
"""How long after the closing winners may be chosen: until then all that handed in a bid keep their copies."""


def owing() -> QuerySet[Bidder]:
    """Return the bidders whose copies were revoked, and who have not certified what became of them."""
    return Bidder.objects.filter(must_certify_since__isnull=False, certificate=None)


def owing_seen_by(person: Person) -> Q:
    """Return the condition that a round is owed a certificate: by the person's own party, or for the owner by any."""
    mine = owing() if person.is_owners else owing().filter(party=person.party_id)
    return Q(pk__in=mine.values("round"))


def certificate_is_late(*, now: datetime) -> Q:
    """Return the condition that the time of a bidder who owes a certificate is over."""
    return Q(must_certify_since__lte=now - CERTIFY_WITHIN)


def late_certificates(*, now: datetime) -> QuerySet[Bidder]:
    """Return those of them whose time to certify is over."""
    return owing().filter(certificate_is_late(now=now))


def unawarded() -> QuerySet[Round]:
    """Return the rounds that closed with bids and are not awarded; one without bids keeps no copy with anybody."""
    pending = Bidder.objects.filter(round=OuterRef("pk"), outcome=Bidder.Outcome.PENDING)
    return Round.objects.filter(Exists(pending), state=Round.State.CLOSED, awarded=None)


def award_is_late(*, now: datetime) -> Q:
    """Return the condition that a round which waits for its award has waited too long."""
    return Q(closed__lte=now - AWARD_WITHIN)


def late_awards(*, now: datetime) -> QuerySet[Round]:
    """Return those of them whose award is late."""
    return unawarded().filter(award_is_late(now=now))
