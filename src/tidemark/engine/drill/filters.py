"""Leaks whose pixels kept their places and changed their values: blurred, denoised, toned, coloured, dithered.

Strengths are in pixels and levels of the copy as sent.
"""

import io
from collections.abc import Callable
from functools import partial
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from tidemark.engine.drill import encoding
from tidemark.engine.drill.leak import Leak, Pixels


def saved(
    copy: Pixels, rng: np.random.Generator, *, change: Callable[[Pixels, np.random.Generator], Pixels], quality: int
) -> bytes:
    """The copy after one change of its values, as a JPEG."""
    return encoding.jpeg(change(copy, rng), quality)


def blurred(rgb: Pixels, _rng: np.random.Generator, *, sigma_px: float) -> Pixels:
    """Convolved with a Gaussian."""
    return np.asarray(cv2.GaussianBlur(rgb, (0, 0), sigma_px), np.uint8)


def median_filtered(rgb: Pixels, _rng: np.random.Generator, *, side_px: int) -> Pixels:
    """The median of each square neighbourhood, per channel."""
    return np.asarray(cv2.medianBlur(rgb, side_px), np.uint8)


def denoised(rgb: Pixels, _rng: np.random.Generator) -> Pixels:
    """Non-local means: each pixel becomes a mean of those whose surroundings look alike (Buades, Coll and Morel 2005,
    doi:10.1109/CVPR.2005.38). It flattens exactly what a weak mark is made of."""
    out = cv2.fastNlMeansDenoisingColored(rgb, None, h=5, hColor=5, templateWindowSize=5, searchWindowSize=15)
    return np.asarray(out, np.uint8)


def sharpened(rgb: Pixels, _rng: np.random.Generator) -> Pixels:
    """Unsharp masking: radius 1.5 pixels, amount 120 %."""
    out = cv2.addWeighted(rgb, 2.2, cv2.GaussianBlur(rgb, (0, 0), 1.5), -1.2, 0)
    return np.asarray(out, np.uint8)


def toned(
    rgb: Pixels, _rng: np.random.Generator, *, gamma: float = 1.0, contrast: float = 1.0, levels: float = 0.0
) -> Pixels:
    """A curve on every channel: v^gamma, then stretched about mid-grey, then shifted by ``levels`` of 255; clipped."""
    v = 255 * (np.arange(256) / 255) ** gamma
    return np.asarray(cv2.LUT(rgb, _bytes((v - 127.5) * contrast + 127.5 + levels)), np.uint8)


def colour_cast(rgb: Pixels, _rng: np.random.Generator) -> Pixels:
    """Warm light: red up by 14 %, blue down by 18 %."""
    return _bytes(rgb.astype(np.float32) * np.array([1.14, 1.0, 0.82], np.float32))


def saturated(rgb: Pixels, _rng: np.random.Generator, *, amount: float) -> Pixels:
    """Colour differences from grey multiplied by ``amount``."""
    grey = _grey(rgb)[..., None].astype(np.float32)
    return _bytes(grey + (rgb.astype(np.float32) - grey) * np.float32(amount))


def photo_filter(rgb: Pixels, _rng: np.random.Generator) -> Pixels:
    """What picture-sharing apps call a filter: faded blacks, a curve per channel, and darkened corners."""
    v = np.arange(256) / 255
    curve = 0.06 + 0.9 * (v + 0.28 * np.sin(2 * np.pi * (v - 0.5)) / (2 * np.pi) * 2)
    tables = np.stack([curve * 1.04 + 0.01, curve, curve * 0.9 + 0.05], axis=-1)[None]
    out = np.asarray(cv2.LUT(rgb, _bytes(255 * tables)), np.uint8)
    y, x = (np.linspace(-1, 1, n, dtype=np.float32) for n in rgb.shape[:2])
    vignette = 1 - 0.32 * np.clip(x[None] ** 2 + y[:, None] ** 2 - 0.25, 0, None) / 1.75
    return _bytes(out.astype(np.float32) * vignette[..., None])


def grey(rgb: Pixels, _rng: np.random.Generator) -> Pixels:
    """Rec. 601 luma in all three channels."""
    return np.repeat(_grey(rgb)[..., None], 3, axis=2)


def inverted(rgb: Pixels, _rng: np.random.Generator) -> Pixels:
    """The negative."""
    return np.asarray(255 - rgb, np.uint8)


def noisy(rgb: Pixels, rng: np.random.Generator, *, sigma: float) -> Pixels:
    """Independent Gaussian noise on every value, ``sigma`` in levels of 255."""
    return _bytes(rgb + rng.standard_normal(rgb.shape, np.float32) * np.float32(sigma))


def salted(rgb: Pixels, rng: np.random.Generator, *, share: float) -> Pixels:
    """A ``share`` of the pixels replaced, half by black, half by white."""
    u = rng.random(rgb.shape[:2], np.float32)
    out = rgb.copy()
    out[u < share] = 255
    out[u < share / 2] = 0
    return out


def equalised(rgb: Pixels, _rng: np.random.Generator) -> Pixels:
    """Contrast-limited adaptive histogram equalisation of the lightness (Zuiderveld 1994, Graphics Gems IV)."""
    lab = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2LAB), np.uint8)
    lab[..., 0] = cv2.createCLAHE(clipLimit=2.5, tileGridSize=(8, 8)).apply(lab[..., 0])
    return np.asarray(cv2.cvtColor(lab, cv2.COLOR_LAB2RGB), np.uint8)


def posterised(rgb: Pixels, _rng: np.random.Generator, *, steps: int) -> Pixels:
    """Every channel rounded to ``steps`` equidistant levels."""
    level = np.round(np.arange(256) / 255 * (steps - 1)) / (steps - 1)
    return np.asarray(cv2.LUT(rgb, _bytes(255 * level)), np.uint8)


def dithered(copy: Pixels, rng: np.random.Generator) -> bytes:
    """16 greys by Floyd–Steinberg error diffusion, as a PNG: a JPEG would smear what makes a dither."""
    palette = Image.new("P", (1, 1))
    palette.putpalette([v for step in range(16) for v in [step * 17] * 3])
    picture = Image.fromarray(grey(copy, rng)).quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def _grey(rgb: Pixels) -> Pixels:
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8)


def _bytes(values: npt.NDArray[np.floating[Any]]) -> Pixels:
    return np.asarray(np.clip(np.rint(values), 0, 255), np.uint8)


def _leak(name: str, change: Callable[..., Pixels], quality: int = encoding.SAVED_QUALITY) -> Leak:
    return Leak(name, "filtered", partial(saved, change=change, quality=quality))


LEAKS = (
    *(_leak(f"blur {sigma}", partial(blurred, sigma_px=sigma)) for sigma in (1, 2, 4)),
    *(_leak(f"median {side}", partial(median_filtered, side_px=side)) for side in (3, 5)),
    _leak("denoised + jpeg 30", denoised, quality=30),
    _leak("sharpened", sharpened),
    _leak("gamma", partial(toned, gamma=1.6)),
    _leak("contrast", partial(toned, contrast=1.35)),
    _leak("brighter", partial(toned, levels=30)),
    _leak("colour cast", colour_cast),
    _leak("saturated", partial(saturated, amount=1.6)),
    _leak("photo filter", photo_filter),
    _leak("greyscale", grey),
    _leak("inverted", inverted),
    _leak("noise 10", partial(noisy, sigma=10.0)),
    _leak("salt and pepper 3 %", partial(salted, share=0.03)),
    _leak("equalised", equalised),
    _leak("posterised 8", partial(posterised, steps=8)),
    Leak("dithered 16 greys", "filtered", dithered),
)
