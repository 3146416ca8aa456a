"""What an officer does with a round: prepare, amend, open, invite, close, award."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tidemark.errors import Refused
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.connect import current_home
from tidemark.records.parties.models import Party
from tidemark.records.projects.models import Project
from tidemark.records.rounds.close import award, close
from tidemark.records.rounds.models import Round
from tidemark.records.rounds.prepare import amend, invite, open_round, prepare
from tidemark.web.accounts.signed_in import signed_in
from tidemark.web.doing import do
from tidemark.web.posted import number_of
from tidemark.web.rounds.forms import RoundForm
from tidemark.web.rounds.views import visible_or_404


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Prepare a round; without a project in the address, ask for it first."""
    person = signed_in(request)
    if not person.may(Act.MANAGE_ROUNDS):
        raise PermissionDenied
    asked = number_of(request.GET.get("project", ""))
    if not asked:
        return render(request, "rounds/choose.html", {"projects": Project.objects.visible_to(person)})
    project = get_object_or_404(Project.objects.visible_to(person), pk=asked)
    if request.method == "GET":
        return _form(request, RoundForm(project=project, initial={"drafts": request.GET.getlist("draft")}), project)
    form = RoundForm(request.POST, project=project)
    if not form.is_valid():
        return _form(request, form, project)
    try:
        made = prepare(project, **form.cleaned_data, by=person, now=timezone.now())
    except Refused as refused:
        form.add_error(None, str(refused))
        return _form(request, form, project)
    messages.success(request, _("The round is prepared. Nobody is told before you open it."))
    return redirect("round", made.pk)


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: str) -> HttpResponse:
    """Amend a round that is only prepared."""
    person, bidding = _run(request, pk)
    if request.method == "GET":
        initial = {name: getattr(bidding, name) for name in ("title", "brief", "closes")}
        initial["drafts"] = list(bidding.drafts.all())
        initial["parties"] = list(bidding.bidders.values_list("party", flat=True))
        return _form(request, RoundForm(project=bidding.project, initial=initial), bidding.project, bidding)
    form = RoundForm(request.POST, project=bidding.project)
    if not form.is_valid():
        return _form(request, form, bidding.project, bidding)
    try:
        amend(bidding, **form.cleaned_data, by=person, now=timezone.now())
    except Refused as refused:
        form.add_error(None, str(refused))
        return _form(request, form, bidding.project, bidding)
    messages.success(request, _("Saved."))
    return redirect("round", bidding.pk)


@login_required
@require_POST
def opening(request: HttpRequest, pk: str) -> HttpResponse:
    return do(
        request,
        _run(request, pk),
        lambda row, by: open_round(current_home(), row, by=by, now=timezone.now()),
        _("The round is open. Those invited get a mail."),
        "round",
    )


@login_required
@require_POST
def inviting(request: HttpRequest, pk: str) -> HttpResponse:
    found = _run(request, pk)
    party = get_object_or_404(Party, pk=number_of(request.POST.get("party", "")))
    return do(
        request,
        found,
        lambda row, by: invite(current_home(), row, party, by=by, now=timezone.now()),
        _("%(party)s is invited.") % {"party": party},
        "round",
    )


@login_required
@require_POST
def closing(request: HttpRequest, pk: str) -> HttpResponse:
    return do(
        request,
        _run(request, pk),
        lambda row, by: close(current_home(), row, by=by, now=timezone.now()),
        _("The round is closed, and its bids can be read."),
        "round",
    )


@login_required
@require_POST
def awarding(request: HttpRequest, pk: str) -> HttpResponse:
    person, bidding = _run(request, pk)
    asked = set(request.POST.getlist("winner"))
    winners = [bidder for bidder in bidding.bidders.all() if bidder.pk in asked]
    if not winners and not request.POST.get("nobody"):
        messages.error(request, _("Choose who won, or say that nobody did."))
        return redirect("round", bidding.pk)
    return do(
        request,
        (person, bidding),
        lambda row, by: award(current_home(), row, winners, by=by, now=timezone.now()),
        _("Done. The others' copies are revoked, and they are asked for certificates."),
        "round",
    )


def _run(request: HttpRequest, pk: str) -> tuple[Person, Round]:
    """Return the officer and the round."""
    person = signed_in(request)
    bidding = visible_or_404(person, pk)
    if not person.may(Act.MANAGE_ROUNDS):
        raise PermissionDenied
    return person, bidding


def _form(request: HttpRequest, form: RoundForm, project: Project, bidding: Round | None = None) -> HttpResponse:
    return render(request, "rounds/form.html", {"form": form, "project": project, "bidding": bidding})
