"""Whether two found files show the same picture: reposts, crops and photographs of it, whatever was done to them.

The first is taken for the draft and the second registered to it, so the tolerance for crops, tone and compression is
that of a trace. That two files look the same says nothing of their source: copies of one draft for different holders
look the same too, which is what marks are for. Nothing here sees a key.
"""

from dataclasses import dataclass

import numpy as np

from tidemark.engine.carriers.image.grid import to_grid
from tidemark.engine.carriers.image.observe import Look
from tidemark.engine.carriers.image.register import NotRegistered, register

SAME_CORRELATION = 0.65
"""Correlation, over all that both show, from which two files show one picture. Screenshots of different drafts agree in
the program's frame and reach 0.55; crops, reposts and photographs of one picture reach 0.82 and more of it, and only
screenshots in two different frames less, down to 0.57: they stay apart until somebody joins them
(``python -m benchmarks.alike``)."""

SAME_SHARE = 0.3
"""Share of one of the two that the other must show: less is a logo or a title block that both have."""


@dataclass(frozen=True, slots=True)
class Alike:
    """How far two files show the same; true if they show the same picture.

    Attributes
    ----------
    correlation : float
        Over what both show; 0 if they could not be laid on one another.
    share : float
        Of the one that lies in the other with the larger part.
    """

    correlation: float
    share: float

    def __bool__(self) -> bool:
        return self.correlation >= SAME_CORRELATION and self.share >= SAME_SHARE


def same_picture(one: Look, other: Look) -> Alike:
    """Compare two files; the result is true if they show the same picture."""
    large, small = (one, other) if one.luma.size >= other.luma.size else (other, one)
    # The way back is another search for features that agree: now and then only one of the two finds them.
    return _laid(small, on=large) or _laid(large, on=small)


def _laid(small: Look, *, on: Look) -> Alike:
    grid = to_grid(on.luma)
    placed = register(grid, on.features, small.luma, small.features, search=False)
    if isinstance(placed, NotRegistered):
        return Alike(0.0, 0.0)
    shape = (grid.shape[0], grid.shape[1])
    rows, columns = small.luma.shape
    xy = placed.placement.map_xy(shape)
    inside = (xy[..., 0] >= 0) & (xy[..., 1] >= 0) & (xy[..., 0] <= columns - 1) & (xy[..., 1] <= rows - 1)
    seen = xy[inside]
    reached = np.ptp(seen, axis=0).prod() / (rows * columns) if len(seen) else 0.0
    return Alike(placed.correlation, float(max(placed.coverage, min(reached, 1.0))))
