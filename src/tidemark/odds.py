"""Bounds on a probability, put so that they are never understated: in words to be read aloud, and as floats."""

import math
import sys

_POWERS_FROM = 9
_FLOAT_UNDERFLOWS = -307.0


def odds(log10_bound: float) -> str:
    """Put a bound into words. What is said is never smaller than the bound itself.

    Parameters
    ----------
    log10_bound : float
        Decimal logarithm of the bound, which may itself be too small for a float.

    Examples
    --------
    >>> odds(-212.4)
    'at most 1 in 10^212'
    >>> odds(-3.5)
    'at most 1 in 3,162'
    """
    if log10_bound >= 0:
        return "with any probability"
    if log10_bound <= -_POWERS_FROM:
        return f"at most 1 in 10^{math.floor(-log10_bound)}"
    return f"at most 1 in {math.floor(10.0**-log10_bound):,}"


def bound(log10_bound: float) -> float:
    """Return the bound as a float, 0 < bound ≤ 1; the smallest normal float stands for all that are smaller."""
    if log10_bound < _FLOAT_UNDERFLOWS:
        return sys.float_info.min
    return float(min(1.0, 10.0**log10_bound))
