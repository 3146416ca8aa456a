"""What several parts of the overview go by, asked of the database once for all of them."""

from dataclasses import dataclass
from datetime import datetime

from tidemark.records.cases.stopped import stopped_now
from tidemark.records.overview.unbound import Unbound, unbound
from tidemark.records.sanctions.models import Sanction


@dataclass(frozen=True, slots=True)
class Basis:
    """What is so at one moment.

    Attributes
    ----------
    rests : frozenset of str
        Ids of the allegations that are stopped: what follows from them rests.
    unbound : tuple of Unbound
    sanctions : tuple of Sanction
        All that were imposed, whatever became of them, with allegation, case, project, party, payments and terms.
    """

    rests: frozenset[str]
    unbound: tuple[Unbound, ...]
    sanctions: tuple[Sanction, ...]


def basis(*, now: datetime) -> Basis:
    """Ask for all of it. A bounded number of queries."""
    rows = Sanction.objects.filter(imposed__isnull=False)
    rows = rows.select_related("allegation__case__project", "allegation__party")
    rows = rows.prefetch_related("payments", "payment_terms")
    return Basis(frozenset(stopped_now()), tuple(unbound(now=now)), tuple(rows))
