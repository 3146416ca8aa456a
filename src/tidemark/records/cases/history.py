"""The whole timeline of a case: what happened in it, and what happened to the leaks that are in it now.

A leak's own history is older than its case and goes on beside it: files are received, traced and traced again, seen in
more places, put together. Both are entries of the ledger, and its order is the timeline's.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Min, QuerySet

from tidemark.ledger.entry import Kind, decode, time_of
from tidemark.records.accounts.models import Person
from tidemark.records.cases.models import Case, CaseEvent
from tidemark.records.leaks.models import Correction, Post, Regrouping
from tidemark.records.ledger.log import hash_of
from tidemark.records.ledger.models import Leaf

OF_LEAKS = (
    Kind.LEAK_RECEIVED,
    Kind.POST_RECEIVED,
    Kind.POST_CHANGED,
    Kind.LEAK_CLUSTERED,
    Kind.LEAK_REGROUPED,
    Kind.TRACE_RUN,
    Kind.TRACE_FAILED,
)
"""What a case's timeline has of its leaks."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the timeline; each is an entry of the ledger.

    Attributes
    ----------
    kind : str
    detail : mapping of str to JSON value
        What the entry says. Of a leak also ``file``, the name that its file came under; of a post ``poster`` and
        ``channel``, as long as what is on record of them is what the entry binds; of a trace ``again``, whether the
        file had been traced before.
    by : Person or None
        None if the machine did it, or what came by e-mail.
    time : datetime
    leaf_index : int
    why : str
        The reason for putting posts together or apart, or for correcting one; '' of everything else.
    """

    kind: str
    detail: Mapping[str, Any]
    by: Person | None
    time: datetime
    leaf_index: int
    why: str = ""


def entries_of(case: Case) -> QuerySet[Leaf]:
    """Return the entries that the timeline consists of, in the ledger's order.

    Their numbers come from two indexes. With OR in place of the union, PostgreSQL walks through the whole ledger.
    """
    files = Post.objects.filter(leak__in=case.leaks.values("pk")).values("file_sha256")
    of_leaks = Leaf.objects.filter(subject__in=files, kind__in=OF_LEAKS).order_by().values("index")
    own = case.events.order_by().values("leaf_index")
    return Leaf.objects.filter(index__in=own.union(of_leaks)).order_by("index")


def lines(case: Case, entries: Iterable[Leaf]) -> list[Happening]:
    """Return a line for each of some :func:`entries_of` a case, in their order; seven queries for any number."""
    leaves = list(entries)
    indexes = [leaf.index for leaf in leaves]
    events = {each.leaf_index: each for each in case.events.filter(leaf_index__in=indexes).select_related("by__party")}
    found = _found([leaf for leaf in leaves if leaf.index not in events])
    return [_of_event(events[index]) if index in events else found[index] for index in indexes]


def _of_event(event: CaseEvent) -> Happening:
    return Happening(event.kind, event.detail, event.by, event.time, event.leaf_index)


def _found(leaves: Sequence[Leaf]) -> dict[int, Happening]:
    """Return what happened to leaks, by the numbers of the entries."""
    files = {leaf.subject for leaf in leaves}
    entries = {leaf.index: decode(bytes(leaf.data)) for leaf in leaves}
    posts = {post.pk: post for post in _posts(files)}
    names: dict[str, str] = {}
    for post in posts.values():
        names.setdefault(post.file_sha256, post.file_name)
    runs = Leaf.objects.filter(subject__in=files, kind=Kind.TRACE_RUN).values_list("subject").annotate(Min("index"))
    first = dict(runs.order_by())
    reasons = {
        index: why
        for rows in (Regrouping.objects, Correction.objects)
        for index, why in rows.filter(leaf_index__in=entries).values_list("leaf_index", "why")
    }
    by = {str(entry.body["by"]) for entry in entries.values() if entry.body.get("by")}
    persons = Person.objects.select_related("party").in_bulk(by)
    happened = {}
    for leaf in leaves:
        body = entries[leaf.index].body
        detail: dict[str, Any] = {name: value for name, value in body.items() if name != "by"}
        detail["file"] = names.get(leaf.subject, "")
        if leaf.kind in (Kind.POST_RECEIVED, Kind.POST_CHANGED):
            detail |= _names_of(posts.get(str(body["post"])), body)
        if leaf.kind == Kind.TRACE_RUN:
            detail["again"] = first[leaf.subject] < leaf.index
        happened[leaf.index] = Happening(
            kind=leaf.kind,
            detail=detail,
            by=persons.get(str(body.get("by", ""))),
            time=time_of(leaf.time),
            leaf_index=leaf.index,
            why=reasons.get(leaf.index, ""),
        )
    return happened


def _posts(files: Iterable[str]) -> QuerySet[Post]:
    return Post.objects.filter(file_sha256__in=files).select_related("poster", "channel")


def _names_of(post: Post | None, body: Mapping[str, Any]) -> dict[str, str]:
    """Return the names behind an entry's hashes, where those on record are the ones that it binds."""
    poster = post.poster.handle if post and post.poster else ""
    channel = post.channel.name if post and post.channel else ""
    return {
        "poster": poster if body.get("poster_sha256", "") == hash_of(poster) else "",
        "channel": channel if body.get("channel_sha256", "") == hash_of(channel) else "",
    }
