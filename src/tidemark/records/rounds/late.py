"""Certificates that losers of a round still owe: the one rule for mails and the overview."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from tidemark.records.rounds.models import Bidder

CERTIFY_WITHIN = timedelta(days=7)
"""How long a party that lost its copies may take to certify what became of them, before officers hear of it."""


def owing() -> QuerySet[Bidder]:
    """Return the bidders whose copies were revoked, and who have not certified what became of them."""
    return Bidder.objects.filter(must_certify_since__isnull=False, certificate=None)


def late_certificates(*, now: datetime) -> QuerySet[Bidder]:
    """Return those of them whose time to certify is over."""
    return owing().filter(must_certify_since__lte=now - CERTIFY_WITHIN)
