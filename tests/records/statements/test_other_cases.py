"""A statement of one case points to no party of another: its papers, its numbers and its sums are known too."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from djmoney.money import Money

from tests.desk import NOW, Desk
from tests.records.cases.played import LATER
from tests.records.statements.said import DUE, REPLY, ready
from tidemark.records.agreements.models import Agreement
from tidemark.records.cases.models import Allegation, Case, Reply
from tidemark.records.cases.open import open_case
from tidemark.records.home import Home
from tidemark.records.parties.models import Party
from tidemark.records.plans.models import Plan
from tidemark.records.reidentify.objection import Rule, Severity
from tidemark.records.sanctions.models import Sanction
from tidemark.records.statements.examine import examine_texts
from tidemark.records.statements.models import Statement

ANSWER = "It was our sub-vendor. The copy that you name was never in our house: it went to our paint shop."
ACTION = "Every render room at the moulding hall gets a guarded door before the summer."
NOTE = "Their purchasing lady told me on the phone that the night shift took photographs."
REFUSED, REASONED = Severity.REFUSES, Severity.NEEDS_REASON


@pytest.fixture
def statement(home: Home, desk: Desk, case: Case) -> Statement:  # noqa: ARG001
    """Prepare one of another case than ``case``, which is about nobody yet."""
    other = open_case(home, [], title="Rumours", by=desk["officer"], now=NOW)
    return ready(home, desk, other, "holding")


def found(statement: Statement, said: str) -> set[tuple[Rule, Severity]]:
    promises = list(statement.promises.all())
    examined = examine_texts(statement, {"text_en": f"{statement.text_en} {said}"}, promises=promises)
    return {(each.rule, each.severity) for each in examined.objections if each.rule != Rule.CLAIM}


def another(desk: Desk, case: Case, party: Party, text: str, clause: str = "") -> Allegation:
    """Put an allegation to a party on record, with its answer."""
    made = Allegation.objects.create(
        case=case,
        party=party,
        summary="S",
        clause=clause,
        answer_by=DUE,
        created=LATER,
        created_by=desk["officer"],
        state="answered",
    )
    Reply.objects.create(allegation=made, person=desk["contact"], answer="disputes", text=text, time=LATER)
    return made


def sanction_of(desk: Desk, case: Case, **fields: object) -> Sanction:
    given = {"number": "S-2026-002", "allegation": case.allegations.get(), "appeal_until": DUE, "created": LATER}
    return Sanction.objects.create(**{**given, "created_by": desk["officer"], **fields})


def test_what_a_party_wrote_in_another_case_is_a_quote_all_the_same(
    desk: Desk, case: Case, statement: Statement
) -> None:
    allegation = case.allegations.get()
    allegation.replies.update(text=ANSWER)
    plan = Plan.objects.create(allegation=allegation, due=DUE, asked=LATER, asked_by=desk["officer"])
    plan.actions.create(number=1, section="cause", text=ACTION)
    for said in (ANSWER, ACTION, "the copy that you name was never in our house"):
        assert (Rule.QUOTE, REASONED) in found(statement, said), said
    assert found(statement, "There is a guarded door before the summer fête.") == {(Rule.PHRASE, REASONED)}


def test_a_note_of_another_case_needs_a_reason(desk: Desk, case: Case, statement: Statement) -> None:
    case.notes.create(person=desk["legal"], text=NOTE, time=LATER)
    assert found(statement, NOTE) == {(Rule.QUOTE, REASONED)}


def test_a_payment_that_was_taken_back_hides_no_sum(desk: Desk, case: Case, statement: Statement) -> None:
    one = sanction_of(desk, case)
    put = another(desk, case, desk.sibling, "No.")
    other = Sanction.objects.create(
        number="S-2026-003", allegation=put, appeal_until=DUE, created=LATER, created_by=desk["officer"]
    )
    facts = {"amount": Money("123456", "CNY"), "paid_on": NOW.date(), "recorded_by": desk["officer"], "time": NOW}
    one.payments.create(reference="A1", **facts)
    mistaken = other.payments.create(reference="B1", **facts)
    assert found(statement, "It is 123,456 CNY.") == set()
    mistaken.taken_back = NOW
    mistaken.save()
    assert found(statement, "It is 123,456 CNY.") == {(Rule.AMOUNT, REASONED)}


def test_what_parties_of_several_cases_wrote_points_to_none(desk: Desk, case: Case, statement: Statement) -> None:
    case.allegations.get().replies.update(text=ACTION)
    another(desk, case, desk.sibling, f"As others say: {ACTION}")
    assert found(statement, ACTION) == set()


def test_a_clause_that_agreements_of_several_parties_have_points_to_none(
    desk: Desk, case: Case, statement: Statement
) -> None:
    clause = "Whoever loses a drawing tells the owner within one working day by registered letter."
    case.allegations.update(clause=clause)
    Agreement.objects.filter(recipient=desk.supplier).update(clause=clause)
    said = "Whoever loses a drawing tells the owner within one working day."
    assert found(statement, said) == {(Rule.QUOTE, REASONED)}
    Agreement.objects.exclude(recipient=desk.supplier).update(clause=clause)
    assert found(statement, said) == set()


def test_the_number_of_a_sanction_is_refused_and_that_of_another_case_needs_a_reason(
    desk: Desk, case: Case, statement: Statement
) -> None:
    sanction_of(desk, case)
    for said, severity in (("S-2026-002", REFUSED), (f"no. {case.number}", REASONED)):
        assert found(statement, f"See {said}.") == {(Rule.NUMBER, severity)}, said
    assert found(statement, f"Our reference is {statement.case.number}, S-2026-003.") == set()


def test_every_sum_that_a_sanction_was_about_needs_a_reason(desk: Desk, case: Case, statement: Statement) -> None:
    sanction = sanction_of(desk, case, amount=Money(400_000, "CNY"), imposed_amount=Money(1_000_000, "CNY"))
    decided: dict[str, Any] = {"outcome": "reduced", "amount": Money(500_000, "CNY"), "reason": "R"}
    sanction.decisions.create(on_appeal=True, proposed=LATER, proposed_by=desk["legal"], **decided)
    paid: dict[str, Any] = {"amount": Money(125_000, "CNY"), "paid_on": LATER.date(), "reference": "1"}
    sanction.payments.create(recorded_by=desk["legal"], time=LATER, **paid)
    for said in ("400,000 CNY", "500,000 CNY", "half a million yuan", "125,000 yuan"):
        assert found(statement, f"It is {said}.") == {(Rule.AMOUNT, REASONED)}, said
    for said in ("CNY 1,000,000", "CNY 600,000", "500,000 EUR"):  # all the desk's agreements have the first
        assert found(statement, f"It is {said}.") == set(), said


def test_the_agreed_damages_are_said_though_a_sanction_has_them(home: Home, desk: Desk, case: Case) -> None:
    sanction_of(desk, case, damages=Money(1_000_000, "CNY"), amount=Money(1_000_000, "CNY"))
    made = ready(home, desk, case, with_amount=True)
    assert "1,000,000" in made.text_en
    assert found(made, "") == set()


def test_what_an_allegation_says_by_its_form_is_nobodys(case: Case, statement: Statement) -> None:
    form = "Confidential material was found where it must not be. Nothing is final before you have answered."
    case.allegations.update(summary=form)
    assert Rule.QUOTE not in {rule for rule, _severity in found(statement, form)}


def test_the_queries_of_a_check_do_not_grow_with_the_cases(home: Home, desk: Desk, statement: Statement) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            found(statement, REPLY)
        return len(asked)

    found(statement, REPLY)
    before = count()
    for number in range(5):
        other = open_case(home, [], title="Another", by=desk["officer"], now=NOW)
        another(desk, other, desk.sibling, f"This is answer {number} of several.")
    assert count() == before
