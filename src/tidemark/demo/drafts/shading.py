"""The light that points of the car send towards the camera: base coat, flakes, clear coat, lamps, number plates."""

import numpy as np

from tidemark.demo.drafts import front, rear
from tidemark.demo.drafts.car import Car
from tidemark.demo.drafts.materials import FINISHES, Material
from tidemark.demo.drafts.studio import Scene, surroundings
from tidemark.demo.drafts.surface import Floats, Labels, hash_noise, ramp

_FLAKE_BLUR = 0.34
"""Softness of the metallic base coat's lobe, radians."""


def shade(scene: Scene, at: Floats, rays: Floats, *, shift: tuple[float, float] = (0.0, 0.0)) -> Floats:
    """Light (N, 3) that points (N, 3) of the car send back along rays (N, 3) from the camera.

    ``shift`` moves the edges between materials by parts of a cell, see :meth:`Panel.materials`.
    """
    surface = scene.car.surface(at[:, 0], at[:, 1], at[:, 2], shift=shift)
    normal, studio = surface.normal, scene.studio
    open_share = surface.openness * _openness(scene.car, at, normal)
    look = _finish_table(scene)[surface.label]
    look[:, :3] *= _plate_print(scene, at, surface.label)[:, None]
    facing = np.clip(-np.einsum("ij,ij->i", rays, normal), 0, 1)
    mirrored = rays + 2 * facing[:, None] * normal
    soft = sum((box.diffuse(at, normal) for box in studio.softboxes), np.zeros(len(at), np.float32))
    ambient = 0.35 * (studio.horizon * (1.1 - 0.3 * normal[:, 2]) + studio.zenith)
    light = look[:, :3] * ((soft + ambient) * open_share)[:, None] + look[:, 6:9] * surface.openness[:, None]
    metallic = np.flatnonzero(look[:, 3] > 0)
    if metallic.size:
        light[metallic] += look[metallic, 3:6] * _flakes(scene, at, mirrored, facing, open_share, metallic)[:, None]
    coated = np.flatnonzero(look[:, 9] > 0)
    coat, blur = look[coated, 9], look[coated, 10]
    grazing = (1 - facing[coated]) ** 5 * np.clip(1 - 1.6 * blur, 0.15, 1)
    fresnel = (coat + (1 - coat) * grazing) * ramp(0.05, 0.75, open_share[coated])
    light[coated] += (fresnel * surroundings(scene, at[coated], mirrored[coated], blur))[:, None]
    return np.asarray(light * np.array(studio.tint, np.float32), np.float32)


def _finish_table(scene: Scene) -> Floats:
    """Finishes by label: albedo, metal, glow (three each), coat, blur."""
    table = np.zeros((len(Material), 11), np.float32)
    for material, finish in {**FINISHES, Material.PAINT: scene.studio.paint}.items():
        table[material] = (*finish.albedo, *finish.metal, *finish.glow, finish.coat, finish.blur)
    return table


def _openness(car: Car, at: Floats, normal: Floats) -> Floats:
    """Share (N,) of the surroundings not hidden by other parts of the car or by the floor, from two probes."""
    hidden = np.zeros(len(at), np.float32)
    for reach, weight in ((0.06, 0.4), (0.24, 0.6)):
        probe = at + normal * np.float32(reach)
        gap = car.distance(probe[:, 0], probe[:, 1], probe[:, 2], mean=True)
        gap = np.minimum(gap, np.maximum(probe[:, 2], 0))
        hidden += np.float32(weight) * np.clip((reach * 0.9 - gap) / reach, 0, 1)
    return np.asarray(np.clip(1 - 1.2 * hidden, 0.03, 1), np.float32)


def _flakes(
    scene: Scene, at: Floats, mirrored: Floats, facing: Floats, open_share: Floats, spots: np.ndarray
) -> Floats:
    """Light of the metallic base coat's broad lobe at some of the points, sparkle of about a pixel's size included."""
    broad = surroundings(scene, at[spots], mirrored[spots], np.full(spots.size, _FLAKE_BLUR, np.float32))
    cell = np.floor(at[spots] * np.float32(1100)).astype(np.int64)
    sparkle = 1 + np.float32(0.05) * hash_noise(cell[:, 0] * 7919 + cell[:, 2], cell[:, 1], seed=11)
    return np.asarray(broad * open_share[spots] * (0.3 + 0.7 * facing[spots]) * sparkle, np.float32)


def _plate_print(scene: Scene, at: Floats, label: Labels) -> Floats:
    """1 everywhere but under the print of the number plates."""
    light = np.ones(len(at), np.float32)
    on = np.flatnonzero(label == Material.PLATE)
    if on.size:
        ahead = at[on, 0] > 0
        across = np.where(ahead, at[on, 1], -at[on, 1]) / (2 * front.PLATE_HALF_WIDTH) + 0.5
        down = 0.5 - (at[on, 2] - np.where(ahead, front.PLATE_Z, rear.PLATE_Z)) / (2 * front.PLATE_HALF_HEIGHT)
        rows, columns = scene.plate.shape
        u = np.clip(across * columns, 0, columns - 1).astype(np.int64)
        v = np.clip(down * rows, 0, rows - 1).astype(np.int64)
        light[on] = scene.plate[v, u]
    return light
