"""What is late is late of one row as it is of all."""

from datetime import timedelta

import pytest

from tests.desk import NOW, Desk
from tests.records.cases.played import played
from tidemark.records.cases.late import (
    has_time_to_answer,
    is_duty_late,
    is_late,
    late_cases,
    late_duties,
    late_replies,
    out_of_time,
)
from tidemark.records.cases.models import Allegation, Case, Duty
from tidemark.records.home import Home

A_LITTLE = timedelta(microseconds=1)


@pytest.mark.parametrize(("after", "late"), [(-A_LITTLE, False), (0 * A_LITTLE, False), (A_LITTLE, True)])
def test_cases_and_duties_are_late_once_their_time_is_past(
    home: Home, desk: Desk, *, after: timedelta, late: bool
) -> None:
    case = played(home, desk).case
    Case.objects.update(respond_by=NOW)
    duty = Duty.objects.create(case=case, title="Ask the forum", due=NOW, created=NOW)
    case.refresh_from_db()
    assert is_late(case, now=NOW + after) is late_cases(now=NOW + after).exists() is late
    assert is_duty_late(duty, now=NOW + after) is late_duties(now=NOW + after).exists() is late


def test_nothing_is_late_of_a_closed_case_or_a_done_duty_or_without_a_date(home: Home, desk: Desk) -> None:
    case = played(home, desk).case
    after = NOW + timedelta(days=99)
    for status, until in ((Case.Status.CLOSED, NOW), (Case.Status.ALLEGED, None)):
        Case.objects.update(status=status, respond_by=until)
        case.refresh_from_db()
        assert not is_late(case, now=after)
        assert not late_cases(now=after).exists()
    for done, due in ((NOW, NOW), (None, None)):
        duty = Duty.objects.create(case=case, title="Ask", due=due, done=done, created=NOW)
        assert not is_duty_late(duty, now=after)
    assert not late_duties(now=after).exists()


@pytest.mark.parametrize(("after", "late"), [(-A_LITTLE, False), (0 * A_LITTLE, True), (A_LITTLE, True)])
def test_a_party_has_time_until_the_moment_that_it_was_given(
    home: Home, desk: Desk, *, after: timedelta, late: bool
) -> None:
    allegation = played(home, desk)
    Allegation.objects.update(answer_by=NOW)
    allegation.refresh_from_db()
    assert has_time_to_answer(allegation, now=NOW + after) is not late
    assert out_of_time(now=NOW + after).exists() is late_replies(now=NOW + after).exists() is late


def test_what_is_marked_as_unanswered_is_late_and_not_marked_again(home: Home, desk: Desk) -> None:
    played(home, desk)
    Allegation.objects.update(state=Allegation.State.UNANSWERED)
    assert late_replies(now=NOW).exists()
    assert not out_of_time(now=NOW + timedelta(days=99)).exists()
