"""What is done with a statement that is written: pictures laid to it, approvals, its issue."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.connect import current_home
from tidemark.records.statements.issue import approve_statement, issue
from tidemark.records.statements.models import Statement, StatementPicture
from tidemark.records.statements.pictures import attach_picture, remove_picture
from tidemark.web.doing import do
from tidemark.web.posted import needed
from tidemark.web.statements.access import statement_for
from tidemark.web.uploads import document_of


@login_required
@require_POST
def attaching(request: HttpRequest, pk: str) -> HttpResponse:
    """Lay a picture to it."""

    def act(row: Statement, by: Person) -> None:
        document = needed(document_of(request.FILES.get("file")), _("Choose a file."))
        attach_picture(current_home(), row, document, by=by, now=timezone.now())

    return do(request, statement_for(request, pk, Act.STATE), act, "", "statement")


@login_required
@require_POST
def removing(request: HttpRequest, pk: str, picture: str) -> HttpResponse:
    """Take a picture away."""

    def act(row: Statement, by: Person) -> None:
        found = get_object_or_404(StatementPicture, pk=picture, statement=row)
        remove_picture(current_home(), row, found, by=by, now=timezone.now())

    return do(request, statement_for(request, pk, Act.STATE), act, "", "statement")


@login_required
@require_POST
def approving(request: HttpRequest, pk: str) -> HttpResponse:
    """Approve it as it stands on the page that was read."""
    role, read = request.POST.get("role", ""), request.POST.get("seen", "")
    return do(
        request,
        statement_for(request, pk, Act.APPROVE),
        lambda row, by: approve_statement(current_home(), row, by=by, now=timezone.now(), role=role, seen=read),
        _("Approved as it stands. A change of it voids your approval."),
        "statement",
    )


@login_required
@require_POST
def issuing(request: HttpRequest, pk: str) -> HttpResponse:
    """Issue it."""
    channel = request.POST.get("channel", "")
    return do(
        request,
        statement_for(request, pk, Act.STATE),
        lambda row, by: issue(current_home(), row, channel=channel, by=by, now=timezone.now()),
        _("It is issued. Its words never change from now on; its promises are duties of the case."),
        "statement",
    )
