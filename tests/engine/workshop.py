"""Small drafts drawn on the spot, marked once, and the ways in which the tests leak them."""

import io
from dataclasses import dataclass, field
from functools import cached_property

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from tidemark.engine import keys
from tidemark.engine.carriers import image
from tidemark.engine.match import Candidate

Pixels = npt.NDArray[np.uint8]
Plane = npt.NDArray[np.float32]

SECRET = bytes(range(32))
SIZE = (288, 768)
"""Rows and columns of the drafts: wide, so that their grid of 384 × 1024 is half the work of an ordinary one."""


def bumper(revision: str) -> Pixels:
    """A shaded front end: smooth paint, a grille and lamps. Revisions "A" and "B" differ in their openings."""
    rows, columns = SIZE
    y, x = np.mgrid[96 : 96 + rows, :columns].astype(np.float32)
    paint = 120 + 60 * np.sin(x / 170) * np.cos(y / 130) + 25 * np.exp(-(((y - 170 - 0.1 * x) / 18) ** 2))
    picture = np.rint(np.stack([paint * 0.8, paint * 0.95, paint], axis=-1)).astype(np.uint8)
    low = 24 if revision == "A" else 0
    cv2.ellipse(picture, (384, 234 + low), (250, 70), 0, 0, 360, (38, 40, 44), -1, cv2.LINE_AA)
    for at in range(150, 640, 14 if revision == "A" else 18):
        cv2.line(picture, (at, 179 + low), (at + 26, 289 + low), (88, 90, 96), 2, cv2.LINE_AA)
    for side in (120, 650):
        cv2.ellipse(picture, (side, 104), (70, 26), -12 if side < 384 else 12, 0, 360, (232, 236, 240), -1, cv2.LINE_AA)
        cv2.circle(picture, (side, 104), 15, (90, 100, 120), 3, cv2.LINE_AA)
    cv2.putText(
        picture, f"BUMPER rev {revision}", (20, 274), cv2.FONT_HERSHEY_DUPLEX, 0.7, (20, 20, 24), 1, cv2.LINE_AA
    )
    cv2.line(picture, (0, 46), (767, 36), (70, 74, 80), 3, cv2.LINE_AA)
    grain = np.random.default_rng(7).normal(0, 1.2, (*SIZE, 1))
    return np.asarray(np.clip(np.rint(picture + grain), 0, 255), np.uint8)


def landscape(seed: int = 1) -> Pixels:
    """A picture with detail of every size, as photographs have; another one for every seed."""
    rng = np.random.default_rng(seed)
    levels = np.zeros((*SIZE, 3), np.float32)
    for width, strength in ((1.0, 7), (3.0, 12), (10.0, 20), (40.0, 34)):
        blobs = cv2.GaussianBlur(rng.standard_normal((*SIZE, 3)).astype(np.float32), (0, 0), width)
        levels += blobs * np.float32(strength / float(blobs.std()))
    return np.clip(np.rint(128 + levels), 0, 255).astype(np.uint8)


def drawing() -> Pixels:
    """Black lines and letters on pure white paper."""
    page = np.full((*SIZE, 3), 255, np.uint8)
    rng = np.random.default_rng(11)
    for _ in range(45):
        (x0, y0, x1, y1), kind = rng.integers(20, [740, 270, 740, 270]), rng.integers(0, 3)
        if kind == 0:
            cv2.line(page, (int(x0), int(y0)), (int(x1), int(y1)), (0, 0, 0), 2, cv2.LINE_AA)
        elif kind == 1:
            cv2.circle(page, (int(x0), int(y0)), int(8 + x1 / 12), (0, 0, 0), 1, cv2.LINE_AA)
        else:
            text = f"R{int(x1)}.{int(y1)}"
            cv2.putText(page, text, (int(x0), int(y0)), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (0, 0, 0), 1, cv2.LINE_AA)
    return page


def png(pixels: npt.NDArray[np.generic]) -> bytes:
    return _saved(pixels, "PNG", compress_level=1)


def jpeg(pixels: npt.NDArray[np.generic], quality: int) -> bytes:
    return _saved(pixels, "JPEG", quality=quality)


def opened(data: bytes) -> Pixels:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


def shrunk(pixels: Pixels, factor: float) -> Pixels:
    size = round(pixels.shape[1] * factor), round(pixels.shape[0] * factor)
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def grey(pixels: Pixels) -> Plane:
    """Luma as the engine sees it."""
    return image.read(png(pixels)).luma()


def _saved(pixels: npt.NDArray[np.generic], kind: str, **options: int) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(np.clip(np.rint(pixels.astype(np.float64)), 0, 255).astype(np.uint8)).save(stream, kind, **options)
    return stream.getvalue()


@dataclass(frozen=True, eq=False)
class Draft:
    """A draft with its copies on record: "copy 0", "copy 1", …"""

    name: str
    pixels: Pixels
    on_record: int = 20
    copies: dict[str, Pixels] = field(default_factory=dict)

    @cached_property
    def file(self) -> bytes:
        return png(self.pixels)

    @cached_property
    def plate(self) -> image.Plate:
        return image.prepare(image.read(self.file))

    @cached_property
    def description(self) -> bytes:
        return image.describe(image.read(self.file))

    @cached_property
    def issued(self) -> dict[str, bytes]:
        return {name: self.key(name) for name in (f"copy {at}" for at in range(self.on_record))}

    @property
    def reference(self) -> image.Reference:
        return image.reference(self.file, self.description)

    @property
    def candidate(self) -> Candidate:
        return Candidate(self.name, self.description, lambda: self.file, lambda: self.issued)

    def key(self, copy: str) -> bytes:
        return keys.copy_key(SECRET, draft=self.name, copy=copy)

    def copy(self, name: str) -> Pixels:
        """The pixels of a copy, whether it is on record or not."""
        if name not in self.copies:
            self.copies[name] = opened(image.mark(self.plate, self.key(name)).data)
        return self.copies[name]
