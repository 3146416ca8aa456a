"""Small JPEGs of drafts and copies, for the screen: made once, kept under the hash of what they were made from.

A preview of a draft comes from the original and bears no mark, so it is for those who may see originals. A preview of a
copy is made from that copy's own marked bytes, so that even a screenshot of the holder's page leads to the holder. It
is a quarter of the copy at most, so that it never is the file: that is had by a download alone, which the ledger holds.
"""

import hashlib
import io
from collections.abc import Callable

import cv2
import numpy as np
from PIL import Image

from tidemark.engine.carriers import image
from tidemark.engine.carriers.image import Picture
from tidemark.records import blobs
from tidemark.records.blobs import Shelf
from tidemark.records.home import Home
from tidemark.records.projects.models import Preview

THUMB_PX, COPY_PX, LARGE_PX = 160, 640, 1280
_COPY_IS_LONGER = 4
"""How many times a copy's longer side is at least its preview's."""
_QUALITY = 82


def preview(home: Home, source_sha256: str, *, side_px: int, load: Callable[[], bytes]) -> bytes:
    """Return the preview of a stored picture, making and keeping it if there is none yet.

    Parameters
    ----------
    source_sha256 : str
        Of the picture's bytes.
    side_px : int
        Its longest side at most.
    load : callable
        Gives the picture's bytes, if they are needed.

    Raises
    ------
    UnreadableFile, LimitExceeded
        If the picture cannot be read.
    RecordsDamaged
        If stored bytes are gone or changed.
    """
    known = _kept(home, source_sha256, side_px=side_px)
    if known is not None:
        return known
    return keep_previews(home, source_sha256, image.read(load()), sides_px=(side_px,))[side_px]


def copy_preview(home: Home, copy_sha256: str) -> bytes:
    """Return the preview of a copy, as :func:`preview` does: a quarter of its longer side, and at most
    :data:`COPY_PX`.
    """
    known = _kept(home, copy_sha256, side_px=COPY_PX)
    if known is not None:
        return known
    picture = image.read(blobs.get(home, Shelf.COPIES, copy_sha256))
    longest_px = max(picture.width_px, picture.height_px)
    made = shrink(picture, side_px=min(COPY_PX, longest_px // _COPY_IS_LONGER))
    _keep(home, copy_sha256, made, side_px=COPY_PX)
    return made


def keep_previews(
    home: Home, source_sha256: str, picture: Picture, *, sides_px: tuple[int, ...] = (THUMB_PX, LARGE_PX)
) -> dict[int, bytes]:
    """Make and keep previews of a picture that has been read; those of the same sizes kept before stay valid."""
    made = {}
    for side_px in sides_px:
        made[side_px] = shrink(picture, side_px=side_px)
        _keep(home, source_sha256, made[side_px], side_px=side_px)
    return made


def shrink(picture: Picture, *, side_px: int) -> bytes:
    """Return a picture as a JPEG whose longest side has at most so many pixels, without any metadata."""
    levels = picture.rgb()
    pixels = np.asarray(levels if picture.white == 255 else levels // 257, np.uint8)
    scale = min(1.0, side_px / max(pixels.shape[:2]))
    if scale < 1:
        width, height = (max(1, round(side * scale)) for side in (picture.width_px, picture.height_px))
        pixels = np.asarray(cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=_QUALITY, optimize=True)
    return buffer.getvalue()


def _kept(home: Home, source_sha256: str, *, side_px: int) -> bytes | None:
    known = Preview.objects.filter(source_sha256=source_sha256, side_px=side_px).first()
    if known is None or not blobs.exists(home, Shelf.PREVIEWS, known.sha256):
        return None
    return blobs.get(home, Shelf.PREVIEWS, known.sha256)


def _keep(home: Home, source_sha256: str, made: bytes, *, side_px: int) -> None:
    Preview.objects.update_or_create(
        source_sha256=source_sha256, side_px=side_px, defaults={"sha256": hashlib.sha256(made).hexdigest()}
    )
    blobs.put(home, Shelf.PREVIEWS, made)
