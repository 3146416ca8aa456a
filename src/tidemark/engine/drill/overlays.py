"""Leaks that somebody drew on or put among other things: logos, bars, stickers, a collage, a slide."""

import math
from functools import partial

import cv2
import numpy as np

from tidemark.engine.drill import canvas, encoding
from tidemark.engine.drill.geometry import scaled
from tidemark.engine.drill.leak import Leak, Pixels


def signed(copy: Pixels, _rng: np.random.Generator) -> bytes:
    """A page's name, half transparent, all over in slanting rows, and its logo in a corner."""
    out = copy.copy()
    height, width = out.shape[:2]
    px = max(8, round(0.035 * max(height, width)))
    for row, y in enumerate(range(0, height, 5 * px)):
        for x in range(-(row % 3) * 4 * px, width, 12 * px):
            canvas.write(out, "spyshots.example", x, y, px=px, colour=canvas.WHITE, opacity=0.35)
    radius = max(4, round(0.06 * min(height, width)))
    centre = width - 2 * radius, height - 2 * radius
    canvas.disc(out, *centre, radius, (214, 40, 40))
    corner = centre[0] - round(0.8 * radius), centre[1] - round(0.5 * radius)
    canvas.write(out, "SPY", *corner, px=0.8 * radius, colour=canvas.WHITE)
    return encoding.jpeg(out, encoding.SAVED_QUALITY)


def redacted(copy: Pixels, rng: np.random.Generator, *, share: float) -> bytes:
    """Black bars at random places until they hide at least ``share`` of the area."""
    out = copy.copy()
    height, width = out.shape[:2]
    hidden = np.zeros((height, width), bool)
    while hidden.mean() < share:
        w = max(1, round(width * rng.uniform(0.12, 0.4)))
        h = max(1, round(height * rng.uniform(0.03, 0.1)))
        x, y = int(rng.integers(0, width - w + 1)), int(rng.integers(0, height - h + 1))
        hidden[y : y + h, x : x + w] = True
    out[hidden] = 0
    return encoding.jpeg(out, encoding.SAVED_QUALITY)


def stickered(copy: Pixels, rng: np.random.Generator, *, count: int) -> bytes:
    """Yellow faces of various sizes stuck on it."""
    out = copy.copy()
    height, width = out.shape[:2]
    for _ in range(count):
        radius = round(min(height, width) * rng.uniform(0.05, 0.11))
        _face(out, int(rng.integers(0, width)), int(rng.integers(0, height)), max(2, radius))
    return encoding.jpeg(out, encoding.SAVED_QUALITY)


def _face(out: Pixels, x: int, y: int, radius: int) -> None:
    canvas.disc(out, x, y, radius, (255, 205, 50))
    for side in (-1, 1):
        canvas.disc(out, x + side * round(0.38 * radius), y - round(0.25 * radius), round(0.14 * radius), (70, 45, 10))
    mouth = (max(1, round(0.55 * radius)),) * 2
    cv2.ellipse(out, (x, y + round(0.05 * radius)), mouth, 0, 20, 160, (70, 45, 10), max(1, radius // 8), cv2.LINE_AA)


def collage(copy: Pixels, rng: np.random.Generator, *, share: float) -> bytes:
    """The copy above another picture; it takes ``share`` of the area and loses nothing."""
    height, width = copy.shape[:2]
    other = canvas.landscape(width, round(height * (1 - share) / share), rng)
    return encoding.jpeg(np.concatenate([copy, other]), encoding.SAVED_QUALITY)


def slide(copy: Pixels, rng: np.random.Generator) -> bytes:
    """A 1920 × 1080 slide with a title and bullets; the copy fitted in a box of 1130 × 760."""
    out = canvas.blank(1920, 1080, canvas.WHITE)
    canvas.box(out, 0, 0, 1920, 14, (20, 60, 120))
    canvas.write(out, "Competitor watch: MS11", 90, 70, px=64, colour=(20, 60, 120))
    for bullet in range(4):
        canvas.disc(out, 100, 280 + 160 * bullet, 7, (20, 60, 120))
        canvas.paragraph(out, 125, 262 + 160 * bullet, 480, 3, px=28, rng=rng)
    scale = min(1130 / copy.shape[1], 760 / copy.shape[0])
    picture = scaled(copy, math.floor(copy.shape[1] * scale), math.floor(copy.shape[0] * scale))
    canvas.paste(out, picture, 700 + (1130 - picture.shape[1]) // 2, 220 + (760 - picture.shape[0]) // 2)
    canvas.write(out, "internal", 90, 1020, px=24, colour=(150, 150, 150))
    return encoding.jpeg(out, 80)


LEAKS = (
    Leak("logo and text", "drawn over", signed),
    Leak("redacted 20 %", "drawn over", partial(redacted, share=0.2)),
    Leak("stickers", "drawn over", partial(stickered, count=14)),
    Leak("collage 60 %", "drawn over", partial(collage, share=0.6)),
    Leak("in a slide", "drawn over", slide),
)
