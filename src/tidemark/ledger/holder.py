"""What a holder verifies of what the owner hands out: a receipt, or a proof that the ledger only grew.

Each is verified by itself first, then with what the holder brings: the key from a source that it trusts, the copy that
it got, and what it holds of the ledger from before. A whole ledger is verified by :mod:`.whole`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tidemark.errors import LedgerTampered
from tidemark.ledger import consistency, history, note, receipt
from tidemark.ledger.checkpoint import open_checkpoint
from tidemark.ledger.consistency import Between
from tidemark.ledger.entry import Entry

_SAME_HISTORY = "it is of the same history as what you hold"


@dataclass(frozen=True, slots=True)
class VerifiedReceipt:
    """A receipt that holds.

    Attributes
    ----------
    entry : Entry
    index : int
        The entry's place in the ledger.
    vkey : str
    is_key_given : bool
        Whether the key is one that the holder gave.
    held : int
        Signed states of before that were compared.
    """

    entry: Entry
    index: int
    vkey: str
    is_key_given: bool
    held: int = 0

    def said(self) -> tuple[str, ...]:
        """Say what was verified, for people, one thing at a time."""
        by = note.signed_by(self.vkey, is_given=self.is_key_given)
        shown = f"entry {self.index} of the ledger, {self.entry.kind} at {self.entry.time}, {by}"
        return (shown, _SAME_HISTORY) if self.held else (shown,)


@dataclass(frozen=True, slots=True)
class VerifiedProof:
    """A proof of consistency that holds: the states that it leads between, and the rest as of a receipt."""

    between: Between
    vkey: str
    is_key_given: bool
    held: int = 0

    def said(self) -> tuple[str, ...]:
        """Say what was verified and what was not, for people, one thing at a time."""
        older, newer = self.between.older.size, self.between.newer.size
        by = note.signed_by(self.vkey, is_given=self.is_key_given)
        return (
            f"the ledger of {older} entries is the beginning of that of {newer}, both {by}",
            _SAME_HISTORY
            if self.held
            else "whether the older one is yours is not shown: give your receipt or checkpoint (--since)",
        )


def verify_receipt(
    data: bytes, vkey: str | None = None, *, copy_sha256: str | None = None, since: Sequence[bytes] = ()
) -> VerifiedReceipt:
    """Verify a receipt, and compare it with what its holder brings.

    Parameters
    ----------
    data : bytes
    vkey : str, optional
        The ledger's public key that the holder trusts; without it, the receipt's own.
    copy_sha256 : str, optional
        Of the copy that the holder got, in hex: the receipt must be of it.
    since : sequence of bytes
        What the holder holds from before: receipts, checkpoints, proofs of consistency.

    Raises
    ------
    LedgerTampered
        If the receipt does not hold, is of another copy, or is not shown to be of the history that the holder holds.
    UnreadableFile
        If the receipt, the key or what is held is malformed.
    """
    # (1) The receipt holds by itself, for the key.
    found = receipt.decode(data)
    entry = receipt.verify(found, vkey)
    # (2) It is of the copy.
    if copy_sha256 is not None and entry.body.get("copy_sha256") != copy_sha256:
        raise LedgerTampered(f"The copy given is another file than the receipt's: its SHA-256 is {copy_sha256}.")
    # (3) It is of the history that is held.
    state = open_checkpoint(found.checkpoint, found.vkey)
    held = history.read_held(since, found.vkey)
    history.compare({state.size: state.root}, held.everything(), held.proofs)
    return VerifiedReceipt(entry, found.index, found.vkey, vkey is not None, len(held.everything()))


def verify_proof(data: bytes, vkey: str | None = None, *, since: Sequence[bytes] = ()) -> VerifiedProof:
    """Follow a proof of consistency, and compare both of its ends with what a holder holds.

    Parameters and errors are those of :func:`verify_receipt`.
    """
    # (1) The proof holds by itself, for the key.
    found = consistency.decode(data)
    shown = consistency.verify(found, vkey)
    # (2) It is of the history that is held.
    held = history.read_held(since, found.vkey)
    states = {state.size: state.root for state in (shown.older, shown.newer)}
    history.compare(states, held.everything(), held.proofs)
    return VerifiedProof(shown, found.vkey, vkey is not None, len(held.everything()))
