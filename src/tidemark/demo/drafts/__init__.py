"""The bundled drafts: an unreleased car, code name MS11, that exists nowhere but in these lines.

Three shaded renders and a line drawing, all computed from one model, the same on every machine up to rounding.
Each is drawn in seconds; nothing is cached.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import cv2
import numpy as np
import numpy.typing as npt

from tidemark.demo.drafts.drawing import ms11_drawing
from tidemark.demo.drafts.views import ms11_front_bumper, ms11_full_view, ms11_rear_bumper

__all__ = ["DRAFTS", "ms11_drawing", "ms11_front_bumper", "ms11_full_view", "ms11_rear_bumper", "png"]

DRAFTS: Mapping[str, Callable[..., npt.NDArray[np.uint8]]] = MappingProxyType(
    {
        "ms11-front-bumper": ms11_front_bumper,
        "ms11-rear-bumper": ms11_rear_bumper,
        "ms11-full-view": ms11_full_view,
        "ms11-drawing": ms11_drawing,
    }
)
"""Name of each draft, and what draws it: (height, width, 3) RGB."""


def png(name: str, **drawn: str) -> bytes:
    """A draft as the bytes of a PNG file; ``drawn`` is what its function takes, a revision or a status.

    Raises
    ------
    KeyError
        There is no draft of that name; :data:`DRAFTS` has them all.
    """
    done, data = cv2.imencode(".png", cv2.cvtColor(DRAFTS[name](**drawn), cv2.COLOR_RGB2BGR))
    if not done:
        raise RuntimeError(f"OpenCV could not write {name} as PNG")
    return data.tobytes()
