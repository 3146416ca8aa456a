"""A wheel of the MS11 seen from outside: tyre, rim with five twin spokes, brake disc and caliper behind."""

import cv2
import numpy as np

from tidemark.demo.drafts.materials import Material
from tidemark.demo.drafts.surface import Floats, Grid, Panel, floats, ramp

WHEEL = Grid(-0.37, 0.37, -0.37, 0.37, 0.0008)
WHEEL_INNER_Y = 0.68
_SPOKES = 5
_RIM_RADIUS = 0.298
_FACE_Y = 0.918


def _spoke_edge(radius: Floats, angle: Floats) -> Floats:
    """Signed distance, about metres, to the edge of the nearest spoke; negative on it."""
    sector = np.abs((angle * _SPOKES / (2 * np.pi)) % 1 - 0.5) * 2 * np.pi / _SPOKES * radius
    axis = 0.014 + 0.15 * np.maximum(radius - 0.06, 0)
    return np.asarray(np.abs(sector - axis) - (0.018 - 0.022 * radius), np.float32)


def wheel_panel() -> Panel:
    """Outer face of a wheel: |y| over its own (x, z)."""
    x, z = WHEEL.axes()
    radius, angle = np.hypot(x, z), np.arctan2(z, x)
    edge = _spoke_edge(radius, angle)
    hub = radius - np.float32(0.060)
    edge = np.minimum(edge, hub)
    solid = ramp(0.007, -0.003, edge)
    barrel = 0.925 - 0.095 * ramp(0.297, 0.250, radius)
    face = _FACE_Y - 0.030 * ramp(0.26, 0.07, radius) - 0.08 * np.maximum(edge + 0.010, 0)
    inner = barrel * (1 - solid) + face * solid
    inner -= 0.010 * ramp(0.032, 0.029, radius) - 0.008 * ramp(0.029, 0.026, radius)
    tyre = 0.930 - 4.0 * (radius - 0.322) ** 2 + 0.0012 * np.cos(np.minimum(np.abs(radius - 0.33) / 0.004, np.pi))
    height = np.where(radius < _RIM_RADIUS, inner, tyre)
    labels = np.full(WHEEL.shape, Material.TYRE, np.uint8)
    rim = radius < _RIM_RADIUS
    labels[rim] = Material.VOID
    disc = (radius > 0.085) & (radius < 0.190)
    labels[disc] = Material.DISC
    drilled = ((angle * 30 / np.pi + radius * 60) % 1 < 0.25) & (np.abs((radius - 0.09) / 0.022 % 1 - 0.5) < 0.2)
    labels[disc & drilled] = Material.VOID
    labels[(radius > 0.118) & (radius < 0.205) & (np.abs(angle - 0.55) < 0.46)] = Material.CALIPER
    labels[rim & (radius > 0.262)] = Material.ROOF
    labels[rim & (edge < 0.008)] = Material.ROOF
    labels[rim & (edge < -0.0045)] = Material.RIM
    labels[rim & (radius > 0.290)] = Material.RIM
    for nut in range(_SPOKES):
        at = 2 * np.pi * (nut + 0.5) / _SPOKES
        labels[np.hypot(x - 0.045 * np.cos(at), z - 0.045 * np.sin(at)) < 0.0085] = Material.VOID
    labels[np.abs(radius - 0.0295) < 0.0016] = Material.VOID
    return Panel.of(WHEEL, floats(cv2.GaussianBlur(floats(height), (0, 0), 1.5)), labels)
