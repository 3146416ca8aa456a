"""Checkpoints: the ledger's size and root at one moment, signed, as C2SP's tlog-checkpoint has them.

    origin                    the ledger's name
    size                      decimal
    base64(root)
    (extension lines, if any)

Whoever holds two checkpoints can ask for a consistency proof between them, and so sees that nothing which the first
one covers was changed or removed. That the owner signed one history only is not shown by a checkpoint alone.
"""

import base64
import re
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tidemark import limits
from tidemark.errors import LedgerTampered
from tidemark.ledger import merkle
from tidemark.ledger import note as signed_note

_SIZE = re.compile(r"0|[1-9][0-9]*")
_LINE = re.compile(r"[^\x00-\x1f]+")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A ledger's state.

    Attributes
    ----------
    origin : str
        The ledger's name; best the same as the name of the key that signs.
    size : int
        Leaves.
    root : bytes
        Of the tree of these leaves, 32 bytes.
    extensions : tuple of str
        Lines below the root. We write none and keep those that we read.

    Raises
    ------
    ValueError
        If it could not be written as a checkpoint.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what no checkpoint can say."""
        if not all(_LINE.fullmatch(line) for line in (self.origin, *self.extensions)):
            raise ValueError("lines of a checkpoint are not empty and have no control characters")
        if not 0 <= self.size <= limits.MAX_LEAVES:
            raise ValueError(f"a ledger has 0 to {limits.MAX_LEAVES:,} leaves, not {self.size}")
        if len(self.root) != merkle.HASH_BYTES:
            raise ValueError(f"a root has {merkle.HASH_BYTES} bytes, not {len(self.root)}")
        if self.size == 0 and self.root != merkle.EMPTY_ROOT:
            raise ValueError("the root of no leaves is SHA-256 of nothing")

    def body(self) -> str:
        """Return the text that is signed, its last newline included."""
        lines = (self.origin, str(self.size), base64.b64encode(self.root).decode(), *self.extensions)
        return "".join(line + "\n" for line in lines)


def sign(checkpoint: Checkpoint, private_key: Ed25519PrivateKey, name: str) -> bytes:
    """Return the signed note. The name should be the checkpoint's origin; :func:`open_checkpoint` expects that.

    The caller must never sign two checkpoints between which there is no consistency proof.

    Raises
    ------
    ValueError
        If the name is empty or has a space, a plus sign or a control character.
    """
    return signed_note.sign(checkpoint.body(), private_key, name)


def open_checkpoint(note: bytes, vkey: str, *, origin: str | None = None) -> Checkpoint:
    """Verify a signed checkpoint and return what it says.

    Parameters
    ----------
    note : bytes
        The signed note.
    vkey : str
        The ledger's public key, from a source that the reader trusts.
    origin : str, optional
        The ledger that is expected; by default it has the key's name.

    Raises
    ------
    LedgerTampered
        If the key did not sign exactly this, it is malformed, or it is another ledger's.
    UnreadableFile
        If the vkey is malformed.
    """
    verifier = signed_note.parse_vkey(vkey)
    read = signed_note.parse(note)
    signed_note.check_signature(read, verifier)
    checkpoint = _parse(read.text)
    expected = verifier.name if origin is None else origin
    if checkpoint.origin != expected:
        raise LedgerTampered(f"A checkpoint of {expected} was expected; this one is of {checkpoint.origin}.")
    return checkpoint


def _parse(text: str) -> Checkpoint:
    origin, *lines = text[:-1].split("\n")
    if len(lines) < 2:
        raise LedgerTampered(f"A checkpoint has at least three lines; this has {1 + len(lines)}. Get the original.")
    size, encoded, *extensions = lines
    if not _SIZE.fullmatch(size) or len(size) > len(str(limits.MAX_LEAVES)):
        raise LedgerTampered("A checkpoint's second line is the ledger's size in decimal; here it is not.")
    root = signed_note.decode_base64(encoded)
    if root is None:
        raise LedgerTampered("A checkpoint's third line is the root in base64; here it is not.")
    try:
        return Checkpoint(origin, int(size), root, tuple(extensions))
    except ValueError as fault:
        raise LedgerTampered(f"This is no checkpoint: {fault}.") from None
