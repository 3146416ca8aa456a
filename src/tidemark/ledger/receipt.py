"""Receipts: what a holder keeps, to show later that an entry is in the ledger, without asking the owner.

A receipt is a text file of two lines, small enough for one QR code. Every byte of it is covered: by the checkpoint's
signature, by the proof that leads to the signed root, or by being compared with the key that the reader trusts.

Without such a key a receipt shows only that somebody made it consistently.
"""

from dataclasses import dataclass

from tidemark import limits
from tidemark.errors import LedgerTampered, UnreadableFile
from tidemark.ledger import canonical, merkle, note, two_lines
from tidemark.ledger.checkpoint import open_checkpoint
from tidemark.ledger.entry import Entry
from tidemark.ledger.entry import decode as decode_entry

SCHEME = "tidemark-receipt"
VERSION = 1

_FIELDS = frozenset({"checkpoint", "entry", "index", "proof", "vkey"})


@dataclass(frozen=True, slots=True)
class Receipt:
    """An entry's bytes and what shows that they are in the ledger.

    Attributes
    ----------
    entry : bytes
        The leaf.
    index : int
        Its place in the ledger, from 0.
    proof : tuple of bytes
        Inclusion proof, nearest to the leaf first.
    checkpoint : bytes
        The signed note, with the ledger's own signature alone.
    vkey : str
        The key that signed it, as the issuer of the receipt says.
    """

    entry: bytes
    index: int
    proof: tuple[bytes, ...]
    checkpoint: bytes
    vkey: str

    def encode(self) -> bytes:
        """Return the receipt as a text file.

        Raises
        ------
        ValueError
            If a part of it has not the form that :func:`decode` reads.
        """
        try:
            entry = canonical.loads(
                self.entry, what="entry", max_bytes=limits.MAX_ENTRY_BYTES, max_depth=limits.MAX_ENTRY_DEPTH
            )
            fields = {
                "checkpoint": self.checkpoint.decode(),
                "entry": entry,
                "index": self.index,
                "proof": two_lines.hashes_text(self.proof),
                "vkey": self.vkey,
            }
            data = two_lines.encode(SCHEME, VERSION, fields)
            if decode(data) == self:
                return data
        except UnreadableFile as fault:
            raise ValueError(str(fault)) from None
        raise ValueError("a receipt with such a proof would read differently from how it is written")


def decode(data: bytes) -> Receipt:
    """Read a receipt without verifying it.

    Raises
    ------
    UnreadableFile
        If these bytes are not a receipt exactly as :meth:`Receipt.encode` writes it, or one of a newer Tidemark.
    """
    fields = two_lines.decode(data, SCHEME, VERSION, _FIELDS, what="receipt")
    entry, index, checkpoint, vkey = (fields[name] for name in ("entry", "index", "checkpoint", "vkey"))
    proof = two_lines.hashes_of(fields["proof"])
    sound = isinstance(entry, dict) and type(index) is int and index >= 0
    if not sound or not isinstance(checkpoint, str) or not isinstance(vkey, str) or proof is None:
        raise UnreadableFile(
            "A receipt has an object as entry, a whole number as index, texts as checkpoint and vkey, and hashes in "
            "base64url as proof; this has not. Give the original."
        )
    return Receipt(canonical.dumps(entry), index, proof, checkpoint.encode(), vkey)


def verify(receipt: Receipt, vkey: str | None = None) -> Entry:
    """Check that the ledger holds the receipt's entry, and return the entry.

    Parameters
    ----------
    receipt : Receipt
    vkey : str, optional
        The ledger's public key, from a source that the reader trusts. Without it the receipt's own is taken, and the
        result says no more than that whoever has that key signed it.

    Raises
    ------
    LedgerTampered
        If the receipt is of another key, the checkpoint's signature does not hold or is not alone, or the proof does
        not lead from the entry to the signed root.
    UnreadableFile
        If the key is malformed, or the ledger does hold these bytes but they are no entry that this release reads.
    """
    # (1) The key is the one that the reader trusts.
    if vkey is not None and receipt.vkey != vkey:
        raise LedgerTampered(
            f"A receipt of the key {note.parse_vkey(vkey).key_id.hex()} was expected; this one names another. Check "
            "whose ledger it is of."
        )
    # (2) It signed the checkpoint, and the note holds nothing that it did not sign.
    checkpoint = open_checkpoint(receipt.checkpoint, receipt.vkey)
    if (signatures := len(note.parse(receipt.checkpoint).signatures)) != 1:
        raise LedgerTampered(f"A receipt's checkpoint has the ledger's signature alone; this has {signatures}.")
    # (3) The proof leads from these bytes, at this place, to the signed root.
    leaf = merkle.leaf_hash(receipt.entry)
    if not merkle.holds_inclusion(leaf, receipt.index, checkpoint.size, receipt.proof, checkpoint.root):
        raise LedgerTampered(
            f"The proof does not lead from this entry, as number {receipt.index}, to the root that was signed for "
            f"{checkpoint.size} entries: the entry, its number or the proof was changed."
        )
    # (4) What the ledger holds is an entry.
    return decode_entry(receipt.entry)
