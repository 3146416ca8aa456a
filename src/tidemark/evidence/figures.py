"""The figures of a finding, to the digits that are stated; and whether figures computed anew are the same ones.

Scores z and log₁₀ of bounds are stated with two decimals, shares, correlations and p with three.
"""

import math

_ONE = 1.0000001  # of the last digit: machines differ in the last bits, and rounding may make a digit of that
_NEAR = 0.01  # of z: a trace takes the draft's description from the records, where an older library may have put it
_SLACK = 0.02  # of log₁₀ of a bound, relative to z: d log₁₀ Q / dz = −z / ln 10 nearly


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
    """Return whether a score computed anew is the one stated, to its last digit."""
    return abs(z - stated) <= _ONE * 0.01


def near_z(z: float, stated: float) -> bool:
    """Return whether two scores of one leak and one key, one stated when it was traced, can both be true."""
    return abs(z - stated) <= max(_ONE * 0.02, _NEAR * abs(stated))


def same_share(share: float, stated: float) -> bool:
    """Return whether a share, a correlation or a p computed anew is the one stated, to its last digit."""
    return abs(share - stated) <= _ONE * 0.001


def same_bound(log10_bound: float, stated: float) -> bool:
    """Return whether log₁₀ of a bound computed anew is the one stated: as near as the digits of z allow."""
    return abs(log10_bound - stated) <= 0.01 + _SLACK * math.sqrt(max(-stated, 1.0))
