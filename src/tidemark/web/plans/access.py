"""The page of the gate: what is suspended, which conditions are open and who must act; and how access returns."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.cases.approvals import content_sha256
from tidemark.records.cases.counting import UNAPPROVED
from tidemark.records.cases.models import Allegation
from tidemark.records.cases.stopped import why_stopped
from tidemark.records.connect import current_home
from tidemark.records.plans.access import agree_payment, open_gate, suspend_access
from tidemark.records.plans.ask import PLAN_WITHIN
from tidemark.records.plans.facts import gate_of
from tidemark.records.plans.gate import Side, open_ones
from tidemark.records.plans.held import held_of, own_reasons
from tidemark.records.plans.models import Plan, Section
from tidemark.records.plans.override import (
    approvals_of_override,
    approve_gate_override,
    covers,
    override_content,
    proposal_of,
    propose_override,
)
from tidemark.records.projects.models import Engagement
from tidemark.records.sanctions.models import PaymentTerm
from tidemark.web.accounts.signed_in import signed_in
from tidemark.web.approved import approval_lines
from tidemark.web.cases.access import allegation_for, allegation_or_404
from tidemark.web.doing import do, made
from tidemark.web.posted import day_of, needed


@login_required
@require_GET
def page(request: HttpRequest, pk: str) -> HttpResponse:
    """Show the gate to either side. A party sees it once there is something to rectify."""
    person = signed_in(request)
    allegation = allegation_or_404(person, pk)
    if not person.is_owners and not person.may(Act.ANSWER):
        raise PermissionDenied
    now = timezone.now()
    held, plan = held_of(allegation), Plan.objects.filter(allegation=allegation).first()
    if not person.is_owners and plan is None and not held:
        raise Http404
    found = gate_of(allegation, now=now)
    unmet = open_ones(found)
    proposal = proposal_of(allegation) if person.is_owners else None
    given = approvals_of_override(proposal) if proposal else UNAPPROVED
    is_approved = bool(proposal) and not given.missing
    is_covered = proposal is not None and covers(proposal, unmet)
    rectifies = person.is_owners and person.may(Act.RECTIFY)
    alleges = person.is_owners and person.may(Act.ALLEGE)
    is_final = allegation.state == Allegation.State.FINAL
    gone = why_stopped(allegation) if person.is_owners else ""
    claims = {each.key: each.claim for each in found}
    context = {
        "allegation": allegation,
        "stopped": gone,
        "plan": plan,
        "held": held,
        "reasons": _reasons(allegation, held) if person.is_owners else (),
        "conditions": [
            {"one": each, "is_ours": _is_ours(person, each.who_acts), "href": _where(each.key, plan, allegation)}
            for each in found
        ],
        "open_count": len(unmet),
        "proposal": proposal,
        "sha256": content_sha256(override_content(proposal)) if proposal else "",
        "proposal_open": [claims.get(key, key) for key in proposal.open] if proposal else [],
        "approvals": approval_lines(given),
        "covers": is_covered,
        "may_open": rectifies and bool(held) and (not unmet or (is_approved and is_covered)),
        "by_override": bool(unmet),
        "may_suspend": rectifies and not held and not gone and (allegation.is_open or is_final),
        "may_propose": alleges and bool(held) and bool(unmet),
        "may_approve": bool(proposal) and bool(held) and bool(given.role_for(person, now=now)),
        "may_ask": rectifies and is_final and plan is None and not gone,
        "may_agree": alleges and is_final and any(each.key == "money" and not each.holds for each in found),
        "terms": PaymentTerm.objects.filter(sanction__allegation=allegation).select_related("person"),
        "overrides": allegation.gate_overrides.exclude(used=None).select_related("proposed_by")
        if person.is_owners
        else (),
        "sections": Section.choices,
        "default_due": (now + PLAN_WITHIN).date(),
        "today": now.date(),
    }
    return render(request, "plans/gate.html", context)


@login_required
@require_POST
def suspending(request: HttpRequest, pk: str) -> HttpResponse:
    """Suspend the party's access in the project of the copies."""
    why = request.POST.get("why", "")
    return do(
        request,
        allegation_for(request, pk, Act.RECTIFY),
        lambda row, by: suspend_access(current_home(), row, why=why, by=by, now=timezone.now()),
        _("The party's access is suspended. It returns through this gate alone."),
        "gate",
    )


@login_required
@require_POST
def opening(request: HttpRequest, pk: str) -> HttpResponse:
    """Return the party's access."""
    person, row = allegation_for(request, pk, Act.RECTIFY)
    held = held_of(row)
    opened = made(request, lambda: open_gate(current_home(), row, by=person, now=timezone.now()), "")
    if opened is not None:
        messages.success(request, _what_returned(held, opened))
    return redirect("gate", row.pk)


@login_required
@require_POST
def proposing(request: HttpRequest, pk: str) -> HttpResponse:
    """Propose an override in writing."""
    why = request.POST.get("why", "")
    return do(
        request,
        allegation_for(request, pk, Act.ALLEGE),
        lambda row, by: propose_override(current_home(), row, reason=why, by=by, now=timezone.now()),
        _("Proposed. Legal and an officer, two persons, approve it."),
        "gate",
    )


@login_required
@require_POST
def approving(request: HttpRequest, pk: str) -> HttpResponse:
    """Approve the proposed override, as it stands."""
    role, read = request.POST.get("role", ""), request.POST.get("seen", "")
    return do(
        request,
        allegation_for(request, pk, Act.ALLEGE),
        lambda row, by: approve_gate_override(current_home(), row, role=role, by=by, now=timezone.now(), seen=read),
        _("Approved as it stands. A change of it voids your approval."),
        "gate",
    )


@login_required
@require_POST
def agreeing(request: HttpRequest, pk: str) -> HttpResponse:
    """Agree to be paid later."""

    def act(row: Allegation, by: Person) -> None:
        until = needed(day_of(request.POST.get("until", "")), _("Choose until when."))
        text = request.POST.get("text", "")
        agree_payment(current_home(), row, until=until, text=text, by=by, now=timezone.now())

    return do(
        request,
        allegation_for(request, pk, Act.ALLEGE),
        act,
        _("Agreed. Until that day the gate does not wait for the money."),
        "gate",
    )


def _reasons(allegation: Allegation, held: list[Engagement]) -> list[str]:
    """Return why this allegation suspends the party, each reason once; what else suspends it is told elsewhere."""
    return [each for each in dict.fromkeys(own_reasons(allegation, held).values()) if each]


def _what_returned(held: list[Engagement], opened: list[Engagement]) -> str:
    """Return what an officer is told who opened a gate: where access returned, and that elsewhere it did not."""
    if not opened:
        return _("This case suspends it no longer; access stays suspended for another reason.")
    if len(opened) < len(held):
        return _(
            "The gate is open: access has returned in %(projects)s. Elsewhere it stays suspended for another reason."
        ) % {"projects": _(", ").join(sorted({each.project.code_name for each in opened}))}
    return _("The gate is open: the party's access has returned. It is in the ledger.")


def _is_ours(person: Person, side: Side) -> bool:
    return side == (Side.OWNER if person.is_owners else Side.PARTY)


def _where(key: str, plan: Plan | None, allegation: Allegation) -> str:
    """Return the page on which a condition is cleared away; '' if there is none yet."""
    if key in ("plan", "actions"):
        return reverse("plan", args=(plan.pk,)) if plan else ""
    if key == "sub-vendors":
        return reverse("plan_flow_down", args=(plan.pk,)) if plan else ""
    if key in ("money", "measures"):
        sanction = allegation.sanctions.exclude(imposed=None).first()
        return reverse("sanction", args=(sanction.pk,)) if sanction else ""
    return reverse("agreements") if key == "agreement" else ""
