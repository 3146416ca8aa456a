"""The whole ledger as one file, and its verification from the first entry to the last checkpoint.

Lines of text: the scheme and version; the public key; then one line for each entry, its canonical JSON; an empty line;
and each checkpoint's signed note in base64, one a line, in ascending size. Whoever has an earlier export or a receipt
can see that the log only grew.
"""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass

from tidemark.errors import LedgerTampered, UnreadableFile
from tidemark.ledger import merkle
from tidemark.ledger.checkpoint import Checkpoint, open_checkpoint
from tidemark.ledger.entry import decode

SCHEME = "tidemark-ledger-export"
VERSION = 1


@dataclass(frozen=True, slots=True)
class Verified:
    """A ledger that was verified whole."""

    size: int
    checkpoints: int
    last_time: str
    vkey: str

    def summary(self) -> str:
        """Say what was verified, for people."""
        until = f", the last of {self.last_time}" if self.last_time else ""
        return f"{self.size:,} entries{until}; {self.checkpoints:,} checkpoints, all signed by {self.vkey}"


def encode(*, vkey: str, entries: Sequence[bytes], checkpoints: Sequence[bytes]) -> bytes:
    """Return the file. Canonical JSON has no line breaks, so each entry is a line."""
    lines = [f"{SCHEME} {VERSION}".encode(), vkey.encode(), *entries, b"", *map(base64.b64encode, checkpoints)]
    return b"\n".join(lines) + b"\n"


def verify(data: bytes, vkey: str | None = None) -> Verified:
    """Verify an exported ledger.

    Parameters
    ----------
    data : bytes
    vkey : str, optional
        The public key that the reader trusts; without it, the file's own.

    Raises
    ------
    UnreadableFile
        If it is not such a file, or one of a newer Tidemark.
    LedgerTampered
        If an entry, a checkpoint or their order is not as it was signed, or the last entries are under no checkpoint.
    """
    lines = data.split(b"\n")
    if lines[0] != f"{SCHEME} {VERSION}".encode():
        if lines[0].startswith(f"{SCHEME} ".encode()):
            raise UnreadableFile(f"This ledger is of a newer version than {VERSION}. Use the newer Tidemark.")
        raise UnreadableFile("This is neither a receipt nor an exported ledger.")
    if len(lines) < 4 or lines[-1] or b"" not in lines[2:-1]:
        raise UnreadableFile("An exported ledger has a key, entries, an empty line and checkpoints; this is cut off.")
    own = lines[1].decode(errors="replace")
    if vkey is not None and own != vkey:
        raise LedgerTampered("The exported ledger is of another key than the one given.")
    middle = lines.index(b"", 2)
    entries, notes = lines[2:middle], lines[middle + 1 : -1]
    signed = [_checkpoint(line, own) for line in notes]
    if [state.size for state in signed] != sorted({state.size for state in signed}):
        raise LedgerTampered("Checkpoints should stand in ascending order of their size, each once.")
    if not signed or signed[-1].size != len(entries):
        raise LedgerTampered(
            f"The last checkpoint covers {signed[-1].size if signed else 0} entries; there are {len(entries)}."
        )
    return Verified(len(entries), len(signed), _walked(entries, signed), own)


def _walked(entries: Sequence[bytes], signed: Sequence[Checkpoint]) -> str:
    """Build the tree again, comparing each checkpoint's root on the way; return the last entry's time."""
    nodes: dict[tuple[int, int], bytes] = {}
    roots = {state.size: state.root for state in signed}

    def lookup(level: int, index: int) -> bytes:
        return nodes[level, index]

    if roots.get(0, merkle.EMPTY_ROOT) != merkle.EMPTY_ROOT:
        raise LedgerTampered("The checkpoint of the empty ledger has another root.")
    last = ""
    for size, line in enumerate(entries):
        try:
            entry = decode(line)
        except UnreadableFile as fault:
            raise LedgerTampered(f"Entry {size}: {fault}") from None
        if entry.time < last:
            raise LedgerTampered(f"Entry {size} is of {entry.time}, before the one it follows ({last}).")
        last = entry.time
        for node in merkle.appended(size, merkle.leaf_hash(line), lookup):
            nodes[node.level, node.index] = node.hash
        expected = roots.get(size + 1)
        if expected is not None and merkle.root(size + 1, lookup) != expected:
            raise LedgerTampered(
                f"The entries up to {size} do not have the root that was signed for {size + 1} entries: one of them "
                "was changed, left out or put elsewhere."
            )
    return last


def _checkpoint(line: bytes, vkey: str) -> Checkpoint:
    try:
        return open_checkpoint(base64.b64decode(line, validate=True), vkey)
    except binascii.Error:
        raise LedgerTampered("A checkpoint of the exported ledger is not base64.") from None
