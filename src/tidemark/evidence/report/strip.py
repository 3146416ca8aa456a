"""The geometry of the plot of scores: where each mark goes, as shares of the plot's width and height.

The axis is linear as far as chance reaches and logarithmic beyond, with no kink where the two meet: the bell of the
innocent keeps its shape, and a score of 300 stands on the same page. Nothing is drawn here.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from tidemark.engine.detect import Scores

LEFT_Z = -4.6
"""Where the axis begins, unless a score lies lower."""

KNEE_Z = 7.5
"""The axis is linear at least to here; the bell is empty by 5, an accusation seldom begins before 5.5."""

BEYOND_SHARE = 0.42
"""Most of the width that is given to what lies beyond the knee."""

MAX_DOTS = 120
"""Copies up to which each is one dot; of more, those near the bell are drawn as columns."""

COLUMN_Z = 0.25
"""Width of a column, in z."""

LONELY = 6
"""Copies that are expected above the columns; they are dots, because they are few and are what is looked at."""

MAX_LONELY = 250
"""Dots above the columns, the highest ones; more would lie on one another."""

DOT_SHARE = 1 / 84
"""Diameter of a dot, as a share of the width."""

_TICKS = (10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1000, 2000, 5000, 10000)
_TICK_GAP = 0.045
_BELL_PEAK = 1 / math.sqrt(2 * math.pi)
_BELL_REACH = 4.5


@dataclass(frozen=True, slots=True)
class Tick:
    """A tick of the axis and its number."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A score. ``level`` counts the dots below it; ``beyond`` says that it lies beyond the threshold."""

    x: float
    level: int
    beyond: bool


@dataclass(frozen=True, slots=True)
class Column:
    """Scores between two places; ``height`` is a share of the bell's."""

    left: float
    right: float
    height: float


@dataclass(frozen=True, slots=True)
class Strip:
    """A plot of scores.

    Attributes
    ----------
    ticks : tuple of Tick
    bell : tuple of (float, float)
        The normal law's outline, heights as shares of its own.
    decoys : tuple of (float, float)
        The outline of the decoys' scores, in steps, on the same scale.
    columns : tuple of Column
    dots : tuple of Dot
    accused : tuple of float
        Places of the accused, in their given order.
    threshold, highest_decoy, knee : float
        Places on the axis.
    levels : int
        The number of dots in the tallest pile, at least 1.
    compressed : bool
        Whether anything lies beyond the knee.
    """

    ticks: tuple[Tick, ...]
    bell: tuple[tuple[float, float], ...]
    decoys: tuple[tuple[float, float], ...]
    columns: tuple[Column, ...]
    dots: tuple[Dot, ...]
    accused: tuple[float, ...]
    threshold: float
    highest_decoy: float
    knee: float
    levels: int
    compressed: bool


@dataclass(frozen=True, slots=True)
class _Axis:
    """Where a z stands: linear from ``left`` to ``knee``, then logarithmic, at most as steep, to ``right``."""

    left: float
    knee: float
    right: float

    def x(self, z: float) -> float:
        return (self._stretched(z) - self.left) / (self._stretched(self.right) - self.left)

    def _stretched(self, z: float) -> float:
        if z <= self.knee:
            return z
        share = BEYOND_SHARE / (1 - BEYOND_SHARE) * (self.knee - self.left)
        scale = min(self.knee, share / math.log(self.right / self.knee))
        return self.knee + scale * math.log(z / self.knee)


def strip(scores: Sequence[float], accused: Sequence[float], *, threshold: float, decoys: Scores) -> Strip:
    """Lay out the plot.

    Parameters
    ----------
    scores : sequence of float
        z of every copy tested, in the first round, ascending.
    accused : sequence of float
        z of the accused, each in the round in which it was named.
    threshold : float
        z from which a copy is accused.
    decoys : ndarray, shape (D,)
        z of every decoy, in any order; at least one.
    """
    z, null = np.asarray(scores, float), np.sort(np.asarray(decoys, float))
    highest_decoy = float(null[-1])
    highest = max([threshold, highest_decoy, *accused, *z[-1:].tolist()])
    axis = _Axis(
        min([LEFT_Z, *(z[:1] - 0.2).tolist(), float(null[0]) - 0.2]), max(KNEE_Z, threshold + 1.2), highest * 1.06
    )
    if axis.right <= axis.knee:
        axis = _Axis(axis.left, axis.knee, axis.knee * (1 + 1e-9))
    lonely = COLUMN_Z * max(4, round(float(-ndtri(LONELY / len(z))) / COLUMN_Z)) if len(z) > MAX_DOTS else -math.inf
    crowd = z[z < lonely]
    dots = _piled(axis, z[len(crowd) :][-MAX_LONELY:], threshold)
    return Strip(
        ticks=_ticks(axis),
        bell=tuple(
            (axis.x(float(at)), math.exp(-at * at / 2)) for at in np.linspace(-_BELL_REACH, _BELL_REACH, 91).tolist()
        ),
        decoys=_outline(_columns(axis, null, highest_decoy + COLUMN_Z, len(null))),
        columns=_columns(axis, crowd, lonely, len(z)),
        dots=dots,
        accused=tuple(axis.x(each) for each in accused),
        threshold=axis.x(threshold),
        highest_decoy=axis.x(highest_decoy),
        knee=axis.x(axis.knee),
        levels=max([dot.level + 1 for dot in dots], default=1),
        compressed=highest > axis.knee,
    )


def _columns(axis: _Axis, crowd: npt.NDArray[np.float64], end: float, copies: int) -> tuple[Column, ...]:
    """Count the crowd, on the bell's own scale: were it exactly normal, each column would end on the outline."""
    if not len(crowd):
        return ()
    first = math.floor(crowd[0] / COLUMN_Z)
    edges = np.arange(first, round(end / COLUMN_Z) + 1) * COLUMN_Z
    counts, _ = np.histogram(crowd, edges)
    full = copies * COLUMN_Z * _BELL_PEAK
    return tuple(
        Column(axis.x(float(low)), axis.x(float(high)), min(1.25, float(count) / full))
        for low, high, count in zip(edges[:-1], edges[1:], counts, strict=True)
        if count
    )


def _outline(columns: Sequence[Column]) -> tuple[tuple[float, float], ...]:
    """Return the line along the tops of columns, down to the axis where none stands."""
    points: list[tuple[float, float]] = []
    for column in columns:
        if not points or points[-1][0] < column.left:
            points += [(points[-1][0], 0.0), (column.left, 0.0)] if points else [(column.left, 0.0)]
        points += [(column.left, column.height), (column.right, column.height)]
    return (*points, (points[-1][0], 0.0)) if points else ()


def _piled(axis: _Axis, scores: npt.NDArray[np.float64], threshold: float) -> tuple[Dot, ...]:
    """Pile dots that would overlap."""
    piles: Counter[int] = Counter()
    dots = []
    for score in scores.tolist():
        pile = math.floor(axis.x(score) / DOT_SHARE)
        dots.append(Dot((pile + 0.5) * DOT_SHARE, piles[pile], score >= threshold))
        piles[pile] += 1
    return tuple(dots)


def _ticks(axis: _Axis) -> tuple[Tick, ...]:
    inner = range(2 * math.ceil(axis.left / 2), math.floor(axis.knee) + 1, 2)
    ticks = [Tick(axis.x(z), str(z).replace("-", "−")) for z in inner]
    for z in _TICKS:
        if axis.knee < z <= axis.right and axis.x(z) - ticks[-1].x >= _TICK_GAP:
            ticks.append(Tick(axis.x(z), f"{z:,}"))
    return tuple(ticks)
