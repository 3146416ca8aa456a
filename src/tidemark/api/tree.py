"""The supply tree as it is drawn: each place with its agreement, its copies and its open cases."""

from collections.abc import Iterable

from django.http import HttpRequest
from django.utils import timezone
from ninja import Schema
from pydantic import Field

from tidemark.api.callers import caller
from tidemark.api.operations import Subject
from tidemark.api.overview_out import CaseNumber
from tidemark.api.pages import Id, RowId, find
from tidemark.api.projects import EngagementOut
from tidemark.records.accounts.models import Person
from tidemark.records.cases.models import Case
from tidemark.records.cases.places import OpenCases, open_cases_for
from tidemark.records.projects.models import Engagement, Project
from tidemark.records.projects.tree import Bond, Node, supply_tree, walk

tree = Subject("engagements")


class NodeOut(EngagementOut):
    """One place in the supply tree, with what is on it."""

    bond: Bond = Field(description="How the party is bound for what it gets, by whoever engages it.")
    agreement: str | None = Field(description="The one that this is by, for its two sides and the owner's people.")
    open_copies: int
    all_copies: int
    cases: list[CaseNumber] | None = Field(
        description="Open ones in which something is put to the party; null for whoever may not see cases."
    )

    @classmethod
    def of_node(cls, person: Person, node: Node, cases: OpenCases | None) -> "NodeOut":
        agreement = node.agreement
        is_seen = agreement is not None and (
            person.is_owners or person.party_id in (agreement.discloser_id, agreement.recipient_id)
        )
        return cls(
            **EngagementOut.seen_by(person, node.engagement).dict(),
            bond=node.bond,
            agreement=agreement.pk if agreement is not None and is_seen else None,
            open_copies=node.open_copies,
            all_copies=node.all_copies,
            cases=_numbers(cases.by_party.get(node.engagement.party_id, ())) if cases is not None else None,
        )


class TreeOut(Schema):
    """Places of a supply tree, each before those below it."""

    items: list[NodeOut]
    cases_of_nobody: list[CaseNumber] | None = Field(
        description="Open cases of the project in which nothing is put to any of these parties; likewise."
    )


@tree.reads("/projects/{project_id}/tree", TreeOut)
def get_tree(request: HttpRequest, project_id: RowId) -> TreeOut:
    """The supply tree of a project with agreements, copies and open cases; for a supplier, its own part of it."""
    person = caller(request).person
    known = find(Project.objects.visible_to(person), project_id)
    return _shown(person, known, walk(supply_tree(known, person, at=timezone.now())))


@tree.reads("/engagements/{engagement_id}/subtree", TreeOut)
def get_subtree(request: HttpRequest, engagement_id: Id) -> TreeOut:
    """One place in a supply tree and all below it, with agreements and copies."""
    person = caller(request).person
    top = find(Engagement.objects.visible_to(person).select_related("project"), engagement_id)
    nodes = walk(supply_tree(top.project, person, at=timezone.now()))
    return _shown(person, top.project, (node for node in nodes if node.engagement.path.startswith(top.path)))


def _shown(person: Person, project: Project, nodes: Iterable[Node]) -> TreeOut:
    drawn = list(nodes)
    cases = open_cases_for(person, project, {node.engagement.party_id for node in drawn})
    return TreeOut(
        items=[NodeOut.of_node(person, node, cases) for node in drawn],
        cases_of_nobody=_numbers(cases.of_nobody) if cases is not None else None,
    )


def _numbers(cases: Iterable[Case]) -> list[CaseNumber]:
    return [CaseNumber.of(case) for case in cases]
