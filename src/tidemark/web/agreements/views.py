"""The agreements that somebody may see, and one of them with all that hangs on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from djmoney.money import Money

from tidemark.ledger.entry import Kind, decode
from tidemark.limits import MAX_KEY_DIGITS
from tidemark.records import blobs
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.agreements.binding import is_accepted
from tidemark.records.agreements.models import Acceptance, Agreement, AgreementQuerySet
from tidemark.records.agreements.register import may_register
from tidemark.records.agreements.search import SOON, Stands, standing_so
from tidemark.records.connect import current_home
from tidemark.records.copies.models import Copy
from tidemark.records.ledger.models import Leaf
from tidemark.records.parties.models import Party
from tidemark.records.projects.models import Draft
from tidemark.web.accounts.signed_in import signed_in
from tidemark.web.agreements.gaps import next_step
from tidemark.web.copies.lines import lines_of
from tidemark.web.downloads import attachment

A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Standing:
    """How an agreement stands on a day, in a word and a colour."""

    label: str
    colour: str


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """List agreements, by state and party."""
    person, today = signed_in(request), timezone.now().date()
    seen = Agreement.objects.visible_to(person)
    parties = Party.objects.filter(Q(agreements_taken__in=seen) | Q(agreements_given__in=seen)).distinct()
    state, party = request.GET.get("state", ""), request.GET.get("party", "")
    found = filtered(seen, state=state, party=party, today=today)
    valid = Acceptance.objects.as_they_stand()
    found = (
        found.select_related("discloser", "recipient")
        .prefetch_related("projects")
        .annotate(
            for_company=is_accepted(),
            by_me=Exists(valid.filter(agreement=OuterRef("pk"), for_party=False, person=person)),
            by_persons=Count("acceptances", filter=Q(acceptances__in=valid.filter(for_party=False)), distinct=True),
            persons=Count("recipient__persons", filter=Q(recipient__persons__is_active=True), distinct=True),
        )
        .order_by("-valid_from", "reference", "pk")
    )
    shown = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    rows = [
        {
            "agreement": agreement,
            "standing": standing(agreement, today),
            "kinds": kinds_text(agreement),
            "projects": projects_text(agreement),
        }
        for agreement in shown
    ]
    context = {
        "rows": rows,
        "shown": shown,
        "states": _states(),
        "state": state,
        "party": party,
        "parties": parties,
        "may_register": may_register(person.party, person),
    }
    return render(request, "agreements/index.html", context)


def filtered(found: AgreementQuerySet, *, state: str, party: str, today: date) -> AgreementQuerySet:
    """Return the agreements of a state and of a party on either side; '' is every one."""
    if state in list(Stands):
        found = found.filter(standing_so(Stands(state), on=today))
    if not party.isdecimal() or len(party) > MAX_KEY_DIGITS:
        return found
    known = Party.objects.filter(pk=party)  # by its key, so that a number beyond all keys finds nothing
    return found.filter(Q(discloser__in=known) | Q(recipient__in=known))


@login_required
@require_GET
def page(request: HttpRequest, pk: str) -> HttpResponse:
    """Show one agreement."""
    person, now = signed_in(request), timezone.now()
    agreement = visible_or_404(person, pk)
    copies = Copy.objects.visible_to(person).filter(agreement=agreement)
    leaves = Leaf.objects.filter(subject=agreement.pk).order_by("-index")
    context = {
        **facts(agreement, now.date()),
        "may_change": may_register(agreement.discloser, person),
        "step": next_step(agreement, person, on=now.date()),
        "is_recipients": person.party_id == agreement.recipient_id,
        "acceptances": _acceptances(agreement, person),
        "by_others": _count_of_others(agreement, person),
        "copies": lines_of(copies.order_by("-created").only("pk")[:A_PAGE], at=now),
        "copies_count": copies.count(),
        "above": Agreement.objects.visible_to(person).filter(pk=agreement.under_id).first(),
        "below": Agreement.objects.visible_to(person).filter(under=agreement).select_related("recipient"),
        "may_flow_down": agreement.flow_down
        and person.party_id == agreement.recipient_id
        and person.may(Act.ACCEPT_FOR_PARTY)
        and agreement.is_in_force(now.date()),
        "history": [{"leaf": leaf, "what": _deed(leaf)} for leaf in leaves[:A_PAGE]],
    }
    return render(request, "agreements/page.html", context)


@login_required
@require_GET
def document(request: HttpRequest, pk: str) -> HttpResponse:
    """Hand out the signed PDF, as a file to save."""
    agreement = visible_or_404(signed_in(request), pk)
    if not agreement.document_sha256:
        raise Http404
    data = blobs.get(current_home(), blobs.Shelf.DOCUMENTS, agreement.document_sha256)
    return attachment(data, agreement.document_name, otherwise="agreement.pdf")


def visible_or_404(person: Person, pk: str) -> Agreement:
    """Return the agreement if the person may see it."""
    known = Agreement.objects.visible_to(person).select_related("discloser", "recipient", "created_by")
    return get_object_or_404(known, pk=pk)


def facts(agreement: Agreement, today: date) -> dict[str, object]:
    """Return what the partial ``agreements/terms.html`` shows."""
    return {
        "agreement": agreement,
        "standing": standing(agreement, today),
        "kinds": kinds_text(agreement),
        "projects": projects_text(agreement),
        "damages": money_text(agreement.damages),
        "damages_cap": money_text(agreement.damages_cap),
    }


def standing(agreement: Agreement, today: date) -> Standing:
    """Say how an agreement stands: what is stored, and what the calendar adds to it."""
    if agreement.state == Agreement.State.TERMINATED:
        return Standing(_("terminated"), "")
    if agreement.state == Agreement.State.PREPARED:
        return Standing(_("prepared"), "is-accent")
    if agreement.has_lapsed(today):
        return Standing(_("ended"), "is-bad")
    if agreement.valid_from > today:
        return Standing(_("begins later"), "is-accent")
    if agreement.valid_until is not None and agreement.valid_until <= today + SOON:
        return Standing(_("ends soon"), "is-warn")
    return Standing(_("in force"), "is-good")


def money_text(money: Money | None) -> str:
    """Write an amount for people, the currency by its code: ``1,000,000.00 CNY``."""
    return "" if money is None else f"{money.amount:,.2f} {money.currency}"


def kinds_text(agreement: Agreement) -> str:
    """Name the statuses of drafts that it covers."""
    return _(", ").join(str(kind.label) for kind in Draft.Status if kind.value in agreement.kinds)


def projects_text(agreement: Agreement) -> str:
    """Name the projects that it covers."""
    if agreement.covers_all_projects:
        return _("all projects")
    return _(", ").join(sorted(project.code_name for project in agreement.projects.all()))


def _acceptances(agreement: Agreement, viewer: Person) -> list[dict[str, object]]:
    """Return the recipient's persons that the viewer may know, each with what he or she accepted and when."""
    accepted: dict[str, dict[bool, Acceptance]] = {}
    for acceptance in agreement.acceptances.as_they_stand():
        accepted.setdefault(acceptance.person_id, {})[acceptance.for_party] = acceptance
    persons = Person.objects.visible_to(viewer).filter(party=agreement.recipient_id)
    return [
        {"person": person, "for_company": own.get(True), "for_self": own.get(False)}
        for person in persons.order_by("name")
        if (own := accepted.get(person.pk, {})) or person.is_active
    ]


def _count_of_others(agreement: Agreement, viewer: Person) -> Mapping[str, object] | None:
    """Return how many accepted, for the discloser of a flow-down, who is not told who they are; None for the rest."""
    if viewer.is_owners or viewer.party_id == agreement.recipient_id:
        return None
    own = agreement.acceptances.as_they_stand()
    return {"company": own.filter(for_party=True).exists(), "persons": own.filter(for_party=False).count()}


def _states() -> list[tuple[str, str]]:
    return [
        ("", _("All")),
        ("in-force", _("In force")),
        ("expiring", _("Ending soon")),
        ("prepared", _("Prepared")),
        ("lapsed", _("Ended")),
        ("terminated", _("Terminated")),
    ]


def _deed(leaf: Leaf) -> str:
    """Say what an entry of the ledger records."""
    if leaf.kind == Kind.AGREEMENT_ACCEPTED:
        is_partys = decode(bytes(leaf.data)).body.get("for_party")
        return _("accepted for the company") if is_partys else _("accepted by a person")
    deeds = {Kind.AGREEMENT_REGISTERED.value: _("put in force"), Kind.AGREEMENT_TERMINATED.value: _("terminated")}
    return deeds.get(leaf.kind, leaf.kind)
