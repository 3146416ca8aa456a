"""Where a draft comes from: nobody's copy may be marked again as if it were an original.

A copy that became a draft would keep its own mark below the new ones: every leak of the new draft's copies would then
name the holder of that first copy, who need not have leaked anything. So each new draft is traced before it is marked,
and what is left of it when known drafts are painted over is traced again: a sheet may hold one draft twice.
"""

import hashlib
from collections.abc import Collection

from tidemark import limits
from tidemark.engine.trace import Registered
from tidemark.errors import Unmarkable
from tidemark.records.connect import database_errors
from tidemark.records.copies.models import Copy
from tidemark.records.home import Home
from tidemark.records.leaks.tracing import TracedLeak, candidates, trace_leak
from tidemark.records.projects.drafts import find_draft
from tidemark.records.projects.uncovered import uncovered


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
        among = candidates(home, secret=secret)
        before: set[str] = set()
        for _ in range(limits.MAX_PROVENANCE_TRACES):
            found = trace_leak(data, among, decoys=limits.DECOYS)
            _refuse_named(found)
            if not found.trace.registered:
                return
            data = _left(data, found.trace.registered, before)
            before |= {fit.draft for fit in found.trace.registered}
    raise Unmarkable(
        f"after {limits.MAX_PROVENANCE_TRACES} traces this draft still shows drafts on record, too many to look for "
        "copies among them. Split it into several."
    )


def _left(picture: bytes, shown: Collection[Registered], before: Collection[str]) -> bytes:
    """Return the picture without the drafts that it shows. One that was found before is painted over whole: where a
    later revision differs from it everywhere, nothing would be, and it would be found for ever.
    """
    first = [fit.observation for fit in shown if fit.observation is not None and fit.draft not in before]
    again = [fit.observation for fit in shown if fit.observation is not None and fit.draft in before]
    return uncovered(picture, first, wholly=again)


def _refuse_named(found: TracedLeak) -> None:
    """Raise Unmarkable if a copy is named, or merely suspected."""
    named = found.trace.accused or found.trace.suspected
    if not named:
        return
    bearers = " and ".join(f"copy {one.copy}, issued to {found.holders[one.copy]}" for one in named)
    carries = "carries" if found.trace.accused else "seems to carry"
    raise Unmarkable(
        f"this draft {carries} the mark of {bearers}: it was made from that copy, and leaks of it would name its "
        "holder. Mark one made from the unmarked original."
    )
