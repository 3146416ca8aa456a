"""What a trace of a found file says: its verdict, and of each named copy three claims, which are never blurred.

Looking at a draft beside a leak, and the sealed evidence, which holds the draft's original, need a role of their own.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Schema
from pydantic import Field

from tidemark.api.callers import caller
from tidemark.api.files import attachment
from tidemark.api.forms import DraftRef, PartyOut, PersonRef
from tidemark.api.operations import FILE, Subject
from tidemark.api.pages import Id, RowId, find
from tidemark.api.posts import seen_posts
from tidemark.api.problems import missing
from tidemark.evidence.bundle import EXTENSION
from tidemark.records import blobs
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.blobs import Shelf
from tidemark.records.connect import current_home
from tidemark.records.leaks.claims import Claims, claims
from tidemark.records.leaks.glance import newest_revisions, traces_with_findings
from tidemark.records.leaks.models import Match, Trace
from tidemark.records.leaks.run import request_trace

traces = Subject("leaks")


class Picture(StrEnum):
    """The pictures of how a leak lies on a draft."""

    LEAK = "leak"
    DRAFT = "draft"
    DIFFERENCE = "difference"
    WHERE = "where"


class CopyClaim(Schema):
    """Technical: the file carries this copy's mark, with a probability. Open to verification."""

    id: str
    draft: str
    z: float
    log10_bound: float = Field(
        description="Of the probability that a copy which had no part in the leak is named on such evidence."
    )
    odds: str
    round: int


class CustodianClaim(Schema):
    """By the ledger: who was given the copy. It does not say who leaked it."""

    party: PartyOut
    person: PersonRef | None
    issued: datetime
    way: list[PartyOut] = Field(description="From whom the owner engaged down to the custodian.")
    is_own: bool = Field(description="Whether it is the owner's own copy.")


class ResponsibleClaim(Schema):
    """By the agreements: who answers for the copy."""

    party: PartyOut
    agreement: str | None = Field(description="The party's own; null of copies from before it was kept.")


class NamedOut(Schema):
    """A copy that a trace names. Unless it is accused it is a lead for an investigator, and nothing is claimed."""

    is_accused: bool
    copy_claim: CopyClaim
    custodian: CustodianClaim
    responsible: ResponsibleClaim | None

    @classmethod
    def of(cls, said: Claims) -> "NamedOut":
        named, responsible = said.named, None
        if said.responsible is not None and not said.is_own:
            agreement = said.agreement.pk if said.agreement else None
            responsible = ResponsibleClaim(party=PartyOut.of(said.responsible), agreement=agreement)
        return cls(
            is_accused=named.is_accused,
            copy_claim=CopyClaim(
                id=said.copy.pk,
                draft=said.copy.draft_id,
                z=named.z,
                log10_bound=named.log10_bound,
                odds=said.odds,
                round=named.round,
            ),
            custodian=CustodianClaim(
                party=PartyOut.of(said.custodian),
                person=PersonRef.of(said.person) if said.person else None,
                issued=said.issued,
                way=[PartyOut.of(party) for party in said.way],
                is_own=said.is_own,
            ),
            responsible=responsible,
        )


class MatchOut(Schema):
    """A draft that the file shows: a collage has several."""

    id: int
    draft: DraftRef
    newest_revision: int
    correlation: float
    coverage: float
    mirrored: bool
    scores: list[float] = Field(description="Of the draft's copies, ascending. Innocent ones follow N(0, 1).")
    pictures: list[str] = Field(description="Which there are of how the leak lies on the draft.")
    has_evidence: bool = Field(description="Whether sealed evidence can be downloaded.")


class DecoysOut(Schema):
    """Keys that were never issued, scored beside the copies to try the null on this very file."""

    count: int
    max_z: float
    ks_p: float


class TraceOut(Schema):
    """One run on one file."""

    id: str
    post: str
    state: str
    step: str = Field(description="While it runs: match, register, accuse, draw, seal.")
    step_done: int
    step_parts: int = Field(description="0 if nobody can tell.")
    requested: datetime
    finished: datetime | None
    fault: str
    verdict: str = Field(description="accused, suspected, inconclusive, unmatched; '' until it is done.")
    reason: str
    copies_tested: int
    hypotheses: int
    decoys: DecoysOut | None
    matches: list[MatchOut]
    named: list[NamedOut]
    ledger_index: int | None
    unsealed: str = Field(description="Why evidence or a report of it is missing, if one is.")

    @classmethod
    def of(cls, row: Trace, said: Mapping[int, Claims], newest: Mapping[str, int]) -> "TraceOut":
        """What is not done says nothing: its rows may be those of a run that was cut off."""
        is_done = row.state == Trace.State.DONE
        return cls(
            id=row.pk,
            post=row.post_id,
            state=row.state,
            step="" if row.is_over else row.step,
            step_done=row.step_done,
            step_parts=row.step_parts,
            requested=row.requested,
            finished=row.finished,
            fault=row.fault,
            verdict=row.verdict if is_done else "",
            reason=row.reason if is_done else "",
            copies_tested=row.copies_tested,
            hypotheses=row.hypotheses,
            decoys=DecoysOut(**{name: row.decoys[name] for name in ("count", "max_z", "ks_p")}) if row.decoys else None,
            matches=[_match(each, row, newest) for each in row.matches.all()] if is_done else [],
            named=[NamedOut.of(said[each.pk]) for each in row.named.all()] if is_done else [],
            ledger_index=row.leaf_index,
            unsealed=row.unsealed,
        )


def _match(match: Match, trace: Trace, newest: Mapping[str, int]) -> MatchOut:
    return MatchOut(
        id=match.pk,
        draft=DraftRef.of(match.draft),
        newest_revision=newest.get(match.draft_id, match.draft.revision),
        correlation=match.correlation,
        coverage=match.coverage,
        mirrored=match.mirrored,
        scores=trace.scores.get(match.draft_id, []),
        pictures=sorted(match.pictures),
        has_evidence=bool(match.bundle_sha256),
    )


def shown_traces(rows: Iterable[Trace]) -> list[TraceOut]:
    """Return what traces say, which have all that they found with them; a few queries however many there are."""
    known = list(rows)
    said = {each.named.pk: each for each in claims(named for row in known for named in row.named.all())}
    newest = newest_revisions({match.draft for row in known for match in row.matches.all()})
    return [TraceOut.of(row, said, newest) for row in known]


def seen_traces(person: Person) -> QuerySet[Trace]:
    """Return the traces that a person may see, with all that they found."""
    return traces_with_findings().filter(post__in=seen_posts(person))


@traces.reads("/posts/{post_id}/traces", list[TraceOut])
def list_traces(request: HttpRequest, post_id: Id) -> list[TraceOut]:
    """Every trace of a post's file, the latest first: also those of the same file at other places."""
    person = caller(request).person
    post = find(seen_posts(person), post_id)
    return shown_traces(seen_traces(person).filter(post__file_sha256=post.file_sha256).order_by("-requested", "pk"))


@traces.does("POST", "/posts/{post_id}/traces", Act.HANDLE_LEAKS, TraceOut)
def trace_again(request: HttpRequest, post_id: Id) -> TraceOut:
    """Have a post's file traced again; the trace that is under way already, if there is one."""
    who = caller(request)
    post = find(seen_posts(who.person), post_id)
    who.must(Act.HANDLE_LEAKS)
    asked = request_trace(current_home(), post, by=who.person, now=timezone.now())
    return shown_traces([find(seen_traces(who.person), asked.pk)])[0]


@traces.reads("/traces/{trace_id}", TraceOut)
def get_trace(request: HttpRequest, trace_id: Id) -> TraceOut:
    """One trace: how far it is, and what it says when it is done."""
    return shown_traces([find(seen_traces(caller(request).person), trace_id)])[0]


@traces.reads("/matches/{match_id}/pictures/{picture}", None, media_type=FILE)
def get_match_picture(request: HttpRequest, match_id: RowId, picture: Picture) -> HttpResponse:
    """A JPEG of how the leak lies on the draft; whatever shows the draft is for who may see evidence."""
    who = caller(request)
    match = find(Match.objects.filter(trace__post__in=seen_posts(who.person)), match_id)
    if picture is not Picture.LEAK:
        who.must(Act.SEE_EVIDENCE)
    sha256 = match.pictures.get(picture.value)
    if not sha256:
        raise missing()
    return attachment(blobs.get(current_home(), Shelf.TRACES, sha256), file_name=f"{picture}.jpg")


@traces.reads("/matches/{match_id}/evidence", None, media_type=FILE)
def download_evidence(request: HttpRequest, match_id: RowId) -> HttpResponse:
    """The sealed evidence, which `tidemark verify` checks. It holds the draft's original."""
    who = caller(request)
    match = find(Match.objects.filter(trace__post__in=seen_posts(who.person)).exclude(bundle_sha256=""), match_id)
    who.must(Act.SEE_EVIDENCE)
    data = blobs.get(current_home(), Shelf.TRACES, match.bundle_sha256)
    return attachment(data, file_name=f"{match.draft_id}--{match.trace_id}{EXTENSION}")
