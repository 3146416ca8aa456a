"""Who holds what of a project: its distribution matrix, and what the ledger says of it."""

from datetime import date, datetime

from django.http import HttpRequest
from django.utils import timezone
from ninja import Schema
from pydantic import Field

from tidemark.api.callers import caller
from tidemark.api.forms import DraftRef
from tidemark.api.operations import Subject
from tidemark.api.pages import Id, Index, RowId, find
from tidemark.api.problems import missing
from tidemark.records.accounts.models import Person
from tidemark.records.projects.activity import Happening, activity
from tidemark.records.projects.matrix import Row, Standing, distribution
from tidemark.records.projects.models import Project

distributed = Subject("projects")


class HolderOut(Schema):
    """One holder's row of the matrix."""

    person: str = Field(description="Empty for copies that name a party and no person.")
    name: str
    party: str
    tier: int = Field(description="0 if the party is not in the supply tree.")
    refusals: dict[str, str] = Field(description="For each status of drafts that the person may not get, why not.")
    lapses: date | None = Field(description="When the agreement ends, if that is soon.")
    cells: str = Field(description="For each draft one letter, which `letters` explains.")
    children: dict[int, int] = Field(description="Numbers of child copies, by the draft's place in `drafts`.")

    @classmethod
    def of(cls, row: Row) -> "HolderOut":
        return cls(
            person=row.person,
            name=row.name,
            party=row.party,
            tier=row.tier,
            refusals=row.refusals,
            lapses=row.lapses,
            cells=row.cells,
            children=row.children,
        )


class MatrixOut(Schema):
    """Drafts × holders. Of several copies that somebody has of a draft, the one that is best off is shown."""

    letters: dict[str, str]
    drafts: list[DraftRef]
    holders: list[HolderOut] = Field(description="In the order of the supply tree.")


class HappeningOut(Schema):
    """An entry of the ledger, and which thing of the project it speaks of."""

    index: int
    kind: str
    time: datetime
    draft: str | None
    copy_id: str | None
    engagement: str | None
    agreement: str | None
    round: str | None

    @classmethod
    def of(cls, row: Happening) -> "HappeningOut":
        return cls(
            index=row.index,
            kind=row.kind,
            time=row.time,
            draft=row.draft.pk if row.draft else None,
            copy_id=row.copy.pk if row.copy else None,
            engagement=row.engagement.pk if row.engagement else None,
            agreement=row.agreement.pk if row.agreement else None,
            round=row.round.pk if row.round else None,
        )


class ActivityOut(Schema):
    """A part of what happened, newest first."""

    items: list[HappeningOut]
    next: str | None = Field(description="Address of what happened before; null at the beginning.")


@distributed.reads("/projects/{project_id}/distribution", MatrixOut)
def get_distribution(request: HttpRequest, project_id: RowId, person: Id | None = None) -> MatrixOut:
    """The distribution matrix of a project, whole or of one person, for the owner's people."""
    viewer = caller(request).person
    project = _owners(viewer, project_id)
    holder = None if person is None else find(Person.objects.visible_to(viewer).select_related("party"), person)
    matrix = distribution(project, at=timezone.now(), holder=holder)
    return MatrixOut(
        letters={standing.value: standing.name.lower() for standing in Standing},
        drafts=[
            DraftRef(id=each.id, file_name=each.name, revision=each.revision, status=each.status)
            for each in matrix.columns
        ],
        holders=[HolderOut.of(row) for row in matrix.rows],
    )


@distributed.reads("/projects/{project_id}/activity", ActivityOut)
def get_activity(request: HttpRequest, project_id: RowId, before: Index | None = None) -> ActivityOut:
    """What the ledger says of a project, 50 entries at a time, for the owner's people."""
    found = activity(_owners(caller(request).person, project_id), before=before)
    following = None if found.next_before is None else f"{request.path}?before={found.next_before}"
    return ActivityOut(items=[HappeningOut.of(row) for row in found.rows], next=following)


def _owners(person: Person, project_id: int) -> Project:
    """Return a project, for what only the owner's people see of it."""
    if not person.is_owners:
        raise missing()
    return find(Project.objects.visible_to(person), project_id)
