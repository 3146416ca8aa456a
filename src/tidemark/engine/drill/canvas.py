"""What leaks are drawn on and with: lettering, plain shapes, and somebody else's picture.

Lettering uses the face that Pillow carries within itself, so that it is the same on every machine with that Pillow.
"""

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from tidemark.engine.drill.leak import Pixels

Colour = tuple[int, int, int]

BLACK, WHITE = (0, 0, 0), (255, 255, 255)


def blank(width: int, height: int, colour: Colour) -> Pixels:
    """A (height, width, 3) picture of one colour."""
    return np.full((height, width, 3), colour, np.uint8)


def paste(onto: Pixels, rgb: Pixels, x: int, y: int) -> None:
    """Lay a picture on another, its top left corner at (x, y). In place; it must fit."""
    onto[y : y + rgb.shape[0], x : x + rgb.shape[1]] = rgb


def box(onto: Pixels, x: int, y: int, width: int, height: int, colour: Colour) -> None:
    """Fill a rectangle, in place."""
    onto[y : y + height, x : x + width] = colour


def disc(onto: Pixels, x: int, y: int, radius: int, colour: Colour) -> None:
    """Fill a circle about (x, y) with soft edges, in place."""
    cv2.circle(onto, (x, y), max(1, radius), colour, -1, cv2.LINE_AA)


def write(onto: Pixels, text: str, x: int, y: int, *, px: float, colour: Colour, opacity: float = 1.0) -> int:
    """Write a line of text, in place; (x, y) is its top left corner and ``px`` its size. Gives its width in pixels."""
    face = ImageFont.load_default(size=max(4.0, px))
    width, height = (int(np.ceil(v)) + 2 for v in face.getbbox(text)[2:])
    ink = Image.new("L", (max(1, int(width)), max(1, int(height))))
    ImageDraw.Draw(ink).text((0, 0), text, fill=255, font=face)
    part = onto[max(0, y) : y + ink.height, max(0, x) : x + ink.width]
    if part.size:
        cut = np.asarray(ink)[max(0, -y) :, max(0, -x) :][: part.shape[0], : part.shape[1]]
        share = cut.astype(np.float32)[..., None] * np.float32(opacity / 255)
        part[...] = np.rint(part + (np.array(colour, np.float32) - part) * share).astype(np.uint8)
    return int(width)


def paragraph(onto: Pixels, x: int, y: int, width: int, lines: int, *, px: int, rng: np.random.Generator) -> None:
    """Dark grey lines of words that say nothing, in place; line height is 1.6 ``px``."""
    for line in range(lines):
        words, reach = [], 0.0
        limit = width * (0.55 if line == lines - 1 else 1.0)
        while reach < limit:
            word = _WORDS[int(rng.integers(len(_WORDS)))]
            words.append(word)
            reach += (len(word) + 1) * px * 0.52
        write(onto, " ".join(words[:-1]), x, y + round(line * px * 1.6), px=px, colour=(60, 62, 66))


def landscape(width: int, height: int, rng: np.random.Generator) -> Pixels:
    """Somebody else's picture: a sky, hills and some texture, (height, width, 3)."""
    rows = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    out = np.array([150, 190, 235], np.float32) * (1 - rows) + np.array([245, 225, 200], np.float32) * rows
    out = np.broadcast_to(out, (height, width, 3)).copy()
    level = np.arange(height, dtype=np.float32)[:, None]
    for depth in range(4):
        knots = rng.standard_normal((1, 5 + 4 * depth)).astype(np.float32)
        swell = cv2.resize(knots, (width, 1), interpolation=cv2.INTER_CUBIC)
        ridge = height * (0.4 + 0.15 * depth + 0.07 * swell)
        coarse = rng.standard_normal((height // 3 + 1, width // 3 + 1)).astype(np.float32)
        texture = cv2.resize(coarse, (width, height))
        shade = np.array([70 - 12 * depth, 110 - 14 * depth, 80 - 16 * depth], np.float32) * (
            1 + 0.12 * texture[..., None]
        )
        out = np.where((level > ridge)[..., None], shade, out)
    return np.asarray(np.clip(np.rint(out), 0, 255), np.uint8)


_WORDS = (
    *("the", "front", "of", "a", "new", "car", "seen", "before", "its", "time", "with", "larger", "intakes", "and"),
    *("slim", "lamps", "says", "one", "who", "has", "drawings", "but", "asks", "not", "to", "be", "named", "while"),
    *("nobody", "confirms", "it", "yet", "launch", "is", "expected", "late", "this", "year", "as", "readers", "know"),
)
