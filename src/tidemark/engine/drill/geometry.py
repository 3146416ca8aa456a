"""Leaks whose pixels were moved: resized, cropped, mirrored, turned, seen askew, bent.

The local bending follows the idea of StirMark: distortions too small to be noticed that break every detector which
expects pixels where they were (Petitcolas, Anderson and Kuhn 1998, doi:10.1007/3-540-49380-8_16).
"""

import math
from functools import partial

import cv2
import numpy as np

from tidemark.engine.drill import encoding
from tidemark.engine.drill.leak import Leak, Pixels, Plane

CROPS_TRIED = 8
"""Places that the leaker considers; the most detailed one is leaked. An empty corner of paper is not worth leaking."""


def scaled(rgb: Pixels, width: int, height: int) -> Pixels:
    """The picture at another size: area means when it shrinks, bicubic when it grows."""
    shrinks = width < rgb.shape[1] or height < rgb.shape[0]
    kernel = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(rgb, (max(1, width), max(1, height)), interpolation=kernel), np.uint8)


def fitted(rgb: Pixels, long_px: int) -> Pixels:
    """The picture shrunk to a long side of ``long_px``; one that is smaller already is left alone."""
    scale = long_px / max(rgb.shape[:2])
    return rgb if scale >= 1 else scaled(rgb, round(rgb.shape[1] * scale), round(rgb.shape[0] * scale))


def resized(copy: Pixels, _rng: np.random.Generator, *, long_px: int, quality: int) -> bytes:
    """Shrunk to a long side, as a platform does on upload; never enlarged."""
    return encoding.jpeg(fitted(copy, long_px), quality)


def upscaled(copy: Pixels, _rng: np.random.Generator, *, scale: float) -> bytes:
    """Enlarged by bicubic interpolation."""
    size = round(copy.shape[1] * scale), round(copy.shape[0] * scale)
    return encoding.jpeg(scaled(copy, *size), encoding.SAVED_QUALITY)


def squeezed(copy: Pixels, _rng: np.random.Generator, *, share: float) -> bytes:
    """The width alone shrunk by ``share``: the picture pulled into a frame of another shape."""
    return encoding.jpeg(scaled(copy, round(copy.shape[1] * (1 - share)), copy.shape[0]), encoding.SAVED_QUALITY)


def nearest_resized(copy: Pixels, _rng: np.random.Generator, *, scale: float) -> bytes:
    """Shrunk by dropping pixels, without any low-pass: the aliasing kernel of careless programs."""
    size = max(1, round(copy.shape[1] * scale)), max(1, round(copy.shape[0] * scale))
    out = cv2.resize(copy, size, interpolation=cv2.INTER_NEAREST)
    return encoding.jpeg(np.asarray(out, np.uint8), encoding.SAVED_QUALITY)


def crop_of(rgb: Pixels, share: float, rng: np.random.Generator) -> Pixels:
    """A rectangle of ``share`` of the area, of roughly the picture's shape, on a detailed part of it.

    Of :data:`CROPS_TRIED` random rectangles the one with the greatest mean gradient wins. Sides are rounded to whole
    pixels, so that the share holds within a pixel a side.
    """
    height, width = rgb.shape[:2]
    luma = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8)
    gradient = np.abs(cv2.Sobel(luma, cv2.CV_32F, 1, 0)) + np.abs(cv2.Sobel(luma, cv2.CV_32F, 0, 1))
    energy = cv2.integral(gradient, sdepth=cv2.CV_64F)
    best, best_mean = (slice(None), slice(None)), -1.0
    for _ in range(CROPS_TRIED):
        stretch = math.exp(rng.uniform(-0.25, 0.25)) if share < 0.6 else 1.0
        w = min(width, max(1, round(width * math.sqrt(share) * stretch)))
        h = min(height, max(1, round(height * math.sqrt(share) / stretch)))
        x, y = int(rng.integers(0, width - w + 1)), int(rng.integers(0, height - h + 1))
        mean = float(energy[y + h, x + w] - energy[y, x + w] - energy[y + h, x] + energy[y, x]) / (w * h)
        if mean > best_mean:
            best, best_mean = (slice(y, y + h), slice(x, x + w)), mean
    return rgb[best]


def cropped(copy: Pixels, rng: np.random.Generator, *, share: float, scale: float = 1.0, quality: int = 80) -> bytes:
    """A detailed rectangle of ``share`` of the area, then resized by ``scale``."""
    part = crop_of(copy, share, rng)
    if scale != 1.0:
        part = scaled(part, round(part.shape[1] * scale), round(part.shape[0] * scale))
    return encoding.jpeg(part, quality)


def mirrored(copy: Pixels, _rng: np.random.Generator) -> bytes:
    """Left and right exchanged."""
    return encoding.jpeg(copy[:, ::-1], encoding.SAVED_QUALITY)


def quarter_turned(copy: Pixels, _rng: np.random.Generator) -> bytes:
    """Turned by 90° clockwise, pixels kept."""
    return encoding.jpeg(np.rot90(copy, -1), encoding.SAVED_QUALITY)


def turned(copy: Pixels, _rng: np.random.Generator, *, degrees: float, inside: bool) -> bytes:
    """Turned about the centre; either in a black frame of the same size or cut to the largest upright inside.

    ``inside`` cuts to a rectangle of the picture's own shape that lies wholly within the turned picture.
    """
    height, width = copy.shape[:2]
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), degrees, 1.0)
    out = np.asarray(cv2.warpAffine(copy, matrix, (width, height), flags=cv2.INTER_CUBIC), np.uint8)
    if inside:
        s, c = abs(math.sin(math.radians(degrees))), abs(math.cos(math.radians(degrees)))
        # A w × h rectangle shrunk by k and turned fits when k (w c + h s) <= w and k (w s + h c) <= h.
        k = min(width / (width * c + height * s), height / (width * s + height * c))
        w, h = int(width * k), int(height * k)
        out = out[(height - h) // 2 :, (width - w) // 2 :][:h, :w]
    return encoding.jpeg(out, encoding.SAVED_QUALITY)


def askew(copy: Pixels, rng: np.random.Generator, *, inset: float) -> bytes:
    """A quadrilateral of the picture, its corners up to ``inset`` of the sides within, pulled to a full rectangle."""
    height, width = copy.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    inward = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]], np.float32)
    moved = corners + inward * rng.uniform(0, inset, (4, 2)).astype(np.float32) * np.array([width, height], np.float32)
    matrix = cv2.getPerspectiveTransform(moved.astype(np.float32), corners)
    out = cv2.warpPerspective(copy, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return encoding.jpeg(np.asarray(out, np.uint8), encoding.SAVED_QUALITY)


def lens_bent(copy: Pixels, _rng: np.random.Generator, *, k1: float) -> bytes:
    """Bent as by a cheap lens: r' = r (1 + k1 r²), with r = 1 at the corner."""
    height, width = copy.shape[:2]
    x, y = _grid(width, height)
    cx, cy = (width - 1) / 2, (height - 1) / 2
    stretch = 1 + k1 * ((x - cx) ** 2 + (y - cy) ** 2) / (cx * cx + cy * cy + 1e-9)
    return encoding.jpeg(_moved(copy, cx + (x - cx) * stretch, cy + (y - cy) * stretch), encoding.SAVED_QUALITY)


def locally_bent(copy: Pixels, rng: np.random.Generator, *, amplitude: float) -> bytes:
    """Every part shifted a little differently: a smooth random field, ``amplitude`` of the long side rms per axis."""
    height, width = copy.shape[:2]
    x, y = _grid(width, height)
    dx, dy = (_smooth_field(width, height, 7, rng) * np.float32(amplitude * max(width, height)) for _ in range(2))
    return encoding.jpeg(_moved(copy, x + dx, y + dy), encoding.SAVED_QUALITY)


def _smooth_field(width: int, height: int, knots: int, rng: np.random.Generator) -> Plane:
    coarse = rng.standard_normal((knots, knots)).astype(np.float32)
    field = np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC), np.float32)
    return field / np.float32(max(float(np.sqrt(np.mean(field**2))), 1e-9))


def _grid(width: int, height: int) -> tuple[Plane, Plane]:
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    return x, y


def _moved(rgb: Pixels, x: Plane, y: Plane) -> Pixels:
    maps = x.astype(np.float32), y.astype(np.float32)
    return np.asarray(cv2.remap(rgb, *maps, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT), np.uint8)


LEAKS = (
    *(Leak(f"{px} px", "resized", partial(resized, long_px=px, quality=80)) for px in (1600, 1080, 720)),
    Leak("480 px + jpeg 50", "resized", partial(resized, long_px=480, quality=50)),
    Leak("320 px + jpeg 60", "resized", partial(resized, long_px=320, quality=60)),
    Leak("upscaled 1.5", "resized", partial(upscaled, scale=1.5)),
    Leak("squeezed 5 %", "resized", partial(squeezed, share=0.05)),
    Leak("nearest 0.7", "resized", partial(nearest_resized, scale=0.7)),
    *(Leak(f"crop {share} %", "cropped", partial(cropped, share=share / 100)) for share in (50, 25, 10, 5)),
    Leak("crop 25 % × 0.6 + jpeg 70", "cropped", partial(cropped, share=0.25, scale=0.6, quality=70)),
    Leak("mirrored", "moved", mirrored),
    Leak("rotated 2°", "moved", partial(turned, degrees=2.0, inside=False)),
    Leak("rotated 17°, cropped", "moved", partial(turned, degrees=17.0, inside=True)),
    Leak("rotated 90°", "moved", quarter_turned),
    Leak("perspective", "moved", partial(askew, inset=0.08)),
    Leak("lens distortion", "moved", partial(lens_bent, k1=-0.06)),
    Leak("local bending", "moved", partial(locally_bent, amplitude=0.002)),
)
