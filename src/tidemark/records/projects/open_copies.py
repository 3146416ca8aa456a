"""Projects and drafts with what lists say of them, counted by the database: no query grows with the rows."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from tidemark.records.copies.models import Copy, Download
from tidemark.records.projects.models import Draft, Engagement, Project
from tidemark.records.projects.tree import is_open


def with_counts(projects: QuerySet[Project], *, at: datetime) -> "QuerySet[Project, Any]":
    """Annotate ``draft_count``, ``party_count`` and ``open_count``."""
    drafts = Draft.objects.filter(project=OuterRef("pk"))
    parties = Engagement.objects.filter(project=OuterRef("pk"))
    copies = Copy.objects.filter(is_open(at), draft__project=OuterRef("pk"), is_master=False)
    return projects.annotate(
        draft_count=_counted(drafts, "project", "pk"),
        party_count=_counted(parties, "project", "party", distinct=True),
        open_count=_counted(copies, "draft__project", "pk"),
    )


def with_draft_counts(drafts: QuerySet[Draft], *, at: datetime) -> "QuerySet[Draft, Any]":
    """Annotate ``open_count``, ``copy_count`` and ``opened_count``: copies open now, ever made, and downloaded."""
    copies = Copy.objects.filter(draft=OuterRef("pk"), is_master=False)
    downloaded = copies.filter(Exists(Download.objects.filter(copy=OuterRef("pk"))))
    return drafts.annotate(
        open_count=_counted(copies.filter(is_open(at)), "draft", "pk"),
        copy_count=_counted(copies, "draft", "pk"),
        opened_count=_counted(downloaded, "draft", "pk"),
    )


def newest_only(drafts: QuerySet[Draft]) -> QuerySet[Draft]:
    """Keep of each file name the latest revision."""
    later = Draft.objects.filter(
        project=OuterRef("project"), file_name=OuterRef("file_name"), revision__gt=OuterRef("revision")
    )
    return drafts.filter(~Exists(later))


def _counted(rows: QuerySet[Any], by: str, what: str, *, distinct: bool = False) -> Coalesce:
    counts = rows.order_by().values(by).annotate(count=Count(F(what), distinct=distinct)).values("count")
    return Coalesce(Subquery(counts, output_field=IntegerField()), 0)
