"""The whole ledger as one file (docs/formats/ledger.md, section 9), written and read; :mod:`.whole` verifies it.

Lines of text: the scheme and version; the public key; one line for each entry, its canonical JSON; an empty line; one
for each checkpoint, with its time stamp and the authority's certificates if it has one, each in base64; an empty line;
and the seal, a signed note over the hash of all that stands above it. So whoever is not the owner can change no byte.

Files of version 1, which had no seal, are not read: a sealed one could else be cut short and pass for one of them.
"""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tidemark.errors import UnreadableFile
from tidemark.ledger import note

SCHEME = "tidemark-ledger-export"
VERSION = 2


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
    """An exported ledger as it was read; nothing of it is verified yet. The seal is over what stands above it."""

    vkey: str
    entries: tuple[bytes, ...]
    states: tuple[SignedState, ...]
    above_seal: bytes
    seal: bytes


def encode(*, entries: Sequence[bytes], states: Sequence[SignedState], key: Ed25519PrivateKey, name: str) -> bytes:
    """Return the file, sealed with the ledger's key of this name.

    Canonical JSON has no line breaks, so each entry is a line.
    """
    lines = [f"{SCHEME} {VERSION}".encode(), note.vkey(name, key.public_key()).encode(), *entries, b""]
    lines += [b" ".join(map(base64.b64encode, _parts(state))) for state in states]
    above_seal = b"\n".join([*lines, b"", b""])
    return above_seal + base64.b64encode(note.sign(seal_text(above_seal), key, name)) + b"\n"


def read(data: bytes) -> Export:
    """Read an exported ledger without verifying it.

    Raises
    ------
    UnreadableFile
        If it is not such a file, or one of another version.
    """
    lines = data.split(b"\n")
    if lines[0] != f"{SCHEME} {VERSION}".encode():
        if lines[0] == f"{SCHEME} 1".encode():
            raise UnreadableFile(
                "This ledger was exported without a seal, which shows too little. Ask for a new export."
            )
        if lines[0].startswith(f"{SCHEME} ".encode()):
            raise UnreadableFile(f"This ledger is of a newer version than {VERSION}. Use the newer Tidemark.")
        raise UnreadableFile("This is no exported ledger.")
    if len(lines) < 4 or lines[-1] or b"" not in lines[2:-1]:
        raise UnreadableFile("An exported ledger has a key, entries, an empty line and checkpoints; this is cut off.")
    middle, end = lines.index(b"", 2), len(lines) - 3
    if end <= middle or lines[end]:
        raise UnreadableFile("An exported ledger ends in an empty line and its seal; this is cut off.")
    states = tuple(_state(line) for line in lines[middle + 1 : end])
    above_seal = b"\n".join([*lines[:-2], b""])
    return Export(lines[1].decode(errors="replace"), tuple(lines[2:middle]), states, above_seal, _decoded(lines[-2]))


def seal_text(above_seal: bytes) -> str:
    """Return what the seal's note says of the bytes above it."""
    return f"{SCHEME} {VERSION}\nsha256 {hashlib.sha256(above_seal).hexdigest()}\n"


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
