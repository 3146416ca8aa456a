"""The front end of the MS11: bumper with grille, air curtains, splitter, plate, sensors; headlamps.

Heights are x, metres before the middle of the car, over (|y|, z).
"""

from collections.abc import Mapping, Sequence

import cv2
import numpy as np

from tidemark.demo.drafts.materials import Material
from tidemark.demo.drafts.surface import Floats, Grid, Labels, Panel, ramp, rounded, smooth_curve

END = Grid(0.0, 1.05, 0.0, 1.15, 0.0007)
"""Sampling of either end: 0.7 mm, finer than a pixel of the closest view."""
NOSE_X = 2.36
PLATE_HALF_WIDTH, PLATE_HALF_HEIGHT = 0.26, 0.056
PLATE_Z = 0.520
SENSORS = ((0.385, 0.575), (0.605, 0.552))
GRILLE_PITCH = 0.026

_SECTION = (
    (0.0, -0.18), (0.12, -0.085), (0.17, -0.035), (0.21, -0.020), (0.27, -0.025), (0.36, -0.020), (0.47, -0.008),
    (0.58, 0.0), (0.65, -0.008), (0.70, -0.03), (0.76, -0.085), (0.84, -0.19), (1.15, -0.6),
)  # fmt: skip


def outlines(revision: str) -> Mapping[str, Floats]:
    """Closed outlines in (|y|, z) of everything cut into the front end.

    Raises
    ------
    ValueError
        The revision is neither "A" nor "B".
    """
    if revision not in ("A", "B"):
        raise ValueError(f'the front bumper has revisions "A" and "B", not {revision!r}')
    moved = 0.024 if revision == "A" else 0.0
    return {
        "grille": rounded(
            [(-0.7, 0.425), (0.34 + moved, 0.425), (0.50 + moved, 0.375), (0.575, 0.252 + moved),
             (-0.7, 0.252 + moved)], 0.05,
        ),
        "curtain": rounded(
            [(0.700 - moved, 0.548), (0.812, 0.580), (0.806, 0.44), (0.778, 0.292 + moved), (0.640, 0.262 + moved),
             (0.668, 0.42)], 0.05,
        ),
        "blade": rounded([(0.694, 0.30), (0.706, 0.302), (0.742 - moved, 0.52), (0.730 - moved, 0.52)], 0.006),
        "lamp": rounded(
            [(0.43, 0.658), (0.62, 0.664), (0.78, 0.664), (0.880, 0.690), (0.912, 0.752), (0.84, 0.738), (0.64, 0.706),
             (0.45, 0.684)], 0.018,
        ),
        "light": rounded(
            [(0.455, 0.680), (0.64, 0.7015), (0.84, 0.7335), (0.905, 0.748), (0.903, 0.738), (0.84, 0.7235),
             (0.64, 0.6915), (0.50, 0.6745), (0.474, 0.663), (0.448, 0.663)], 0.008,
        ),
        "plate": rounded([(-0.7, 0.592), (0.295, 0.592), (0.278, 0.452), (-0.7, 0.452)], 0.02),
        "slot": rounded([(-0.7, 0.664), (0.345, 0.664), (0.375, 0.640), (0.30, 0.632), (-0.7, 0.632)], 0.012),
        "mask": rounded([(-0.7, 0.618), (0.40, 0.612), (0.60, 0.46), (0.640, 0.12), (-0.7, 0.12)], 0.05),
        "splitter": rounded(
            [(-0.7, 0.05), (-0.7, 0.200), (0.45, 0.200), (0.70, 0.212), (1.2, 0.225), (1.2, 0.05)], 0.02
        ),
        "radar": rounded([(-0.7, 0.375), (0.075, 0.375), (0.085, 0.295), (-0.7, 0.295)], 0.012),
    }  # fmt: skip


def plan_setback(y: Floats, *, half_width: float, depth: float, power: float) -> Floats:
    """How far an end recedes at |y|: a superellipse, going on straight where it would turn parallel to the flanks."""
    share = y / np.float32(half_width)
    last = 0.95
    round_part = depth * (1 - (1 - np.minimum(share, last) ** power) ** (1 / power))
    slope = depth * (1 - last**power) ** (1 / power - 1) * last ** (power - 1)
    return np.asarray(round_part + slope * np.maximum(share - last, 0), np.float32)


def bare_front(y: Floats, z: Floats) -> Floats:
    """The front's x before anything is cut into it."""
    setback = plan_setback(y, half_width=0.990, depth=0.70, power=2.45)
    return np.asarray(NOSE_X + smooth_curve(_SECTION, z) - setback, np.float32)


def honeycomb(grid: Grid, pitch_m: float) -> Floats:
    """Distance in metres to the nearest wall of a honeycomb: half of how much nearer the nearest centre is."""
    y, z = grid.axes()
    height = pitch_m * 3**0.5
    nearest = np.full(grid.shape, 9.0, np.float32)
    second = nearest.copy()
    for shift in (0.0, 0.5):
        off_y = np.abs((y / np.float32(pitch_m) - shift + 0.5) % 1 - 0.5) * pitch_m
        off_z = ((z / np.float32(height) - shift + 0.5) % 1 - 0.5) * height
        for away in (np.hypot(off_y, off_z), np.hypot(pitch_m - off_y, off_z)):
            second = np.minimum(second, np.maximum(nearest, away))
            nearest = np.minimum(nearest, away)
    return np.asarray((second - nearest) / 2, np.float32)


def front_panel(revision: str = "B") -> Panel:
    """The front end at a revision."""
    y, z = END.axes()
    height: Floats = np.asarray(cv2.GaussianBlur(bare_front(y, z), (0, 0), 4), np.float32)
    shape = {name: END.distance(outline) for name, outline in outlines(revision).items()}
    height += _sculpture(shape)
    labels = np.full(END.shape, Material.PAINT, np.uint8)
    ink = np.zeros(END.shape, np.float32)
    curtain, grille = shape["curtain"], shape["grille"]
    labels[curtain < -0.010] = Material.ROOF
    labels[curtain < -0.022] = Material.TRIM
    labels[(curtain < -0.022) & ((z % 0.036) < 0.010)] = Material.ROOF
    labels[shape["blade"] < 0.010] = Material.ROOF
    labels[shape["blade"] < -0.0015] = Material.LIGHT
    labels[grille < -0.003] = Material.ROOF
    hole = grille < -0.016
    labels[hole] = Material.TRIM
    labels[hole & (honeycomb(END, GRILLE_PITCH) > 0.0024)] = Material.VOID
    labels[shape["radar"] < 0.004] = Material.ROOF
    labels[shape["slot"] < -0.003] = Material.VOID
    labels[shape["splitter"] < 0.0] = Material.ROOF
    labels[np.abs(shape["splitter"] + 0.016) < 0.003 * ramp(0.93, 0.70, y)] = Material.BRIGHT
    _headlamp(labels, shape["lamp"], shape["light"])
    ink = np.maximum(ink, np.exp(-((shape["lamp"] / 0.002) ** 2)))
    ink = np.maximum(ink, 0.7 * np.exp(-(((shape["radar"] - 0.001) / 0.0015) ** 2)))
    add_plate(labels, height, PLATE_Z)
    add_sensors(ink, height, SENSORS)
    return Panel.of(END, np.asarray(height, np.float32), labels, ink=np.asarray(ink, np.float32))


def _sculpture(shape: Mapping[str, Floats]) -> Floats:
    """What is added to the bare front: positive outwards."""
    y, z = END.axes()
    curtain, grille = shape["curtain"], shape["grille"]
    added = -0.013 * ramp(0.010, -0.016, shape["mask"]) * ramp(0.195, 0.235, z)
    added += 0.018 * np.exp(-(((y - 0.735) / 0.10) ** 2) - ((z - 0.43) / 0.13) ** 2)
    # A crease under the lamps runs out into the flanks.
    crease = z - (0.618 + 0.05 * y**2)
    added += 0.010 * np.exp(-np.maximum(crease, 0) / 0.03) * np.exp(-np.maximum(-crease, 0) / 0.09) * ramp(0.36, 0.5, y)
    added -= 0.060 * ramp(0.004, -0.045, grille)
    added += 0.005 * np.exp(-(((grille - 0.007) / 0.006) ** 2))
    added -= 0.085 * ramp(0.004, -0.055, curtain)
    added += 0.028 * ramp(0.006, -0.002, shape["blade"])
    added += 0.016 * ramp(0.003, -0.010, shape["radar"])
    added -= 0.015 * ramp(0.004, -0.014, shape["plate"])
    added -= 0.024 * ramp(0.003, -0.014, shape["slot"])
    added += 0.034 * ramp(0.008, -0.012, shape["splitter"]) * ramp(0.97, 0.60, y)
    added -= 0.004 * np.exp(-((shape["lamp"] / 0.003) ** 2))
    return np.asarray(added, np.float32)


def _headlamp(labels: Labels, lamp: Floats, light: Floats) -> None:
    """Dark cavity behind a clear cover, a light blade along its upper edge, three lens modules below."""
    y, z = END.axes()
    labels[lamp < 0.0] = Material.LAMP
    labels[light < 0.0] = Material.LIGHT
    for centre_y, centre_z in ((0.600, 0.6755), (0.672, 0.6775), (0.744, 0.6800)):
        lens = np.maximum(np.abs(y - centre_y - 0.5 * (z - centre_z)) / 2.2, np.abs(z - centre_z))
        labels[lens < 0.0085] = Material.BRIGHT
        labels[lens < 0.0068] = Material.GLASS


def add_plate(labels: Labels, height: Floats, centre_z: float) -> None:
    """Number plate, standing 5 mm proud of its recess."""
    top, bottom = centre_z + PLATE_HALF_HEIGHT, centre_z - PLATE_HALF_HEIGHT
    outline = [(-0.7, top), (PLATE_HALF_WIDTH, top), (PLATE_HALF_WIDTH, bottom), (-0.7, bottom)]
    distance = END.distance(rounded(outline, 0.008))
    height += 0.005 * ramp(0.001, -0.001, distance)
    labels[distance < 0.004] = Material.TRIM
    labels[distance < 0.0] = Material.PLATE


def add_sensors(ink: Floats, height: Floats, places: Sequence[tuple[float, float]]) -> None:
    """Parking sensors: 20 mm discs in a fine gap."""
    y, z = END.axes()
    for place_y, place_z in places:
        ring = np.exp(-(((np.hypot(y - place_y, z - place_z) - 0.0110) / 0.0014) ** 2))
        np.maximum(ink, ring, out=ink)
        height -= 0.0015 * ring
