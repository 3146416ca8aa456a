"""What is left of a new draft when the parts that known drafts explain are painted over.

A trace finds one place of each draft. A sheet may hold one draft twice, once as the original and once as somebody's
copy: the second is found when the first is out of sight.
"""

import io
import math
from collections.abc import Iterable, Iterator

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from tidemark.engine.carriers.image import Observation, read

Levels = npt.NDArray[np.uint8]

_CELL_PX = 16
"""Side of the squares of the draft's grid that are painted over or left, whole."""
_EXPLAINED_LEVELS = 10.0
"""Of 255: the mean difference from a draft up to which a square shows it. What a mark adds is below 2 in any of them;
another picture, or the same one at another place, differs by more wherever there is anything to be seen."""


def uncovered(picture: bytes, observations: Iterable[Observation], *, wholly: Iterable[Observation] = ()) -> bytes:
    """Paint over what shows the observed drafts, in the picture's mean colour.

    Parameters
    ----------
    picture : bytes
        The file that the observations were made of.
    observations : iterable of Observation
        Of these, what the draft explains: another picture that lies on it stays.
    wholly : iterable of Observation
        Of these, all that they cover.

    Returns
    -------
    bytes
        A PNG of the picture's size.
    """
    seen = read(picture, animated="first")
    levels = seen.rgb()
    left: Levels = np.ascontiguousarray(levels if seen.white == 255 else levels // 257, dtype=np.uint8)
    colour = tuple(round(float(mean)) for mean in left.mean(axis=(0, 1)))
    squares = [
        *(square for each in observations for square in _squares(each, most_levels=_EXPLAINED_LEVELS)),
        *(square for each in wholly for square in _squares(each, most_levels=math.inf)),
    ]
    for square in squares:
        cv2.fillConvexPoly(left, square, colour)
    stream = io.BytesIO()
    Image.fromarray(left).save(stream, "PNG", compress_level=1)
    return stream.getvalue()


def _squares(observation: Observation, *, most_levels: float) -> Iterator[npt.NDArray[np.int32]]:
    """Yield the corners, in the picture, of each square of the grid that differs by no more, on average."""
    difference = np.abs(observation.residual)
    rows, columns = difference.shape
    where = observation.placement.map_xy((rows, columns))
    for top in range(0, rows, _CELL_PX):
        for left in range(0, columns, _CELL_PX):
            bottom, right = min(top + _CELL_PX, rows - 1), min(left + _CELL_PX, columns - 1)
            if difference[top : bottom + 1, left : right + 1].mean() <= most_levels:
                square = where[[top, top, bottom, bottom], [left, right, right, left]]
                yield np.rint(square).astype(np.int32)
