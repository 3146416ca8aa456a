"""Taking copies back: what a page says of their child copies before it is done, and of what came of it."""

from collections.abc import Collection
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tidemark.errors import TidemarkError
from tidemark.records.accounts.roles import Act
from tidemark.records.connect import current_home
from tidemark.records.copies.models import Copy
from tidemark.records.copies.revoke import children_of, revoke
from tidemark.records.projects.models import Project
from tidemark.web.accounts.signed_in import signed_in
from tidemark.web.projects.access import as_told, owners_project, require
from tidemark.web.projects.forms import RevokeForm
from tidemark.web.projects.selection import pairs_of

_SHOWN_COPIES = 50


@login_required
def revoke_form(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what is open of the chosen pairs of person and draft, after a reason was given."""
    project = owners_project(request, pk)
    require(signed_in(request), Act.RELEASE)
    pairs = pairs_of(request.POST.get("pairs", ""))
    pairs |= {(request.POST.get("person", ""), draft) for draft in request.POST.getlist("draft")}
    now = timezone.now()
    copies = _open_copies(project, pairs, now=now)
    count = open_children(copies, now=now)
    form = RevokeForm(request.POST if request.POST.get("step") == "revoke" else None, open_children=count)
    if copies and revoke_and_tell(request, copies, form, now=now):
        return redirect("project-matrix", project.pk)
    context = {
        "project": project,
        "form": form,
        "copies": copies[:_SHOWN_COPIES],
        "count": len(copies),
        "pairs": "\n".join(sorted(":".join(pair) for pair in pairs)),
    }
    return render(request, "projects/revoke.html", context)


def open_children(copies: Collection[Copy], *, now: datetime) -> int:
    """Return how many open child copies, at any depth, there are below these copies and not among them."""
    ids = {copy.pk for copy in copies}
    return len(children_of(ids, now=now) - ids)


def revoke_and_tell(request: HttpRequest, copies: Collection[Copy], form: RevokeForm, *, now: datetime) -> bool:
    """Revoke the copies as the form says, and tell what was closed and what is still open; return whether it was done.

    A form that was not sent, or has no reason, does nothing.
    """
    if not form.is_valid():
        return False
    why, with_children = form.cleaned_data["why"], form.cleaned_data.get("with_children", False)
    try:
        done = revoke(current_home(), copies, by=signed_in(request), why=why, now=now, with_children=with_children)
    except TidemarkError as refused:
        messages.error(request, as_told(refused))
        return False
    count, left = len(done.copies), len(done.open_children)
    if count:
        said = ngettext("%(count)d copy is revoked.", "%(count)d copies are revoked.", count)
        messages.success(request, said % {"count": count})
    else:
        messages.info(request, _("None of what you chose is an open copy."))
    if left:
        said = ngettext(
            "%(count)d child copy below is still open.", "%(count)d child copies below are still open.", left
        )
        messages.warning(request, said % {"count": left})
    return True


def _open_copies(project: Project, pairs: set[tuple[str, str]], *, now: datetime) -> list[Copy]:
    if not pairs:
        return []
    rows = Copy.objects.filter(draft__project=project, is_master=False, person__isnull=False)
    rows = rows.open_at(now, or_planned=True)
    rows = rows.select_related("draft", "holder", "person").order_by("holder__name", "draft__file_name")
    if len(pairs) <= _SHOWN_COPIES:
        rows = rows.filter(person__in={pair[0] for pair in pairs})
    return [copy for copy in rows if (copy.person_id, copy.draft_id) in pairs]
