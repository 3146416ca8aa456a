"""Which leaks the bench makes: of every family of the drill some, so that the whole run stays under half an hour."""

from tidemark.engine.drill.leak import Leak
from tidemark.engine.drill.leaks import LEAKS

_TAKEN = (
    *("as sent", "jpeg 50", "jpeg 30", "jpeg 8", "jpeg 90, shifted, jpeg 60"),
    *("720 px", "480 px + jpeg 50", "320 px + jpeg 60"),
    *("crop 50 %", "crop 25 %", "crop 10 %", "crop 5 %"),
    *("mirrored", "rotated 2°", "perspective", "local bending"),
    *("blur 2", "median 5", "denoised + jpeg 30", "photo filter", "greyscale"),
    *("logo and text", "in a slide"),
    *("desktop screenshot", "messenger twice", "screenshot, repost, caption"),
    *("screen photo, near", "screen photo, far, cut, repost"),
    *("print + scan", "print + photo"),
)
"""Left out: milder and harsher sisters of these, what does nothing to pictures of 1024 pixels ("1600 px"), and the
dearest of the simulated photographs and prints."""

COLLUDED = "mean of 2"

QUICK = ("as sent", "jpeg 30", "480 px + jpeg 50", "crop 25 %", "perspective", COLLUDED)

_SLOW = ("screen photo", "paper")


def leaks(*, every: bool = False, quick: bool = False) -> list[Leak]:
    """The leaks to make, dearest first so that no worker ends long after the others; two-colluder mean included.

    Raises
    ------
    KeyError
        The drill no longer makes one of the leaks named here.
    """
    by_name = {leak.name: leak for leak in LEAKS}
    if every:
        chosen = [leak for leak in LEAKS if leak.holders == 1] + [by_name[COLLUDED]]
    else:
        chosen = [by_name[name] for name in (QUICK if quick else (*_TAKEN, COLLUDED))]
    return sorted(chosen, key=lambda leak: leak.family not in _SLOW)
