"""The list of projects, a project's drafts, and opening and editing projects."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tidemark.errors import Refused
from tidemark.records.accounts.roles import Act
from tidemark.records.projects.edit import create_project, edit_project
from tidemark.records.projects.models import Draft, Label, Project
from tidemark.records.projects.open_copies import newest_only, with_counts, with_draft_counts
from tidemark.web.accounts.signed_in import signed_in
from tidemark.web.projects.access import owners_person, owners_project, page_of, require, rights
from tidemark.web.projects.forms import ProjectForm
from tidemark.web.projects.tabs import tree


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All projects that the person may see."""
    person = signed_in(request)
    now = timezone.now()
    asked = request.GET.get("q", "").strip()
    rows = with_counts(Project.objects.visible_to(person).found_by(person, asked), at=now)
    context = {"page": page_of(rows, request), "asked": asked, "today": now.date()} | rights(person)
    return render(request, "projects/index.html", context)


@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Open a project."""
    person = owners_person(request)
    require(person, Act.MANAGE_PROJECTS)
    form = ProjectForm(request.POST or None, initial={"label": Label.CONFIDENTIAL})
    if request.method == "POST" and form.is_valid():
        try:
            made = create_project(**form.cleaned_data, by=person, now=timezone.now())
        except Refused as refused:
            form.add_error("code_name", str(refused))
        else:
            return redirect("project", made.pk)
    return render(request, "projects/edit.html", {"form": form})


@login_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is said of a project."""
    project = owners_project(request, pk)
    require(signed_in(request), Act.MANAGE_PROJECTS)
    form = ProjectForm(request.POST or None, instance=Project.objects.get(pk=pk))
    if request.method == "POST" and form.is_valid():
        try:
            edit_project(project, **form.cleaned_data, by=signed_in(request))
        except Refused as refused:
            form.add_error("code_name", str(refused))
        else:
            messages.success(request, _("Saved."))
            return redirect("project", project.pk)
    return render(request, "projects/edit.html", {"form": form, "project": project})


@login_required
@require_safe
def project(request: HttpRequest, pk: int) -> HttpResponse:
    """A project's drafts; to a supplier, who sees no drafts, its own part of the supply tree."""
    person = signed_in(request)
    if not person.is_owners:
        return tree(request, pk)
    found = get_object_or_404(Project.objects.visible_to(person), pk=pk)
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "status")}
    shows_old = request.GET.get("revisions") == "all"
    rows = with_draft_counts(_drafts(found, asked, shows_old=shows_old), at=timezone.now())
    context = {
        "project": found,
        "tab": "drafts",
        "page": page_of(rows, request),
        "asked": asked,
        "shows_old": shows_old,
        "statuses": Draft.Status.choices,
    } | rights(person)
    return render(request, "projects/drafts.html", context)


def _drafts(project: Project, asked: dict[str, str], *, shows_old: bool) -> QuerySet[Draft]:
    rows = Draft.objects.filter(project=project).select_related("drill").defer("drill__results")
    if asked["q"]:
        rows = rows.filter(file_name__icontains=asked["q"])
    if asked["status"] in Draft.Status.values:
        rows = rows.filter(status=asked["status"])
    return (rows if shows_old else newest_only(rows)).order_by("file_name", "-revision")
