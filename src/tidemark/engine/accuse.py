"""The decision: whom the scores accuse, and how improbable such a score is for an innocent.

Pure. It takes what was measured and returns what is claimed. The argument is docs/statistics.md; the numbered comments
of :func:`accuse` are its steps.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from scipy.special import log_ndtr

from tidemark import limits
from tidemark.engine import detect

_LN_10 = float(np.log(10.0))


class Verdict(StrEnum):
    """What a trace ends with."""

    ACCUSED = "accused"
    SUSPECTED = "suspected"
    INCONCLUSIVE = "inconclusive"
    UNMATCHED = "unmatched"


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One hypothesis: this leak, placed so on this draft, gave this feature vector.

    Attributes
    ----------
    draft : str
    vector : ndarray of float32, shape (n,)
    keys : mapping of str to bytes
        Key of each copy of the draft that is on record, by copy id.
    """

    draft: str
    vector: detect.Vector
    keys: Mapping[str, bytes] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Accusation:
    """A copy whose mark the leak carries: a claim about the copy, not about a person.

    Attributes
    ----------
    draft, copy : str
    z : float
        Standard score; N(0, 1) for an innocent copy.
    log10_bound : float
        Decimal logarithm of K·T·Q(z), as the formula gives it.
    round : int
        1 for what the leak shows at once, r for what it shows once r − 1 marks are projected out.
    """

    draft: str
    copy: str
    z: float
    log10_bound: float
    round: int

    @property
    def false_accusation_bound(self) -> float:
        """Probability, at most, that an innocent copy would be named on such evidence; never below 2⁻²⁵⁶."""
        return float(10.0 ** max(self.log10_bound, limits.LEAST_LOG10_BOUND))


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """How every copy of one draft scored before any mark was projected out.

    Attributes
    ----------
    draft : str
    copies : tuple of str
    z : ndarray of float64, shape (len(copies),)
    """

    draft: str
    copies: tuple[str, ...]
    z: detect.Scores


@dataclass(frozen=True, slots=True)
class Decoys:
    """Scores of keys that were never issued: the null, tried on this very leak."""

    count: int
    max_z: float
    ks_p: float


@dataclass(frozen=True, slots=True)
class Decision:
    """What may be claimed of a leak.

    Attributes
    ----------
    verdict : Verdict
    reason : str
        One sentence for a person.
    accused, suspected : tuple of Accusation
        In the order of naming. Suspects are never to be shown as accused.
    copies_tested, hypotheses : int
        K and T of the bound.
    decoys : Decoys or None
        None if nothing was tested.
    scored : tuple of Scored
        Of each sound hypothesis.
    next_best : Accusation or None
        The strongest copy that is not accused, with the marks of the accused projected out; nothing is claimed of it.
    """

    verdict: Verdict
    reason: str
    accused: tuple[Accusation, ...]
    suspected: tuple[Accusation, ...]
    copies_tested: int
    hypotheses: int
    decoys: Decoys | None
    scored: tuple[Scored, ...] = field(default=(), compare=False, repr=False)
    next_best: Accusation | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class _Naming:
    """What naming copies one by one ended with."""

    accused: tuple[Accusation, ...]
    scored: tuple[Scored, ...]
    next_best: Accusation | None

    @property
    def suspected(self) -> tuple[Accusation, ...]:
        """The next best copy, if its score is too strange for chance and too weak for an accusation."""
        found = self.next_best
        return (found,) if found is not None and found.log10_bound <= np.log10(limits.SUSPECTED_BOUND) else ()


def log10_bound(z: float, *, copies: int, hypotheses: int, naming: int = 1) -> float:
    """Return log₁₀ of the false-accusation bound K·T·Q(z), at most 0.

    Parameters
    ----------
    z : float
    copies, hypotheses : int
        K copies were tested under each of T hypotheses.
    naming : int
        Which round of naming colluders this is: round r spends 1 / (r (r + 1)) of the allowance, and the first
        round's half of it is already in T. The shares add up to 1 however many rounds there are.
    """
    spent = max(copies, 1) * max(hypotheses, 1) * naming * (naming + 1) / 2
    return min(0.0, float(np.log10(spent)) + float(log_ndtr(-z)) / _LN_10)


def accuse(evidence: Sequence[Hypothesis], decoy_keys: Sequence[bytes], *, threads: int = 1) -> Decision:
    """Decide whom a leak accuses.

    Parameters
    ----------
    evidence : sequence of Hypothesis
        Every hypothesis that was tried, without exception: leaving one out would understate the bound.
    decoy_keys : sequence of bytes
        Keys that were never issued, at least ``limits.MIN_DECOYS``: without them nobody is accused.
    threads : int

    Returns
    -------
    Decision
        ``accused``, ``suspected`` or ``inconclusive``; never ``unmatched``, which is decided before.
    """
    # (1) Every test is counted: K copies over all drafts tried, T feature vectors, twice for the rounds to come.
    copies = sum(len(hypothesis.keys) for hypothesis in evidence)
    hypotheses = 2 * len(evidence)

    # (2) A vector that rests on a few coefficients has no normal score; it may not accuse.
    sound = [hypothesis for hypothesis in evidence if detect.has_normal_score(hypothesis.vector)]

    # (3) The null is tried on this very leak: keys that nobody holds must score like the normal law.
    decoys, null_fault = _try_decoys(sound, decoy_keys, threads)

    # (4) Each copy of each sound hypothesis is scored. While the strongest one's bound is at most the threshold, it is
    #     named, its mark is projected out, and the rest are scored again, while what is left is sound as in (2).
    found = _name(sound, copies, hypotheses, threads)

    def decided(verdict: Verdict, reason: str, *, accused: bool = False, suspected: bool = False) -> Decision:
        named = found.accused if accused else ()
        leads = found.suspected if suspected else ()
        return Decision(verdict, reason, named, leads, copies, hypotheses, decoys, found.scored, found.next_best)

    # (5) A failed null withdraws whatever was found.
    if null_fault:
        reason = f"withdrawn: decoys do not confirm the normal law ({null_fault}), so nobody is accused"
        return decided(Verdict.INCONCLUSIVE, reason)
    if found.accused:
        reason = f"the leak carries the mark of {_counted(len(found.accused), 'copy', 'copies')}"
        return decided(Verdict.ACCUSED, reason, accused=True, suspected=True)
    if found.suspected:
        reason = "a copy's mark may be present, but too faintly to accuse anyone"
        return decided(Verdict.SUSPECTED, reason, suspected=True)
    # (6) Nobody stands out: say why.
    return decided(Verdict.INCONCLUSIVE, _why_nobody(sound, copies))


def _why_nobody(sound: Sequence[Hypothesis], copies: int) -> str:
    if not copies:
        return "no copy of this draft is on record"
    if not sound:
        return "too little of the draft is left in the leak to test any copy"
    return "the draft is recognised, but no copy's mark stands out of the noise"


def _try_decoys(evidence: Sequence[Hypothesis], keys: Sequence[bytes], threads: int) -> tuple[Decoys | None, str]:
    """Score decoys under every hypothesis; return the worst figures, and what failed ('' if nothing did)."""
    if not evidence:
        return None, ""
    if len(keys) < limits.MIN_DECOYS:
        return None, f"{len(keys)} were given, {limits.MIN_DECOYS:,} are needed"
    runs = [detect.scores(hypothesis.vector, keys, threads=threads) for hypothesis in evidence]
    ks_p = min(1.0, min(detect.normality(z) for z in runs) * len(runs))
    max_z = max(float(z.max()) for z in runs)
    decoys = Decoys(len(keys), max_z, ks_p)
    if ks_p < limits.DECOY_KS_P:
        return decoys, f"Kolmogorov–Smirnov p = {ks_p:.1e}"
    if log10_bound(max_z, copies=len(keys), hypotheses=len(runs)) < np.log10(limits.DECOY_MAX_P):
        return decoys, f"largest decoy z = {max_z:.2f}"
    return decoys, ""


def _name(evidence: Sequence[Hypothesis], copies: int, hypotheses: int, threads: int) -> _Naming:
    """Name copies one by one, strongest first; a copy named under one hypothesis is projected out of that one.

    A hypothesis names nobody more once what is left of its vector rests on a few coefficients.
    """
    vectors = [hypothesis.vector for hypothesis in evidence]
    ids = [list(hypothesis.keys) for hypothesis in evidence]
    rest = [np.ones(len(names), bool) for names in ids]
    z = [detect.scores(each.vector, list(each.keys.values()), threads=threads) for each in evidence]
    scored = tuple(Scored(each.draft, tuple(each.keys), z[at]) for at, each in enumerate(evidence))
    accused: list[Accusation] = []
    while True:
        tops = [(float(z[at][rest[at]].max()), at) for at in range(len(evidence)) if rest[at].any()]
        if not tops:
            return _Naming(tuple(accused), scored, None)
        top, at = max(tops)
        index = int(np.flatnonzero(rest[at])[np.argmax(z[at][rest[at]])])
        copy = ids[at][index]
        bound = log10_bound(top, copies=copies, hypotheses=hypotheses, naming=len(accused) + 1)
        found = Accusation(evidence[at].draft, copy, top, bound, len(accused) + 1)
        if bound > np.log10(limits.ACCUSED_BOUND):
            return _Naming(tuple(accused), scored, found)
        accused.append(found)
        rest[at][index] = False
        vectors[at] = detect.without(vectors[at], evidence[at].keys[copy])
        if not detect.has_normal_score(vectors[at]):
            rest[at][:] = False
        z[at] = detect.scores(vectors[at], list(evidence[at].keys.values()), threads=threads)


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
