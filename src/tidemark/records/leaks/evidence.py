"""Make the evidence of a trace: a sealed bundle for each draft whose copies it accuses.

Every figure that accuses is computed once more from what the outsider will have, by the functions that will verify
it; how other copies scored is taken from the trace. A bundle that does not verify is never handed out.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction

from tidemark.engine.accuse import Accusation
from tidemark.engine.carriers import image
from tidemark.engine.detect import scores
from tidemark.engine.keys import copy_key, decoy_keys
from tidemark.engine.retrace import Named, Retrace, retrace
from tidemark.errors import RecordsDamaged, ReportFontMissing
from tidemark.evidence import bundle as bundles
from tidemark.evidence.arithmetic import arithmetic
from tidemark.evidence.bundle import Bundle, Earlier, Proofs, ProvenEntry
from tidemark.evidence.figures import bound_from_stated, stated_bound, stated_share, stated_z
from tidemark.evidence.finding import Accused, Decoys, DraftClaim, Event, Finding, Leak, Rivals, Tested, Thresholds
from tidemark.evidence.report import Pictures, report
from tidemark.evidence.verify import verify
from tidemark.ledger import merkle
from tidemark.ledger.canonical import JSON
from tidemark.ledger.checkpoint import open_checkpoint
from tidemark.ledger.entry import decode, time_text
from tidemark.records import blobs
from tidemark.records.blobs import Shelf
from tidemark.records.connect import database_errors, exclusively
from tidemark.records.copies.commit import leaf_of_copy, leaf_of_draft
from tidemark.records.copies.models import Copy
from tidemark.records.home import Home
from tidemark.records.leaks.journal import Journal
from tidemark.records.leaks.tracing import TracedLeak
from tidemark.records.ledger.key import public_key_text, signing_key
from tidemark.records.ledger.log import first_checkpoint_with, node_hash
from tidemark.records.ledger.models import Leaf, SignedCheckpoint
from tidemark.records.parties.models import Party
from tidemark.records.projects.models import Draft


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sealed bundle, the draft whose copies it accuses, and why a report is not in it, if one is not."""

    draft: str
    data: bytes
    unreported: tuple[str, ...]


def evidence(
    home: Home,
    leak: bytes,
    found: TracedLeak,
    journal: Journal,
    *,
    secret: bytes,
    now: datetime,
    languages: Sequence[str] = ("en",),
) -> Iterator[Evidence]:
    """Yield the bundle of each draft whose copies a trace accuses; nothing if it accuses nobody.

    Raises
    ------
    RecordsDamaged
        If the ledger does not hold what the accusation rests on, or the bundle does not verify.
    """
    for draft in dict.fromkeys(each.draft for each in found.trace.accused):
        with exclusively(home), database_errors(home), transaction.atomic():
            key = signing_key(home)
            case = _Case.of(home, Draft.objects.get(id=draft), found, journal, secret)
            proofs = _proofs(case, key)
        seen = _seen_again(case, leak)
        finding = _finding(case, leak, seen, now=now)
        reports = _reports(case, leak, seen, finding, languages)
        keys = {each.copy.id: each.key for each in case.named}
        data = bundles.write(Bundle(finding, proofs, keys, leak, case.original, reports.pdfs), key)
        checked = verify(data, vkey=proofs.vkey)
        if not checked.valid:
            failing = next(step for step in checked.steps if not step.holds)
            raise RecordsDamaged(f"The evidence does not verify, so none is written: {failing.step}: {failing.detail}")
        yield Evidence(draft, data, reports.missing)


@dataclass(frozen=True, slots=True)
class _Named:
    """One accused copy, with what is on record of it."""

    accusation: Accusation
    copy: Copy
    key: bytes
    leaf: Leaf


@dataclass(frozen=True, slots=True)
class _Case:
    """What is on record of one draft's accusation."""

    draft: Draft
    original: bytes
    draft_leaf: Leaf
    named: tuple[_Named, ...]
    found: TracedLeak
    journal: Journal
    owner: str
    masters: frozenset[str]

    @classmethod
    def of(cls, home: Home, draft: Draft, found: TracedLeak, journal: Journal, secret: bytes) -> "_Case":
        owner = Party.objects.filter(is_owner=True).first()
        return cls(
            draft=draft,
            original=blobs.get(home, Shelf.ORIGINALS, draft.sha256),
            draft_leaf=_logged(leaf_of_draft(draft.id), draft.id),
            named=tuple(_named(each, secret) for each in found.trace.accused if each.draft == draft.id),
            found=found,
            journal=journal,
            owner=owner.name if owner else "",
            masters=frozenset(Copy.objects.filter(is_master=True, draft=draft).values_list("id", flat=True)),
        )

    @property
    def proven(self) -> list[Leaf]:
        """The leaves that the accusation rests on, in the ledger's order."""
        leaves = [self.draft_leaf, *(each.leaf for each in self.named), self.journal.received, self.journal.run]
        return sorted(leaves, key=lambda leaf: leaf.index)

    @property
    def issued(self) -> list[Mapping[str, JSON]]:
        """What the ledger says of each accused copy."""
        return [decode(bytes(each.leaf.data)).body for each in self.named]

    @property
    def decoys(self) -> int:
        """How many decoys were scored."""
        return self.found.trace.decoys.count if self.found.trace.decoys else 0


def _named(accusation: Accusation, secret: bytes) -> _Named:
    copy = Copy.objects.get(id=accusation.copy)
    key = copy_key(secret, draft=copy.draft_id, copy=copy.id, nonce=bytes(copy.nonce))
    return _Named(accusation, copy, key, _logged(leaf_of_copy(copy.id), copy.id))


def _logged(leaf: Leaf | None, subject: str) -> Leaf:
    if leaf is None:
        raise RecordsDamaged(f"The ledger has no entry of {subject}, so no evidence of it can be sealed.")
    return leaf


def _seen_again(case: _Case, leak: bytes) -> Retrace:
    """Compute the figures again as the verifier will."""
    trace = case.found.trace
    seen = retrace(
        leak,
        case.original,
        [Named(each.key, each.accusation.round) for each in case.named],
        copies=trace.copies_tested,
        hypotheses=trace.hypotheses,
        decoy_seed=case.found.decoy_seed,
        decoys=case.decoys,
    )
    if isinstance(seen, image.NotRegistered):
        raise RecordsDamaged(f"The leak did fit the draft and does not any more: {seen.reason}.")
    return seen


@dataclass(frozen=True, slots=True)
class _Reports:
    """The PDFs by language, and why there is none in a language."""

    pdfs: Mapping[str, bytes]
    missing: tuple[str, ...]


def _reports(case: _Case, leak: bytes, seen: Retrace, finding: Finding, languages: Sequence[str]) -> _Reports:
    """Write the reports. Evidence is worth having also where a typeface for one of them is missing."""
    drawn = image.illustrate(case.original, leak, seen.observation, case.named[0].key)
    pictures = Pictures(
        leak=drawn.leak,
        draft=drawn.draft,
        difference=drawn.difference,
        where=drawn.where,
        leak_as_found=drawn.leak_as_found,
    )
    decoys = scores(seen.observation.vector, list(decoy_keys(case.found.decoy_seed, case.decoys)), threads=2)
    pdfs: dict[str, bytes] = {}
    missing: list[str] = []
    for language in languages:
        try:
            pdfs[language] = report(finding, pictures, decoys, language=language)
        except ReportFontMissing as fault:
            missing.append(f"The evidence has no report ({language}): {fault}.")
    return _Reports(pdfs, tuple(missing))


def _finding(case: _Case, leak: bytes, seen: Retrace, *, now: datetime) -> Finding:
    trace, observed = case.found.trace, seen.observation
    received = decode(bytes(case.journal.received.data))
    laid_down = decode(bytes(case.draft_leaf.data)).body
    here = next(each for each in trace.scored if each.draft == case.draft.id)
    return Finding(
        verdict=str(trace.verdict),
        reason=trace.reason,
        leak=Leak(
            name=str(received.body["name"]),
            sha256=str(received.body["leak"]),
            size_bytes=len(leak),
            found=str(received.body["found"]),
            received=received.time,
        ),
        draft=_claim(case.draft.id, observed.correlation, observed.coverage, mirrored=observed.mirrored),
        accused=tuple(
            Accused(
                draft=case.draft.id,
                copy=each.copy.id,
                z=stated_z(again.z),
                log10_bound=stated_bound(again.log10_bound),
                round=each.accusation.round,
                holder=str(issued["holder"]),
                issued=each.leaf.time,
                agreement=str(issued.get("agreement", "")),
                responsible=str(issued.get("responsible", "")),
            )
            for each, again, issued in zip(case.named, seen.named, case.issued, strict=True)
        ),
        tested=Tested(
            copies=trace.copies_tested,
            hypotheses=trace.hypotheses,
            scores=tuple(sorted(stated_z(float(z)) for z in here.z)),
        ),
        decoys=Decoys(
            seed=case.found.decoy_seed.hex(),
            count=case.decoys,
            max_z=stated_z(seen.decoys_max_z),
            ks_p=stated_share(seen.decoys_ks_p),
        ),
        thresholds=Thresholds(
            accused=float(str(laid_down["accused_bound"])), suspected=float(str(laid_down["suspected_bound"]))
        ),
        rivals=_rivals(case),
        timeline=tuple(Event(leaf.index, leaf.kind, leaf.time) for leaf in case.proven),
        owner=case.owner,
        made=time_text(now),
        versions={**arithmetic(), "cryptography": version("cryptography")},
    )


def _rivals(case: _Case) -> Rivals:
    """Say how the other ways score in which the leak could have come about."""
    trace = case.found.trace
    here = next(each for each in trace.scored if each.draft == case.draft.id)
    own = [float(z) for copy, z in zip(here.copies, here.z, strict=True) if copy in case.masters]
    next_z = stated_z(trace.next_best.z if trace.next_best else 0.0)
    master_z = stated_z(max(own)) if own else None
    return Rivals(
        next_copy_z=next_z,
        next_copy_log10_bound=bound_from_stated(
            next_z, copies=trace.copies_tested, hypotheses=trace.hypotheses, naming=len(trace.accused) + 1
        ),
        master_z=master_z,
        master_log10_bound=(
            None if master_z is None else bound_from_stated(master_z, copies=1, hypotheses=trace.hypotheses)
        ),
        other_revisions=tuple(
            _claim(each.draft, each.correlation, each.coverage, mirrored=each.mirrored)
            for each in trace.registered
            if each.draft != case.draft.id
        ),
    )


def _claim(draft: str, correlation: float, coverage: float, *, mirrored: bool) -> DraftClaim:
    """Say of a draft what the ledger does: a project that was renamed since keeps there the name that it had."""
    logged = decode(bytes(_logged(leaf_of_draft(draft), draft).data)).body
    return DraftClaim(
        draft=draft,
        sha256=str(logged["sha256"]),
        file_name=str(logged["file_name"]),
        revision=int(str(logged["revision"])),
        project=str(logged["project"]),
        correlation=stated_share(correlation),
        coverage=stated_share(coverage),
        mirrored=mirrored,
    )


def _proofs(case: _Case, key: Ed25519PrivateKey) -> Proofs:
    """Prove the leaves under the checkpoint that was signed with the trace; earlier ones show when copies were in."""
    vkey = public_key_text(key)
    last = first_checkpoint_with(case.journal.run)
    state = open_checkpoint(bytes(last.note), vkey)
    last_issue = max(each.leaf.index for each in case.named)
    earlier = {first_checkpoint_with(each.leaf).size for each in case.named}
    stamped = SignedCheckpoint.objects.filter(size__lt=last.size, size__gt=last_issue, stamp__isnull=False)
    earlier |= {row.size for row in stamped[:1]}
    rows = SignedCheckpoint.objects.filter(size__in=sorted(earlier))
    roots = {bytes(row.stamp_roots) for row in (*rows, last) if row.stamp_roots}
    return Proofs(
        vkey=vkey,
        checkpoint=bytes(last.note),
        stamp=bytes(last.stamp or b""),
        authorities=b"\n".join(sorted(roots)),
        entries=tuple(
            ProvenEntry(bytes(leaf.data), leaf.index, merkle.inclusion_proof(leaf.index, state.size, node_hash))
            for leaf in case.proven
        ),
        earlier=tuple(
            Earlier(bytes(row.note), merkle.consistency_proof(row.size, state.size, node_hash), bytes(row.stamp or b""))
            for row in rows
        ),
    )
