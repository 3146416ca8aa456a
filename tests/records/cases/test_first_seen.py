"""When a copy was out at the latest is shown by the files that it may be in: not by those that accuse another's."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.desk import NOW, Desk
from tests.records.cases.played import copy_of, leak_of, opened, trace_of
from tidemark.errors import Refused
from tidemark.records.agreements.models import Agreement
from tidemark.records.cases.accusable import accusables
from tidemark.records.cases.allege import prepare, put
from tidemark.records.cases.first_seen import FirstSeen, first_seen_of
from tidemark.records.cases.override import needs_override
from tidemark.records.copies.models import Copy, Download
from tidemark.records.home import Home
from tidemark.records.leaks.correct import Known, correct
from tidemark.records.leaks.models import Leak, NamedCopy, Post

OLD = NOW - timedelta(days=60)


def _in_one_leak(desk: Desk, copy: Copy, others: Collection[Copy], *, verdict: str) -> Leak:
    """A leak whose new file accuses a copy, and whose old one, which looks the same, says something of others."""
    leak = leak_of(desk, [copy], title="new")
    other = leak_of(desk, list(others), title="old", verdict=verdict)
    Post.objects.filter(leak=other).update(posted=OLD, leak=leak)
    return leak


def _first_seen(copy: Copy) -> datetime:
    named = list(NamedCopy.objects.filter(copy=copy, is_accused=True).select_related("trace__post", "copy"))
    (found,) = {seen.now for seen in first_seen_of(named).values()}
    return found


def test_a_file_that_accuses_another_partys_copy_does_not_show_that_this_one_leaked_in_time(
    home: Home, desk: Desk
) -> None:
    Agreement.objects.filter(pk=desk.agreements["supplier"].pk).update(valid_until=date(2026, 2, 10))
    leak = _in_one_leak(desk, copy_of(desk, desk.supplier), [copy_of(desk, desk.sibling)], verdict="accused")
    Copy.objects.update(released=OLD)
    made = prepare(home, opened(home, desk, leak), desk.supplier, by=desk["officer"], now=NOW)
    assert needs_override(made)
    with pytest.raises(Refused, match="duties ended on 2026-02-10"):
        put(home, made, by=desk["officer"], now=NOW)


def test_a_file_that_accuses_another_partys_copy_does_not_say_that_nobody_had_this_one(home: Home, desk: Desk) -> None:
    copy = copy_of(desk, desk.supplier)
    Copy.objects.filter(pk=copy.pk).update(path="", person=desk["contact"])
    Download.objects.create(copy=copy, person=desk["contact"], time=NOW - timedelta(hours=1), leaf_index=0)
    case = opened(home, desk, _in_one_leak(desk, copy, [copy_of(desk, desk.sibling)], verdict="accused"))
    found = {each.party: each.caveats for each in accusables(case)}
    assert not found[desk.supplier]
    assert found[desk.sibling].issued_after is not None


@pytest.mark.parametrize(
    ("verdict", "others", "counts"),
    [
        ("inconclusive", (), True),
        ("suspected", ("supplier",), True),
        ("suspected", ("sibling",), True),
        ("accused", ("supplier", "sibling"), True),
        ("accused", ("sibling",), False),
    ],
)
def test_a_file_of_the_leak_counts_if_it_names_the_copy_or_accuses_none(
    desk: Desk, verdict: str, others: Collection[str], counts: bool
) -> None:
    copies = {who: copy_of(desk, getattr(desk, who)) for who in ("supplier", "sibling")}
    _in_one_leak(desk, copies["supplier"], [copies[who] for who in others], verdict=verdict)
    named = NamedCopy.objects.filter(trace__post__posted=None).select_related("trace__post", "copy")
    (seen,) = first_seen_of(named).values()
    assert seen.now == (OLD if counts else NOW)


def test_the_last_trace_of_the_other_file_speaks_and_one_that_was_not_traced_counts(desk: Desk) -> None:
    copy, theirs = copy_of(desk, desk.supplier), copy_of(desk, desk.sibling)
    _in_one_leak(desk, copy, [theirs], verdict="accused")
    old = Post.objects.get(posted=OLD)
    assert _first_seen(copy) == NOW
    trace_of(old, [], verdict="inconclusive", hours=2)
    assert _first_seen(copy) == OLD
    trace_of(old, [theirs], verdict="accused", hours=3)
    assert _first_seen(copy) == NOW
    old.traces.all().delete()
    assert _first_seen(copy) == OLD


def test_a_file_of_the_copys_own_counts_wherever_it_was_seen(desk: Desk) -> None:
    copy = copy_of(desk, desk.supplier)
    leak_of(desk, [copy])
    post = Post.objects.get()
    elsewhere = Leak.objects.create(title="Elsewhere", created=NOW)
    Post.objects.create(
        leak=elsewhere, file_sha256=post.file_sha256, file_name="x.jpg", size_bytes=1, received=OLD, leaf_index=0
    )
    assert _first_seen(copy) == OLD


def test_the_times_of_many_are_asked_in_five_queries(desk: Desk) -> None:
    copies = [copy_of(desk, desk.supplier, number=number) for number in range(4)]
    for number in range(3):
        leak_of(desk, copies, title=f"leak {number}")
    named = list(NamedCopy.objects.select_related("trace__post", "copy"))
    for some in (named[:1], named):
        with CaptureQueriesContext(connection) as asked:
            assert len(first_seen_of(some)) == len(some)
        assert len(asked) == 5


def test_of_a_post_that_was_corrected_the_earliest_and_the_latest_stay_in_sight(home: Home, desk: Desk) -> None:
    copy = copy_of(desk, desk.supplier)
    leak_of(desk, [copy])
    for days in (3, 60, 5):
        posted = NOW - timedelta(days=days)
        correct(home, Post.objects.get(), Known(posted=posted), why="A mistake.", by=desk["officer"], now=NOW)
    named = list(NamedCopy.objects.select_related("trace__post", "copy"))
    assert [*first_seen_of(named).values()] == [FirstSeen(NOW - timedelta(days=5), OLD, NOW)]
    Post.objects.create(
        leak=Leak.objects.get(), file_sha256="0" * 64, file_name="x.jpg", size_bytes=1, received=OLD, leaf_index=0
    )
    assert [*first_seen_of(named).values()] == [FirstSeen(OLD, OLD, OLD)]
