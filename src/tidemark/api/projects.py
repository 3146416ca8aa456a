"""Projects, and the supply tree of each."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial

from django.http import HttpRequest
from django.utils import timezone
from ninja import Schema
from pydantic import Field

from tidemark.api.callers import caller
from tidemark.api.forms import PartyOut, ProjectRef
from tidemark.api.operations import Subject
from tidemark.api.pages import Asked, Day, Id, Name, Page, RowId, Text, find, named, page
from tidemark.api.sent import Sent
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.connect import current_home
from tidemark.records.parties.models import Party
from tidemark.records.projects.edit import create_project, edit_project
from tidemark.records.projects.engagements import engage, resume, suspend
from tidemark.records.projects.models import Engagement, Label, Project

projects = Subject("projects")
engagements = Subject("engagements")


class ProjectIn(Sent):
    """What is said of a project. Sent whole: what is left out is empty afterwards."""

    code_name: Name
    label: Label = Label.CONFIDENTIAL
    embargo: Day | None = None
    description: Text = ""


class EngagementIn(Sent):
    """A party, and where it stands in the supply tree."""

    party: RowId
    above: Id | None = Field(None, description="The engagement above; none if the owner engages the party itself.")


class SuspensionIn(Sent):
    """Why an engagement is suspended."""

    why: Text = Field("", description="The party does not read it. It need not be given.")


class ProjectOut(ProjectRef):
    """A confidential product programme."""

    label: str
    embargo: date | None
    description: str = Field(description="The owner's own words; empty for everybody else.")
    created: datetime

    @classmethod
    def seen_by(cls, person: Person, project: Project) -> "ProjectOut":
        return cls(
            id=project.pk,
            code_name=project.code_name,
            label=project.label,
            embargo=project.embargo,
            description=project.description if person.is_owners else "",
            created=project.created,
        )


class EngagementOut(Schema):
    """One place in a project's supply tree."""

    id: str
    project: ProjectRef
    party: PartyOut
    above: str | None = Field(description="The engagement above; null where the owner engaged the party itself.")
    tier: int
    state: str
    suspended_why: str = Field(description="For those who change the supply tree; '' for others, or if none was given.")
    created: datetime

    @classmethod
    def seen_by(cls, person: Person, engagement: Engagement) -> "EngagementOut":
        """A supplier is not told who stands between the owner and itself."""
        is_own = engagement.party_id == person.party_id and not person.is_owners
        return cls(
            id=engagement.id,
            project=ProjectRef.of(engagement.project),
            party=PartyOut.of(engagement.party),
            above=None if is_own else engagement.parent_id,
            tier=engagement.tier,
            state=engagement.state,
            suspended_why=engagement.suspended_why if person.may(Act.MANAGE_PROJECTS) else "",
            created=engagement.created,
        )


@projects.reads("/projects", Page[ProjectOut])
def list_projects(request: HttpRequest, asked: Asked, q: Text = "") -> object:
    """Projects that the caller may see: for a supplier, those that it is engaged in.

    With words in ``q``, those with them in the code name or, for the owner's people, the description.
    """
    person = caller(request).person
    rows = Project.objects.visible_to(person).found_by(person, q.strip()).order_by("code_name", "pk")
    return page(request, rows, asked, lambda row: ProjectOut.seen_by(person, row))


@projects.reads("/projects/{project_id}", ProjectOut)
def get_project(request: HttpRequest, project_id: RowId) -> ProjectOut:
    """One project."""
    person = caller(request).person
    return ProjectOut.seen_by(person, find(Project.objects.visible_to(person), project_id))


@engagements.reads("/projects/{project_id}/engagements", Page[EngagementOut])
def list_engagements(request: HttpRequest, project_id: RowId, asked: Asked) -> object:
    """The supply tree of a project, from the top down; for a supplier, its own part of it."""
    person = caller(request).person
    known = find(Project.objects.visible_to(person), project_id)
    rows = known.engagements.all() & Engagement.objects.visible_to(person)
    rows = rows.select_related("party", "project").order_by("path")
    return page(request, rows, asked, lambda row: EngagementOut.seen_by(person, row))


@engagements.reads("/engagements/{engagement_id}", EngagementOut)
def get_engagement(request: HttpRequest, engagement_id: Id) -> EngagementOut:
    """One place in a supply tree."""
    person = caller(request).person
    rows = Engagement.objects.visible_to(person).select_related("party", "project")
    return EngagementOut.seen_by(person, find(rows, engagement_id))


@projects.does("POST", "/projects", Act.MANAGE_PROJECTS, ProjectOut, status=201)
def open_project(request: HttpRequest, sent: ProjectIn) -> ProjectOut:
    """Open a project under a code name that no other has."""
    who = caller(request)
    who.must(Act.MANAGE_PROJECTS)
    return ProjectOut.seen_by(who.person, create_project(**sent.dict(), by=who.person, now=timezone.now()))


@projects.does("PUT", "/projects/{project_id}", Act.MANAGE_PROJECTS, ProjectOut)
def change_project(request: HttpRequest, project_id: RowId, sent: ProjectIn) -> ProjectOut:
    """Change what is said of a project."""
    who = caller(request)
    known = find(Project.objects.visible_to(who.person), project_id)
    who.must(Act.MANAGE_PROJECTS)
    return ProjectOut.seen_by(who.person, edit_project(known, **sent.dict(), by=who.person))


@engagements.does("POST", "/projects/{project_id}/engagements", Act.MANAGE_PROJECTS, EngagementOut, status=201)
def engage_party(request: HttpRequest, project_id: RowId, sent: EngagementIn) -> EngagementOut:
    """Put a party into the supply tree of a project."""
    who = caller(request)
    known = find(Project.objects.visible_to(who.person), project_id)
    who.must(Act.MANAGE_PROJECTS)
    above = None
    if sent.above is not None:
        above = named(known.engagements.all() & Engagement.objects.visible_to(who.person), sent.above, at="above")
    party = named(Party.objects.all(), sent.party, at="party")
    return EngagementOut.seen_by(who.person, engage(known, party, parent=above, by=who.person, now=timezone.now()))


@engagements.does("POST", "/engagements/{engagement_id}/suspend", Act.MANAGE_PROJECTS, EngagementOut)
def suspend_engagement(request: HttpRequest, engagement_id: Id, sent: SuspensionIn) -> EngagementOut:
    """Stop everything that the party, and whoever is below it, would get."""
    return _turned(request, engagement_id, partial(suspend, why=sent.why))


@engagements.does("POST", "/engagements/{engagement_id}/resume", Act.MANAGE_PROJECTS, EngagementOut)
def resume_engagement(request: HttpRequest, engagement_id: Id) -> EngagementOut:
    """Let a suspended engagement go on."""
    return _turned(request, engagement_id, resume)


def _turned(request: HttpRequest, engagement_id: str, turn: Callable[..., None]) -> EngagementOut:
    who = caller(request)
    rows = Engagement.objects.visible_to(who.person).select_related("party", "project")
    known = find(rows, engagement_id)
    who.must(Act.MANAGE_PROJECTS)
    turn(current_home(), known, by=who.person, now=timezone.now())
    return EngagementOut.seen_by(who.person, find(rows, engagement_id))
