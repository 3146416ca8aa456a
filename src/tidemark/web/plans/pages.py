"""Plans as either side sees them: the list, one plan, one action of it, its files and its frozen versions."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from tidemark.limits import MAX_JSON_WHOLE
from tidemark.records import blobs
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.connect import current_home
from tidemark.records.plans.controls import CATALOGUE, ISO_27001, VDA_ISA, Control
from tidemark.records.plans.held import held_of
from tidemark.records.plans.judge import may_accept
from tidemark.records.plans.late import THEIRS, is_late
from tidemark.records.plans.models import Action, ActionFile, Plan, PlanVersion, Reason, Section
from tidemark.records.plans.submit import may_submit, open_points
from tidemark.records.plans.wording import Wording
from tidemark.records.plans.write import WRITABLE
from tidemark.web.accounts.signed_in import signed_in
from tidemark.web.downloads import attachment
from tidemark.web.plans.found import action_or_404, plan_or_404, plans_for
from tidemark.web.plans.seen import hidden_from, parts, plan_colour, progress_of, seen

A_PAGE = 50


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """List the plans: for a party's contacts those that it was asked for, for the owner's people all."""
    person = signed_in(request)
    if not person.is_owners and not person.may(Act.ANSWER):
        raise PermissionDenied
    standing = Q(actions__state=Action.State.ACCEPTED)
    rows = plans_for(person).annotate(
        accepted_count=Count("actions", filter=standing),
        verified_count=Count("actions", filter=standing & Q(actions__progress=Action.Progress.VERIFIED)),
    )
    shown = Paginator(rows.order_by("-asked", "pk"), A_PAGE).get_page(request.GET.get("page"))
    context = {"shown": shown, "rows": [{"row": row, "colour": plan_colour(row.state)} for row in shown]}
    return render(request, "plans/index.html", context)


@login_required
@require_GET
def page(request: HttpRequest, pk: str) -> HttpResponse:
    """Show one plan, by its sections, to either side."""
    person, plan = plan_or_404(request, pk)
    return shown_plan(request, person, plan)


def shown_plan(request: HttpRequest, person: Person, plan: Plan, *, status: int = 200) -> HttpResponse:
    """Return the page of a plan."""
    now = timezone.now()
    sections = parts(plan, is_owners=person.is_owners, on=now.date())
    shown = [each for part in sections for each in part.actions]
    is_theirs = plan.state in THEIRS
    is_void = plan.allegation.state == "withdrawn"
    answers = not person.is_owners and person.may(Act.ANSWER) and not is_void
    judges = person.is_owners and person.may(Act.RECTIFY) and not is_void
    points, rows = [], [each.row for each in shown]
    submits = answers and may_submit(plan, rows)
    if submits:
        points = open_points(plan, rows, [file for row in rows for file in row.files.all()])
    context = {
        "plan": plan,
        "colour": plan_colour(plan.state),
        "parts": sections,
        "progress": progress_of(shown),
        "versions": plan.versions.select_related("person").order_by("-number"),
        "is_theirs": is_theirs,
        "is_void": is_void,
        "is_late": is_late(plan, now=now),
        "writes": answers and plan.state in WRITABLE,
        "may_submit": submits,
        "is_reopened": submits and not is_theirs,
        "points": points,
        "may_judge": judges,
        "may_accept": judges and may_accept(plan, rows),
        "is_suspended": bool(held_of(plan.allegation)),
    }
    return render(request, "plans/page.html", context, status=status)


@login_required
@require_GET
def action(request: HttpRequest, pk: str, action: str) -> HttpResponse:
    """Show one action: to the party to be written or done, to the owner to be judged."""
    person, plan = plan_or_404(request, pk)
    return shown_action(request, person, action_or_404(person, plan, action))


def shown_action(
    request: HttpRequest,
    person: Person,
    row: Action,
    *,
    typed: Wording | None = None,
    said: str = "",
    reason: str = "",
    status: int = 200,
) -> HttpResponse:
    """Return the page of an action.

    Parameters
    ----------
    typed : Wording or None
        What was typed and could not be saved, in place of what is kept.
    said, reason : str
        What was typed of a report or a judgement that was refused.
    """
    plan, now = row.plan, timezone.now()
    one = seen(row, is_owners=person.is_owners, on=now.date())
    numbers = list(plan.actions.exclude(state__in=hidden_from(is_owners=person.is_owners)).values_list("pk", "number"))
    place = next(place for place, (pk, _number) in enumerate(numbers) if pk == row.pk)
    is_void = plan.allegation.state == "withdrawn"
    answers = not person.is_owners and person.may(Act.ANSWER) and not is_void
    judges = person.is_owners and person.may(Act.RECTIFY) and not is_void
    words = typed or one.words
    context = {
        "plan": plan,
        "one": one,
        "row": row,
        "words": words,
        "sections": Section.choices,
        "catalogues": [_choices(name, words) for name in (VDA_ISA, ISO_27001)],
        "reasons": Reason.choices,
        "before": numbers[place - 1][0] if place else "",
        "after": numbers[place + 1][0] if place + 1 < len(numbers) else "",
        "place": place + 1,
        "count": len(numbers),
        "writes": answers and row.takes_words,
        "reports": answers
        and row.state == Action.State.ACCEPTED
        and row.progress in (Action.Progress.OPEN, Action.Progress.RETURNED),
        "may_accept": judges and row.state == Action.State.SUBMITTED,
        "may_return": judges and row.state in (Action.State.SUBMITTED, Action.State.ACCEPTED),
        "may_verify": judges and row.progress == Action.Progress.REPORTED,
        "plan_files": [file for file in one.files if file.report_id is None],
        "said": said,
        "reason": reason,
    }
    return render(request, "plans/action.html", context, status=status)


@login_required
@require_GET
def file(request: HttpRequest, pk: str, file: int) -> HttpResponse:
    """Hand out a file of the plan, to be saved: to the owner once it was submitted."""
    person, plan = plan_or_404(request, pk)
    rows = ActionFile.objects.filter(action__plan=plan, is_removed=False)
    rows = rows.filter(is_submitted=True) if person.is_owners else rows
    found = get_object_or_404(rows, pk=min(file, MAX_JSON_WHOLE))
    return attachment(
        blobs.get(current_home(), blobs.Shelf.CASES, found.file_sha256), found.file_name, otherwise="file"
    )


@login_required
@require_GET
def version(request: HttpRequest, pk: str, number: int) -> HttpResponse:
    """Hand out the plan as it was submitted: the very bytes whose hash is in the ledger."""
    _person, plan = plan_or_404(request, pk)
    found = get_object_or_404(PlanVersion, plan=plan, number=min(number, MAX_JSON_WHOLE))
    return attachment(found.content.encode(), f"plan-{plan.pk}-{found.number}.json", otherwise="plan.json")


def _choices(catalogue: str, words: Wording) -> tuple[str, list[tuple[Control, bool]], list[str]]:
    """Return a catalogue's name, its controls with whether each is chosen, and the numbers of those that are."""
    rows = [(each, each.id in words.controls) for each in CATALOGUE.values() if each.catalogue == catalogue]
    return catalogue, rows, [each.number for each, is_chosen in rows if is_chosen]
