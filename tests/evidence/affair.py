"""One small affair with nothing faked: a draft, its copies, a ledger, a traced leak, and the bundle that follows.

A :class:`Story` is what an owner may lie about: the ledger's entries, the finding, the files, the keys. :func:`told`
makes the bundle of a story with every proof in order, as an owner would who holds the ledger's key; :func:`unsealed`
changes a bundle as somebody would who does not. The bodies of the entries are those of the records.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.engine import workshop
from tests.engine.workshop import Draft
from tests.ledger.workshop import KEY, NAME, VKEY, Log
from tests.people import OWNER, RECIPIENTS
from tidemark import limits
from tidemark.engine import keys
from tidemark.engine.carriers import image
from tidemark.engine.retrace import Named, Retrace, retrace
from tidemark.engine.trace import Trace, trace
from tidemark.evidence import bundle as bundles
from tidemark.evidence.arithmetic import arithmetic
from tidemark.evidence.bundle import Bundle, Earlier, Proofs, ProvenEntry
from tidemark.evidence.container import pack
from tidemark.evidence.figures import bound_from_stated, stated_bound, stated_share, stated_z
from tidemark.evidence.finding import Accused, Decoys, DraftClaim, Event, Finding, Leak, Rivals, Tested, Thresholds
from tidemark.ledger import checkpoint, entry, merkle, note
from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Entry, Kind

DECOYS = 200
MASTER = "master"
COPIES = tuple(f"copy {at}" for at in range(5))
HOLDERS = {MASTER: OWNER, **{copy: RECIPIENTS[at % 3] for at, copy in enumerate(COPIES)}}
REPORT = b"%PDF-1.7 any bytes: a report is sealed, and nothing more"

DRAFT_ENTRY = 0
FIRST_COPY = 2
"""Place of "copy 0" in the ledger; "copy n" is n further."""
OTHER_DRAFT, OTHER_COPY, OTHER_LEAK, OTHER_TRACE, LEAK, TRACE, LATE_COPY = range(7, 14)


@dataclass(frozen=True, slots=True)
class Story:
    """All that a bundle is made of.

    Attributes
    ----------
    entries : tuple of Entry
        The whole ledger.
    proven : tuple of int
        Which of them the bundle shows.
    earlier : tuple of int
        Sizes of the earlier checkpoints that it shows.
    size : int
        Of the checkpoint that the proofs lead to.
    """

    entries: tuple[Entry, ...]
    proven: tuple[int, ...]
    earlier: tuple[int, ...]
    size: int
    finding: Finding
    keys: Mapping[str, bytes]
    leak: bytes
    draft: bytes

    def with_body(self, index: int, **fields: JSON) -> "Story":
        """Return the story with other fields in one entry's body."""
        body = {**self.entries[index].body, **fields}
        return self.with_entry(index, replace(self.entries[index], body=body))

    def with_entry(self, index: int, other: Entry) -> "Story":
        """Return the story with another entry in one place, the finding's timeline following it."""
        entries = (*self.entries[:index], other, *self.entries[index + 1 :])
        return replace(self, entries=entries).with_timeline()

    def with_timeline(self) -> "Story":
        """Return the story with the timeline that follows from the entries shown."""
        events = tuple(Event(at, self.entries[at].kind, self.entries[at].time) for at in self.proven)
        return self.saying(timeline=events)

    def saying(self, **fields: Any) -> "Story":
        """Return the story with other fields in the finding; "leak__name" is the leak's name."""
        finding = self.finding
        for path, value in fields.items():
            finding = _with(finding, path.split("__"), value)
        return replace(self, finding=finding)


def _with(value: Any, path: Sequence[str], leaf: Any) -> Any:
    head, *rest = path
    if isinstance(value, tuple):
        at = int(head)
        return (*value[:at], _with(value[at], rest, leaf) if rest else leaf, *value[at + 1 :])
    return replace(value, **{head: _with(getattr(value, head), rest, leaf) if rest else leaf})


def log_of(entries: Sequence[Entry]) -> Log:
    """Return the ledger of these entries."""
    log = Log()
    for each in entries:
        log.append(entry.encode(each))
    return log


def proofs_of(story: Story, *, key: Ed25519PrivateKey = KEY, name: str = NAME) -> Proofs:
    """Prove what a story shows of its ledger."""
    log = log_of(story.entries)

    def signed(size: int) -> bytes:
        return checkpoint.sign(checkpoint.Checkpoint(name, size, log.root(size)), key, name)

    return Proofs(
        vkey=note.vkey(name, key.public_key()),
        checkpoint=signed(story.size),
        entries=tuple(
            ProvenEntry(log.leaves[at], at, merkle.inclusion_proof(at, story.size, log.nodes)) for at in story.proven
        ),
        earlier=tuple(
            Earlier(signed(size), merkle.consistency_proof(size, story.size, log.nodes)) for size in story.earlier
        ),
    )


def bundle_of(story: Story, *, key: Ed25519PrivateKey = KEY, name: str = NAME) -> Bundle:
    """Put a story together."""
    return Bundle(
        finding=story.finding,
        proofs=proofs_of(story, key=key, name=name),
        keys=story.keys,
        leak=story.leak,
        draft=story.draft,
        reports={"en": REPORT},
    )


def told(story: Story, *, key: Ed25519PrivateKey = KEY, name: str = NAME) -> bytes:
    """Return the file of a story, sealed by the ledger's own key or another."""
    return bundles.write(bundle_of(story, key=key, name=name), key)


def unsealed(honest: bytes, changed: bytes) -> bytes:
    """Return the changed bundle's members under the honest one's manifest and signature."""
    old, new = bundles.read(honest).members, bundles.read(changed).members
    kept = {name: old[name] for name in (bundles.MANIFEST, bundles.SIGNATURE)}
    return pack({**new, **kept})


def resealed(members: Mapping[str, bytes], key: Ed25519PrivateKey = KEY, vkey: str = VKEY) -> bytes:
    """Seal members as they are, whatever they are, with a manifest that fits them."""
    files = {name: data for name, data in members.items() if name not in (bundles.MANIFEST, bundles.SIGNATURE)}
    return pack({**files, **bundles.seal(files, key, vkey)})


# --- the honest story -------------------------------------------------------------------------------------------------


@cache
def drafts() -> tuple[Draft, Draft]:
    """The draft of the affair, and another one that the owner has too."""
    return Draft("bumper", workshop.bumper("A")), Draft("landscape", workshop.landscape())


@cache
def marked(draft: Draft, copy: str) -> bytes:
    """Return a copy's file."""
    return image.mark(draft.plate, draft.key(copy)).data


@cache
def leak_of(*copies: str) -> bytes:
    """Return the mean of copies, cropped, as a JPEG."""
    draft = drafts()[0]
    pixels = np.mean([workshop.opened(marked(draft, copy)) for copy in copies], axis=0)
    return workshop.jpeg(pixels[20:270, 60:560], 75)


def draft_body(draft: Draft) -> dict[str, JSON]:
    return {
        "draft": draft.name,
        "sha256": sha256(draft.file),
        "file_name": f"{draft.name}.png",
        "revision": 1,
        "project": "Heron",
        "accused_bound": limits.ACCUSED_BOUND,
        "suspected_bound": limits.SUSPECTED_BOUND,
        "decoys": DECOYS,
    }


def copy_body(draft: Draft, copy: str) -> dict[str, JSON]:
    return {
        "draft": draft.name,
        "draft_sha256": sha256(draft.file),
        "copy": copy,
        "copy_sha256": sha256(marked(draft, copy)),
        "key_commitment": keys.key_commitment(draft.key(copy)).hex(),
        "mark_version": keys.VERSION,
        "holder": HOLDERS[copy],
        "is_master": copy == MASTER,
        "nonce": "",
        "agreement": "",
    }


def leak_body(leak: bytes, name: str = "IMG_2201.jpg") -> dict[str, JSON]:
    return {"leak": sha256(leak), "size_bytes": len(leak), "name": name, "found": "a public forum, by a journalist"}


def trace_body(leak: bytes, found: Trace) -> dict[str, JSON]:
    return {
        "leak": sha256(leak),
        "verdict": str(found.verdict),
        "drafts": [each.draft for each in found.registered],
        "only_draft": "",
        "copies": found.copies_tested,
        "hypotheses": found.hypotheses,
        "decoys": found.decoys.count if found.decoys else 0,
        "accused": [
            {"draft": each.draft, "copy": each.copy, "round": each.round, "z": round(each.z, 2)}
            for each in found.accused
        ],
        "tidemark": "0.1.0",
    }


def entry_of(index: int, kind: Kind, body: Mapping[str, JSON]) -> Entry:
    """Return the entry that the owner wrote as number ``index``, a minute after the one before."""
    return Entry(kind, f"2031-03-07T09:{index:02d}:00.000000Z", body, hashlib.sha256(b"salt %d" % index).digest()[:16])


@cache
def traced(leak: bytes) -> Trace:
    draft = drafts()[0]
    on_record = {copy: draft.key(copy) for copy in (MASTER, *COPIES)}
    candidate = replace(draft.candidate, keys=lambda: on_record)
    return trace(leak, [candidate], decoy_seed=hashlib.sha256(leak).digest(), decoys=DECOYS, threads=1)


@cache
def retraced(leak: bytes, draft: bytes, named: tuple[Named, ...], **figures: Any) -> Retrace | image.NotRegistered:
    """Remember what the pure function returned: a hundred lies about one leak need it computed once."""
    return retrace(leak, draft, named, **figures)


def seen_again(leak: bytes) -> Retrace:
    """Return what a verifier computes of a leak of this affair."""
    draft, found = drafts()[0], traced(leak)
    seen = retraced(
        leak,
        draft.file,
        tuple(Named(draft.key(each.copy), each.round) for each in found.accused),
        copies=found.copies_tested,
        hypotheses=found.hypotheses,
        decoy_seed=hashlib.sha256(leak).digest(),
        decoys=DECOYS,
        threads=2,
    )
    assert isinstance(seen, Retrace)
    return seen


@cache
def story(*leaked: str) -> Story:
    """Return what happened when these copies leaked together."""
    draft, other = drafts()
    leak, other_leak = leak_of(*leaked), leak_of(COPIES[4])
    found = traced(leak)
    bodies: list[tuple[Kind, Mapping[str, JSON]]] = [
        (Kind.DRAFT_REGISTERED, draft_body(draft)),
        *((Kind.COPY_ISSUED, copy_body(draft, copy)) for copy in (MASTER, *COPIES)),
        (Kind.DRAFT_REGISTERED, draft_body(other)),
        (Kind.COPY_ISSUED, copy_body(other, COPIES[0])),
        (Kind.LEAK_RECEIVED, leak_body(other_leak, "other.jpg")),
        (Kind.TRACE_RUN, trace_body(other_leak, traced(other_leak))),
        (Kind.LEAK_RECEIVED, leak_body(leak)),
        (Kind.TRACE_RUN, trace_body(leak, found)),
        (Kind.COPY_ISSUED, copy_body(draft, MASTER) | {"copy": "late"}),
    ]
    entries = tuple(entry_of(at, kind, body) for at, (kind, body) in enumerate(bodies))
    places = {each.copy: FIRST_COPY + COPIES.index(each.copy) for each in found.accused}
    told_first = Story(
        entries=entries,
        proven=(DRAFT_ENTRY, *sorted(places.values()), LEAK, TRACE),
        earlier=tuple(sorted(place + 1 for place in places.values())),
        size=TRACE + 1,
        finding=_finding(draft, leak, found, entries, places),
        keys={each.copy: draft.key(each.copy) for each in found.accused},
        leak=leak,
        draft=draft.file,
    )
    return told_first.with_timeline()


def _finding(draft: Draft, leak: bytes, found: Trace, entries: Sequence[Entry], places: Mapping[str, int]) -> Finding:
    seen = seen_again(leak)
    assert found.next_best is not None
    (scored,) = found.scored
    master_z = stated_z(float(scored.z[scored.copies.index(MASTER)]))
    next_z = stated_z(found.next_best.z)
    received = entries[LEAK]
    return Finding(
        verdict=str(found.verdict),
        reason=found.reason,
        leak=Leak(
            name=str(received.body["name"]),
            sha256=sha256(leak),
            size_bytes=len(leak),
            found=str(received.body["found"]),
            received=received.time,
        ),
        draft=DraftClaim(
            draft=draft.name,
            sha256=sha256(draft.file),
            file_name=f"{draft.name}.png",
            revision=1,
            project="Heron",
            correlation=stated_share(seen.observation.correlation),
            coverage=stated_share(seen.observation.coverage),
            mirrored=seen.observation.mirrored,
        ),
        accused=tuple(
            Accused(
                draft=draft.name,
                copy=each.copy,
                z=stated_z(again.z),
                log10_bound=stated_bound(again.log10_bound),
                round=each.round,
                holder=HOLDERS[each.copy],
                issued=entries[places[each.copy]].time,
                agreement="",
                responsible="",
            )
            for each, again in zip(found.accused, seen.named, strict=True)
        ),
        tested=Tested(found.copies_tested, found.hypotheses, tuple(sorted(stated_z(float(z)) for z in scored.z))),
        decoys=Decoys(sha256(leak), DECOYS, stated_z(seen.decoys_max_z), stated_share(seen.decoys_ks_p)),
        thresholds=Thresholds(limits.ACCUSED_BOUND, limits.SUSPECTED_BOUND),
        rivals=Rivals(
            next_copy_z=next_z,
            next_copy_log10_bound=bound_from_stated(
                next_z, copies=found.copies_tested, hypotheses=found.hypotheses, naming=len(found.accused) + 1
            ),
            master_z=master_z,
            master_log10_bound=bound_from_stated(master_z, copies=1, hypotheses=found.hypotheses),
            other_revisions=(),
        ),
        timeline=(),
        owner=OWNER,
        made="2031-03-07T10:00:00.000000Z",
        versions=arithmetic(),
    )


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@cache
def sketch() -> Bundle:
    """Return a bundle of the right form about nothing, for tests that never come to what it claims."""
    rng = np.random.default_rng(1)
    log = log_of([entry_of(0, Kind.TRACE_RUN, {"said": "nothing"})])
    proofs = Proofs(VKEY, log.note(), (ProvenEntry(log.leaves[0], 0, ()),), ())
    leak, draft = rng.bytes(30_000), rng.bytes(200_000)
    claim = DraftClaim("bumper", sha256(draft), "bumper.png", 1, "Heron", 0.98, 0.5, False)
    finding = Finding(
        verdict="accused",
        reason="the leak carries the mark of 1 copy",
        leak=Leak("IMG_2201.jpg", sha256(leak), len(leak), "a public forum", "2031-03-07T09:01:00.000000Z"),
        draft=claim,
        accused=(
            Accused(
                "bumper",
                "copy 2",
                84.69,
                -1558.75,
                1,
                RECIPIENTS[0],
                entry_of(0, Kind.TRACE_RUN, {}).time,
                "",
                "",
            ),
        ),
        tested=Tested(2, 2, (0.5, 84.69)),
        decoys=Decoys(sha256(leak), DECOYS, 2.6, 0.3),
        thresholds=Thresholds(limits.ACCUSED_BOUND, limits.SUSPECTED_BOUND),
        rivals=Rivals(0.5, 0.0, 0.5, 0.0, (claim,)),
        timeline=(Event(0, Kind.TRACE_RUN, entry_of(0, Kind.COPY_DOWNLOADED, {}).time),),
        owner=OWNER,
        made="2031-03-07T10:00:00.000000Z",
        versions={"tidemark": "0.1.0"},
    )
    return Bundle(finding, proofs, {"copy 2": bytes(32)}, leak, draft, {"en": REPORT})
