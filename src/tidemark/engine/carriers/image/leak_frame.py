"""The draft as the leak shows it: resampled into the leak's own pixel frame, where its residual is taken.

Resampling the draft instead of the leak repeats on the host what the leak's makers did to it (shrinking, the 8 × 8
blocks of JPEG at the leak's corner), so that more of the leak is explained and less noise is left beside the mark.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from tidemark.engine.carriers.image.grid import grid_shape
from tidemark.engine.carriers.image.recompress import quantised
from tidemark.engine.carriers.image.refine import Placement, Warper, pixels_per_grid_pixel
from tidemark.engine.carriers.image.residual import WINDOW_RADIUS_PX, explained, host_features

Array = npt.NDArray[np.float32]

_FINEST_STEP = 2.0
_FINEST_STEP_JPEG = 4.5
"""Leak pixels per grid pixel beyond which a leak is shrunk first, to save time. A JPEG is kept at full size for longer:
shrunk, its blocks are lost, and its artefacts cannot be repeated on the draft."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A leak's residual and luminance on the draft's grid, levels of 255, and where the leak shows the draft."""

    residual: Array
    warped: Array
    where: npt.NDArray[np.bool_]


def look_at(draft: Array, leak: Array, placement: Placement, *, jpeg_steps: Array | None) -> Seen:
    """Take the residual of a placed leak.

    Parameters
    ----------
    draft : ndarray of float32, shape (H, W)
        The unmarked draft's luminance at full size, levels of 255.
    leak : ndarray of float32, shape (h, w)
        The leak's luminance.
    placement : Placement
        Of the draft's canonical grid in the leak.
    jpeg_steps : ndarray of float32, shape (8, 8), or None
        How the leak's luma was last quantised.

    Returns
    -------
    Seen
        On the draft's canonical grid.
    """
    shape = grid_shape(*draft.shape)
    step = pixels_per_grid_pixel(placement.leak_from_grid, shape, leak.shape)
    if step > (_FINEST_STEP if jpeg_steps is None else _FINEST_STEP_JPEG):
        leak, placement = _shrunk(leak, placement, step / _FINEST_STEP)
        step, jpeg_steps = _FINEST_STEP, None
    radius_px = round(WINDOW_RADIUS_PX * max(step, 1))
    host, known = draft_in_leak(draft, shape, placement, leak.shape)
    regressors = host_features(host)
    fit = explained(leak, known, regressors, radius_px=radius_px)
    if jpeg_steps is not None:
        artefacts = [quantised(fit, jpeg_steps) - fit, quantised(host, jpeg_steps) - host]
        fit = explained(leak, known, [*regressors, *artefacts], radius_px=radius_px)
    warper = Warper.of(leak, placement, shape)
    residual = (leak - fit) * known
    if warper.luma.shape != leak.shape:
        residual = cv2.resize(residual, warper.luma.shape[::-1], interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
    on_grid, where = warper.warp(placement, image=residual)
    return Seen(on_grid * where, warper.warp(placement)[0], where)


def draft_in_leak(
    draft: Array, shape: tuple[int, ...], placement: Placement, leak_shape: tuple[int, ...]
) -> tuple[Array, npt.NDArray[np.bool_]]:
    """Resample the draft into the leak's frame; return it and where in the leak the draft lies."""
    inverse = np.linalg.inv(placement.leak_from_grid)
    x, y = np.meshgrid(np.arange(leak_shape[1], dtype=np.float64), np.arange(leak_shape[0], dtype=np.float64))
    w = inverse[2, 0] * x + inverse[2, 1] * y + inverse[2, 2]
    w = np.where(np.abs(w) > 1e-9, w, 1e-9)
    grid_x = ((inverse[0, 0] * x + inverse[0, 1] * y + inverse[0, 2]) / w).astype(np.float32)
    grid_y = ((inverse[1, 0] * x + inverse[1, 1] * y + inverse[1, 2]) / w).astype(np.float32)
    if placement.bend is not None:
        grid_x, grid_y = _unbent(grid_x, grid_y, placement.bend)
    known = (grid_x >= -0.5) & (grid_y >= -0.5) & (grid_x <= shape[1] - 0.5) & (grid_y <= shape[0] - 0.5)
    step = pixels_per_grid_pixel(placement.leak_from_grid, shape, leak_shape)
    draft_pixels = draft.shape[1] / shape[1] / step  # a leak pixel's width in pixels of the draft
    if draft_pixels > 1.1:
        size = max(8, round(draft.shape[1] / draft_pixels)), max(8, round(draft.shape[0] / draft_pixels))
        draft = cv2.resize(draft, size, interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
    sx, sy = np.float32(draft.shape[1] / shape[1]), np.float32(draft.shape[0] / shape[0])
    host = cv2.remap(
        draft, (grid_x + 0.5) * sx - 0.5, (grid_y + 0.5) * sy - 0.5, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return host, known  # type: ignore[return-value]


def _unbent(x: Array, y: Array, bend: Array) -> tuple[Array, Array]:
    """Invert p + bend(p) = (x, y) by fixed-point iteration: bends are smooth, three steps reach 0.01 px."""
    at_x, at_y = x, y
    for _ in range(3):
        shift = cv2.remap(bend, at_x, at_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        at_x, at_y = x - shift[..., 0], y - shift[..., 1]
    return at_x, at_y


def _shrunk(leak: Array, placement: Placement, by: float) -> tuple[Array, Placement]:
    size = max(8, round(leak.shape[1] / by)), max(8, round(leak.shape[0] / by))
    small = cv2.resize(leak, size, interpolation=cv2.INTER_AREA)
    sx, sy = size[0] / leak.shape[1], size[1] / leak.shape[0]
    scale = np.array([[sx, 0, 0.5 * sx - 0.5], [0, sy, 0.5 * sy - 0.5], [0, 0, 1.0]])
    return small, Placement(scale @ placement.leak_from_grid, placement.bend)  # type: ignore[return-value]
