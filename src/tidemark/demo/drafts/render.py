"""From a scene and a camera to a finished picture: shading, floor reflection, smooth edges, tone, grain, title."""

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont
from scipy.ndimage import map_coordinates

from tidemark.demo.drafts.camera import MISSED, Camera, first_hits, march, points, uneven
from tidemark.demo.drafts.shading import shade
from tidemark.demo.drafts.studio import Scene, backdrop
from tidemark.demo.drafts.surface import Floats, floats, hash_noise

Picture = npt.NDArray[np.uint8]

_CHUNK = 1 << 16
_SUBPIXELS = (
    (0.125, 0.625, (0.18, -0.125)),
    (0.375, 0.125, (-0.38, 0.375)),
    (0.625, 0.875, (-0.28, -0.375)),
    (0.875, 0.375, (0.48, 0.125)),
)
"""Four rays of an edge pixel on a rotated grid: across and down as shares of its side, and the shift of materials in
cells, which spreads the stairs of a label map over the pixel where a cell is seen larger than that."""
_FLOOR_STEP_PX = 4
"""The empty floor is smooth: one ray per 4 × 4 pixels shows it."""
_GLOSS = 0.20
"""Share of light that the floor mirrors."""


def render(scene: Scene, camera: Camera) -> Picture:
    """The picture that a camera takes of a scene, (height, width, 3), sRGB."""
    ranges = first_hits(scene.car, camera)
    colour = _empty_studio(scene, camera)
    row, column = np.nonzero(ranges < MISSED)
    eye = np.array(camera.eye, np.float32)
    for first in range(0, row.size, _CHUNK):
        r, c = row[first : first + _CHUNK], column[first : first + _CHUNK]
        rays = camera.rays(c + np.float32(0.5), r + np.float32(0.5))
        colour[r, c] = _tone(shade(scene, points(eye, rays, ranges[r, c]), rays))
    _smooth_edges(scene, camera, ranges, colour)
    return _developed(colour)


def _empty_studio(scene: Scene, camera: Camera) -> Floats:
    """Display colour of floor and backdrop with the car's reflection in the floor, but without the car."""
    rows, columns = -(-camera.height // _FLOOR_STEP_PX), -(-camera.width // _FLOOR_STEP_PX)
    v, u = (index.ravel().astype(np.float32) + np.float32(0.5) for index in np.indices((rows, columns)))
    rays = camera.rays(u * _FLOOR_STEP_PX, v * _FLOOR_STEP_PX)
    eye = np.array(camera.eye, np.float32)
    light = backdrop(scene, eye, rays)[:, None] * np.array(scene.studio.tint, np.float32)
    light = _with_reflection(scene, camera, light.astype(np.float32), rays, (rows, columns))
    size = (columns * _FLOOR_STEP_PX, rows * _FLOOR_STEP_PX)
    colour = cv2.resize(_tone(light).reshape(rows, columns, 3), size, interpolation=cv2.INTER_CUBIC)
    return np.ascontiguousarray(colour[: camera.height, : camera.width], np.float32)


def _with_reflection(scene: Scene, camera: Camera, light: Floats, rays: Floats, shape: tuple[int, int]) -> Floats:
    """Blend the car's mirror image into the floor's light (N, 3): blurred, and weaker the higher the mirrored part."""
    below = np.array(camera.eye, np.float32) * np.array([1, 1, -1], np.float32)
    down = np.flatnonzero(rays[:, 2] < -0.01)
    upwards = rays[down] * np.array([1, 1, -1], np.float32)
    start = np.float32(camera.eye[2]) / upwards[:, 2]
    ranges = march(scene.car, below, upwards, start, cone=camera.pixel_angle * _FLOOR_STEP_PX * 0.5, steps=40)
    hit = ranges < MISSED
    at = points(below, upwards[hit], ranges[hit])
    weight = np.zeros(len(light), np.float32)
    mirrored = np.zeros_like(light)
    weight[down[hit]] = np.exp(-at[:, 2] * np.float32(2.2))
    mirrored[down[hit]] = shade(scene, at, upwards[hit]) * weight[down[hit], None]
    blur = max(shape[1] / 400, 1)
    share = cv2.GaussianBlur(weight.reshape(shape), (0, 0), blur).reshape(-1, 1) * _GLOSS
    image = cv2.GaussianBlur(mirrored.reshape(*shape, 3), (0, 0), blur).reshape(-1, 3) * _GLOSS
    return np.asarray(light * (1 - share) + 1.5 * image, np.float32)


def _tone(light: Floats) -> Floats:
    """Filmic curve (a rational one with a soft shoulder that ends at 2), then the sRGB transfer curve."""
    light = np.maximum(light, 0)
    film = (
        light * (light + np.float32(0.25)) / (light * (light * np.float32(0.80) + np.float32(0.55)) + np.float32(0.22))
    )
    film = np.clip(film, 0, 1)
    return np.asarray(np.where(film < 0.0031308, film * 12.92, 1.055 * film ** np.float32(1 / 2.4) - 0.055), np.float32)


def _smooth_edges(scene: Scene, camera: Camera, ranges: Floats, colour: Floats) -> None:
    """Replace pixels that differ sharply from a neighbour by the mean of four rays, in place."""
    square = np.ones((3, 3), np.uint8)
    sharp = (cv2.dilate(colour, square) - cv2.erode(colour, square)).max(2) > 0.06
    near = cv2.erode(ranges, square)
    row, column = np.nonzero(sharp & (near < MISSED))
    eye = np.array(camera.eye, np.float32)
    stepped = uneven(ranges) > 0
    empty = colour.copy()
    for first in range(0, row.size, _CHUNK):
        r, c = row[first : first + _CHUNK], column[first : first + _CHUNK]
        total = np.zeros((len(r), 3), np.float32)
        for across, down, shift in _SUBPIXELS:
            rays = camera.rays(c + np.float32(across), r + np.float32(down))
            seen = floats(map_coordinates(ranges, (r + (down - 0.5), c + (across - 0.5)), order=1, mode="nearest"))
            step = np.flatnonzero(stepped[r, c])
            start = near[r[step], c[step]] - np.float32(0.003)
            seen[step] = march(scene.car, eye, rays[step], start, cone=camera.pixel_angle * 0.3, steps=80)
            hit = seen < MISSED
            at = points(eye, rays[hit], seen[hit])
            total[hit] += _tone(shade(scene, at, rays[hit], shift=shift))
            total[~hit] += _background(empty, ranges, r[~hit], c[~hit])
        colour[r, c] = total / len(_SUBPIXELS)


def _background(colour: Floats, ranges: Floats, row: npt.NDArray[np.int64], column: npt.NDArray[np.int64]) -> Floats:
    """Colour behind the car's outline: of the nearest neighbour, within two pixels, that misses the car."""
    found = colour[row, column].copy()
    open_still = ranges[row, column] < MISSED
    for down, across in ((0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (-1, -1), (1, -1), (-1, 1)):
        r = np.clip(row + down, 0, ranges.shape[0] - 1)
        c = np.clip(column + across, 0, ranges.shape[1] - 1)
        take = open_still & (ranges[r, c] >= MISSED)
        found[take] = colour[r[take], c[take]]
        open_still &= ~take
    return found


def _developed(colour: Floats) -> Picture:
    """Eight-bit picture with half a level of grain, so that slow gradients do not band."""
    place = np.indices(colour.shape[:2], np.int64)
    grain = hash_noise(place[1], place[0], seed=5) * np.float32(0.6)
    return np.asarray(np.clip(np.rint(colour * 255 + grain[..., None]), 0, 255), np.uint8)


def titled(picture: Picture, lines: tuple[str, ...], *, size: int, ink: int = 40) -> Picture:
    """The picture with small lines of text in its lower left corner, the first one larger."""
    canvas = Image.fromarray(picture)
    pen = ImageDraw.Draw(canvas)
    for index, line in enumerate(reversed(lines)):
        font = ImageFont.load_default(size if index == len(lines) - 1 else round(size * 0.62))
        pen.text((size * 2, picture.shape[0] - size * 2 - index * size * 1.05), line, fill=(ink, ink, ink), font=font)
    return np.asarray(canvas, np.uint8)
