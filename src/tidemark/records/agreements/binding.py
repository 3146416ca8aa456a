"""Which agreements bind their recipients on a day, or once did: in force, and accepted for the party as they stand.

Without a person there is nothing to refuse, only this to tell; whether somebody may get a copy is told by
:mod:`.releasable`, with what stands in the way.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from tidemark.records.agreements.models import Acceptance, Agreement

_OF_PARTY = Acceptance.objects.as_they_stand().filter(agreement=OuterRef("pk"), for_party=True)
"""What makes an agreement the party's: an acceptance of it as it stands."""


@dataclass(frozen=True, slots=True)
class Binding:
    """An agreement that was accepted for its party as it stands, with the projects that it names.

    Attributes
    ----------
    agreement : Agreement
    projects : set of int
        Ids; without meaning for one that covers all projects.
    since : datetime
        When it was first accepted so.
    """

    agreement: Agreement
    projects: frozenset[int]
    since: datetime

    def bound(self, at: datetime) -> bool:
        """Whether it bound its party at a moment, though it may have lapsed since."""
        return self.since <= at and self.agreement.was_in_force(at)

    def is_for(self, project: int | None) -> bool:
        """Whether it is about a project, by its id; None for what is in none."""
        return self.agreement.covers_all_projects or project in self.projects

    def covers(self, project: int | None, status: str) -> bool:
        """Whether it covers the drafts of this status in a project."""
        return self.is_for(project) and status in self.agreement.kinds


def is_accepted() -> Exists:
    """Return the condition that an agreement was accepted for its party, as it stands: not on other terms."""
    return Exists(_OF_PARTY)


def binding(agreements: QuerySet[Agreement], *, on: date) -> list[Binding]:
    """Return those of these agreements that bind on a day (UTC). Two queries."""
    return [each for each in accepted(agreements) if each.agreement.is_in_force(on)]


def accepted(agreements: QuerySet[Agreement]) -> list[Binding]:
    """Return those of these agreements that were accepted for their parties, as they stand, the newest first. Two
    queries.
    """
    first = Subquery(_OF_PARTY.order_by("accepted").values("accepted")[:1])
    rows = agreements.annotate(since=first).filter(since__isnull=False).order_by("-valid_from", "pk")
    named: dict[str, set[int]] = {}
    pairs = Agreement.projects.through.objects.filter(agreement__in=rows.order_by().values("pk"))
    for agreement, project in pairs.values_list("agreement_id", "project_id"):
        named.setdefault(agreement, set()).add(project)
    return [Binding(row, frozenset(named.get(row.pk, ())), row.since) for row in rows]
