"""Where a draft comes from: nobody's copy may be marked again as if it were an original.

A copy that became a draft would keep its own mark below the new ones: every leak of the new draft's copies would then
name the holder of that first copy, who need not have leaked anything. So each new draft is traced before it is marked,
as a whole, and then every part of it that shows a draft on record: a leak may be a crop of just that part, and a sheet
may hold one draft twice, once as the original and once as somebody's copy.
"""

import hashlib

from tidemark import limits
from tidemark.engine.carriers import image
from tidemark.engine.match import Candidate
from tidemark.engine.trace import Registered
from tidemark.errors import Unmarkable
from tidemark.records.connect import database_errors
from tidemark.records.copies.models import Copy
from tidemark.records.home import Home
from tidemark.records.leaks.tracing import TracedLeak, candidates, trace_leak
from tidemark.records.projects.drafts import find_draft

_DECOYS = 1_000
"""Nobody is accused here. They cost more than the rest of a small part's trace if there are ten times as many."""


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
        whole = trace_leak(data, among, decoys=_DECOYS)
        _refuse_named(whole)
        _refuse_shown(data, among, whole.trace.registered)


def _refuse_shown(data: bytes, among: tuple[Candidate, ...], traced: tuple[Registered, ...]) -> None:
    """Raise Unmarkable if a part of the picture shows a copy, or if there are too many parts to look at. What was
    traced as a whole is not traced again.
    """
    picture = image.read(data, animated="first")
    known = {fit.draft for fit in traced}
    shown = [
        place
        for place in image.places(picture, {each.draft: each.description for each in among})
        if not (place.is_all_of(picture) and known.issuperset(place.drafts))
    ]
    if len(shown) > limits.MAX_PROVENANCE_PLACES:
        raise Unmarkable(
            f"this draft shows drafts on record at {len(shown)} places; at most {limits.MAX_PROVENANCE_PLACES} are "
            "looked at for copies among them. Split it into several."
        )
    for place in shown:
        part = image.part(picture, place)
        if part is not None:
            there = [each for each in among if each.draft in place.drafts]
            _refuse_named(trace_leak(part, there, decoys=_DECOYS), at=place)


def _refuse_named(found: TracedLeak, *, at: image.Place | None = None) -> None:
    """Raise Unmarkable if a copy is named, or merely suspected."""
    named = found.trace.accused or found.trace.suspected
    if not named:
        return
    bearers = " and ".join(f"copy {one.copy}, issued to {found.holders[one.copy]}" for one in named)
    carries = "carries" if found.trace.accused else "seems to carry"
    where = f", in {at}" if at else ""
    raise Unmarkable(
        f"this draft {carries} the mark of {bearers}{where}: it was made from that copy, and leaks of it would name "
        "its holder. Mark one made from the unmarked original."
    )
