"""Leaks that several holders made together by mixing their copies, each saved as a JPEG of quality 75.

The order statistics are those of Stone 1996 (NEC technical report 96-045) and of Zhao, Wu, Wang and Liu 2005
(doi:10.1109/TIP.2005.846035). The minority extreme is Schaathun's (2008, doi:10.1155/2008/803217): taking at each pixel
the side where fewer copies are pushes the leak against most of the marks.

All work in strips of rows: twenty 4K copies as uint8 are 0.5 GB already, and their differences must not double that.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np

from tidemark.engine.drill import encoding
from tidemark.engine.drill.leak import Leak, Pixels

STRIP_ROWS = 64
"""Rows mixed at once: twenty strips of a 4K picture are 15 MB."""

TILE_PX = 64
"""Side of a piece of the mosaic, in pixels."""

SAVED_QUALITY = 75
"""JPEG quality of every mix."""

Mix = Callable[[list[Pixels], np.random.Generator], Pixels]
"""Equal strips of all copies in, the strip of the leak out; value by value."""


def mixed(copies: Sequence[Pixels], rng: np.random.Generator, *, mix: Mix) -> bytes:
    """The copies mixed value by value, as a JPEG.

    Parameters
    ----------
    copies : sequence of (H, W, 3) uint8 arrays
        One per colluding holder, of one shape.
    mix : callable
        The rule.
    """
    out = np.empty_like(copies[0])
    for first in range(0, out.shape[0], STRIP_ROWS):
        rows = slice(first, first + STRIP_ROWS)
        out[rows] = mix([copy[rows] for copy in copies], rng)
    return encoding.jpeg(out, SAVED_QUALITY)


def mean(strips: list[Pixels], _rng: np.random.Generator) -> Pixels:
    """The arithmetic mean, halves rounded up."""
    count = len(strips)
    return np.asarray((2 * _total(strips) + count) // (2 * count), np.uint8)


def median(strips: list[Pixels], _rng: np.random.Generator) -> Pixels:
    """The median; of an even number, the mean of the middle two, halves rounded up."""
    ranked, middle = _ranked(strips), len(strips) // 2
    if len(strips) % 2:
        return ranked[middle]
    return np.asarray((ranked[middle - 1].astype(np.uint16) + ranked[middle] + 1) // 2, np.uint8)


def minimum(strips: list[Pixels], _rng: np.random.Generator) -> Pixels:
    """The darkest of all copies."""
    return np.asarray(np.minimum.reduce(strips), np.uint8)


def maximum(strips: list[Pixels], _rng: np.random.Generator) -> Pixels:
    """The brightest of all copies."""
    return np.asarray(np.maximum.reduce(strips), np.uint8)


def minority_extreme(strips: list[Pixels], rng: np.random.Generator) -> Pixels:
    """The minimum or the maximum, whichever lies farther from the mean; a coin decides between equals."""
    low, high = minimum(strips, rng), maximum(strips, rng)
    # Farther from the mean is the maximum when mean - low < high - mean: in whole numbers, 2 Σ < n (low + high).
    lean = 2 * _total(strips) - len(strips) * (low.astype(np.int32) + high)
    heads = rng.integers(0, 2, low.shape, np.uint8).astype(bool)
    return np.where((lean < 0) | ((lean == 0) & heads), high, low)


def random_extreme(strips: list[Pixels], rng: np.random.Generator) -> Pixels:
    """The minimum or the maximum by a fair coin per value: the random negative of the literature."""
    heads = rng.integers(0, 2, strips[0].shape, np.uint8).astype(bool)
    return np.where(heads, maximum(strips, rng), minimum(strips, rng))


def modified_negative(strips: list[Pixels], rng: np.random.Generator) -> Pixels:
    """Minimum + maximum - median, clipped: it moves away from where most copies are."""
    mirror = minimum(strips, rng).astype(np.int16) + maximum(strips, rng) - median(strips, rng)
    return np.asarray(np.clip(mirror, 0, 255), np.uint8)


def mosaic(copies: Sequence[Pixels], rng: np.random.Generator) -> bytes:
    """Square tiles, each from one copy; every copy gives the same number of tiles within one, in random places."""
    out = np.empty_like(copies[0])
    corners = [(y, x) for y in range(0, out.shape[0], TILE_PX) for x in range(0, out.shape[1], TILE_PX)]
    for turn, place in enumerate(rng.permutation(len(corners))):
        y, x = corners[int(place)]
        tile = slice(y, y + TILE_PX), slice(x, x + TILE_PX)
        out[tile] = copies[turn % len(copies)][tile]
    return encoding.jpeg(out, SAVED_QUALITY)


def _total(strips: list[Pixels]) -> np.typing.NDArray[np.int32]:
    total = strips[0].astype(np.int32)
    for strip in strips[1:]:
        total += strip
    return total


def _ranked(strips: list[Pixels]) -> list[Pixels]:
    """The values of each pixel in rising order, by Batcher's network (1968, doi:10.1145/1468075.1468121).

    Comparing whole strips is some twenty times faster than sorting each pixel's values for itself.
    """
    ranked = list(strips)
    for a, b in _comparators(len(strips)):
        ranked[a], ranked[b] = np.minimum(ranked[a], ranked[b]), np.maximum(ranked[a], ranked[b])
    return ranked


def _comparators(count: int) -> Iterator[tuple[int, int]]:
    """Places to compare and exchange, in order, to sort ``count`` values (Knuth, TAOCP 3, algorithm 5.2.2M)."""
    top = 1 << max(0, (count - 1).bit_length() - 1)
    p = top
    while p > 0:
        q, r, d = top, 0, p
        while d > 0:
            yield from ((i, i + d) for i in range(count - d) if i & p == r)
            d, q, r = q - p, q >> 1, p
        p >>= 1


def _leak(name: str, make: Callable[..., bytes], holders: int) -> Leak:
    return Leak(f"{name} of {holders}", "colluded", make, holders)


LEAKS = (
    *(_leak("mean", partial(mixed, mix=mean), holders) for holders in (2, 3, 10, 20)),
    *(
        _leak(name, make, holders)
        for holders in (10, 20)
        for name, make in (
            ("median", partial(mixed, mix=median)),
            ("minimum", partial(mixed, mix=minimum)),
            ("maximum", partial(mixed, mix=maximum)),
            ("mosaic", mosaic),
            ("minority extreme", partial(mixed, mix=minority_extreme)),
            ("random extreme", partial(mixed, mix=random_extreme)),
            ("modified negative", partial(mixed, mix=modified_negative)),
        )
    ),
)
