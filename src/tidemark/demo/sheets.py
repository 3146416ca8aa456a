"""A sheet for each leak of the demonstration: the draft, the leak beside it, what was found, and the mark made visible.

Pictures only; what is said on them was decided before. Pillow's own font is used, so that a sheet looks the same on
every machine; it has Latin letters only.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

MARK_GAIN = 24
"""How many times the mark is amplified where it is shown: at 46 dB it is about one level of 255."""

_PAPER, _INK, _DIM, _RULE = (250, 249, 246), (24, 28, 34), (112, 116, 122), (222, 220, 214)
_VERDICT_INKS = {
    "accused": (178, 34, 34),
    "suspected": (176, 112, 0),
    "inconclusive": (38, 84, 140),
    "unmatched": (92, 96, 102),
}
_MARGIN, _GAP, _TILE_W, _TILE_H = 64, 36, 640, 480

Image_ = Image.Image
Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on a sheet.

    Attributes
    ----------
    title, story, verdict : str
    findings : sequence of str
        Lines under the pictures, the first one large.
    draft : bytes or None
        The draft that was found, None if none was.
    leak : bytes
    copies : sequence of bytes
        The accused copies, of which the marks are shown.
    """

    title: str
    story: str
    verdict: str
    findings: Sequence[str]
    draft: bytes | None
    leak: bytes
    copies: Sequence[bytes]


def write_sheet(sheet: Sheet, path: Path) -> None:
    """Draw a sheet and write it as a PNG."""
    columns = 3
    width = 2 * _MARGIN + columns * _TILE_W + (columns - 1) * _GAP
    page = Image.new("RGB", (width, 960), _PAPER)
    pen = ImageDraw.Draw(page)
    _heading(pen, sheet, width)
    draft, leak = (_opened(sheet.draft) if sheet.draft else None), _opened(sheet.leak)
    tiles = (
        ("The draft, as it was before marking", draft),
        (f"The leak, as it was found: {leak.width} × {leak.height} px, {len(sheet.leak) / 1000:,.0f} kB", leak),
        (f"The mark that it carries, amplified {MARK_GAIN} times", _marks(draft, sheet.copies) if draft else None),
    )
    for index, (caption, picture) in enumerate(tiles):
        left = _MARGIN + index * (_TILE_W + _GAP)
        _tile(page, pen, caption, picture, box=(left, 212, left + _TILE_W, 212 + _TILE_H))
    top = 212 + _TILE_H + 84
    for index, line in enumerate(sheet.findings):
        size, ink = (34, _INK) if index == 0 else (23, _DIM)
        pen.text((_MARGIN, top), line, ink, font=ImageFont.load_default(size))
        top += round(size * 1.62)
    page.save(path, optimize=True)


def _heading(pen: ImageDraw.ImageDraw, sheet: Sheet, width: int) -> None:
    pen.text((_MARGIN, 46), sheet.title, _INK, font=ImageFont.load_default(52))
    pen.text((_MARGIN, 122), sheet.story, _DIM, font=ImageFont.load_default(25))
    font, ink = ImageFont.load_default(34), _VERDICT_INKS[sheet.verdict]
    words = sheet.verdict.upper()
    right = width - _MARGIN
    left = right - round(pen.textlength(words, font)) - 56
    pen.rounded_rectangle((left, 50, right, 112), 31, ink)
    pen.text(((left + right) / 2, 81), words, (255, 255, 255), font=font, anchor="mm")
    pen.line((_MARGIN, 178, right, 178), _RULE, 2)


def _tile(page: Image_, pen: ImageDraw.ImageDraw, caption: str, picture: Image_ | None, *, box: Box) -> None:
    """Put a picture into a box as large as it fits, its caption below; a thin frame if there is none."""
    left, top, right, bottom = box
    if picture is None:
        pen.rectangle(box, outline=_RULE, width=2)
        pen.text(((left + right) / 2, (top + bottom) / 2), "none", _DIM, font=ImageFont.load_default(28), anchor="mm")
    else:
        scale = min((right - left) / picture.width, (bottom - top) / picture.height)
        size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
        shown = picture.resize(size, Image.Resampling.LANCZOS)
        place = (left + (right - left - size[0]) // 2, top + (bottom - top - size[1]) // 2)
        page.paste(shown, place)
        frame = (place[0] - 1, place[1] - 1, place[0] + size[0], place[1] + size[1])
        pen.rectangle(frame, outline=_RULE, width=1)
    pen.text((left, bottom + 18), caption, _DIM, font=ImageFont.load_default(22))


def _marks(draft: Image_, copies: Sequence[bytes]) -> Image_ | None:
    """Return what each copy changed in the draft, amplified around grey; side by side bands of the draft's width."""
    if not copies:
        return None
    before = np.asarray(draft, np.int16)
    shown = np.empty(before.shape, np.uint8)
    edges = np.linspace(0, before.shape[1], len(copies) + 1).astype(int)
    for copy, left, right in zip(copies, edges[:-1], edges[1:], strict=True):
        change = np.asarray(_opened(copy), np.int16)[:, left:right] - before[:, left:right]
        shown[:, left:right] = np.clip(128 + MARK_GAIN * change, 0, 255)
        shown[:, right - 2 : right] = 255 if right < before.shape[1] else shown[:, right - 2 : right]
    return Image.fromarray(shown)


def _opened(data: bytes) -> Image_:
    with Image.open(io.BytesIO(data)) as picture:
        return picture.convert("RGB")
