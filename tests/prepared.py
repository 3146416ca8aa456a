"""What the engine makes of a draft follows from the draft alone: where tests are not about that, it is made once."""

import hashlib
from collections.abc import Callable
from typing import TypeVar

from tidemark.engine.carriers import image
from tidemark.engine.carriers.image import Picture

T = TypeVar("T")

_KEPT = 32
"""Of a few megabytes each; most tests share a handful of drafts."""


def once_a_draft(make: Callable[[Picture], T]) -> Callable[[Picture], T]:
    """Return the same function, which remembers what it made of each picture."""
    made: dict[object, T] = {}

    def remembered(picture: Picture) -> T:
        pixels = picture.pixels
        shown = (pixels.shape, pixels.dtype.str, hashlib.sha256(pixels.tobytes()).digest())
        key = (shown, picture.mode, picture.format, picture.profile, picture.dpi, picture.encoding)
        if key not in made:
            if len(made) >= _KEPT:
                made.pop(next(iter(made)))
            made[key] = make(picture)
        return made[key]

    return remembered


describe, prepare = once_a_draft(image.describe), once_a_draft(image.prepare)
