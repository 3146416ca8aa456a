"""What a leak shows and has in common with others, at a glance."""

import pytest

from tests.desk import NOW, Desk
from tests.records.cases.played import copy_of, draft, leak_of
from tidemark import limits
from tidemark.records.home import Home
from tidemark.records.leaks.glance import glance, similar
from tidemark.records.leaks.models import Leak, Match, Post, Trace

WEAK = limits.SHOWN_CORRELATION - 0.1


def _also_matched(leak: Leak, desk: Desk, correlation: float) -> None:
    rear, trace = draft(desk, "rear.png"), Trace.objects.get(post__leak=leak)
    Match.objects.create(trace=trace, draft=rear, correlation=correlation, coverage=0.1, mirrored=True)


@pytest.mark.parametrize(("correlation", "shown"), [(WEAK, ["front.png"]), (0.9, ["front.png", "rear.png"])])
def test_a_further_draft_is_said_to_be_shown_only_if_it_fits_well(
    home: Home,  # noqa: ARG001 - the records are open
    desk: Desk,
    correlation: float,
    shown: list[str],
) -> None:
    leak = leak_of(desk, [copy_of(desk, desk.supplier)])
    _also_matched(leak, desk, correlation)
    (seen,) = glance([leak])
    assert [each.file_name for each in seen.drafts] == shown


def test_the_draft_that_fits_best_is_said_however_faint_the_leak_is(home: Home, desk: Desk) -> None:  # noqa: ARG001
    leak = leak_of(desk, [copy_of(desk, desk.supplier)])
    Match.objects.update(correlation=WEAK)
    (seen,) = glance([leak])
    assert [each.file_name for each in seen.drafts] == ["front.png"]


def test_what_two_leaks_have_in_common_is_said_once_however_many_posts_have_it(
    home: Home,  # noqa: ARG001
    desk: Desk,
) -> None:
    leak, other = (leak_of(desk, [copy_of(desk, desk.supplier, number=n)], title=f"Leak {n}") for n in (1, 2))
    again = Post.objects.get(leak=other)
    again.pk, again.received = None, NOW.replace(hour=23)
    again.save(force_insert=True)
    assert similar(*glance([leak])) == [(other, ("draft",))]


def test_a_faint_match_is_nothing_in_common(home: Home, desk: Desk) -> None:  # noqa: ARG001
    rear = leak_of(desk, [copy_of(desk, desk.supplier, name="rear.png")], title="Rear")
    front = leak_of(desk, [copy_of(desk, desk.sibling)], title="Front")
    _also_matched(front, desk, WEAK)
    assert similar(*glance([rear])) == []
    assert similar(*glance([front])) == []
