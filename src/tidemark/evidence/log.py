"""What a bundle shows of the ledger: the entries that an accusation rests on, each proven to be in it.

The order of the entries is the order of what happened, as far as the ledger's owner let it be known at the time: a copy
that was issued after the leak was received cannot be what it was made from. The owner can write another history and
prove it as well; a holder's receipt or an authority's stamp from before the leak is what shows that this is not one.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from tidemark import limits
from tidemark.errors import EvidenceInvalid
from tidemark.evidence.bundle import Proofs, ProvenEntry
from tidemark.evidence.finding import Event, Finding
from tidemark.ledger import history, merkle, timestamp
from tidemark.ledger.canonical import JSON
from tidemark.ledger.checkpoint import Checkpoint, open_checkpoint
from tidemark.ledger.consistency import Consistency
from tidemark.ledger.consistency import verify as verify_consistency
from tidemark.ledger.entry import Entry, Kind, decode, time_of
from tidemark.ledger.receipt import Receipt
from tidemark.ledger.receipt import verify as verify_receipt

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
        "mark_version": int,
        "holder": str,
        "is_master": bool,
        "agreement": str,
    },
    Kind.LEAK_RECEIVED: {"leak": str, "size_bytes": int, "name": str, "found": str},
    Kind.TRACE_RUN: {
        "leak": str,
        "verdict": str,
        "drafts": list,
        "copies": int,
        "hypotheses": int,
        "decoys": int,
        "accused": list,
    },
}
"""The fields that an accusation rests on, by kind of entry. Entries may have more."""

_ACCUSED: Mapping[str, type | tuple[type, ...]] = {"draft": str, "copy": str, "round": int, "z": (int, float)}


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
    timeline : tuple of Event
        Ascending.
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
    timeline: tuple[Event, ...]
    last_issue: int
    leak_index: int

    def summary(self) -> str:
        """Say what was followed."""
        return f"{len(self.proofs.entries)} of the {self.state.size:,} entries under a signed root, each with its proof"

    def only_grew(self, receipt: Receipt | None = None, proofs: Sequence[Consistency] = ()) -> str:
        """Check the earlier checkpoints, and that a receipt is of the same history; return what they show.

        ``proofs`` are the owner's, between the receipt's checkpoint and one of the bundle's.

        Raises
        ------
        EvidenceInvalid, LedgerTampered
            If one is not signed or does not lead to the last one, none covers the copies before the leak, or the
            receipt's ledger is not the beginning of this one.
        """
        covering = False
        roots = {self.state.size: self.state.root}
        for earlier in self.proofs.earlier:
            before = open_checkpoint(earlier.note, self.proofs.vkey)
            if not merkle.holds_consistency(
                before.size, before.root, self.state.size, self.state.root, earlier.consistency
            ):
                raise EvidenceInvalid(
                    f"The log of {before.size} entries is not the beginning of the log of {self.state.size}: what it "
                    "held then was changed."
                )
            if before.size in roots:
                raise EvidenceInvalid(f"Two checkpoints of {before.size} entries are in the bundle.")
            roots[before.size] = before.root
            covering |= self.last_issue < before.size <= self.leak_index
        if not covering:
            raise EvidenceInvalid("No checkpoint from before the leak was received covers the accused copies.")
        count = len(self.proofs.earlier)
        beginnings = (
            "1 earlier checkpoint is a beginning" if count == 1 else f"{count} earlier checkpoints are beginnings"
        )
        shown = f"{beginnings} of it, one from before the leak"
        followed = [verify_consistency(each, self.proofs.vkey) for each in proofs]
        known = history.comparable(roots, followed)
        return shown if receipt is None else f"{shown}; {self._agrees(receipt, roots, known)}"

    def _agrees(self, receipt: Receipt, own: Mapping[int, bytes], known: Mapping[int, bytes]) -> str:
        """Compare a holder's receipt with what is proven here: an owner may have kept two ledgers with one key.

        ``own`` are the roots of the bundle's checkpoints by size, ``known`` those and what is proven to be of their
        history.

        Raises
        ------
        LedgerTampered
            If the receipt does not hold, or is of another history.
        EvidenceInvalid
            If it is of an accused copy, and nothing shows that its checkpoint is of this history.
        """
        theirs = verify_receipt(receipt, self.proofs.vkey)
        state = open_checkpoint(receipt.checkpoint, self.proofs.vkey)
        is_proven = history.has_state(known, state)
        ours = {each.index: each.entry for each in self.proofs.entries}
        if ours.get(receipt.index, receipt.entry) != receipt.entry:
            raise history.two_histories(f"entry {receipt.index} of the receipt is another")
        if theirs.kind == Kind.COPY_ISSUED and theirs.body.get("copy") in self.copies and receipt.index not in ours:
            raise history.two_histories("the receipt has the accused copy in another place")
        if state.size in own:
            return f"the receipt's checkpoint of {state.size} entries is one of them"
        if is_proven:
            return f"the receipt's checkpoint of {state.size} entries is proven to be of the same history"
        if receipt.index in ours:  # one entry at one place in two histories: that the rest is the same is not shown
            raise EvidenceInvalid(
                f"The receipt's checkpoint of {state.size} entries is none of the bundle's, though its entry "
                f"{receipt.index} is. {history.ask_for_proof(state.size, self.state.size)}"
            )
        return (
            f"the receipt, of entry {receipt.index} among {state.size}, is of none of them and cannot be compared. "
            f"{history.ask_for_proof(state.size, self.state.size)}"
        )

    def stamps(self, roots: Sequence[bytes]) -> str:
        """Check the authority's stamps; return what they show.

        Raises
        ------
        EvidenceInvalid
            If one is older than an entry that it covers says to be, or none is there though roots are given.
        LedgerTampered, UnreadableFile
            If one does not hold, or leads to none of the certificates.
        """
        stamped = [(each.note, each.stamp) for each in self.proofs.earlier if each.stamp]
        if self.proofs.stamp:
            stamped.append((self.proofs.checkpoint, self.proofs.stamp))
        if not stamped and roots:
            raise EvidenceInvalid("A time-stamp authority is trusted, but no time-stamp is in the bundle.")
        if not stamped:
            return "none is claimed: the times are the owner's own"
        trusted = list(roots) or [self.proofs.authorities]
        said = []
        for signed, token in stamped:
            found = timestamp.verify(token, signed, trusted)
            size = open_checkpoint(signed, self.proofs.vkey).size
            covered = [event for event in self.timeline if event.index < size]
            if covered and timestamp.is_dated_after(covered[-1].time, found):
                raise EvidenceInvalid(f"Entry {covered[-1].index} is dated {covered[-1].time}, after its time-stamp.")
            among = "the accused copies among them" if self.last_issue < size else "not yet all accused copies"
            said.append(f"{size} entries, {among}, at {found.time} by {found.authority}")
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
    said = finding.leak
    logged = tuple(leak.body[name] for name in ("leak", "size_bytes", "found", "name"))
    if (said.sha256, said.size_bytes, said.found, said.name) != logged or said.received != leak.time:
        raise EvidenceInvalid("The finding says another thing of the leak than the ledger does.")
    if trace.body["leak"] != leak.body["leak"]:
        raise EvidenceInvalid("The trace in the ledger is of another leak.")
    return Log(
        proofs=proofs,
        state=state,
        draft=draft.body,
        leak=leak.body,
        trace=trace.body,
        copies={copy: _checked(entry).body for copy, entry in copies.items()},
        times={copy: entry.time for copy, entry in copies.items()},
        timeline=finding.timeline,
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
    try:
        made = time_of(finding.made)
    except ValueError:
        raise EvidenceInvalid("The finding does not say when it was made, as YYYY-MM-DDTHH:MM:SS.ffffffZ.") from None
    if times and made < time_of(times[-1]) - timedelta(hours=limits.MAX_BEHIND_LEDGER_HOURS):
        raise EvidenceInvalid("The finding says that it was made before the entries that it rests on.")


def _only(entries: Sequence[Entry], kind: Kind) -> Entry:
    if len(entries) != 1:
        raise EvidenceInvalid(f"The bundle should have one entry of the kind {kind}; it has {len(entries)}.")
    return _checked(entries[0])


def _checked(entry: Entry) -> Entry:
    """Return the entry if its body has the fields of its kind, each of the right type."""
    for name, kind in _BODIES[Kind(entry.kind)].items():
        if not _is(kind, entry.body.get(name)):
            raise EvidenceInvalid(f"An entry {entry.kind} of the ledger has no sound field {name}.")
    if entry.kind == Kind.TRACE_RUN:
        named: Any = entry.body["accused"]
        if not all(isinstance(each, dict) and all(_is(_ACCUSED[n], each.get(n)) for n in _ACCUSED) for each in named):
            raise EvidenceInvalid("The trace in the ledger does not say whom it accuses.")
        if not all(isinstance(each, str) for each in cast("list[JSON]", entry.body["drafts"])):
            raise EvidenceInvalid("The trace in the ledger does not say which drafts it tried.")
        if [each["round"] for each in named] != list(range(1, len(named) + 1)):
            raise EvidenceInvalid("The trace in the ledger does not count its rounds from 1 on.")
    return entry


def _is(kind: type | tuple[type, ...], value: object) -> bool:
    """Tell whether a value from JSON is of a kind. In Python, true is a whole number; in JSON it is none."""
    return isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
