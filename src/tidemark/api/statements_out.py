"""How a statement looks from outside. Statements are the owner's alone; nobody else finds any."""

from datetime import datetime

from django.db.models import QuerySet
from ninja import Schema
from pydantic import Field

from tidemark.api.callers import refuse_unless
from tidemark.api.forms import PersonRef, UncountedOut
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.cases.approvals import approvals_of, content_sha256
from tidemark.records.statements.examine import Examined
from tidemark.records.statements.issue import APPROVING
from tidemark.records.statements.models import Promise, Statement
from tidemark.records.statements.write import content_of, subject_of


class ObjectionOut(Schema):
    """What the check found. It shows what stands in the statement, never what that was compared with."""

    key: str = Field(description="Under which a reason is given.")
    rule: str
    severity: str
    place: str = Field(description="title_en, text_en, title_zh, text_zh, or a picture and its id.")
    start: int
    end: int
    said: str
    reason: str


class PromiseOut(Schema):
    """Something that it promises."""

    id: str
    words_en: str
    words_zh: str
    assignee: PersonRef | None
    due: datetime | None

    @classmethod
    def of(cls, row: Promise) -> "PromiseOut":
        who = PersonRef.of(row.assignee) if row.assignee else None
        return cls(id=row.pk, words_en=row.words_en, words_zh=row.words_zh, assignee=who, due=row.due)


class PictureOut(Schema):
    """A picture that goes out with it."""

    id: str
    file_name: str
    file_sha256: str
    shows: list[str] = Field(description="Of what is on record: draft, leak, sighting.")
    metadata: list[str] = Field(description="Names of what the file tells beside the picture.")
    compared: datetime | None = Field(description="When, with what is on record; null: not yet, and not to be issued.")
    fault: str = Field(description="Why it could not be compared; '' if it was, or is going to be. Add it again.")


class StatementOut(Schema):
    """What is said in public."""

    id: str
    case: str
    kind: str
    follows: str | None
    state: str
    title_en: str
    text_en: str
    title_zh: str
    text_zh: str
    pictures: list[PictureOut]
    promises: list[PromiseOut]
    approved: list[str] = Field(description="Roles in which it is approved as it stands.")
    uncounted: list[UncountedOut] = Field(description="Approvals on record that do not count, each with the reason.")
    content_sha256: str = Field(description="Of all of it: what is approved and issued.")
    created: datetime
    issued: datetime | None
    channel: str
    ended: datetime | None

    @classmethod
    def of(cls, row: Statement) -> "StatementOut":
        content = content_of(row)
        given = approvals_of(subject_of(row), content, APPROVING, is_over=not row.is_open)
        return cls(
            id=row.pk,
            case=row.case_id,
            kind=row.kind,
            follows=row.follows_id,
            state=row.state,
            title_en=row.title_en,
            text_en=row.text_en,
            title_zh=row.title_zh,
            text_zh=row.text_zh,
            pictures=[
                PictureOut(
                    id=each.pk,
                    file_name=each.file_name,
                    file_sha256=each.file_sha256,
                    shows=each.shows,
                    metadata=each.metadata,
                    compared=each.compared,
                    fault=each.fault,
                )
                for each in row.pictures.all()
            ],
            promises=[PromiseOut.of(each) for each in row.promises.all()],
            approved=sorted(given.by_role),
            uncounted=[UncountedOut.of(each) for each in given.uncounted],
            content_sha256=row.content_sha256 or content_sha256(content),
            created=row.created,
            issued=row.issued,
            channel=row.channel,
            ended=row.ended,
        )


class StatementRef(Schema):
    """A statement in a list."""

    id: str
    case: str
    kind: str
    state: str
    title: str
    created: datetime
    issued: datetime | None

    @classmethod
    def of(cls, row: Statement) -> "StatementRef":
        return cls(
            id=row.pk,
            case=row.case_id,
            kind=row.kind,
            state=row.state,
            title=row.title_en or row.title_zh,
            created=row.created,
            issued=row.issued,
        )


def seen_statements(person: Person) -> QuerySet[Statement]:
    """Return the statements that a person may see.

    Raises
    ------
    Problem 403
        If it is one of the owner's people who does not work on cases.
    """
    if person.is_owners:
        refuse_unless(person, Act.SEE_CASES)
    rows = Statement.objects.visible_to(person).select_related("case", "follows")
    return rows.prefetch_related("pictures", "promises__assignee")


def objections_of(examined: Examined) -> list[ObjectionOut]:
    """Return what the check found, each with the reason that was given for it."""
    return [
        ObjectionOut(
            key=each.key,
            rule=each.rule,
            severity=each.severity,
            place=each.place,
            start=each.start,
            end=each.end,
            said=each.said,
            reason=examined.reasons.get(each.key, ""),
        )
        for each in examined.objections
    ]
