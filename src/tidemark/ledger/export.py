"""The whole ledger as one file, and its verification from the first entry to the seal (docs/formats/ledger.md).

Lines of text: the scheme and version; the public key; one line for each entry, its canonical JSON; an empty line; one
for each checkpoint, with its time stamp and the authority's certificates if it has one, each in base64; an empty line;
and the seal, a signed note over the hash of all that stands above it. So whoever is not the owner can change no byte.

What the owner cut off or wrote anew, before sealing it again, is found by what a reader holds from before
(:mod:`.history`). Files of version 1 have no stamps and no seal: that a checkpoint was left out is not found in them.
"""

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tidemark.errors import LedgerTampered, UnreadableFile
from tidemark.ledger import history, merkle, note, timestamp
from tidemark.ledger.checkpoint import Checkpoint, open_checkpoint
from tidemark.ledger.entry import decode

SCHEME = "tidemark-ledger-export"
VERSION = 2

_UNSEALED = 1  # the version that had neither stamps nor a seal


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
class Stamp:
    """An authority's answer over a checkpoint, and the certificates (PEM) that it leads to, as the owner names them."""

    token: bytes
    authorities: bytes


@dataclass(frozen=True, slots=True)
class SignedState:
    """A checkpoint's signed note, and its time stamp if it has one."""

    note: bytes
    stamp: Stamp | None = None


@dataclass(frozen=True, slots=True)
class Export:
    """An exported ledger as it was read; nothing of it is verified yet. ``sealed`` is what the seal is over."""

    vkey: str
    entries: tuple[bytes, ...]
    states: tuple[SignedState, ...]
    sealed: bytes
    seal: bytes | None


@dataclass(frozen=True, slots=True)
class Verified:
    """A ledger that was verified whole.

    Attributes
    ----------
    size, checkpoints : int
    last_time : str
        Of the last entry; '' if there is none.
    vkey : str
    trusted : bool
        Whether the key is one that the reader gave.
    stamps : tuple of str
        What each time stamp shows.
    sealed : bool
    held : int
        Signed states of before that were compared.
    """

    size: int
    checkpoints: int
    last_time: str
    vkey: str
    trusted: bool
    stamps: tuple[str, ...] = ()
    sealed: bool = True
    held: int = 0

    def said(self) -> tuple[str, ...]:
        """Say what was verified and what was not, for people, one thing at a time."""
        until = f", the last of {self.last_time}" if self.last_time else ""
        by = "the key given" if self.trusted else f"the key that it names itself, {self.vkey}: compare it"
        said = [f"{self.size:,} entries{until}; {self.checkpoints:,} checkpoints, all signed by {by}"]
        said += [f"stamped: {each}" for each in self.stamps] or ["no time-stamps: the times are the owner's own"]
        if not self.sealed:
            said.append("of version 1, without a seal: whether a checkpoint was left out is not shown")
        if self.held:
            said.append(f"it continues what you hold, {self.held} signed {'state' if self.held == 1 else 'states'}")
        else:
            said.append("whether its end was cut off is not shown: compare it with a receipt or a checkpoint (--since)")
        return tuple(said)


def encode(*, entries: Sequence[bytes], states: Sequence[SignedState], key: Ed25519PrivateKey, name: str) -> bytes:
    """Return the file, sealed with the ledger's key of this name.

    Canonical JSON has no line breaks, so each entry is a line.
    """
    lines = [f"{SCHEME} {VERSION}".encode(), note.vkey(name, key.public_key()).encode(), *entries, b""]
    lines += [b" ".join(map(base64.b64encode, _parts(state))) for state in states]
    sealed = b"\n".join([*lines, b"", b""])
    return sealed + base64.b64encode(note.sign(_sealing_text(sealed), key, name)) + b"\n"


def read(data: bytes) -> Export:
    """Read an exported ledger without verifying it.

    Raises
    ------
    UnreadableFile
        If it is not such a file, or one of a newer Tidemark.
    """
    lines = data.split(b"\n")
    versions = {f"{SCHEME} {version}".encode(): version for version in (_UNSEALED, VERSION)}
    version = versions.get(lines[0])
    if version is None:
        if lines[0].startswith(f"{SCHEME} ".encode()):
            raise UnreadableFile(f"This ledger is of a newer version than {VERSION}. Use the newer Tidemark.")
        raise UnreadableFile("This is no exported ledger.")
    if len(lines) < 4 or lines[-1] or b"" not in lines[2:-1]:
        raise UnreadableFile("An exported ledger has a key, entries, an empty line and checkpoints; this is cut off.")
    middle, end, seal = lines.index(b"", 2), len(lines) - 1, None
    if version == VERSION:
        end -= 2
        if end <= middle or lines[end]:
            raise UnreadableFile("An exported ledger ends in an empty line and its seal; this is cut off.")
        seal = _decoded(lines[-2])
    states = tuple(_state(line) for line in lines[middle + 1 : end])
    if version == _UNSEALED and any(state.stamp for state in states):
        raise UnreadableFile("An exported ledger of version 1 has no time-stamps; this has.")
    sealed = b"\n".join([*lines[:-2], b""])
    return Export(lines[1].decode(errors="replace"), tuple(lines[2:middle]), states, sealed, seal)


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
        found = read(data)
    with _step(Claim.OWNERS_KEY):
        if vkey is not None and found.vkey != vkey:
            raise LedgerTampered(f"It names another key, {found.vkey}.")
        note.parse_vkey(found.vkey)
    log = verify_log(found.vkey, found.entries, found.states)
    if found.seal is not None:
        with _step(Claim.SEALED):
            _check_seal(found, found.seal)
    with _step(Claim.STAMPED):
        stamps = tuple(_stamps(found.states, log, roots))
    with _step(Claim.CONTINUES):
        held = history.read_held(since, found.vkey).everything()
        _check_continues(found.entries, held)
    return Verified(
        size=len(found.entries),
        checkpoints=len(found.states),
        last_time=log.times[-1] if log.times else "",
        vkey=found.vkey,
        trusted=vkey is not None,
        stamps=stamps,
        sealed=found.seal is not None,
        held=len(held),
    )


@dataclass(frozen=True, slots=True)
class Log:
    """Entries and checkpoints that hold together: each entry's time, and what each checkpoint says."""

    times: tuple[str, ...]
    signed: tuple[Checkpoint, ...]


def verify_log(vkey: str, entries: Sequence[bytes], states: Sequence[SignedState]) -> Log:
    """Verify entries and checkpoints against one another: the steps that need no file. Stamps are not looked at.

    Raises
    ------
    LedgerTampered
        At the first step that does not hold; the message names it.
    """
    with _step(Claim.SIGNED):
        signed = tuple(open_checkpoint(state.note, vkey) for state in states)
        if [state.size for state in signed] != sorted({state.size for state in signed}):
            raise LedgerTampered("Checkpoints should stand in ascending order of their size, each once.")
        if not signed or signed[-1].size != len(entries):
            raise LedgerTampered(
                f"The last checkpoint covers {signed[-1].size if signed else 0} entries; there are {len(entries)}."
            )
    with _step(Claim.UNCHANGED):
        times = _times(entries)
        seen = _roots(entries, {state.size for state in signed})
        for state in signed:
            if seen[state.size] != state.root:
                raise LedgerTampered(
                    f"The first {state.size} entries do not have the root that was signed for them: one of them was "
                    "changed, left out or put elsewhere."
                )
    return Log(times, signed)


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


def _roots(entries: Sequence[bytes], sizes: set[int]) -> Mapping[int, bytes]:
    """Build the tree again, and return the root of each of these sizes."""
    nodes: dict[tuple[int, int], bytes] = {}

    def lookup(level: int, index: int) -> bytes:
        return nodes[level, index]

    seen = {0: merkle.EMPTY_ROOT}
    for size, line in enumerate(entries):
        for node in merkle.appended(size, merkle.leaf_hash(line), lookup):
            nodes[node.level, node.index] = node.hash
        if size + 1 in sizes:
            seen[size + 1] = merkle.root(size + 1, lookup)
    return seen


def _check_continues(entries: Sequence[bytes], held: Sequence[Checkpoint]) -> None:
    seen = _roots(entries, {state.size for state in held})
    for state in held:
        if state.size > len(entries):
            raise LedgerTampered(
                f"What you hold was signed with {state.size} entries; here are {len(entries)}. Its end was cut off, or "
                "it was exported before: ask for one of today."
            )
    history.compare(seen, held)


def _check_seal(found: Export, seal: bytes) -> None:
    said = note.parse(seal)
    note.check_signature(said, note.parse_vkey(found.vkey))
    if len(said.signatures) != 1:
        raise LedgerTampered(f"A seal has one signature; this has {len(said.signatures)}.")
    if said.text != _sealing_text(found.sealed):
        raise LedgerTampered("It is the seal of another file: a line was changed, left out or added.")


def _sealing_text(sealed: bytes) -> str:
    return f"{SCHEME} {VERSION}\nsha256 {hashlib.sha256(sealed).hexdigest()}\n"


def _parts(state: SignedState) -> tuple[bytes, ...]:
    return (state.note,) if state.stamp is None else (state.note, state.stamp.token, state.stamp.authorities)


def _state(line: bytes) -> SignedState:
    signed, *stamp = map(_decoded, line.split(b" "))
    if len(stamp) not in (0, 2):
        raise UnreadableFile("A checkpoint's line has a stamp and its certificates behind it, or neither; one has not.")
    return SignedState(signed, Stamp(*stamp) if stamp else None)


def _decoded(part: bytes) -> bytes:
    data = note.decode_base64(part.decode(errors="replace"))
    if data is None:
        raise UnreadableFile("Checkpoints, stamps and seal are in base64, as an encoder writes it; one is not.")
    return data


@contextmanager
def _step(claim: Claim) -> Iterator[None]:
    """Name the step in what is raised."""
    try:
        yield
    except (LedgerTampered, UnreadableFile) as fault:
        number = list(Claim).index(claim) + 1
        raise type(fault)(f"Step {number} fails, {claim}: {fault}") from None
