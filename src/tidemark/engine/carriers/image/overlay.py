"""A visible overlay that says whose copy this is, laid over the draft before the mark: it deters, the mark proves.

It is a change of luma alone, like the mark, so colours, depth, profile, alpha and JPEG's chroma stay what they were. It
belongs to the copy and not to the draft: a leak is registered to the draft without it, and to the trace it is one more
thing that the draft does not explain. No key has a part in it, so it can neither help nor hurt an innocent.

Not guaranteed: that it survives. Whoever paints it over or crops it away still has the mark.
"""

import io
from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from tidemark.engine.carriers.image.jpeg import JpegCopyWriter
from tidemark.engine.carriers.image.marking import Plate
from tidemark.engine.carriers.image.picture import add_luma
from tidemark.engine.carriers.image.writing import PixelCopyWriter

Array = npt.NDArray[np.float32]

STRENGTH_LEVELS = 26.0
"""Of 255, by which the writing differs from what it stands on: read at arm's length, looked through up close."""

_ANGLE_DEGREES = 24.0
_TEXT_SHARE = 1 / 44  # height of the writing, of the picture's longer side
_LEAST_TEXT_PX = 11
_GAP_ACROSS, _GAP_DOWN = 2.2, 5.0  # between one block and the next, in heights of the writing
_LINE_HEIGHT = 1.35
_DARK_BELOW = 96.0  # level of 255 of the surroundings from which on down the writing is lighter than them
_SURROUNDINGS = 2.0  # how far they reach, in heights of the writing


def overlaid(plate: Plate, lines: Sequence[str], *, typeface: bytes = b"") -> Plate:
    """Return a plate whose copies bear some lines of writing, repeated all over, beside their marks.

    Parameters
    ----------
    plate : Plate
    lines : sequence of str
        Such as the holder, the person, the date, the copy's id. Empty ones are left out.
    typeface : bytes
        A font file that has their characters; without it, Latin letters are drawn by a built-in one.
    """
    kept = [line for line in lines if line.strip()]
    if not kept:
        return plate
    picture = plate.picture
    delta = _writing(picture.luma(), kept, typeface)
    if isinstance(plate.writer, JpegCopyWriter):
        luma = np.clip(np.rint(plate.writer.luma + delta), 0, 255).astype(np.uint8)
        return replace(plate, writer=replace(plate.writer, luma=luma))
    return replace(plate, writer=PixelCopyWriter(replace(picture, pixels=add_luma(picture, delta))))


def _writing(luma: Array, lines: Sequence[str], typeface: bytes) -> Array:
    """Return the change of luma, (H, W), levels of 255: darker on light surroundings, lighter on dark ones."""
    height_px = max(_LEAST_TEXT_PX, round(max(luma.shape) * _TEXT_SHARE))
    cover = _tiled(_block(lines, _font(typeface, height_px), height_px), luma.shape)
    around = cv2.GaussianBlur(luma, (0, 0), _SURROUNDINGS * height_px)
    sign = np.where(around < _DARK_BELOW, np.float32(1), np.float32(-1))
    return np.asarray(cover * sign * np.float32(STRENGTH_LEVELS), np.float32)


def _font(typeface: bytes, height_px: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    if typeface:
        return ImageFont.truetype(io.BytesIO(typeface), height_px)
    return ImageFont.load_default(height_px)


def _block(lines: Sequence[str], font: ImageFont.FreeTypeFont | ImageFont.ImageFont, height_px: int) -> Image.Image:
    """Draw the lines once, with the gap to the next block: mode L, 255 where there is ink."""
    step = round(height_px * _LINE_HEIGHT)
    width = max(round(font.getbbox(line)[2]) for line in lines)
    size = (width + round(_GAP_ACROSS * height_px), step * len(lines) + round(_GAP_DOWN * height_px))
    block = Image.new("L", size)
    draw = ImageDraw.Draw(block)
    for number, line in enumerate(lines):
        draw.text((0, number * step), line, fill=255, font=font)
    return block


def _tiled(block: Image.Image, shape: tuple[int, ...]) -> Array:
    """Repeat a block, each row shifted by half of one, turned; return how much of each pixel ink covers, 0..1."""
    height, width = shape[:2]
    across = int(np.hypot(height, width)) + 2 * max(block.size)
    sheet = Image.new("L", (across, across))
    for row, top in enumerate(range(0, across, block.height)):
        for left in range(-(row % 2) * block.width // 2, across, block.width):
            sheet.paste(block, (left, top))
    turned = sheet.rotate(_ANGLE_DEGREES, Image.Resampling.BICUBIC)
    left, top = (across - width) // 2, (across - height) // 2
    cut = turned.crop((left, top, left + width, top + height))
    return np.asarray(cut, np.float32) / np.float32(255)
