"""How a flat scene reaches the pixels of a sensor: pose, lens, and the light that each pixel gathers.

The scene is drawn finely enough to show its smallest parts (subpixels of a screen, dots of a print), blurred by the
lens, and integrated over the square of each pixel, *before* it is sampled at the pixels' places. So what is too fine
for the pixels folds over to coarse patterns by itself: moiré is not painted on, it is the sampling theorem at work.

The work goes tile by tile, so that a fine drawing of the whole scene (a gigabyte and more) never exists.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from tidemark.engine.drill.leak import Colours, Plane

TILE_PX = 256
"""Side of the tiles that are seen at once: small enough that the perspective is even within one, and for the cache."""

FOCAL_PER_WIDTH = 0.75
"""Focal length over the frame's long side: a phone's main camera sees like 26 to 28 mm on a 36 mm wide film."""

Fineness = tuple[int, int]
"""Samples per unit of the scene, along x and y."""


class Scene(Protocol):
    """A flat thing to look at, in units of its own, x to the right and y down."""

    def fineness(self, footprint: tuple[float, float], x: range, y: range) -> Fineness:
        """How finely to draw a rectangle of the scene for pixels whose squares cover ``footprint`` units of it."""

    def radiance(self, x: range, y: range, fineness: Fineness) -> Colours:
        """Linear light from a rectangle of whole units, (len(y) · fy, len(x) · fx, 3); 1 is the scene's white."""


@dataclass(frozen=True, slots=True)
class View:
    """Where a sensor stands before a scene, and through which lens it looks.

    Attributes
    ----------
    width_px, height_px : int
        Size of the sensor.
    scene_from_photo : (3, 3) float64 array
        Homography from pixel coordinates (centre of the first pixel at 0.5, 0.5) of the undistorted photo to the scene.
    k1 : float
        Radial distortion: a pixel at radius r looks to r (1 + k1 r²), with r = 1 at the corner.
    psf_px : float
        The lens' blur, a Gaussian's σ in pixels: diffraction, aberrations, focus and a little shake.
    """

    width_px: int
    height_px: int
    scene_from_photo: npt.NDArray[np.float64]
    k1: float
    psf_px: float

    def points(self, x_px: Plane, y_px: Plane) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Where in the scene the centres of pixels look, given the pixels' columns and rows."""
        cx, cy = self.width_px / 2, self.height_px / 2
        u, v = x_px.astype(np.float64) + 0.5 - cx, y_px.astype(np.float64) + 0.5 - cy
        bend = 1 + self.k1 * (u * u + v * v) / (cx * cx + cy * cy)
        u, v = cx + u * bend, cy + v * bend
        h = self.scene_from_photo
        w = h[2, 0] * u + h[2, 1] * v + h[2, 2]
        return (h[0, 0] * u + h[0, 1] * v + h[0, 2]) / w, (h[1, 0] * u + h[1, 1] * v + h[1, 2]) / w


def pose(
    frame_px: tuple[int, int],
    target: tuple[float, float, float, float],
    *,
    fill: float,
    yaw: float = 0.0,
    pitch: float = 0.0,
    roll: float = 0.0,
) -> npt.NDArray[np.float64]:
    """The homography of a camera that looks at the middle of ``target``.

    Parameters
    ----------
    frame_px : (width, height)
    target : (x, y, width, height)
        Rectangle of the scene, in its units.
    fill : float
        Share of the frame that the target takes along the side that limits it, when seen head on.
    yaw, pitch, roll : float
        Degrees by which the scene is turned about the vertical, the horizontal and the line of sight.

    Returns
    -------
    (3, 3) float64 array
        ``scene_from_photo`` of a :class:`View`.
    """
    x, y, width, height = target
    focal = FOCAL_PER_WIDTH * max(frame_px)
    distance = focal * max(width / frame_px[0], height / frame_px[1]) / fill
    a, b, c = (math.radians(v) for v in (yaw, pitch, roll))
    about_y = np.array([[math.cos(a), 0, math.sin(a)], [0, 1, 0], [-math.sin(a), 0, math.cos(a)]])
    about_x = np.array([[1, 0, 0], [0, math.cos(b), -math.sin(b)], [0, math.sin(b), math.cos(b)]])
    about_z = np.array([[math.cos(c), -math.sin(c), 0], [math.sin(c), math.cos(c), 0], [0, 0, 1]])
    turned = about_z @ about_x @ about_y
    plane = np.column_stack([turned[:, 0], turned[:, 1], [0, 0, distance]])
    lens = np.array([[focal, 0, frame_px[0] / 2], [0, focal, frame_px[1] / 2], [0, 0, 1]])
    centred = np.array([[1, 0, -(x + width / 2)], [0, 1, -(y + height / 2)], [0, 0, 1]])
    return np.asarray(np.linalg.inv(lens @ plane @ centred), np.float64)


def tiles(view: View) -> Iterator[tuple[slice, slice]]:
    """Rows and columns of every tile of the sensor."""
    for y in range(0, view.height_px, TILE_PX):
        for x in range(0, view.width_px, TILE_PX):
            yield slice(y, min(y + TILE_PX, view.height_px)), slice(x, min(x + TILE_PX, view.width_px))


def seen(scene: Scene, view: View, rows: slice, columns: slice) -> Colours:
    """The light that the pixels of one tile gather, all three colours at every pixel, (rows, columns, 3)."""
    columns_px, rows_px = np.meshgrid(
        np.arange(columns.start, columns.stop, dtype=np.float32), np.arange(rows.start, rows.stop, dtype=np.float32)
    )
    x, y = view.points(columns_px, rows_px)
    footprint = _footprint(x), _footprint(y)
    # The kernels reach half a pixel and three σ; the rest is for the interpolation at the rim.
    reach_x, reach_y = (math.ceil((0.5 + 3 * view.psf_px) * side) + 2 for side in footprint)
    span_x = range(math.floor(x.min()) - reach_x, math.ceil(x.max()) + reach_x)
    span_y = range(math.floor(y.min()) - reach_y, math.ceil(y.max()) + reach_y)
    fx, fy = scene.fineness(footprint, span_x, span_y)
    across, down = _kernel(footprint[0] * fx, view.psf_px), _kernel(footprint[1] * fy, view.psf_px)
    fine = cv2.sepFilter2D(scene.radiance(span_x, span_y, (fx, fy)), cv2.CV_32F, across, down)
    map_x = ((x - span_x.start) * fx - 0.5).astype(np.float32)
    map_y = ((y - span_y.start) * fy - 0.5).astype(np.float32)
    return np.asarray(cv2.remap(fine, map_x, map_y, cv2.INTER_LINEAR), np.float32)


def _footprint(coordinate: npt.NDArray[np.float64]) -> float:
    """Units of the scene along one axis that a pixel in the tile's middle covers."""
    row, column = coordinate.shape[0] // 2, coordinate.shape[1] // 2
    here = coordinate[row, column]
    right = coordinate[row, min(column + 1, coordinate.shape[1] - 1)] - here
    down = coordinate[min(row + 1, coordinate.shape[0] - 1), column] - here
    return max(math.hypot(float(right), float(down)), 1e-3)


def _kernel(side: float, psf_px: float) -> Plane:
    """A pixel's square, ``side`` samples wide, blurred by the lens; normalised, of odd length."""
    sigma = max(psf_px * side, 0.3)
    reach = math.ceil(side / 2 + 3 * sigma)
    t = np.arange(-reach, reach + 1)
    weight = ndtr((t + side / 2) / sigma) - ndtr((t - side / 2) / sigma)
    return np.asarray(weight / weight.sum(), np.float32)
