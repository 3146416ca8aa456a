"""Proofs of consistency: the ledger as it was signed once is the beginning of the ledger as it was signed later.

Whoever holds an older checkpoint, in a receipt or by itself, asks the owner for such a proof, and follows it without
the owner's help. It is a text file of two lines, and every byte of it is covered, as a receipt's is.

It shows that nothing which the older checkpoint covers was changed or taken out. By itself it does not show that the
older one is the reader's: :mod:`.history` compares it with what the reader holds.
"""

from dataclasses import dataclass

from tidemark.errors import LedgerTampered, UnreadableFile
from tidemark.ledger import merkle, note, two_lines
from tidemark.ledger.checkpoint import Checkpoint, open_checkpoint

SCHEME = "tidemark-consistency"
VERSION = 1

_FIELDS = frozenset({"checkpoint", "earlier", "proof", "vkey"})


@dataclass(frozen=True, slots=True)
class Consistency:
    """Two signed states, and the hashes that lead from the one to the other.

    Attributes
    ----------
    earlier, checkpoint : bytes
        The signed notes, the older one first, each with the ledger's own signature alone.
    proof : tuple of bytes
        RFC 9162 section 2.1.4.1.
    vkey : str
        The key that signed both, as the issuer of the proof says.
    """

    earlier: bytes
    checkpoint: bytes
    proof: tuple[bytes, ...]
    vkey: str

    def encode(self) -> bytes:
        """Return the proof as a text file.

        Raises
        ------
        ValueError
            If a part of it has not the form that :func:`decode` reads.
        """
        fields = {
            "checkpoint": self.checkpoint.decode(),
            "earlier": self.earlier.decode(),
            "proof": two_lines.hashes_text(self.proof),
            "vkey": self.vkey,
        }
        data = two_lines.encode(SCHEME, VERSION, fields)
        try:
            if decode(data) == self:
                return data
        except UnreadableFile as fault:
            raise ValueError(str(fault)) from None
        raise ValueError("a proof with such hashes would read differently from how it is written")


@dataclass(frozen=True, slots=True)
class Between:
    """Two states of one ledger, the older one first: what a proof shows once it was followed."""

    older: Checkpoint
    newer: Checkpoint


def decode(data: bytes) -> Consistency:
    """Read a proof of consistency without following it.

    Raises
    ------
    UnreadableFile
        If these bytes are not a proof exactly as :meth:`Consistency.encode` writes it, or of a newer Tidemark.
    """
    fields = two_lines.decode(data, SCHEME, VERSION, _FIELDS, what="proof of consistency")
    earlier, checkpoint, vkey = (fields[name] for name in ("earlier", "checkpoint", "vkey"))
    proof = two_lines.hashes_of(fields["proof"])
    if not (isinstance(earlier, str) and isinstance(checkpoint, str) and isinstance(vkey, str)) or proof is None:
        raise UnreadableFile(
            "A proof of consistency has texts as earlier, checkpoint and vkey, and hashes in base64url as proof; this "
            "has not. Give the original."
        )
    return Consistency(earlier.encode(), checkpoint.encode(), proof, vkey)


def verify(proof: Consistency, vkey: str | None = None) -> Between:
    """Follow a proof of consistency, and return the two states that it leads between.

    Parameters
    ----------
    proof : Consistency
    vkey : str, optional
        The ledger's public key, from a source that the reader trusts; without it, the proof's own.

    Raises
    ------
    LedgerTampered
        If it is of another key, a checkpoint's signature does not hold or is not alone, or the proof does not lead
        from the older to the newer root.
    UnreadableFile
        If the key is malformed.
    """
    # (1) The key is the one that the reader trusts.
    if vkey is not None and proof.vkey != vkey:
        raise LedgerTampered(
            f"A proof of the key {note.parse_vkey(vkey).key_id.hex()} was expected; this one names another. Check "
            "whose ledger it is of."
        )
    # (2) It signed both checkpoints, and the notes hold nothing that it did not sign.
    older, newer = (_alone(each, proof.vkey) for each in (proof.earlier, proof.checkpoint))
    # (3) The proof leads from the one root to the other.
    if not merkle.holds_consistency(older.size, older.root, newer.size, newer.root, proof.proof):
        raise LedgerTampered(
            f"The proof does not lead from the root that was signed for {older.size} entries to the one for "
            f"{newer.size}: the ledger was changed in between, or the proof was."
        )
    return Between(older, newer)


def _alone(signed: bytes, vkey: str) -> Checkpoint:
    state = open_checkpoint(signed, vkey)
    if (signatures := len(note.parse(signed).signatures)) != 1:
        raise LedgerTampered(f"A proof's checkpoints have the ledger's signature alone; this has {signatures}.")
    return state
