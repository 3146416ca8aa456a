"""Curves, outlines and height fields: what the bundled MS11 car is modelled from.

A body panel is a height over a plane (the side's half width over length and height, say), sampled on a grid fine enough
to hold shut lines. A height field is quick to evaluate for millions of points, and its gradient gives the normal.
Lengths are metres. Nothing here knows of cameras or light.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from scipy.interpolate import PchipInterpolator, make_interp_spline

Floats = npt.NDArray[np.float32]
Labels = npt.NDArray[np.uint8]

_REMAP_ROW = 4096
"""Points per row given to ``cv2.remap``, which takes no row longer than 32,767."""


EXACT_M = 0.05
"""Distances to outlines are exact this far out: walls and bevels are narrower."""
REACH_M = 0.02
"""How far around a point its steepest slope is looked for: no step of a ray near a panel is longer."""
HULL_M = 0.06
"""Depth of the deepest opening, about: beyond this distance rays see only the hull of a panel."""


def floats(values: npt.ArrayLike) -> Floats:
    """Values as single precision: all fields of the model are, for speed and memory."""
    return np.asarray(values, np.float32)


def smooth_curve(knots: Sequence[tuple[float, float]], at: Floats) -> Floats:
    """Value at ``at`` of the cubic spline through ``knots`` (abscissa rising), held constant outside them."""
    abscissa, ordinate = np.array(knots, np.float64).T
    spline = make_interp_spline(abscissa, ordinate, k=3)
    return np.asarray(spline(np.clip(at, abscissa[0], abscissa[-1])), np.float32)


def calm_curve(knots: Sequence[tuple[float, float]], at: Floats) -> Floats:
    """Like :func:`smooth_curve` but never overshooting its knots: for widths that must not bulge."""
    abscissa, ordinate = np.array(knots, np.float64).T
    return np.asarray(PchipInterpolator(abscissa, ordinate)(np.clip(at, abscissa[0], abscissa[-1])), np.float32)


def rounded(corners: Sequence[tuple[float, float]], radius: float, *, steps: int = 8) -> Floats:
    """Closed outline, shape (N, 2), through straight sides with each corner eased by a curve of about ``radius``."""
    points = np.array(corners, np.float64)
    outline: list[npt.NDArray[np.float64]] = []
    t = np.linspace(0, 1, steps)[:, None]
    for before, corner, after in zip(np.roll(points, 1, 0), points, np.roll(points, -1, 0), strict=True):
        back, ahead = before - corner, after - corner
        reach_back = min(radius, 0.48 * float(np.hypot(*back)))
        reach_ahead = min(radius, 0.48 * float(np.hypot(*ahead)))
        start = corner + back / np.hypot(*back) * reach_back
        end = corner + ahead / np.hypot(*ahead) * reach_ahead
        outline.append((1 - t) ** 2 * start + 2 * t * (1 - t) * corner + t**2 * end)
    return np.concatenate(outline).astype(np.float32)


def ramp(low: float, high: float, value: Floats) -> Floats:
    """Smoothstep: 0 below ``low``, 1 above ``high``, with level ends."""
    t = np.clip((value - np.float32(low)) / np.float32(high - low), 0, 1)
    return floats(t * t * (3 - 2 * t))


def hash_noise(x: npt.NDArray[np.int64], y: npt.NDArray[np.int64], *, seed: int = 0) -> Floats:
    """Noise in [-1, 1) from an integer hash of two grid coordinates: the same on every machine."""
    word = x.astype(np.uint32) * np.uint32(0x9E3779B1) ^ y.astype(np.uint32) * np.uint32(0x85EBCA77)
    word ^= np.uint32(seed * 0x27D4EB2F & 0xFFFFFFFF)
    for shift, factor in ((15, 0x2C1B3C6D), (12, 0x297A2D39)):
        word ^= word >> np.uint32(shift)
        word *= np.uint32(factor)
    word ^= word >> np.uint32(15)
    return word.astype(np.float32) * np.float32(2.0**-31) - 1


@dataclass(frozen=True, slots=True)
class Grid:
    """Sampling of a rectangle: ``u`` along columns, ``v`` along rows, both metres, square cells."""

    u_min: float
    u_max: float
    v_min: float
    v_max: float
    step: float

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return (
            round((self.v_max - self.v_min) / self.step) + 1,
            round((self.u_max - self.u_min) / self.step) + 1,
        )

    def axes(self) -> tuple[Floats, Floats]:
        """The coordinates ``u`` (1, columns) and ``v`` (rows, 1), ready to broadcast."""
        rows, columns = self.shape
        u = np.float32(self.u_min) + np.arange(columns, dtype=np.float32) * np.float32(self.step)
        v = np.float32(self.v_min) + np.arange(rows, dtype=np.float32) * np.float32(self.step)
        return u[None, :], v[:, None]

    def cells(self, outline: Floats) -> npt.NDArray[np.int32]:
        """Outline in metres as cell coordinates with four fractional bits, as OpenCV's drawing wants them."""
        offset = np.array([self.u_min, self.v_min], np.float32)
        return np.asarray(np.rint((outline - offset) / self.step * 16), np.int32)

    def inside(self, outline: Floats) -> npt.NDArray[np.bool_]:
        """Mask of the cells inside a closed outline."""
        mask = np.zeros(self.shape, np.uint8)
        cv2.fillPoly(mask, [self.cells(outline)], (1,), shift=4)
        return mask.astype(np.bool_)

    def distance(self, outline: Floats) -> Floats:
        """Signed distance in metres to a closed outline, negative inside; exact within :data:`EXACT_M` of it."""
        mask = np.zeros(self.shape, np.uint8)
        cv2.fillPoly(mask, [self.cells(outline)], (1,), shift=4)
        rough = np.ascontiguousarray(mask[::4, ::4])
        outside, inside = (cv2.distanceTransform(part, cv2.DIST_L2, cv2.DIST_MASK_5) for part in (1 - rough, rough))
        far = floats(outside) + floats(inside)
        near = cv2.resize(far * np.float32(4 * self.step), mask.shape[::-1], interpolation=cv2.INTER_LINEAR)
        # The transform of a mask has stair steps, and so has its edge; reflections would show both: measure anew.
        squares = np.full(self.shape, np.inf, np.float32)
        turns = np.zeros(self.shape, np.float32)
        after = np.roll(outline, -1, 0)
        for start, end in zip(outline, after, strict=True):
            self._measure_segment(squares, turns, start, end)
        winding = np.sum(outline[:, 0] * after[:, 1] - outline[:, 1] * after[:, 0])
        inwards = np.where(squares < (2 * self.step) ** 2, turns * np.sign(winding) > 0, mask > 0)
        np.sqrt(squares, out=squares)
        np.copyto(near, squares, where=squares < EXACT_M)
        return np.asarray(cv2.GaussianBlur(np.where(inwards, -near, near), (0, 0), 1.0), np.float32)

    def _measure_segment(self, squares: Floats, turns: Floats, start: Floats, end: Floats) -> None:
        """Lower ``squares`` to the squared distance from a segment around it; there, ``turns`` tells on which side."""
        reach = np.float32(EXACT_M)
        low = np.maximum(np.floor((np.minimum(start, end) - reach - (self.u_min, self.v_min)) / self.step), 0).astype(
            int
        )
        high = np.ceil((np.maximum(start, end) + reach - (self.u_min, self.v_min)) / self.step).astype(int) + 1
        part = slice(low[1], max(high[1], 0)), slice(low[0], max(high[0], 0))
        window = squares[part]
        if not window.size:
            return
        u, v = (axis.astype(np.float32) for axis in self.axes())
        u = u[:, low[0] : low[0] + window.shape[1]] - start[0]
        v = v[low[1] : low[1] + window.shape[0]] - start[1]
        along_u, along_v = (end - start).tolist()
        length = max(along_u**2 + along_v**2, 1e-12)
        share = np.clip(u * np.float32(along_u / length) + v * np.float32(along_v / length), 0, 1)
        apart = (u - share * np.float32(along_u)) ** 2 + (v - share * np.float32(along_v)) ** 2
        nearer = apart < window
        np.copyto(window, apart, where=nearer)
        np.copyto(turns[part], np.float32(along_u) * v - np.float32(along_v) * u, where=nearer)

    def sample(self, table: Floats | Labels, u: Floats, v: Floats) -> Floats:
        """Samples of a table at points (N,): (N,) or (N, channels), linear but for labels, edges continued."""
        count = u.size
        rows = -(-count // _REMAP_ROW)
        columns = _REMAP_ROW if rows > 1 else max(count, 1)
        where = np.zeros((2, max(rows, 1) * columns), np.float32)
        where[0, :count] = (u - np.float32(self.u_min)) * np.float32(1 / self.step)
        where[1, :count] = (v - np.float32(self.v_min)) * np.float32(1 / self.step)
        maps = where.reshape(2, -1, columns)
        method = cv2.INTER_NEAREST if table.dtype == np.uint8 else cv2.INTER_LINEAR
        found = cv2.remap(table, maps[0], maps[1], method, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(found.reshape(-1, *found.shape[2:])[:count], np.float32)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One value over a grid."""

    grid: Grid
    values: Floats

    def sample(self, u: Floats, v: Floats) -> Floats:
        """Values (N,) at points."""
        return self.grid.sample(self.values, u, v)


@dataclass(frozen=True, slots=True)
class Panel:
    """A height over a grid with what shading needs (gradient, cavities, materials) and what tracing needs (bounds)."""

    grid: Grid
    relief: Floats
    """(rows, columns, 4): height, its derivatives along u and v, and openness (1 on open ground, less in cavities)."""
    bounds: Floats
    """(rows, columns, 4): height; 1/√(1+slope²) for the steepest slope within :data:`REACH_M`; the smooth envelope of
    everything within :data:`HULL_M`; 1/√(1+slope²) of that envelope."""
    labels: Labels

    @classmethod
    def of(cls, grid: Grid, height: Floats, labels: Labels, *, ink: Floats | None = None) -> "Panel":
        """Panel from a height map; ``ink`` in [0, 1] darkens fine gaps that the height cannot resolve."""
        along_u = cv2.Scharr(height, cv2.CV_32F, 1, 0, scale=1 / (32 * grid.step))
        along_v = cv2.Scharr(height, cv2.CV_32F, 0, 1, scale=1 / (32 * grid.step))
        openness = _openness(height, grid.step)
        if ink is not None:
            openness *= 1 - np.float32(0.92) * ink
        relief = np.dstack([height, along_u, along_v, openness]).astype(np.float32)
        steepest = _spread_maximum(along_u**2 + along_v**2, REACH_M, grid.step)
        hull = _spread_maximum(height, 1.5 * HULL_M, grid.step)
        hull = _wide_blur(hull, HULL_M / (3 * grid.step))
        hull_u = cv2.Scharr(hull, cv2.CV_32F, 1, 0, scale=1 / (32 * grid.step))
        hull_v = cv2.Scharr(hull, cv2.CV_32F, 0, 1, scale=1 / (32 * grid.step))
        hull_slope = _wide_blur(hull_u**2 + hull_v**2, HULL_M / (3 * grid.step))
        bounds = np.dstack([height, 1 / np.sqrt(1 + np.minimum(steepest, 64)), hull, 1 / np.sqrt(1 + hull_slope)])
        return cls(grid, relief, bounds.astype(np.float32), np.ascontiguousarray(labels))

    def above(self, u: Floats, v: Floats, level: Floats) -> Floats:
        """A distance (N,) that points at ``level`` over (u, v) may safely move towards this panel, metres.

        Near the surface the steepest slope nearby tells it, up to the reach of that "nearby"; further out the hull.
        """
        found = self.grid.sample(self.bounds, u, v)
        close = (level - found[:, 0]) * found[:, 1]
        return floats(np.maximum(np.minimum(close, REACH_M), (level - found[:, 2]) * found[:, 3]))

    def clearance(self, u: Floats, v: Floats, level: Floats) -> Floats:
        """Height (N,) of points over the surface, taken across its general slope: even, but no safe step."""
        found = self.grid.sample(self.bounds, u, v)
        return np.asarray((level - found[:, 0]) * found[:, 3], np.float32)

    def slopes(self, u: Floats, v: Floats) -> Floats:
        """Rows of :attr:`relief` (N, 4) at points."""
        return self.grid.sample(self.relief, u, v)

    def materials(self, u: Floats, v: Floats, shift: tuple[float, float] = (0.0, 0.0)) -> Floats:
        """Labels (N,) of the nearest cells, ``shift`` cells away: rays of one pixel differ in it to smooth edges."""
        along, across = (np.float32(part * self.grid.step) for part in shift)
        return self.grid.sample(self.labels, u + along, v + across)


def _spread_maximum(image: Floats, reach_m: float, step: float) -> Floats:
    """Maximum within a square of half side ``reach_m`` or a little more, worked out on a reduced copy."""
    factor = max(1, int(reach_m / step / 8))
    block = cv2.dilate(image, np.ones((factor, factor), np.uint8))[factor // 2 :: factor, factor // 2 :: factor]
    size = 2 * (int(reach_m / step / factor) + 1) + 1
    spread = cv2.dilate(block, np.ones((size, size), np.uint8))
    return np.asarray(cv2.resize(spread, image.shape[::-1], interpolation=cv2.INTER_LINEAR), np.float32)


def _wide_blur(image: Floats, spread_px: float) -> Floats:
    """Gaussian blur of large radius, worked out on a reduced copy."""
    factor = max(1, int(spread_px / 4))
    if factor == 1:
        return np.asarray(cv2.GaussianBlur(image, (0, 0), spread_px), np.float32)
    rows, columns = image.shape
    small = cv2.resize(image, (-(-columns // factor), -(-rows // factor)), interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), spread_px / factor)
    return np.asarray(cv2.resize(small, (columns, rows), interpolation=cv2.INTER_CUBIC), np.float32)


def _openness(height: Floats, step: float) -> Floats:
    """Share of the surroundings that each cell sees, judged by how far it lies below the blurred height around it."""
    seen = np.ones_like(height)
    for spread, weight in ((0.007, 0.9), (0.022, 0.9), (0.060, 0.7)):
        below = (_wide_blur(height, spread / step) - height) / np.float32(spread)
        seen *= 1 - np.clip(np.float32(weight) * below, 0, 0.8)
    return seen
