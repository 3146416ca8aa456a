"""What a bundle shows of the ledger: the entries that an accusation rests on, each proven to be in it.

The order of the entries is the order of what happened, as far as the ledger's owner let it be known at the time: a copy
that was issued after the leak was received cannot be what it was made from.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tidemark.errors import EvidenceInvalid
from tidemark.evidence.bundle import Proofs, ProvenEntry
from tidemark.evidence.finding import Event, Finding
from tidemark.ledger import merkle, timestamp
from tidemark.ledger.checkpoint import Checkpoint, open_checkpoint
from tidemark.ledger.entry import Entry, Kind, decode

_BODIES: Mapping[Kind, Mapping[str, type | tuple[type, ...]]] = {
    Kind.DRAFT_REGISTERED: {
        "draft": str,
        "sha256": str,
        "file_name": str,
        "revision": int,
        "project": str,
        "accused_bound": (int, float),
        "suspected_bound": (int, float),
        "decoys": int,
    },
    Kind.COPY_ISSUED: {
        "draft": str,
        "draft_sha256": str,
        "copy": str,
        "copy_sha256": str,
        "key_commitment": str,
        "holder": str,
        "is_master": bool,
        "agreement": str,
    },
    Kind.LEAK_RECEIVED: {"leak": str, "size_bytes": int, "name": str, "found": str},
    Kind.TRACE_RUN: {"leak": str, "verdict": str, "copies": int, "hypotheses": int, "accused": list},
}
"""The fields that an accusation rests on, by kind of entry. Entries may have more."""


@dataclass(frozen=True, slots=True)
class Log:
    """The proven entries by what they are; bodies have the fields of their kind.

    Attributes
    ----------
    proofs : Proofs
    state : Checkpoint
        That all proofs lead to.
    draft, leak, trace : mapping
        Bodies of the draft's, the leak's and the trace's entries.
    copies : mapping of str to mapping
        Body of the entry of each accused copy, by copy id.
    times : mapping of str to str
        When each of these copies was issued.
    last_issue, leak_index : int
        Places in the log: of the last accused copy's entry, and of the leak's.
    """

    proofs: Proofs
    state: Checkpoint
    draft: Mapping[str, Any]
    leak: Mapping[str, Any]
    trace: Mapping[str, Any]
    copies: Mapping[str, Mapping[str, Any]]
    times: Mapping[str, str]
    last_issue: int
    leak_index: int

    def summary(self) -> str:
        """Say what was followed."""
        return f"{len(self.proofs.entries)} of the {self.state.size:,} entries under a signed root, each with its proof"

    def only_grew(self) -> str:
        """Check the earlier checkpoints; return what they show.

        Raises
        ------
        EvidenceInvalid, LedgerTampered
            If one is not signed or does not lead to the last one, or none covers the copies before the leak.
        """
        covering = False
        for earlier in self.proofs.earlier:
            before = open_checkpoint(earlier.note, self.proofs.vkey)
            if not merkle.holds_consistency(
                before.size, before.root, self.state.size, self.state.root, earlier.consistency
            ):
                raise EvidenceInvalid(
                    f"The log of {before.size} entries is not the beginning of the log of {self.state.size}: what it "
                    "held then was changed."
                )
            covering |= self.last_issue < before.size <= self.leak_index
        if not covering:
            raise EvidenceInvalid("No checkpoint from before the leak was received covers the accused copies.")
        return f"{len(self.proofs.earlier)} earlier checkpoints are beginnings of it, one from before the leak"

    def stamps(self, roots: Sequence[bytes]) -> str:
        """Check the authority's stamps; return what they show.

        Raises
        ------
        LedgerTampered, UnreadableFile
            If one does not hold, or leads to none of the certificates.
        """
        stamped = [(each.note, each.stamp) for each in self.proofs.earlier if each.stamp]
        if self.proofs.stamp:
            stamped.append((self.proofs.checkpoint, self.proofs.stamp))
        if not stamped:
            return "none is claimed: the times are the owner's own"
        trusted = list(roots) or [self.proofs.authorities]
        said = []
        for signed, token in stamped:
            found = timestamp.verify(token, signed, trusted)
            size = open_checkpoint(signed, self.proofs.vkey).size
            said.append(f"{size} entries at {found.time} by {found.authority}")
        by_itself = (
            ""
            if roots
            else (
                "; by the bundle's own certificates, SHA-256 "
                f"{hashlib.sha256(self.proofs.authorities).hexdigest()}: compare with the authority's"
            )
        )
        return "; ".join(said) + by_itself


def open_log(proofs: Proofs, finding: Finding) -> Log:
    """Follow each entry's proof to the signed root, and find the entries that the finding rests on.

    Raises
    ------
    EvidenceInvalid, LedgerTampered, UnreadableFile
        If a signature or proof does not hold, an entry is missing, malformed or one too many, or their order or times
        are not those of the finding.
    """
    state = open_checkpoint(proofs.checkpoint, proofs.vkey)
    entries = [_proven(each, state) for each in proofs.entries]
    _check_order(proofs, entries, finding)
    by_kind = {kind: [entry for entry in entries if entry.kind == kind] for kind in _BODIES}
    copies = {str(entry.body.get("copy")): entry for entry in by_kind[Kind.COPY_ISSUED]}
    accused = {each.copy for each in finding.accused}
    if set(copies) != accused or len(by_kind[Kind.COPY_ISSUED]) != len(accused) or not accused:
        raise EvidenceInvalid("The entries of the accused copies should be in the bundle, each once, and no others.")
    draft, leak, trace = (
        _only(by_kind[kind], kind) for kind in (Kind.DRAFT_REGISTERED, Kind.LEAK_RECEIVED, Kind.TRACE_RUN)
    )
    if len(entries) != 3 + len(copies):
        raise EvidenceInvalid("The bundle has entries that the finding does not rest on.")
    place = {id(entry): each.index for entry, each in zip(entries, proofs.entries, strict=True)}
    issued = [place[id(entry)] for entry in copies.values()]
    if not place[id(draft)] < min(issued) <= max(issued) < place[id(leak)] < place[id(trace)]:
        raise EvidenceInvalid("The ledger should have the draft, then the copies, then the leak, then the trace.")
    stated = (finding.leak.sha256, finding.leak.received, finding.leak.found, finding.leak.name)
    if trace.body["leak"] != leak.body["leak"] or stated != (
        leak.body["leak"],
        leak.time,
        leak.body["found"],
        leak.body["name"],
    ):
        raise EvidenceInvalid("The finding says another thing of the leak than the ledger does.")
    return Log(
        proofs=proofs,
        state=state,
        draft=draft.body,
        leak=leak.body,
        trace=trace.body,
        copies={copy: _checked(entry).body for copy, entry in copies.items()},
        times={copy: entry.time for copy, entry in copies.items()},
        last_issue=max(issued),
        leak_index=place[id(leak)],
    )


def _proven(proven: ProvenEntry, state: Checkpoint) -> Entry:
    leaf = merkle.leaf_hash(proven.entry)
    if type(proven.index) is not int or not merkle.holds_inclusion(
        leaf, proven.index, state.size, proven.proof, state.root
    ):
        raise EvidenceInvalid(f"The proof of entry {proven.index} does not lead to the signed root.")
    return decode(proven.entry)


def _check_order(proofs: Proofs, entries: Sequence[Entry], finding: Finding) -> None:
    indices = [each.index for each in proofs.entries]
    if indices != sorted(set(indices)):
        raise EvidenceInvalid("The entries should be in the order of the ledger, each once.")
    times = [entry.time for entry in entries]
    if times != sorted(times):
        raise EvidenceInvalid("The ledger's times should never run backwards; here they do.")
    stated = tuple(Event(index, entry.kind, entry.time) for index, entry in zip(indices, entries, strict=True))
    if finding.timeline != stated:
        raise EvidenceInvalid("The finding's timeline is not that of the ledger.")


def _only(entries: Sequence[Entry], kind: Kind) -> Entry:
    if len(entries) != 1:
        raise EvidenceInvalid(f"The bundle should have one entry of the kind {kind}; it has {len(entries)}.")
    return _checked(entries[0])


def _checked(entry: Entry) -> Entry:
    """Return the entry if its body has the fields of its kind, each of the right type."""
    for name, kind in _BODIES[Kind(entry.kind)].items():
        value = entry.body.get(name)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise EvidenceInvalid(f"An entry {entry.kind} of the ledger has no sound field {name}.")
    if entry.kind == Kind.TRACE_RUN:
        for each in entry.body["accused"]:  # type: ignore[union-attr]
            if not isinstance(each, dict) or not {"draft", "copy", "round"} <= set(each):
                raise EvidenceInvalid("The trace in the ledger does not say whom it accuses.")
    return entry
