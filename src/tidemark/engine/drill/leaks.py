"""Every leak that the drill makes, in the order of its table."""

from tidemark.engine.drill import (
    collusion,
    filters,
    geometry,
    overlays,
    paper,
    recompression,
    screen_photo,
    screenshots,
)
from tidemark.engine.drill.leak import Leak

__all__ = ["LEAKS", "QUICK", "Leak"]

LEAKS: tuple[Leak, ...] = (
    *recompression.LEAKS,
    *geometry.LEAKS,
    *filters.LEAKS,
    *overlays.LEAKS,
    *screenshots.LEAKS,
    *screen_photo.LEAKS,
    *paper.LEAKS,
    *collusion.LEAKS,
)
"""All leaks, families together. Names are unique."""

QUICK: tuple[str, ...] = ("as sent", "jpeg 30", "480 px + jpeg 50", "crop 10 %", "blur 4", "desktop screenshot")
"""Names of the cheap ones that stand for the rest, for the warning before a weak draft is marked."""
