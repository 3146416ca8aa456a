"""Confidentiality agreements, and who accepted them."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated

from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from ninja import File, Schema
from ninja.files import UploadedFile
from pydantic import Field, StringConstraints

from tidemark.api.callers import caller
from tidemark.api.files import attachment
from tidemark.api.forms import PartyOut, PersonRef, ProjectRef
from tidemark.api.operations import FILE, FORM, Subject
from tidemark.api.pages import Asked, Id, Page, Reason, RowId, find, named, page
from tidemark.api.problems import forbidden, missing
from tidemark.api.sent import Sent
from tidemark.api.terms import AgreementIn, Money, TermsIn
from tidemark.errors import LimitExceeded
from tidemark.limits import MAX_DOCUMENT_BYTES
from tidemark.records import blobs
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.agreements.accept import accept
from tidemark.records.agreements.documents import Document
from tidemark.records.agreements.models import Acceptance, Agreement
from tidemark.records.agreements.register import amend, may_register, put_in_force, register, terminate, terms_of
from tidemark.records.agreements.search import Stands, standing_so
from tidemark.records.connect import current_home
from tidemark.records.copies.sub_vendors import bindable_by

agreements = Subject("agreements")

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class AcceptIn(Sent):
    """That an agreement is accepted, as it was read."""

    for_party: bool = Field(description="Whether it binds the whole party; else the caller alone.")
    content_sha256: Sha256 = Field(description="Of the content that was read.")


class TerminationIn(Sent):
    """A reason."""

    why: Reason


class AcceptanceOut(Schema):
    """Somebody accepted an agreement; the ledger has it."""

    person: PersonRef
    for_party: bool
    accepted: datetime
    ledger_index: int


class AgreementOut(Schema):
    """What one party hands to another, and what that one owes for it."""

    id: str
    reference: str
    discloser: PartyOut
    recipient: PartyOut
    under: str | None = Field(description="The agreement whose duty it passes on.")
    covers_all_projects: bool
    projects: list[ProjectRef]
    kinds: list[str]
    valid_from: date
    valid_until: date | None
    survival_months: int
    flow_down: bool
    standing_approval: bool
    liable_downstream: bool
    damages: Money | None
    damages_formula: str
    damages_cap: Money | None
    clause: str
    governing_law: str
    document_name: str
    document_sha256: str
    content: str = Field(description="The terms as canonical JSON, from when it came into force.")
    content_sha256: str = Field(description="What an acceptance binds to.")
    state: str
    is_accepted_for_party: bool
    accepted_persons: int = Field(description="How many persons accepted it for themselves, whoever they are.")
    acceptances: list[AcceptanceOut] = Field(description="Those of the caller's own party; for the owner's people all.")
    created: datetime
    terminated: datetime | None
    terminated_why: str

    @classmethod
    def seen_by(cls, person: Person, agreement: Agreement) -> "AgreementOut":
        """Each side sees all of it, but which persons of the other side accepted is the owner's to see."""
        accepted = list(agreement.acceptances.all())
        return cls(
            id=agreement.id,
            reference=agreement.reference,
            discloser=PartyOut.of(agreement.discloser),
            recipient=PartyOut.of(agreement.recipient),
            under=agreement.under_id if person.is_owners or agreement.discloser_id == person.party_id else None,
            covers_all_projects=agreement.covers_all_projects,
            projects=[ProjectRef.of(project) for project in agreement.projects.all()],
            kinds=agreement.kinds,
            valid_from=agreement.valid_from,
            valid_until=agreement.valid_until,
            survival_months=agreement.survival_months,
            flow_down=agreement.flow_down,
            standing_approval=agreement.standing_approval,
            liable_downstream=agreement.liable_downstream,
            damages=Money.of(agreement.damages),
            damages_formula=agreement.damages_formula,
            damages_cap=Money.of(agreement.damages_cap),
            clause=agreement.clause,
            governing_law=agreement.governing_law,
            document_name=agreement.document_name,
            document_sha256=agreement.document_sha256,
            content=agreement.content,
            content_sha256=agreement.content_sha256,
            state=agreement.state,
            is_accepted_for_party=any(each.for_party for each in accepted),
            accepted_persons=sum(not each.for_party for each in accepted),
            acceptances=[
                AcceptanceOut(
                    person=PersonRef.of(each.person),
                    for_party=each.for_party,
                    accepted=each.accepted,
                    ledger_index=each.leaf_index,
                )
                for each in accepted
                if person.is_owners or each.person.party_id == person.party_id
            ],
            created=agreement.created,
            terminated=agreement.terminated,
            terminated_why=agreement.terminated_why,
        )


def seen_agreements(person: Person) -> QuerySet[Agreement]:
    """Return the agreements that a person may see, with what an answer shows of them."""
    rows = Agreement.objects.visible_to(person).select_related("discloser", "recipient")
    valid = Acceptance.objects.as_they_stand().select_related("person")
    return rows.prefetch_related("projects", Prefetch("acceptances", valid))


@agreements.reads("/agreements", Page[AgreementOut])
def list_agreements(
    request: HttpRequest,
    asked: Asked,
    state: Agreement.State | None = None,
    project: RowId | None = None,
    party: RowId | None = None,
    stands: Stands | None = None,
) -> object:
    """Agreements that the caller's party is a side of; for the owner's people all.

    With a project, those that name it; with a party, those that it is a side of; with ``stands``, those that
    stand so today: ``expiring`` ones end within 30 days, ``lapsed`` ones have ended without being terminated.
    """
    person = caller(request).person
    rows = seen_agreements(person).order_by("-valid_from", "reference", "pk")
    if state is not None:
        rows = rows.filter(state=state)
    if project is not None:
        rows = rows.filter(projects=project)
    if party is not None:
        rows = rows.filter(Q(discloser_id=party) | Q(recipient_id=party))
    if stands is not None:
        rows = rows.filter(standing_so(stands, on=timezone.now().date()))
    return page(request, rows, asked, lambda row: AgreementOut.seen_by(person, row))


@agreements.reads("/agreements/{agreement_id}", AgreementOut)
def get_agreement(request: HttpRequest, agreement_id: Id) -> AgreementOut:
    """One agreement."""
    person = caller(request).person
    return AgreementOut.seen_by(person, find(seen_agreements(person), agreement_id))


@agreements.does("POST", "/agreements", Act.MANAGE_AGREEMENTS, AgreementOut, status=201)
def register_agreement(request: HttpRequest, sent: AgreementIn) -> AgreementOut:
    """Put a prepared agreement on record, by which the caller's own party discloses to another.

    The owner's officers and legal people do that with suppliers; a supplier's contact with its sub-vendors, under the
    agreement whose duty it passes on.
    """
    who = caller(request)
    if not may_register(who.person.party, who.person):
        who.must(Act.MANAGE_AGREEMENTS)
    made = register(
        current_home(),
        who.person.party,
        named(bindable_by(who.person), sent.recipient, at="recipient"),
        sent.for_records(who.person),
        by=who.person,
        now=timezone.now(),
        under=named(Agreement.objects.visible_to(who.person), sent.under, at="under") if sent.under else None,
    )
    return AgreementOut.seen_by(who.person, find(seen_agreements(who.person), made.pk))


@agreements.does("PUT", "/agreements/{agreement_id}", Act.MANAGE_AGREEMENTS, AgreementOut)
def amend_agreement(request: HttpRequest, agreement_id: Id, sent: TermsIn) -> AgreementOut:
    """Change the terms of an agreement that is only prepared. Its document stays."""
    return _by_discloser(
        request, agreement_id, lambda known, by: amend(current_home(), known, sent.for_records(by), by=by)
    )


@agreements.does("POST", "/agreements/{agreement_id}/document", Act.MANAGE_AGREEMENTS, AgreementOut, body=FORM)
def attach_document(
    request: HttpRequest,
    agreement_id: Id,
    file: File[UploadedFile],
) -> AgreementOut:
    """Attach the signed PDF to an agreement that is only prepared."""

    def attach(known: Agreement, by: Person) -> None:
        if (file.size or 0) > MAX_DOCUMENT_BYTES:
            raise LimitExceeded(gettext("A document has at most %(most)d MB.") % {"most": MAX_DOCUMENT_BYTES >> 20})
        amend(current_home(), known, terms_of(known), by=by, document=Document(file.name or "", file.read()))

    return _by_discloser(request, agreement_id, attach)


@agreements.reads("/agreements/{agreement_id}/document", None, media_type=FILE)
def download_document(request: HttpRequest, agreement_id: Id) -> HttpResponse:
    """The signed PDF, for both sides."""
    known = find(Agreement.objects.visible_to(caller(request).person), agreement_id)
    if not known.document_sha256:
        raise missing()
    data = blobs.get(current_home(), blobs.Shelf.DOCUMENTS, known.document_sha256)
    return attachment(data, file_name=known.document_name)


@agreements.does("POST", "/agreements/{agreement_id}/put-in-force", Act.MANAGE_AGREEMENTS, AgreementOut)
def put_agreement_in_force(request: HttpRequest, agreement_id: Id) -> AgreementOut:
    """Fix the terms. From now on the recipient can accept them."""
    return _by_discloser(
        request, agreement_id, lambda known, by: put_in_force(current_home(), known, by=by, now=timezone.now())
    )


@agreements.does("POST", "/agreements/{agreement_id}/terminate", Act.MANAGE_AGREEMENTS, AgreementOut)
def terminate_agreement(request: HttpRequest, agreement_id: Id, sent: TerminationIn) -> AgreementOut:
    """End an agreement: nothing more is released or downloaded by it."""
    return _by_discloser(
        request,
        agreement_id,
        lambda known, by: terminate(current_home(), known, why=sent.why, by=by, now=timezone.now()),
    )


@agreements.does("POST", "/agreements/{agreement_id}/accept", Act.ACCEPT_FOR_PARTY, AgreementOut)
def accept_agreement(request: HttpRequest, agreement_id: Id, sent: AcceptIn) -> AgreementOut:
    """Accept an agreement that is in force: for the whole party, or for oneself. The ledger has it."""
    who = caller(request)
    known = find(seen_agreements(who.person), agreement_id)
    if who.person.party_id != known.recipient_id:
        raise forbidden(gettext("Only people of the party that receives accept an agreement."))
    if sent.for_party:
        who.must(Act.ACCEPT_FOR_PARTY)
    accept(
        current_home(),
        known,
        by=who.person,
        for_party=sent.for_party,
        content_sha256=sent.content_sha256,
        now=timezone.now(),
    )
    return AgreementOut.seen_by(who.person, find(seen_agreements(who.person), known.pk))


def _by_discloser(request: HttpRequest, agreement_id: str, act: Callable[[Agreement, Person], object]) -> AgreementOut:
    """Do what only people of the party that discloses may do."""
    who = caller(request)
    known = find(seen_agreements(who.person), agreement_id)
    if not may_register(known.discloser, who.person):
        raise forbidden(gettext("Only people of the party that discloses do this, if they have the role."))
    act(known, who.person)
    return AgreementOut.seen_by(who.person, find(seen_agreements(who.person), known.pk))
