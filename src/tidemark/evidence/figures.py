"""The figures of a finding, to the digits that are stated; and whether figures computed anew are the same ones.

Scores z and log₁₀ of bounds are stated with two decimals, shares, correlations and p with three.

One machine computes the same figures every time. Another one adds up in another order, and where registration chooses
between placements, the last bits can lead to another choice: of photographed leaks, processors with and without AVX
gave scores 0.08 apart, correlations 0.0003, and p of the decoys 0.15. What accuses is always what the verifier computes
itself; the tolerances only say how far what is stated may lie from it.
"""

import math

_Z, _Z_SHARE = 0.15, 0.01  # whichever is more: the absolute one is for small scores
_SHARE = 0.01
_DECOYS_Z, _DECOYS_P = 0.3, 0.3  # of extremes and of an order statistic of scores that all move a little
_SLACK = 0.02  # of log₁₀ of a bound, relative to z: d log₁₀ Q / dz = −z / ln 10 nearly, and z is rounded to 0.01


def stated_z(z: float) -> float:
    """Return z to the digits that are stated."""
    return round(z, 2)


def least_z(stated: float) -> float:
    """Return the smallest z that is stated so."""
    return stated - 0.005


def stated_bound(log10_bound: float) -> float:
    """Return log₁₀ of a bound to the digits that are stated, rounded up: never smaller than what is true."""
    return math.ceil(log10_bound * 100) / 100


def stated_share(share: float) -> float:
    """Return a share, a correlation or a p to the digits that are stated."""
    return round(share, 3)


def same_z(z: float, stated: float) -> bool:
    """Return whether a score computed anew is the one stated."""
    return abs(z - stated) <= max(_Z, _Z_SHARE * abs(stated))


def same_share(share: float, stated: float) -> bool:
    """Return whether a share or a correlation computed anew is the one stated."""
    return abs(share - stated) <= _SHARE


def same_null(max_z: float, ks_p: float, stated_max_z: float, stated_ks_p: float) -> bool:
    """Return whether the decoys' figures computed anew are those stated."""
    return abs(max_z - stated_max_z) <= _DECOYS_Z and abs(ks_p - stated_ks_p) <= _DECOYS_P


def same_bound(log10_bound: float, stated: float) -> bool:
    """Return whether log₁₀ of a bound that follows from a stated z is the one stated: as near as z's digits allow."""
    return abs(log10_bound - stated) <= 0.01 + _SLACK * math.sqrt(max(-stated, 1.0))
