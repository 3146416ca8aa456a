"""Open copies that no agreement binds any more: the one they were released under is over, and none took its place."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Count

from tidemark.records.agreements.binding import binding
from tidemark.records.agreements.late import is_over
from tidemark.records.agreements.models import Agreement
from tidemark.records.copies.models import Copy
from tidemark.records.projects.models import Project
from tidemark.records.projects.tree import is_open


@dataclass(frozen=True, slots=True)
class Unbound:
    """Open copies of one project's drafts under an agreement that is over.

    Attributes
    ----------
    agreement : Agreement
        With its recipient.
    project : Project or None
    count : int
    """

    agreement: Agreement
    project: Project | None
    count: int


def unbound(*, now: datetime) -> list[Unbound]:
    """Return what is unbound, by agreement and project. Five queries."""
    on = now.astimezone(UTC).date()
    copies = Copy.objects.filter(is_open(now), is_over(on, of="agreement"), is_master=False).order_by()
    over = Agreement.objects.filter(pk__in=copies.values("agreement")).select_related("recipient").in_bulk()
    projects = Project.objects.filter(pk__in=copies.values("draft__project")).in_bulk()
    others = binding(Agreement.objects.filter(recipient__in=copies.values("agreement__recipient")), on=on)
    found: dict[tuple[str, int | None], int] = {}
    rows = copies.values_list("agreement_id", "draft__project_id", "draft__status").annotate(n=Count("pk"))
    for pk, project, status, count in rows:
        before = over[str(pk)]
        if not any(
            (other.agreement.discloser_id, other.agreement.recipient_id) == (before.discloser_id, before.recipient_id)
            and other.covers(project, status)
            for other in others
        ):
            found[before.pk, project] = found.get((before.pk, project), 0) + count
    return [Unbound(over[pk], projects.get(project or 0), count) for (pk, project), count in found.items()]
