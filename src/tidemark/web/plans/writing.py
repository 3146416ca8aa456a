"""What a party does with its plan: write it, one action at a time, submit it, and report what is done."""

from dataclasses import replace

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tidemark.errors import Refused
from tidemark.limits import MAX_JSON_WHOLE
from tidemark.records.connect import current_home
from tidemark.records.plans.execute import report_done
from tidemark.records.plans.models import ActionFile
from tidemark.records.plans.submit import submit
from tidemark.records.plans.wording import Wording
from tidemark.records.plans.write import add_action, attach, detach, save_wording, take_out
from tidemark.web.doing import made, told
from tidemark.web.plans.found import action_or_404, own_plan
from tidemark.web.plans.pages import shown_action, shown_plan
from tidemark.web.posted import day_of
from tidemark.web.uploads import documents_of


@login_required
@require_POST
def adding(request: HttpRequest, pk: str) -> HttpResponse:
    """Begin another action, and go to its form."""
    person, plan = own_plan(request, pk)
    wording = Wording(request.POST.get("section", ""))
    row = made(request, lambda: add_action(current_home(), plan, wording, by=person, now=timezone.now()), "")
    return redirect("plan_action", plan.pk, row.pk) if row else redirect("plan", plan.pk)


@login_required
@require_POST
def saving(request: HttpRequest, pk: str, action: str) -> HttpResponse:
    """Keep what is typed, and the files with it: when the form is left a moment alone, or by its button.

    What cannot be kept comes back in the form as it was typed, with what is wrong.
    """
    person, plan = own_plan(request, pk)
    row = action_or_404(person, plan, action)
    now, home = timezone.now(), current_home()
    typed = Wording(
        section=request.POST.get("section", ""),
        text=request.POST.get("text", ""),
        owner=request.POST.get("owner", ""),
        proof=request.POST.get("proof", ""),
        controls=tuple(request.POST.getlist("controls")),
    )
    is_quiet = bool(request.headers.get("HX-Request"))
    try:
        typed = replace(typed, due=day_of(request.POST.get("due", "")))
        save_wording(home, row, typed, by=person, now=now)
        if not is_quiet:
            for document in documents_of(request.FILES.getlist("file")):
                attach(home, row, document, by=person, now=now)
    except Refused as refused:
        if is_quiet:
            return render(request, "plans/saved.html", {"fault": str(refused)})
        messages.error(request, str(refused))
        row.refresh_from_db()
        return shown_action(request, person, row, typed=typed, status=409)
    if is_quiet:
        return render(request, "plans/saved.html", {"saved": now})
    messages.success(request, _("Saved. The owner sees it once you submit the plan."))
    return redirect("plan", plan.pk) if request.POST.get("then") == "plan" else redirect("plan_action", plan.pk, row.pk)


@login_required
@require_POST
def taking_out(request: HttpRequest, pk: str, action: str) -> HttpResponse:
    """Take an action out."""
    person, plan = own_plan(request, pk)
    row = action_or_404(person, plan, action)
    told(request, lambda: take_out(current_home(), row, by=person), _("Taken out."))
    return redirect("plan", plan.pk)


@login_required
@require_POST
def detaching(request: HttpRequest, pk: str, file: int) -> HttpResponse:
    """Take a file back that was not submitted yet."""
    person, plan = own_plan(request, pk)
    rows = ActionFile.objects.filter(action__plan=plan, is_removed=False).select_related("action__plan__allegation")
    found = get_object_or_404(rows, pk=min(file, MAX_JSON_WHOLE))
    told(request, lambda: detach(current_home(), found, by=person), _("The file is taken out."))
    return redirect("plan_action", plan.pk, found.action_id)


@login_required
@require_POST
def submitting(request: HttpRequest, pk: str) -> HttpResponse:
    """Submit the plan."""
    person, plan = own_plan(request, pk)
    said = _("Your plan is submitted. Its hash is in the ledger; you are told what becomes of it.")
    if told(request, lambda: submit(current_home(), plan, by=person, now=timezone.now()), said):
        return redirect("plan", plan.pk)
    plan.refresh_from_db()
    return shown_plan(request, person, plan, status=409)


@login_required
@require_POST
def reporting(request: HttpRequest, pk: str, action: str) -> HttpResponse:
    """Report an action as done."""
    person, plan = own_plan(request, pk)
    row = action_or_404(person, plan, action)
    text = request.POST.get("text", "")

    def act() -> None:
        files = documents_of(request.FILES.getlist("file"))
        report_done(current_home(), row, text=text, files=files, by=person, now=timezone.now())

    if told(request, act, _("Reported as done. You are told when it is verified.")):
        return redirect("plan_action", plan.pk, row.pk)
    row.refresh_from_db()
    return shown_action(request, person, row, said=text, status=409)
