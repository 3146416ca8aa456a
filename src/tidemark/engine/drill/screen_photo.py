"""Leaks through the analogue hole: a phone's photo of the copy on a screen.

The screen is a liquid-crystal panel of 1920 × 1080 pixels, each of three upright stripes (red, green, blue) with black
between them; it glows with the 2.2nd power of the value. Moiré arises where the photo's pixels sample these stripes.
"""

from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np

from tidemark.engine.drill import encoding
from tidemark.engine.drill.camera import PHOTO_PX, Finish, Light, photographed
from tidemark.engine.drill.geometry import fitted, scaled
from tidemark.engine.drill.leak import Colours, Leak, Pixels, Plane
from tidemark.engine.drill.optics import Fineness, View, pose

SCREEN_PX = (1920, 1080)
"""Width and height of the screen: the most common monitor."""

SUBPIXEL_WIDTH, SUBPIXEL_HEIGHT = 0.8, 0.85
"""Part of its third of the pixel, and of the pixel's height, that a stripe lights; the black matrix takes the rest."""

SAMPLES_PER_FOOTPRINT = 3
"""Samples across what a photo's pixel covers; the integral over it errs by less than the noise from there on."""

BEZEL_PX = 34
"""The screen's dark rim, in screen pixels."""

WALL, DESK, RIM = (0.11, 0.1, 0.085), (0.07, 0.045, 0.03), (0.006, 0.006, 0.006)
"""Linear light of what surrounds a screen in a lit room; the screen's white is 1."""


@dataclass(frozen=True, slots=True)
class Screen:
    """A scene (see :class:`tidemark.engine.drill.optics.Scene`): a glowing screen on a desk, its units screen pixels.

    Attributes
    ----------
    glow : (1080, 1920, 3) float32 array
        Light of each subpixel, averaged over the whole pixel, 0..1.
    picture : (x, y, width, height)
        Where on the screen the copy is shown.
    """

    glow: Colours
    picture: tuple[int, int, int, int]

    def fineness(self, footprint: tuple[float, float], x: range, y: range) -> Fineness:
        """Two samples a stripe and three a row or more, as each pixel of the photo needs; one where nothing glows."""
        height, width = self.glow.shape[:2]
        if x.start >= width or y.start >= height or x.stop <= 0 or y.stop <= 0:
            return 1, 1
        across, down = (int(np.ceil(SAMPLES_PER_FOOTPRINT / side)) for side in footprint)
        return (12 if across > 6 else 6), min(10, max(3, down))

    def radiance(self, x: range, y: range, fineness: Fineness) -> Colours:
        """The stripes where the screen is, else its rim, the wall or the desk."""
        fx, fy = fineness
        out = np.empty((len(y) * fy, len(x) * fx, 3), np.float32)
        height, width = self.glow.shape[:2]

        def part(left: int, top: int, right: int, bottom: int) -> tuple[slice, slice]:
            """Indices in ``out`` of the rectangle's overlap with what is asked for."""
            clip_x = [min(max(v - x.start, 0), len(x)) * fx for v in (left, right)]
            clip_y = [min(max(v - y.start, 0), len(y)) * fy for v in (top, bottom)]
            return slice(*clip_y), slice(*clip_x)

        out[...] = WALL
        out[part(x.start, round(1.22 * height), x.stop, y.stop)] = DESK
        out[part(round(0.42 * width), height, round(0.58 * width), round(1.25 * height))] = RIM
        out[part(-BEZEL_PX, -BEZEL_PX, width + BEZEL_PX, height + BEZEL_PX)] = RIM
        lit = self.glow[max(y.start, 0) : max(y.stop, 0), max(x.start, 0) : max(x.stop, 0)]
        if lit.size:
            out[part(0, 0, width, height)] = _striped(lit, fineness)
        return out


def shown(copy: Pixels) -> Screen:
    """The copy, as large as the screen allows, on black."""
    width, height = SCREEN_PX
    scale = min(width / copy.shape[1], height / copy.shape[0])
    picture = scaled(copy, min(width, round(copy.shape[1] * scale)), min(height, round(copy.shape[0] * scale)))
    x, y = (width - picture.shape[1]) // 2, (height - picture.shape[0]) // 2
    values = np.zeros((height, width, 3), np.uint8)
    values[y : y + picture.shape[0], x : x + picture.shape[1]] = picture
    light = ((np.arange(256) / 255) ** 2.2 * 0.998 + 0.002).astype(np.float32)  # a panel of contrast 500 : 1
    return Screen(light[values], (x, y, picture.shape[1], picture.shape[0]))


def screen_photo(
    copy: Pixels,
    rng: np.random.Generator,
    *,
    fill: float,
    whole_screen: bool,
    yaw: float,
    quality: int,
) -> bytes:
    """A photo of the screen.

    Parameters
    ----------
    fill : float
        Part of the frame that the picture (or the whole screen) takes along the side that limits it.
    whole_screen : bool
        Frame the screen rather than the picture on it.
    yaw : float
        Degrees that the camera stands to the side; a few more of every angle come from ``rng``.
    quality : int
        Of the JPEG.
    """
    photo, _ = _taken(copy, rng, fill=fill, whole_screen=whole_screen, yaw=yaw)
    return encoding.jpeg(photo, quality)


def reposted_screen_photo(copy: Pixels, rng: np.random.Generator, *, fill: float, cut: bool) -> bytes:
    """A far photo sent through a messenger (1600 pixels, JPEG 70), whole or cut to the screen, with 4 to 8 % around."""
    photo, frame = _taken(copy, rng, fill=fill, whole_screen=True, yaw=0.0)
    if cut:
        x, y, width, height = frame
        around = rng.uniform(0.04, 0.08, 4) * width
        top, bottom = max(0, round(y - around[0])), round(y + height + around[1])
        photo = photo[top:bottom, max(0, round(x - around[2])) : round(x + width + around[3])]
        photo = fitted(photo, 960)
    return encoding.jpeg(fitted(encoding.decoded(encoding.jpeg(photo, 90)), 1600), 70)


def _taken(
    copy: Pixels, rng: np.random.Generator, *, fill: float, whole_screen: bool, yaw: float
) -> tuple[Pixels, tuple[float, float, float, float]]:
    """The photo, and roughly where on it the screen is (x, y, width, height)."""
    screen = shown(copy)
    target = (0, 0, *SCREEN_PX) if whole_screen else screen.picture
    frame = PHOTO_PX if target[2] >= target[3] else PHOTO_PX[::-1]
    angles = rng.uniform(-1, 1, 3) * [2.5, 2.5, 1.2]
    homography = pose(frame, target, fill=fill, yaw=yaw + angles[0], pitch=angles[1], roll=angles[2])
    view = View(*frame, homography, k1=float(rng.uniform(-0.012, 0.012)), psf_px=float(rng.uniform(0.35, 0.55)))
    light = Light(
        exposure=float(rng.uniform(0.72, 0.9)),
        vignetting=float(rng.uniform(0.2, 0.32)),
        slope=(float(rng.uniform(-0.12, 0.12)), float(rng.uniform(-0.12, 0.12))),
        glare=(float(rng.uniform(0.15, 0.85)), float(rng.uniform(0.1, 0.6)), float(rng.uniform(0.08, 0.2)), 0.035),
    )
    finish = Finish(balance=(float(rng.uniform(0.93, 1.07)), float(rng.uniform(0.93, 1.07))))
    photo = photographed(screen, view, light, finish, rng)
    corners = np.array([[[0, 0], [SCREEN_PX[0], 0], SCREEN_PX, [0, SCREEN_PX[1]]]], np.float64)
    seen_at = cv2.perspectiveTransform(corners, np.linalg.inv(homography))[0]
    low, high = seen_at.min(axis=0), seen_at.max(axis=0)
    return photo, (float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1]))


def _striped(glow: Colours, fineness: Fineness) -> Colours:
    """Every pixel drawn as its three stripes, (h · fy, w · fx, 3); the mean over a pixel is its glow."""
    fx, fy = fineness
    height, width = glow.shape[:2]
    columns, rows = _lit_columns(fx), _lit_rows(fy)
    out = np.zeros((height, fy, width, fx, 3), np.float32)
    for column in range(fx):
        colour = column * 3 // fx
        for row in range(fy):
            np.multiply(glow[..., colour], columns[column] * rows[row], out=out[:, row, :, column, colour])
    return out.reshape(height * fy, width * fx, 3)


def _lit_columns(fx: int) -> Plane:
    """How bright each of a pixel's ``fx`` columns is: 3 on average within the columns of one stripe."""
    edges = np.arange(fx + 1) / fx * 3
    low, high = (1 - SUBPIXEL_WIDTH) / 2, (1 + SUBPIXEL_WIDTH) / 2
    stripe = np.arange(fx) * 3 // fx
    lit = np.clip(np.minimum(edges[1:] - stripe, high) - np.maximum(edges[:-1] - stripe, low), 0, None)
    return np.asarray(lit * fx / SUBPIXEL_WIDTH, np.float32)


def _lit_rows(fy: int) -> Plane:
    """How bright each of a pixel's ``fy`` rows is, 1 on average."""
    edges = np.arange(fy + 1) / fy
    low, high = (1 - SUBPIXEL_HEIGHT) / 2, (1 + SUBPIXEL_HEIGHT) / 2
    lit = np.clip(np.minimum(edges[1:], high) - np.maximum(edges[:-1], low), 0, None)
    return np.asarray(lit * fy / SUBPIXEL_HEIGHT, np.float32)


_photo = partial(screen_photo, whole_screen=True, yaw=0.0, quality=90)

LEAKS = (
    Leak("screen photo, near", "screen photo", partial(_photo, fill=0.97, whole_screen=False)),
    Leak("screen photo, at an angle", "screen photo", partial(_photo, fill=0.78, yaw=28.0)),
    Leak("screen photo, far", "screen photo", partial(_photo, fill=0.34)),
    Leak("screen photo, far, cut, repost", "screen photo", partial(reposted_screen_photo, fill=0.34, cut=True)),
    Leak("screen photo, far, whole, repost", "screen photo", partial(reposted_screen_photo, fill=0.34, cut=False)),
)
