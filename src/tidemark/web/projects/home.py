"""The first page: the officer's day, or the supplier's drawings."""

from collections.abc import Mapping

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from tidemark.records.overview.attention import Matter, attention
from tidemark.records.overview.beginning import Step, Taken, first_steps
from tidemark.records.projects.models import Draft, Project
from tidemark.records.projects.open_copies import with_counts
from tidemark.web.accounts.signed_in import signed_in
from tidemark.web.copies.drawings import drawings
from tidemark.web.leaks.words import badge
from tidemark.web.projects.access import rights

TITLES: Mapping[str, Promise] = {
    "leaks": _("Leaks in no case"),
    "failed": _("Leaks whose trace failed"),
    "stopped": _("Allegations that are stopped"),
    "replies": _("Allegations to conclude"),
    "cases": _("Cases that are overdue"),
    "duties": _("Duties that are overdue"),
    "onward": _("Onward requests"),
    "faults": _("Copies that could not be made"),
    "awards": _("Rounds to be awarded"),
    "certificates": _("Certificates outstanding"),
    "rounds": _("Rounds that close soon"),
    "lapsing": _("Agreements that lapse"),
    "unaccepted": _("Agreements not accepted yet"),
    "weak": _("Drafts whose drill is weak"),
}
_WHOLE_LISTS: Mapping[str, tuple[str, str]] = {
    "leaks": ("leaks", ""),
    "failed": ("leaks", ""),
    "stopped": ("allegations", ""),
    "replies": ("allegations", ""),
    "cases": ("cases", "?status=overdue"),
    "onward": ("onward", ""),
    "awards": ("rounds", "?state=closed"),
    "certificates": ("rounds", "?state=owing"),
    "rounds": ("rounds", "?state=open"),
    "lapsing": ("agreements", ""),
    "unaccepted": ("agreements", ""),
}
"""Where all of a kind are: the page's name, and what is asked of it."""

STEPS: Mapping[Step, tuple[str, Promise]] = {
    Step.PARTY: ("new_party", _("Add the supplier as a party")),
    Step.PROJECT: ("project-new", _("Open a project")),
    Step.DRAFT: ("projects", _("Upload its drafts to the project")),
    Step.ENGAGEMENT: ("projects", _("Engage the supplier: the project's supply tree")),
    Step.AGREEMENT: ("agreement_new", _("Put your agreement with it on record, and into force")),
    Step.CONTACT: ("parties", _("Invite the supplier's contact: the page of the party")),
    Step.ACCEPTANCE: ("agreements", _("The contact signs in and accepts the agreement for the supplier")),
    Step.RELEASE: ("projects", _("Release: the project's matrix, or Share beside a draft")),
}
"""Each step to the first release: the page where it is taken, and what is done there."""


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show each side its own."""
    if not signed_in(request).is_owners:
        return drawings(request)
    now = timezone.now()
    context = {
        "matters": [_shown(matter) for matter in attention(signed_in(request), at=now)],
        "steps": _led(first_steps(signed_in(request))),
        "now": now,
        "today": now.date(),
        "projects": with_counts(Project.objects.all(), at=now)[:8],
        "latest": Draft.objects.select_related("project", "drill").defer("drill__results").order_by("-created")[:6],
    } | rights(signed_in(request))
    return render(request, "home/today.html", context)


def _led(steps: tuple[Taken, ...]) -> list[dict[str, object]]:
    """Return the steps with what they say and where they lead, and which of them is next."""
    following = next((each.step for each in steps if not each.is_done), None)
    return [
        {
            "says": STEPS[each.step][1],
            "at": reverse(STEPS[each.step][0]),
            "is_done": each.is_done,
            "is_next": each.step == following,
        }
        for each in steps
    ]


def _shown(matter: Matter) -> dict[str, object]:
    """Return a kind with its heading, the template of its rows, and where all of them are."""
    view, asked = _WHOLE_LISTS.get(matter.kind, ("", ""))
    if matter.kind == "leaks":
        for leak in matter.rows:
            leak.badge = badge(leak.standing)
    return {
        "kind": matter.kind,
        "title": TITLES[matter.kind],
        "rows": matter.rows,
        "count": matter.count,
        "template": f"home/rows/{matter.kind}.html",
        "all": f"{reverse(view)}{asked}" if view else "",
    }
