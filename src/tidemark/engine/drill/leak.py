"""What a drilled leak is: a name, a family, and a pure function from a copy's pixels to the bytes of a found file."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]
"""A picture as a viewer shows it: (H, W, 3), sRGB, 0..255, red first."""

Plane = npt.NDArray[np.float32]
"""One channel or one map: (H, W)."""

Colours = npt.NDArray[np.float32]
"""A picture during a simulation: (H, W, 3); the range is said where it is used."""


@dataclass(frozen=True, slots=True)
class Leak:
    """One way in which a copy gets out.

    Attributes
    ----------
    name : str
        Short and unique; printed in the table of the drill.
    family : str
        The chapter of the table that it stands in.
    make : callable
        ``make(copy, rng) -> bytes`` when ``holders`` is 1, with ``copy`` a (H, W, 3) uint8 array of RGB; else
        ``make(copies, rng) -> bytes`` with a sequence of exactly ``holders`` such arrays of one shape. The bytes are
        an encoded file. The same pixels and the same state of ``rng`` give the same bytes, and the pixels given are
        never written to. Picklable, so that leaks can be made in other processes.
    holders : int
        How many holders mix their copies.
    """

    name: str
    family: str
    make: Callable[..., bytes]
    holders: int = 1
