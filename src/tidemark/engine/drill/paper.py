"""Leaks on paper: the copy printed on A4, then scanned or photographed.

A printer has only ink or no ink. Laser printers vote by clustered dots: each ink's coverage against a periodic spot
function, turned to an angle of its own; inkjets scatter their drops by a mask of blue noise (Ulichney 1987, Digital
Halftoning). Ink spreads a little beyond its dot, and inks on one another multiply (Demichel's and Neugebauer's model).
"""

import math
from dataclasses import dataclass
from functools import cache, partial

import cv2
import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter

from tidemark.engine.drill import encoding
from tidemark.engine.drill.camera import PHOTO_PX, Finish, Light, photographed, srgb_from_linear
from tidemark.engine.drill.geometry import fitted
from tidemark.engine.drill.leak import Colours, Leak, Pixels, Plane
from tidemark.engine.drill.optics import Fineness, View, pose, seen, tiles

PRINTER_DPI = 600
"""Dots per inch of the printer; a dot is the unit of the scene."""

A4_DOTS = (7016, 4961)
"""A4 across: 297 × 210 mm at :data:`PRINTER_DPI`."""

MARGIN_DOTS = 240
"""10 mm that a printer cannot reach."""

SCREEN_LPI, SCREEN_DEGREES = 106, (15.0, 75.0, 0.0, 45.0)
"""Lines per inch of the clustered dots (usual for 600 dpi), and the usual angles of cyan, magenta, yellow and black."""

SPOT_JITTER = 0.5
"""Range of the noise on the spot function, whose own range is 4. Cells of 6 × 6 dots have some 30 greys; printers break
them up so that they show 256."""

LEAST_DOT = 0.02
"""Coverage below which toner does not hold: a laser printer's smallest dot. Lighter tints stay paper, which is what
makes faint marks on white hard to find on paper; an inkjet's single drops do print."""

INKS = np.array([[0.03, 0.37, 0.72], [0.74, 0.04, 0.24], [0.96, 0.84, 0.05], [0.015, 0.015, 0.015]], np.float32)
"""Share of red, green and blue light that passes full cyan, magenta, yellow and black, of the usual process inks."""

PAPER_WHITE = np.array([0.89, 0.89, 0.87], np.float32)
"""Linear reflectance of office paper."""

PAPER_GRAIN = 0.012
"""Relative rms of the paper's texture at :data:`PRINTER_DPI`."""

LID, DESK = (0.8, 0.8, 0.79), (0.2, 0.11, 0.06)
"""Linear reflectance of what lies around the sheet: a scanner's lid, a wooden desk."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A scene (see :class:`tidemark.engine.drill.optics.Scene`): a printed sheet, its units printer dots.

    Attributes
    ----------
    size : (width, height)
        Of the sheet, in dots.
    coverage : (H, W, 4) uint8 array
        Wanted share of dots of cyan, magenta, yellow and black, 255 for all; in the pixels of the copy.
    dots_from_copy : (2, 3) float64 array
        Where the copy's pixels (centre of the first at 0, 0) lie on the sheet.
    clustered : bool
        A laser printer's dots, else an inkjet's drops.
    spread_dots : float
        σ of the ink's spreading.
    grain : (256, 256) float32 array
        Relative brightness of the bare paper, repeated.
    around : colour
        Reflectance beside the sheet.
    """

    size: tuple[int, int]
    coverage: Pixels
    dots_from_copy: npt.NDArray[np.float64]
    clustered: bool
    spread_dots: float
    grain: Plane
    around: tuple[float, float, float]

    def fineness(self, _footprint: tuple[float, float], _x: range, _y: range) -> Fineness:
        """One sample a dot: spread ink has nothing finer, and every view here is coarser."""
        return 1, 1

    def radiance(self, x: range, y: range, _fineness: Fineness) -> Colours:
        """Light reflected under white light; bare paper is brightest."""
        out = np.empty((len(y), len(x), 3), np.float32)
        out[...] = self.around
        inside_x = range(max(x.start, 0), min(x.stop, self.size[0]))
        inside_y = range(max(y.start, 0), min(y.stop, self.size[1]))
        if len(inside_x) and len(inside_y):
            rows = slice(inside_y.start - y.start, inside_y.stop - y.start)
            columns = slice(inside_x.start - x.start, inside_x.stop - x.start)
            out[rows, columns] = self._printed(inside_x, inside_y)
        return out

    def _printed(self, x: range, y: range) -> Colours:
        here = self.dots_from_copy.copy()
        here[:, 2] -= x.start, y.start
        wanted = np.asarray(cv2.warpAffine(self.coverage, here, (len(x), len(y)), flags=cv2.INTER_CUBIC), np.uint8)
        light = np.take(np.take(self.grain, np.arange(y.start, y.stop), 0, mode="wrap"), x, 1, mode="wrap")
        out = light[..., None] * PAPER_WHITE
        for ink in range(4):
            if not wanted[..., ink].any():
                continue
            inked = (_clustered if self.clustered else _scattered)(wanted[..., ink], ink, x, y)
            layer = cv2.GaussianBlur(inked.astype(np.float32), (0, 0), self.spread_dots)
            # Spread ink still covers: the edge of a dot is denser than a linear blur of it. This is the dot gain.
            layer = np.minimum(layer * np.float32(1.12), 1)
            out *= 1 - layer[..., None] * (1 - INKS[ink])
        return np.asarray(out, np.float32)


def printed(
    copy: Pixels,
    rng: np.random.Generator,
    *,
    grey: bool,
    clustered: bool,
    around: tuple[float, float, float],
) -> Sheet:
    """The copy as large as A4 allows, along the way it is longer."""
    long_dots, short_dots = A4_DOTS
    size = (long_dots, short_dots) if copy.shape[1] >= copy.shape[0] else (short_dots, long_dots)
    copy = fitted(copy, long_dots - 2 * MARGIN_DOTS)
    scale = min((size[0] - 2 * MARGIN_DOTS) / copy.shape[1], (size[1] - 2 * MARGIN_DOTS) / copy.shape[0])
    offset = [(size[axis] - scale * copy.shape[1 - axis] + scale - 1) / 2 for axis in range(2)]
    noise = gaussian_filter(rng.standard_normal((256, 256), np.float32), 1.5, mode="wrap")
    return Sheet(
        size=size,
        coverage=_separated(copy, grey=grey),
        dots_from_copy=np.array([[scale, 0, offset[0]], [0, scale, offset[1]]]),
        clustered=clustered,
        spread_dots=0.55 if clustered else 0.7,
        grain=np.asarray(1 + PAPER_GRAIN * noise / noise.std(), np.float32),
        around=around,
    )


def scanned(
    copy: Pixels, rng: np.random.Generator, *, dpi: int, grey: bool = False, clustered: bool = True, quality: int = 80
) -> bytes:
    """Printed, then scanned by a flatbed scanner: the sheet lies 0.7° askew, give or take a little."""
    sheet = printed(copy, rng, grey=grey, clustered=clustered, around=LID)
    turn, scale = math.radians(rng.uniform(0.5, 0.9)), PRINTER_DPI / dpi
    width, height = round(sheet.size[0] / scale), round(sheet.size[1] / scale)
    cos, sin = scale * math.cos(turn), scale * math.sin(turn)
    x0 = sheet.size[0] / 2 - cos * width / 2 + sin * height / 2
    y0 = sheet.size[1] / 2 - sin * width / 2 - cos * height / 2
    view = View(width, height, np.array([[cos, -sin, x0], [sin, cos, y0], [0, 0, 1]]), k1=0.0, psf_px=0.45)
    out = np.empty((height, width, 3), np.uint8)
    for rows, columns in tiles(view):
        light = seen(sheet, view, rows, columns)
        light += rng.standard_normal(light.shape, np.float32) * np.sqrt(np.maximum(light, 0) * 2e-5 + 1e-6)
        # The scanner's driver stretches paper to near white and ink to near black.
        level = np.clip((srgb_from_linear(light * np.float32(1.06)) - 0.06) / 0.92, 0, 1)
        out[rows, columns] = np.rint(255 * level)
    if grey:
        out[...] = np.asarray(cv2.cvtColor(out, cv2.COLOR_RGB2GRAY), np.uint8)[..., None]
    return encoding.jpeg(out, quality)


def paper_photo(copy: Pixels, rng: np.random.Generator, *, clustered: bool = True, quality: int = 85) -> bytes:
    """Printed, laid on a desk by a window, and photographed by hand with a phone of 8 megapixels."""
    sheet = printed(copy, rng, grey=False, clustered=clustered, around=DESK)
    frame = PHOTO_PX if sheet.size[0] >= sheet.size[1] else PHOTO_PX[::-1]
    yaw, pitch, roll = rng.uniform(-1, 1, 3) * [7.0, 7.0, 2.5]
    homography = pose(frame, (0, 0, *sheet.size), fill=0.86, yaw=yaw, pitch=pitch + 5.0, roll=roll)
    view = View(*frame, homography, k1=float(rng.uniform(-0.012, 0.012)), psf_px=float(rng.uniform(0.5, 0.75)))
    light = Light(
        exposure=float(rng.uniform(0.75, 0.9)),
        vignetting=float(rng.uniform(0.2, 0.32)),
        slope=(float(rng.choice([-1, 1]) * rng.uniform(0.15, 0.4)), float(rng.uniform(-0.3, 0.3))),
        veil=0.008,
    )
    finish = Finish(balance=(float(rng.uniform(1.0, 1.1)), float(rng.uniform(0.88, 1.0))))
    return encoding.jpeg(photographed(sheet, view, light, finish, rng), quality)


def _separated(copy: Pixels, *, grey: bool) -> Pixels:
    """Wanted coverage of the four inks, (H, W, 4), so that the print reflects about what the picture would."""
    value = np.arange(256) / 255
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    dark = np.asarray(255 * (1 - linear), np.float32)
    if grey:
        luma = np.asarray(cv2.cvtColor(copy, cv2.COLOR_RGB2GRAY), np.uint8)
        out = np.zeros((*luma.shape, 4), np.uint8)
        out[..., 3] = np.rint(dark)[luma]
        return out
    out = np.empty((*copy.shape[:2], 4), np.uint8)
    # Inks absorb light that is not theirs; the inverse of what they absorb, half-way, asks for less of the others.
    unmix = 0.5 * (np.eye(3) + np.linalg.inv((1 - INKS[:3]).T)).astype(np.float32)
    for first in range(0, len(copy), 256):
        wanted = dark[copy[first : first + 256]]
        black = 0.95 * np.maximum(wanted.min(axis=2, keepdims=True) - 40, 0)  # black ink takes over most of the grey
        colours = np.clip(cv2.transform((wanted - black) / (255 - black) * 255, unmix), 0, 255)
        out[first : first + 256] = np.rint(np.concatenate([colours, black], axis=2))
    return out


def _clustered(wanted: Pixels, ink: int, x: range, y: range) -> npt.NDArray[np.bool_]:
    """Where an ink's dots fall: where the spot function exceeds the quantile of the wanted coverage."""
    turn = 2 * math.pi * SCREEN_LPI / PRINTER_DPI
    a, b = turn * math.cos(math.radians(SCREEN_DEGREES[ink])), turn * math.sin(math.radians(SCREEN_DEGREES[ink]))
    columns, rows = np.asarray(x, np.float64)[None], np.asarray(y, np.float64)[:, None]
    # cos(ax + by) + cos(-bx + ay), each a sum of two products of a row and a column.
    cx, sx, cy, sy = (f(v).astype(np.float32) for v in (a * columns, b * rows) for f in (np.cos, np.sin))
    spot = cx * cy - sx * sy
    cx, sx, cy, sy = (f(v).astype(np.float32) for v in (b * columns, a * rows) for f in (np.cos, np.sin))
    spot += cx * cy + sx * sy
    jitter = np.take(np.take(_blue_noise(), y, 0, mode="wrap"), x, 1, mode="wrap")
    spot += (jitter.astype(np.float32) - 127) * np.float32(SPOT_JITTER / 254)
    return np.asarray(spot > _spot_quantiles()[wanted], np.bool_)


def _scattered(wanted: Pixels, ink: int, x: range, y: range) -> npt.NDArray[np.bool_]:
    """Where an ink's drops fall: where the mask of blue noise, at a place of its own for each ink, lies below."""
    mask = np.roll(_blue_noise(), (37 * ink, 53 * ink), (0, 1))
    return np.asarray(np.take(np.take(mask, y, 0, mode="wrap"), x, 1, mode="wrap") < wanted, np.bool_)


@cache
def _spot_quantiles() -> Plane:
    """For each coverage of 0..255, the height that this share of the spot function exceeds."""
    phase = np.cos(2 * np.pi * (np.arange(256) + 0.5) / 256)
    jitter = SPOT_JITTER * np.linspace(-0.5, 0.5, 15)
    heights = np.sort((phase[:, None, None] + phase[:, None] + jitter).ravel())[::-1]
    share = np.minimum(np.arange(256) / 255 * len(heights), len(heights) - 1).astype(int)
    quantiles = heights[share]
    quantiles[: math.ceil(LEAST_DOT * 255)], quantiles[255] = 4, -4
    return np.asarray(quantiles, np.float32)


@cache
def _blue_noise() -> Pixels:
    """A (256, 256) mask of equally many 0..254 with little energy at low frequencies, the same for ever.

    White noise, made alternately high-pass and uniform; good enough for drops that spread anyway.
    """
    side = 256
    mask = np.random.Generator(np.random.PCG64(20240607)).random((side, side))
    f = np.fft.fftfreq(side)
    keep = 1 - np.exp(-(f[:, None] ** 2 + f**2) / (2 * 0.22**2))
    for _ in range(12):
        smooth = np.fft.ifft2(np.fft.fft2(mask) * keep).real
        mask = smooth.ravel().argsort(kind="stable").argsort(kind="stable").reshape(side, side) / side**2
    return np.asarray(mask * 255, np.uint8)


LEAKS = (
    Leak("print + scan", "paper", partial(scanned, dpi=300)),
    Leak("grey print + scan", "paper", partial(scanned, dpi=200, grey=True)),
    Leak("inkjet print + scan", "paper", partial(scanned, dpi=150, clustered=False)),
    Leak("print + photo", "paper", paper_photo),
)
