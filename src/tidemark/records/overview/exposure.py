"""Exposure: how much of each project is in whose hands, counted by the database.

A copy that is open counts as exposure: it was released, and neither revoked nor expired. The owner's masters do not.
What was downloaded stays with whoever has it, so that is counted whether the copy is still open or not. A copy that was
written to a folder is handed over outside of Tidemark, and whether anybody opened it is not known here.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet

from tidemark.records.cases.models import Case
from tidemark.records.copies.models import Copy, Download
from tidemark.records.leaks.glance import done_that_speak
from tidemark.records.leaks.models import Leak, Match, Post
from tidemark.records.overview.returns import to_return
from tidemark.records.overview.unbound import Unbound, unbound
from tidemark.records.projects.models import Draft, Project
from tidemark.records.projects.tree import is_open


@dataclass(frozen=True, slots=True)
class Exposure:
    """What of one project is in whose hands.

    Attributes
    ----------
    project : Project or None
        None for drafts that belong to no project, such as those that were marked on the command line.
    drafts : int
        Drafts on record.
    drafts_shared : int
        Drafts of which a copy was ever released to somebody.
    open_copies : int
    downloaded : int
        Copies that were downloaded at least once, open or not.
    holders : mapping of int to int
        Tier → parties that hold open copies there, in the order of the tiers; 0 for parties in no place of the tree.
    persons : int
        Persons who hold open copies; a copy may name a party alone.
    to_return : int
        Revoked copies of lost bidding rounds, whose return or destruction is overdue.
    unbound : int
        Open copies whose agreement has lapsed or was terminated, and none in force took its place.
    leaks : int
        Leaks whose traces laid them on one of its drafts.
    open_cases : int
    """

    project: Project | None
    drafts: int
    drafts_shared: int
    open_copies: int
    downloaded: int
    holders: Mapping[int, int]
    persons: int
    to_return: int
    unbound: int
    leaks: int
    open_cases: int


_COUNTS = ("shared", "open", "downloaded", "persons")


def exposures(adrift: Iterable[Unbound], *, now: datetime) -> list[Exposure]:
    """Return the exposure of every project, what is exposed most first; ``adrift`` is all that is unbound.

    A bounded number of queries.
    """
    return _exposures(Project.objects.all(), Draft.objects.all(), adrift, now=now)


def exposure_of(project: Project, *, now: datetime) -> Exposure:
    """Return the exposure of one project."""
    drafts = Draft.objects.filter(project=project)
    (found,) = _exposures(Project.objects.filter(pk=project.pk), drafts, unbound(now=now), now=now)
    return found


def _exposures(
    projects: QuerySet[Project], drafts: QuerySet[Draft], adrift: Iterable[Unbound], *, now: datetime
) -> list[Exposure]:
    known: dict[int | None, Project | None] = {project.pk: project for project in projects}
    on_record = _counted(drafts.order_by().values_list("project_id").annotate(n=Count("pk")))
    copies, tiers = _copies(drafts, now=now), _tiers(drafts, now=now)
    due, open_under, leaks, cases = to_return(now=now), _by_project(adrift), _leaks(drafts), _cases()
    if on_record.get(None):
        known[None] = None
    found = [
        Exposure(
            project=project,
            drafts=on_record.get(pk, 0),
            drafts_shared=copies.get(pk, {}).get("shared", 0),
            open_copies=copies.get(pk, {}).get("open", 0),
            downloaded=copies.get(pk, {}).get("downloaded", 0),
            holders=dict(sorted(tiers.get(pk, {}).items(), key=lambda pair: (pair[0] == 0, pair[0]))),
            persons=copies.get(pk, {}).get("persons", 0),
            to_return=due.get(pk, 0),
            unbound=open_under[pk],
            leaks=leaks.get(pk, 0),
            open_cases=cases.get(pk, 0),
        )
        for pk, project in known.items()
    ]
    return sorted(found, key=lambda each: (-each.open_copies, each.project.code_name if each.project else ""))


def _copies(drafts: QuerySet[Draft], *, now: datetime) -> dict[int | None, dict[str, int]]:
    is_held = is_open(now)
    rows = (
        Copy.objects.filter(draft__in=drafts, state=Copy.State.RELEASED, is_master=False)
        .order_by()
        .values("draft__project_id")
        .annotate(
            shared=Count("draft", distinct=True),
            open=Count("pk", filter=is_held),
            downloaded=Count("pk", filter=Exists(Download.objects.filter(copy=OuterRef("pk")))),
            persons=Count("person", filter=is_held, distinct=True),
        )
    )
    return {row["draft__project_id"]: {name: row[name] for name in _COUNTS} for row in rows}  # type: ignore[literal-required]


def _by_project(adrift: Iterable[Unbound]) -> Counter[int | None]:
    found: Counter[int | None] = Counter()
    for each in adrift:
        found[each.project.pk if each.project else None] += each.count
    return found


def _tiers(drafts: QuerySet[Draft], *, now: datetime) -> dict[int | None, Counter[int]]:
    """Return, by project, how many parties hold open copies on each tier; a party on two tiers counts on both."""
    rows = Copy.objects.filter(is_open(now), draft__in=drafts, is_master=False).order_by()
    held = {
        (project, (path or "").count("/"), holder)
        for project, path, holder in rows.values_list("draft__project_id", "engagement__path", "holder_id").distinct()
    }
    found: dict[int | None, Counter[int]] = {}
    for project, tier, _holder in held:
        found.setdefault(project, Counter())[tier] += 1
    return found


def _leaks(drafts: QuerySet[Draft]) -> dict[int | None, int]:
    """Return, by project, how many leaks the traces that speak for their files laid on its drafts."""
    rows = Match.objects.filter(trace__in=done_that_speak(), draft__in=drafts)
    shown: dict[str, set[int | None]] = {}
    for file, project in rows.values_list("trace__post__file_sha256", "draft__project_id").distinct():
        shown.setdefault(file, set()).add(project)
    posts = Post.objects.filter(
        leak__in=Leak.objects.standing(), file_sha256__in=rows.values("trace__post__file_sha256")
    )
    pairs = {
        (leak, project)
        for leak, file in posts.order_by().values_list("leak_id", "file_sha256").distinct()
        for project in shown.get(file, ())
    }
    return Counter(project for _leak, project in pairs)


def _cases() -> dict[int | None, int]:
    return _counted(
        Case.objects.exclude(status=Case.Status.CLOSED).order_by().values_list("project_id").annotate(n=Count("pk"))
    )


def _counted(rows: Any) -> dict[int | None, int]:
    return dict(rows)
