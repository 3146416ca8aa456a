"""The plot of scores for the screen: where each mark goes, in the units of an SVG of :data:`WIDTH` × :data:`HEIGHT`."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from tidemark import limits
from tidemark.evidence.report.strip import Strip, strip
from tidemark.records.leaks.models import Match, Trace

WIDTH, HEIGHT = 720, 150
_LEFT, _RIGHT, _BASE, _TOP = 8, 12, 118, 26
_DOT = 3.6
_MOST_LEVELS = 9


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the plot."""

    x: float
    y: float
    kind: str


@dataclass(frozen=True, slots=True)
class Label:
    """A text under or over the axis."""

    x: float
    text: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A column of scores."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Plot:
    """What the template draws.

    Attributes
    ----------
    bell : str
        Points of the normal law's outline.
    dots : tuple of Mark
        ``innocent``, ``accused`` or ``suspected``.
    bars : tuple of Bar
    ticks : tuple of Label
    threshold, decoy, base : float
    threshold_z, decoy_z : float
    copies, decoys : int
    """

    bell: str
    dots: tuple[Mark, ...]
    bars: tuple[Bar, ...]
    ticks: tuple[Label, ...]
    threshold: float
    decoy: float
    base: float
    threshold_z: float
    decoy_z: float
    copies: int
    decoys: int


def threshold_z(trace: Trace) -> float:
    """Return the score from which the first copy is accused: where K·T·Q(z) is the bound."""
    tests = max(trace.copies_tested, 1) * max(trace.hypotheses, 1)
    return float(-ndtri(limits.ACCUSED_BOUND / tests))


def plot(trace: Trace, match: Match) -> Plot | None:
    """Lay out the scores of a draft's copies; None if none was scored."""
    scores: Sequence[float] = trace.scores.get(match.draft_id, ())
    if not scores:
        return None
    named = [each for each in trace.named.all() if each.copy.draft_id == match.draft_id]
    threshold, decoy = threshold_z(trace), float(trace.decoys.get("max_z", 0.0))
    # Of the decoys a trace keeps the highest score alone; the report, which scores them again, shows all.
    laid = strip(scores, [each.z for each in named], threshold=threshold, decoys=np.array([decoy]))
    dots = [*_innocent(laid), *_named(laid, [each.is_accused for each in named])]
    return Plot(
        bell=" ".join(f"{_x(x):.1f},{_BASE - 56 * height:.1f}" for x, height in laid.bell),
        dots=tuple(dots),
        bars=tuple(
            Bar(_x(each.left), _BASE - 56 * each.height, _x(each.right) - _x(each.left), 56 * each.height)
            for each in laid.columns
        ),
        ticks=tuple(Label(_x(tick.x), tick.label) for tick in laid.ticks),
        threshold=_x(laid.threshold),
        decoy=_x(laid.highest_decoy),
        base=_BASE,
        threshold_z=threshold,
        decoy_z=decoy,
        copies=len(scores),
        decoys=int(trace.decoys.get("count", 0)),
    )


def _innocent(laid: Strip) -> list[Mark]:
    step = min(2 * _DOT, (_BASE - _TOP) / max(laid.levels, _MOST_LEVELS))
    return [Mark(_x(dot.x), _BASE - _DOT - step * dot.level, "innocent") for dot in laid.dots if not dot.beyond]


def _named(laid: Strip, accused: Sequence[bool]) -> list[Mark]:
    kinds = ("accused" if each else "suspected" for each in accused)
    return [Mark(_x(x), _BASE - _DOT - 1, kind) for x, kind in zip(laid.accused, kinds, strict=True)]


def _x(share: float) -> float:
    return round(_LEFT + share * (WIDTH - _LEFT - _RIGHT), 1)
