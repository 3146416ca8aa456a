"""Section A–A of the front bumper: skin, absorber, cross member, grille and stiffener in the middle plane, 1:2."""

import numpy as np
import numpy.typing as npt

from tidemark.demo.drafts import front
from tidemark.demo.drafts.drafting import CENTRE, MEDIUM, PHANTOM, THICK, Sheet
from tidemark.demo.drafts.shell import Shell
from tidemark.demo.drafts.surface import Floats, rounded

SECTION_AT = (1880.0, 935.0)
"""Sheet position of the foremost point at z = 0."""
_SCALE = 1000.0
_SKIN_M = 0.0055
"""Drawn thickness of the skin; its true 2.8 mm would close up."""
_BALLOONS = ((2.20, 0.45, 420.0), (2.28, 0.47, 370.0), (2.15, 0.188, 250.0), (2.26, 0.33, 310.0))
"""What the part numbers from 7 on point at, (x, z) metres, and their height over the ground line, pixels."""


def _placed(points: npt.ArrayLike, at: tuple[float, float]) -> Floats:
    """(x, z) to the sheet, nose to the left."""
    model = np.asarray(points, np.float64)
    across = at[0] + (front.NOSE_X - model[:, 0]) * _SCALE
    return np.column_stack([across, at[1] - model[:, 1] * _SCALE]).astype(np.float32)


def _thickened(line: Floats) -> Floats:
    """Outline of a skin that follows a line and lies behind it."""
    along = np.gradient(line, axis=0)
    normal = np.column_stack([-along[:, 1], along[:, 0]]) / np.maximum(np.hypot(*along.T), 1e-9)[:, None]
    inner = line + normal * _SKIN_M
    return np.concatenate([line, inner[::-1]]).astype(np.float32)


def middle_section(sheet: Sheet, shell: Shell, at: tuple[float, float]) -> None:
    """Draw the section with its dimensions."""
    sheet.text((at[0] + 20, 82), "SECTION A-A", 20, anchor="mm")
    sheet.text((at[0] + 20, 106), "1:2", 15, anchor="mm")
    grille, slot = shell.outlines["grille"][:, 1], shell.outlines["slot"][:, 1]
    nose = shell.nose()
    gaps = ((float(grille.min()), float(grille.max())), (float(slot.min()), float(slot.max())))
    edges = (0.0, *(z for gap in gaps for z in gap), 1.0)
    for low, high in zip(edges[::2], edges[1::2], strict=True):
        part = nose[(nose[:, 1] >= low) & (nose[:, 1] <= high)]
        sheet.hatched(_placed(_thickened(part), at), pitch=5.0)
    for low, high in gaps:
        for z, rise in ((low, 0.012), (high, -0.012)):
            x = float(np.interp(z, nose[:, 1], nose[:, 0]))
            flange = [(x, z), (x - 0.05, z + rise), (x - 0.05, z + rise - 0.004), (x, z - 0.004)]
            sheet.hatched(_placed(flange, at), pitch=5.0)
    _structure(sheet, at)
    mesh = np.array([(2.292, z) for z in np.linspace(gaps[0][0] + 0.010, gaps[0][1] - 0.010, 20)])
    for start, end in zip(mesh[::2], mesh[1::2], strict=True):
        sheet.line(_placed([start, end], at), THICK)
    bonnet = [(2.18, 0.772), (2.12, 0.787), (2.02, 0.815)]
    sheet.dashed(_placed(bonnet, at), PHANTOM, MEDIUM)
    sheet.dashed(_placed([(2.37, front.PLATE_Z), (2.0, front.PLATE_Z)], at), CENTRE)
    _dimensions(sheet, nose, gaps, at)


def _structure(sheet: Sheet, at: tuple[float, float]) -> None:
    """Cross member (extruded, two chambers), foam absorber, lower stiffener, radar."""
    beam = rounded([(2.165, 0.445), (2.235, 0.445), (2.235, 0.575), (2.165, 0.575)], 0.012)
    sheet.hatched(_placed(beam, at), pitch=9.0, rising=False)
    for low, high in ((0.452, 0.506), (0.514, 0.568)):
        chamber = rounded([(2.172, low), (2.228, low), (2.228, high), (2.172, high)], 0.008)
        sheet.blank(_placed(chamber, at))
    foam = rounded(
        [(2.237, 0.455), (2.315, 0.462), (2.322, 0.500), (2.322, 0.540), (2.315, 0.566), (2.237, 0.566)], 0.012
    )
    sheet.hatched(_placed(foam, at), pitch=11.0)
    sheet.hatched(_placed(foam, at), pitch=11.0, rising=False)
    stiffener = rounded([(2.06, 0.205), (2.30, 0.190), (2.30, 0.182), (2.06, 0.170)], 0.004)
    sheet.hatched(_placed(stiffener, at), pitch=7.0)
    radar = rounded([(2.245, 0.298), (2.278, 0.298), (2.278, 0.372), (2.245, 0.372)], 0.006)
    sheet.hatched(_placed(radar, at), pitch=7.0, rising=False)


def _dimensions(sheet: Sheet, nose: Floats, gaps: tuple[tuple[float, float], ...], at: tuple[float, float]) -> None:
    def spot(x: float, z: float) -> tuple[float, float]:
        placed = _placed([(x, z)], at)[0]
        return float(placed[0]), float(placed[1])

    def skin(z: float) -> tuple[float, float]:
        return spot(float(np.interp(z, nose[:, 1], nose[:, 0])), z)

    left = at[0] - 55
    for low, high in gaps:
        sheet.upwards(skin(low), skin(high), left, f"{(high - low) * 1000:.0f}")
    sheet.upwards(spot(2.20, 0.445), spot(2.20, 0.575), at[0] + 290, "130")
    sheet.across(spot(2.322, 0.462), spot(2.237, 0.455), at[1] - 400, "85")
    foremost = nose[np.argmax(nose[:, 0])]
    depth = f"{(float(foremost[0]) - 2.165) * 1000:.0f}"
    sheet.across(spot(float(foremost[0]), float(foremost[1])), spot(2.165, 0.445), at[1] - 60, depth)
    sheet.leader(skin(0.60), (at[0] + 170, at[1] - 660), "t = 2.8 ±0.15")
    sheet.leader(spot(2.20, 0.576), (at[0] + 260, at[1] - 625), "EN AW-6082 T6")
    sheet.leader(spot(2.30, 0.566), (at[0] + 225, at[1] - 595), "EPP 60 g/l")
    sheet.datum(spot(2.165, 0.47), "A", upright=True)
    for number, (x, z, height) in enumerate(_BALLOONS, 7):
        sheet.balloon(spot(x, z), (at[0] + 330, at[1] - height), number)
