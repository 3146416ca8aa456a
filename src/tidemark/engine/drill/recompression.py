"""Leaks that only saved the picture again, in another file format or with more loss."""

from functools import partial

import numpy as np

from tidemark.engine.drill import encoding
from tidemark.engine.drill.leak import Leak, Pixels


def as_sent(copy: Pixels, _rng: np.random.Generator) -> bytes:
    """The copy itself, without any loss."""
    return encoding.png(copy)


def recompressed(copy: Pixels, _rng: np.random.Generator, *, quality: int) -> bytes:
    """A JPEG of the given quality."""
    return encoding.jpeg(copy, quality)


def as_webp(copy: Pixels, _rng: np.random.Generator, *, quality: int) -> bytes:
    """A lossy WebP of the given quality."""
    return encoding.webp(copy, quality)


def as_avif(copy: Pixels, _rng: np.random.Generator, *, quality: int) -> bytes:
    """An AVIF of the given quality."""
    return encoding.avif(copy, quality)


def as_gif(copy: Pixels, _rng: np.random.Generator) -> bytes:
    """A GIF: 256 colours, dithered."""
    return encoding.gif(copy)


def twice_recompressed(copy: Pixels, rng: np.random.Generator, *, first: int, second: int) -> bytes:
    """JPEG, an odd sliver cut off the left and the top, JPEG again.

    The sliver is 1, 3, 5 or 7 pixels, so that the second grid of 8 × 8 blocks never falls on the first.
    """
    rows, columns = (int(rng.integers(0, 4)) * 2 + 1 for _ in range(2))
    return encoding.jpeg(encoding.decoded(encoding.jpeg(copy, first))[rows:, columns:], second)


LEAKS = (
    Leak("as sent", "recompressed", as_sent),
    *(Leak(f"jpeg {q}", "recompressed", partial(recompressed, quality=q)) for q in (75, 50, 30, 15, 8)),
    *(Leak(f"webp {q}", "recompressed", partial(as_webp, quality=q)) for q in (60, 30)),
    Leak("avif 40", "recompressed", partial(as_avif, quality=40)),
    Leak("jpeg 90, shifted, jpeg 60", "recompressed", partial(twice_recompressed, first=90, second=60)),
    Leak("gif", "recompressed", as_gif),
)
