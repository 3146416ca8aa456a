"""The verification of a whole ledger, from its first entry to the seal (docs/formats/ledger.md, section 9).

An exported ledger (:mod:`.export`) is verified in seven steps, and the first that fails is named. Entries and
checkpoints that somebody has without a file are verified against one another by :func:`verify_log`.

What the owner cut off or wrote anew, before sealing it again, is found by what a reader holds from before
(:mod:`.history`); in a file without stamps and seal, nothing shows that a checkpoint was left out.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from tidemark.errors import LedgerTampered, UnreadableFile
from tidemark.ledger import export, history, merkle, note, timestamp
from tidemark.ledger.checkpoint import Checkpoint, open_checkpoint
from tidemark.ledger.entry import decode
from tidemark.ledger.export import Export, SignedState


class Claim(StrEnum):
    """What each step claims, in the order in which they are taken."""

    IS_EXPORT = "the file is an exported ledger, whole"
    OWNERS_KEY = "it is of the key that the reader trusts"
    SIGNED = "every checkpoint is signed with that key, and they grow"
    UNCHANGED = "the entries are those that were signed, none changed, left out or moved"
    SEALED = "nothing in it was changed since it was sealed"
    STAMPED = "the ledger is as old as its time-stamps say"
    CONTINUES = "it is the history that the reader holds a part of"


@dataclass(frozen=True, slots=True)
class Verified:
    """A ledger that was verified whole.

    Attributes
    ----------
    size, checkpoints : int
    last_time : str
        Of the last entry; '' if there is none.
    vkey : str
    is_key_given : bool
        Whether the key is one that the reader gave.
    stamps : tuple of str
        What each time stamp shows.
    held : int
        Signed states of before that were compared.
    """

    size: int
    checkpoints: int
    last_time: str
    vkey: str
    is_key_given: bool
    stamps: tuple[str, ...] = ()
    held: int = 0

    def said(self) -> tuple[str, ...]:
        """Say what was verified and what was not, for people, one thing at a time."""
        until = f", the last of {self.last_time}" if self.last_time else ""
        by = note.signed_by(self.vkey, is_given=self.is_key_given)
        said = [f"{self.size:,} entries{until}; {self.checkpoints:,} checkpoints, all {by}"]
        said += [f"stamped: {each}" for each in self.stamps] or ["no time-stamps: the times are the owner's own"]
        if self.held:
            said.append(f"it continues what you hold, {self.held} signed {'state' if self.held == 1 else 'states'}")
        else:
            said.append("whether its end was cut off is not shown: compare it with a receipt or a checkpoint (--since)")
        return tuple(said)


def verify(
    data: bytes, vkey: str | None = None, *, roots: Sequence[bytes] = (), since: Sequence[bytes] = ()
) -> Verified:
    """Verify an exported ledger.

    Parameters
    ----------
    data : bytes
    vkey : str, optional
        The public key that the reader trusts; without it, the file's own.
    roots : sequence of bytes
        Certificates of time-stamp authorities (PEM or DER) that the reader trusts, in place of those in the file. If
        they are given, the ledger must have a stamp.
    since : sequence of bytes
        What the reader holds from before: receipts, checkpoints, proofs of consistency. It must be this ledger's.

    Raises
    ------
    UnreadableFile, LedgerTampered
        At the first step that does not hold; the message names it.
    """
    with _step(Claim.IS_EXPORT):
        found = export.read(data)
    with _step(Claim.OWNERS_KEY):
        if vkey is not None and found.vkey != vkey:
            raise LedgerTampered(f"It names another key, {found.vkey}.")
        note.parse_vkey(found.vkey)
    with _step(Claim.SIGNED):
        signed = _signed(found.vkey, found.entries, found.states)
    with _step(Claim.UNCHANGED):
        log = _rebuilt(found.entries, signed)
    with _step(Claim.SEALED):
        _check_seal(found)
    with _step(Claim.STAMPED):
        stamps = tuple(_stamps(found.states, log, roots))
    with _step(Claim.CONTINUES):
        held = history.read_held(since, found.vkey).everything()
        _check_continues(log, held)
    return Verified(
        size=len(found.entries),
        checkpoints=len(found.states),
        last_time=log.times[-1] if log.times else "",
        vkey=found.vkey,
        is_key_given=vkey is not None,
        stamps=stamps,
        held=len(held),
    )


@dataclass(frozen=True, slots=True)
class Log:
    """Entries and checkpoints that hold together.

    Attributes
    ----------
    times : tuple of str
        Of each entry.
    signed : tuple of Checkpoint
        Ascending; the last is of all entries.
    subtrees : mapping of (int, int) to bytes
        The tree as it was built anew, as :func:`~tidemark.ledger.merkle.subtrees` gives it.
    """

    times: tuple[str, ...]
    signed: tuple[Checkpoint, ...]
    subtrees: Mapping[tuple[int, int], bytes]

    def root(self, size: int) -> bytes:
        """Return the root of the first entries, so many."""
        return merkle.root(size, lambda level, index: self.subtrees[level, index])


def verify_log(vkey: str, entries: Sequence[bytes], states: Sequence[SignedState]) -> Log:
    """Verify entries and checkpoints against one another: what needs no file. Stamps are not looked at.

    Raises
    ------
    LedgerTampered
        If one does not hold, or they do not fit together.
    """
    return _rebuilt(entries, _signed(vkey, entries, states))


def _signed(vkey: str, entries: Sequence[bytes], states: Sequence[SignedState]) -> tuple[Checkpoint, ...]:
    """Open the checkpoints, and check that they grow to the size of the log."""
    signed = tuple(open_checkpoint(state.note, vkey) for state in states)
    if [state.size for state in signed] != sorted({state.size for state in signed}):
        raise LedgerTampered("Checkpoints should stand in ascending order of their size, each once.")
    if not signed or signed[-1].size != len(entries):
        raise LedgerTampered(
            f"The last checkpoint covers {signed[-1].size if signed else 0} entries; there are {len(entries)}."
        )
    return signed


def _rebuilt(entries: Sequence[bytes], signed: tuple[Checkpoint, ...]) -> Log:
    """Build the tree anew, and check that its roots are those that were signed."""
    log = Log(_times(entries), signed, merkle.subtrees(map(merkle.leaf_hash, entries)))
    for state in signed:
        if log.root(state.size) != state.root:
            raise LedgerTampered(
                f"The first {state.size} entries do not have the root that was signed for them: one of them was "
                "changed, left out or put elsewhere."
            )
    return log


def _stamps(states: Sequence[SignedState], log: Log, roots: Sequence[bytes]) -> Iterator[str]:
    """Verify each stamp, and yield what it shows."""
    if roots and not any(state.stamp for state in states):
        raise LedgerTampered("A time-stamp authority is trusted, but no checkpoint has a time-stamp.")
    for state, said in zip(states, log.signed, strict=True):
        if state.stamp is None:
            continue
        try:
            found = timestamp.verify(state.stamp.token, state.note, list(roots) or [state.stamp.authorities])
        except (LedgerTampered, UnreadableFile) as fault:
            raise LedgerTampered(f"The stamp over the checkpoint of {said.size} entries: {fault}") from None
        if said.size and timestamp.is_dated_after(last := log.times[said.size - 1], found):
            raise LedgerTampered(f"Entry {said.size - 1} is dated {last}, after the stamp over it ({found.time}).")
        by_itself = "" if roots else ", by the file's own certificates"
        yield f"{said.size} entries at {found.time} by {found.authority}{by_itself}"


def _times(entries: Sequence[bytes]) -> tuple[str, ...]:
    times: list[str] = []
    for number, line in enumerate(entries):
        try:
            entry = decode(line)
        except UnreadableFile as fault:
            raise LedgerTampered(f"Entry {number}: {fault}") from None
        if times and entry.time < times[-1]:
            raise LedgerTampered(f"Entry {number} is of {entry.time}, before the one it follows ({times[-1]}).")
        times.append(entry.time)
    return tuple(times)


def _check_continues(log: Log, held: Sequence[Checkpoint]) -> None:
    size = log.signed[-1].size
    for state in held:
        if state.size > size:
            raise LedgerTampered(
                f"What you hold was signed with {state.size} entries; here are {size}. Its end was cut off, or "
                "it was exported before: ask for one of today."
            )
    history.compare({each: log.root(each) for each in (size, *(state.size for state in held))}, held)


def _check_seal(found: Export) -> None:
    said = note.parse(found.seal)
    note.check_signature(said, note.parse_vkey(found.vkey))
    if len(said.signatures) != 1:
        raise LedgerTampered(f"A seal has one signature; this has {len(said.signatures)}.")
    if said.text != export.seal_text(found.above_seal):
        raise LedgerTampered("It is the seal of another file: a line was changed, left out or added.")


@contextmanager
def _step(claim: Claim) -> Iterator[None]:
    """Name the step in what is raised."""
    try:
        yield
    except (LedgerTampered, UnreadableFile) as fault:
        number = list(Claim).index(claim) + 1
        raise type(fault)(f"Step {number} fails, {claim}: {fault}") from None
