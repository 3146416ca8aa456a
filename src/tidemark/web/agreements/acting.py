"""What is done with agreements: register, amend, put in force, accept, terminate."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tidemark.errors import Refused
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.agreements.accept import accept
from tidemark.records.agreements.models import Agreement
from tidemark.records.agreements.register import amend, may_register, put_in_force, register, terminate
from tidemark.records.connect import current_home
from tidemark.web.accounts.signed_in import signed_in
from tidemark.web.agreements.forms import AgreementForm, initial_of
from tidemark.web.agreements.views import facts, visible_or_404
from tidemark.web.doing import do


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Register an agreement by which the person's own party binds another."""
    person = signed_in(request)
    if not may_register(person.party, person):
        raise PermissionDenied
    if request.method == "GET":
        asked = {name: request.GET[name] for name in ("recipient", "under", "reference") if name in request.GET}
        initial = {**asked, "projects": request.GET.getlist("project"), "valid_from": timezone.now().date()}
        return _form(request, AgreementForm(by=person, initial=initial))
    form = AgreementForm(request.POST, request.FILES, by=person)
    if not form.is_valid():
        return _form(request, form)
    try:
        made = register(
            current_home(),
            person.party,
            form.cleaned_data["recipient"],
            form.terms(),
            under=form.cleaned_data.get("under"),
            document=form.paper(),
            by=person,
            now=timezone.now(),
        )
    except Refused as refused:
        form.add_error(None, str(refused))
        return _form(request, form)
    messages.success(request, _("The agreement is prepared. Put it in force when its terms are final."))
    return redirect("agreement", made.pk)


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: str) -> HttpResponse:
    """Amend an agreement that is only prepared."""
    person, agreement = _changer(request, pk)
    if agreement.state != Agreement.State.PREPARED:
        messages.error(request, _("An agreement in force is not changed. Terminate it and register another."))
        return redirect("agreement", agreement.pk)
    if request.method == "GET":
        return _form(request, AgreementForm(by=person, agreement=agreement, initial=initial_of(agreement)), agreement)
    form = AgreementForm(request.POST, request.FILES, by=person, agreement=agreement)
    if not form.is_valid():
        return _form(request, form, agreement)
    try:
        amend(current_home(), agreement, form.terms(), document=form.paper(), by=person)
    except Refused as refused:
        form.add_error(None, str(refused))
        return _form(request, form, agreement)
    messages.success(request, _("Saved."))
    return redirect("agreement", agreement.pk)


@login_required
@require_POST
def force(request: HttpRequest, pk: str) -> HttpResponse:
    """Put a prepared agreement in force."""
    return do(
        request,
        _changer(request, pk),
        lambda row, by: put_in_force(current_home(), row, by=by, now=timezone.now()),
        _("The agreement is in force. Its terms are fixed, and logged in the ledger."),
        "agreement",
    )


@login_required
@require_http_methods(["GET", "POST"])
def terminating(request: HttpRequest, pk: str) -> HttpResponse:
    """Ask why, and terminate."""
    person, agreement = _changer(request, pk)
    why = request.POST.get("why", "")
    if request.method == "POST":
        try:
            terminate(current_home(), agreement, why=why, by=person, now=timezone.now())
            messages.success(request, _("The agreement is terminated. Nothing is released or downloaded under it."))
            return redirect("agreement", agreement.pk)
        except Refused as refused:
            messages.error(request, str(refused))
    return render(request, "agreements/terminate.html", {"agreement": agreement, "why": why})


@login_required
@require_http_methods(["GET", "POST"])
def accepting(request: HttpRequest, pk: str) -> HttpResponse:
    """Show the terms in full to the recipient's people, and take their acceptance of exactly these."""
    person, now = signed_in(request), timezone.now()
    agreement = visible_or_404(person, pk)
    if person.party_id != agreement.recipient_id:
        raise PermissionDenied
    if not agreement.is_in_force(now.date()) and agreement.valid_from <= now.date():
        messages.error(request, _("This agreement is not in force: it cannot be accepted."))
        return redirect("agreement", agreement.pk)
    if request.method == "POST":
        ticked = [name for name in ("for_party", "for_self") if request.POST.get(name)]
        if not ticked:
            messages.error(request, _("Nothing was ticked, so nothing was accepted."))
            return redirect("agreement_accept", agreement.pk)
        try:
            for name in ticked:
                accept(
                    current_home(),
                    agreement,
                    by=person,
                    for_party=name == "for_party",
                    content_sha256=request.POST.get("content_sha256", ""),
                    now=now,
                )
            messages.success(request, _("Accepted. It is logged in the ledger."))
        except Refused as refused:
            messages.error(request, str(refused))
        return redirect("agreement", agreement.pk)
    accepted = agreement.acceptances.as_they_stand()
    context = {
        **facts(agreement, now.date()),
        "asks_company": person.may(Act.ACCEPT_FOR_PARTY)
        and not accepted.filter(person=person, for_party=True).exists(),
        "asks_self": not accepted.filter(person=person, for_party=False).exists(),
        "company": accepted.filter(for_party=True).select_related("person").first(),
    }
    return render(request, "agreements/accept.html", context)


def _form(request: HttpRequest, form: AgreementForm, agreement: Agreement | None = None) -> HttpResponse:
    return render(request, "agreements/form.html", {"form": form, "agreement": agreement})


def _changer(request: HttpRequest, pk: str) -> tuple[Person, Agreement]:
    """Return the person and the agreement, if the person may change it."""
    person = signed_in(request)
    agreement = visible_or_404(person, pk)
    if not may_register(agreement.discloser, person):
        raise PermissionDenied
    return person, agreement
