"""Sign the ledger's state on demand, have it time-stamped, and write the whole of it out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tidemark.errors import HomeUnusable
from tidemark.ledger import export, timestamp
from tidemark.ledger.export import SignedState, Stamp
from tidemark.ledger.timestamp import Stamped
from tidemark.records.connect import database_errors, exclusively
from tidemark.records.home import Home
from tidemark.records.ledger.key import origin_of, public_key_text, signing_key
from tidemark.records.ledger.log import entry_time, refuse_other_history, sign
from tidemark.records.ledger.models import Leaf, SignedCheckpoint


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed checkpoint, and the public key that it is verified with."""

    size: int
    note: bytes
    vkey: str


def signed_checkpoint(home: Home) -> Signed:
    """Sign the ledger as it is; if that was done before, return what was signed then."""
    with exclusively(home), database_errors(home), transaction.atomic():
        key = signing_key(home)
        row = sign(home, key)
        return Signed(row.size, bytes(row.note), public_key_text(key))


def refuse_unready(home: Home, *, now: datetime) -> None:
    """Raise what an entry made now would raise: better before the work than after it.

    Raises
    ------
    WrongKey, HomeUnusable, RecordsDamaged
        If the ledger's key is missing or another one, the clock was set back, or the records are older than the ledger.
    """
    with exclusively(home), database_errors(home):
        refuse_other_history(home, signing_key(home))
        entry_time(now)


def stamp_checkpoint(home: Home, signed: Signed, *, roots: bytes, ask: Callable[[bytes], bytes]) -> Stamped:
    """Have an authority stamp a checkpoint that has no stamp yet, verify its answer and keep it.

    Parameters
    ----------
    home : Home
    signed : Signed
    roots : bytes
        Certificates (PEM) that the answer must lead to. They are kept with it.
    ask : callable
        Sends a request to the authority and returns its answer.

    Raises
    ------
    LedgerTampered
        If the answer does not hold for this checkpoint; it is not kept then.
    """
    kept = SignedCheckpoint.objects.filter(size=signed.size, stamp__isnull=False).first()
    if kept is not None:  # an earlier stamp says more than a later one of the same state
        return timestamp.verify(bytes(kept.stamp or b""), signed.note, [bytes(kept.stamp_roots or b"")])
    roots = timestamp.certificates_pem([roots])  # they go into evidence: nothing else that the file holds may
    answer = ask(timestamp.request(signed.note))
    stamped = timestamp.verify(answer, signed.note, [roots])
    last = Leaf.objects.filter(index__lt=signed.size).order_by("-index").first()
    if last is not None and timestamp.is_dated_after(last.time, stamped):
        raise HomeUnusable(
            f"The ledger's last entry is dated {last.time}, and the authority's time is {stamped.time}: the clock was "
            "ahead. The stamp is not kept, because evidence with it would not verify. Set the clock."
        )
    with exclusively(home), database_errors(home):
        SignedCheckpoint.objects.filter(size=signed.size, stamp__isnull=True).update(stamp=answer, stamp_roots=roots)
    return stamped


def exported(home: Home) -> bytes:
    """Return the whole ledger as one sealed file: every entry, and every checkpoint with its time-stamp.

    Raises
    ------
    WrongKey
        If the ledger's key is missing or another one.
    RecordsDamaged
        If the log does not continue what was signed before: it is not sealed then.
    """
    with exclusively(home), database_errors(home), transaction.atomic():
        key = signing_key(home)
        refuse_other_history(home, key)
        entries = [bytes(each) for each in Leaf.objects.order_by("index").values_list("data", flat=True)]
        states = [state_of(row) for row in SignedCheckpoint.objects.order_by("size")]
        return export.encode(entries=entries, states=states, key=key, name=origin_of(key))


def state_of(row: SignedCheckpoint) -> SignedState:
    """Return a checkpoint on record as it stands in an exported ledger."""
    stamp = None if row.stamp is None else Stamp(bytes(row.stamp), bytes(row.stamp_roots or b""))
    return SignedState(bytes(row.note), stamp)
