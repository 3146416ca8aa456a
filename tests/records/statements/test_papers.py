"""Whatever was written, handed in or named in a case is compared with its statements: field by field."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from djmoney.money import Money

from tests.desk import NOW, Desk
from tests.records.cases.played import LATER, leak_of
from tests.records.statements.said import DUE, ready, rewrite
from tidemark.records.cases.models import Allegation, Case
from tidemark.records.home import Home
from tidemark.records.plans.models import Action, FlowDownCheck, Plan
from tidemark.records.reidentify.objection import Rule, Severity
from tidemark.records.sanctions.models import Measure, Sanction
from tidemark.records.sightings.models import Sighting
from tidemark.records.statements.examine import examine

WORDS = "the blue cupboard beside the ninth lift stood open for weeks"
FILE = "blue-cupboard-81.zip"
WHO = "Odalys Fenwright"


@dataclass(frozen=True)
class Affair:
    """A case with a plan and a sanction, in which nothing says anything yet."""

    desk: Desk
    case: Case
    allegation: Allegation
    plan: Plan
    action: Action
    check: FlowDownCheck
    sanction: Sanction
    measure: Measure

    def add(self, rows: object, **fields: object) -> object:
        return rows.create(**fields)  # type: ignore[attr-defined]

    def write(self, row: object, **fields: object) -> None:
        type(row).objects.filter(pk=row.pk).update(**fields)  # type: ignore[attr-defined]

    def report(self, **fields: object) -> object:
        given = {"text": "Done.", "person": self.desk["contact"], "time": LATER}
        return self.action.reports.create(**{**given, **fields})

    def measure_report(self, **fields: object) -> object:
        given = {"text": "Done.", "person": self.desk["contact"], "time": LATER}
        return self.measure.reports.create(**{**given, **fields})

    def appeal(self, **fields: object) -> object:
        rows = Sanction._meta.get_field("appeal").related_model.objects
        given = {"sanction": self.sanction, "person": self.desk["contact"], "reason": "No.", "time": LATER}
        return rows.create(**{**given, **fields})


@pytest.fixture
def affair(desk: Desk, case: Case) -> Affair:
    allegation = case.allegations.get()
    officer = desk["officer"]
    plan = Plan.objects.create(allegation=allegation, due=DUE, asked=LATER, asked_by=officer)
    check = plan.checks.create(
        engagement=desk.engagements["sub_vendor"],
        is_bound=True,
        result="sound",
        checked=NOW.date(),
        checked_by="",
        stated=LATER,
        stated_by=desk["contact"],
    )
    sanction = Sanction.objects.create(
        number="S-1", allegation=allegation, appeal_until=DUE, created=LATER, created_by=officer
    )
    return Affair(
        desk,
        case,
        allegation,
        plan,
        plan.actions.create(number=1, section="cause"),
        check,
        sanction,
        sanction.measures.create(kind="obligation", created=LATER),
    )


WRITTEN: dict[str, Callable[[Affair], object]] = {
    "allegation.summary": lambda a: a.write(a.allegation, summary=WORDS),
    "allegation.clause": lambda a: a.write(a.allegation, clause=WORDS),
    "reply.text": lambda a: a.write(a.allegation.replies.get(), text=WORDS),
    "agreement.clause": lambda a: a.write(a.desk.agreements["supplier"], clause=WORDS),
    "agreement.damages_formula": lambda a: a.write(a.desk.agreements["supplier"], damages_formula=WORDS),
    "plan.words": lambda a: a.write(a.plan, words=WORDS),
    "action.text": lambda a: a.write(a.action, text=WORDS),
    "action.proof": lambda a: a.write(a.action, proof=WORDS),
    "judgement.text": lambda a: a.add(
        a.action.judgements, version=1, is_accepted=False, text=WORDS, person=a.desk["officer"], time=LATER
    ),
    "done report.text": lambda a: a.report(text=WORDS),
    "done report.verdict_text": lambda a: a.report(verdict_text=WORDS),
    "check.remark": lambda a: a.write(a.check, remark=WORDS),
    "check.verdict_text": lambda a: a.write(a.check, verdict_text=WORDS),
    "sanction.words": lambda a: a.write(a.sanction, words=WORDS),
    "sanction.calculation": lambda a: a.write(a.sanction, calculation=WORDS),
    "sanction.deviation_reason": lambda a: a.write(a.sanction, deviation_reason=WORDS),
    "appeal.reason": lambda a: a.appeal(reason=WORDS),
    "decision.reason": lambda a: a.add(
        a.sanction.decisions,
        on_appeal=False,
        outcome="upheld",
        reason=WORDS,
        proposed=LATER,
        proposed_by=a.desk["legal"],
    ),
    "payment.taken_back_why": lambda a: a.add(
        a.sanction.payments,
        amount=Money(1, "CNY"),
        paid_on=NOW.date(),
        reference="A1",
        recorded_by=a.desk["legal"],
        time=LATER,
        taken_back=LATER,
        taken_back_by=a.desk["legal"],
        taken_back_why=WORDS,
    ),
    "payment term.text": lambda a: a.add(
        a.sanction.payment_terms, until=DUE, text=WORDS, person=a.desk["legal"], time=LATER
    ),
    "measure.text": lambda a: a.write(a.measure, text=WORDS),
    "measure report.text": lambda a: a.measure_report(text=WORDS),
    "measure report.verdict_reason": lambda a: a.measure_report(verdict_reason=WORDS),
}
OWN: dict[str, Callable[[Affair], object]] = {
    "note.text": lambda a: a.add(a.case.notes, person=a.desk["legal"], text=WORDS, time=LATER),
    "intent.reason": lambda a: a.add(
        a.case.intents, kind="negligent", reason=WORDS, person=a.desk["legal"], time=LATER
    ),
    "allegation.override_reason": lambda a: a.write(a.allegation, override_reason=WORDS),
    "hold.why": lambda a: a.add(
        a.allegation.holds, engagement=a.desk.engagements["supplier"], why=WORDS, begun=LATER, by=a.desk["officer"]
    ),
    "gate override.reason": lambda a: a.add(
        a.allegation.gate_overrides, reason=WORDS, proposed=LATER, proposed_by=a.desk["officer"]
    ),
}
KEPT: dict[str, Callable[[Affair], object]] = {
    "reply": lambda a: a.add(a.allegation.replies.get().files, file_sha256="0", file_name=FILE),
    "action": lambda a: a.add(
        a.action.files, file_sha256="0", file_name=FILE, person=a.desk["contact"], time=LATER, is_submitted=True
    ),
    "appeal": lambda a: a.add(a.appeal().files, file_sha256="0", file_name=FILE),  # type: ignore[attr-defined]
    "measure": lambda a: a.add(a.measure_report().files, file_sha256="0", file_name=FILE),  # type: ignore[attr-defined]
    "case": lambda a: a.add(a.case.files, file_sha256="0", file_name=FILE, person=a.desk["legal"], time=LATER),
    "post": lambda a: a.write(a.case.leaks.get().posts.get(), file_name=FILE),
    "copy": lambda a: a.write(a.allegation.named.get().copy, file_name=FILE),
    "sighting": lambda a: sighting(a.desk, case=a.case, file_name=FILE),
}
NAMED: dict[str, Callable[[Affair], object]] = {
    "action.owner": lambda a: a.write(a.action, owner=WHO),
    "check.checked_by": lambda a: a.write(a.check, checked_by=WHO),
}


def sighting(desk: Desk, **fields: object) -> Sighting:
    given = {"vehicle": "A car", "size_bytes": 1, "finder": "a friend", "received": NOW, "file_sha256": "0"}
    return Sighting.objects.create(**{**given, "received_by": desk["officer"], **fields})


def objections(home: Home, affair: Affair, said: str) -> set[tuple[Rule, Severity]]:
    """Return what the check says of a statement with these words."""
    made = ready(home, affair.desk, affair.case)
    rewrite(home, affair.desk, made, text_en=f"{made.text_en} We hear that {said}.")
    return {(each.rule, each.severity) for each in examine(made).objections}


@pytest.mark.parametrize("field", WRITTEN)
def test_what_one_side_wrote_to_the_other_is_refused_as_a_quote(home: Home, affair: Affair, field: str) -> None:
    WRITTEN[field](affair)
    assert objections(home, affair, WORDS) == {(Rule.QUOTE, Severity.REFUSES)}


@pytest.mark.parametrize("field", OWN)
def test_what_the_owners_people_wrote_for_themselves_needs_a_reason(home: Home, affair: Affair, field: str) -> None:
    OWN[field](affair)
    assert objections(home, affair, WORDS) == {(Rule.QUOTE, Severity.NEEDS_REASON)}


@pytest.mark.parametrize("kind", KEPT)
def test_the_name_of_any_file_of_the_case_is_refused(home: Home, affair: Affair, kind: str) -> None:
    KEPT[kind](affair)
    assert objections(home, affair, FILE) == {(Rule.FILE_NAME, Severity.REFUSES)}


@pytest.mark.parametrize("field", NAMED)
def test_a_person_whom_a_party_named_needs_a_reason_and_never_refuses(home: Home, affair: Affair, field: str) -> None:
    NAMED[field](affair)
    assert objections(home, affair, WHO) == {(Rule.PERSON, Severity.NEEDS_REASON)}


def test_what_nobody_wrote_or_has_submitted_is_no_objection(home: Home, affair: Affair) -> None:
    affair.action.files.create(file_sha256="0", file_name=FILE, person=affair.desk["contact"], time=LATER)
    Action.objects.update(draft={"text": WORDS, "owner": WHO})
    leak_of(affair.desk, [], title="Another affair").posts.update(file_name=FILE)
    assert objections(home, affair, f"{WORDS} in {FILE}, says {WHO}") == set()
