"""Onward sharing: the supplier asks and sees how far it is, the owner's officer decides."""

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Case, Count, IntegerField, Max, Q, QuerySet, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tidemark.errors import TidemarkError
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.connect import current_home
from tidemark.records.copies import onward
from tidemark.records.copies.fulfil import contact_is_uninvited, waiting_for
from tidemark.records.copies.left_out import left_out
from tidemark.records.copies.models import Copy, OnwardRequest
from tidemark.records.copies.progress import progress
from tidemark.records.copies.standing import dealings_elsewhere, why_left
from tidemark.records.parties.models import Party
from tidemark.records.projects.models import Engagement
from tidemark.web.accounts.people import tell_mailed
from tidemark.web.accounts.signed_in import signed_in
from tidemark.web.accounts.throttle import refused_as_too_often
from tidemark.web.copies.lines import lines_of
from tidemark.web.doing import do
from tidemark.web.onward.forms import AskForm
from tidemark.web.projects.access import as_told

PAGE = 50


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List requests, those that wait for a decision first."""
    person = signed_in(request)
    state = request.GET.get("state", "")
    found = _requests(person)
    counts = found.aggregate(
        all=Count("pk", distinct=True), asked=Count("pk", filter=Q(state=OnwardRequest.State.ASKED), distinct=True)
    )
    if state in OnwardRequest.State.values:
        found = found.filter(state=state)
    waits_first = Case(When(state=OnwardRequest.State.ASKED, then=0), default=1, output_field=IntegerField())
    listed = found.annotate(copy_count=Count("copies")).order_by(waits_first, "-asked")
    page = Paginator(listed, PAGE).get_page(request.GET.get("page"))
    rows = [(each, each.sub_vendor_for(person)) for each in page]
    shown = {"page": page, "rows": rows, "state": state, "counts": counts, "may_ask": _may_ask(person)}
    return render(request, "onward/index.html", shown)


@login_required
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for child copies: first in which project, if the party works on several, then the form."""
    person, now = signed_in(request), timezone.now()
    if not _may_ask(person):
        raise PermissionDenied
    places = Engagement.objects.filter(party=person.party_id, state=Engagement.State.ACTIVE)
    places = places.select_related("project").order_by("project__code_name")
    wanted = request.GET.get("engagement", "")
    if not wanted and len(places) != 1:
        return render(request, "onward/where.html", {"places": places})
    engagement = get_object_or_404(places, pk=wanted) if wanted else places[0]
    form = AskForm(
        request.POST or None, choose_from=_own_open(person, engagement, now), chosen=request.GET.getlist("copy")
    )
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("sub_vendor", "contact_name", "contact_email", "why")}
        try:
            made = onward.ask(current_home(), engagement, form.chosen(), by=person, now=now, **said)
        except TidemarkError as refusal:
            form.add_error(None, as_told(refusal))
        else:
            messages.success(request, _("The owner was asked."))
            return redirect("onward_request", pk=made.pk)
    below = Party.objects.filter(engagements__parent__party=person.party_id).distinct()
    return render(request, "onward/ask.html", {"form": form, "engagement": engagement, "sub_vendors": below})


@login_required
@require_safe
def show(request: HttpRequest, pk: str) -> HttpResponse:
    person, now = signed_in(request), timezone.now()
    found = _request(person, pk)
    children = Copy.objects.visible_to(person).filter(release=found.release_id, parent__isnull=False)
    may_decide = person.may(Act.RELEASE) and found.state == OnwardRequest.State.ASKED
    may_invite = person.may(Act.RELEASE) and contact_is_uninvited(found, now=now)
    is_first_contact = (may_decide or may_invite) and not found.sub_vendor.persons.exists()
    return render(
        request,
        "onward/show.html",
        {
            "found": found,
            "sub_vendor": found.sub_vendor_for(person),
            "sees_address": person.sees_addresses,
            "copies": found.copies.select_related("draft").order_by("draft__file_name"),
            "waiting": waiting_for(found, now=now, to_owner=person.is_owners),
            "children": lines_of(children.order_by("draft__file_name", "pk").only("pk"), at=now)
            if found.release_id
            else (),
            "left_out": left_out(found),
            "progress": progress(found.release) if found.release else None,
            "may_decide": may_decide,
            "may_take_back": person.may(Act.RELEASE) and found.is_waiting,
            "may_invite": may_invite,
            "elsewhere": dealings_elsewhere(found) if is_first_contact else (),
            "left": why_left(found, now=now) if may_decide else "",
            "may_withdraw": _may_ask(person) and _is_open(found) and found.engagement.party_id == person.party_id,
            "people_count": found.sub_vendor.persons.filter(is_active=True).count() if person.is_owners else None,
            "is_known": person.is_owners and found.sub_vendor.persons.filter(email=found.contact_email).exists(),
        },
    )


@login_required
@require_POST
def decide(request: HttpRequest, pk: str) -> HttpResponse:
    person = signed_in(request)
    found = _request(person, pk)
    if not person.may(Act.RELEASE):
        raise PermissionDenied
    approve, why = request.POST.get("decision") == "approve", request.POST.get("why", "")
    return do(
        request,
        (person, found),
        lambda row, by: onward.decide(current_home(), row, approve=approve, why=why, by=by, now=timezone.now()),
        _("The request was approved.") if approve else _("The request was refused."),
        "onward_request",
    )


@login_required
@require_POST
def take_back(request: HttpRequest, pk: str) -> HttpResponse:
    """Take an approval back, with the reason that the supplier reads."""
    person = signed_in(request)
    found = _request(person, pk)
    if not person.may(Act.RELEASE):
        raise PermissionDenied
    why = request.POST.get("why", "")
    return do(
        request,
        (person, found),
        lambda row, by: onward.take_back(current_home(), row, why=why, by=by, now=timezone.now()),
        _("The approval was taken back. The supplier is told by mail."),
        "onward_request",
    )


@login_required
@require_POST
def invite(request: HttpRequest, pk: str) -> HttpResponse:
    """Invite the contact once more, after the invitation was withdrawn or has expired."""
    person = signed_in(request)
    found = _request(person, pk)
    if not person.may(Act.RELEASE):
        raise PermissionDenied
    if refused := refused_as_too_often(request, "invite"):
        return refused
    try:
        tell_mailed(request, onward.invite_anew(found, by=person, now=timezone.now()))
    except TidemarkError as refusal:
        messages.error(request, as_told(refusal))
    return redirect("onward_request", pk=found.pk)


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: str) -> HttpResponse:
    person = signed_in(request)
    found = _request(person, pk)
    if not _may_ask(person):
        raise PermissionDenied
    return do(
        request,
        (person, found),
        lambda row, by: onward.withdraw(row, by=by, now=timezone.now()),
        _("The request was withdrawn."),
        "onward_request",
    )


def _requests(person: Person) -> QuerySet[OnwardRequest]:
    rows = OnwardRequest.objects.visible_to(person)
    people = ("asked_by", "decided_by", "taken_back_by")
    return rows.select_related("engagement__project", "engagement__party", "sub_vendor", *people)


def _request(person: Person, pk: str) -> OnwardRequest:
    return get_object_or_404(_requests(person).select_related("release"), pk=pk)


def _may_ask(person: Person) -> bool:
    return not person.is_owners and person.may(Act.SHARE_ONWARD)


def _is_open(found: OnwardRequest) -> bool:
    return found.state == OnwardRequest.State.ASKED or found.is_waiting


def _own_open(person: Person, engagement: Engagement, now: datetime) -> list[Copy]:
    """Return the open copies of the person's party in its place of a supply tree, one of each draft."""
    held = Copy.objects.filter(holder=person.party_id, engagement=engagement, path="").open_at(now)
    one_a_draft = held.order_by().values("draft_id").annotate(one=Max("pk")).values("one")
    rows = Copy.objects.filter(pk__in=one_a_draft).select_related("draft")
    return list(rows.order_by("draft__file_name", "-draft__revision"))
