"""Bidding rounds. A bidder sees its own invitation, bids and outcome, and of the others not even how many there are."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Annotated, Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from ninja import Schema
from pydantic import Field, StringConstraints

from tidemark.api.callers import caller
from tidemark.api.forms import DraftRef, PartyOut, PersonRef, ProjectRef
from tidemark.api.operations import Subject
from tidemark.api.pages import Asked, Id, Moment, Name, Page, RowId, find, named, named_all, page
from tidemark.api.sent import Sent
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.agreements.barred import reason_for
from tidemark.records.connect import current_home
from tidemark.records.projects.models import Draft, Project, visible_parties
from tidemark.records.rounds.barred import admissions, bars_oneself, bars_party
from tidemark.records.rounds.close import award, close
from tidemark.records.rounds.late import owing_seen_by
from tidemark.records.rounds.models import Bid, Bidder, Certificate, Round
from tidemark.records.rounds.prepare import amend, invite, open_round, prepare

rounds = Subject("rounds")

Brief = Annotated[str, StringConstraints(max_length=8000, pattern=r"^[^\x00]*$")]


class RoundTermsIn(Sent):
    """Drafts, invited parties and a closing date. Sent whole: who is left out is not invited any more."""

    title: Name
    brief: Brief = ""
    drafts: Annotated[list[Id], Field(min_length=1, max_length=1000)]
    parties: Annotated[list[RowId], Field(min_length=1, max_length=1000)]
    closes: Moment


class RoundIn(RoundTermsIn):
    """A new round of a project."""

    project: RowId


class InviteIn(Sent):
    """One more party."""

    party: RowId


class AwardIn(Sent):
    """Who won; nobody may have."""

    winners: Annotated[list[Id], Field(max_length=1000)] = Field(description="Ids of bidders.")


class BidOut(Schema):
    """What a bidder handed in."""

    id: str
    person: PersonRef
    note: str
    file_name: str
    file_sha256: str
    handed_in: datetime

    @classmethod
    def of(cls, bid: Bid) -> "BidOut":
        return cls(
            id=bid.id,
            person=PersonRef.of(bid.person),
            note=bid.note,
            file_name=bid.file_name,
            file_sha256=bid.file_sha256,
            handed_in=bid.handed_in,
        )


class CertificateOut(Schema):
    """A loser's word that its copies were returned or destroyed; the ledger has it."""

    means: str
    statement: str
    certified: datetime
    ledger_index: int

    @classmethod
    def of(cls, certificate: Certificate) -> "CertificateOut":
        return cls(
            means=certificate.means,
            statement=certificate.statement,
            certified=certificate.certified,
            ledger_index=certificate.leaf_index,
        )


class BidderOut(Schema):
    """A party that was invited."""

    id: str
    party: PartyOut
    invited: datetime
    outcome: str
    bids: list[BidOut] = Field(description="As far as the caller may read them; sealed until the round is closed.")
    owes_certificate: bool
    certificate: CertificateOut | None
    barred: str | None = Field(
        description="Why its people, or the caller of it, get no copies yet; '' if they may. Null but in "
        "`GET /rounds/{round_id}`."
    )

    @classmethod
    def of(cls, bidder: Bidder, barred: str | None) -> "BidderOut":
        certificate = getattr(bidder, "certificate", None)
        return cls(
            id=bidder.id,
            party=PartyOut.of(bidder.party),
            invited=bidder.invited,
            outcome=bidder.outcome,
            bids=[BidOut.of(bid) for bid in bidder.bids.all()],
            owes_certificate=bidder.owes_certificate,
            certificate=CertificateOut.of(certificate) if certificate else None,
            barred=barred,
        )


class RoundOut(Schema):
    """A bidding round."""

    id: str
    project: ProjectRef
    title: str
    brief: str
    closes: datetime
    state: str
    drafts: list[DraftRef]
    bidders: list[BidderOut] = Field(description="For the owner's people all; for a bidder itself alone.")
    created: datetime
    opened: datetime | None
    closed: datetime | None
    awarded: datetime | None

    @classmethod
    def seen_by(cls, person: Person, row: Round, *, barred: Mapping[int, str] = MappingProxyType({})) -> "RoundOut":
        """Return what a person is shown; ``barred`` is what bars parties, by their ids."""
        return cls(
            id=row.id,
            project=ProjectRef.of(row.project),
            title=row.title,
            brief=row.brief,
            closes=row.closes,
            state=row.state,
            drafts=[DraftRef.of(draft) for draft in row.drafts.all()],
            bidders=[
                BidderOut.of(bidder, barred.get(bidder.party_id))
                for bidder in row.bidders.all()
                if person.is_owners or bidder.party_id == person.party_id
            ],
            created=row.created,
            opened=row.opened,
            closed=row.closed,
            awarded=row.awarded,
        )


def seen_rounds(person: Person) -> QuerySet[Round]:
    """Return the rounds that a person may see, with what an answer shows of them."""
    rows = Round.objects.visible_to(person).select_related("project")
    bids = readable_bids(person).select_related("person")
    return rows.prefetch_related(
        "drafts", "bidders__party", "bidders__certificate", Prefetch("bidders__bids", queryset=bids)
    )


def reading(person: Person) -> Act:
    """Return the act that lets a person of this side read bids."""
    return Act.MANAGE_ROUNDS if person.is_owners else Act.BID


def readable_bids(person: Person) -> QuerySet[Bid]:
    """Return the bids that a person may read."""
    return Bid.objects.visible_to(person) if person.may(reading(person)) else Bid.objects.none()


@rounds.reads("/rounds", Page[RoundOut])
def list_rounds(
    request: HttpRequest,
    asked: Asked,
    state: Round.State | None = None,
    project: RowId | None = None,
    owing: bool = False,
) -> object:
    """Rounds: for the owner's people all, for a supplier those that it was invited to.

    With ``owing``, those of which a certificate is owed: by anybody, or by the supplier itself.
    """
    person = caller(request).person
    rows = seen_rounds(person).order_by("-closes", "pk")
    if project is not None:
        rows = rows.filter(project_id=project)
    if state is not None:
        rows = rows.filter(state=state)
    if owing:
        rows = rows.filter(owing_seen_by(person))
    return page(request, rows, asked, lambda row: RoundOut.seen_by(person, row))


@rounds.reads("/rounds/{round_id}", RoundOut)
def get_round(request: HttpRequest, round_id: Id) -> RoundOut:
    """One round."""
    person = caller(request).person
    known = find(seen_rounds(person), round_id)
    return RoundOut.seen_by(person, known, barred=_barred(person, known, at=timezone.now()))


def _barred(person: Person, known: Round, *, at: datetime) -> dict[int, str]:
    """Return what bars each party that the person is shown, by its id."""
    if person.is_owners:
        found = admissions(known, known.bidders.all(), at=at)
        return {party: bars_party(each, viewer=person) for party, each in found.items()}
    refusal = bars_oneself(known, person, at=at)
    return {person.party_id: "" if refusal is None else reason_for(refusal, viewer=person)}


@rounds.does("POST", "/rounds", Act.MANAGE_ROUNDS, RoundOut, status=201)
def prepare_round(request: HttpRequest, sent: RoundIn) -> RoundOut:
    """Prepare a round; nobody but the owner sees it before it is opened."""
    who = caller(request)
    who.must(Act.MANAGE_ROUNDS)
    project = named(Project.objects.visible_to(who.person), sent.project, at="project")
    made = prepare(project, **_told(sent, project, who.person), by=who.person, now=timezone.now())
    return RoundOut.seen_by(who.person, find(seen_rounds(who.person), made.pk))


@rounds.does("PUT", "/rounds/{round_id}", Act.MANAGE_ROUNDS, RoundOut)
def amend_round(request: HttpRequest, round_id: Id, sent: RoundTermsIn) -> RoundOut:
    """Change a round that is only prepared."""
    return _managed(
        request,
        round_id,
        lambda known, by: amend(known, **_told(sent, known.project, by), by=by, now=timezone.now()),
    )


@rounds.does("POST", "/rounds/{round_id}/open", Act.MANAGE_ROUNDS, RoundOut)
def open_for_bids(request: HttpRequest, round_id: Id) -> RoundOut:
    """Show the round to those invited, and take bids until it closes."""
    return _managed(request, round_id, lambda known, by: open_round(current_home(), known, by=by, now=timezone.now()))


@rounds.does("POST", "/rounds/{round_id}/bidders", Act.MANAGE_ROUNDS, RoundOut)
def invite_bidder(request: HttpRequest, round_id: Id, sent: InviteIn) -> RoundOut:
    """Invite one more party."""

    def one_more(known: Round, by: Person) -> None:
        party = named(visible_parties(by), sent.party, at="party")
        invite(current_home(), known, party, by=by, now=timezone.now())

    return _managed(request, round_id, one_more)


@rounds.does("POST", "/rounds/{round_id}/close", Act.MANAGE_ROUNDS, RoundOut)
def close_round(request: HttpRequest, round_id: Id) -> RoundOut:
    """Close a round before its time: no more bids are taken."""
    return _managed(request, round_id, lambda known, by: close(current_home(), known, by=by, now=timezone.now()))


@rounds.does("POST", "/rounds/{round_id}/award", Act.MANAGE_ROUNDS, RoundOut)
def award_round(request: HttpRequest, round_id: Id, sent: AwardIn) -> RoundOut:
    """Say who won. All others have lost: their copies are revoked, and they certify return or destruction."""

    def choose(known: Round, by: Person) -> None:
        winners = named_all(known.bidders.all(), sent.winners, at="winners")
        award(current_home(), known, winners, by=by, now=timezone.now())

    return _managed(request, round_id, choose)


def _told(sent: RoundTermsIn, project: Project, by: Person) -> dict[str, Any]:
    """Return what a round is prepared with: of what the body names, that which its sender may see."""
    return {
        "title": sent.title,
        "drafts": named_all(Draft.objects.visible_to(by).filter(project=project), sent.drafts, at="drafts"),
        "parties": named_all(visible_parties(by), sent.parties, at="parties"),
        "closes": sent.closes,
        "brief": sent.brief,
    }


def _managed(request: HttpRequest, round_id: str, act: Callable[[Round, Person], object]) -> RoundOut:
    who = caller(request)
    known = find(seen_rounds(who.person), round_id)
    who.must(Act.MANAGE_ROUNDS)
    act(known, who.person)
    return RoundOut.seen_by(who.person, find(seen_rounds(who.person), round_id))
