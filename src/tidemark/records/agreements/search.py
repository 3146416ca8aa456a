"""Agreements by how they stand on a day: the one rule for the page's list and the programs'."""

from datetime import date, timedelta
from enum import StrEnum

from django.db.models import Q

from tidemark.records.agreements.models import Agreement

SOON = timedelta(days=30)
"""An agreement that ends within it is said to end soon."""


class Stands(StrEnum):
    """How an agreement stands: what is stored, and what the calendar adds to it."""

    PREPARED = "prepared"
    IN_FORCE = "in-force"
    EXPIRING = "expiring"
    LAPSED = "lapsed"
    TERMINATED = "terminated"


def standing_so(how: Stands, *, on: date) -> Q:
    """Return the condition that an agreement stands like that on a day. One that is expiring is in force as well."""
    in_force = Q(state=Agreement.State.IN_FORCE)
    rules = {
        Stands.PREPARED: Q(state=Agreement.State.PREPARED),
        Stands.IN_FORCE: in_force & (Q(valid_until=None) | Q(valid_until__gte=on)),
        Stands.EXPIRING: in_force & Q(valid_until__range=(on, on + SOON)),
        Stands.LAPSED: in_force & Q(valid_until__lt=on),
        Stands.TERMINATED: Q(state=Agreement.State.TERMINATED),
    }
    return rules[how]
