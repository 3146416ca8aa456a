"""Append to the ledger, sign its state, and take proofs from it. The hashing itself is :mod:`tidemark.ledger`.

Every append is part of the caller's transaction, under the home folder's lock: what the leaf speaks of and the leaf
become durable together or not at all.
"""

import hashlib
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial, reduce
from operator import or_
from typing import TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction
from django.db.models import Q

from tidemark import limits
from tidemark.errors import HomeUnusable, LedgerTampered, RecordsDamaged
from tidemark.ledger import checkpoint, merkle
from tidemark.ledger.canonical import JSON
from tidemark.ledger.checkpoint import Checkpoint
from tidemark.ledger.entry import SALT_BYTES, Entry, Kind, encode, time_of, time_text
from tidemark.ledger.receipt import Receipt
from tidemark.records.files import write_durably
from tidemark.records.home import Home
from tidemark.records.ledger.key import origin_of, public_key_text
from tidemark.records.ledger.models import Leaf, Node, SignedCheckpoint

T = TypeVar("T")


def append(kind: Kind, body: Mapping[str, JSON], *, subject: str, now: datetime) -> Leaf:
    """Append one leaf. The caller is in a transaction and holds the home's lock.

    Raises
    ------
    HomeUnusable
        If ``now`` lies more than a day before the last leaf.
    RecordsDamaged
        If the hashes that the leaf must be joined to are gone.
    """
    size, time = log_size(), entry_time(now)
    data = encode(Entry(kind, time, body, secrets.token_bytes(SALT_BYTES)))
    leaf = Leaf.objects.create(index=size, data=data, kind=kind, subject=subject, time=time)
    Node.objects.bulk_create(
        Node(level=node.level, index=node.index, hash=node.hash)
        for node in merkle.appended(size, merkle.leaf_hash(data), node_hash)
    )
    return leaf


def sign(home: Home, key: Ed25519PrivateKey) -> SignedCheckpoint:
    """Sign the log as it is. The caller is in a transaction and holds the home's lock.

    Raises
    ------
    RecordsDamaged
        If the log is not a continuation of what was signed before: a signature cannot be taken back.
    LedgerTampered, HomeUnusable
        If the last checkpoint in the home folder is another ledger's, or cannot be read; or, once the caller's
        transaction is committed, cannot be written.
    """
    refuse_other_history(home, key)
    size = log_size()
    known = SignedCheckpoint.objects.filter(size=size).first()
    if known is None:
        state = Checkpoint(origin_of(key), size, from_stored(partial(merkle.root, size)))
        known = SignedCheckpoint.objects.create(size=size, note=checkpoint.sign(state, key, origin_of(key)))
    note = bytes(known.note)
    if _head(home) != note:
        transaction.on_commit(lambda: _keep_head(home, note))
    return known


def refuse_other_history(home: Home, key: Ed25519PrivateKey) -> None:
    """Raise RecordsDamaged unless the log continues the last checkpoint on record and the last one in the home folder.

    The second lies outside the database, so that a database restored from a backup is noticed: copies that were issued
    since could not be traced, and signing on would make two histories out of one. One that this key did not sign raises
    LedgerTampered, one that cannot be read HomeUnusable.
    """
    last = SignedCheckpoint.objects.order_by("-size").values_list("note", flat=True).first()
    noted = {"The last checkpoint on record": None if last is None else bytes(last), str(home.ledger_head): _head(home)}
    for where, note in noted.items():
        if note is None:
            continue
        try:
            before = checkpoint.open_checkpoint(note, public_key_text(key))
        except LedgerTampered as fault:
            raise LedgerTampered(f"{where} is none of this ledger's. {fault} Restore it from a backup.") from None
        if before.size > log_size():
            raise RecordsDamaged(
                f"The ledger was signed with {before.size} entries, and the records have {log_size()}: they are older. "
                "Restore the newest backup; nothing more is signed meanwhile. Copies issued since could not be traced."
            )
        if from_stored(partial(merkle.root, before.size)) != before.root:
            raise RecordsDamaged(
                f"The ledger's first {before.size} entries are not those that were signed: they were changed, or the "
                "records are older. Restore the newest backup; nothing more is signed meanwhile."
            )


def _head(home: Home) -> bytes | None:
    """Return the last checkpoint that the home folder has beside the records, None if there is none."""
    try:
        return home.ledger_head.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise HomeUnusable(
            f"The ledger's last checkpoint {home.ledger_head} cannot be read: {error.strerror}. Restore it from a "
            "backup; nothing is signed meanwhile."
        ) from error


def _keep_head(home: Home, note: bytes) -> None:
    try:
        write_durably(home.ledger_head, note)
    except OSError as error:
        raise HomeUnusable(
            f"The ledger's last checkpoint {home.ledger_head} cannot be written: {error.strerror}. Nothing is lost; "
            "once the folder is mended, sign again: tidemark ledger checkpoint."
        ) from error


def log_size() -> int:
    """Return how many leaves the log has."""
    last = Leaf.objects.order_by("-index").values_list("index", flat=True).first()
    return 0 if last is None else last + 1


def receipt_for(
    leaf: Leaf,
    key: Ed25519PrivateKey,
    *,
    state: SignedCheckpoint | None = None,
    node: merkle.Nodes | None = None,
) -> Receipt:
    """Return the receipt of a leaf: its entry and a proof that the first checkpoint after it holds it.

    Parameters
    ----------
    state : SignedCheckpoint or None
        That checkpoint, if it is at hand.
    node : callable or None
        :func:`node_hash`, or what remembers its answers.
    """
    state = state or first_checkpoint_with(leaf)
    return Receipt(
        entry=bytes(leaf.data),
        index=leaf.index,
        proof=merkle.inclusion_proof(leaf.index, state.size, node or node_hash),
        checkpoint=bytes(state.note),
        vkey=public_key_text(key),
    )


def first_checkpoint_with(leaf: Leaf) -> SignedCheckpoint:
    """Return the earliest checkpoint that holds a leaf."""
    state = SignedCheckpoint.objects.filter(size__gt=leaf.index).order_by("size").first()
    if state is None:
        raise RecordsDamaged(
            f"Leaf {leaf.index} of the ledger is in no checkpoint. Sign one: tidemark ledger checkpoint."
        )
    return state


def node_hash(level: int, index: int) -> bytes:
    """Return the stored hash of a complete subtree.

    Raises
    ------
    RecordsDamaged
        If it is gone.
    """
    return from_stored(lambda nodes: nodes(level, index))


def from_stored(compute: Callable[[merkle.Nodes], T]) -> T:
    """Return what is computed from the stored hashes. One query: which of them it needs does not depend on what they
    are, so it is computed twice, first to see that.

    Raises
    ------
    RecordsDamaged
        If one is gone.
    """
    needed: set[tuple[int, int]] = set()

    def unknown(level: int, index: int) -> bytes:
        needed.add((level, index))
        return bytes(hashlib.sha256().digest_size)

    compute(unknown)
    rows = Node.objects.filter(reduce(or_, (Q(level=level, index=index) for level, index in needed), Q(pk__in=())))
    stored = {(level, index): bytes(held) for level, index, held in rows.values_list("level", "index", "hash")}

    def known(level: int, index: int) -> bytes:
        if (level, index) not in stored:
            raise RecordsDamaged(f"The ledger's hash {level}/{index} is gone. Restore the records from a backup.")
        return stored[level, index]

    return compute(known)


def hash_of(text: str) -> str:
    """Return the SHA-256 of what a person wrote, which binds the ledger to words that it does not hold; "" of none."""
    return hashlib.sha256(text.encode()).hexdigest() if text else ""


def slow_clock(now: datetime) -> str:
    """Return what is to be told of a clock that lies behind the ledger's last entry; '' if it does not."""
    last = Leaf.objects.order_by("-index").first()
    if last is None or time_of(last.time) - now <= timedelta(minutes=limits.CLOCK_SLACK_MINUTES):
        return ""
    return (
        f"The clock says {time_text(now)}, but the ledger's last entry is of {last.time}: what is made now is dated as "
        "that one. Set the clock."
    )


def entry_time(now: datetime) -> str:
    """Return the time that an entry made now would have: never before the last one's.

    Raises
    ------
    HomeUnusable
        If ``now`` lies more than a day before the last leaf.
    """
    last = Leaf.objects.order_by("-index").first()
    time = time_text(now)
    if last is None or time >= last.time:
        return time
    if time_of(last.time) - now > timedelta(hours=limits.MAX_BEHIND_LEDGER_HOURS):
        raise HomeUnusable(
            f"The clock says {time}, but the ledger's last entry is of {last.time}. Set the clock; entries are never "
            "dated back."
        )
    return last.time
