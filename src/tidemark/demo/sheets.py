"""A sheet for each leak of the demonstration: the draft, the leak beside it, what was found, and the mark made visible.

Pictures only; what is said on them was decided before. Pillow's own font is used, so that a sheet looks the same on
every machine; it has Latin letters only.
"""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

MARK_GAIN = 24
"""How many times the mark is amplified where it is shown: at 46 dB it is about one level of 255."""

_PAPER, _INK, _DIM, _RULE = (250, 249, 246), (24, 28, 34), (104, 108, 114), (222, 220, 214)
_VERDICT_INKS = {
    "accused": (170, 32, 36),
    "suspected": (176, 112, 0),
    "inconclusive": (38, 84, 140),
    "unmatched": (92, 96, 102),
}
_MARGIN, _GAP, _TILE_W, _TILE_H, _TOP = 64, 36, 640, 480, 216
_WIDTH = 2 * _MARGIN + 3 * _TILE_W + 2 * _GAP

_Raster = Image.Image
_Ink = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on a sheet.

    Attributes
    ----------
    title, story, verdict : str
    named : sequence of (str, str)
        Each accused copy's holder, and what is said of the copy. ``^`` before digits raises them.
    remarks : sequence of str
        Sentences below.
    draft : bytes or None
        The draft that was found, None if none was.
    leak : bytes
    copies : sequence of bytes
        The accused copies, of which the marks are shown.
    """

    title: str
    story: str
    verdict: str
    named: Sequence[tuple[str, str]]
    remarks: Sequence[str]
    draft: bytes | None
    leak: bytes
    copies: Sequence[bytes]


def write_sheet(sheet: Sheet, path: Path) -> None:
    """Draw a sheet and write it as a PNG."""
    draft, leak = (_opened(sheet.draft) if sheet.draft else None), _opened(sheet.leak)
    mark = _marks(draft, sheet.copies) if draft else None
    whose = "The mark in it" if len(sheet.copies) < 2 else "The marks in it, side by side"
    tiles = (
        ("The draft before marking" if draft else "No draft on record is like it", draft),
        (f"The leak as it was found: {leak.width} by {leak.height} pixels, {len(sheet.leak) / 1000:,.0f} kB", leak),
        (f"{whose}, amplified {MARK_GAIN} times" if mark else "No mark of any copy is in it", mark),
    )
    shown = [(caption, _fitted(picture) if picture else None) for caption, picture in tiles]
    row_height = max(picture.height for _, picture in shown if picture)
    page = Image.new("RGB", (_WIDTH, _TOP + row_height + 120 + 104 * len(sheet.named) + 90), _PAPER)
    pen = ImageDraw.Draw(page)
    _heading(page, pen, sheet)
    for index, (caption, picture) in enumerate(shown):
        _tile(page, pen, caption, picture, left=_MARGIN + index * (_TILE_W + _GAP), row_height=row_height)
    _findings(pen, sheet, top=_TOP + row_height + 88)
    page.save(path, optimize=True)


def _heading(page: _Raster, pen: ImageDraw.ImageDraw, sheet: Sheet) -> None:
    pen.text((_MARGIN, 44), sheet.title, _INK, font=_font(52))
    pen.text((_MARGIN, 120), sheet.story, _DIM, font=_font(25))
    seal = _seal(sheet.verdict.upper(), _VERDICT_INKS[sheet.verdict])
    page.paste(seal, (_WIDTH - _MARGIN - seal.width, 50), seal)
    pen.line((_MARGIN, 180, _WIDTH - _MARGIN, 180), _RULE, 2)


def _seal(words: str, ink: _Ink) -> _Raster:
    """Return the verdict in a rounded field, drawn large and reduced so that its ends are smooth."""
    font = _font(136)
    width = round(font.getlength(words)) + 224
    large = Image.new("RGBA", (width, 248), (*ink, 0))
    pen = ImageDraw.Draw(large)
    pen.rounded_rectangle((0, 0, width - 1, 247), 124, (*ink, 255))
    pen.text((width / 2, 124), words, (255, 255, 255, 255), font=font, anchor="mm")
    return large.resize((width // 4, 62), Image.Resampling.LANCZOS)


def _tile(
    page: _Raster, pen: ImageDraw.ImageDraw, caption: str, picture: _Raster | None, *, left: int, row_height: int
) -> None:
    """Put a picture in the middle of its column, its caption below; a dash if there is none."""
    middle = (left + _TILE_W / 2, _TOP + row_height / 2)
    if picture is None:
        pen.line((middle[0] - 28, middle[1], middle[0] + 28, middle[1]), _RULE, 4)
    else:
        place = (round(middle[0] - picture.width / 2), round(middle[1] - picture.height / 2))
        page.paste(picture, place)
        pen.rectangle(
            (place[0] - 1, place[1] - 1, place[0] + picture.width, place[1] + picture.height), outline=_RULE, width=1
        )
    pen.text((left, _TOP + row_height + 16), caption, _DIM, font=_font(22))


def _findings(pen: ImageDraw.ImageDraw, sheet: Sheet, *, top: float) -> None:
    for holder, detail in sheet.named:
        pen.text((_MARGIN, top), holder, _VERDICT_INKS[sheet.verdict], font=_font(38))
        _with_powers(pen, (_MARGIN, top + 52), detail, _INK, size=25)
        top += 104
    for sentence in sheet.remarks:
        pen.text((_MARGIN, top), sentence, _DIM, font=_font(23))
        top += 36


def _with_powers(pen: ImageDraw.ImageDraw, place: tuple[float, float], text: str, ink: _Ink, *, size: int) -> None:
    """Write a line in which ``^`` raises the digits after it."""
    left, top = place
    for index, part in enumerate(re.split(r"\^(\d+)", text)):
        raised = index % 2 == 1
        font = _font(round(size * 0.68)) if raised else _font(size)
        pen.text((left, top - (3 if raised else 0)), part, ink, font=font)
        left += pen.textlength(part, font) + (1 if raised else 0)


def _marks(draft: _Raster, copies: Sequence[bytes]) -> _Raster | None:
    """Return what each copy changed in the draft, amplified around grey: a band of the draft's width for each."""
    if not copies:
        return None
    before = np.asarray(draft, np.int16)
    shown = np.empty(before.shape, np.uint8)
    edges = np.linspace(0, before.shape[1], len(copies) + 1).astype(int)
    for copy, left, right in zip(copies, edges[:-1], edges[1:], strict=True):
        change = np.asarray(_opened(copy), np.int16)[:, left:right] - before[:, left:right]
        shown[:, left:right] = np.clip(128 + MARK_GAIN * change, 0, 255)
    for edge in edges[1:-1]:
        shown[:, edge - 6 : edge + 6] = _PAPER
    return Image.fromarray(shown)


def _fitted(picture: _Raster) -> _Raster:
    """Return a picture as large as fits a tile."""
    scale = min(_TILE_W / picture.width, _TILE_H / picture.height)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture.resize(size, Image.Resampling.LANCZOS)


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _opened(data: bytes) -> _Raster:
    with Image.open(io.BytesIO(data)) as picture:
        return picture.convert("RGB")
