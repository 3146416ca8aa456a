"""Write a statement: prepare it, change its words while the check looks on, give reasons, mark promises."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tidemark.limits import MAX_NOTE_CHARS
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.cases.merged import together
from tidemark.records.connect import current_home
from tidemark.records.statements.examine import examine_texts
from tidemark.records.statements.models import LANGUAGES, Promise, Statement
from tidemark.records.statements.write import edit, explain, prepare, promise, unpromise
from tidemark.web.cases.access import case_for
from tidemark.web.cases.pages import workers
from tidemark.web.doing import do, made
from tidemark.web.posted import end_of
from tidemark.web.statements.access import statement_for
from tidemark.web.statements.pages import check_context, field_names


@login_required
@require_POST
def preparing(request: HttpRequest, pk: str) -> HttpResponse:
    """Prepare a statement from the template."""
    person, case = case_for(request, pk, Act.STATE)
    chosen = request.POST.get("follows", "")
    follows = get_object_or_404(Statement, pk=chosen, case__in=together(case)) if chosen else None

    row = made(
        request,
        lambda: prepare(
            current_home(),
            case,
            request.POST.get("kind", ""),
            follows=follows,
            with_amount=bool(request.POST.get("with_amount")),
            languages=request.POST.getlist("language") or LANGUAGES,
            by=person,
            now=timezone.now(),
        ),
        _("It is prepared, from what is on record. Read it, change it, have it approved."),
    )
    return redirect("statement", row.pk) if row else redirect("case", case.pk)


@login_required
@require_POST
def editing(request: HttpRequest, pk: str) -> HttpResponse:
    """Change its words."""
    texts = {name: request.POST.get(name, "") for name in field_names()}
    return do(
        request,
        statement_for(request, pk, Act.STATE),
        lambda row, by: edit(current_home(), row, **texts, by=by, now=timezone.now()),
        _("Saved."),
        "statement",
    )


@login_required
@require_POST
def checking(request: HttpRequest, pk: str) -> HttpResponse:
    """Show what stands against the words that somebody is writing. Nothing is changed."""
    _person, row = statement_for(request, pk, Act.STATE)
    texts = {name: request.POST.get(name, "")[:MAX_NOTE_CHARS].replace("\r\n", "\n") for name in field_names()}
    examined = examine_texts(row, texts, pictures=row.pictures.all(), promises=row.promises.all())
    context = {**check_context(row, examined, texts), "is_live": True, "may_write": True}
    return render(request, "statements/check.html", context)


@login_required
@require_POST
def explaining(request: HttpRequest, pk: str) -> HttpResponse:
    """Say why an objection may stand."""
    key, reason = request.POST.get("objection", ""), request.POST.get("reason", "")
    return do(
        request,
        statement_for(request, pk, Act.STATE),
        lambda row, by: explain(current_home(), row, key, reason=reason, by=by, now=timezone.now()),
        _("The reason stands beside it. Who approves the statement approves it too."),
        "statement",
    )


@login_required
@require_POST
def promising(request: HttpRequest, pk: str) -> HttpResponse:
    """Mark words as a promise."""
    return do(
        request,
        statement_for(request, pk, Act.STATE),
        lambda row, by: _promise(request, row, None, by),
        _("It is marked as a promise."),
        "statement",
    )


@login_required
@require_POST
def keeping(request: HttpRequest, pk: str, promise: str) -> HttpResponse:
    """Say who keeps a promise until when, or take the mark away."""

    def act(row: Statement, by: Person) -> None:
        known = get_object_or_404(Promise, pk=promise, statement=row)
        if request.POST.get("remove"):
            unpromise(current_home(), row, known, by=by, now=timezone.now())
        else:
            _promise(request, row, known, by)

    return do(request, statement_for(request, pk, Act.STATE), act, _("Saved."), "statement")


def _promise(request: HttpRequest, row: Statement, known: Promise | None, by: Person) -> None:
    chosen = request.POST.get("assignee", "")
    promise(
        current_home(),
        row,
        words_en=request.POST.get("words_en", ""),
        words_zh=request.POST.get("words_zh", ""),
        assignee=get_object_or_404(workers(), pk=chosen) if chosen else None,
        due=end_of(request.POST.get("due", "")),
        known=known,
        by=by,
        now=timezone.now(),
    )
