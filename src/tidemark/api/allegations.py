"""Allegations: prepared and put by officers and legal, answered by the party that they are put to.

The party sees its own allegation, its own replies and, once granted, the evidence. Of the case it sees nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from ninja import Schema
from pydantic import Field, StringConstraints

from tidemark.api.callers import caller, refuse_unless
from tidemark.api.cases import seen_cases
from tidemark.api.forms import PartyOut, PersonRef, UncountedOut
from tidemark.api.operations import Subject
from tidemark.api.pages import Asked, Id, Moment, Page, RowId, Text, find, named, part
from tidemark.api.sent import Sent
from tidemark.limits import MAX_CLAUSE_CHARS, MAX_JSON_WHOLE
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.cases.allege import approve_override, edit, prepare, prepare_override, put
from tidemark.records.cases.approvals import Approvals, content_sha256
from tidemark.records.cases.conclude import make_final
from tidemark.records.cases.counting import UNAPPROVED
from tidemark.records.cases.hand_over import Bundle, bundles_of_each, grant_evidence
from tidemark.records.cases.models import Allegation, Reply
from tidemark.records.cases.override import Footing, footings_of, overrides_given
from tidemark.records.cases.stopped import Stopped, stopped
from tidemark.records.connect import current_home
from tidemark.records.parties.models import Party
from tidemark.records.plans.take_back import withdraw_allegation as take_back

allegations = Subject("allegations")

Words = Annotated[str, StringConstraints(min_length=1, max_length=MAX_CLAUSE_CHARS, pattern=r"^[^\x00]*$")]
Number = Annotated[int, Field(ge=0, le=MAX_JSON_WHOLE)]


class AllegationIn(Sent):
    """To whom something is put; with a reason, though no copy is accused."""

    party: RowId
    agreement: Id | Literal[""] | None = Field(
        None, description="Under which the party answers, '' for none on record; needed if it does under several."
    )
    override_reason: Text = ""


class AllegationEdit(Sent):
    """What is put, and until when the party is to answer."""

    summary: Words
    answer_by: Moment
    override_reason: Text | None = None


class ReadIn(Sent):
    """What was read."""

    content_sha256: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")] = Field(
        "", description="Of the content that was read: refused if it is another by now. '' for whatever it is."
    )


class ApprovalIn(ReadIn):
    """In which role something is approved, by default in the one that is missing; and what was read."""

    role: Annotated[str, StringConstraints(max_length=20, pattern=r"^[a-z]*$")] = ""


class ApologyIn(Sent):
    """What the party is told; it may be left out if it never saw the allegation."""

    apology: Annotated[str, StringConstraints(max_length=MAX_CLAUSE_CHARS, pattern=r"^[^\x00]*$")] = ""


class ReplyFileOut(Schema):
    """A file of a reply."""

    id: int
    file_name: str
    file_sha256: str


class ReplyOut(Schema):
    """What a party answered."""

    answer: str
    text: str
    names_party: PartyOut | None
    names: str
    person: PersonRef
    time: datetime
    files: list[ReplyFileOut]

    @classmethod
    def of(cls, row: Reply) -> "ReplyOut":
        return cls(
            answer=row.answer,
            text=row.text,
            names_party=PartyOut.of(row.names_party) if row.names_party else None,
            names=row.names,
            person=PersonRef.of(row.person),
            time=row.time,
            files=[
                ReplyFileOut(id=file.pk, file_name=file.file_name, file_sha256=file.file_sha256)
                for file in row.files.all()
            ],
        )


class BundleOut(Schema):
    """Sealed evidence."""

    id: int
    why_not: str = Field(description="Why it cannot be handed to the party; '' if it can.")


class AllegationOut(Schema):
    """What is put to one party, and what it answered."""

    id: str
    party: PartyOut
    state: str
    summary: str
    agreement: str | None
    is_owners_agreement: bool | None = Field(
        description="Whether the owner is the discloser; else no damages are derived from it. null without one."
    )
    duties_ended: str = Field(
        description="That the agreement's duties had ended before the leak was first seen, in words: then it is put "
        "only by override. '' if they had not."
    )
    not_downloaded: str = Field(
        description="That files of the copies had not left the owner's desk when the leak was first seen, in words: "
        "then it is put only by override. '' if they had."
    )
    issued_after: str = Field(
        description="That copies were issued only after the leak was first seen, in words: then it is put only by "
        "override. '' if before."
    )
    said_before_correction: str = Field(
        description="Which of these three was to be said until a post of the leak was corrected, in words: then it is "
        "put only by override. '' if none."
    )
    stopped: str = Field(
        description="Why nothing goes on from it, and what to do about it: a later trace does not bear it any more, or "
        "what speaks against it became known after it was put. For the owner's people; '' if it goes on, and for a "
        "party."
    )
    clause: str
    answer_by: datetime
    put: datetime | None
    final: datetime | None
    withdrawn: datetime | None
    apology: str
    evidence_asked: datetime | None
    evidence_granted: datetime | None
    replies: list[ReplyOut]
    case: str | None = Field(description="For the owner's people; null for a party.")
    copies: list[str] = Field(description="For the owner's people; what a party is told stands in the summary.")
    override_reason: str = Field(description="For the owner's people; '' for a party.")
    override_approved: list[str] = Field(description="Roles in which it is approved as it stands.")
    override_uncounted: list[UncountedOut] = Field(
        description="Approvals of it on record that do not count, each with the reason; [] for a party."
    )
    content_sha256: str = Field(description="Of what is put: what is approved. For the owner's people; '' for a party.")
    bundles: list[BundleOut] = Field(description="For a party, once they are granted.")

    @classmethod
    def seen_by(cls, person: Person, row: Allegation, beside: "Beside") -> "AllegationOut":
        """The party gets its own allegation and its own words, and nothing of the case, nor whether it is stopped."""
        own, footing = person.is_owners, beside.footings[row.pk]
        caveats = footing.caveats
        given = footing.approved_in(beside.given) if own and footing.by_override else UNAPPROVED
        bundles = beside.bundles[row.pk] if own or row.evidence_granted is not None else []
        return cls(
            id=row.pk,
            party=PartyOut.of(row.party),
            state=row.state,
            summary=row.summary,
            agreement=row.agreement_id,
            is_owners_agreement=row.agreement.is_owners if row.agreement else None,
            duties_ended=str(caveats.ended or ""),
            not_downloaded=str(caveats.undownloaded or ""),
            issued_after=str(caveats.issued_after or ""),
            said_before_correction=str(caveats.corrected or ""),
            stopped=str(beside.gone.get(row.pk, "")) if own else "",
            clause=row.clause,
            answer_by=row.answer_by,
            put=row.put,
            final=row.final,
            withdrawn=row.withdrawn,
            apology=row.apology,
            evidence_asked=row.evidence_asked,
            evidence_granted=row.evidence_granted,
            replies=[ReplyOut.of(each) for each in row.replies.all()],
            case=row.case_id if own else None,
            copies=sorted(each.copy_id for each in footing.named) if own else [],
            override_reason=row.override_reason if own else "",
            override_approved=sorted(given.by_role),
            override_uncounted=[UncountedOut.of(each) for each in given.uncounted],
            content_sha256=content_sha256(footing.content) if own else "",
            bundles=[BundleOut(id=each.match.pk, why_not=each.why_not) for each in bundles if own or not each.why_not],
        )


@dataclass(frozen=True, slots=True)
class Beside:
    """What is asked once for all allegations that are shown."""

    footings: Mapping[str, Footing]
    given: Approvals
    bundles: Mapping[str, Sequence[Bundle]]
    gone: Mapping[str, Stopped]

    @classmethod
    def of(cls, rows: Sequence[Allegation]) -> "Beside":
        return cls(footings_of(rows), overrides_given(rows), bundles_of_each(rows), stopped(rows))


def seen_allegations(person: Person) -> QuerySet[Allegation]:
    """Return the allegations that a person may see, with what an answer shows of them."""
    if person.is_owners:
        refuse_unless(person, Act.SEE_CASES)
    rows = Allegation.objects.visible_to(person).select_related("party", "agreement__discloser", "case")
    return rows.prefetch_related("replies__person", "replies__names_party", "replies__files")


@allegations.reads("/allegations", Page[AllegationOut])
def list_allegations(request: HttpRequest, asked: Asked, state: Allegation.State | None = None) -> object:
    """Allegations: for a party's contacts those put to it, for the owner's people all."""
    person = caller(request).person
    rows = seen_allegations(person).order_by("-created", "pk")
    rows = rows if state is None else rows.filter(state=state)
    found = list(rows[asked.offset : asked.offset + asked.limit + 1])
    beside = Beside.of(found)
    return part(request, found, asked, lambda row: AllegationOut.seen_by(person, row, beside))


@allegations.does("POST", "/cases/{case_id}/allegations", Act.ALLEGE, AllegationOut, status=201)
def prepare_allegation(request: HttpRequest, case_id: Id, sent: AllegationIn) -> AllegationOut:
    """Prepare an allegation to the party that answers for an accused copy.

    With a reason it may be prepared though no copy is accused; it is put only if two persons, legal and an officer,
    approve it.
    """
    who = caller(request)
    case = find(seen_cases(who.person), case_id)
    who.must(Act.ALLEGE)
    party = named(Party.objects.all(), sent.party, at="party")
    home, now = current_home(), timezone.now()
    if sent.override_reason:
        reason, under = sent.override_reason, sent.agreement
        made = prepare_override(home, case, party, reason=reason, by=who.person, now=now, under=under)
    else:
        made = prepare(home, case, party, by=who.person, now=now, under=sent.agreement)
    return shown(who.person, made.pk)


@allegations.reads("/allegations/{allegation_id}", AllegationOut)
def get_allegation(request: HttpRequest, allegation_id: Id) -> AllegationOut:
    """One allegation, to either side what is theirs."""
    return shown(caller(request).person, allegation_id)


@allegations.does("PUT", "/allegations/{allegation_id}", Act.ALLEGE, AllegationOut)
def edit_allegation(request: HttpRequest, allegation_id: Id, sent: AllegationEdit) -> AllegationOut:
    """Change what is not put yet. A change voids the approvals of an override."""
    return _by_owner(
        request,
        allegation_id,
        lambda row, by: edit(
            current_home(),
            row,
            summary=sent.summary,
            answer_by=sent.answer_by,
            override_reason=sent.override_reason,
            by=by,
            now=timezone.now(),
        ),
    )


@allegations.does("POST", "/allegations/{allegation_id}/approvals", Act.ALLEGE, AllegationOut)
def approve_allegation_override(request: HttpRequest, allegation_id: Id, sent: ApprovalIn) -> AllegationOut:
    """Approve that it is put though no copy is accused, with these very words."""
    return _by_owner(
        request,
        allegation_id,
        lambda row, by: approve_override(
            current_home(), row, by=by, role=sent.role, seen=sent.content_sha256, now=timezone.now()
        ),
    )


@allegations.does("POST", "/allegations/{allegation_id}/put", Act.ALLEGE, AllegationOut)
def put_allegation(request: HttpRequest, allegation_id: Id, sent: ReadIn) -> AllegationOut:
    """Put it to the party, whose contacts are told by mail."""
    seen = sent.content_sha256
    return _by_owner(
        request, allegation_id, lambda row, by: put(current_home(), row, by=by, now=timezone.now(), seen=seen)
    )


@allegations.does("POST", "/allegations/{allegation_id}/final", Act.ALLEGE, AllegationOut)
def make_allegation_final(request: HttpRequest, allegation_id: Id) -> AllegationOut:
    """Conclude that it stands: after the party's answer, or when its time is over, and not before."""
    return _by_owner(request, allegation_id, lambda row, by: make_final(current_home(), row, by=by, now=timezone.now()))


@allegations.does("POST", "/allegations/{allegation_id}/withdraw", Act.ALLEGE, AllegationOut)
def withdraw_allegation(request: HttpRequest, allegation_id: Id, sent: ApologyIn) -> AllegationOut:
    """Take it back, with an apology if it was put. It stays in the ledger."""
    return _by_owner(
        request,
        allegation_id,
        lambda row, by: take_back(current_home(), row, apology=sent.apology, by=by, now=timezone.now()),
    )


@allegations.does("POST", "/allegations/{allegation_id}/evidence/grant", Act.ALLEGE, AllegationOut)
def grant_allegation_evidence(request: HttpRequest, allegation_id: Id) -> AllegationOut:
    """Let the party have the sealed evidence."""
    return _by_owner(
        request, allegation_id, lambda row, by: grant_evidence(current_home(), row, by=by, now=timezone.now())
    )


def _by_owner(request: HttpRequest, allegation_id: str, act: Callable[[Allegation, Person], object]) -> AllegationOut:
    who = caller(request)
    row = find(seen_allegations(who.person), allegation_id)
    who.must(Act.ALLEGE)
    act(row, who.person)
    return shown(who.person, row.pk)


def shown(person: Person, allegation_id: str) -> AllegationOut:
    row = find(seen_allegations(person), allegation_id)
    return AllegationOut.seen_by(person, row, Beside.of([row]))
