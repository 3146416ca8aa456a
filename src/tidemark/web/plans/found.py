"""Plans and actions as far as the person who asks may see them."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.plans.models import Action, Plan
from tidemark.web.accounts.signed_in import signed_in


def plans_for(person: Person) -> QuerySet[Plan]:
    """Return the plans that somebody may see.

    Raises
    ------
    PermissionDenied
        If it is one of the owner's people who does not work on cases.
    """
    if person.is_owners and not person.may(Act.SEE_CASES):
        raise PermissionDenied
    rows = Plan.objects.visible_to(person)
    return rows.select_related("allegation__party", "allegation__case__project", "asked_by")


def plan_or_404(request: HttpRequest, pk: str) -> tuple[Person, Plan]:
    """Return who asks, and the plan if that person may see it."""
    person = signed_in(request)
    return person, get_object_or_404(plans_for(person), pk=pk)


def own_plan(request: HttpRequest, pk: str) -> tuple[Person, Plan]:
    """Return the person and the plan, if the person writes for the party that was asked."""
    person, plan = plan_or_404(request, pk)
    if person.party_id != plan.allegation.party_id or not person.may(Act.ANSWER):
        raise PermissionDenied
    return person, plan


def judged_plan(request: HttpRequest, pk: str) -> tuple[Person, Plan]:
    """Return the person and the plan, if the person judges it."""
    person, plan = plan_or_404(request, pk)
    if not person.is_owners or not person.may(Act.RECTIFY):
        raise PermissionDenied
    return person, plan


def action_or_404(person: Person, plan: Plan, pk: str) -> Action:
    """Return the action if the person may see it: a draft is its party's own."""
    hidden = [Action.State.DROPPED, *([Action.State.DRAFT] if person.is_owners else [])]
    rows = Action.objects.filter(plan=plan).exclude(state__in=hidden)
    rows = rows.select_related("plan__allegation__party", "plan__allegation__case")
    return get_object_or_404(rows.prefetch_related("files", "judgements__person", "reports__person"), pk=pk)
