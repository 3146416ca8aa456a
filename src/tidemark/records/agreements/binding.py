"""Which agreements bind their recipients on a day, or once did: in force, and accepted for the party as they stand.

Without a person there is nothing to refuse, only this to tell; whether somebody may get a copy is told by
:mod:`.releasable`, with what stands in the way.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, QuerySet

from tidemark.records.agreements.models import Acceptance, Agreement

_OF_PARTY = Acceptance.objects.as_they_stand().filter(agreement=OuterRef("pk"), for_party=True)
"""What makes an agreement the party's: an acceptance of it as it stands."""


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
    return Exists(_OF_PARTY)


def binding(agreements: QuerySet[Agreement], *, on: date) -> list[Binding]:
    """Return those of these agreements that bind on a day (UTC). Two queries."""
    return [each for each in _accepted(agreements, _OF_PARTY) if each.agreement.is_in_force(on)]


def bound(agreements: QuerySet[Agreement], *, at: datetime) -> list[Binding]:
    """Return those that bound at a moment, the newest first, though they may have lapsed since. Two queries."""
    accepted = _accepted(agreements, _OF_PARTY.filter(accepted__lte=at))
    return [each for each in accepted if each.agreement.was_in_force(at)]


def _accepted(agreements: QuerySet[Agreement], acceptances: QuerySet[Acceptance]) -> list[Binding]:
    rows = agreements.filter(Exists(acceptances)).order_by("-valid_from", "pk")
    named: dict[str, set[int]] = {}
    pairs = Agreement.projects.through.objects.filter(agreement__in=rows.order_by().values("pk"))
    for agreement, project in pairs.values_list("agreement_id", "project_id"):
        named.setdefault(agreement, set()).add(project)
    return [Binding(row, frozenset(named.get(row.pk, ()))) for row in rows]
