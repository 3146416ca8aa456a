"""End copies whose time has come."""

from datetime import datetime

from django.db import transaction

from tidemark.records.connect import database_errors, exclusively
from tidemark.records.copies.models import Copy
from tidemark.records.copies.revoke import revoke_within
from tidemark.records.home import Home
from tidemark.records.ledger.key import signing_key
from tidemark.records.ledger.log import sign

_AT_ONCE = 500
WHY = "expired"


def expire(home: Home, *, now: datetime) -> int:
    """Revoke the copies that expired, with their leaf, and take their bytes off the shelf; return how many.

    They cannot be downloaded from the moment they expire on; this makes it final.
    """
    count = 0
    while ids := _expired(now):
        with exclusively(home), database_errors(home), transaction.atomic():
            count += len(revoke_within(home, ids, why=WHY, now=now, leaf_why=WHY))
            sign(home, signing_key(home))
    return count


def _expired(now: datetime) -> list[str]:
    rows = Copy.objects.filter(expires__lte=now, revoked=None, is_master=False).order_by("id")
    states = (Copy.State.RELEASED, Copy.State.PLANNED)
    return list(rows.filter(state__in=states, path="").values_list("pk", flat=True)[:_AT_ONCE])
