"""Posts that show one picture are one leak, as a proposal; no trace speaks for another file; people decide."""

from typing import Any

import pytest

from tests.conftest import NOW, make_draft
from tests.desk import Desk
from tests.records.leaks.found import hand_in, hold, repost, traced
from tidemark.errors import Refused
from tidemark.ledger.entry import Kind, decode
from tidemark.records.home import Home

WIDE = make_draft(21, size=(450, 600))


@pytest.mark.slow
@pytest.mark.parametrize(
    "again",
    [repost(WIDE, quality=40), repost(WIDE, box=(0.3, 0.2, 0.8, 0.7)), repost(WIDE, quality=50, box=(0, 0.1, 0.5, 1))],
    ids=["repost", "crop", "half"],
)
def test_reposts_and_crops_join_the_leak_that_was_there_first(home: Home, desk: Desk, again: bytes) -> None:
    from tidemark.records.leaks.looks import compare
    from tidemark.records.leaks.models import Leak

    first = hand_in(home, desk, WIDE)
    second = hand_in(home, desk, again)
    assert second.leak != first.leak
    assert compare(home, second.post, now=NOW) == first.leak
    second.post.refresh_from_db()
    assert (second.post.joined, second.post.compared) == ("looks", NOW)
    assert second.post.likeness is not None
    assert second.post.likeness > 0.65
    assert Leak.objects.get(pk=second.leak.pk).joined_into == first.leak
    assert list(Leak.objects.standing()) == [first.leak]
    assert clustered() == [
        {
            "post": second.post.pk,
            "leak": second.post.file_sha256,
            "posts": 1,
            "from": second.leak.pk,
            "to": first.leak.pk,
            "like": first.post.file_sha256,
            "likeness": second.post.likeness,
        }
    ]


def clustered() -> list[dict[str, object]]:
    """Return what the ledger says of posts that looks put into another leak."""
    from tidemark.records.ledger.models import Leaf

    return [dict(decode(bytes(leaf.data)).body) for leaf in Leaf.objects.filter(kind=Kind.LEAK_CLUSTERED)]


def test_the_first_post_stays_where_it_is(home: Home, desk: Desk) -> None:
    from tidemark.records.leaks.looks import compare

    first = hand_in(home, desk, WIDE)
    hand_in(home, desk, repost(WIDE))
    assert compare(home, first.post, now=NOW) == first.leak


def test_unrelated_pictures_stay_apart(home: Home, desk: Desk) -> None:
    from tidemark.records.leaks.looks import compare

    hand_in(home, desk, WIDE)
    other = hand_in(home, desk, make_draft(22, size=(450, 600)))
    assert compare(home, other.post, now=NOW) == other.leak
    other.post.refresh_from_db()
    assert (other.post.joined, other.post.compared) == ("first", NOW)
    assert clustered() == []


@pytest.mark.slow
def test_two_holders_copies_look_the_same_and_keep_a_trace_each(home: Home, desk: Desk) -> None:
    from tidemark.records.leaks.glance import glance
    from tidemark.records.leaks.looks import compare

    held = hold(home, desk)
    received = [hand_in(home, desk, repost(held.file_of[copy.pk])) for copy in (held.suppliers, held.sub_vendors)]
    for each in received:
        compare(home, each.post, now=NOW)
        traced(home, each)
    (seen,) = glance([received[0].leak])
    assert len(seen.posts) == 2
    assert {each.copy for each in seen.accused} == {held.suppliers, held.sub_vendors}
    assert (seen.standing, seen.is_divided, seen.drafts) == ("accused", True, (held.draft,))
    named = {sha256: [each.copy for each in trace.named.all()] for sha256, trace in seen.traces.items()}
    assert named == {
        received[0].post.file_sha256: [held.suppliers],
        received[1].post.file_sha256: [held.sub_vendors],
    }


def test_a_leak_of_a_case_is_not_moved_by_looks(home: Home, desk: Desk) -> None:
    from tidemark.records.cases.models import Case
    from tidemark.records.leaks.looks import compare

    hand_in(home, desk, WIDE)
    second = hand_in(home, desk, repost(WIDE))
    case = Case.objects.create(number="2026-001", title="a case", opened=NOW, opened_by=desk["officer"])
    case.leaks.add(second.leak)
    assert compare(home, second.post, now=NOW) == second.leak


@pytest.mark.slow
def test_looks_put_nothing_into_the_leak_of_a_settled_affair(home: Home, desk: Desk) -> None:
    from tests.records.cases.played import opened
    from tidemark.records.cases.change import close
    from tidemark.records.leaks.looks import compare

    first = hand_in(home, desk, WIDE)
    case = opened(home, desk, first.leak)
    again = hand_in(home, desk, repost(WIDE, quality=40))
    assert compare(home, again.post, now=NOW) == first.leak
    close(home, case, why="No proof.", by=desk["officer"], now=NOW)
    later = hand_in(home, desk, repost(WIDE, quality=50))
    assert compare(home, later.post, now=NOW) == later.leak


@pytest.mark.slow
def test_a_repost_joins_the_best_match_that_may_take_it_up(home: Home, desk: Desk) -> None:
    from tests.records.cases.played import opened
    from tidemark.records.cases.change import close
    from tidemark.records.leaks.looks import compare, join

    settled = hand_in(home, desk, WIDE)
    for quality in (90, 80):
        again = hand_in(home, desk, repost(WIDE, quality=quality))
        join(home, again.leak, settled.leak, by=desk["officer"], why="the same", now=NOW)
    case = opened(home, desk, settled.leak)
    close(home, case, why="No proof.", by=desk["officer"], now=NOW)
    cropped = repost(WIDE, box=(0.1, 0.1, 0.9, 0.9), quality=40)
    crop = hand_in(home, desk, cropped)
    assert compare(home, crop.post, now=NOW) == crop.leak
    for more in (repost(cropped, quality=60), repost(WIDE, quality=70)):  # the second is more like the settled leak's
        later = hand_in(home, desk, more)
        assert compare(home, later.post, now=NOW) == crop.leak
        later.post.refresh_from_db()
        assert later.post.joined == "looks"
    assert settled.leak.posts.count() == crop.leak.posts.count() == 3


@pytest.mark.parametrize(
    ("statuses", "takes_up"),
    [((), True), (("closed",), False), (("reported", "closed"), True), (("closed", "closed"), False)],
)
def test_looks_put_posts_into_leaks_of_no_case_or_of_one_that_is_not_closed(
    home: Home, desk: Desk, statuses: tuple[str, ...], takes_up: bool
) -> None:
    from tidemark.records.cases.models import Case
    from tidemark.records.leaks.looks import _taking_up

    leak = hand_in(home, desk, WIDE).leak
    for number, status in enumerate(statuses):
        made = Case.objects.create(
            number=f"2026-{number}", title="a case", status=status, opened=NOW, opened_by=desk["officer"]
        )
        made.leaks.add(leak)
    assert _taking_up().filter(pk=leak.pk).exists() is takes_up


def test_a_reason_is_kept_without_what_no_database_takes(home: Home, desk: Desk) -> None:
    from tidemark.records.leaks.looks import join
    from tidemark.records.leaks.models import Regrouping

    first, second = hand_in(home, desk, WIDE), hand_in(home, desk, make_draft(22, size=(450, 600)))
    with pytest.raises(Refused, match="reason"):
        join(home, second.leak, first.leak, by=desk["officer"], why=" \x00 ", now=NOW)
    join(home, second.leak, first.leak, by=desk["officer"], why=" the\x00 same \ud800", now=NOW)
    assert Regrouping.objects.get().why == "the same ?"


def test_what_is_joined_by_hand_while_it_is_compared_is_not_put_into_itself(
    home: Home, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tidemark.records.leaks import looks

    first, second = hand_in(home, desk, WIDE), hand_in(home, desk, repost(WIDE))
    most_alike = looks._most_alike

    def joined_meanwhile(*given: Any) -> Any:
        found = most_alike(*given)
        looks.join(home, first.leak, second.leak, by=desk["officer"], why="the same", now=NOW)
        return found

    monkeypatch.setattr(looks, "_most_alike", joined_meanwhile)
    assert looks.compare(home, second.post, now=NOW) == second.leak
    second.post.refresh_from_db()
    assert (second.post.joined, second.post.likeness, second.post.compared) == ("first", None, NOW)
    assert second.leak.posts.count() == 2
    assert clustered() == []


def test_an_officer_splits_and_joins_with_a_reason_that_is_logged(home: Home, desk: Desk) -> None:
    from tidemark.records.leaks.looks import compare, join, split
    from tidemark.records.leaks.models import Leak, Regrouping
    from tidemark.records.ledger.models import Leaf

    first = hand_in(home, desk, WIDE)
    second = hand_in(home, desk, repost(WIDE))
    compare(home, second.post, now=NOW)
    second.post.refresh_from_db()
    alone = split(home, second.post, by=desk["officer"], why="another photograph", now=NOW)
    assert list(alone.posts.all()) == [second.post]
    assert list(first.leak.posts.all()) == [first.post]
    second.post.refresh_from_db()
    assert compare(home, second.post, now=NOW) == alone  # looks do not overrule a person
    assert join(home, alone, first.leak, by=desk["investigator"], why="it is one after all", now=NOW) == first.leak
    second.post.refresh_from_db()
    assert (second.post.leak, second.post.joined) == (first.leak, "hand")
    assert Leak.objects.get(pk=alone.pk).joined_into == first.leak
    rows = list(Regrouping.objects.values_list("why", "by__name", "from_leak", "to_leak"))
    assert rows == [
        ("another photograph", "officer person", first.leak.pk, alone.pk),
        ("it is one after all", "investigator person", alone.pk, first.leak.pk),
    ]
    logged = [leaf.index for leaf in Leaf.objects.filter(kind=Kind.LEAK_REGROUPED)]
    assert logged == list(Regrouping.objects.values_list("leaf_index", flat=True))


def test_confirming_makes_it_somebody_s_word(home: Home, desk: Desk) -> None:
    from tidemark.records.leaks.looks import compare, confirm

    first = hand_in(home, desk, WIDE)
    second = hand_in(home, desk, repost(WIDE))
    compare(home, second.post, now=NOW)
    confirm(home, second.post, by=desk["officer"], why="same chrome, same crop", now=NOW)
    second.post.refresh_from_db()
    assert (second.post.leak, second.post.joined) == (first.leak, "hand")
    with pytest.raises(Refused, match="nothing to confirm"):
        confirm(home, second.post, by=desk["officer"], why="again", now=NOW)


def test_the_cases_of_a_joined_leak_get_the_other_in_its_place(home: Home, desk: Desk) -> None:
    from tidemark.records.cases.change import close
    from tidemark.records.cases.open import open_case
    from tidemark.records.leaks.looks import join

    first, second = hand_in(home, desk, WIDE), hand_in(home, desk, make_draft(23))
    closed = open_case(home, [second.leak], title="a case", by=desk["officer"], now=NOW)
    close(home, closed, why="a misunderstanding", by=desk["officer"], now=NOW)
    current = open_case(home, [second.leak], title="again", by=desk["officer"], now=NOW)
    join(home, second.leak, first.leak, by=desk["officer"], why="same affair", now=NOW)
    for case in (closed, current):
        assert list(case.leaks.all()) == [first.leak]
        told = case.events.order_by("-leaf_index").first()
        assert told is not None
        assert (told.kind, told.by) == ("case-changed", desk["officer"])
        assert told.detail == {"leak_joined": second.leak.pk, "into": first.leak.pk}


def test_the_case_of_the_leak_that_others_are_joined_to_is_told(home: Home, desk: Desk) -> None:
    from tidemark.records.cases.open import open_case
    from tidemark.records.leaks.looks import join

    first, second = hand_in(home, desk, WIDE), hand_in(home, desk, make_draft(23))
    case = open_case(home, [first.leak], title="a case", by=desk["officer"], now=NOW)
    join(home, second.leak, first.leak, by=desk["officer"], why="same affair", now=NOW)
    assert list(case.leaks.all()) == [first.leak]
    assert [each.detail for each in case.events.filter(kind="case-changed")] == [
        {"leak_joined": second.leak.pk, "into": first.leak.pk}
    ]


def test_leaks_of_two_open_cases_are_not_joined(home: Home, desk: Desk) -> None:
    from tidemark.records.cases.change import merge
    from tidemark.records.cases.open import open_case
    from tidemark.records.leaks.looks import join
    from tidemark.records.ledger.log import log_size

    first, second = hand_in(home, desk, WIDE), hand_in(home, desk, make_draft(23))
    cases = [open_case(home, [each.leak], title="a case", by=desk["officer"], now=NOW) for each in (first, second)]
    size = log_size()
    with pytest.raises(Refused, match=f"{cases[1].number} and {cases[0].number}"):
        join(home, second.leak, first.leak, by=desk["officer"], why="same affair", now=NOW)
    assert log_size() == size
    assert [list(case.leaks.all()) for case in cases] == [[first.leak], [second.leak]]
    merge(home, cases[1], cases[0], why="one affair", by=desk["officer"], now=NOW)
    join(home, second.leak, first.leak, by=desk["officer"], why="same affair", now=NOW)
    assert list(cases[0].leaks.all()) == [first.leak]


def test_what_an_allegation_rests_on_is_not_split_off(home: Home, desk: Desk) -> None:
    from tests.records.cases.played import copy_of, opened, trace_of
    from tidemark.records.cases.allege import prepare, put
    from tidemark.records.cases.change import close
    from tidemark.records.leaks.looks import join, split
    from tidemark.records.plans.take_back import withdraw_allegation

    first, second = hand_in(home, desk, WIDE), hand_in(home, desk, make_draft(23))
    join(home, second.leak, first.leak, by=desk["officer"], why="same affair", now=NOW)
    trace_of(second.post, [copy_of(desk, desk.supplier)], verdict="accused", home=home, hours=1)
    case = opened(home, desk, first.leak)
    allegation = prepare(home, case, desk.supplier, by=desk["legal"], now=NOW)
    why = {"by": desk["officer"], "why": "another photograph", "now": NOW}
    with pytest.raises(Refused, match="rests on this file"):
        split(home, second.post, **why)
    put(home, allegation, by=desk["legal"], now=NOW)
    with pytest.raises(Refused, match="rests on this file"):
        split(home, second.post, **why)
    withdraw_allegation(home, allegation, apology="We were wrong.", by=desk["legal"], now=NOW)
    close(home, case, why="withdrawn", by=desk["officer"], now=NOW)
    alone = split(home, second.post, **why)
    assert list(case.leaks.all()) == [first.leak]
    told = case.events.order_by("-leaf_index").first()
    assert told is not None
    assert told.detail == {
        "leak_split": first.leak.pk,
        "off": alone.pk,
        "off_sha256": second.post.file_sha256,
    }


def test_what_nothing_rests_on_is_split_off_beside_an_allegation(home: Home, desk: Desk) -> None:
    from tests.records.cases.played import copy_of, opened, trace_of
    from tidemark.records.cases.allege import prepare
    from tidemark.records.leaks.looks import join, split

    first, second = hand_in(home, desk, WIDE), hand_in(home, desk, make_draft(23))
    join(home, second.leak, first.leak, by=desk["officer"], why="same affair", now=NOW)
    trace_of(second.post, [copy_of(desk, desk.supplier)], verdict="accused", home=home, hours=1)
    case = opened(home, desk, first.leak)
    prepare(home, case, desk.supplier, by=desk["legal"], now=NOW)
    alone = split(home, first.post, by=desk["officer"], why="another photograph", now=NOW)
    assert list(alone.posts.all()) == [first.post]
    assert list(case.leaks.all()) == [first.leak]


@pytest.mark.parametrize("why", ["", "  ", "x" * 1001])
def test_without_a_reason_nothing_is_moved(home: Home, desk: Desk, why: str) -> None:
    from tidemark.records.leaks.looks import join

    first, second = hand_in(home, desk, WIDE), hand_in(home, desk, make_draft(23))
    with pytest.raises(Refused, match="reason"):
        join(home, second.leak, first.leak, by=desk["officer"], why=why, now=NOW)


@pytest.mark.parametrize("who", ["administrator", "legal", "communications", "contact"])
def test_others_neither_split_nor_join(home: Home, desk: Desk, who: str) -> None:
    from tidemark.records.leaks.looks import confirm, join, split

    first, second = hand_in(home, desk, WIDE), hand_in(home, desk, make_draft(23))
    for attempt in (
        lambda: join(home, second.leak, first.leak, by=desk[who], why="no", now=NOW),
        lambda: split(home, second.post, by=desk[who], why="no", now=NOW),
        lambda: confirm(home, second.post, by=desk[who], why="no", now=NOW),
    ):
        with pytest.raises(Refused, match="officers and investigators"):
            attempt()


def test_what_is_alone_cannot_be_split_and_nothing_joins_itself(home: Home, desk: Desk) -> None:
    from tidemark.records.leaks.looks import join, split

    only = hand_in(home, desk, WIDE)
    with pytest.raises(Refused, match="no other file"):
        split(home, only.post, by=desk["officer"], why="x", now=NOW)
    with pytest.raises(Refused, match="one leak already"):
        join(home, only.leak, only.leak, by=desk["officer"], why="x", now=NOW)
