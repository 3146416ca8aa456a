"""Sanctions as rows, with all that can hang on one."""

from collections.abc import Iterator
from datetime import timedelta

from benchmarks.desk.issued import Log
from benchmarks.desk.rows import an_id
from djmoney.money import Money

from tests.desk import NOW
from tests.web.counted.written import CONTACT, KEPT_SHA256, LEGAL, tell
from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind
from tidemark.records.cases.models import Allegation
from tidemark.records.projects.models import Engagement
from tidemark.records.sanctions.decide import content_of as decision_content
from tidemark.records.sanctions.decide import subject_of as decision_subject
from tidemark.records.sanctions.impose import subject_of
from tidemark.records.sanctions.models import (
    Appeal,
    AppealFile,
    Decision,
    Measure,
    MeasureFile,
    MeasureReport,
    Payment,
    PaymentTerm,
    Sanction,
)
from tidemark.records.sanctions.terms import content_of


def sanction(log: Log, allegation: Allegation, state: str) -> Sanction:
    """Impose something, or have it prepared."""
    is_imposed = state != "prepared"
    made = Sanction.objects.create(
        id=an_id("sanction", allegation.pk),
        number=f"S-{an_id('sanction', allegation.pk)}",
        allegation=allegation,
        state=state,
        damages=Money(1_000_000, "CNY"),
        amount=Money(1_000_000, "CNY"),
        pay_to="Bank of Halden",
        due_on=NOW.date() + timedelta(days=9),
        appeal_until=NOW + timedelta(days=9),
        created=NOW,
        created_by_id=LEGAL,
        imposed=NOW if is_imposed else None,
        imposed_by_id=LEGAL if is_imposed else None,
        imposed_amount=Money(1_000_000, "CNY") if is_imposed else None,
        letter_en_sha256=KEPT_SHA256 if is_imposed else "",
        letter_zh_sha256=KEPT_SHA256 if is_imposed else "",
        settled=NOW if state == "settled" else None,
        waived=NOW if state == "waived" else None,
        withdrawn=NOW if state == "withdrawn" else None,
    )
    if is_imposed:
        tell(log, allegation.case, Kind.SANCTION, {"party": allegation.party.name, "sanction": made.pk})
    if state == "appealed":
        Appeal.objects.create(sanction=made, person_id=CONTACT, reason="It is too much.", time=NOW)
    return made


def more(of: Sanction, number: int) -> None:
    """Add one of everything that a sanction has many of: measures with their reports, payments, decisions, files."""
    is_imposed = of.imposed is not None
    states = ("reported", "open") if is_imposed else ("prepared", "prepared")
    for kind, state in zip(("obligation", "person"), states, strict=True):
        measure = Measure.objects.create(
            id=an_id("measure", of.pk, kind, number),
            sanction=of,
            kind=kind,
            text="Train.",
            due=NOW + timedelta(days=9),
            state=state,
            created=NOW,
        )
        for each in range(number + 1 if is_imposed else 0):
            report = MeasureReport.objects.create(
                measure=measure,
                person_id=CONTACT,
                text="Done.",
                time=NOW,
                verdict="returned" if each < number else "",
                judged=NOW if each < number else None,
                judged_by_id=LEGAL if each < number else None,
            )
            MeasureFile.objects.create(report=report, file_sha256=KEPT_SHA256, file_name="proof.txt")
    places = Engagement.objects.filter(party=of.party).order_by("created", "project__code_name")
    if number < len(places):
        Measure.objects.create(
            id=an_id("measure", of.pk, "suspension", number),
            sanction=of,
            kind="suspension",
            text="Until the gate opens.",
            project=places[number].project,
            state="open" if is_imposed else "prepared",
            created=NOW,
        )
    if is_imposed:
        part = {"amount": Money(1000, "CNY"), "paid_on": NOW.date(), "recorded_by_id": LEGAL, "time": NOW}
        Payment.objects.create(sanction=of, reference=f"part {number}", **part)
        back = {"taken_back": NOW, "taken_back_by_id": LEGAL, "taken_back_why": "Of another."}
        Payment.objects.create(sanction=of, reference=f"mistake {number}", **part, **back)
        until = NOW.date() + timedelta(days=30)
        PaymentTerm.objects.create(sanction=of, until=until, text="Later.", person_id=LEGAL, time=NOW)
        Decision.objects.create(
            id=an_id("decision", of.pk, number),
            sanction=of,
            on_appeal=of.state == "appealed",
            outcome="upheld",
            reason="So.",
            proposed=NOW + timedelta(minutes=number),
            proposed_by_id=LEGAL,
            taken=NOW if number or not of.is_open else None,
        )
    if of.state == "appealed":
        AppealFile.objects.create(appeal=of.appeal, file_sha256=KEPT_SHA256, file_name=f"log {number}.txt")


def approved(case: str) -> Iterator[tuple[str, dict[str, JSON]]]:
    """Yield what of a case's sanctions is approved, and under what."""
    for each in Sanction.objects.filter(allegation__case=case).select_related("allegation"):
        yield subject_of(each), content_of(each)
    for decision in Decision.objects.filter(sanction__allegation__case=case).select_related("sanction"):
        yield decision_subject(decision), decision_content(decision)
