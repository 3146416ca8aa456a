"""Which agreements bind their recipients on a day: in force, and accepted for the party as they stand.

Without a person there is nothing to refuse, only this to tell; whether somebody may get a copy is told by
:mod:`.releasable`, with what stands in the way.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from tidemark.records.agreements.models import Acceptance, Agreement


@dataclass(frozen=True, slots=True)
class Binding:
    """An agreement that binds, with the projects that it names.

    Attributes
    ----------
    agreement : Agreement
    projects : set of int
        Ids; without meaning for one that covers all projects.
    """

    agreement: Agreement
    projects: frozenset[int]

    def is_for(self, project: int | None) -> bool:
        """Whether it is about a project, by its id; None for what is in none."""
        return self.agreement.covers_all_projects or project in self.projects

    def covers(self, project: int | None, status: str) -> bool:
        """Whether it covers the drafts of this status in a project."""
        return self.is_for(project) and status in self.agreement.kinds


def is_accepted() -> Exists:
    """Return the condition that an agreement was accepted for its party, as it stands: not on other terms."""
    return Exists(
        Acceptance.objects.filter(agreement=OuterRef("pk"), for_party=True, content_sha256=OuterRef("content_sha256"))
    )


def binding(agreements: QuerySet[Agreement], *, on: date) -> list[Binding]:
    """Return those of these agreements that bind on a day (UTC). Two queries."""
    rows = agreements.filter(is_accepted()).order_by("-valid_from", "pk")
    named: dict[str, set[int]] = {}
    pairs = Agreement.projects.through.objects.filter(agreement__in=rows.order_by().values("pk"))
    for agreement, project in pairs.values_list("agreement_id", "project_id"):
        named.setdefault(agreement, set()).add(project)
    return [Binding(row, frozenset(named.get(row.pk, ()))) for row in rows if row.is_in_force(on)]
