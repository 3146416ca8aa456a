"""What our registration does for the peers: a leak laid back onto the draft, at the draft's full size, in colour.

Registration sees the leak and the unmarked draft, as in a trace. Where the leak does not show the draft, the draft's
own unmarked pixels are put: their blocks vote like coins, while black or white ones would all vote the same way.
"""

from dataclasses import dataclass, replace
from typing import Self

import cv2
import numpy as np
import numpy.typing as npt

from tidemark.engine.carriers.image.features import Features, extract
from tidemark.engine.carriers.image.grid import to_grid
from tidemark.engine.carriers.image.refine import (
    Anvil,
    Placement,
    Warper,
    held_out_correlation,
    pixels_per_grid_pixel,
)
from tidemark.engine.carriers.image.register import fit
from tidemark.engine.drill.leak import Pixels

Plane = npt.NDArray[np.float32]

_IN_PLACE_PX = 0.1
"""A leak of the draft's size that no pixel is farther off than this already lies where it belongs."""

_AS_GOOD = 0.95
"""Share of the neighbour's correlation that a placement taken over from it must reach."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a leak lies, and how well its held-out tiles correlate with the draft there."""

    placement: Placement
    correlation: float


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """The unmarked draft that leaks are laid back onto."""

    rgb: Pixels
    grid: Plane
    features: Features
    anvil: Anvil

    @classmethod
    def of(cls, rgb: Pixels) -> Self:
        """Prepare a draft, (H, W, 3) uint8."""
        luma = luma_of(rgb)
        return cls(rgb, to_grid(luma), extract(luma), Anvil.of(to_grid(luma)))

    def place(self, leak: Pixels, *, like: Placed | None = None) -> Placed | None:
        """Register a leak to the draft; None if it fits nowhere.

        Parameters
        ----------
        leak : Pixels
        like : Placed, optional
            Of the same leak of a copy that another scheme marked. The same accidents befell both, so its placement is
            tried first, and registration starts from nothing only if the leak correlates less well there.
        """
        luma = luma_of(leak)
        if like is not None:
            correlation = held_out_correlation(
                self.anvil, Warper.of(luma, like.placement, self.anvil.shape), like.placement
            )
            if correlation >= _AS_GOOD * like.correlation:
                return Placed(like.placement, correlation)
        found = fit(self.grid, self.features, luma)
        return Placed(found.placement, found.correlation) if found else None

    def lay_back(self, leak: Pixels, placed: Placed) -> Pixels | None:
        """Warp a leak to the draft's frame and size; None if it lies there already."""
        height, width = self.rgb.shape[:2]
        x, y = self._map_xy(placed.placement)
        if leak.shape == self.rgb.shape and _strays_px(x, y) < _IN_PLACE_PX:
            return None
        step = pixels_per_grid_pixel(placed.placement.leak_from_grid, self.grid.shape, leak.shape[:2])
        step *= max(self.grid.shape) / max(height, width)  # leak pixels per pixel of the draft
        small = leak
        if step > 1.25:  # as in a trace: area means first, or warping would alias
            size = max(8, round(leak.shape[1] / step)), max(8, round(leak.shape[0] / step))
            small = np.asarray(cv2.resize(leak, size, interpolation=cv2.INTER_AREA), np.uint8)
        sx, sy = small.shape[1] / leak.shape[1], small.shape[0] / leak.shape[0]
        at_x, at_y = ((x + 0.5) * sx - 0.5).astype(np.float32), ((y + 0.5) * sy - 0.5).astype(np.float32)
        warped = cv2.remap(small, at_x, at_y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        shown = (x > -0.5) & (y > -0.5) & (x < leak.shape[1] - 0.5) & (y < leak.shape[0] - 0.5)
        return np.where(shown[..., None], warped, self.rgb).astype(np.uint8)

    def _map_xy(self, placement: Placement) -> tuple[Plane, Plane]:
        """Leak positions (x, y) of every pixel of the full-size draft."""
        height, width = self.rgb.shape[:2]
        rows, columns = self.grid.shape
        sx, sy = columns / width, rows / height
        grid_from_draft = np.array([[sx, 0, 0.5 * sx - 0.5], [0, sy, 0.5 * sy - 0.5], [0, 0, 1.0]])
        bend = placement.bend
        if bend is not None:  # a displacement in grid pixels, read at the draft's pixels and told in them
            bend = cv2.resize(bend, (width, height), interpolation=cv2.INTER_CUBIC) / np.array([sx, sy], np.float32)
        full = replace(placement, leak_from_grid=placement.leak_from_grid @ grid_from_draft, bend=bend)
        xy = full.map_xy((height, width))
        return xy[..., 0], xy[..., 1]


def luma_of(rgb: Pixels) -> Plane:
    """Rec. 601 luminance, levels of 255."""
    return np.asarray(cv2.cvtColor(rgb.astype(np.float32), cv2.COLOR_RGB2GRAY), np.float32)


def _strays_px(x: Plane, y: Plane) -> float:
    rows, columns = x.shape
    return float(max(np.abs(x - np.arange(columns)).max(), np.abs(y - np.arange(rows)[:, None]).max()))
