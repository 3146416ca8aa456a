"""Statements as the owner's people see them: the list, the page of one, and what is saved of it."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tidemark.errors import Refused, ReportFailed, ReportFontMissing
from tidemark.records import blobs
from tidemark.records.accounts.roles import Act
from tidemark.records.cases.approvals import approvals_of, content_sha256
from tidemark.records.cases.merged import goes_on_in
from tidemark.records.connect import current_home
from tidemark.records.statements.document import file_name, pdf, plain_text, spoken
from tidemark.records.statements.examine import Examined, examine, why_unfounded
from tidemark.records.statements.issue import APPROVING
from tidemark.records.statements.models import LANGUAGES, Statement, StatementPicture
from tidemark.records.statements.write import content_of, subject_of
from tidemark.web.approved import approval_lines
from tidemark.web.cases.access import worker
from tidemark.web.cases.pages import workers
from tidemark.web.downloads import attachment
from tidemark.web.statements.access import statement_for, statements_for
from tidemark.web.statements.words import Piece, pieces, shown, state_colour

A_PAGE = 50
NAMES = {"en": "English", "zh": "中文"}
PARTS = ("title", "text")


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """List statements, by state."""
    person = worker(request)
    state = request.GET.get("state", "")
    found = statements_for(person).order_by("-created", "-pk")
    if state in Statement.State.values:
        found = found.filter(state=state)
    page_of = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "shown": page_of,
        "rows": [{"row": row, "colour": state_colour(row.state)} for row in page_of],
        "tabs": [("", _("All")), *((each.value, str(each.label).capitalize()) for each in Statement.State)],
        "state": state,
    }
    return render(request, "statements/index.html", context)


@login_required
@require_GET
def page(request: HttpRequest, pk: str) -> HttpResponse:
    """Show a statement: as a form while it is written, as it was issued afterwards.

    Asked with ``?compared``, it has nothing to show until its pictures are compared.
    """
    person, row = statement_for(request, pk)
    laid = list(row.pictures.select_related("person"))
    is_comparing = row.is_open and any(each.is_being_compared for each in laid)
    if is_comparing and "compared" in request.GET:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    content = content_of(row)
    given = approvals_of(subject_of(row), content, APPROVING, is_over=not row.is_open)
    may_write, unfounded = person.may(Act.STATE) and row.is_open, why_unfounded(row) if row.is_open else ""
    context = {
        "row": row,
        "colour": state_colour(row.state),
        "parts": [
            {"language": each, "name": NAMES[each], "title": row.title_in(each), "text": row.text_in(each)}
            for each in LANGUAGES
        ],
        "written": [each for each in LANGUAGES if row.title_in(each) and row.text_in(each)],
        "pictures": laid,
        "is_comparing": is_comparing,
        "is_anew": "compared" in request.GET,
        "promises": row.promises.select_related("assignee"),
        "approvals": approval_lines(given),
        "sha256": row.content_sha256 or content_sha256(content),
        "followed_by": row.followed_by.order_by("created"),
        "workers": workers() if may_write else (),
        "may_write": may_write,
        "unfounded": unfounded,
        "may_approve": row.is_open and not unfounded and bool(given.role_for(person, now=timezone.now())),
        "may_issue": may_write and not unfounded and row.state == Statement.State.APPROVED and not given.missing,
        "goes_on_in": goes_on_in(row.case),
        "may_follow": person.may(Act.STATE) and row.state == Statement.State.ISSUED,
    }
    if row.is_open:
        context |= check_context(row, examine(row), {name: str(getattr(row, name)) for name in field_names()})
    return render(request, "statements/page.html", context)


def check_context(row: Statement, examined: Examined, texts: dict[str, str]) -> dict[str, object]:
    """Return what the part with the objections shows."""
    return {
        "row": row,
        "objections": shown(examined, texts),
        "refusing": len(examined.refusing),
        "unexplained": len(examined.unexplained),
        "readings": [
            {"language": each, "name": NAMES[each], "title": read["title"], "text": read["text"]}
            for each in LANGUAGES
            if any((read := _read(texts, each, examined)).values())
        ],
        "is_saved": all(texts[name] == getattr(row, name) for name in field_names()),
    }


def field_names() -> list[str]:
    """Return the names of the fields that hold its words."""
    return [f"{part}_{language}" for language in LANGUAGES for part in PARTS]


@login_required
@require_GET
def picture(request: HttpRequest, pk: str, picture: str) -> HttpResponse:
    """Hand out a picture of it, to be saved."""
    _person, row = statement_for(request, pk)
    found = get_object_or_404(StatementPicture, pk=picture, statement=row)
    data = blobs.get(current_home(), blobs.Shelf.CASES, found.file_sha256)
    return attachment(data, found.file_name, otherwise="picture")


@login_required
@require_GET
def text(request: HttpRequest, pk: str, language: str) -> HttpResponse:
    """Hand out its text in a language."""
    _person, row = statement_for(request, pk)
    try:
        data = plain_text(spoken(row, language))
    except Refused:
        raise Http404 from None
    return attachment(data, file_name(row, language, "txt"), otherwise="statement.txt")


@login_required
@require_GET
def pdf_file(request: HttpRequest, pk: str, language: str) -> HttpResponse:
    """Hand out its PDF in a language."""
    _person, row = statement_for(request, pk)
    try:
        data = pdf(spoken(row, language))
    except Refused:
        raise Http404 from None
    except (ReportFontMissing, ReportFailed) as fault:
        messages.error(request, str(fault))
        return redirect("statement", row.pk)
    return attachment(data, file_name(row, language, "pdf"), otherwise="statement.pdf")


def _read(texts: dict[str, str], language: str, examined: Examined) -> dict[str, list[Piece]]:
    places = {part: f"{part}_{language}" for part in PARTS}
    return {
        part: pieces(texts[place], [each for each in examined.objections if each.place == place], examined)
        for part, place in places.items()
    }
