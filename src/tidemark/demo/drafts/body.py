"""The sides and the top of the MS11: the two panels that give the car its silhouette, glass and shut lines.

Axes: x forwards, y to the car's left, z up, origin on the ground below the middle of the car; metres. The car is
symmetric, so panels know only |y|.
"""

from collections.abc import Sequence

import cv2
import numpy as np

from tidemark.demo.drafts.materials import Material
from tidemark.demo.drafts.surface import Floats, Grid, Panel, calm_curve, floats, ramp, rounded, smooth_curve

AXLES_X = (1.44, -1.40)
"""Front and rear axle."""
WHEEL_RADIUS = 0.356
ARCH_RADIUS = 0.390

Line = Sequence[tuple[float, float]]

SIDE = Grid(-2.5, 2.5, 0.0, 1.5, 0.0015)
TOP = Grid(-2.5, 2.5, 0.0, 1.05, 0.0015)

_BELT = (
    (-2.5, 1.03), (-1.6, 1.005), (-0.5, 0.962), (0.45, 0.938), (0.85, 0.955), (1.2, 1.03), (1.6, 1.12), (2.5, 1.3),
)  # fmt: skip
_SPINE = (
    (-2.5, 0.99), (-2.36, 1.035), (-2.12, 1.085), (-1.7, 1.215), (-1.2, 1.355), (-0.75, 1.425), (-0.35, 1.44),
    (0.05, 1.395), (0.45, 1.24), (0.80, 1.075), (1.0, 1.0), (1.3, 0.955), (1.7, 0.895), (2.05, 0.815), (2.3, 0.725),
    (2.5, 0.60),
)  # fmt: skip
_SECTION = (
    (0.0, 0.83), (0.17, 0.865), (0.25, 0.905), (0.40, 0.925), (0.58, 0.938), (0.72, 0.944), (0.84, 0.936),
    (0.95, 0.915), (1.1, 0.87), (1.5, 0.70),
)  # fmt: skip
_PLAN = (
    (-2.5, 0.93), (-1.95, 0.978), (-1.4, 1.006), (-0.6, 0.988), (0.4, 0.982), (1.44, 1.0), (1.95, 0.972), (2.5, 0.92),
)  # fmt: skip

SIDE_GLASS = rounded(
    [(0.68, 0.985), (0.30, 1.170), (-0.02, 1.300), (-0.42, 1.360), (-0.88, 1.338), (-1.30, 1.222), (-1.70, 1.062),
     (-1.52, 1.036), (-0.5, 0.998)], 0.10,
)  # fmt: skip
_DOORS: tuple[Line, ...] = (
    (
        (0.86, 0.95),
        (0.90, 0.80),
        (0.90, 0.42),
        (0.84, 0.27),
        (0.70, 0.235),
        (-0.28, 0.235),
        (-0.345, 0.32),
        (-0.345, 0.97),
    ),
    ((-0.30, 0.235), (-0.92, 0.235), (-1.0, 0.40), (-1.10, 0.60), (-1.32, 0.80), (-1.42, 0.99)),
)
_PILLARS: tuple[Line, ...] = (((-0.36, 0.98), (-0.45, 1.37)), ((-1.24, 1.0), (-1.36, 1.22)))
_HANDLES = (-0.16, -1.06)
BONNET_EDGE: Line = ((0.92, 0.75), (1.5, 0.735), (1.88, 0.71), (2.02, 0.672), (2.068, 0.640))
BOOT_EDGE: Line = ((-2.02, 0.0), (-2.02, 0.60), (-2.08, 0.68), (-2.19, 0.705))


def _pane(front: tuple[float, float], rear: tuple[float, float], half_front: float, half_rear: float) -> Floats:
    """Outline in (x, |y|) of a bowed pane: x in the middle and at the corner of its front and rear edges."""
    share = np.linspace(0, 1, 24)
    ahead = np.column_stack([front[0] + (front[1] - front[0]) * share**2.2, half_front * share])
    behind = np.column_stack([rear[0] + (rear[1] - rear[0]) * share**2.2, half_rear * share])
    corners = [(front[0], -0.3), *map(tuple, ahead), *map(tuple, behind[::-1]), (rear[0], -0.3)]
    return rounded([(float(x), float(y)) for x, y in corners], 0.045)


WINDSCREEN = _pane((0.90, 0.66), (-0.02, -0.10), 0.745, 0.565)
ROOF = _pane((-0.14, -0.17), (-1.07, -1.05), 0.50, 0.47)
REAR_GLASS = _pane((-1.17, -1.15), (-2.07, -1.93), 0.49, 0.60)


def eased(line: Line) -> Floats:
    """A line with its corners cut four times over (Chaikin), shape (N, 2)."""
    points = np.array(line, np.float32)
    for _ in range(4):
        inner = np.stack([points[:-1] * 0.75 + points[1:] * 0.25, points[:-1] * 0.25 + points[1:] * 0.75], 1)
        points = np.concatenate([points[:1], inner.reshape(-1, 2), points[-1:]])
    return points


def drawn(grid: Grid, lines: Sequence[Line], width_m: float) -> Floats:
    """Coverage in [0, 1] of eased lines of a given width on a grid."""
    mask = np.zeros(grid.shape, np.uint8)
    for line in lines:
        thickness = max(1, round(width_m / grid.step))
        cv2.polylines(mask, [grid.cells(eased(line))], False, (255,), thickness, cv2.LINE_AA, shift=4)
    return floats(mask) / np.float32(255)


def _side_height(x: Floats, z: Floats) -> Floats:
    """Half width of the bare body side, before shut lines."""
    over_belt = z - smooth_curve(_BELT, x)
    lower = smooth_curve(_SECTION, z) * calm_curve(_PLAN, x)
    house = 0.795 - 0.40 * over_belt - 0.30 * over_belt**2 + 4.0 * np.maximum(-over_belt, 0)
    house -= 0.10 * ramp(-1.2, -2.2, x) - 0.02
    crease = z - (0.735 - 0.018 * x)
    fade = ramp(2.2, 1.6, x) * ramp(-2.35, -1.9, x)
    lower -= fade * 0.16 * np.minimum(np.sqrt(crease**2 + 0.006**2), 0.09)
    scoop = z - (0.385 - 0.045 * x)
    lower -= 0.022 * np.exp(-((scoop / 0.055) ** 2)) * ramp(1.02, 0.6, x) * ramp(-1.0, -0.5, x)
    for axle in AXLES_X:
        radius = np.hypot(x - np.float32(axle), z - np.float32(WHEEL_RADIUS - 0.01))
        lower += 0.020 * ramp(0.60, 0.38, radius)
    blend = np.clip(0.5 + 0.5 * (house - lower) / 0.05, 0, 1)
    return np.asarray(house * (1 - blend) + lower * blend - 0.05 * blend * (1 - blend), np.float32)


def side_panel() -> Panel:
    """Half width |y| over (x, z)."""
    x, z = SIDE.axes()
    height: Floats = np.asarray(cv2.GaussianBlur(_side_height(x, z), (0, 0), 5), np.float32)
    labels = np.full(SIDE.shape, Material.PAINT, np.uint8)
    labels[np.broadcast_to(z < 0.222 - 0.004 * x, labels.shape)] = Material.TRIM
    glass = SIDE.distance(SIDE_GLASS)
    labels[glass < 0.017] = Material.BRIGHT
    labels[glass < 0.008] = Material.ROOF
    labels[glass < 0.0] = Material.GLASS
    height -= 0.004 * ramp(0.002, -0.004, glass)
    labels[(drawn(SIDE, _PILLARS, 0.05) > 0.5) & (glass < 0)] = Material.ROOF
    seams = drawn(SIDE, _DOORS, 0.0045)
    seams[glass < 0.017] = 0
    seams = np.asarray(cv2.GaussianBlur(seams, (0, 0), 0.8), np.float32)
    height -= 0.0025 * seams
    for centre in _HANDLES:
        left, right = centre - 0.1, centre + 0.1
        handle = SIDE.distance(rounded([(left, 0.834), (right, 0.828), (right, 0.852), (left, 0.858)], 0.012))
        seams = np.maximum(seams, np.exp(-((handle / 0.0025) ** 2)))
        height += 0.004 * ramp(0.003, -0.008, handle)
    sill = np.exp(-(((z - (0.222 - 0.004 * x)) / 0.003) ** 2)) * 0.8
    return Panel.of(SIDE, height, labels, ink=np.maximum(seams, sill).astype(np.float32))


def top_panel() -> Panel:
    """Height z of bonnet, windscreen, roof and tail over (x, |y|)."""
    x, y = TOP.axes()
    crown = smooth_curve(((-2.5, 0.10), (-1.2, 0.16), (-0.4, 0.13), (0.5, 0.22), (1.2, 0.115), (2.5, 0.09)), x)
    power = y - (0.30 + 0.13 * (2.2 - x))
    ridge = 0.006 * (1 + np.tanh(power / 0.020)) * ramp(0.95, 1.25, x) * ramp(2.25, 2.0, x)
    bare = np.asarray(smooth_curve(_SPINE, x) - crown * y**2 + ridge, np.float32)
    height: Floats = np.asarray(cv2.GaussianBlur(bare, (0, 0), 3), np.float32)
    labels = np.full(TOP.shape, Material.PAINT, np.uint8)
    ink = drawn(TOP, [BONNET_EDGE, BOOT_EDGE], 0.005)
    for outline, material in ((WINDSCREEN, Material.GLASS), (ROOF, Material.ROOF), (REAR_GLASS, Material.GLASS)):
        distance = TOP.distance(outline)
        labels[distance < 0.012] = Material.ROOF
        labels[distance < 0] = material
        height -= 0.003 * ramp(0.002, -0.004, distance)
        ink[distance < 0.01] = 0
    ink = np.asarray(cv2.GaussianBlur(ink, (0, 0), 0.8), np.float32)
    height -= 0.0025 * ink * ramp(2.0, 1.85, x)
    return Panel.of(TOP, height, labels, ink=ink)
