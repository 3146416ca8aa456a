"""Seeing the car: rays through pixels, and where each meets the car first (sphere tracing, coarse to fine).

Tracing starts on a coarse grid of cones, so that empty space is crossed once per 8 × 8 tile and not once per pixel.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from tidemark.demo.drafts.car import Car
from tidemark.demo.drafts.surface import Floats, floats

TILE_PX = 8
MISSED = np.float32(1e6)
"""Range of a ray that meets nothing, metres."""
_CHUNK = 1 << 16
"""Rays traced at once: their arrays stay in the cache."""
_WIDE_CONE = 1e-3
"""Cones wider than this (radians) stop before the surface; narrower ones are rays and end on it."""
_EVEN_M = np.float32(0.0006)
"""A surface whose ranges bend less than this from one traced ray to the next is interpolated."""
_BOX = ((-2.55, -1.12, 0.0), (2.55, 1.12, 1.5))
"""The car lies within; metres."""


@dataclass(frozen=True, slots=True)
class Camera:
    """A pinhole camera: where it stands, what it looks at, and its picture's size."""

    eye: tuple[float, float, float]
    target: tuple[float, float, float]
    width: int
    height: int
    view_deg: float
    """Horizontal field of view, degrees."""

    def rays(self, columns: Floats, rows: Floats) -> Floats:
        """Unit directions (N, 3) through points of the picture, pixels, pixel centres at .5."""
        ahead = np.subtract(self.target, self.eye)
        ahead /= np.linalg.norm(ahead)
        right = np.cross(ahead, (0, 0, 1))
        right /= np.linalg.norm(right)
        down = np.cross(ahead, right)
        scale = 2 * np.tan(np.radians(self.view_deg) / 2) / self.width
        u = (columns - np.float32(self.width / 2)) * np.float32(scale)
        v = (rows - np.float32(self.height / 2)) * np.float32(scale)
        frame = np.stack([right, down, ahead]).astype(np.float32)
        rays = u[:, None] * frame[0] + v[:, None] * frame[1] + frame[2]
        return np.asarray(rays / np.linalg.norm(rays, axis=1, keepdims=True), np.float32)

    @property
    def pixel_angle(self) -> float:
        """Angle that one pixel spans in the middle, radians."""
        return 2 * float(np.tan(np.radians(self.view_deg) / 2)) / self.width


def _box_span(eye: Floats, rays: Floats) -> tuple[Floats, Floats]:
    """Ranges where rays enter and leave the box around the car; entry beyond exit when they miss it."""
    with np.errstate(divide="ignore", invalid="ignore"):
        low = (np.array(_BOX[0], np.float32) - eye) / rays
        high = (np.array(_BOX[1], np.float32) - eye) / rays
    return np.maximum(np.minimum(low, high).max(1), 0), np.maximum(low, high).min(1)


def march(car: Car, eye: Floats, rays: Floats, start: Floats, *, cone: float, steps: int) -> Floats:
    """Range of the first point within ``cone`` × range of the car along each ray, or :data:`MISSED`."""
    reached = np.full(len(rays), MISSED, np.float32)
    for first in range(0, len(rays), _CHUNK):
        part = slice(first, first + _CHUNK)
        reached[part] = _march_chunk(car, eye, rays[part], start[part], cone=cone, steps=steps)
    return reached


def _march_chunk(car: Car, eye: Floats, rays: Floats, start: Floats, *, cone: float, steps: int) -> Floats:
    enter, leave = _box_span(eye, rays)
    ranges = np.maximum(start, enter)
    reached = np.full(len(rays), MISSED, np.float32)
    active = np.flatnonzero(ranges < leave)
    for step in range(steps):
        if not active.size:
            break
        at = eye + rays[active] * ranges[active, None]
        gap = car.distance(at[:, 0], at[:, 1], at[:, 2])
        close = gap < cone * ranges[active]
        ranges[active] += np.where(close & (cone > _WIDE_CONE), 0, gap)
        if step == steps - 1:  # crawling along a steep wall: near enough, and a cone must not lose what is in it
            close |= (gap < 4 * cone * ranges[active]) | (cone > _WIDE_CONE)
        reached[active[close]] = ranges[active[close]]
        active = active[~close & (ranges[active] < leave[active])]
    return reached


def first_hits(car: Car, camera: Camera) -> Floats:
    """Range along the ray through every pixel's centre, (height, width), :data:`MISSED` where the car is not.

    One ray per 2 × 2 pixels is traced; between them ranges are interpolated where the surface goes on evenly, and
    traced one by one where it does not. Width and height must be even.
    """
    tiles = _tile_starts(car, camera)
    rows, columns = camera.height // 2, camera.width // 2
    near = cv2.resize(tiles, None, fx=TILE_PX // 2, fy=TILE_PX // 2, interpolation=cv2.INTER_NEAREST)[:rows, :columns]
    half = _traced(car, camera, floats(near), pixels=2)
    size = (camera.width, camera.height)
    ranges = cv2.resize(half, size, interpolation=cv2.INTER_LINEAR)
    ranges[ranges > MISSED / 1000] = MISSED
    start = cv2.resize(cv2.erode(half, np.ones((3, 3), np.uint8)), size, interpolation=cv2.INTER_NEAREST)
    start[cv2.resize(uneven(half), size, interpolation=cv2.INTER_NEAREST) == 0] = MISSED
    again = _traced(car, camera, floats(start), pixels=1)
    ranges = np.where(start < MISSED, again, ranges)
    # A ray that gave up crawling along a wall leaves a hole of a pixel: its neighbours know better.
    patched = cv2.medianBlur(ranges, 5)
    return np.where((ranges >= MISSED) & (patched < MISSED), patched, ranges)


def uneven(ranges: Floats) -> npt.NDArray[np.uint8]:
    """1 at and beside pixels where ranges must not be interpolated: outlines, steps, sharp creases."""
    bend = np.abs(cv2.Laplacian(ranges, cv2.CV_32F))
    return cv2.dilate((bend > _EVEN_M).astype(np.uint8), np.ones((3, 3), np.uint8)).astype(np.uint8)


def _tile_starts(car: Car, camera: Camera) -> Floats:
    """Range per tile of :data:`TILE_PX` up to which no ray of it or of a neighbouring tile meets the car."""
    rows, columns = -(-camera.height // TILE_PX), -(-camera.width // TILE_PX)
    v, u = (index.ravel().astype(np.float32) * TILE_PX + TILE_PX / 2 for index in np.indices((rows, columns)))
    cone = camera.pixel_angle * TILE_PX * 0.75
    eye = np.array(camera.eye, np.float32)
    tiles = march(car, eye, camera.rays(u, v), np.zeros(u.size, np.float32), cone=cone, steps=80)
    return np.asarray(cv2.erode(tiles.reshape(rows, columns), np.ones((3, 3), np.uint8)), np.float32)


def _traced(car: Car, camera: Camera, start: Floats, *, pixels: int) -> Floats:
    """Ranges of one ray per ``pixels`` × ``pixels``, from a little before ``start``; none where that is missing."""
    row, column = np.nonzero(start < MISSED)
    u, v = ((index.astype(np.float32) + np.float32(0.5)) * pixels for index in (column, row))
    begin = start[row, column] - np.float32(0.008 / pixels)
    ranges = np.full(start.shape, MISSED, np.float32)
    eye = np.array(camera.eye, np.float32)
    cone = camera.pixel_angle * 0.2
    ranges[row, column] = march(car, eye, camera.rays(u, v), begin, cone=cone, steps=160)
    return ranges


def points(eye: npt.ArrayLike, rays: Floats, ranges: Floats) -> Floats:
    """Points (N, 3) at given ranges along rays."""
    return np.asarray(np.asarray(eye, np.float32) + rays * ranges[:, None], np.float32)
