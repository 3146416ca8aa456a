"""The overview for management: one page of everything, its lists at full length, and who holds what of one project."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from tidemark.records.overview.attribution import STEPS, Attributed, Attribution, attribution
from tidemark.records.overview.basis import Basis, basis
from tidemark.records.overview.exposure import Exposure, exposure_of, exposures
from tidemark.records.overview.histories import History, histories
from tidemark.records.overview.holders import Holder, holders, places
from tidemark.records.overview.money import Sums, money
from tidemark.records.overview.overdue import Late, all_late
from tidemark.records.plans.gate import Side
from tidemark.records.projects.models import Project
from tidemark.records.sanctions.clause import plain
from tidemark.web.cases.access import worker
from tidemark.web.leaks.words import badge
from tidemark.web.overview.words import STEPS as STEP_WORDS
from tidemark.web.overview.words import SUBJECTS, spell

A_PAGE, AT_A_GLANCE, DRAFTS_SHOWN = 50, 8, 6
VIEWS = ("overdue", "attribution", "parties")
_BAR = 100  # the width of a bar in its own units


@login_required
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show everything at a glance, or with ``?view=`` one list of it at full length."""
    worker(request)
    now, asked = timezone.now(), request.GET.get("view", "")
    view = asked if asked in VIEWS else ""
    known = basis(now=now)
    late, times, parties = all_late(now=now, by=known), attribution(), histories()
    context: dict[str, Any] = {
        "now": now,
        "view": view,
        "late_count": len(late),
        "attributed_count": times.count,
        "party_count": sum(not each.is_cleared for each in parties),
    }
    if view == "overdue":
        shown = _page(request, late)
        context |= {"shown": shown, "late": [_late(each, now=now) for each in shown]}
    elif view == "attribution":
        shown_leaks = _page(request, times.leaks)
        rows = [_attributed(each) for each in shown_leaks]
        context |= {"shown": shown_leaks, "leaks": rows, "labels": [STEP_WORDS[step] for step in STEPS]}
    elif view == "parties":
        shown_parties = _page(request, parties)
        context |= {"shown": shown_parties, **_parties(list(shown_parties))}
    else:
        context |= _glance(late, times, parties, known, now=now)
    return render(request, f"overview/{view or 'page'}.html", context)


@login_required
@require_GET
def project(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who holds what of a project, to the last tier, in the order of its supply tree."""
    person, now = worker(request), timezone.now()
    found = get_object_or_404(Project.objects.visible_to(person), pk=pk)
    shown = _page(request, places(found, person, now=now))
    late = [each for each in all_late(now=now) if each.project is not None and each.project.pk == found.pk]
    context = {
        "now": now,
        "project": found,
        "exposure": _exposed(exposure_of(found, now=now), most=0),
        "shown": shown,
        "holders": [_holder(each) for each in holders(found, list(shown), now=now)],
        "late": [_late(each, now=now) for each in late[:AT_A_GLANCE]],
        "late_count": len(late),
    }
    return render(request, "overview/project.html", context)


def _glance(
    late: Sequence[Late], times: Attribution, parties: Sequence[History], known: Basis, *, now: datetime
) -> dict[str, object]:
    exposed, shown_sums = exposures(known.unbound, now=now), [_sums(each) for each in money(now=now, by=known)]
    most = max((sum(each.holders.values()) for each in exposed), default=0)
    return {
        "projects": [_exposed(each, most=most) for each in exposed],
        "open_copies": sum(each.open_copies for each in exposed),
        "downloaded": sum(each.downloaded for each in exposed),
        "open_cases": sum(each.open_cases for each in exposed),
        "late": [_late(each, now=now) for each in late[:AT_A_GLANCE]],
        "late_ours": sum(each.who_acts == Side.OWNER for each in late),
        "medians": [
            {"label": STEP_WORDS[each.step], "time": spell(each.time) if each.time is not None else "", "row": each}
            for each in times.medians
        ],
        "waiting": [{"row": each, "badge": badge(each.standing)} for each in times.waiting[:AT_A_GLANCE]],
        "waiting_count": len(times.waiting),
        "money": shown_sums,
        "owed": [each for each in shown_sums if each["open"]],
        **_parties(parties[:AT_A_GLANCE]),
    }


def _page(request: HttpRequest, rows: Sequence[Any]) -> "Page[Any]":
    return Paginator(rows, A_PAGE).get_page(request.GET.get("page"))


def _exposed(exposure: Exposure, *, most: int) -> dict[str, object]:
    """Return a project's exposure with its bar: a part for each tier, of a width by which projects compare."""
    return {
        "row": exposure,
        "tiers": list(exposure.holders.items()),
        "parties": sum(exposure.holders.values()),
        "bar": _bar(exposure.holders, most=most),
    }


def _bar(holders: Mapping[int, int], *, most: int) -> list[dict[str, object]]:
    """Return the parts of a bar; none if there is nothing to compare with."""
    parts, at = list[dict[str, object]](), 0.0
    for tier, count in holders.items() if most else ():
        width = _BAR * count / most
        parts.append({"tier": min(tier, 4), "x": f"{at:.2f}", "width": f"{max(width - 1, 0.5):.2f}"})
        at += width
    return parts


def _late(row: Late, *, now: datetime) -> dict[str, object]:
    return {
        "row": row,
        "subject": SUBJECTS[row.subject],
        "href": reverse(row.view, args=row.ids),
        "is_ours": row.who_acts == Side.OWNER,
        "for": spell(now - row.since),
    }


def _attributed(row: Attributed) -> dict[str, object]:
    times = {step: time_of(row) for step, time_of in STEPS.items()}
    steps = [
        {"label": STEP_WORDS[step], "time": spell(each) if each is not None else ""} for step, each in times.items()
    ]
    return {"row": row, "steps": steps}


def _parties(rows: Sequence[History]) -> dict[str, object]:
    return {
        "parties": [each for each in rows if not each.is_cleared],
        "cleared": [each for each in rows if each.is_cleared],
    }


def _sums(row: Sums) -> dict[str, object]:
    names = ("imposed", "lowered", "paid", "open", "overdue", "void", "to_pay_back", "repaid")
    return {
        "row": row,
        **{name: plain(amount) if (amount := getattr(row, name)).amount else "" for name in names},
        "converted": [{"amount": plain(each.amount), "row": each} for each in row.converted],
    }


def _holder(row: Holder) -> dict[str, object]:
    return {
        "row": row,
        "place": row.place,
        "engagement": row.place.engagement,
        "drafts": row.drafts[:DRAFTS_SHOWN],
        "more": max(len(row.drafts) - DRAFTS_SHOWN, 0),
        "indent": min(max(row.place.tier - 1, 0), 4),
    }
