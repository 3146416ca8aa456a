"""Gather what was found: the leaks of a case, where they were seen, and what the traces say."""

from tidemark.records.accounts.models import Person
from tidemark.records.blobs import Shelf
from tidemark.records.cases.models import Case
from tidemark.records.dossier.facts_found import File, FoundLeak, Laid, Named, Seen, Sighted, Traced, Who
from tidemark.records.leaks.claims import Claims, claims
from tidemark.records.leaks.glance import Glance, glance
from tidemark.records.leaks.models import Match, Post, Trace
from tidemark.records.sightings.embargo import judge
from tidemark.records.sightings.models import Sighting


def who(person: Person | None) -> Who:
    """Return a person as a dossier names one."""
    return Who(person.name, person.party.name) if person else Who("", "")


def found_leaks(case: Case) -> tuple[FoundLeak, ...]:
    """Return the case's leaks; the number of queries does not grow with them."""
    seen = glance(case.leaks.order_by("created", "pk"))
    traces = [trace for each in seen for trace in each.traces.values()]
    said = {each.named.pk: each for each in claims(named for trace in traces for named in trace.named.all())}
    return tuple(_leak(each, said) for each in seen)


def sightings_of(case: Case) -> tuple[Sighted, ...]:
    """Return the sightings that are linked to the case."""
    rows = Sighting.objects.filter(case=case).select_related("project").order_by("received", "pk")
    return tuple(
        Sighted(
            id=row.pk,
            vehicle=row.vehicle,
            camouflage=row.camouflage,
            place=row.place,
            seen=row.seen,
            drive=row.drive,
            outcome=str(judge(row).outcome),
            file=File("sighting", row.file_name, row.file_sha256, Shelf.LEAKS),
        )
        for row in rows
    )


def _leak(seen: Glance, said: dict[int, Claims]) -> FoundLeak:
    return FoundLeak(
        id=seen.leak.pk,
        title=seen.leak.title,
        standing=seen.standing,
        is_divided=seen.is_divided,
        seen=tuple(_seen(post) for post in seen.posts),
        traces=tuple(_traced(sha256, trace, said) for sha256, trace in seen.traces.items()),
    )


def _seen(post: Post) -> Seen:
    return Seen(
        id=post.pk,
        file=File("found", post.file_name, post.file_sha256, Shelf.LEAKS),
        preview_sha256=post.preview_sha256,
        platform=post.platform,
        poster=post.poster.handle if post.poster else "",
        channel=post.channel.name if post.channel else "",
        url=post.url,
        text=post.text,
        posted=post.posted,
        found=post.found,
        finder=post.finder,
        received=post.received,
        joined=post.joined,
        unreadable=post.unreadable,
        ledger_index=post.leaf_index,
    )


def _traced(sha256: str, trace: Trace, said: dict[int, Claims]) -> Traced:
    return Traced(
        id=trace.pk,
        file_sha256=sha256,
        state=trace.state,
        verdict=trace.verdict,
        reason=trace.reason,
        finished=trace.finished,
        copies_tested=trace.copies_tested,
        hypotheses=trace.hypotheses,
        decoys=trace.decoys,
        laid=tuple(_laid(each) for each in trace.matches.all()),
        named=tuple(_named(said[each.pk]) for each in trace.named.all()),
        ledger_index=trace.leaf_index,
    )


def _laid(match: Match) -> Laid:
    return Laid(
        draft=match.draft_id,
        file_name=match.draft.file_name,
        revision=match.draft.revision,
        status=match.draft.status,
        draft_sha256=match.draft.sha256,
        correlation=match.correlation,
        coverage=match.coverage,
        mirrored=match.mirrored,
        evidence_sha256=match.bundle_sha256,
        pictures=match.pictures,
    )


def _named(claim: Claims) -> Named:
    if not claim.named.is_accused:
        return Named(claim.copy.pk, False, False, claim.named.z, claim.named.log10_bound, "", "", None, (), "", "")
    return Named(
        copy=claim.copy.pk,
        is_accused=True,
        is_own=claim.is_own,
        z=claim.named.z,
        log10_bound=claim.named.log10_bound,
        custodian=claim.custodian.name,
        person=claim.person.name if claim.person else "",
        issued=claim.issued,
        way=tuple(party.name for party in claim.way),
        responsible=claim.responsible.name if claim.responsible and not claim.is_own else "",
        agreement=claim.agreement.reference if claim.agreement else "",
    )
