"""The page of a party's sub-vendors: what it states of each, and what the owner says to that."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tidemark.errors import Refused
from tidemark.limits import MAX_JSON_WHOLE
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.connect import current_home
from tidemark.records.plans.flow_down import SubVendor, confirm_check, state_check, sub_vendors
from tidemark.records.plans.models import FlowDownCheck, Plan
from tidemark.records.projects.models import Engagement
from tidemark.web.doing import told
from tidemark.web.plans.found import judged_plan, own_plan, plan_or_404
from tidemark.web.posted import day_of, needed

_COLOURS = {"": "is-warn", "confirmed": "is-good", "returned": "is-bad"}


@dataclass(frozen=True, slots=True)
class Row:
    """One sub-vendor on the page, with what was typed of it and refused."""

    one: SubVendor
    colour: str
    is_gap: bool
    typed: dict[str, str]


@login_required
@require_GET
def page(request: HttpRequest, pk: str) -> HttpResponse:
    """Show the sub-vendors to either side."""
    person, plan = plan_or_404(request, pk)
    return _shown(request, person, plan)


@login_required
@require_POST
def stating(request: HttpRequest, pk: str) -> HttpResponse:
    """State what was found at a sub-vendor."""
    person, plan = own_plan(request, pk)
    typed = {name: request.POST.get(name, "") for name in ("engagement", "bound", "result", "checked", "by", "remark")}
    engagement = get_object_or_404(
        Engagement.objects.visible_to(person).select_related("party"), pk=typed["engagement"]
    )

    def act() -> None:
        checked = needed(day_of(typed["checked"]), _("Say on which day it was checked."))
        if typed["bound"] not in ("yes", "no"):
            raise Refused(_("Say whether a flow-down agreement is in force and accepted."))
        state_check(
            current_home(),
            plan,
            engagement,
            is_bound=typed["bound"] == "yes",
            result=typed["result"],
            checked=checked,
            checked_by=typed["by"],
            remark=typed["remark"],
            by=person,
            now=timezone.now(),
        )

    if told(request, act, _("Stated. You are told if it is returned.")):
        return redirect("plan_flow_down", plan.pk)
    return _shown(request, person, plan, typed=typed, status=409)


@login_required
@require_POST
def confirming(request: HttpRequest, pk: str, check: int) -> HttpResponse:
    """Confirm what a party states, or return it."""
    person, plan = judged_plan(request, pk)
    rows = FlowDownCheck.objects.filter(plan=plan).select_related(
        "plan__allegation__case", "plan__allegation__party", "engagement__party"
    )
    found = get_object_or_404(rows, pk=min(check, MAX_JSON_WHOLE))
    verdict, text = request.POST.get("verdict", ""), request.POST.get("text", "")

    def act() -> None:
        if verdict not in ("accept", "return"):
            raise Refused(_("Confirm it, or return it."))
        confirm_check(current_home(), found, is_confirmed=verdict == "accept", text=text, by=person, now=timezone.now())

    told(request, act, _("Confirmed.") if verdict == "accept" else _("Returned."))
    return redirect("plan_flow_down", plan.pk)


def _shown(
    request: HttpRequest, person: Person, plan: Plan, *, typed: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    on, is_void = timezone.now().date(), plan.allegation.state == "withdrawn"
    said = typed or {}
    context = {
        "plan": plan,
        "rows": [
            Row(
                one=each,
                colour=_COLOURS[each.check.verdict] if each.check else "",
                is_gap=each.check is not None and each.check.result == FlowDownCheck.Result.GAPS,
                typed=said if said.get("engagement") == each.engagement.pk else {},
            )
            for each in sub_vendors(plan.allegation, on=on)
        ],
        "results": FlowDownCheck.Result.choices,
        "today": on,
        "writes": not person.is_owners and person.may(Act.ANSWER) and not is_void,
        "may_judge": person.is_owners and person.may(Act.RECTIFY) and not is_void,
    }
    return render(request, "plans/sub_vendors.html", context, status=status)
