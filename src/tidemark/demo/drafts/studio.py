"""The studio around the car: softboxes, floor, backdrop, and the light that they send towards a point.

Light is linear RGB, 1 for a white sheet in the middle of the floor. What the clear coat mirrors is computed exactly for
flat softboxes at finite distance: their edges flowing over the body are what shows its shape.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from tidemark.demo.drafts.car import Car
from tidemark.demo.drafts.materials import Finish
from tidemark.demo.drafts.surface import Floats, Grid, Sheet, ramp

FLOOR = Grid(-5.0, 5.0, -4.0, 4.0, 0.02)
_FAR = np.float32(30.0)


@dataclass(frozen=True, slots=True)
class Softbox:
    """A rectangular light in a plane across one axis (0 x, 1 y, 2 z); metres."""

    axis: int
    offset: float
    low: tuple[float, float]
    """Lower corner in the two other axes, in their order."""
    high: tuple[float, float]
    light: float
    """Radiance when mirrored."""
    edge: float = 0.06
    """Width over which it fades out at its rim."""
    fill: float = 0.6
    """Share of the radiance that counts for diffuse light: mirrored lights are brighter than film would bear."""

    def seen(self, at: Floats, towards: Floats, blur: Floats) -> Floats:
        """Light (N,) arriving at points from directions, mirrored with a softness (N,) in radians."""
        first, second = (axis for axis in (0, 1, 2) if axis != self.axis)
        slope = towards[:, self.axis]
        span = np.float32(self.offset) - at[:, self.axis]
        reach = span / np.where(np.abs(slope) < 1e-4, np.float32(1e-4), slope)
        ahead = np.flatnonzero((reach > 0) & (reach < _FAR))
        reach = reach[ahead]
        soft = np.float32(1) / (np.float32(self.edge) + blur[ahead] * reach)
        share = np.full(len(ahead), self.light, np.float32)
        for axis, low, high in ((first, self.low[0], self.high[0]), (second, self.low[1], self.high[1])):
            place = at[ahead, axis] + towards[ahead, axis] * reach
            for inside in (place - np.float32(low), np.float32(high) - place):
                t = np.clip(0.5 + 0.5 * inside * soft, 0, 1)
                share *= t * t * (3 - 2 * t)
        light = np.zeros(len(at), np.float32)
        light[ahead] = share
        return light

    def diffuse(self, at: Floats, normal: Floats) -> Floats:
        """Irradiance (N,) over π at points with given normals, the box taken as one patch at its middle."""
        centre = np.insert(np.add(self.low, self.high) / 2, self.axis, self.offset).astype(np.float32)
        area = float(np.prod(np.subtract(self.high, self.low)))
        away = centre - at
        square = np.einsum("ij,ij->i", away, away)
        away /= np.sqrt(square)[:, None]
        lambert = np.clip((np.einsum("ij,ij->i", away, normal) + 0.25) / 1.25, 0, 1)
        facing = np.abs(away[:, self.axis])
        return np.asarray(self.fill * self.light * area * facing * lambert / (np.pi * square + area), np.float32)


@dataclass(frozen=True, slots=True)
class Studio:
    """Lights, tone of the surroundings, and the paint of the car that stands in it."""

    paint: Finish
    softboxes: tuple[Softbox, ...]
    horizon: float = 0.42
    """Light of the backdrop where it meets the floor."""
    wall: float = 0.12
    """Light of the backdrop high up."""
    zenith: float = 0.02
    """Light of the ceiling between softboxes, as the car mirrors it."""
    floor: float = 0.45
    dim: float = 0.5
    """Share of floor and horizon that the car mirrors: black cloths around it keep its paint deep."""
    tint: tuple[float, float, float] = (1.0, 1.0, 1.0)
    pool: tuple[float, float, float] = (0.0, 0.0, 4.5)
    """Middle (x, y) and radius of the pool of light on the floor, metres."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A car in a studio, with the shadow that it throws on the floor."""

    car: Car
    studio: Studio
    shadow: Sheet
    plate: Floats
    """Printed face of the number plate, (rows, columns) in [0, 1], 0 where ink is."""


def floor_shadow(car: Car) -> Sheet:
    """Share of light that reaches the floor, over (x, y)."""
    x, y = FLOOR.axes()
    flat_x, flat_y = (np.ascontiguousarray(np.broadcast_to(axis, FLOOR.shape)).ravel() for axis in (x, y))
    light = np.ones(FLOOR.shape, np.float32)
    for z, spread, depth in ((0.02, 0.03, 0.80), (0.16, 0.12, 0.70), (0.45, 0.40, 0.60)):
        outline = car.distance(flat_x, flat_y, np.full_like(flat_x, z)).reshape(FLOOR.shape)
        cover = cv2.GaussianBlur(ramp(0.01, -0.01, outline), (0, 0), spread / FLOOR.step)
        light *= 1 - np.float32(depth) * cover
    return Sheet(FLOOR, light)


def surroundings(scene: Scene, at: Floats, towards: Floats, blur: Floats) -> Floats:
    """Light (N,) that arrives at points (N, 3) from directions (N, 3), the car itself left out."""
    studio = scene.studio
    rise = towards[:, 2]
    sky = studio.zenith + (studio.dim * studio.horizon - studio.zenith) * np.exp(-np.clip(rise, 0, 1) * np.float32(7.0))
    share = ramp(-1, 1, rise / (np.float32(0.012) + blur))
    light = studio.dim * floor_light(scene, at, towards) * (1 - share) + sky * share
    for box in studio.softboxes:
        light = light + box.seen(at, towards, blur)
    return np.asarray(light, np.float32)


def floor_light(scene: Scene, at: Floats, towards: Floats) -> Floats:
    """Light (N,) of the floor where downward rays meet it, fading into the backdrop far away."""
    studio = scene.studio
    down = np.minimum(towards[:, 2], np.float32(-1e-3))
    reach = np.minimum(at[:, 2] / -down, _FAR)
    x, y = at[:, 0] + towards[:, 0] * reach, at[:, 1] + towards[:, 1] * reach
    pool_x, pool_y, radius = studio.pool
    pool = np.exp(-((x - pool_x) ** 2 + (y - pool_y) ** 2) / np.float32(radius**2))
    lit = (studio.horizon + (studio.floor - studio.horizon) * pool) * scene.shadow.sample(x, y)
    return np.asarray(lit, np.float32)


def backdrop(scene: Scene, eye: Floats, rays: Floats) -> Floats:
    """Light (N,) along rays that miss the car: floor, and a wall that grows out of it without an edge."""
    studio = scene.studio
    share = ramp(-0.03, 0.02, rays[:, 2])
    wall = studio.wall + (studio.horizon - studio.wall) * np.exp(-((np.maximum(rays[:, 2], 0) / np.float32(0.15)) ** 2))
    floor = floor_light(scene, np.broadcast_to(eye, rays.shape), rays)
    return np.asarray(floor * (1 - share) + wall * share, np.float32)
