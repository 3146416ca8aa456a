"""Sanctions: prepared, approved and imposed by officers and legal, appealed and paid by the party.

The party sees what was imposed on it, from then on; of how it came about it sees nothing.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from djmoney.money import Money as KeptMoney
from ninja import File, Form
from ninja.files import UploadedFile
from pydantic import Field

from tidemark.api.allegations import ApprovalIn, seen_allegations
from tidemark.api.callers import caller
from tidemark.api.files import attachment, document_of, handed_out
from tidemark.api.operations import FILE, FORM, Subject
from tidemark.api.pages import Asked, Day, Id, Line, LongText, Moment, Page, Reason, RowId, Text, find, named, page
from tidemark.api.problems import forbidden, missing
from tidemark.api.sanctions_out import Given, SanctionOut, seen_sanctions, shown_sanction
from tidemark.api.sent import Sent
from tidemark.api.terms import CURRENCIES, Clause, Money
from tidemark.records import blobs
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.connect import current_home
from tidemark.records.sanctions import decide
from tidemark.records.sanctions.appeal import appeal
from tidemark.records.sanctions.convert import RATE_PLACES, Rate
from tidemark.records.sanctions.impose import approve_sanction, impose
from tidemark.records.sanctions.models import AppealFile, Decision, Sanction
from tidemark.records.sanctions.pay import record_payment, record_repayment
from tidemark.records.sanctions.prepare import edit, give_up, prepare
from tidemark.records.sanctions.take_payment_back import take_payment_back
from tidemark.records.sanctions.terms import Terms

sanctions = Subject("sanctions")


class RateIn(Sent):
    """A rate, for reporting: what one unit of ``currency`` costs in the currency of the amount."""

    per_unit: Annotated[Decimal, Field(gt=0, max_digits=20, decimal_places=RATE_PLACES)]
    currency: Literal[CURRENCIES]  # type: ignore[valid-type]
    on: Day
    source: Annotated[Line, Field(min_length=1)]


class SanctionIn(Sent):
    """The terms. Sent whole: what is left out is as if it had never been said."""

    amount: Money | None = Field(None, description="Null for measures only.")
    calculation: Text = Field("", description="How it comes out of the agreement's formula.")
    deviation_reason: Text = Field("", description="Why it is not the agreement's; the party reads it.")
    rate: RateIn | None = None
    pay_to: Text = ""
    due_on: Day | None = None
    appeal_until: Moment
    words: Clause = Field("", description="What else the letter says.")


class ReasonIn(Sent):
    """A reason, in writing."""

    reason: Reason


class SanctionDecisionIn(Sent):
    """What is to become of an imposed sanction."""

    outcome: Decision.Outcome
    reason: Clause = Field(min_length=1, description="The party reads it.")
    left: Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=2)] | None = Field(
        None, description="What is left, if it is reduced, in the currency of the amount."
    )


class DecisionRef(Sent):
    """Which proposal is meant, so that no other is approved or taken."""

    decision: Id


class PaymentIn(Sent):
    """Money that came in, or was paid back."""

    amount: Money
    paid_on: Day
    reference: Annotated[Line, Field(min_length=1)]
    is_repayment: bool = False
    is_overpaid: bool = Field(False, description="That the party paid more than it owes.")


class PaymentTakenBackIn(Sent):
    """Why a payment that was recorded by mistake is taken back."""

    reason: Reason = Field(description="The party reads it.")


class AppealIn(Sent):
    """Why the party appeals."""

    reason: Annotated[LongText, Field(min_length=1)]


@sanctions.reads("/sanctions", Page[SanctionOut])
def list_sanctions(request: HttpRequest, asked: Asked, state: Sanction.State | None = None) -> object:
    """Sanctions: for a party's contacts those imposed on it, for the owner's people all."""
    person = caller(request).person
    rows = seen_sanctions(person).order_by("-created", "pk")
    rows = rows if state is None else rows.filter(state=state)
    given = Given(rows)
    return page(request, rows, asked, lambda row: SanctionOut.seen_by(person, row, given))


@sanctions.does("POST", "/allegations/{allegation_id}/sanction", Act.ALLEGE, SanctionOut, status=201)
def prepare_sanction(request: HttpRequest, allegation_id: Id) -> SanctionOut:
    """Prepare what a final allegation leads to, with the amount that its agreement names."""
    who = caller(request)
    row = find(seen_allegations(who.person), allegation_id)
    who.must(Act.ALLEGE)
    made = prepare(current_home(), row, by=who.person, now=timezone.now())
    return shown_sanction(who.person, made.pk)


@sanctions.reads("/sanctions/{sanction_id}", SanctionOut)
def get_sanction(request: HttpRequest, sanction_id: Id) -> SanctionOut:
    """One sanction, to either side what is theirs."""
    return shown_sanction(caller(request).person, sanction_id)


@sanctions.does("PUT", "/sanctions/{sanction_id}", Act.ALLEGE, SanctionOut)
def edit_sanction(request: HttpRequest, sanction_id: Id, sent: SanctionIn) -> SanctionOut:
    """Change the terms of what is not imposed yet. A change voids the approvals."""
    rate = sent.rate
    terms = Terms(
        amount=sent.amount.kept() if sent.amount else None,
        rate=Rate(rate.per_unit, rate.currency, rate.on, rate.source) if rate else None,
        **sent.dict(include={"calculation", "deviation_reason", "pay_to", "due_on", "appeal_until", "words"}),
    )
    return by_owner(request, sanction_id, lambda row, by: edit(current_home(), row, terms, by=by, now=timezone.now()))


@sanctions.does("POST", "/sanctions/{sanction_id}/give-up", Act.ALLEGE, SanctionOut)
def give_up_sanction(request: HttpRequest, sanction_id: Id, sent: ReasonIn) -> SanctionOut:
    """Give it up before it is imposed. The party never learns of it."""
    return by_owner(
        request,
        sanction_id,
        lambda row, by: give_up(current_home(), row, reason=sent.reason, by=by, now=timezone.now()),
    )


@sanctions.does("POST", "/sanctions/{sanction_id}/approvals", Act.ALLEGE, SanctionOut)
def approve_sanction_terms(request: HttpRequest, sanction_id: Id, sent: ApprovalIn) -> SanctionOut:
    """Approve it as it stands, as legal or as officer."""
    return by_owner(
        request,
        sanction_id,
        lambda row, by: approve_sanction(
            current_home(), row, by=by, role=sent.role, seen=sent.content_sha256, now=timezone.now()
        ),
    )


@sanctions.does("POST", "/sanctions/{sanction_id}/impose", Act.ALLEGE, SanctionOut)
def impose_sanction(request: HttpRequest, sanction_id: Id) -> SanctionOut:
    """Impose it: the letter is kept, access is suspended, the party's contacts are told by mail."""
    return by_owner(request, sanction_id, lambda row, by: impose(current_home(), row, by=by, now=timezone.now()))


@sanctions.reads("/sanctions/{sanction_id}/letter/{language}", None, media_type=FILE)
def download_sanction_letter(request: HttpRequest, sanction_id: Id, language: Literal["en", "zh"]) -> HttpResponse:
    """The letter as PDF, as it was imposed, for either side."""
    row = find(seen_sanctions(caller(request).person), sanction_id)
    sha256 = row.letter_en_sha256 if language == "en" else row.letter_zh_sha256
    if not sha256:
        raise missing()
    data = blobs.get(current_home(), blobs.Shelf.CASES, sha256)
    return attachment(data, file_name=f"{row.number}-{language}.pdf")


@sanctions.does("POST", "/sanctions/{sanction_id}/decision", Act.ALLEGE, SanctionOut, status=201)
def propose_sanction_decision(request: HttpRequest, sanction_id: Id, sent: SanctionDecisionIn) -> SanctionOut:
    """Propose what becomes of it. Another proposal takes its place, and has none of its approvals."""

    def act(row: Sanction, by: Person) -> None:
        currency = row.amount.currency if row.amount is not None else None
        left = KeptMoney(sent.left, currency) if sent.left is not None and currency is not None else None
        home, now = current_home(), timezone.now()
        decide.propose(home, row, sent.outcome, reason=sent.reason, amount=left, by=by, now=now)

    return by_owner(request, sanction_id, act)


@sanctions.does("POST", "/sanctions/{sanction_id}/decision/approvals", Act.ALLEGE, SanctionOut)
def approve_sanction_decision(request: HttpRequest, sanction_id: Id, sent: DecisionRef) -> SanctionOut:
    """Approve what is proposed, as legal or as officer."""
    return by_owner(
        request,
        sanction_id,
        lambda row, by: decide.approve_decision(
            current_home(), _proposal(row, sent.decision), by=by, now=timezone.now()
        ),
    )


@sanctions.does("POST", "/sanctions/{sanction_id}/decision/take", Act.ALLEGE, SanctionOut)
def take_sanction_decision(request: HttpRequest, sanction_id: Id, sent: DecisionRef) -> SanctionOut:
    """Take the decision that legal and an officer have approved. The party is told."""
    return by_owner(
        request,
        sanction_id,
        lambda row, by: decide.take(current_home(), _proposal(row, sent.decision), by=by, now=timezone.now()),
    )


@sanctions.does("POST", "/sanctions/{sanction_id}/payments", Act.ALLEGE, SanctionOut, status=201)
def record_sanction_payment(request: HttpRequest, sanction_id: Id, sent: PaymentIn) -> SanctionOut:
    """Record a payment, or what was paid back. More than is owed is refused unless it is said."""

    def act(row: Sanction, by: Person) -> None:
        home, now, money = current_home(), timezone.now(), sent.amount.kept()
        on, reference = sent.paid_on, sent.reference
        if sent.is_repayment:
            record_repayment(home, row, money, paid_on=on, reference=reference, by=by, now=now)
            return
        over = sent.is_overpaid
        record_payment(home, row, money, paid_on=on, reference=reference, is_overpaid=over, by=by, now=now)

    return by_owner(request, sanction_id, act)


@sanctions.does("POST", "/sanctions/{sanction_id}/payments/{payment_id}/take-back", Act.ALLEGE, SanctionOut)
def take_sanction_payment_back(
    request: HttpRequest, sanction_id: Id, payment_id: RowId, sent: PaymentTakenBackIn
) -> SanctionOut:
    """Take back a payment, or what was paid back, that was recorded by mistake. It stays, and is in no sum any more."""

    def act(row: Sanction, by: Person) -> None:
        payment = find(row.payments.all(), payment_id)
        take_payment_back(current_home(), payment, why=sent.reason, by=by, now=timezone.now())

    return by_owner(request, sanction_id, act)


@sanctions.does("POST", "/sanctions/{sanction_id}/appeal", Act.ANSWER, SanctionOut, status=201)
def appeal_sanction(request: HttpRequest, sanction_id: Id, sent: AppealIn) -> SanctionOut:
    """Appeal for the party, once and by the deadline."""
    return _appealed(request, sanction_id, sent, ())


@sanctions.does("POST", "/sanctions/{sanction_id}/appeal/with-file", Act.ANSWER, SanctionOut, status=201, body=FORM)
def appeal_sanction_with_file(
    request: HttpRequest, sanction_id: Id, file: File[UploadedFile], sent: Form[AppealIn]
) -> SanctionOut:
    """Appeal for the party, with a file."""
    return _appealed(request, sanction_id, sent, (file,))


@sanctions.reads("/sanctions/{sanction_id}/files/{appeal_file_id}", None, media_type=FILE)
def download_appeal_file(request: HttpRequest, sanction_id: Id, appeal_file_id: RowId) -> HttpResponse:
    """A file of the party's appeal, for either side."""
    row = find(seen_sanctions(caller(request).person), sanction_id)
    return handed_out(find(AppealFile.objects.filter(appeal__sanction=row), appeal_file_id))


def _appealed(request: HttpRequest, sanction_id: str, sent: AppealIn, files: tuple[UploadedFile, ...]) -> SanctionOut:
    row, by = party_found(request, sanction_id)
    documents = [document_of(file) for file in files]
    appeal(current_home(), row, reason=sent.reason, files=documents, by=by, now=timezone.now())
    return shown_sanction(by, row.pk)


def _proposal(row: Sanction, decision_id: str) -> Decision:
    return named(row.decisions.filter(taken=None), decision_id, at="decision")


def party_found(request: HttpRequest, sanction_id: str) -> tuple[Sanction, Person]:
    """Return the sanction and the person, if the person answers for the party that it was imposed on."""
    who = caller(request)
    row = find(seen_sanctions(who.person), sanction_id)
    if who.person.party_id != row.allegation.party_id:
        raise forbidden(gettext("Only people of the party that it was imposed on do this."))
    who.must(Act.ANSWER)
    return row, who.person


def by_owner(request: HttpRequest, sanction_id: str, act: Callable[[Sanction, Person], object]) -> SanctionOut:
    """Do something that officers and legal do with a sanction; return what the person is shown of it then."""
    who = caller(request)
    row = find(seen_sanctions(who.person), sanction_id)
    who.must(Act.ALLEGE)
    act(row, who.person)
    return shown_sanction(who.person, row.pk)
