"""Copies of lost bidding rounds whose return or destruction is overdue: counted by project."""

from datetime import datetime

from django.db.models import Count

from tidemark.records.copies.models import Copy
from tidemark.records.rounds.given import copies_of_any
from tidemark.records.rounds.late import late_certificates


def to_return(*, now: datetime) -> dict[int | None, int]:
    """Return, by project, how many revoked copies have to be accounted for by a certificate that is overdue.

    A copy for which two bidders have to certify, one above the other, counts once. One query.
    """
    rows = copies_of_any(late_certificates(now=now)).filter(state=Copy.State.RELEASED, revoked__isnull=False)
    return dict(rows.order_by().values_list("draft__project_id").annotate(Count("pk")))
