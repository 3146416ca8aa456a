"""Receipts: of copies, for their holders, and of any entry."""

from collections.abc import Collection
from functools import cache

from django.db import transaction

from tidemark.errors import RecordsDamaged, UnknownCopy
from tidemark.ledger.entry import Kind
from tidemark.records.connect import database_errors, exclusively
from tidemark.records.home import Home
from tidemark.records.ledger.key import signing_key
from tidemark.records.ledger.log import node_hash, receipt_for
from tidemark.records.ledger.models import Leaf, SignedCheckpoint


def receipt_of_copy(home: Home, copy: str) -> bytes:
    """Return the receipt file of a copy.

    Raises
    ------
    UnknownCopy
        If the ledger has no copy of this id.
    RecordsDamaged
        If the ledger's hashes are gone or do not fit together.
    """
    with database_errors(home):
        leaf = Leaf.objects.filter(subject=copy, kind=Kind.COPY_ISSUED).first()
    if leaf is None:
        raise UnknownCopy(f"The ledger has no copy {copy!r}. Name its id: `tidemark mark` and `trace` print it.")
    return receipt_of_leaf(home, leaf)


def receipt_of_leaf(home: Home, leaf: Leaf) -> bytes:
    """Return the receipt file of an entry.

    Raises
    ------
    RecordsDamaged
        If the ledger's hashes are gone or do not fit together, or no checkpoint holds the entry.
    """
    return receipts_of(home, [leaf.index])[leaf.index]


def receipts_of(home: Home, indexes: Collection[int]) -> dict[int, bytes]:
    """Return the receipt files of several entries, by their numbers: what they share is read once.

    Raises
    ------
    RecordsDamaged
        If an entry or a hash of the ledger is gone, or no checkpoint holds an entry.
    """
    made: dict[int, bytes] = {}
    with exclusively(home), database_errors(home), transaction.atomic():
        key, node = signing_key(home), cache(node_hash)
        states = list(SignedCheckpoint.objects.filter(size__gt=min(indexes, default=0)).order_by("size"))
        for leaf in Leaf.objects.filter(index__in=indexes).order_by("index"):
            state = next((each for each in states if each.size > leaf.index), None)
            try:
                made[leaf.index] = receipt_for(leaf, key, state=state, node=node).encode()
            except ValueError as fault:
                raise RecordsDamaged(f"The ledger's entry {leaf.index} cannot be proven: {fault}.") from None
    if missing := sorted(set(indexes) - set(made)):
        raise RecordsDamaged(f"The ledger's entry {missing[0]} is gone. Restore the records from a backup.")
    return made
