"""Bounds on a probability in words to be read aloud, put so that they are never understated."""

import math

from tidemark import limits

_POWERS_FROM = 9


def odds(log10_bound: float) -> str:
    """Put a bound into words. What is said is never smaller than the bound, nor than what a key allows to say.

    Parameters
    ----------
    log10_bound : float
        Decimal logarithm of the bound, which may itself be too small for a float.

    Examples
    --------
    >>> odds(-21.4)
    'at most 1 in 10^21'
    >>> odds(-4837.2)
    'at most 1 in 10^77'
    >>> odds(-3.5)
    'at most 1 in 3,162'
    """
    number = one_in(log10_bound)
    return f"at most 1 in {number}" if number else "with any probability"


def one_in(log10_bound: float) -> str:
    """Return N of "at most 1 in N" in figures, for whoever says the rest in another language; '' if there is none."""
    if log10_bound >= 0:
        return ""
    log10_bound = max(log10_bound, limits.LEAST_LOG10_BOUND)
    if log10_bound <= -_POWERS_FROM:
        return f"10^{math.floor(-log10_bound)}"
    return f"{math.floor(10.0**-log10_bound):,}"
