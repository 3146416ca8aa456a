"""Duties that had ended before the leak was first seen: said wherever the claim stands, and put by override alone."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.desk import NOW, Desk
from tests.records.cases.played import bodies, copy_of, leak_of, opened, trace_of
from tidemark.errors import Refused
from tidemark.ledger.entry import Kind
from tidemark.records.agreements.models import Agreement
from tidemark.records.cases.accusable import accusables
from tidemark.records.cases.allege import approve_override, edit, prepare, put
from tidemark.records.cases.ended import ended
from tidemark.records.cases.models import Allegation, Case
from tidemark.records.cases.override import needs_override
from tidemark.records.copies.models import Copy
from tidemark.records.home import Home
from tidemark.records.leaks.models import Post

SAID = (
    "The duties ended on 2026-03-10, before this leak was first seen on 2026-03-14; when the copy leaked is not known."
)


def _ended(desk: Desk) -> None:
    Agreement.objects.filter(pk=desk.agreements["supplier"].pk).update(valid_until=date(2026, 2, 10), survival_months=1)


def _case(home: Home, desk: Desk) -> Case:
    return opened(home, desk, leak_of(desk, [copy_of(desk, desk.supplier)]))


def _prepared(home: Home, desk: Desk) -> Allegation:
    _ended(desk)
    return prepare(home, _case(home, desk), desk.supplier, by=desk["legal"], now=NOW)


@pytest.mark.parametrize(
    ("until", "terminated", "months", "expected"),
    [
        (None, None, 60, None),
        (date(2026, 1, 31), None, 0, date(2026, 1, 31)),
        (date(2026, 1, 31), None, 1, date(2026, 2, 28)),
        (date(2023, 11, 30), None, 3, date(2024, 2, 29)),
        (date(2026, 12, 31), datetime(2026, 3, 1, 23, 59, tzinfo=UTC), 12, date(2027, 3, 1)),
        (date(2026, 1, 31), datetime(2026, 3, 1, tzinfo=UTC), 0, date(2026, 1, 31)),
        (None, datetime(2026, 3, 1, tzinfo=UTC), 1200, date(2126, 3, 1)),
        (date(9990, 1, 1), None, 1200, date.max),
    ],
)
def test_duties_last_for_the_months_that_they_survive_the_end(
    until: date | None, terminated: datetime | None, months: int, expected: date | None
) -> None:
    assert Agreement(valid_until=until, terminated=terminated, survival_months=months).duties_until() == expected


def test_what_was_seen_on_the_last_day_of_the_duties_was_seen_in_time() -> None:
    agreement = Agreement(valid_until=date(2026, 3, 14))
    midnight = datetime(2026, 3, 15, tzinfo=UTC)
    assert ended(agreement, [midnight - timedelta(seconds=1)]) is None
    found = ended(agreement, [midnight + timedelta(days=2), midnight])
    assert found is not None
    assert (found.on, found.seen) == (date(2026, 3, 14), midnight)
    assert ended(None, [midnight]) is None


def test_claim_and_text_say_that_the_duties_had_ended(home: Home, desk: Desk) -> None:
    made = _prepared(home, desk)
    (found,) = accusables(made.case)
    assert str(found.caveats.ended) == SAID
    assert SAID in made.summary


def test_a_post_from_before_the_end_shows_that_it_leaked_in_time(home: Home, desk: Desk) -> None:
    _ended(desk)
    case = _case(home, desk)
    Copy.objects.update(released=datetime(2026, 1, 10, tzinfo=UTC))
    Post.objects.update(posted=datetime(2026, 3, 10, 23, tzinfo=UTC))
    assert [each.caveats.ended for each in accusables(case)] == [None]
    made = prepare(home, case, desk.supplier, by=desk["legal"], now=NOW)
    assert "duties ended" not in made.summary
    assert not needs_override(made)
    put(home, made, by=desk["legal"], now=NOW)


def test_it_is_put_only_with_a_reason_that_two_persons_have_approved(home: Home, desk: Desk) -> None:
    made = _prepared(home, desk)
    with pytest.raises(Refused, match=r"duties ended.*missing: the reason"):
        put(home, made, by=desk["legal"], now=NOW)
    reason = "The file was on a server of the party since January."
    with pytest.raises(Refused, match="reason"):
        edit(home, made, summary=made.summary, answer_by=made.answer_by, override_reason=" ", by=desk["legal"], now=NOW)
    edit(home, made, summary=made.summary, answer_by=made.answer_by, override_reason=reason, by=desk["legal"], now=NOW)
    approve_override(home, made, by=desk["legal"], now=NOW)
    with pytest.raises(Refused, match="missing: officer"):
        put(home, made, by=desk["legal"], now=NOW)
    approve_override(home, made, by=desk["officer"], now=NOW)
    put(home, made, by=desk["legal"], now=NOW)
    (body,) = bodies(made.case_id, Kind.ALLEGATION_PUT)
    assert body["override"] is True


def test_an_override_of_ended_duties_is_not_put_once_the_last_trace_accuses_nobody(home: Home, desk: Desk) -> None:
    made = _prepared(home, desk)
    edit(home, made, summary=made.summary, answer_by=made.answer_by, override_reason="x", by=desk["legal"], now=NOW)
    for who in ("legal", "officer"):
        approve_override(home, made, by=desk[who], now=NOW)
    trace_of(Post.objects.get(), [], verdict="inconclusive", hours=2)
    with pytest.raises(Refused):
        put(home, made, by=desk["legal"], now=NOW)
