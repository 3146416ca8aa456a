"""Export a case from its page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from tidemark.errors import ReportFailed, ReportFontMissing
from tidemark.records.accounts.roles import Act
from tidemark.records.connect import current_home
from tidemark.records.dossier.export import Form, export_case
from tidemark.web.cases.access import case_or_404, worker
from tidemark.web.downloads import attachment


@login_required
@require_POST
def exporting(request: HttpRequest, pk: str) -> HttpResponse:
    """Hand out all of the case in one file."""
    person = worker(request, Act.EXPORT_CASES)
    case = case_or_404(person, pk)
    if request.POST.get("form") not in Form.values:
        raise Http404
    form, with_notes = Form(request.POST["form"]), bool(request.POST.get("with_notes"))
    try:
        made = export_case(current_home(), case, form, with_notes=with_notes, by=person, now=timezone.now())
    except (ReportFailed, ReportFontMissing) as fault:
        messages.error(request, str(fault))
        return redirect("case", case.pk)
    return attachment(made.data, made.name, otherwise="case")
