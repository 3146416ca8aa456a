"""How a sanction looks from outside: to the party what was imposed on it, to the owner's people how it came about."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from django.db.models import QuerySet
from djmoney.money import Money as KeptMoney
from ninja import Schema
from pydantic import Field

from tidemark.api.callers import refuse_unless
from tidemark.api.forms import PartyOut, PersonRef, UncountedOut
from tidemark.api.pages import find
from tidemark.ledger.canonical import JSON
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.cases.approvals import Approvals, content_sha256
from tidemark.records.cases.counting import UNAPPROVED, Counted
from tidemark.records.sanctions import decide
from tidemark.records.sanctions.clause import deviation_text
from tidemark.records.sanctions.impose import SANCTION_ROLES, subject_of
from tidemark.records.sanctions.letter import no_letter_in
from tidemark.records.sanctions.models import Appeal, AppealFile, Decision, Measure, MeasureFile, Payment, Sanction
from tidemark.records.sanctions.settle import account_of, due_day
from tidemark.records.sanctions.terms import content_of, kept_clause, rate_of


class AmountOut(Schema):
    """An amount with its currency; it may be zero."""

    amount: Decimal
    currency: str

    @classmethod
    def of(cls, kept: KeptMoney | None) -> "AmountOut | None":
        return None if kept is None else cls(amount=kept.amount, currency=str(kept.currency))


class RateOut(Schema):
    """At which rate the amount is converted for reporting."""

    per_unit: Decimal
    currency: str
    on: date
    source: str


class HandedFileOut(Schema):
    """A file that the party handed in."""

    id: int
    file_name: str
    file_sha256: str

    @classmethod
    def of(cls, row: AppealFile | MeasureFile) -> "HandedFileOut":
        return cls(id=row.pk, file_name=row.file_name, file_sha256=row.file_sha256)


class AppealOut(Schema):
    """What the party says against it."""

    reason: str
    person: PersonRef
    time: datetime
    files: list[HandedFileOut]

    @classmethod
    def of(cls, row: Appeal) -> "AppealOut":
        files = [HandedFileOut.of(each) for each in row.files.all()]
        return cls(reason=row.reason, person=PersonRef.of(row.person), time=row.time, files=files)


class Given:
    """What is asked once for all rows that are shown: approvals of what is prepared or proposed, and unset letters.

    Five questions to the database, however many rows there are.
    """

    def __init__(self, rows: QuerySet[Sanction]) -> None:
        prepared = rows.filter(state=Sanction.State.PREPARED).values_list("pk", flat=True)
        proposed = Decision.objects.filter(sanction__in=rows.values("pk"), taken=None).values_list("pk", flat=True)
        subjects = [*(f"sanction:{pk}" for pk in prepared), *(f"sanction-decision:{pk}" for pk in proposed)]
        self._given = Approvals(subjects)

    @cached_property
    def no_letter_in(self) -> list[str]:
        """In which languages no letter can be set here; asked once."""
        return no_letter_in()

    def approvals_of(self, subject: str, content: Mapping[str, JSON]) -> Counted:
        """Return the approvals of this very content."""
        return self._given.of(subject, content, SANCTION_ROLES)


class DecisionOut(Schema):
    """What was decided, or is proposed."""

    id: str
    outcome: str
    left: AmountOut | None
    reason: str
    on_appeal: bool
    taken: datetime | None
    approved: list[str] = Field(description="Roles in which a proposal is approved.")
    uncounted: list[UncountedOut] = Field(
        description="Approvals of a proposal on record that do not count, each with the reason."
    )

    @classmethod
    def of(cls, row: Decision, given: Given | None = None) -> "DecisionOut":
        found = given.approvals_of(decide.subject_of(row), decide.content_of(row)) if given else UNAPPROVED
        return cls(
            id=row.pk,
            outcome=row.outcome,
            left=AmountOut.of(row.amount),
            reason=row.reason,
            on_appeal=row.on_appeal,
            taken=row.taken,
            approved=sorted(found.by_role),
            uncounted=[UncountedOut.of(each) for each in found.uncounted],
        )


class PaymentOut(Schema):
    """Money that came in, or was paid back."""

    id: int
    amount: AmountOut | None
    is_repayment: bool
    paid_on: date
    reference: str
    taken_back: datetime | None = Field(description="When it was taken back: since then it is in no sum.")
    taken_back_why: str
    taken_back_by: PersonRef | None = Field(description="For the owner's people; null for a party.")

    @classmethod
    def seen_by(cls, person: Person, row: Payment) -> "PaymentOut":
        by = row.taken_back_by if person.is_owners else None
        return cls(
            id=row.pk,
            amount=AmountOut.of(row.amount),
            is_repayment=row.is_repayment,
            paid_on=row.paid_on,
            reference=row.reference,
            taken_back=row.taken_back,
            taken_back_why=row.taken_back_why,
            taken_back_by=PersonRef.of(by) if by else None,
        )


class MeasureReportOut(Schema):
    """What the party reported of a measure, and what was said to that."""

    id: int
    text: str
    person: PersonRef
    time: datetime
    files: list[HandedFileOut]
    verdict: str
    verdict_reason: str


class MeasureOut(Schema):
    """A measure."""

    id: str
    kind: str
    state: str
    text: str
    due: datetime | None
    project: int | None
    done: datetime | None
    reports: list[MeasureReportOut]

    @classmethod
    def of(cls, row: Measure) -> "MeasureOut":
        reports = [
            MeasureReportOut(
                id=each.pk,
                text=each.text,
                person=PersonRef.of(each.person),
                time=each.time,
                files=[HandedFileOut.of(file) for file in each.files.all()],
                verdict=each.verdict,
                verdict_reason=each.verdict_reason,
            )
            for each in row.reports.all()
        ]
        return cls(
            id=row.pk,
            kind=row.kind,
            state=row.state,
            text=row.text,
            due=row.due,
            project=row.project_id,
            done=row.done,
            reports=reports,
        )


class SanctionOut(Schema):
    """What a final allegation leads to."""

    id: str
    number: str
    allegation: str
    party: PartyOut
    state: str
    agreed: AmountOut | None = Field(description="What the agreement provides for.")
    cap: AmountOut | None
    formula: str
    clause: str
    amount: AmountOut | None = Field(description="What is claimed now.")
    imposed_amount: AmountOut | None = Field(description="What the letter says.")
    deviation: str = Field(description="In what the amount deviates from the agreement; '' if in nothing.")
    deviation_reason: str
    calculation: str
    rate: RateOut | None
    converted: AmountOut | None
    pay_to: str
    due_on: date | None = Field(description="Until when the letter asks for the money.")
    payable_until: date | None = Field(description="The same, or the later day that was agreed since.")
    appeal_until: datetime
    words: str
    imposed: datetime | None
    settled: datetime | None
    waived: datetime | None
    withdrawn: datetime | None
    letters: list[str] = Field(description="Languages in which there is a letter.")
    no_letter_in: list[str] = Field(
        description="Languages in which there will be none, for no typeface on the server has them; for the owner's "
        "people, before it is imposed."
    )
    balance: AmountOut | None = Field(description="What is still to be paid.")
    pay_back: AmountOut | None = Field(description="What the owner has to pay back.")
    payments: list[PaymentOut]
    measures: list[MeasureOut]
    appeal: AppealOut | None
    decisions: list[DecisionOut]
    proposed: DecisionOut | None = Field(description="For the owner's people; null for a party.")
    approved: list[str] = Field(description="Roles in which it is approved as it stands, as long as it is prepared.")
    uncounted: list[UncountedOut] = Field(
        description="Approvals on record that do not count, each with the reason, as long as it is prepared."
    )
    content_sha256: str = Field(description="Of what is approved, while it is prepared; '' later, and for a party.")
    case: str | None = Field(description="For the owner's people; null for a party.")

    @classmethod
    def seen_by(cls, person: Person, row: Sanction, given: Given) -> "SanctionOut":
        """The party gets what was imposed on it and its own words, and nothing of the case."""
        own, rate = person.is_owners, rate_of(row)
        is_imposed = row.imposed is not None
        account = account_of(row) if is_imposed else None
        decisions = list(row.decisions.all())
        proposed = next((each for each in decisions if each.taken is None), None) if own else None
        is_prepared = row.state == Sanction.State.PREPARED
        approvals = given.approvals_of(subject_of(row), content_of(row)) if own and is_prepared else UNAPPROVED
        plain = ("number", "state", "deviation_reason", "calculation", "pay_to", "due_on", "appeal_until", "words")
        times = ("imposed", "settled", "waived", "withdrawn")
        return cls(
            id=row.pk,
            allegation=row.allegation_id,
            party=PartyOut.of(row.allegation.party),
            agreed=AmountOut.of(row.damages),
            cap=AmountOut.of(row.damages_cap),
            formula=row.damages_formula,
            clause=row.allegation.clause,
            amount=AmountOut.of(row.amount),
            imposed_amount=AmountOut.of(row.imposed_amount),
            deviation=deviation_text(row.imposed_amount if is_imposed else row.amount, kept_clause(row)),
            rate=RateOut(per_unit=rate.per_unit, currency=rate.currency, on=rate.on, source=rate.source)
            if rate
            else None,
            converted=AmountOut.of(row.converted),
            payable_until=due_day(row),
            letters=[each for each in ("en", "zh") if getattr(row, f"letter_{each}_sha256")],
            no_letter_in=given.no_letter_in if own and is_prepared else [],
            balance=AmountOut.of(account.balance) if account else None,
            pay_back=AmountOut.of(account.pay_back) if account else None,
            payments=[PaymentOut.seen_by(person, each) for each in row.payments.all()],
            measures=[MeasureOut.of(each) for each in row.measures.all()],
            appeal=AppealOut.of(row.appeal) if hasattr(row, "appeal") else None,
            decisions=[DecisionOut.of(each) for each in decisions if each.taken is not None],
            proposed=DecisionOut.of(proposed, given) if proposed else None,
            approved=sorted(approvals.by_role),
            uncounted=[UncountedOut.of(each) for each in approvals.uncounted],
            content_sha256=content_sha256(content_of(row)) if own and is_prepared else "",
            case=row.allegation.case_id if own else None,
            **{name: getattr(row, name) for name in (*plain, *times)},
        )


def seen_sanctions(person: Person) -> QuerySet[Sanction]:
    """Return the sanctions that a person may see, with what an answer shows of them.

    Raises
    ------
    Problem 403
        If it is one of the owner's people who does not work on cases.
    """
    if person.is_owners:
        refuse_unless(person, Act.SEE_CASES)
    rows = Sanction.objects.visible_to(person).select_related("allegation__party", "allegation__case", "appeal__person")
    rows = rows.select_related("allegation__agreement__discloser")
    return rows.prefetch_related(
        "payments__taken_back_by",
        "payment_terms",
        "decisions",
        "appeal__files",
        "measures__reports__person",
        "measures__reports__files",
    )


def shown_sanction(person: Person, sanction_id: str) -> SanctionOut:
    """Return a sanction as it is now, to whom it is shown."""
    rows = seen_sanctions(person)
    return SanctionOut.seen_by(person, find(rows, sanction_id), Given(rows.filter(pk=sanction_id)))
