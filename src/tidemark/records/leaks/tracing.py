"""Trace a leak against every draft and copy on record, and say who holds the copies that the engine names.

The engine is given what is on record as it asks for it: descriptions at once, originals and keys only of the drafts
that a leak may come from. What is read back from the disk is checked against its hash on record.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tidemark.engine.keys import copy_key
from tidemark.engine.match import Candidate
from tidemark.engine.trace import Trace, trace
from tidemark.errors import RecordsDamaged
from tidemark.ledger.entry import decode
from tidemark.records import blobs
from tidemark.records.blobs import Shelf
from tidemark.records.connect import database_errors, exclusively
from tidemark.records.copies.commit import is_issued_to, leaf_of_copy
from tidemark.records.copies.models import Copy
from tidemark.records.home import Home
from tidemark.records.projects.models import Draft


@dataclass(frozen=True, slots=True)
class TracedLeak:
    """What the engine found, and who holds the copies that it names.

    Attributes
    ----------
    trace : Trace
        The engine's result. It speaks of copies only.
    holders : mapping of str to str
        Copy id → the name of the party that it was issued to, as it is called now. It says who was given the copy, not
        who leaked it.
    decoy_seed : bytes
        What the decoys were derived from.
    """

    trace: Trace
    holders: Mapping[str, str]
    decoy_seed: bytes


def draft_ids() -> tuple[str, ...]:
    """Return the ids of all drafts on record."""
    return tuple(Draft.objects.values_list("id", flat=True))


def candidates(home: Home, *, secret: bytes, draft: str | None = None) -> tuple[Candidate, ...]:
    """Return what a leak can be traced to: every draft on record, or the one draft of this id.

    Raises
    ------
    RecordsDamaged
        If a draft's description is gone or changed; later, its original, when it is asked for.
    """
    drafts = Draft.objects.all() if draft is None else Draft.objects.filter(id=draft)
    # Under the lock no draft is half remembered.
    with exclusively(home), database_errors(home):
        return tuple(
            Candidate(
                draft=row.id,
                description=blobs.get(home, Shelf.DESCRIPTIONS, row.description_sha256),
                original=_original(home, row.sha256),
                keys=_keys(row.id, secret),
            )
            for row in drafts
        )


def trace_leak(
    leak: bytes,
    among: Sequence[Candidate],
    *,
    decoys: int,
    told: Callable[[str, int, int], None] | None = None,
) -> TracedLeak:
    """Trace one leak.

    Parameters
    ----------
    leak : bytes
        The file as it was found.
    among : sequence of Candidate
        From :func:`candidates`.
    decoys : int
        How many keys that were never issued are scored beside the copies'.
    told : callable, optional
        Is told what is being done, as :func:`tidemark.engine.trace.trace` does.

    Raises
    ------
    UnreadableFile, LimitExceeded
        If the leak cannot be read.
    RecordsDamaged
        If what is on record is damaged.
    """
    # The leak's own hash: whoever traces the same file again gets the same decoys and the same figures.
    seed = hashlib.sha256(leak).digest()
    found = trace(leak, among, decoy_seed=seed, decoys=decoys, told=told)
    named = [accusation.copy for accusation in (*found.accused, *found.suspected)]
    holders = {copy.pk: copy.holder for copy in Copy.objects.filter(id__in=named).select_related("holder")}
    for copy, holder in holders.items():
        issued = leaf_of_copy(copy)
        if issued is not None and not is_issued_to(holder, decode(bytes(issued.data)).body):
            raise RecordsDamaged(
                f"The records name another holder of copy {copy} than the ledger does, so nobody is named. Restore the "
                "records from a backup; tidemark check says more."
            )
    return TracedLeak(found, {copy: holder.name for copy, holder in holders.items()}, seed)


def _original(home: Home, sha256: str) -> Callable[[], bytes]:
    return lambda: blobs.get(home, Shelf.ORIGINALS, sha256)


def _keys(draft: str, secret: bytes) -> Callable[[], Mapping[str, bytes]]:
    def keys() -> Mapping[str, bytes]:
        # Planned copies have no file yet; one that is being written is as good as released (copies/release.py).
        unmade = (Copy.State.PLANNED, Copy.State.FAULTED)
        rows = Copy.objects.filter(draft_id=draft).exclude(state__in=unmade).values_list("id", "nonce")
        return {copy: copy_key(secret, draft=draft, copy=copy, nonce=bytes(nonce)) for copy, nonce in rows.iterator()}

    return keys
