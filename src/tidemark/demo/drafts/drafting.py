"""A sheet of white paper and the pens of a draughtsman: line kinds, dimensions, hatching, lettering, tables.

Positions are pixels (x right, y down). Lines are drawn three times as large and reduced, so that curves of many short
pieces stay even; text is set with Pillow's built-in face. The paper stays at 255 wherever no ink falls.
"""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from tidemark.demo.drafts.surface import Floats

Points = Sequence[tuple[float, float]] | Floats

FINE = 3
"""Drawn size over final size."""
THICK, MEDIUM, THIN = 8, 5, 3
"""Widths of lines, in thirds of a pixel."""
CENTRE = (26.0, 5.0, 5.0, 5.0)
"""Dash-dot pattern of centre lines: ink, gap, ink, gap; pixels."""
HIDDEN = (9.0, 5.0)
PHANTOM = (20.0, 4.0, 4.0, 4.0, 4.0, 4.0)
_ARROW_PX = 13.0


def _fine(points: Points) -> npt.NDArray[np.int32]:
    """Positions as OpenCV wants them: enlarged, with four fractional bits."""
    return np.asarray(np.rint(np.asarray(points, np.float64) * (16 * FINE)), np.int32)


class Sheet:
    """White paper of a given size; every method adds ink."""

    def __init__(self, width: int, height: int) -> None:
        self._ink = np.full((height * FINE, width * FINE), 255, np.uint8)
        self._words: list[tuple[float, float, str, int, str, bool]] = []

    def line(self, points: Points, width: int = THIN, *, closed: bool = False, grey: int = 0) -> None:
        """A line through points, optionally closed."""
        cv2.polylines(self._ink, [_fine(points)], closed, (grey,), width, cv2.LINE_8, shift=4)

    def dashed(self, points: Points, pattern: Sequence[float], width: int = THIN) -> None:
        """A broken line; ``pattern`` alternates ink and gap, pixels."""
        path = np.asarray(points, np.float64)
        along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))])
        at, index = 0.0, 0
        while at < along[-1]:
            end = min(at + pattern[index % len(pattern)], float(along[-1]))
            if index % 2 == 0:
                inner = along[(along > at) & (along < end)]
                stops = np.concatenate([[at], inner, [end]])
                self.line(
                    np.stack([np.interp(stops, along, path[:, axis]) for axis in (0, 1)], 1).astype(np.float32), width
                )
            at, index = end, index + 1

    def fill(self, points: Points, grey: int = 0) -> None:
        """A filled outline."""
        cv2.fillPoly(self._ink, [_fine(points)], (grey,), cv2.LINE_8, shift=4)

    def circle(self, centre: tuple[float, float], radius: float, width: int = THIN) -> None:
        """A circle; negative ``width`` fills it."""
        place = (round(centre[0] * 16 * FINE), round(centre[1] * 16 * FINE))
        cv2.circle(self._ink, place, round(radius * 16 * FINE), (0,), width, cv2.LINE_8, shift=4)

    def hatch(self, outline: Points, *, pitch: float = 9.0, rising: bool = True) -> None:
        """45° hatching within a closed outline."""
        shape = np.asarray(outline, np.float64)
        corner = np.floor(shape.min(0)) - 2
        columns, rows = (np.ceil(shape.max(0) - corner) + 3).astype(int)
        slip = Sheet(int(columns), int(rows))
        for start in np.arange(-rows, columns, pitch):
            first, last = (float(start), float(rows)), (float(start + rows), 0.0)
            slip.line([first, last] if rising else [(first[0], 0.0), (last[0], float(rows))])
        area = np.zeros_like(slip._ink)
        cv2.fillPoly(area, [_fine(shape - corner)], (255,), shift=4)
        left, top = (corner * FINE).astype(int)
        window = self._ink[top : top + rows * FINE, left : left + columns * FINE]
        np.minimum(window, np.where(area > 0, slip._ink, 255).astype(np.uint8), out=window)

    def hatched(self, outline: Points, *, pitch: float, rising: bool = True) -> None:
        """A cut part: its outline, hatched."""
        self.hatch(outline, pitch=pitch, rising=rising)
        self.line(outline, MEDIUM, closed=True)

    def blank(self, outline: Points) -> None:
        """White paper again within an outline, and the outline."""
        self.fill(outline, 255)
        self.line(outline, MEDIUM, closed=True)

    def circle_with_axes(self, centre: tuple[float, float], radius: float) -> None:
        """A round hole with its centre lines."""
        self.circle(centre, radius)
        reach = radius + 5
        self.line([(centre[0] - reach, centre[1]), (centre[0] + reach, centre[1])])
        self.line([(centre[0], centre[1] - reach), (centre[0], centre[1] + reach)])

    def text(
        self, at: tuple[float, float], words: str, size: int = 17, *, anchor: str = "lm", upright: bool = False
    ) -> None:
        """Lettering at a point; ``anchor`` as in Pillow; ``upright`` reads from the right-hand side of the sheet."""
        self._words.append((*at, words, size, anchor, upright))

    def arrow(self, tip: tuple[float, float], tail: tuple[float, float]) -> None:
        """A filled arrow head pointing from ``tail`` to ``tip``."""
        direction = np.subtract(tip, tail) / max(float(np.hypot(*np.subtract(tip, tail))), 1e-6)
        across = np.array([-direction[1], direction[0]])
        base = np.asarray(tip) - direction * _ARROW_PX
        self.fill(np.array([tip, base + across * _ARROW_PX * 0.17, base - across * _ARROW_PX * 0.17], np.float32))

    def across(self, left: tuple[float, float], right: tuple[float, float], level: float, words: str) -> None:
        """Horizontal dimension between two points, its line at height ``level``."""
        for x, y in (left, right):
            side = np.sign(level - y)
            self.line([(x, y + 5 * side), (x, level + 7 * side)])
        self._dimension((left[0], level), (right[0], level), words, upright=False)

    def upwards(self, low: tuple[float, float], high: tuple[float, float], level: float, words: str) -> None:
        """Vertical dimension between two points, its line at abscissa ``level``."""
        for x, y in (low, high):
            side = np.sign(level - x)
            self.line([(x + 5 * side, y), (level + 7 * side, y)])
        self._dimension((level, low[1]), (level, high[1]), words, upright=True)

    def _dimension(self, start: tuple[float, float], end: tuple[float, float], words: str, *, upright: bool) -> None:
        length = float(np.hypot(*np.subtract(start, end)))
        middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
        if length < 4 * _ARROW_PX:  # no room between: arrows from outside
            out = np.subtract(end, start) / length * 28
            for tip, sign in ((start, -1), (end, 1)):
                tail = (tip[0] + sign * float(out[0]), tip[1] + sign * float(out[1]))
                self.line([tip, tail])
                self.arrow(tip, tail)
        else:
            self.arrow(start, end)
            self.arrow(end, start)
        self.line([start, end])
        place = (middle[0] - 10, middle[1]) if upright else (middle[0], middle[1] - 10)
        self.text(place, words, anchor="mm", upright=upright)

    def leader(self, tip: tuple[float, float], elbow: tuple[float, float], words: str) -> None:
        """An arrow to a feature with a note on a short shelf."""
        right = elbow[0] >= tip[0]
        shelf = (elbow[0] + (18 if right else -18), elbow[1])
        self.line([tip, elbow, shelf])
        self.arrow(tip, elbow)
        self.text((shelf[0] + (5 if right else -5), shelf[1]), words, anchor="lm" if right else "rm")

    def cutting_plane(self, end: tuple[float, float], side: int, letter: str) -> None:
        """End of a vertical cutting plane: a thick stroke, an arrow to the right, the letter; ``side`` 1 at the top."""
        self.line([end, (end[0], end[1] - 18 * side)], THICK)
        tip = (end[0] + 34, end[1] - 12 * side)
        self.line([(end[0], tip[1]), tip], MEDIUM)
        self.arrow(tip, (end[0], tip[1]))
        self.text((end[0] - 16, end[1] - 10 * side), letter, 22, anchor="mm")

    def feature_frame(self, corner: tuple[float, float], symbol: str, cells: Sequence[str]) -> None:
        """A geometrical tolerance: ``symbol`` "profile" or "position", then value and datums, from the upper left."""
        x, y = corner
        widths = (34.0, *(14.0 + 10.0 * len(cell) for cell in cells))
        self.line([(x, y), (x + sum(widths), y), (x + sum(widths), y + 28), (x, y + 28)], closed=True)
        if symbol == "profile":
            angle = np.linspace(np.pi, 2 * np.pi, 20)
            bow = np.column_stack([x + 17 + 10 * np.cos(angle), y + 19 + 10 * np.sin(angle)])
            self.line(bow.astype(np.float32), MEDIUM, closed=True)
        else:
            self.circle((x + 17, y + 14), 7)
            self.line([(x + 6, y + 14), (x + 28, y + 14)])
            self.line([(x + 17, y + 3), (x + 17, y + 25)])
        for width, cell in zip(widths, ("", *cells), strict=True):
            if cell:
                self.line([(x, y), (x, y + 28)])
            self.text((x + width / 2, y + 14), cell, 16, anchor="mm")
            x += width

    def datum(self, foot: tuple[float, float], letter: str, *, upright: bool = False) -> None:
        """A datum: a filled triangle on the feature, a stem, and the letter in a box; sideways when ``upright``."""
        x, y = foot
        out = (-1.0, 0.0) if upright else (0.0, 1.0)
        across = (out[1] * 8, out[0] * 8)
        peak = (x + 14 * out[0], y + 14 * out[1])
        self.fill([(x - across[0], y - across[1]), (x + across[0], y + across[1]), peak])
        middle = (x + 40 * out[0], y + 40 * out[1])
        self.line([peak, (x + 28 * out[0], y + 28 * out[1])])
        box = [(-12, -12), (12, -12), (12, 12), (-12, 12)]
        self.line([(middle[0] + dx, middle[1] + dy) for dx, dy in box], closed=True)
        self.text(middle, letter, 17, anchor="mm")

    def balloon(self, tip: tuple[float, float], centre: tuple[float, float], number: int) -> None:
        """A part number in a circle, with a line that ends in a dot on the part."""
        away = np.subtract(tip, centre) / np.hypot(*np.subtract(tip, centre))
        self.line([tip, (centre[0] + float(away[0]) * 17, centre[1] + float(away[1]) * 17)])
        self.circle(tip, 3.2, -1)
        self.circle(centre, 17, MEDIUM)
        self.text(centre, str(number), 18, anchor="mm")

    def table(
        self, corner: tuple[float, float], widths: Sequence[float], row: float, cells: Sequence[Sequence[str]]
    ) -> None:
        """A ruled table from its upper left corner; the first row is set off by a thicker line."""
        x, y = corner
        right, bottom = x + sum(widths), y + row * len(cells)
        self.line([(x, y), (right, y), (right, bottom), (x, bottom)], MEDIUM, closed=True)
        for index in range(1, len(cells)):
            self.line([(x, y + index * row), (right, y + index * row)], MEDIUM if index == 1 else THIN)
        for column in np.cumsum(widths)[:-1]:
            self.line([(x + float(column), y), (x + float(column), bottom)])
        for line, values in enumerate(cells):
            left = x
            for width, value in zip(widths, values, strict=True):
                self.text((left + 8, y + (line + 0.5) * row), value, 15)
                left += width

    def picture(self) -> npt.NDArray[np.uint8]:
        """The sheet with its lettering, (height, width, 3)."""
        reduced = (self._ink.shape[1] // FINE, self._ink.shape[0] // FINE)
        canvas = Image.fromarray(cv2.resize(self._ink, reduced, interpolation=cv2.INTER_AREA))
        pen = ImageDraw.Draw(canvas)
        for x, y, words, size, anchor, upright in self._words:
            font = ImageFont.load_default(size)
            if not upright:
                pen.text((x, y), words, fill=0, font=font, anchor=anchor)
                continue
            box = font.getbbox(words)
            slip = Image.new("L", (int(box[2]) + 4, size + 8), 255)
            ImageDraw.Draw(slip).text((2, (size + 8) // 2), words, fill=0, font=font, anchor="lm")
            turned = slip.rotate(90, expand=True)
            place = (round(x - turned.width / 2), round(y - turned.height / 2))
            under = canvas.crop((*place, place[0] + turned.width, place[1] + turned.height))
            canvas.paste(Image.fromarray(np.minimum(np.asarray(under), np.asarray(turned))), place)
        return np.repeat(np.asarray(canvas, np.uint8)[..., None], 3, 2)
