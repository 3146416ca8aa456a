"""Proofs that the ledger only grew between two of its signed states, for outsiders who hold the older one."""

from dataclasses import dataclass
from functools import partial

from django.db import transaction

from tidemark.errors import RecordsDamaged, UnknownCheckpoint
from tidemark.ledger import history, merkle
from tidemark.ledger.checkpoint import open_checkpoint
from tidemark.ledger.consistency import Consistency
from tidemark.records.connect import database_errors, exclusively
from tidemark.records.home import Home
from tidemark.records.ledger.key import public_key_text, signing_key
from tidemark.records.ledger.log import from_stored, refuse_other_history
from tidemark.records.ledger.models import SignedCheckpoint

State = int | bytes
"""A signed state: its number of entries, or a receipt, checkpoint or proof of consistency that names it."""


@dataclass(frozen=True, slots=True)
class ConsistencyProof:
    """The file that proves a signed state to be the beginning of another one, and the sizes of both."""

    older: int
    newer: int
    data: bytes

    @property
    def file_name(self) -> str:
        """Under which it is handed out: ``1041-2210.consistency``."""
        return f"{self.older}-{self.newer}.consistency"


def consistency_proof(home: Home, older: State, newer: State | None = None) -> ConsistencyProof:
    """Prove a signed state of the ledger to be the beginning of another one.

    Parameters
    ----------
    home : Home
    older, newer : int or bytes
        In either order; without ``newer``, the last state that was signed.

    Raises
    ------
    UnknownCheckpoint
        If the ledger was not signed with this many entries.
    LedgerTampered, UnreadableFile
        If a file is none of these, is of another ledger, or names a state that this ledger never had.
    RecordsDamaged
        If the ledger's hashes do not fit together, or the log does not continue what was signed before.
    """
    with exclusively(home), database_errors(home), transaction.atomic():
        key = signing_key(home)
        refuse_other_history(home, key)
        vkey = public_key_text(key)
        rows = sorted((_row(each, vkey) for each in (older, newer)), key=lambda row: row.size)
        sizes = [row.size for row in rows]
        made = Consistency(
            earlier=bytes(rows[0].note),
            checkpoint=bytes(rows[1].note),
            proof=from_stored(partial(merkle.consistency_proof, sizes[0], sizes[1])),
            vkey=vkey,
        )
        roots = [open_checkpoint(bytes(row.note), vkey).root for row in rows]
        if not merkle.holds_consistency(sizes[0], roots[0], sizes[1], roots[1], made.proof):
            raise RecordsDamaged(
                f"The ledger's hashes do not lead from {sizes[0]} to {sizes[1]} entries. Run tidemark check, and "
                "restore the records from a backup."
            )
        return ConsistencyProof(sizes[0], sizes[1], made.encode())


def _row(state: State | None, vkey: str) -> SignedCheckpoint:
    """Return the signed state that is meant; of a file of several states, the newest."""
    if state is None:
        last = SignedCheckpoint.objects.order_by("-size").first()
        if last is None:
            raise UnknownCheckpoint("Nothing was signed yet. Sign the ledger: tidemark ledger checkpoint.")
        return last
    if isinstance(state, int):
        return _signed(state)
    named = max(history.read_held([state], vkey).everything(), key=lambda each: each.size)
    row = _signed(named.size)
    history.compare({row.size: open_checkpoint(bytes(row.note), vkey).root}, [named])
    return row


def _signed(size: int) -> SignedCheckpoint:
    row = SignedCheckpoint.objects.filter(size=size).first()
    if row is None:
        sizes = SignedCheckpoint.objects.filter(size__lt=size).order_by("-size").values_list("size", flat=True)
        below = sizes.first()
        near = "" if below is None else f"; the last one below that is of {below}"
        raise UnknownCheckpoint(f"No checkpoint of {size} entries was signed{near}.")
    return row
