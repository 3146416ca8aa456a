"""Matching: which of the drafts on record a leak may show.

Ranks drafts by how many local features agree on one placement, and short-lists the best. The short list looks at the
leak and the unmarked drafts only, so it costs no hypothesis; each draft on it that registers costs one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tidemark import limits


@dataclass(frozen=True, slots=True)
class Candidate:
    """A draft that a leak may show, with what tracing needs of it; loaded only when it is needed.

    Attributes
    ----------
    draft : str
        Its id.
    description : bytes
        What its carrier's ``describe`` returned.
    original : callable
        Returns the bytes of the unmarked draft.
    keys : callable
        Returns the key of each copy on record, by copy id.
    """

    draft: str
    description: bytes
    original: Callable[[], bytes]
    keys: Callable[[], Mapping[str, bytes]]


def shortlist(candidates: Sequence[Candidate], likeness: Callable[[bytes], int]) -> list[Candidate]:
    """Return the candidates worth registering, most likely first.

    Parameters
    ----------
    candidates : sequence of Candidate
    likeness : callable
        Features of the leak that agree with a description, 0 for none.

    Returns
    -------
    list of Candidate
        All that are recognised beyond doubt, at most ``limits.MOST_IN_ONE_LEAK``; others, at most ``limits.SHORTLIST``.
        When one draft agrees by far, those are dropped that neither come near it nor are recognised beyond doubt
        themselves: in a collage, plain paint agrees in fewer features than a busy drawing.
    """
    if len(candidates) <= 1:
        return list(candidates)
    votes = {candidate.draft: likeness(candidate.description) for candidate in candidates}
    ranked = sorted(candidates, key=lambda candidate: -votes[candidate.draft])
    clear = [each for each in ranked if votes[each.draft] >= limits.CLEAR_MATCH_FEATURES][: limits.MOST_IN_ONE_LEAK]
    ranked = ranked[: max(limits.SHORTLIST, len(clear))]
    most = votes[ranked[0].draft]
    if most < limits.CLEAR_MATCH_FEATURES:
        return ranked
    least = min(limits.NEAR_MATCH_SHARE * most, limits.CLEAR_MATCH_FEATURES)
    return [candidate for candidate in ranked if votes[candidate.draft] >= least]
