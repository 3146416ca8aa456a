"""Statements as rows, with all that can hang on one."""

from collections.abc import Iterator
from datetime import timedelta

from benchmarks.desk.rows import an_id

from tests.desk import NOW
from tests.web.counted.found import PICTURE_SHA256
from tests.web.counted.written import LEGAL, OFFICER
from tidemark.ledger.canonical import JSON
from tidemark.records.cases.models import Case, Duty
from tidemark.records.statements.models import Promise, Statement, StatementPicture
from tidemark.records.statements.write import content_of, subject_of


def statement(case: Case, number: int) -> None:
    """Write a statement about a case, with a picture and a promise."""
    Statement.objects.create(
        id=an_id("statement", case.pk, number),
        case=case,
        kind=Statement.Kind.HOLDING,
        title_en="A statement",
        text_en="We promise to look into it. Supplier 0 leaked it.",
        title_zh="声明",
        text_zh="我们会调查。",
        created=NOW + timedelta(minutes=number),
        created_by_id=LEGAL,
    )
    if number == 0:
        more(case, 0)


def more(case: Case, number: int) -> None:
    """Add one of everything that a statement has many of."""
    of = Statement.objects.get(pk=an_id("statement", case.pk, 0))
    promise = Promise.objects.create(
        id=an_id("promise", of.pk, number),
        statement=of,
        words_en="look into it",
        assignee_id=OFFICER,
        due=NOW,
        created=NOW,
    )
    Duty.objects.create(
        id=an_id("promised", promise.pk), case=case, title="Look", due=NOW, promised_in=of.pk, created=NOW
    )
    StatementPicture.objects.create(
        id=an_id("shown", of.pk, number),
        statement=of,
        file_sha256=PICTURE_SHA256,
        file_name=f"car {number}.jpg",
        shows=[],
        compared=NOW,
        person_id=OFFICER,
        time=NOW,
    )
    of.reasons = {**of.reasons, f"key {number}": {"text": "It is known.", "person": OFFICER, "time": NOW.isoformat()}}
    of.save()


def approved(case: str) -> Iterator[tuple[str, dict[str, JSON]]]:
    """Yield what of a case's statements is approved, and under what."""
    for each in Statement.objects.filter(case=case):
        yield subject_of(each), content_of(each)
