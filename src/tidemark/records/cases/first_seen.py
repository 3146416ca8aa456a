"""Since when what a copy leaked is known to have been out at the latest, and was said to have been before.

Files are one leak because they look the same, and may come from different copies. So of the other files of a leak only
those speak of a copy that its mark was found in, or in which no copy's was: what another's copy was made into shows
nothing of when this one leaked.

When a file was posted is what somebody says, and one person corrects it; one person also takes a file out of a leak,
puts it there, or hands in another post. So what it was said to be before is kept in sight: the earliest and the latest
of what ever was on record.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from tidemark.ledger.entry import time_of
from tidemark.records.leaks.glance import done_that_speak
from tidemark.records.leaks.models import Correction, NamedCopy, Post, Regrouping

_STATED_TO = timedelta(minutes=1)
"""People state the minute: a leak that was posted in the minute of something was not seen before it. When a file was
handed in is exact, by the same clock that dates copies and downloads."""


def was_before(seen: datetime, other: datetime) -> bool:
    """Whether a leak was first seen before another moment, as exactly as it is told: a whole minute means all of it."""
    is_minute = not (seen.second or seen.microsecond)
    return seen + _STATED_TO <= other if is_minute else seen < other


@dataclass(frozen=True, slots=True)
class FirstSeen:
    """When a leak was first seen: as it is known now, and by the earliest and latest ever on record of its posts."""

    now: datetime
    earliest: datetime
    latest: datetime


def first_seen_of(named: Collection[NamedCopy]) -> dict[int, FirstSeen]:
    """Return by naming, by its id, the earliest time at which its file, or another of its leak that can come from its
    copy, is known to have been out: posted, or received. Five queries.
    """
    posts = {each.pk: each.trace.post for each in named}
    leaks = _leaks_of(posts.values())
    ever = frozenset().union(*leaks.values())
    same_leak = Q(leak__in=ever) | Q(regroupings__from_leak__in=ever) | Q(regroupings__to_leak__in=ever)
    same_file = Q(file_sha256__in={post.file_sha256 for post in posts.values()})
    known = list(Post.objects.filter(same_leak | same_file).distinct())
    leaks |= _leaks_of(known)
    marks = _marks_of({post.file_sha256 for post in known})
    times = _times_of(known)
    found = {}
    for each in named:
        own = posts[each.pk]
        shown = [
            post
            for post in known
            if post.file_sha256 == own.file_sha256
            or (leaks[post.pk] & leaks[own.pk] and _may_show(each.copy_id, marks.get(post.file_sha256, {})))
        ]
        together = [post for post in shown if own.leak_id == post.leak_id or own.file_sha256 == post.file_sha256]
        first = min(post.received for post in together if post.file_sha256 == own.file_sha256)
        always = [
            post
            for post in together
            if post.received <= first and (leaks[post.pk] == {own.leak_id} or own.file_sha256 == post.file_sha256)
        ]
        found[each.pk] = FirstSeen(
            now=min(times[post.pk].now for post in together),
            earliest=min(times[post.pk].earliest for post in shown),
            latest=min(times[post.pk].latest for post in always),
        )
    return found


def _leaks_of(posts: Iterable[Post]) -> dict[str, frozenset[str]]:
    """Return, by post, the leaks in which it is or was: by its looks at first, then wherever people put it."""
    leaks = {post.pk: {post.leak_id} for post in posts}
    moved = Regrouping.objects.filter(post__in=leaks).values_list("post", "from_leak", "to_leak")
    for post, *both in moved:
        leaks[post].update(both)
    return {post: frozenset(each) for post, each in leaks.items()}


def _times_of(posts: Iterable[Post]) -> dict[str, FirstSeen]:
    """Return, by post, since when its file was out by what is on record of it, and was before it was corrected."""
    times = {post.pk: [_out(post, post.posted)] for post in posts}
    corrected = Correction.objects.filter(post__in=times).select_related("post")
    for each in corrected:
        said = each.before.get("posted", "")
        times[each.post_id].append(_out(each.post, time_of(said) if said else None))
    return {post: FirstSeen(ever[0], min(ever), max(ever)) for post, ever in times.items()}


def _out(post: Post, posted: datetime | None) -> datetime:
    return min(posted or post.received, post.received)


def _marks_of(files: Collection[str]) -> dict[str, dict[str, bool]]:
    """Return, by file, the copies that the trace names that speaks for it, each with whether it accuses the copy."""
    speaking = done_that_speak().filter(post__file_sha256__in=files)
    rows = NamedCopy.objects.filter(trace__in=speaking).order_by()
    marks: dict[str, dict[str, bool]] = {}
    for file, copy, is_accused in rows.values_list("trace__post__file_sha256", "copy", "is_accused"):
        marks.setdefault(file, {})[copy] = is_accused
    return marks


def _may_show(copy: str, marks: Mapping[str, bool]) -> bool:
    """Whether a file of the same leak, with the copies that are named in it, can come from this copy."""
    return copy in marks or not any(marks.values())
