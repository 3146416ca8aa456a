"""Parties by what was put to them: whoever is merely named is not here, and what was taken back is told apart."""

from datetime import timedelta

from tests.desk import NOW, Desk
from tests.records.cases.played import copy_of, leak_of, opened, played
from tests.records.plans.rehearsed import accepted, all_done, asked
from tests.records.sanctions.imposed import imposed
from tidemark.records.cases.allege import prepare, put
from tidemark.records.cases.models import Allegation
from tidemark.records.cases.reply import reply
from tidemark.records.home import Home
from tidemark.records.overview.histories import History, histories
from tidemark.records.plans.take_back import withdraw_allegation

LATER = NOW + timedelta(days=1)


def alone() -> History:
    (found,) = histories()
    return found


def numbers(row: History) -> tuple[int, ...]:
    return row.put, row.final, row.open, row.disputed, row.withdrawn, row.sanctions, row.plans_open, row.suspended


def test_nobody_is_here_for_being_named_by_a_trace_or_in_a_draft(home: Home, desk: Desk) -> None:
    copy, lead = copy_of(desk, desk.supplier), copy_of(desk, desk.sibling)
    leak_of(desk, [lead], title="A lead", verdict="suspected")
    case = opened(home, desk, leak_of(desk, [copy]))
    assert histories() == []
    made = prepare(home, case, desk.supplier, by=desk["legal"], now=NOW)
    assert histories() == []
    withdraw_allegation(home, made, by=desk["legal"], now=NOW)
    assert histories() == []


def test_a_party_is_here_from_when_it_is_put_and_its_answer_counts(home: Home, desk: Desk) -> None:
    allegation = played(home, desk)
    assert numbers(alone()) == (1, 0, 1, 0, 0, 0, 0, 0)
    assert (alone().party, alone().cases) == (desk.supplier, (allegation.case,))
    reply(home, allegation, "disputes", text="No.", by=desk["contact"], now=LATER)
    assert numbers(alone()) == (1, 0, 1, 1, 0, 0, 0, 0)
    assert alone().last == LATER
    reply(home, allegation, "accepts", text="Yes.", by=desk["contact"], now=LATER)
    assert alone().disputed == 0


def test_what_followed_is_counted_until_it_is_over(home: Home, desk: Desk) -> None:
    imposed(home, desk)  # with a suspension
    assert numbers(alone()) == (1, 1, 0, 0, 0, 1, 0, 1)


def test_a_plan_is_open_until_every_action_is_verified(home: Home, desk: Desk) -> None:
    plan = accepted(home, desk)
    assert alone().plans_open == 1
    first, *others = plan.actions.all()
    all_done(home, desk, others)
    assert alone().plans_open == 1
    all_done(home, desk, [first])
    assert alone().plans_open == 0


def test_what_was_withdrawn_counts_in_nothing_and_takes_all_that_followed_along(home: Home, desk: Desk) -> None:
    sanction = imposed(home, desk)
    withdraw_allegation(home, sanction.allegation, apology="We were wrong.", by=desk["legal"], now=LATER)
    assert numbers(alone()) == (0, 0, 0, 0, 1, 0, 0, 0)
    assert (alone().is_cleared, alone().cases) == (True, (sanction.case,))


def test_a_plan_of_a_withdrawn_allegation_is_not_open(home: Home, desk: Desk) -> None:
    plan = asked(home, desk)
    withdraw_allegation(home, plan.allegation, apology="We were wrong.", by=desk["legal"], now=LATER)
    assert numbers(alone()) == (0, 0, 0, 0, 1, 0, 0, 0)


def test_a_party_is_ranked_by_nothing_that_was_taken_back(home: Home, desk: Desk) -> None:
    """Two parties of one allegation each; the one's second was withdrawn. Then the other's only one is."""
    played(home, desk)
    other = leak_of(desk, [copy_of(desk, desk.sibling)], title="Rear")
    case = opened(home, desk, other)
    second = prepare(home, case, desk.sibling, by=desk["legal"], now=NOW)
    put(home, second, by=desk["legal"], now=NOW)
    order = [desk.sibling, desk.supplier]  # by name: they are equal
    assert [row.party for row in histories()] == order
    for number in range(3):
        Allegation.objects.create(
            id=f"w{number}", case=case, party=desk.supplier, summary="x", answer_by=NOW, state="withdrawn", created=NOW,
            created_by=desk["legal"], put=NOW, withdrawn=NOW, apology="We were wrong.",
        )  # fmt: skip
    assert [row.party for row in histories()] == order
    assert [numbers(row)[:5] for row in histories()] == [(1, 0, 1, 0, 0), (1, 0, 1, 0, 3)]
    withdraw_allegation(home, second, apology="We were wrong.", by=desk["legal"], now=LATER)
    assert [(row.party, row.is_cleared) for row in histories()] == [(desk.supplier, False), (desk.sibling, True)]
