"""A project's further tabs: its supply tree, rounds, agreements and activity."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tidemark.errors import TidemarkError
from tidemark.records.accounts.roles import Act
from tidemark.records.agreements.models import Agreement
from tidemark.records.cases.models import Case
from tidemark.records.cases.places import open_cases_for
from tidemark.records.connect import current_home
from tidemark.records.parties.models import Party
from tidemark.records.projects.activity import activity as happenings
from tidemark.records.projects.engagements import engage, resume, suspend
from tidemark.records.projects.models import Engagement, Project
from tidemark.records.projects.tree import Node, supply_tree, walk
from tidemark.records.rounds.models import Round
from tidemark.web.accounts.signed_in import signed_in
from tidemark.web.projects.access import as_told, owners_project, page_of, require, rights
from tidemark.web.projects.heads import HEADS


@dataclass(frozen=True, slots=True)
class Drawn:
    """One place of the supply tree as the page draws it.

    Attributes
    ----------
    node : Node
    cases : tuple of Case
        Open ones in which something is put to its party; none for whoever may not see cases.
    children : list of Drawn
    """

    node: Node
    cases: tuple[Case, ...]
    children: "list[Drawn]"


@login_required
@require_safe
def tree(request: HttpRequest, pk: int) -> HttpResponse:
    """The supply tree: the owner's people see all of it, a supplier its own part."""
    person = signed_in(request)
    project = get_object_or_404(Project.objects.visible_to(person), pk=pk)
    roots = supply_tree(project, person, at=timezone.now())
    nodes = list(walk(roots))
    cases = open_cases_for(person, project, {node.engagement.party_id for node in nodes})
    context = {
        "project": project,
        "tab": "tree",
        "roots": [_drawn(node, cases.by_party if cases else {}) for node in roots],
        "cases_of_nobody": cases.of_nobody if cases else (),
        "node_count": len(nodes),
        "open_count": sum(node.open_copies for node in nodes),
        "nodes": nodes,
        "parties": Party.objects.filter(is_owner=False) if person.may(Act.MANAGE_PROJECTS) else (),
    } | rights(person)
    return render(request, "projects/tree.html", context)


@login_required
@require_POST
def add_party(request: HttpRequest, pk: int) -> HttpResponse:
    """Engage a party, below the owner or below another party."""
    project = owners_project(request, pk)
    person = signed_in(request)
    require(person, Act.MANAGE_PROJECTS)
    party = get_object_or_404(Party, pk=_number(request.POST.get("party")), is_owner=False)
    above = request.POST.get("parent", "")
    parent = get_object_or_404(Engagement, pk=above, project=project) if above else None
    try:
        engage(project, party, parent=parent, by=person, now=timezone.now())
    except TidemarkError as refused:
        messages.error(request, as_told(refused))
    else:
        messages.success(request, _("%(party)s is engaged in %(project)s.") % {"party": party, "project": project})
    return redirect("project-tree", project.pk)


@login_required
@require_POST
def change_engagement(request: HttpRequest, pk: int, engagement: str, step: str) -> HttpResponse:
    """Suspend or resume an engagement."""
    project = owners_project(request, pk)
    person = signed_in(request)
    require(person, Act.MANAGE_PROJECTS)
    found = get_object_or_404(Engagement.objects.select_related("party", "project"), pk=engagement, project=project)
    if step not in ("suspend", "resume"):
        raise Http404
    home, now = current_home(), timezone.now()
    try:
        if step == "suspend":
            suspend(home, found, why=request.POST.get("why", ""), by=person, now=now)
        else:
            resume(home, found, by=person, now=now)
    except TidemarkError as refused:
        messages.error(request, as_told(refused))
    return redirect("project-tree", project.pk)


@login_required
@require_safe
def rounds(request: HttpRequest, pk: int) -> HttpResponse:
    """The project's bidding rounds."""
    project = owners_project(request, pk)
    rows = Round.objects.filter(project=project).annotate(
        invited=Count("bidders", distinct=True), offered=Count("drafts", distinct=True)
    )
    return render(
        request,
        "projects/rounds.html",
        {"project": project, "tab": "rounds", "page": page_of(rows.order_by("-closes", "pk"), request)}
        | rights(signed_in(request)),
    )


@login_required
@require_safe
def agreements(request: HttpRequest, pk: int) -> HttpResponse:
    """The agreements that cover the project."""
    project = owners_project(request, pk)
    parties = Engagement.objects.filter(project=project).values("party_id")
    rows = (
        Agreement.objects.filter(Q(projects=project) | Q(covers_all_projects=True, recipient__in=parties))
        .select_related("discloser", "recipient")
        .distinct()
    )
    context = {"project": project, "tab": "agreements", "page": page_of(rows, request), "today": timezone.now().date()}
    context |= rights(signed_in(request))
    return render(request, "projects/agreements.html", context)


@login_required
@require_safe
def activity(request: HttpRequest, pk: int) -> HttpResponse:
    """What the ledger says of the project, newest first."""
    project = owners_project(request, pk)
    before = _number(request.GET.get("before")) or None
    found = happenings(project, before=before)
    rows = [(one, HEADS.get(one.kind, one.kind)) for one in found.rows]
    context = {"project": project, "tab": "activity", "rows": rows, "next_before": found.next_before, "before": before}
    context |= rights(signed_in(request))
    return render(request, "projects/activity.html", context)


def _drawn(node: Node, cases: Mapping[int, tuple[Case, ...]]) -> Drawn:
    return Drawn(node, cases.get(node.engagement.party_id, ()), [_drawn(child, cases) for child in node.children])


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0
