"""The owner's own marked copy of a draft: it lies in the data folder, and no program can download it."""

from tidemark.errors import RecordsDamaged
from tidemark.records import blobs
from tidemark.records.blobs import Shelf
from tidemark.records.copies.release import master_of
from tidemark.records.home import Home


def master_file(home: Home, draft: str) -> bytes:
    """Return the file of a draft's master.

    Raises
    ------
    RecordsDamaged
        If there is none: nothing of the draft was released yet, or the file is gone.
    """
    copy = master_of(draft)
    if copy is None or copy.sha256 is None:
        raise RecordsDamaged(f"There is no master of {draft} yet. Release a copy of it first.")
    return blobs.get(home, Shelf.COPIES, copy.sha256)
