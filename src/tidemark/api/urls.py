"""The API, put together of its subjects."""

from typing import Any

from django.http import HttpRequest
from ninja import NinjaAPI

from tidemark.api import (
    agreements,
    allegations,
    bids,
    cases,
    copies,
    distribution,
    dossiers,
    drafts,
    drills,
    flow_down,
    gates,
    invitations,
    leaks,
    ledger,
    measures,
    notes,
    onward,
    overview,
    people,
    pictures,
    plan_actions,
    plans,
    posts,
    problems,
    projects,
    releases,
    replies,
    rounds,
    sanctions,
    sightings,
    sources,
    statements,
    traces,
    tree,
)
from tidemark.api.description import ABOUT, description_of
from tidemark.api.operations import Subject

api = NinjaAPI(title="Tidemark", version="1", description=ABOUT, urls_namespace="api", openapi_url="", docs_url="")
problems.install(api)

itself = Subject("description")


@itself.reads("/openapi.json", dict[str, Any])
def get_description(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001
    """This description."""
    return description_of(api)


for subject in (
    people.me,
    people.parties,
    people.persons,
    invitations.invitations,
    projects.projects,
    projects.engagements,
    tree.tree,
    distribution.distributed,
    drafts.drafts,
    drills.drills,
    pictures.pictures,
    agreements.agreements,
    rounds.rounds,
    bids.bids,
    releases.releases,
    copies.copies,
    onward.onward,
    leaks.leaks,
    posts.posts,
    traces.traces,
    sources.sources,
    sightings.sightings,
    cases.cases,
    dossiers.dossiers,
    notes.notes,
    allegations.allegations,
    replies.replies,
    sanctions.sanctions,
    measures.measures,
    plans.plans,
    plan_actions.actions,
    flow_down.flow_down,
    gates.gates,
    statements.statements,
    overview.overview,
    ledger.ledger,
    itself,
):
    api.add_router("", subject)

urlpatterns = api.urls[0]
