"""What officers do with a plan: ask for it, give it more time, judge its actions, verify what was done."""

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tidemark.errors import Refused
from tidemark.records.accounts.roles import Act
from tidemark.records.connect import current_home
from tidemark.records.plans.ask import ask_plan, change_due
from tidemark.records.plans.execute import verify
from tidemark.records.plans.judge import accept, judge
from tidemark.web.cases.access import allegation_for
from tidemark.web.doing import do, made, told
from tidemark.web.plans.found import action_or_404, judged_plan
from tidemark.web.plans.pages import shown_action
from tidemark.web.posted import end_of, needed, number_of


@login_required
@require_POST
def asking(request: HttpRequest, pk: str) -> HttpResponse:
    """Ask the party of an allegation for a plan."""
    person, allegation = allegation_for(request, pk, Act.RECTIFY)
    plan = made(
        request,
        lambda: ask_plan(
            current_home(),
            allegation,
            due=_end(request),
            words=request.POST.get("words", ""),
            sections=request.POST.getlist("sections"),
            by=person,
            now=timezone.now(),
        ),
        _("The party is asked for a plan. Its contacts are told by mail."),
    )
    return redirect("plan", plan.pk) if plan else redirect("gate", allegation.pk)


@login_required
@require_POST
def due(request: HttpRequest, pk: str) -> HttpResponse:
    """Give the party until another date."""
    return do(
        request,
        judged_plan(request, pk),
        lambda row, by: change_due(current_home(), row, due=_end(request), by=by, now=timezone.now()),
        _("Saved."),
        "plan",
    )


@login_required
@require_POST
def accepting(request: HttpRequest, pk: str) -> HttpResponse:
    """Accept a revised plan in which no action waits to be judged."""
    version = number_of(request.POST.get("version", ""))
    return do(
        request,
        judged_plan(request, pk),
        lambda row, by: accept(current_home(), row, version=version, by=by, now=timezone.now()),
        _("Accepted. The party is told."),
        "plan",
    )


@login_required
@require_POST
def judging(request: HttpRequest, pk: str, action: str) -> HttpResponse:
    """Accept an action, or return it; then go on with the next that waits."""
    person, plan = judged_plan(request, pk)
    row = action_or_404(person, plan, action)
    verdict, reason, text = (request.POST.get(name, "") for name in ("verdict", "reason", "text"))
    version = number_of(request.POST.get("version", ""))

    def act() -> None:
        if verdict not in ("accept", "return"):
            raise Refused(_("Accept the action, or return it."))
        judge(
            current_home(),
            row,
            accepts=verdict == "accept",
            reason=reason,
            text=text,
            version=version,
            by=person,
            now=timezone.now(),
        )

    if not told(request, act, _("Accepted.") if verdict == "accept" else _("Returned.")):
        row.refresh_from_db()
        return shown_action(request, person, row, said=text, reason=reason, status=409)
    waiting = plan.actions.filter(state="submitted").order_by("number").first()
    return redirect("plan_action", plan.pk, waiting.pk) if waiting else redirect("plan", plan.pk)


@login_required
@require_POST
def verifying(request: HttpRequest, pk: str, action: str) -> HttpResponse:
    """Verify that an action was done, or return the report."""
    person, plan = judged_plan(request, pk)
    row = action_or_404(person, plan, action)
    verdict, reason, text = (request.POST.get(name, "") for name in ("verdict", "reason", "text"))
    read = number_of(request.POST.get("report", ""))

    def act() -> None:
        if verdict not in ("accept", "return"):
            raise Refused(_("Verify the action, or return it."))
        home, now = current_home(), timezone.now()
        verify(home, row, is_done=verdict == "accept", reason=reason, text=text, read=read, by=person, now=now)

    if not told(request, act, _("Verified.") if verdict == "accept" else _("Returned.")):
        row.refresh_from_db()
        return shown_action(request, person, row, said=text, reason=reason, status=409)
    return redirect("plan_action", plan.pk, row.pk)


def _end(request: HttpRequest) -> datetime:
    return needed(end_of(request.POST.get("due", "")), _("Choose until when."))
