"""The pictures of the bench: the MS11 drafts, and the photographs that lie inside scikit-image's wheel."""

import io
from collections.abc import Callable
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import skimage.data
from PIL import Image

from tidemark.demo.drafts import DRAFTS
from tidemark.engine.drill.leak import Pixels

LONG_SIDE_PX = 1024
"""Larger pictures are shrunk to it before anyone marks them. rivaGAN costs some seconds per megapixel and decoding on
one core; at the drafts' own sizes the bench would take hours. Every scheme gets the same smaller pictures."""

PHOTOS = ("astronaut.png", "chelsea.png", "coffee.png", "rocket.jpg")
"""Of scikit-image's colour photographs the four that lie in the wheel and show something at an ordinary size."""


def _photo(name: str) -> Pixels:
    with Image.open(Path(skimage.data.__file__).parent / name) as picture:
        return np.asarray(picture.convert("RGB"), np.uint8)


PICTURES: dict[str, Callable[[], Pixels]] = {
    **DRAFTS,
    **{name.partition(".")[0]: partial(_photo, name) for name in PHOTOS},
}
"""Name of each picture, and what draws or reads it: (H, W, 3) uint8, RGB."""


def picture(name: str) -> Pixels:
    """The picture as the bench marks it, its long side at most :data:`LONG_SIDE_PX`."""
    rgb = PICTURES[name]()
    scale = LONG_SIDE_PX / max(rgb.shape[:2])
    if scale >= 1:
        return rgb
    size = round(rgb.shape[1] * scale), round(rgb.shape[0] * scale)
    return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)


def png(rgb: Pixels) -> bytes:
    """The file of a picture. One encoder for all schemes that hand back pixels."""
    buffer = io.BytesIO()
    Image.fromarray(rgb).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()
