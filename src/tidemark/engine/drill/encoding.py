"""Pixels to the bytes of a found file, and back: the one place where the drill calls an encoder.

Chroma is halved in both directions (4:2:0) in JPEG, WebP and AVIF, as phones, browsers and messengers do by default.
"""

import io

import numpy as np
from PIL import Image

from tidemark.engine.drill.leak import Pixels

SAVED_QUALITY = 85
"""JPEG quality that a picture editor saves with when nobody touches the slider."""


def png(rgb: Pixels) -> bytes:
    """The picture without loss. Compressed lightly: the drill wants the pixels, not the smallest file."""
    return _encoded(rgb, "PNG", compress_level=1)


def jpeg(rgb: Pixels, quality: int) -> bytes:
    """The picture as a JPEG of a quality on libjpeg's scale (1..95)."""
    return _encoded(rgb, "JPEG", quality=quality, subsampling="4:2:0")


def webp(rgb: Pixels, quality: int) -> bytes:
    """The picture as a lossy WebP of a quality on libwebp's scale (0..100)."""
    return _encoded(rgb, "WEBP", quality=quality, method=3)


def avif(rgb: Pixels, quality: int) -> bytes:
    """The picture as an AVIF of a quality on libavif's scale (0..100).

    One thread: the encoder may cut the picture into other tiles when it has more, and the bytes would depend on the
    machine.
    """
    return _encoded(rgb, "AVIF", quality=quality, speed=8, max_threads=1)


def gif(rgb: Pixels) -> bytes:
    """The picture in its own 256 colours (median cut), dithered by error diffusion."""
    picture = Image.fromarray(rgb)
    palette = picture.quantize(256, method=Image.Quantize.MEDIANCUT)
    buffer = io.BytesIO()
    picture.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG).save(buffer, "GIF")
    return buffer.getvalue()


def decoded(data: bytes) -> Pixels:
    """The pixels of a file that this module wrote, (H, W, 3) uint8. Not for files from outside: it has no limits."""
    with Image.open(io.BytesIO(data)) as picture:
        return np.asarray(picture.convert("RGB"), np.uint8)


def _encoded(rgb: Pixels, form: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(rgb)).save(buffer, form, **options)
    return buffer.getvalue()
