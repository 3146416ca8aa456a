"""Pictures of a leak for the screen, made here: what pages show is never the found file itself."""

import io

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from tidemark.engine.carriers import image
from tidemark.engine.carriers.image import Picture
from tidemark.engine.keys import KEY_BYTES, copy_key
from tidemark.records import blobs
from tidemark.records.blobs import Shelf
from tidemark.records.copies.models import Copy
from tidemark.records.home import Home
from tidemark.records.leaks.tracing import TracedLeak
from tidemark.records.projects.models import Draft

LARGE_PX, THUMB_PX = 1280, 200
"""Long sides."""

_QUALITY = 84


def preview(picture: Picture, *, side_px: int = LARGE_PX) -> bytes:
    """Return a picture as a JPEG whose longest side has at most so many pixels, without any metadata."""
    pixels = np.asarray(picture.rgb() // ((picture.white + 1) // 256), np.uint8)
    scale = side_px / max(pixels.shape[:2])
    if scale < 1:
        size = max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale))
        pixels = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    return as_jpeg(pixels)


def as_jpeg(pixels: npt.NDArray[np.uint8]) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=_QUALITY, optimize=True)
    return buffer.getvalue()


def draw(home: Home, found: TracedLeak, leak: bytes, *, secret: bytes) -> dict[str, dict[str, str]]:
    """Draw how a leak lies on each draft that it was registered to, and keep the pictures.

    Returns
    -------
    dict
        Draft id → which picture → its SHA-256: ``leak`` and ``draft``, in one frame, and ``difference``; ``where`` too,
        if a copy of that draft is named.
    """
    drawn = {}
    named = {each.draft: each.copy for each in (*found.trace.suspected, *reversed(found.trace.accused))}
    for fit in found.trace.registered:
        if fit.observation is None:
            continue
        draft = Draft.objects.get(pk=fit.draft)
        copy = Copy.objects.filter(pk=named.get(fit.draft, "")).first()
        # Without a copy to show there is no place of its mark either: any key gives the other three pictures.
        key = copy_key(secret, draft=draft.pk, copy=copy.pk, nonce=bytes(copy.nonce)) if copy else bytes(KEY_BYTES)
        shown = image.illustrate(blobs.get(home, Shelf.ORIGINALS, draft.sha256), leak, fit.observation, key)
        pictures = {"leak": shown.leak, "draft": shown.draft, "difference": shown.difference}
        if copy is not None:
            pictures["where"] = shown.where
        drawn[fit.draft] = {name: blobs.put(home, Shelf.TRACES, _smaller(png)) for name, png in pictures.items()}
    return drawn


def _smaller(png: bytes) -> bytes:
    with Image.open(io.BytesIO(png)) as picture:
        return as_jpeg(np.asarray(picture.convert("RGB")))
