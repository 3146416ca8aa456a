"""What is done with cases: open, assign, move on, merge; notes, duties, files; the judgement of intent."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tidemark.errors import Refused
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.cases.change import add_leaks, change, change_status, merge, remove_leak
from tidemark.records.cases.conclude import judge_intent
from tidemark.records.cases.models import Case, Duty
from tidemark.records.cases.notes import Keep, add_duty, add_note, attach_file, change_duty, finish_duty
from tidemark.records.cases.open import SEVERITIES, open_case
from tidemark.records.connect import current_home
from tidemark.records.leaks.models import Leak
from tidemark.records.projects.models import Project
from tidemark.web.cases.access import case_for, worker
from tidemark.web.cases.pages import workers
from tidemark.web.doing import do, told
from tidemark.web.posted import end_of, end_of_day, needed, number_of
from tidemark.web.uploads import document_of

MOST_LEAKS = 100
"""Leaks that can be chosen from when a case is opened, the latest first."""


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Open a case from leaks that are in no open one."""
    person = worker(request, Act.HANDLE_CASES)
    chosen = request.POST.getlist("leak") or request.GET.getlist("leak")
    free = (
        Leak.objects.visible_to(person)
        .standing()
        .exclude(pk__in=Case.objects.exclude(status=Case.Status.CLOSED).values("leaks"))
    )
    if request.method == "POST":
        try:
            made = open_case(
                current_home(),
                list(Leak.objects.visible_to(person).filter(pk__in=chosen)),
                title=request.POST.get("title", ""),
                project=Project.objects.filter(pk=number_of(request.POST.get("project", ""))).first(),
                severity=request.POST.get("severity", "high"),
                by=person,
                now=timezone.now(),
            )
            messages.success(request, _("Case %(number)s is open.") % {"number": made.number})
            return redirect("case", made.pk)
        except Refused as refused:
            messages.error(request, str(refused))
    context = {
        "leaks": free.order_by("-created", "pk")[:MOST_LEAKS],
        "chosen": chosen,
        "title": request.POST.get("title", request.GET.get("title", "")),
        "severities": SEVERITIES,
        "severity": request.POST.get("severity", "high"),
        "projects": Project.objects.visible_to(person),
        "project": request.POST.get("project", ""),
    }
    return render(request, "cases/new.html", context)


@login_required
@require_POST
def assigning(request: HttpRequest, pk: str) -> HttpResponse:
    """Say who works on it, how grave it is, and what it is called.

    The form has all three, and what each was when the page was made: only what the person changed is written, so that
    nobody undoes what somebody else has changed meanwhile.
    """
    said = request.POST

    def act(case: Case, person: Person) -> None:
        shown = {
            "assignee": said.get("shown_assignee", case.assignee_id or ""),
            "title": said.get("shown_title", case.title),
            "severity": said.get("shown_severity", case.severity),
        }
        chosen = {name: said.get(name, "" if name == "assignee" else value).strip() for name, value in shown.items()}
        seen = {name: value for name, value in shown.items() if chosen[name] != value}
        who: Person | Keep | None = Keep.KEEP
        if "assignee" in seen:
            who = get_object_or_404(workers(), pk=chosen["assignee"]) if chosen["assignee"] else None
        change(
            current_home(),
            case,
            assignee=who,
            title=chosen["title"] if "title" in seen else None,
            severity=chosen["severity"] if "severity" in seen else None,
            shown=seen,
            by=person,
            now=timezone.now(),
        )

    return do(request, case_for(request, pk, Act.HANDLE_CASES), act, _("Saved."), "case")


@login_required
@require_POST
def moving(request: HttpRequest, pk: str) -> HttpResponse:
    """Take the next step."""
    status, why = request.POST.get("status", ""), request.POST.get("why", "")

    def act(case: Case, person: Person) -> None:
        if status not in Case.Status.values:
            raise Refused(_("Choose the next step."))
        change_status(current_home(), case, status, why=why, by=person, now=timezone.now())

    return do(request, case_for(request, pk, Act.HANDLE_CASES), act, _("Done. It is in the ledger."), "case")


@login_required
@require_POST
def leaks(request: HttpRequest, pk: str) -> HttpResponse:
    """Put a leak into the case, or take one out."""

    def act(case: Case, person: Person) -> None:
        leak = get_object_or_404(Leak.objects.visible_to(person), pk=request.POST.get("leak", ""))
        if request.POST.get("remove"):
            remove_leak(current_home(), case, leak, by=person, now=timezone.now())
        else:
            add_leaks(current_home(), case, [leak], by=person, now=timezone.now())

    return do(request, case_for(request, pk, Act.HANDLE_CASES), act, _("Saved."), "case")


@login_required
@require_POST
def merging(request: HttpRequest, pk: str) -> HttpResponse:
    """Carry the case on in another one."""
    person, case = case_for(request, pk, Act.HANDLE_CASES)
    into = get_object_or_404(Case.objects.visible_to(person), pk=request.POST.get("into", ""))
    why = request.POST.get("why", "")
    is_done = told(
        request,
        lambda: merge(current_home(), case, into, why=why, by=person, now=timezone.now()),
        _("Merged. It goes on here."),
    )
    return redirect("case", into.pk if is_done else case.pk)


@login_required
@require_POST
def noting(request: HttpRequest, pk: str) -> HttpResponse:
    """Write a note."""
    text = request.POST.get("text", "")
    return do(
        request,
        case_for(request, pk, Act.NOTE_CASES),
        lambda case, by: add_note(current_home(), case, text, by=by, now=timezone.now()),
        "",
        "case",
    )


@login_required
@require_POST
def asking(request: HttpRequest, pk: str) -> HttpResponse:
    """Ask for something to be done."""
    title, chosen, due = (request.POST.get(name, "") for name in ("title", "assignee", "due"))

    def act(case: Case, person: Person) -> None:
        who = get_object_or_404(workers(), pk=chosen) if chosen else None
        add_duty(current_home(), case, title, assignee=who, due=end_of(due), by=person, now=timezone.now())

    return do(request, case_for(request, pk, Act.NOTE_CASES), act, "", "case")


@login_required
@require_POST
def changing_duty(request: HttpRequest, pk: str, duty: str) -> HttpResponse:
    """Say who does it, and until when."""
    chosen, due, shown = (request.POST.get(name, "") for name in ("assignee", "due", "shown"))

    def act(case: Case, person: Person) -> None:
        found = get_object_or_404(Duty, pk=duty, case=case)
        who = get_object_or_404(workers(), pk=chosen) if chosen else None
        until = end_of(due)
        if until is not None and found.due is not None and until == end_of_day(found.due.date()):
            until = found.due  # the page knows days alone: the same day is the same moment
        change_duty(current_home(), found, assignee=who, due=until, by=person, now=timezone.now(), shown=shown)

    return do(request, case_for(request, pk, Act.NOTE_CASES), act, _("Saved."), "case")


@login_required
@require_POST
def finishing(request: HttpRequest, pk: str, duty: str) -> HttpResponse:
    """Say that a duty is done."""

    def act(case: Case, person: Person) -> None:
        found = get_object_or_404(Duty, pk=duty, case=case)
        finish_duty(current_home(), found, by=person, now=timezone.now())

    return do(request, case_for(request, pk, Act.NOTE_CASES), act, "", "case")


@login_required
@require_POST
def attaching(request: HttpRequest, pk: str) -> HttpResponse:
    """Lay a file beside the case."""

    def act(case: Case, person: Person) -> None:
        document = needed(document_of(request.FILES.get("file")), _("Choose a file."))
        attach_file(current_home(), case, document, by=person, now=timezone.now())

    return do(request, case_for(request, pk, Act.NOTE_CASES), act, "", "case")


@login_required
@require_POST
def judging(request: HttpRequest, pk: str) -> HttpResponse:
    """Write down how the person judges that it came about."""
    kind, reason = request.POST.get("kind", ""), request.POST.get("reason", "")
    return do(
        request,
        case_for(request, pk, Act.HANDLE_CASES, Act.ALLEGE),
        lambda case, by: judge_intent(current_home(), case, kind, reason=reason, by=by, now=timezone.now()),
        _("Your judgement stands in the case, with your name."),
        "case",
    )
