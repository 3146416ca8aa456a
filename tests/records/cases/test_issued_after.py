"""What was seen before a copy was issued did not come from it, or a day is wrong: that is put by two persons alone."""

from datetime import datetime, timedelta

import pytest

from tests.desk import NOW, Desk
from tests.records.cases.played import copy_of, leak_of, opened
from tidemark.errors import Refused
from tidemark.records.cases.accusable import accusables
from tidemark.records.cases.allege import approve_override, edit, prepare, put
from tidemark.records.cases.issued_after import Later, issued_after
from tidemark.records.cases.override import needs_override
from tidemark.records.copies.models import Copy
from tidemark.records.home import Home
from tidemark.records.leaks.models import NamedCopy, Post

LATE = NOW + timedelta(hours=5)
SAID = "was issued on 2026-03-14 14:26 UTC, only after this leak was first seen on 2026-03-14 09:26 UTC."


def _issued(copy: Copy, at: datetime) -> Copy:
    Copy.objects.filter(pk=copy.pk).update(created=at, released=at)
    return Copy.objects.get(pk=copy.pk)


def test_a_file_that_a_command_wrote_after_the_leak_was_seen_is_put_only_by_two_persons(home: Home, desk: Desk) -> None:
    copy = _issued(copy_of(desk, desk.supplier), LATE)
    made = prepare(home, opened(home, desk, leak_of(desk, [copy])), desk.supplier, by=desk["legal"], now=NOW)
    assert needs_override(made)
    assert f"By the ledger, copy {copy.pk} {SAID}" in made.summary
    with pytest.raises(Refused, match=r"was issued on .* missing: the reason"):
        put(home, made, by=desk["officer"], now=NOW)
    reason = "The clock of the desk was wrong."
    edit(home, made, summary=made.summary, answer_by=made.answer_by, override_reason=reason, by=desk["legal"], now=NOW)
    for who in ("legal", "officer"):
        approve_override(home, made, by=desk[who], now=NOW)
    put(home, made, by=desk["officer"], now=NOW)


def test_a_copy_that_was_issued_when_the_leak_was_seen_is_put_at_once(home: Home, desk: Desk) -> None:
    case = opened(home, desk, leak_of(desk, [copy_of(desk, desk.supplier)]))
    assert accusables(case)[0].caveats.issued_after is None
    put(home, prepare(home, case, desk.supplier, by=desk["officer"], now=NOW), by=desk["officer"], now=NOW)


def test_a_post_from_before_the_copy_was_issued_says_so_of_the_claim(home: Home, desk: Desk) -> None:
    copy = copy_of(desk, desk.supplier)
    case = opened(home, desk, leak_of(desk, [copy]))
    Post.objects.update(posted=NOW - timedelta(minutes=1))
    found = accusables(case)[0].caveats.issued_after
    assert found is not None
    assert found.copies == (Later(copy.pk, NOW, NOW - timedelta(minutes=1)),)


def test_each_copy_is_said_once_with_the_time_of_its_own_leak(desk: Desk) -> None:
    copies = [_issued(copy_of(desk, desk.supplier, number=number), LATE) for number in (1, 2, 3)]
    _issued(copies[2], NOW)
    leak_of(desk, copies)
    leak_of(desk, copies[:1], title="Again")
    named = list(NamedCopy.objects.select_related("copy").order_by("pk"))
    seen = {each.pk: NOW + timedelta(minutes=number) for number, each in enumerate(named)}
    found = issued_after([each for each in named if each.copy_id != copies[2].pk], seen)
    assert found is not None
    times = {copies[0].pk: NOW, copies[1].pk: NOW + timedelta(minutes=1)}
    assert {each.copy: each.seen for each in found.copies} == times
    assert str(found).count(". By the ledger, copy ") == 1
    assert issued_after([each for each in named if each.copy_id == copies[2].pk], seen) is None
