"""A sheet of white paper and the pens of a draughtsman: line kinds, dimensions, hatching, lettering, tables.

Positions are pixels (x right, y down); text is set with Pillow's built-in face, lines with OpenCV at a sixteenth of a
pixel. The paper stays at 255 wherever no ink falls.
"""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from tidemark.demo.drafts.surface import Floats

Points = Sequence[tuple[float, float]] | Floats

THICK, MEDIUM, THIN = 3, 2, 1
CENTRE = (26.0, 5.0, 5.0, 5.0)
"""Dash-dot pattern of centre lines: ink, gap, ink, gap; pixels."""
HIDDEN = (9.0, 5.0)
_ARROW_PX = 13.0


class Sheet:
    """White paper of a given size; every method adds ink."""

    def __init__(self, width: int, height: int) -> None:
        self._ink = np.full((height, width), 255, np.uint8)
        self._words: list[tuple[float, float, str, int, str, bool]] = []

    def line(self, points: Points, width: int = THIN, *, closed: bool = False, grey: int = 0) -> None:
        """A line through points, optionally closed."""
        cells = np.asarray(np.rint(np.asarray(points, np.float64) * 16), np.int32)
        cv2.polylines(self._ink, [cells], closed, (grey,), width, cv2.LINE_AA, shift=4)

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
                self.line(np.stack([np.interp(stops, along, path[:, axis]) for axis in (0, 1)], 1).astype(np.float32), width)
            at, index = end, index + 1

    def fill(self, points: Points, grey: int = 0) -> None:
        """A filled outline."""
        cells = np.asarray(np.rint(np.asarray(points, np.float64) * 16), np.int32)
        cv2.fillPoly(self._ink, [cells], (grey,), cv2.LINE_AA, shift=4)

    def circle(self, centre: tuple[float, float], radius: float, width: int = THIN) -> None:
        """A circle; negative ``width`` fills it."""
        place = (round(centre[0] * 16), round(centre[1] * 16))
        cv2.circle(self._ink, place, round(radius * 16), (0,), width, cv2.LINE_AA, shift=4)

    def hatch(self, outline: Points, *, pitch: float = 9.0, rising: bool = True) -> None:
        """45° hatching within a closed outline."""
        area = np.zeros_like(self._ink)
        cells = np.asarray(np.rint(np.asarray(outline, np.float64) * 16), np.int32)
        cv2.fillPoly(area, [cells], (255,), shift=4)
        lines = Sheet(self._ink.shape[1], self._ink.shape[0])
        low, high = np.asarray(outline).min(0), np.asarray(outline).max(0)
        span = float(high[1] - low[1])
        for start in np.arange(low[0] - span, high[0] + span, pitch):
            x, slope = float(start), span if rising else -span
            lines.line([(x, float(high[1])), (x + slope, float(low[1]))])
        self._ink[area > 0] = np.minimum(self._ink, lines._ink)[area > 0]

    def text(self, at: tuple[float, float], words: str, size: int = 17, *, anchor: str = "lm", upright: bool = False) -> None:
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

    def balloon(self, tip: tuple[float, float], centre: tuple[float, float], number: int) -> None:
        """A part number in a circle, with a line that ends in a dot on the part."""
        away = np.subtract(tip, centre) / np.hypot(*np.subtract(tip, centre))
        self.line([tip, (centre[0] + float(away[0]) * 17, centre[1] + float(away[1]) * 17)])
        self.circle(tip, 3.2, -1)
        self.circle(centre, 17, MEDIUM)
        self.text(centre, str(number), 18, anchor="mm")

    def table(self, corner: tuple[float, float], widths: Sequence[float], row: float, cells: Sequence[Sequence[str]]) -> None:
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
        canvas = Image.fromarray(self._ink)
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
