"""The MS11 as one solid: panels blended into a body, wheels in their arches, mirrors. Answers distance and surface."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from tidemark.demo.drafts.body import ARCH_RADIUS, AXLES_X, WHEEL_RADIUS, eased
from tidemark.demo.drafts.materials import Material
from tidemark.demo.drafts.surface import Floats, Labels, Panel, floats, ramp
from tidemark.demo.drafts.wheel import WHEEL_INNER_Y

Flags = npt.NDArray[np.bool_]
Shift = tuple[float, float]

_UNDERSIDE_Z = 0.135
_ARCH_INNER_Y = 0.56
_TYRE_EDGE_M = 0.03
FRONT_EDGE_OVER_Z = eased(
    ((0.0, 1.75), (0.17, 1.76), (0.47, 1.80), (0.60, 1.85), (0.68, 1.92), (0.735, 1.965), (0.82, 1.985))
)
FRONT_EDGE_OVER_Y = eased(
    ((0.0, 2.19), (0.20, 2.188), (0.42, 2.165), (0.60, 2.105), (0.74, 2.03), (0.88, 1.985), (1.05, 1.97))
)
_REAR_EDGE_OVER_Y = eased(((0.0, 0.655), (0.45, 0.657), (0.75, 0.70), (0.95, 0.728), (1.05, 0.73)))
_REAR_EDGE_OVER_Z = eased(((0.0, -1.72), (0.17, -1.73), (0.48, -1.78), (0.62, -1.84), (0.70, -1.93), (0.74, -2.0)))
"""The parting lines around the bumpers: x over z on the flanks, x or z over |y| on bonnet and boot."""
_WRAP_M = 0.045
"""How far the picture on an end (lamps above all) is carried around the corner onto the flank."""


@dataclass(frozen=True, slots=True)
class Surface:
    """What is found at points of the car."""

    normal: Floats
    """Outward unit normals, (N, 3)."""
    openness: Floats
    """Share of the surroundings that fine cavities leave in view, (N,)."""
    label: Labels
    """Materials, (N,)."""


@dataclass(frozen=True, slots=True)
class Car:
    """The panels of one MS11, and the solid that they make."""

    side: Panel
    top: Panel
    front: Panel
    rear: Panel
    wheel: Panel
    rest: Material = Material.PAINT
    """What all painted sheet metal but the bumpers is covered with."""

    def distance(self, x: Floats, y: Floats, z: Floats, *, mean: bool = False) -> Floats:
        """Approximate signed distance in metres of points (N,) to the car.

        As a rule not above the true one, so that rays may advance by it; ``mean`` gives up that caution for evenness.
        """
        measure = Panel.clearance if mean else Panel.above
        y, ahead = np.abs(y), x > 0
        end = self._end(measure, ahead, (y, z, np.abs(x)))
        body, _ = _smooth_max(measure(self.side, x, z, y), end, _end_blend(x))
        body, _ = _smooth_max(body, measure(self.top, x, y, z), _top_blend(x))
        body = np.maximum(body, _UNDERSIDE_Z - z)
        wheel_x, wheel_z = _in_wheel(x, z)
        radius = np.hypot(wheel_x, wheel_z)
        body = np.maximum(body, np.minimum(ARCH_RADIUS - radius, y - _ARCH_INNER_Y))
        near = np.flatnonzero((radius < 0.6) & (z < 0.9))
        if near.size:
            face = measure(self.wheel, wheel_x[near], wheel_z[near], y[near])
            tyre, _ = _smooth_max(floats(radius[near] - WHEEL_RADIUS), face, _TYRE_EDGE_M)
            body[near] = np.minimum(body[near], np.maximum(tyre, WHEEL_INNER_Y - y[near]))
        aside = np.flatnonzero((np.abs(x - np.float32(0.65)) < 0.4) & (y > 0.6) & (z > 0.7))
        if aside.size:
            body[aside] = np.minimum(body[aside], mirror_distance(x[aside], y[aside], z[aside]))
        return floats(body)

    def surface(self, x: Floats, y: Floats, z: Floats, *, shift: Shift = (0.0, 0.0)) -> Surface:
        """Normals, openness and materials at points (N,) on the car; ``shift`` as in :meth:`Panel.materials`."""
        sign, y = np.sign(y), np.abs(y)
        body, found = self._body_surface(x, y, z, shift)
        normal, openness, label = found.normal, found.openness, found.label
        under = _UNDERSIDE_Z - z
        below = under > body
        normal[below], label[below], openness[below] = (0, 0, -1), Material.TRIM, 1
        body = np.maximum(body, under)
        wheel_x, wheel_z = _in_wheel(x, z)
        radius = np.hypot(wheel_x, wheel_z)
        arch = np.minimum(ARCH_RADIUS - radius, y - _ARCH_INNER_Y)
        lining = arch > body
        inwards = np.stack([-wheel_x, np.zeros_like(x), -wheel_z], 1) / np.maximum(radius, 0.1)[:, None]
        normal[lining], openness[lining] = inwards[lining], 1
        label[lining] = np.where(y[lining] > 0.90, Material.TRIM, Material.VOID)
        body = np.maximum(body, arch)
        self._add_wheels(body, found, (wheel_x, y, wheel_z), shift)
        self._add_mirrors(body, found, (x, y, z))
        normal[:, 1] *= sign
        normal /= np.linalg.norm(normal, axis=1, keepdims=True) + np.float32(1e-9)
        return found

    def _body_surface(self, x: Floats, y: Floats, z: Floats, shift: Shift) -> tuple[Floats, Surface]:
        """Signed distance and surface of the body without arches, wheels and mirrors, at points with y ≥ 0."""
        side = self.side.slopes(x, z)
        top = self.top.slopes(x, y)
        end = self._end(Panel.slopes, x > 0, (y, z))
        one, towards = np.ones_like(x), np.sign(x)
        flank, flank_normal = _field(y - side[:, 0], (-side[:, 1], one, -side[:, 2]))
        deck, deck_normal = _field(z - top[:, 0], (-top[:, 1], -top[:, 2], one))
        face, face_normal = _field(np.abs(x) - end[:, 0], (towards, -end[:, 1], -end[:, 2]))
        body, share = _smooth_max(flank, face, _end_blend(x))
        normal = share[:, None] * flank_normal + (1 - share[:, None]) * face_normal
        openness = share * side[:, 3] + (1 - share) * end[:, 3]
        on_end = face + np.float32(_WRAP_M) > flank
        label = np.where(
            on_end, self._end(partial(Panel.materials, shift=shift), x > 0, (y, z)), self.side.materials(x, z, shift)
        )
        on_deck = deck > body
        body, share = _smooth_max(body, deck, _top_blend(x))
        normal = share[:, None] * normal + (1 - share[:, None]) * deck_normal
        openness = share * openness + (1 - share) * top[:, 3]
        label = np.where(on_deck, self.top.materials(x, y, shift), label)
        found = Surface(normal.astype(np.float32), openness.astype(np.float32), label.astype(np.uint8))
        self._part(found, x, y, z)
        return body, found

    def _part(self, found: Surface, x: Floats, y: Floats, z: Floats) -> None:
        """Draw the gap around the bumpers, and give what lies beyond it the other paint."""
        gap = bumper_edge_distance(x, y, z)
        painted = found.label == Material.PAINT
        found.label[painted & (gap > 0)] = self.rest
        found.openness[painted] *= 1 - 0.92 * np.exp(-((gap[painted] / 0.0024) ** 2))

    def _add_wheels(self, body: Floats, found: Surface, where: tuple[Floats, Floats, Floats], shift: Shift) -> None:
        """Overwrite the surface at the points that lie on a wheel; lowers ``body`` there."""
        wheel_x, y, wheel_z = where
        near = np.flatnonzero(np.hypot(wheel_x, wheel_z) < 0.4)
        radius = np.hypot(wheel_x[near], wheel_z[near])
        face = self.wheel.slopes(wheel_x[near], wheel_z[near])
        outer, normal = _field(y[near] - face[:, 0], (-face[:, 1], np.ones_like(radius), -face[:, 2]))
        tyre, share = _smooth_max(floats(radius - WHEEL_RADIUS), outer, _TYRE_EDGE_M)
        tyre = np.maximum(tyre, WHEEL_INNER_Y - y[near])
        tread = np.stack([wheel_x[near], np.zeros_like(radius), wheel_z[near]], 1) / np.maximum(radius, 0.05)[:, None]
        normal = share[:, None] * tread + (1 - share[:, None]) * normal
        on = tyre < body[near]
        spots = near[on]
        found.normal[spots], found.openness[spots], body[spots] = normal[on], face[on, 3], tyre[on]
        found.label[spots] = self.wheel.materials(wheel_x[spots], wheel_z[spots], shift)

    def _add_mirrors(self, body: Floats, found: Surface, where: tuple[Floats, Floats, Floats]) -> None:
        """Overwrite the surface at the points that lie on a door mirror."""
        x, y, z = where
        on = np.flatnonzero((np.abs(x - np.float32(0.65)) < 0.2) & (y > 0.7) & (z > 0.8))
        on = on[mirror_distance(x[on], y[on], z[on]) < body[on]]
        if not on.size:
            return
        x, y, z = x[on], y[on], z[on]
        step = np.float32(0.001)
        ahead = mirror_distance(x + step, y, z), mirror_distance(x, y + step, z), mirror_distance(x, y, z + step)
        here = mirror_distance(x, y, z)
        found.normal[on] = np.stack([(there - here) / step for there in ahead], 1)
        found.openness[on] = 1
        glass = np.where(x < 0.592, Material.RIM, self.rest)
        found.label[on] = np.where((z < 0.985) | (y < 0.90), Material.ROOF, glass)

    def _end(self, ask: Callable[..., Floats], ahead: Flags, where: tuple[Floats, ...]) -> Floats:
        """What the front panel answers for the points that lie ahead, and the rear panel for the others."""
        if ahead.all():
            return ask(self.front, *where)
        if not ahead.any():
            return ask(self.rear, *where)
        front = ask(self.front, *(axis[ahead] for axis in where))
        both = np.empty((ahead.size, *front.shape[1:]), np.float32)
        both[ahead] = front
        both[~ahead] = ask(self.rear, *(axis[~ahead] for axis in where))
        return both


def bumper_edge_distance(x: Floats, y: Floats, z: Floats) -> Floats:
    """Distance in metres, about, from the parting line between bumpers and body; negative on the bumpers; y ≥ 0."""
    flank = x - np.interp(z, *FRONT_EDGE_OVER_Z.T).astype(np.float32)
    bonnet = x - np.interp(y, *FRONT_EDGE_OVER_Y.T).astype(np.float32)
    ahead = np.where(z < 0.73, flank, bonnet)
    boot = np.interp(y, *_REAR_EDGE_OVER_Y.T).astype(np.float32) - z
    quarter = np.interp(z, *_REAR_EDGE_OVER_Z.T).astype(np.float32) - x
    behind = np.minimum(boot, quarter)
    return np.asarray(-np.maximum(ahead, behind), np.float32)


def _field(value: Floats, slope: tuple[Floats, Floats, Floats]) -> tuple[Floats, Floats]:
    """An implicit value and its gradient as first-order distance and unit normal."""
    length = np.sqrt(slope[0] ** 2 + slope[1] ** 2 + slope[2] ** 2)
    return value / length, np.stack([component / length for component in slope], 1)


def _smooth_max(a: Floats, b: Floats, blend: Floats | float) -> tuple[Floats, Floats]:
    """Smooth maximum, and the share of ``a`` in its gradient."""
    share = np.clip(0.5 + 0.5 * (a - b) / blend, 0, 1).astype(np.float32)
    return np.asarray(b + share * (a - b) + blend * share * (1 - share), np.float32), share


def _end_blend(x: Floats) -> Floats:
    """Width of the edges between flanks and ends: generous at the nose."""
    return np.asarray(np.where(x > 0, 0.10, 0.08), np.float32)


def _top_blend(x: Floats) -> Floats:
    """Width of the edges around the top: soft at the nose, tight at the spoiler lip."""
    return np.asarray(0.05 + 0.04 * ramp(1.6, 2.1, x) - 0.025 * ramp(-1.8, -2.15, x), np.float32)


def _in_wheel(x: Floats, z: Floats) -> tuple[Floats, Floats]:
    """Coordinates relative to the nearer axle."""
    return x - np.where(x > 0, np.float32(AXLES_X[0]), np.float32(AXLES_X[1])), z - np.float32(WHEEL_RADIUS)


def mirror_distance(x: Floats, y: Floats, z: Floats) -> Floats:
    """Distance to the door mirror: a shell cut flat at its back, on a thin arm."""
    head = _ellipsoid(x, y, z, (0.640, 0.990, 1.012), (0.105, 0.120, 0.068))
    head, _ = _smooth_max(head, np.float32(0.590) - x, 0.015)
    arm = _ellipsoid(x, y, z, (0.665, 0.880, 0.955), (0.045, 0.110, 0.016))
    joined, _ = _smooth_max(-head, -arm, 0.03)
    return -joined


def _ellipsoid(
    x: Floats, y: Floats, z: Floats, centre: tuple[float, float, float], size: tuple[float, float, float]
) -> Floats:
    """Distance to an ellipsoid, first order (Inigo Quilez's k0·(k0-1)/k1)."""
    u, v, w = (
        (axis - np.float32(middle)) / np.float32(reach)
        for axis, middle, reach in zip((x, y, z), centre, size, strict=True)
    )
    k0 = np.sqrt(u * u + v * v + w * w)
    k1 = np.sqrt((u / size[0]) ** 2 + (v / size[1]) ** 2 + (w / size[2]) ** 2)
    return np.asarray(k0 * (k0 - 1) / np.maximum(k1, 1e-6), np.float32)
