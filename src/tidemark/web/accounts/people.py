"""Parties and their people: who is there, who was invited, who may do what."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tidemark.errors import Refused
from tidemark.records import mail
from tidemark.records.accounts import invite as inviting
from tidemark.records.accounts import standing
from tidemark.records.accounts.models import Invitation, Person
from tidemark.records.accounts.roles import Act, Role
from tidemark.records.agreements.models import Agreement
from tidemark.records.agreements.register import may_register
from tidemark.records.connect import current_home
from tidemark.records.parties.add import add_party
from tidemark.records.parties.models import Party
from tidemark.records.parties.names import fold
from tidemark.records.projects.models import Engagement
from tidemark.web.accounts.forms import InvitationForm, PartyForm, RolesForm
from tidemark.web.accounts.signed_in import signed_in
from tidemark.web.accounts.throttle import refused_as_too_often
from tidemark.web.doing import told

PAGE = 50


@login_required
@require_safe
def parties(request: HttpRequest) -> HttpResponse:
    """List the parties; a supplier's people are led to their own, the only one that they have a page of."""
    person = signed_in(request)
    if not person.is_owners:
        return redirect("party", pk=person.party_id)
    sought = request.GET.get("q", "").strip()
    found = Party.objects.filter(folded_name__contains=fold(sought)) if sought else Party.objects.all()
    listed = found.order_by("-is_owner", "name").annotate(
        person_count=Count("persons", filter=Q(persons__is_active=True), distinct=True),
        project_count=Count("engagements__project", distinct=True),
    )
    page = Paginator(listed, PAGE).get_page(request.GET.get("page"))
    return render(
        request, "accounts/parties.html", {"page": page, "sought": sought, "may_manage": person.may(Act.MANAGE_PEOPLE)}
    )


@login_required
def new_party(request: HttpRequest) -> HttpResponse:
    person = _manager(request)
    form = PartyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            party = add_party(form.cleaned_data["name"], by=person, now=timezone.now())
        except Refused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("%(party)s was added.") % {"party": party.name})
            return redirect("party", pk=party.pk)
    return render(request, "accounts/new_party.html", {"form": form})


@login_required
@require_safe
def party(request: HttpRequest, pk: int) -> HttpResponse:
    person, now = signed_in(request), timezone.now()
    found = get_object_or_404(_parties_of(person), pk=pk)
    people = found.persons.prefetch_related("grants").order_by("-is_active", "name", "id")
    invitations = Invitation.objects.visible_to(person).standing().filter(party=found).select_related("on_record_at")
    return render(
        request,
        "accounts/party.html",
        {
            "party": found,
            "page": Paginator(people, PAGE).get_page(request.GET.get("page")),
            "invitations": [(each, each.state(now)) for each in invitations[:PAGE]],
            "engagements": Engagement.objects.visible_to(person).filter(party=found).select_related("project")[:PAGE],
            "agreement_count": Agreement.objects.visible_to(person)
            .filter(Q(discloser=found) | Q(recipient=found))
            .count(),
            "may_invite": inviting.may_invite(person, found),
            "may_manage": person.is_owners and person.may(Act.MANAGE_PEOPLE),
            "may_register": not found.is_owner and person.is_owners and may_register(person.party, person),
        },
    )


@login_required
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    person = signed_in(request)
    found = get_object_or_404(_parties_of(person), pk=pk)
    if not inviting.may_invite(person, found):
        raise PermissionDenied
    is_first = person.is_owners and not found.is_owner and inviting.lacks_contact(found, now=timezone.now())
    form = InvitationForm(
        request.POST or None, party=found, inviter=person, expected=Role.CONTACT if is_first else None
    )
    if request.method == "POST" and form.is_valid():
        if refused := refused_as_too_often(request, "invite"):
            return refused
        try:
            invited = inviting.invite(found, **form.cleaned_data, by=person, now=timezone.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            tell_mailed(request, invited)
            return redirect("party", pk=found.pk)
    return render(request, "accounts/invite.html", {"form": form, "party": found})


@login_required
@require_POST
def resend(request: HttpRequest, pk: str) -> HttpResponse:
    found, person = _invitation(request, pk)
    if refused := refused_as_too_often(request, "invite"):
        return refused
    try:
        tell_mailed(request, inviting.resend(found, by=person, now=timezone.now()))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("party", pk=found.party_id)


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: str) -> HttpResponse:
    found, person = _invitation(request, pk)
    told(
        request,
        lambda: inviting.withdraw(found, by=person, now=timezone.now()),
        _("The invitation was withdrawn. Its link does not work any more."),
    )
    return redirect("party", pk=found.party_id)


@login_required
def person(request: HttpRequest, pk: str) -> HttpResponse:
    """Change a person's name and roles, or shut him or her out."""
    by = signed_in(request)
    found = get_object_or_404(Person.objects.visible_to(by).select_related("party").prefetch_related("grants"), pk=pk)
    _manager(request)
    form = RolesForm(request.POST or None, person=found)
    if request.method == "POST" and form.is_valid():
        try:
            standing.set_roles(found, form.cleaned_data["roles"], by=by, now=timezone.now())
            if form.cleaned_data["name"]:
                found = standing.rename(found, form.cleaned_data["name"], by=by)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Name and roles of %(name)s were saved.") % {"name": found.name})
            return redirect("party", pk=found.party_id)
    return render(request, "accounts/person.html", {"form": form, "person": found})


@login_required
@require_POST
def set_active(request: HttpRequest, pk: str) -> HttpResponse:
    """Deactivate a person, or let him or her in again."""
    by = signed_in(request)
    found = get_object_or_404(Person.objects.visible_to(by).select_related("party"), pk=pk)
    _manager(request)
    if request.POST.get("active") == "1":
        said = _("%(name)s can sign in again.") % {"name": found.name}
        told(request, lambda: standing.reactivate(current_home(), found, by=by, now=timezone.now()), said)
    else:
        said = _("%(name)s is shut out: sessions, tokens and open invitations that they sent have ended.") % {
            "name": found.name
        }
        told(request, lambda: standing.deactivate(found, by=by, now=timezone.now()), said)
    return redirect("party", pk=found.party_id)


def _parties_of(person: Person) -> QuerySet[Party]:
    """Return the parties that a person has pages of: the owner's people all, others their own."""
    return Party.objects.all() if person.is_owners else Party.objects.filter(pk=person.party_id)


def _manager(request: HttpRequest) -> Person:
    person = signed_in(request)
    if not person.may(Act.MANAGE_PEOPLE):
        raise PermissionDenied
    return person


def _invitation(request: HttpRequest, pk: str) -> tuple[Invitation, Person]:
    """Return an open invitation that the person may deal with, and the person."""
    person = signed_in(request)
    found = get_object_or_404(Invitation.objects.visible_to(person).select_related("party"), pk=pk)
    if not inviting.may_invite(person, found.party):
        raise PermissionDenied
    return found, person


def tell_mailed(request: HttpRequest, invited: inviting.Invited) -> None:
    """Tell who invites whether the mail went out."""
    name = {"name": invited.invitation.name}
    if invited.is_mailed and (mail.is_sent_by_smtp() or not signed_in(request).is_owners):
        messages.success(request, _("%(name)s was invited. The mail with the link is on its way.") % name)
    elif invited.is_mailed:
        messages.success(
            request,
            _(
                "%(name)s was invited. No mail server is set up: the mail with the link lies in the data folder, in "
                "mail/. Whoever runs the server hands it on."
            )
            % name,
        )
    else:
        messages.warning(
            request, _("%(name)s was invited, but the mail could not be sent. Send it again in a while.") % name
        )
