"""The rear end of the MS11: bumper with diffuser, exhaust trims and reflectors; light band, plate, spoiler lip.

Heights are -x, metres behind the middle of the car, over (|y|, z).
"""

from collections.abc import Mapping

import cv2
import numpy as np

from tidemark.demo.drafts.front import END, add_plate, add_sensors, plan_setback
from tidemark.demo.drafts.materials import Material
from tidemark.demo.drafts.surface import Floats, Panel, ramp, rounded, smooth_curve

TAIL_X = 2.34
PLATE_Z = 0.800
SENSORS = ((0.23, 0.535), (0.60, 0.552))

_SECTION = (
    (0.0, -0.20), (0.16, -0.09), (0.24, -0.045), (0.36, -0.022), (0.50, 0.0), (0.58, 0.004), (0.64, -0.022),
    (0.78, -0.055), (0.90, -0.045), (1.0, -0.015), (1.04, 0.0), (1.15, 0.03),
)  # fmt: skip


def outlines() -> Mapping[str, Floats]:
    """Closed outlines in (|y|, z) of everything cut into the rear end."""
    return {
        "diffuser": rounded(
            [(-0.7, 0.345), (0.40, 0.345), (0.50, 0.310), (0.72, 0.325), (0.765, 0.250), (0.84, 0.235), (1.2, 0.235),
             (1.2, 0.02), (-0.7, 0.02)], 0.045,
        ),
        "exhaust": rounded([(0.505, 0.205), (0.675, 0.205), (0.705, 0.287), (0.530, 0.287)], 0.03),
        "reflector": rounded([(0.555, 0.398), (0.790, 0.425), (0.790, 0.446), (0.565, 0.420)], 0.008),
        "lamp": rounded(
            [(-0.7, 0.945), (0.45, 0.945), (0.72, 0.922), (0.845, 0.890), (0.868, 0.925), (0.84, 0.970), (0.70, 0.985),
             (-0.7, 0.985)], 0.02,
        ),
        "plate": rounded([(-0.7, 0.893), (0.345, 0.893), (0.305, 0.722), (-0.7, 0.722)], 0.035),
        "vent": rounded([(0.800, 0.600), (0.842, 0.625), (0.858, 0.400), (0.825, 0.372)], 0.025),
        "shelf": rounded([(-0.7, 0.475), (0.62, 0.475), (0.74, 0.36), (0.70, 0.20), (-0.7, 0.20)], 0.06),
    }  # fmt: skip


def bare_rear(y: Floats, z: Floats) -> Floats:
    """The rear's -x before anything is cut into it."""
    setback = plan_setback(y, half_width=0.992, depth=0.64, power=2.7)
    return np.asarray(TAIL_X + smooth_curve(_SECTION, z) - setback, np.float32)


def rear_panel() -> Panel:
    """The rear end."""
    y, z = END.axes()
    height: Floats = np.asarray(cv2.GaussianBlur(bare_rear(y, z), (0, 0), 4), np.float32)
    shape = {name: END.distance(outline) for name, outline in outlines().items()}
    height += _sculpture(shape)
    labels = np.full(END.shape, Material.PAINT, np.uint8)
    labels[shape["diffuser"] < 0.0] = Material.TRIM
    labels[shape["exhaust"] < 0.006] = Material.BRIGHT
    labels[shape["exhaust"] < -0.012] = Material.VOID
    labels[shape["reflector"] < -0.001] = Material.TAIL
    labels[shape["vent"] < -0.010] = Material.TRIM
    lamp = shape["lamp"]
    labels[lamp < 0.0] = Material.TAIL
    labels[(np.abs(lamp + 0.0130) < 0.0036) & (y < 0.935)] = Material.GLOW
    ink = np.maximum(np.exp(-(((lamp - 0.001) / 0.0025) ** 2)), np.exp(-((shape["reflector"] / 0.0018) ** 2)))
    ink = np.maximum(ink, 0.6 * np.exp(-((shape["diffuser"] / 0.0018) ** 2)))
    add_plate(labels, height, PLATE_Z)
    add_sensors(ink, height, SENSORS)
    return Panel.of(END, np.asarray(height, np.float32), labels, ink=np.asarray(ink, np.float32))


def _sculpture(shape: Mapping[str, Floats]) -> Floats:
    """What is added to the bare rear: positive outwards."""
    y, _ = END.axes()
    added = -0.016 * ramp(0.012, -0.022, shape["shelf"])
    added -= 0.045 * ramp(0.006, -0.05, shape["diffuser"]) * ramp(0.95, 0.75, y)
    for fin in (0.085, 0.245, 0.395):
        across = ramp(0.016, 0.005, np.abs(y - np.float32(fin)))
        added = added + 0.050 * across * ramp(-0.03, -0.09, shape["diffuser"])
    added += 0.040 * ramp(0.008, -0.006, shape["exhaust"]) - 0.085 * ramp(-0.008, -0.028, shape["exhaust"])
    added -= 0.004 * ramp(0.002, -0.003, shape["reflector"])
    added -= 0.050 * ramp(0.004, -0.03, shape["vent"])
    added -= 0.035 * ramp(0.010, -0.030, shape["plate"])
    added += 0.008 * ramp(0.002, -0.010, shape["lamp"])
    return np.asarray(added, np.float32)
