"""Since when what a copy leaked is known to have been out, at the latest.

Files are one leak because they look the same, and may come from different copies. So of the other files of a leak only
those speak of a copy that its mark was found in, or in which no copy's was: what another's copy was made into shows
nothing of when this one leaked.
"""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from tidemark.records.leaks.glance import done_that_speak
from tidemark.records.leaks.models import NamedCopy, Post


def first_seen_of(named: Collection[NamedCopy]) -> dict[int, datetime]:
    """Return by naming, by its id, the earliest time at which its file, or another of its leak that can come from its
    copy, is known to have been out: posted, or received. Two queries.
    """
    posts = {each.pk: each.trace.post for each in named}
    same_leak = Q(leak__in={post.leak_id for post in posts.values()})
    same_file = Q(file_sha256__in={post.file_sha256 for post in posts.values()})
    known = list(Post.objects.filter(same_leak | same_file))
    marks = _marks_of({post.file_sha256 for post in known})
    found = {}
    for each in named:
        own = posts[each.pk]
        found[each.pk] = min(
            min(post.posted or post.received, post.received)
            for post in known
            if post.file_sha256 == own.file_sha256
            or (post.leak_id == own.leak_id and _may_show(each.copy_id, marks.get(post.file_sha256, {})))
        )
    return found


def _marks_of(files: Collection[str]) -> dict[str, dict[str, bool]]:
    """Return, by file, the copies that the trace names that speaks for it, each with whether it accuses the copy."""
    speaking = done_that_speak().filter(post__file_sha256__in=files)
    rows = NamedCopy.objects.filter(trace__in=speaking).order_by()
    marks: dict[str, dict[str, bool]] = {}
    for file, copy, is_accused in rows.values_list("trace__post__file_sha256", "copy", "is_accused"):
        marks.setdefault(file, {})[copy] = is_accused
    return marks


def _may_show(copy: str, marks: dict[str, bool]) -> bool:
    """Whether a file of the same leak, with the copies that are named in it, can come from this copy."""
    return copy in marks or not any(marks.values())
