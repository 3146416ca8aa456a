"""One release: how far its copies are, and what went wrong with which."""

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tidemark.records.copies.models import Copy, Release
from tidemark.records.copies.progress import progress
from tidemark.web.copies.lines import lines_of
from tidemark.web.projects.access import owners_person, page_of, rights

_SHOWN_FAULTS = 20


@login_required
@require_safe
def release_page(request: HttpRequest, pk: str) -> HttpResponse:
    """The whole page, or its progress alone, which the page asks for every two seconds until all is done.

    Then the page is loaded anew: its list still says what it did at the beginning.
    """
    person = owners_person(request)
    release = get_object_or_404(Release.objects.select_related("project", "created_by"), pk=pk)
    now = timezone.now()
    made = progress(release)
    context = {"release": release, "project": release.project, "progress": made} | rights(person)
    context["faulty"] = lines_of(_copies(release).exclude(fault="")[:_SHOWN_FAULTS], at=now)
    if request.headers.get("HX-Target") == "progress":
        response = render(request, "copies/progress.html", context)
        if made.is_done:
            response.headers["HX-Refresh"] = "true"
        return response
    page = page_of(_copies(release), request)
    return render(request, "copies/release.html", context | {"page": page, "lines": lines_of(page, at=now)})


def _copies(release: Release) -> QuerySet[Copy]:
    return Copy.objects.filter(release=release).order_by("holder__name", "draft__file_name", "id").only("pk")
