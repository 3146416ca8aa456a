"""The figures of a finding, to the digits that are stated; and whether figures computed anew are the same ones.

Scores z and log₁₀ of bounds are stated with two decimals, shares, correlations and p with three.

Where the verifier computes as the finding says that its maker did (:mod:`.arithmetic`), figures must be the same to the
last digit. Elsewhere sums are added up in another order, and where registration chooses between placements, the last
bits can lead to another choice: of photographed leaks, processors with and without AVX gave scores 0.08 apart,
correlations 0.0003, and p of the decoys 0.15. What accuses is always what the verifier computes itself; the tolerances
only say how far what is stated may lie from it, and both are shown.
"""

import math
from dataclasses import dataclass

from tidemark.engine.accuse import log10_bound

_Z, _Z_SHARE = 0.15, 0.01  # whichever is more: the absolute one is for small scores
_SHARE = 0.01
_DECOYS_Z, _DECOYS_P = 0.3, 0.3  # of extremes and of an order statistic of scores that all move a little
_HALF_A_DIGIT_Z = 0.005


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure, as the finding states it and as it was computed here.

    Attributes
    ----------
    figure : str
        What it is of.
    computed, stated : float
        The first to the digits that are stated.
    tolerance : float
        How far they may lie apart: 0 where the same arithmetic must give the same digits.
    """

    figure: str
    computed: float
    stated: float
    tolerance: float

    @property
    def agrees(self) -> bool:
        """Whether what is stated is what was computed."""
        return abs(self.computed - self.stated) <= self.tolerance

    def __str__(self) -> str:
        both = f"{self.figure}: {self.computed} computed, {self.stated} stated"
        if not self.tolerance:
            return both if self.agrees else f"{both}, and they should be the same"
        within = "within" if self.agrees else "not within"
        return f"{both}, {within} what processors differ by (± {self.tolerance:.2g})"


def z_figure(what: str, computed: float, stated: float, *, exact: bool) -> Figure:
    """Compare a score."""
    return Figure(what, stated_z(computed), stated, 0.0 if exact else z_tolerance(stated))


def share_figure(what: str, computed: float, stated: float, *, exact: bool) -> Figure:
    """Compare a share or a correlation."""
    return Figure(what, stated_share(computed), stated, 0.0 if exact else _SHARE)


def null_figures(
    max_z: float, ks_p: float, stated_max_z: float, stated_ks_p: float, *, exact: bool
) -> tuple[Figure, ...]:
    """Compare the decoys' highest score and the Kolmogorov–Smirnov p of all."""
    return (
        Figure("highest z", stated_z(max_z), stated_max_z, 0.0 if exact else _DECOYS_Z),
        Figure("Kolmogorov–Smirnov p", stated_share(ks_p), stated_ks_p, 0.0 if exact else _DECOYS_P),
    )


def bound_figure(
    what: str, computed: float, stated: float, *, z: float, copies: int, hypotheses: int, naming: int, exact: bool
) -> Figure:
    """Compare log₁₀ of a bound; where scores may differ, by as much as it changes with the stated z."""
    tolerance = 0.0
    if not exact:
        for other in (z - z_tolerance(z), z + z_tolerance(z)):
            bound = log10_bound(other, copies=copies, hypotheses=hypotheses, naming=naming)
            tolerance = max(tolerance, abs(bound - stated))
    return Figure(what, stated_bound(computed), stated, tolerance)


def z_tolerance(stated: float) -> float:
    """Return how far apart processors may compute a score."""
    return max(_Z, _Z_SHARE * abs(stated))


def stated_z(z: float) -> float:
    """Return z to the digits that are stated."""
    return round(z, 2)


def least_z(stated: float) -> float:
    """Return the smallest z that is stated so."""
    return stated - _HALF_A_DIGIT_Z


def stated_bound(log10_bound: float) -> float:
    """Return log₁₀ of a bound to the digits that are stated, rounded up: never smaller than what is true."""
    return math.ceil(log10_bound * 100) / 100


def stated_share(share: float) -> float:
    """Return a share, a correlation or a p to the digits that are stated."""
    return round(share, 3)


def bound_from_stated(z: float, *, copies: int, hypotheses: int, naming: int = 1) -> float:
    """Return log₁₀ of the bound that a stated z is good for, as it is stated: that of the least z that is stated so."""
    return stated_bound(log10_bound(least_z(z), copies=copies, hypotheses=hypotheses, naming=naming))


def bound_may_follow(stated: float, z: float, *, copies: int, hypotheses: int, naming: int) -> bool:
    """Return whether log₁₀ of a bound can be that of a score that is stated as z."""
    lowest = log10_bound(z + _HALF_A_DIGIT_Z, copies=copies, hypotheses=hypotheses, naming=naming)
    highest = bound_from_stated(z, copies=copies, hypotheses=hypotheses, naming=naming)
    return stated_bound(lowest) <= stated <= highest
