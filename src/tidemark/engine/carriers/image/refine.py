"""Refinement of a registration, to small fractions of a pixel: homography first, then a smooth spline of displacements.

Both are the same Gauss–Newton step of image alignment (Baker and Matthews 2004, doi:10.1023/B:VISI.0000011205.11775.fd)
with another basis. The displacement at p is Σ c_k B_k(p); the normal equations are gathered from the structure tensors
of small tiles, so that a tile crossed by a single line pulls only across that line (the aperture problem), and tiles of
plain paper do not pull at all. A refinement is kept only if the correlation of tiles that it has not seen improves.

Only the leak and the unmarked draft are looked at: nothing here depends on any copy's mark.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from tidemark.engine.carriers.image.features import locally_normalised

Array = npt.NDArray[np.float32]
Matrix = npt.NDArray[np.float64]

TILE_PX = 8
_HELD_OUT_EVERY = 3  # one tile in so many, in both directions' diagonal, is kept for judging
_SIGMAS_PX = (3.0, 1.5, 0.8)
_SHARP_PX = 0.8
_ITERATIONS = 4
_SPLINE_KNOTS = (3, 5, 9, 15)
_STIFFNESS = 0.02  # share of the mean pull by which a bump resists; keeps plain areas still
_WORTH_ANOTHER_STEP = 2e-4  # gains of correlation
_WORTH_BENDING = 1e-4
_FEWEST_TILES = 16
_ROBUST_SCALE = 1.0  # of differences between the two, in local standard deviations


@dataclass(frozen=True, slots=True)
class Placement:
    """Where the pixels of the draft's grid lie in the leak.

    Attributes
    ----------
    leak_from_grid : ndarray of float64, shape (3, 3)
        Homography, pixel centres at integers on both sides.
    bend : ndarray of float32, shape (rows, columns, 2), or None
        Displacement (x, y) in grid pixels, added to a grid position before the homography is applied.
    """

    leak_from_grid: Matrix
    bend: Array | None = None

    def map_xy(self, shape: tuple[int, int]) -> Array:
        """Return the leak position (x, y) of every grid pixel: float32, shape (rows, columns, 2)."""
        rows, columns = shape
        x, y = np.meshgrid(np.arange(columns, dtype=np.float64), np.arange(rows, dtype=np.float64))
        if self.bend is not None:
            x, y = x + self.bend[..., 0], y + self.bend[..., 1]
        h = self.leak_from_grid
        w = h[2, 0] * x + h[2, 1] * y + h[2, 2]
        w = np.where(w > 1e-9, w, np.nan)
        xy = np.stack([(h[0, 0] * x + h[0, 1] * y + h[0, 2]) / w, (h[1, 0] * x + h[1, 1] * y + h[1, 2]) / w], axis=-1)
        return np.asarray(np.nan_to_num(xy, nan=-1e6, posinf=-1e6, neginf=-1e6), np.float32)


@dataclass(frozen=True, slots=True)
class Warper:
    """The leak, ready to be brought onto the draft's grid without aliasing.

    Attributes
    ----------
    luma : ndarray of float32
        The leak, shrunk by ``shrink`` so that a pixel of it is no finer than a pixel of the grid.
    shrink : (float, float)
        Along x and y, at most 1.
    shape : (int, int)
        Rows and columns of the draft's grid.
    """

    luma: Array
    shrink: tuple[float, float]
    shape: tuple[int, int]

    @classmethod
    def of(cls, leak: Array, placement: Placement, shape: tuple[int, int]) -> "Warper":
        """Prepare a leak for placements near this one on a grid of this shape."""
        step = pixels_per_grid_pixel(placement.leak_from_grid, shape, leak.shape)
        if step <= 1.25:
            return cls(leak, (1.0, 1.0), shape)
        size = max(8, round(leak.shape[1] / step)), max(8, round(leak.shape[0] / step))
        small = cv2.resize(leak, size, interpolation=cv2.INTER_AREA)
        return cls(small, (size[0] / leak.shape[1], size[1] / leak.shape[0]), shape)  # type: ignore[arg-type]

    def warp(self, placement: Placement, *, image: Array | None = None) -> tuple[Array, npt.NDArray[np.bool_]]:
        """Return the leak on the grid, and where on the grid it is seen."""
        luma = self.luma if image is None else image
        map_xy = (placement.map_xy(self.shape) + 0.5) * np.array(self.shrink, np.float32) - 0.5
        x, y = np.ascontiguousarray(map_xy[..., 0]), np.ascontiguousarray(map_xy[..., 1])
        warped = cv2.remap(luma, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        height, width = luma.shape
        seen = (x >= 0) & (y >= 0) & (x <= width - 1) & (y <= height - 1)
        return warped, seen  # type: ignore[return-value]


def pixels_per_grid_pixel(homography: Matrix, shape: tuple[int, ...], leak_shape: tuple[int, ...]) -> float:
    """Return the linear magnification of the homography in the middle of what the leak shows of the grid."""
    inverse = np.linalg.inv(homography)
    rows, columns = shape
    middle = inverse @ np.array([leak_shape[1] / 2, leak_shape[0] / 2, 1.0])
    at = middle[:2] / middle[2] if abs(middle[2]) > 1e-9 else np.array([columns / 2, rows / 2])
    at = np.clip(at, 0, [columns, rows])
    points = at + np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    mapped = np.c_[points, np.ones(3)] @ homography.T
    mapped = mapped[:, :2] / mapped[:, 2:]
    return float(np.sqrt(abs(np.linalg.det(np.stack([mapped[1] - mapped[0], mapped[2] - mapped[0]])))))


@dataclass(frozen=True, slots=True)
class Anvil:
    """The unmarked draft on its grid, locally normalised at every blur that refinement works with.

    Attributes
    ----------
    shape : (int, int)
    levels : mapping of float to ndarray of float32, shape (rows, columns)
        By the blur's sigma in grid pixels.
    """

    shape: tuple[int, int]
    levels: Mapping[float, Array]

    @classmethod
    def of(cls, draft: Array) -> "Anvil":
        """Prepare a draft's grid."""
        levels = {sigma: _prepared(draft, sigma) for sigma in {*_SIGMAS_PX, _SHARP_PX}}
        return cls((draft.shape[0], draft.shape[1]), levels)


def refine(anvil: Anvil, warper: Warper, placement: Placement, *, bend: bool = True) -> tuple[Placement, float]:
    """Refine a placement of the leak on the draft's grid.

    Parameters
    ----------
    anvil : Anvil
        The unmarked draft.
    warper : Warper
        The leak.
    placement : Placement
        Right to a few grid pixels.
    bend : bool
        Whether to try spline displacements after the homography.

    Returns
    -------
    Placement, float
        The refined placement and the correlation of held-out tiles under it (−1 … 1).
    """
    best, score = placement, held_out_correlation(anvil, warper, placement)
    for sigma in _SIGMAS_PX:
        for _ in range(_ITERATIONS):
            moved = _homography_step(anvil, warper, best, sigma)
            gain = (moved_score := held_out_correlation(anvil, warper, moved)) - score
            if gain > 0:
                best, score = moved, moved_score
            if gain < _WORTH_ANOTHER_STEP:
                break
    for knots in _SPLINE_KNOTS if bend else ():
        moved = _spline_step(anvil, warper, best, knots)
        moved_score = held_out_correlation(anvil, warper, moved)
        if moved_score > score + _WORTH_BENDING:
            best, score = moved, moved_score
    return best, score


def held_out_correlation(anvil: Anvil, warper: Warper, placement: Placement) -> float:
    """Return the correlation of the locally normalised draft and leak over the tiles kept for judging."""
    warped, seen = warper.warp(placement)
    a, b = anvil.levels[_SHARP_PX], _prepared(warped, _SHARP_PX)
    weight = _inside(seen) * _held_out(anvil.shape)
    total = float(weight.sum())
    if total < _FEWEST_TILES * TILE_PX**2:
        return -1.0
    energy = float((weight * a * a).sum()) * float((weight * b * b).sum())
    return float((weight * a * b).sum()) / float(np.sqrt(max(energy, 1e-9)))


def _homography_step(anvil: Anvil, warper: Warper, placement: Placement, sigma: float) -> Placement:
    tensors, pulls, centres = _normal_tiles(anvil, warper, placement, sigma)
    rows, columns = anvil.shape
    scale = max(rows, columns) / 2
    x, y = (centres[:, 0] - columns / 2) / scale, (centres[:, 1] - rows / 2) / scale
    one, zero = np.ones_like(x), np.zeros_like(x)
    # the eight generators of the projective group at the identity, as displacements (x, y)
    basis_x = np.stack([one, zero, x, zero, y, zero, x * x, x * y], axis=1)
    basis_y = np.stack([zero, one, zero, x, zero, y, x * y, y * y], axis=1)
    c = _solve(tensors, pulls, basis_x, basis_y) / scale
    to_unit = np.array([[1 / scale, 0, -columns / 2 / scale], [0, 1 / scale, -rows / 2 / scale], [0, 0, 1]])
    step = np.array([[1 + c[2], c[4], c[0]], [c[3], 1 + c[5], c[1]], [-c[6], -c[7], 1]])
    return replace(placement, leak_from_grid=placement.leak_from_grid @ np.linalg.inv(to_unit) @ step @ to_unit)


def _spline_step(anvil: Anvil, warper: Warper, placement: Placement, knots: int) -> Placement:
    tensors, pulls, centres = _normal_tiles(anvil, warper, placement, _SHARP_PX)
    rows, columns = anvil.shape
    basis = _bumps(centres, anvil.shape, knots)
    xx, xy, yy = (basis.T @ (basis * tensors[:, i, j, None]) for i, j in ((0, 0), (0, 1), (1, 1)))
    normal = np.block([[xx, xy], [xy, yy]])
    stiffness = _STIFFNESS * np.trace(normal) / len(normal)
    right = np.concatenate([basis.T @ pulls[:, 0], basis.T @ pulls[:, 1]])
    c = np.linalg.solve(normal + np.eye(len(normal)) * max(stiffness, 1e-6), right)
    tile_y, tile_x = np.mgrid[0:rows:TILE_PX, 0:columns:TILE_PX]
    at = np.stack([tile_x.ravel(), tile_y.ravel()], axis=1) + (TILE_PX - 1) / 2
    values = _bumps(at, anvil.shape, knots) @ c.reshape(2, -1).T
    field = values.reshape(*tile_x.shape, 2).astype(np.float32)
    full = cv2.resize(field, (field.shape[1] * TILE_PX, field.shape[0] * TILE_PX), interpolation=cv2.INTER_CUBIC)
    bend = np.asarray(full[:rows, :columns], np.float32)
    return replace(placement, bend=bend if placement.bend is None else placement.bend + bend)


def _normal_tiles(anvil: Anvil, warper: Warper, placement: Placement, sigma: float) -> tuple[Matrix, Matrix, Matrix]:
    """Return structure tensors (n, 2, 2), pulls (n, 2) and centres (n, 2; x, y) of the tiles used for fitting."""
    warped, seen = warper.warp(placement)
    reference, target = anvil.levels[sigma], _prepared(warped, sigma)
    mean = (reference + target) / 2
    gx, gy = cv2.Sobel(mean, cv2.CV_32F, 1, 0, scale=1 / 8), cv2.Sobel(mean, cv2.CV_32F, 0, 1, scale=1 / 8)
    error = reference - target
    weight = _inside(seen) * (1 - _held_out(reference.shape))
    weight = weight / (1 + (error / _ROBUST_SCALE) ** 2)  # a robust weight: what was drawn over must not pull
    sums = [_tile_sums(weight * product) for product in (gx * gx, gx * gy, gy * gy, gx * error, gy * error)]
    used = sums[0] + sums[2] > 1e-6
    xx, xy, yy, ex, ey = (total[used].astype(np.float64) for total in sums)
    tensors = np.stack([np.stack([xx, xy], axis=-1), np.stack([xy, yy], axis=-1)], axis=-2)
    row, column = np.nonzero(used)
    centres = np.stack([column, row], axis=1).astype(np.float64) * TILE_PX + (TILE_PX - 1) / 2
    return tensors, np.stack([ex, ey], axis=1), centres


def _solve(tensors: Matrix, pulls: Matrix, basis_x: Matrix, basis_y: Matrix) -> Matrix:
    """Solve (Σ Bᵀ S B) c = Σ Bᵀ g for the coefficients of the displacement."""
    normal = (
        basis_x.T @ (basis_x * tensors[:, 0, 0, None])
        + basis_x.T @ (basis_y * tensors[:, 0, 1, None])
        + basis_y.T @ (basis_x * tensors[:, 1, 0, None])
        + basis_y.T @ (basis_y * tensors[:, 1, 1, None])
    )
    right = basis_x.T @ pulls[:, 0] + basis_y.T @ pulls[:, 1]
    return np.linalg.solve(normal + np.eye(len(normal)) * (1e-6 + 1e-9 * np.trace(normal)), right)


def _bumps(at_xy: Matrix, shape: tuple[int, ...], knots: int) -> Matrix:
    """Return cubic B-spline bumps (n, knots × rows of knots) at positions, on a lattice spanning the grid."""
    rows, columns = shape
    spacing = max(rows, columns) / (knots - 1)

    def along(position: Matrix, length: int) -> Matrix:
        lattice = np.arange(-1, int(np.ceil(length / spacing)) + 2) * spacing
        t = np.abs(position[:, None] - lattice[None]) / spacing
        return np.where(t < 1, 2 / 3 - t**2 + t**3 / 2, np.where(t < 2, (2 - t) ** 3 / 6, 0.0))

    across, down = along(at_xy[:, 0], columns), along(at_xy[:, 1], rows)
    return (across[:, None, :] * down[:, :, None]).reshape(len(at_xy), -1)


def _prepared(luma: Array, sigma: float) -> Array:
    blurred = np.asarray(cv2.GaussianBlur(luma, (0, 0), sigma), np.float32)
    return locally_normalised(blurred, radius_px=20, floor=3.0)


def _inside(seen: npt.NDArray[np.bool_]) -> Array:
    """Shrink what is seen by the reach of the filters, so that the leak's border does not count."""
    size = 2 * TILE_PX + 1
    kernel = np.ones((size, size), np.uint8)
    return cv2.erode(seen.astype(np.uint8), kernel, borderType=cv2.BORDER_CONSTANT, borderValue=1).astype(np.float32)


@lru_cache(maxsize=4)
def _held_out(shape: tuple[int, int]) -> Array:
    rows, columns = (np.arange(side) // TILE_PX for side in shape)
    return np.asarray((rows[:, None] + 2 * columns[None, :]) % _HELD_OUT_EVERY == 0, np.float32)


def _tile_sums(field: Array) -> Array:
    rows, columns = (side // TILE_PX * TILE_PX for side in field.shape)
    tiles = field[:rows, :columns].reshape(rows // TILE_PX, TILE_PX, columns // TILE_PX, TILE_PX)
    return np.asarray(tiles.sum(axis=(1, 3)))
