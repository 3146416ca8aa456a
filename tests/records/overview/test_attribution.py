"""How long attributions took: from what is on record, never estimated, and what was taken back told apart."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.desk import NOW, Desk
from tests.records.cases.played import copy_of, leak_of, opened, played, trace_of
from tests.records.sanctions.imposed import final
from tidemark.records.cases.allege import prepare, put
from tidemark.records.cases.change import change_status
from tidemark.records.cases.models import Allegation, Case
from tidemark.records.home import Home
from tidemark.records.leaks.models import Leak, Post, Trace
from tidemark.records.overview.attribution import Attributed, attribution, medians
from tidemark.records.overview.exposure import exposure_of
from tidemark.records.overview.traced import traced_leaks
from tidemark.records.plans.take_back import withdraw_allegation

HOUR = timedelta(hours=1)


def timed(*, posted: datetime | None = None, accused: datetime = NOW + 2 * HOUR, back: bool = False) -> Attributed:
    return Attributed(Leak(pk="x"), posted, NOW, accused, None, None, back)


def figures() -> dict[str, tuple[timedelta | None, int]]:
    return {each.step: (each.time, each.count) for each in attribution().medians}


def test_each_step_is_from_one_thing_on_record_to_the_next(home: Home, desk: Desk) -> None:
    allegation = final(home, desk)
    Post.objects.update(posted=NOW - 5 * HOUR)
    Trace.objects.update(finished=NOW + 2 * HOUR)
    Allegation.objects.update(put=NOW + 3 * HOUR, final=NOW + 10 * HOUR)
    (row,) = attribution().leaks
    assert (row.in_all, row.is_from_post, row.is_skewed, row.is_taken_back) == (7 * HOUR, True, False, False)
    assert (row.to_received, row.to_accused, row.to_put, row.to_final) == (5 * HOUR, 2 * HOUR, HOUR, 7 * HOUR)
    assert figures()["in_all"] == (7 * HOUR, 1)
    assert not attribution().waiting
    assert allegation.state == "final"


def test_without_a_time_of_the_post_it_counts_from_the_reception_and_says_so(home: Home, desk: Desk) -> None:  # noqa: ARG001
    leak_of(desk, [copy_of(desk, desk.supplier)])
    Trace.objects.update(finished=NOW + HOUR)
    (row,) = attribution().leaks
    assert (row.in_all, row.is_from_post, row.to_received, row.to_put) == (HOUR, False, None, None)
    assert figures()["to_received"] == (None, 0)


def test_clocks_that_differ_give_no_negative_time() -> None:
    row = timed(posted=NOW + HOUR)
    assert (row.to_received, row.in_all, row.is_from_post, row.is_skewed) == (None, 2 * HOUR, False, True)
    row = timed(accused=NOW - HOUR)
    assert (row.to_accused, row.in_all, row.is_skewed) == (None, None, True)
    assert timed(posted=NOW).in_all == 2 * HOUR


@pytest.mark.parametrize(("hours", "middle"), [((3,), 3), ((9, 1, 2), 2), ((4, 1, 2, 90), 3)])
def test_the_median_stands_in_the_middle(hours: tuple[int, ...], middle: int) -> None:
    rows = [timed(accused=NOW + each * HOUR) for each in hours]
    found = next(each for each in medians(rows) if each.step == "in_all")
    assert (found.time, found.count) == (middle * HOUR, len(hours))


def test_the_first_trace_that_accuses_counts_while_the_last_still_does(home: Home, desk: Desk) -> None:  # noqa: ARG001
    copy = copy_of(desk, desk.supplier)
    leak = leak_of(desk, [copy])
    trace_of(leak.posts.get(), [copy], verdict="accused", hours=3)
    assert [row.accused for row in attribution().leaks] == [NOW]
    other = copy_of(desk, desk.sibling)
    trace_of(leak.posts.get(), [other], verdict="accused", hours=300)  # somebody else
    assert [row.accused for row in attribution().leaks] == [NOW + 300 * HOUR]
    trace_of(leak.posts.get(), [copy, other], verdict="accused", hours=301)
    assert [row.accused for row in attribution().leaks] == [NOW]
    trace_of(leak.posts.get(), [], verdict="inconclusive", hours=302)
    assert attribution().leaks == ()
    assert [(each.standing, each.case) for each in attribution().waiting] == [("inconclusive", None)]


def test_a_trace_that_accused_somebody_else_does_not_shorten_the_time(home: Home, desk: Desk) -> None:
    allegation = played(home, desk)
    withdraw_allegation(home, allegation, apology="We were wrong.", by=desk["legal"], now=NOW)
    post = allegation.case.leaks.get().posts.get()
    trace_of(post, [copy_of(desk, desk.sibling)], verdict="accused", hours=300)
    (row,) = attribution().leaks
    assert (row.to_accused, row.is_taken_back) == (300 * HOUR, False)
    assert figures()["to_accused"] == (300 * HOUR, 1)


@pytest.mark.parametrize("verdict", ["suspected", "inconclusive", "unmatched"])
def test_no_verdict_but_accused_attributes(home: Home, desk: Desk, verdict: str) -> None:  # noqa: ARG001
    leak_of(desk, [], verdict=verdict)
    found = attribution()
    assert found.leaks == ()
    assert [each.standing for each in found.waiting] == ([] if verdict == "unmatched" else [verdict])


def test_leaks_that_show_no_draft_are_not_even_loaded(home: Home, desk: Desk) -> None:  # noqa: ARG001
    leak_of(desk, [], title="A holiday", verdict="unmatched")
    bumper = leak_of(desk, [], title="A bumper", verdict="inconclusive")
    assert [each.leak for each in traced_leaks()] == [bumper]


def test_no_query_is_longer_when_there_are_more_leaks(home: Home, desk: Desk) -> None:  # noqa: ARG001
    """A list of ids in it would have an end: a database takes so many variables and no more."""
    lengths = []
    for few, many in ((0, 2), (2, 12)):
        for number in range(few, many):
            verdict = "unmatched" if number % 2 else "accused"
            leak_of(desk, [copy_of(desk, desk.supplier, number=number)], title=f"Leak {number:02}", verdict=verdict)
        with CaptureQueriesContext(connection) as seen:
            assert attribution().leaks
            assert exposure_of(desk.project, now=NOW).leaks
        lengths.append([len(each["sql"]) for each in seen])
    assert lengths[0] == lengths[1]


def test_what_was_taken_back_is_told_apart_and_is_in_no_median(home: Home, desk: Desk) -> None:
    allegation = played(home, desk)
    withdraw_allegation(home, allegation, apology="We were wrong.", by=desk["legal"], now=NOW)
    (row,) = attribution().leaks
    assert (row.is_taken_back, row.put, row.final) == (True, None, None)
    assert {count for _time, count in figures().values()} == {0}


def test_what_was_taken_back_counts_in_nothing_and_is_ranked_by_its_title_alone(home: Home, desk: Desk) -> None:
    """The order of what was taken back says nothing: neither when it was attributed nor how long that took."""
    back = [played(home, desk).case.leaks.get()]
    for title in ("Bonnet", "Apron"):
        back.append(leak_of(desk, [copy_of(desk, desk.supplier, name=title)], title=title))
        case = opened(home, desk, back[-1])
        put(home, prepare(home, case, desk.supplier, by=desk["legal"], now=NOW), by=desk["legal"], now=NOW)
    for allegation in Allegation.objects.all():
        withdraw_allegation(home, allegation, apology="We were wrong.", by=desk["legal"], now=NOW)
    for hours, leak in enumerate(back):
        Trace.objects.filter(post__leak=leak).update(finished=NOW + (9 + hours) * HOUR)
    leak_of(desk, [copy_of(desk, desk.sibling)], title="Rear")
    found = attribution()
    assert [row.leak.title for row in found.leaks] == ["Rear", "Apron", "Bonnet", "Front bumper on a forum"]
    assert found.count == 1


def test_another_leaks_allegation_in_the_same_case_is_not_this_ones(home: Home, desk: Desk) -> None:
    allegation = played(home, desk)
    other = leak_of(desk, [copy_of(desk, desk.sibling)], title="Rear")
    allegation.case.leaks.add(other)
    put = {row.leak.title: row.put is not None for row in attribution().leaks}
    assert put == {"Front bumper on a forum": True, "Rear": False}


def test_a_leak_waits_until_something_is_put_or_its_case_is_closed(home: Home, desk: Desk) -> None:
    leak = leak_of(desk, [copy_of(desk, desk.supplier)])
    old = leak_of(desk, [copy_of(desk, desk.sibling)], title="Older")
    Post.objects.filter(leak=old).update(received=NOW - HOUR)
    assert [each.leak for each in attribution().waiting] == [old, leak]
    case = opened(home, desk, leak)
    assert [(each.leak, each.case) for each in attribution().waiting] == [(old, None), (leak, case)]
    change_status(home, case, Case.Status.CLOSED, why="Public.", by=desk["officer"], now=NOW)
    assert [each.leak for each in attribution().waiting] == [old]
    type(old).objects.filter(pk=old.pk).update(joined_into=leak)
    assert attribution().waiting == ()
