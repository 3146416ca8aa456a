"""The first page: the officer's day, or the supplier's drawings."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tidemark.records.projects.attention import attention
from tidemark.records.projects.models import Draft, Project
from tidemark.records.projects.open_copies import with_counts
from tidemark.web.accounts.signed_in import signed_in
from tidemark.web.copies.drawings import drawings
from tidemark.web.projects.access import rights


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show each side its own."""
    if not signed_in(request).is_owners:
        return drawings(request)
    now = timezone.now()
    context = {
        "matters": attention(at=now),
        "now": now,
        "today": now.date(),
        "projects": with_counts(Project.objects.all(), at=now)[:8],
        "latest": Draft.objects.select_related("project", "drill").defer("drill__results").order_by("-created")[:6],
    } | rights(signed_in(request))
    return render(request, "home/today.html", context)
