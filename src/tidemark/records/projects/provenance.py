"""Where a draft comes from: nobody's copy may be marked again as if it were an original.

A copy that became a draft would keep its own mark below the new ones: every leak of the new draft's copies would then
name the holder of that first copy, who need not have leaked anything. So each new draft is traced before it is marked.
"""

import hashlib

from tidemark import limits
from tidemark.errors import Unmarkable
from tidemark.records.connect import database_errors
from tidemark.records.copies.models import Copy
from tidemark.records.home import Home
from tidemark.records.leaks.tracing import candidates, trace_leak
from tidemark.records.projects.drafts import find_draft


def refuse_marked(home: Home, data: bytes, *, secret: bytes) -> None:
    """Raise unless a draft may be marked: it must not be a copy on record, nor, if it is new, be made from one.

    Parameters
    ----------
    home : Home
        Whose records are open.
    data : bytes
        The draft's file.
    secret : bytes
        The home's master secret.

    Raises
    ------
    Unmarkable
        If the file is a copy, or carries the mark of one; a mark that is merely suspected is refused as well.
    UnreadableFile, LimitExceeded
        If it cannot be read.
    RecordsDamaged
        If what is on record is damaged.
    """
    with database_errors(home):
        copy = Copy.objects.filter(sha256=hashlib.sha256(data).hexdigest()).select_related("holder").first()
        if copy is not None:
            raise Unmarkable(f"this file is a copy, {copy.id}, issued to {copy.holder}: mark the original.")
        if find_draft(data) is not None or not Copy.objects.exists():
            return
        found = trace_leak(data, candidates(home, secret=secret), decoys=limits.DECOYS)
    named = found.trace.accused or found.trace.suspected
    if not named:
        return
    bearers = " and ".join(f"copy {one.copy}, issued to {found.holders[one.copy]}" for one in named)
    carries = "carries" if found.trace.accused else "seems to carry"
    raise Unmarkable(
        f"this draft {carries} the mark of {bearers}: it was made from that copy, and leaks of it would name its "
        "holder. Mark one made from the unmarked original."
    )
