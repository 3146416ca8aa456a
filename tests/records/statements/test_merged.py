"""A case that was merged keeps what was said and written in it, and the case that goes on answers for it."""

import pytest

import tests.started  # noqa: F401
from tests.desk import NOW, Desk
from tests.records.cases.played import LATER, played
from tests.records.statements.said import AFTER, REPLY, issued
from tidemark.errors import Refused
from tidemark.records.cases.change import merge
from tidemark.records.cases.merged import goes_on_in, together
from tidemark.records.cases.models import Case
from tidemark.records.cases.open import open_case
from tidemark.records.cases.reply import reply
from tidemark.records.home import Home
from tidemark.records.plans.take_back import withdraw_allegation
from tidemark.records.reidentify.objection import Rule
from tidemark.records.statements.examine import examine
from tidemark.records.statements.issue import approve_statement, issue
from tidemark.records.statements.models import Statement
from tidemark.records.statements.write import prepare


def _merged(home: Home, desk: Desk, case: Case, times: int = 2) -> Case:
    """Carry a case on in another, and that in a further one."""
    for _ in range(times):
        other = open_case(home, [], title="The affair", by=desk["officer"], now=AFTER)
        merge(home, case, other, why="One affair.", by=desk["officer"], now=AFTER)
        case = other
    return case


def test_what_was_said_in_public_before_is_taken_back_where_the_case_goes_on(home: Home, desk: Desk) -> None:
    first = open_case(home, [], title="Rumours", by=desk["officer"], now=NOW)
    earlier = issued(home, desk, first, "holding")
    last = _merged(home, desk, first)
    later = prepare(home, last, "withdrawal", follows=earlier, by=desk["communications"], now=AFTER)
    for who in ("communications", "legal"):
        approve_statement(home, later, by=desk[who], now=AFTER)
    issue(home, later, channel="Press release", by=desk["communications"], now=AFTER)
    assert later.case == last == goes_on_in(Case.objects.get(pk=first.pk))
    assert Statement.objects.get(pk=earlier.pk).state == Statement.State.WITHDRAWN


def test_what_was_said_in_a_case_of_another_affair_is_not_followed(home: Home, desk: Desk) -> None:
    other, last = (open_case(home, [], title="A leak", by=desk["officer"], now=NOW) for _ in range(2))
    earlier = issued(home, desk, other, "holding")
    assert together(last) == {last.pk}
    with pytest.raises(Refused, match="Only a statement of this case"):
        prepare(home, last, "withdrawal", follows=earlier, by=desk["communications"], now=AFTER)


def test_what_a_party_answered_before_is_not_quoted_in_public_where_the_case_goes_on(home: Home, desk: Desk) -> None:
    allegation = played(home, desk)
    reply(home, allegation, "disputes", text=REPLY, by=desk["contact"], now=LATER)
    withdraw_allegation(home, allegation, apology="We are sorry.", by=desk["legal"], now=LATER)
    last = _merged(home, desk, allegation.case)
    made = prepare(home, last, "holding", by=desk["communications"], now=AFTER)
    Statement.objects.filter(pk=made.pk).update(text_en=f"{made.text_en} {REPLY[10:60]}")
    made.refresh_from_db()
    assert Rule.QUOTE in [found.rule for found in examine(made).refusing]
