"""Nothing goes on from an allegation once a caveat is known of which its party was not told, whoever takes the step."""

from datetime import timedelta

import pytest

from tests.desk import NOW, Desk
from tests.records.cases.played import LATER, played
from tests.records.sanctions.after import decided as decided_on
from tests.records.sanctions.imposed import imposed
from tests.records.statements.said import AFTER, approved, decided, ready
from tidemark.errors import Refused
from tidemark.records.cases.models import Allegation
from tidemark.records.home import Home
from tidemark.records.leaks.correct import Known, correct
from tidemark.records.leaks.models import Post
from tidemark.records.plans.access import suspend_access
from tidemark.records.plans.ask import PLAN_WITHIN, ask_plan
from tidemark.records.sanctions.appeal import appeal
from tidemark.records.sanctions.models import Sanction
from tidemark.records.sanctions.prepare import prepare as prepare_sanction
from tidemark.records.statements.issue import issue
from tidemark.records.statements.write import prepare as prepare_statement

UNTOLD = r"Since it was put it became known: .*only after this leak was first seen"


def _seen_before_it_was_issued(home: Home, desk: Desk) -> None:
    known, why = Known(posted=NOW - timedelta(hours=2)), "By the forum's own clock."
    correct(home, Post.objects.get(), known, why=why, by=desk["investigator"], now=NOW)


def test_no_access_is_suspended_for_it(home: Home, desk: Desk) -> None:
    made = played(home, desk)
    _seen_before_it_was_issued(home, desk)
    with pytest.raises(Refused, match=UNTOLD):
        suspend_access(home, made, why="Containment.", by=desk["officer"], now=LATER)


def test_no_sanction_is_prepared_no_plan_asked_for_and_no_final_statement_prepared(home: Home, desk: Desk) -> None:
    case = decided(home, desk)
    made = Allegation.objects.get()
    _seen_before_it_was_issued(home, desk)
    with pytest.raises(Refused, match=UNTOLD):
        prepare_sanction(home, made, by=desk["officer"], now=LATER)
    with pytest.raises(Refused, match=UNTOLD):
        ask_plan(home, made, due=LATER + PLAN_WITHIN, by=desk["officer"], now=LATER)
    with pytest.raises(Refused, match="Nothing in this case is final and stands"):
        prepare_statement(home, case, "final", by=desk["communications"], now=LATER)
    assert prepare_statement(home, case, "holding", by=desk["communications"], now=LATER).kind == "holding"


def test_a_final_statement_that_was_approved_is_not_issued(home: Home, desk: Desk) -> None:
    made = approved(home, desk, ready(home, desk, decided(home, desk)))
    _seen_before_it_was_issued(home, desk)
    with pytest.raises(Refused, match="Nothing that is final in this case stands any more"):
        issue(home, made, channel="Press release", by=desk["communications"], now=AFTER)


def test_an_appeal_is_not_turned_down_but_the_sanction_can_be_waived(home: Home, desk: Desk) -> None:
    made = imposed(home, desk)
    appeal(home, made, reason="We had not got it yet.", by=desk["contact"], now=LATER)
    _seen_before_it_was_issued(home, desk)
    with pytest.raises(Refused, match=UNTOLD):
        decided_on(home, desk, made, "upheld")
    decided_on(home, desk, made, "waived")
    assert Sanction.objects.get(pk=made.pk).state == Sanction.State.WAIVED
