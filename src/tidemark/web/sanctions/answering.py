"""What the sanctioned party does in the portal: it appeals, and reports that a measure is done."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tidemark.records.accounts.models import Person
from tidemark.records.connect import current_home
from tidemark.records.sanctions.appeal import appeal
from tidemark.records.sanctions.measures import report
from tidemark.records.sanctions.models import Sanction
from tidemark.web.doing import do, told
from tidemark.web.sanctions.access import measure_or_404, sanction_or_404, sanctioned
from tidemark.web.sanctions.pages import shown_to
from tidemark.web.uploads import documents_of


@login_required
@require_POST
def appealing(request: HttpRequest, pk: str) -> HttpResponse:
    """Appeal, for the party."""
    person, sanction = sanctioned(request, pk)
    reason = request.POST.get("reason", "")

    def act() -> None:
        files = documents_of(request.FILES.getlist("file"))
        appeal(current_home(), sanction, reason=reason, files=files, by=person, now=timezone.now())

    if told(request, act, _("Your appeal was received. It is in the ledger.")):
        return redirect("sanction", sanction.pk)
    return shown_to(request, person, sanction_or_404(person, pk), text=reason, status=409)


@login_required
@require_POST
def reporting(request: HttpRequest, pk: str, measure: str) -> HttpResponse:
    """Report, for the party, that a measure is done."""
    person, sanction = sanctioned(request, pk)
    row, text = measure_or_404(sanction, measure), request.POST.get("text", "")

    def act(_sanction: Sanction, by: Person) -> None:
        files = documents_of(request.FILES.getlist("file"))
        report(current_home(), row, text=text, files=files, by=by, now=timezone.now())

    said = _("Your report was received. You are told whether it is accepted.")
    return do(request, (person, sanction), act, said, "sanction")
