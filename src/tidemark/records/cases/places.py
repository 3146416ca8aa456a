"""Which open cases stand where in a project's supply tree: at the parties to which something in them is put.

Never an innocent: a party that a trace alone names has no case here, and neither has one of which everything was taken
back. A case in which nothing is put stands with nobody.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Q

from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.cases.models import Allegation, Case
from tidemark.records.projects.models import Project


@dataclass(frozen=True, slots=True)
class OpenCases:
    """The open cases of a project.

    Attributes
    ----------
    by_party : mapping of int to tuple of Case
        Party → the cases in which something is put to it, by their numbers.
    of_nobody : tuple of Case
        Those that stand with none of the parties that were asked about.
    """

    by_party: Mapping[int, tuple[Case, ...]]
    of_nobody: tuple[Case, ...]


def open_cases_for(person: Person, project: Project, parties: Collection[int]) -> OpenCases | None:
    """Return the open cases of a project as a person may see them; None if it may see none."""
    return open_cases(project, parties) if person.is_owners and person.may(Act.SEE_CASES) else None


def open_cases(project: Project, parties: Collection[int]) -> OpenCases:
    """Return the open cases of a project, for the parties with these ids. Two queries, whatever their number.

    A case that is about several projects belongs to none; it stands here with the parties whose copies of this
    project's drafts it is about.
    """
    about = Q(case__project=project) | Q(named__copy__draft__project=project)
    standing = Allegation.objects.filter(about, put__isnull=False, party__in=parties)
    standing = standing.exclude(state=Allegation.State.WITHDRAWN).exclude(case__status=Case.Status.CLOSED)
    found: dict[int, dict[str, Case]] = {}
    for allegation in standing.select_related("case").order_by("case__number"):
        found.setdefault(allegation.party_id, {})[allegation.case_id] = allegation.case
    placed = {case for cases in found.values() for case in cases}
    unclosed = Case.objects.filter(project=project).exclude(status=Case.Status.CLOSED).order_by("number")
    return OpenCases(
        {party: tuple(cases.values()) for party, cases in found.items()},
        tuple(case for case in unclosed if case.pk not in placed),
    )
