"""Copies as lists and pages show them: each with how things stand with it now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min

from tidemark.records.copies.models import Copy, Download
from tidemark.records.projects.matrix import Standing, standing
from tidemark.web.copies.standings import TONES, words


@dataclass(frozen=True, slots=True)
class Line:
    """One copy; `word` says how things stand with it."""

    copy: Copy
    standing: Standing
    word: str
    opened: datetime | None
    child_count: int

    @property
    def tone(self) -> str:
        """The class of its badge."""
        return TONES[self.standing]


def lines_of(copies: Iterable[Copy], *, at: datetime) -> list[Line]:
    """Return the lines of copies, in their order.

    What a line shows is loaded here, for the copies that are shown: a list of ten thousand is to be sorted and cut by
    their ids alone (``only("pk")``), with nothing joined to it.
    """
    ids = [copy.pk for copy in copies]
    shown = Copy.objects.select_related("draft__project", "holder", "person").annotate(standing=standing(at))
    known: dict[str, Any] = shown.in_bulk(ids)
    downloads = Download.objects.filter(copy__in=ids).order_by().values_list("copy_id")
    opened: dict[str, datetime] = dict(downloads.annotate(Min("time")))
    children = Copy.objects.filter(parent__in=ids).order_by().values_list("parent_id")
    counts: dict[str | None, int] = dict(children.annotate(Count("pk")))
    said, lines = words(), []
    for pk in ids:
        if (copy := known.get(pk)) is not None:
            now = Standing(copy.standing)
            lines.append(Line(copy, now, said[now], opened.get(pk), counts.get(pk, 0)))
    return lines
