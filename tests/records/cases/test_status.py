"""Where a case goes on once nothing waits for a party's answer, and which steps are taken by hand."""

from itertools import product

import pytest

from tests.desk import Desk
from tests.records.cases.played import LATER, bodies, copy_of, leak_of, played
from tests.records.plans.rehearsed import DUE
from tidemark.errors import Refused
from tidemark.ledger.entry import Kind
from tidemark.records.cases.allege import prepare, put
from tidemark.records.cases.change import add_leaks, change_status, close, reopen
from tidemark.records.cases.conclude import make_final
from tidemark.records.cases.models import OPEN, Allegation, Case
from tidemark.records.cases.reply import reply
from tidemark.records.cases.status import next_by_hand
from tidemark.records.home import Home
from tidemark.records.plans.ask import ask_plan
from tidemark.records.plans.take_back import withdraw_allegation


def _decided(home: Home, desk: Desk) -> Allegation:
    """Play a case up to its first final allegation."""
    made = played(home, desk, desk.supplier)
    reply(home, made, "accepts", text="Ours.", by=desk["contact"], now=LATER)
    make_final(home, made, by=desk["legal"], now=LATER)
    return made


def _ask_plan(home: Home, desk: Desk, allegation: Allegation) -> None:
    ask_plan(home, allegation, due=DUE, words="Look at every site.", by=desk["officer"], now=LATER)


def _further(home: Home, desk: Desk, case: Case) -> Allegation:
    """Put a further allegation, to the sibling."""
    second = leak_of(desk, [copy_of(desk, desk.sibling)], title="second")
    add_leaks(home, case, [second], by=desk["officer"], now=LATER)
    made = prepare(home, case, desk.sibling, by=desk["legal"], now=LATER)
    put(home, made, by=desk["legal"], now=LATER)
    return made


def _answered(home: Home, desk: Desk, allegation: Allegation) -> None:
    reply(home, allegation, "accepts", text="Ours.", by=desk["sibling_contact"], now=LATER)
    make_final(home, allegation, by=desk["legal"], now=LATER)


def _withdraw(home: Home, desk: Desk, allegation: Allegation) -> None:
    withdraw_allegation(home, allegation, apology="We were wrong.", by=desk["legal"], now=LATER)


def _status(case: Case) -> str:
    return Case.objects.get(pk=case.pk).status


def test_a_case_is_decided_again_once_a_further_allegation_is_withdrawn(home: Home, desk: Desk) -> None:
    made = _decided(home, desk)
    further = _further(home, desk, made.case)
    assert _status(made.case) == "alleged"
    _withdraw(home, desk, further)
    assert _status(made.case) == "decided"
    last = bodies(made.case.pk, Kind.CASE_CHANGED)[-1]
    assert (last["from"], last["status"]) == ("alleged", "decided")
    _ask_plan(home, desk, made)
    assert _status(made.case) == "rectifying"


def test_a_case_in_which_the_first_became_final_meanwhile_is_decided(home: Home, desk: Desk) -> None:
    made = played(home, desk, desk.supplier)
    reply(home, made, "accepts", text="Ours.", by=desk["contact"], now=LATER)
    further = _further(home, desk, made.case)
    make_final(home, made, by=desk["legal"], now=LATER)
    assert _status(made.case) == "alleged"
    _withdraw(home, desk, further)
    assert _status(made.case) == "decided"


@pytest.mark.parametrize("end", [_withdraw, _answered])
@pytest.mark.parametrize("begun", ["by a plan", "by hand", "while it waits"])
def test_a_rectification_goes_on_once_a_further_allegation_is_dealt_with(
    home: Home, desk: Desk, begun: str, end: object
) -> None:
    made = _decided(home, desk)
    if begun == "by a plan":
        _ask_plan(home, desk, made)
    elif begun == "by hand":
        change_status(home, made.case, "rectifying", by=desk["officer"], now=LATER)
    further = _further(home, desk, made.case)
    if begun == "while it waits":
        _ask_plan(home, desk, made)
    assert _status(made.case) == "alleged"
    end(home, desk, further)  # type: ignore[operator]
    assert _status(made.case) == "rectifying"


def test_what_was_rectified_for_a_withdrawn_allegation_is_not_rectified_for_another(home: Home, desk: Desk) -> None:
    made = _decided(home, desk)
    _ask_plan(home, desk, made)
    further = _further(home, desk, made.case)
    _withdraw(home, desk, made)
    assert _status(made.case) == "alleged"
    _answered(home, desk, further)
    assert _status(made.case) == "decided"


def test_with_the_last_that_stood_the_case_is_investigated_anew(home: Home, desk: Desk) -> None:
    made = _decided(home, desk)
    further = _further(home, desk, made.case)
    _withdraw(home, desk, made)
    _withdraw(home, desk, further)
    assert _status(made.case) == "investigating"


def test_a_closed_case_is_reopened_where_it_stood(home: Home, desk: Desk) -> None:
    made = _decided(home, desk)
    case = Case.objects.get(pk=made.case.pk)
    for status in ("decided", "rectifying", "investigating"):
        close(home, case, why="Done.", by=desk["officer"], now=LATER)
        case.refresh_from_db()
        if status == "investigating":
            _withdraw(home, desk, made)
            assert _status(case) == "closed"
        assert next_by_hand(case) == (status,)
        for other in {"decided", "rectifying", "investigating"} - {status}:
            with pytest.raises(Refused, match="where it stood"):
                change_status(home, case, other, why="Again.", by=desk["officer"], now=LATER)
        reopen(home, case, why="More was found.", by=desk["officer"], now=LATER)
        assert _status(case) == status
        case.refresh_from_db()
        if status == "decided":
            _ask_plan(home, desk, made)
            case.refresh_from_db()


def test_what_is_offered_by_hand_is_what_can_be_done(home: Home, desk: Desk) -> None:
    played(home, desk, desk.supplier)
    done = set()
    for status, state, asked in product(Case.Status.values, Allegation.State.values, Case.Status.values):
        Allegation.objects.update(state=state)
        Case.objects.update(status=status)
        case = Case.objects.get()
        offered = asked in next_by_hand(case)
        try:
            change_status(home, case, asked, why="Because.", by=desk["officer"], now=LATER)
        except Refused:
            assert not offered, (status, state, asked)
        else:
            assert offered, (status, state, asked)
            done.add((status, state, asked))
    stands = {(status, "final", "investigating") for status in ("alleged", "decided", "rectifying", "closed")}
    assert not done & {*stands, *(("alleged", state, "investigating") for state in OPEN)}
    assert {("alleged", "final", "decided"), ("decided", "withdrawn", "investigating")} <= done
