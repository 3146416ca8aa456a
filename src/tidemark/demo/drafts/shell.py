"""The front bumper as curves in space: what the line drawing projects, taken from the panels that the renders show."""

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np

from tidemark.demo.drafts import front
from tidemark.demo.drafts.body import ARCH_RADIUS, AXLES_X, WHEEL_RADIUS, side_panel, top_panel
from tidemark.demo.drafts.car import FRONT_EDGE_OVER_Y, FRONT_EDGE_OVER_Z
from tidemark.demo.drafts.surface import Floats, Panel

UNDERSIDE_Z = 0.135
_CORNER_Z = 0.800
"""Where the parting line turns from the bonnet to the flank."""


@dataclass(frozen=True, slots=True)
class Shell:
    """Panels and outlines of the front bumper at one revision; all curves have y ≥ 0."""

    front: Panel
    side: Panel
    top: Panel
    outlines: Mapping[str, Floats]

    @classmethod
    def of(cls, revision: str) -> "Shell":
        """The front bumper at revision "A" or "B"."""
        return cls(front.front_panel(revision), side_panel(), top_panel(), front.outlines(revision))

    def lifted(self, outline: Floats) -> Floats:
        """A line (N, 2) in (|y|, z) on the front as points (M, 3) in space, at most 4 mm apart."""
        along = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(outline, axis=0).T))])
        even = np.unique(np.concatenate([along, np.arange(0, along[-1], 0.004)]))
        outline = np.column_stack([np.interp(even, along, outline[:, axis]) for axis in (0, 1)]).astype(np.float32)
        x = self.front.slopes(outline[:, 0], outline[:, 1])[:, 0]
        return np.column_stack([x, outline]).astype(np.float32)

    def upper_edge(self) -> Floats:
        """Parting line to the bonnet, (N, 3), from the middle outwards."""
        y = np.linspace(0, 0.885, 80, dtype=np.float32)
        x = np.interp(y, *FRONT_EDGE_OVER_Y.T).astype(np.float32)
        return np.column_stack([x, y, self.top.slopes(x, y)[:, 0] - 0.008]).astype(np.float32)

    def rear_edge(self) -> Floats:
        """Edge towards wing and wheel arch, (N, 3), from the corner under the bonnet line to the underside."""
        z = np.linspace(_CORNER_Z, UNDERSIDE_Z, 90, dtype=np.float32)
        rise = np.clip(ARCH_RADIUS**2 - (z - WHEEL_RADIUS) ** 2, 0, None)
        arch = np.where(np.abs(z - WHEEL_RADIUS) < ARCH_RADIUS, AXLES_X[0] + np.sqrt(rise), 0)
        x = np.maximum(np.interp(z, *FRONT_EDGE_OVER_Z.T), arch).astype(np.float32)
        return np.column_stack([x, self.side.slopes(x, z)[:, 0], z]).astype(np.float32)

    def silhouette(self) -> Floats:
        """Widest |y| over z seen from the front, (N, 2), from the corner under the bonnet line to the underside."""
        z = np.linspace(_CORNER_Z, UNDERSIDE_Z, 90, dtype=np.float32)
        behind = self.rear_edge()
        widest = np.empty_like(z)
        for index, level in enumerate(z):
            x = np.linspace(float(behind[index, 0]), 2.1, 40, dtype=np.float32)
            widest[index] = self.side.slopes(x, np.full_like(x, level))[:, 0].max()
        round_off = 0.035 * np.exp(-(((z - UNDERSIDE_Z) / 0.012) ** 2))
        return np.column_stack([widest - round_off, z]).astype(np.float32)

    def plan(self, z: float, *, until_x: float = 0.0) -> Floats:
        """Outer skin at a height as (y, x) from the middle to the rear edge, its corner rounded, (N, 2)."""
        y = np.linspace(0, 0.96, 240, dtype=np.float32)
        nose = self.front.slopes(y, np.full_like(y, z))[:, 0]
        x = np.linspace(2.3, max(until_x, float(np.interp(z, *FRONT_EDGE_OVER_Z.T))), 240, dtype=np.float32)
        flank = self.side.slopes(x, np.full_like(x, z))[:, 0]
        on_front = y < np.interp(nose[::-1], x[::-1], flank[::-1])[::-1]
        on_flank = flank < np.interp(x[::-1], nose[::-1], y[::-1])[::-1]
        rough = np.concatenate([np.column_stack([y, nose])[on_front], np.column_stack([flank, x])[on_flank]])
        step = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(rough, axis=0).T))])
        even = np.linspace(0, step[-1], 200)
        evenly = np.column_stack([np.interp(even, step, rough[:, axis]) for axis in (0, 1)]).astype(np.float32)
        inner = cv2.GaussianBlur(evenly, (0, 0), sigmaX=1e-3, sigmaY=5.0, borderType=cv2.BORDER_REPLICATE)
        inner[:12], inner[-12:] = evenly[:12], evenly[-12:]
        return np.asarray(inner, np.float32)

    def nose(self) -> Floats:
        """Outer skin in the middle plane as (x, z), from the underside to the bonnet line, (N, 2)."""
        z = np.linspace(UNDERSIDE_Z, 0.70, 320, dtype=np.float32)
        skin = np.column_stack([self.front.slopes(np.zeros_like(z), z)[:, 0], z])
        edge = self.upper_edge()[0, [0, 2]]
        # The nose is where front and bonnet blend: follow both tangents.
        rise = float((skin[-1, 0] - skin[-9, 0]) / (skin[-1, 1] - skin[-9, 1]))
        fall = float(self.top.slopes(edge[:1], np.zeros(1, np.float32))[0, 1])
        bend_z = (edge[1] + fall * (skin[-1, 0] - rise * skin[-1, 1] - edge[0])) / (1 - fall * rise)
        bend = np.array([skin[-1, 0] + rise * (bend_z - skin[-1, 1]), bend_z])
        t = np.linspace(0, 1, 40)[1:, None]
        return np.concatenate([skin, (1 - t) ** 2 * skin[-1] + 2 * t * (1 - t) * bend + t**2 * edge]).astype(np.float32)


def half(outline: Floats) -> Floats:
    """The part of a closed outline at y ≥ 0: an open line that starts and ends on the middle plane, or the whole."""
    beyond = outline[:, 0] < 0
    if not beyond.any():
        return np.concatenate([outline, outline[:1]])
    start = int(np.flatnonzero(beyond & ~np.roll(beyond, -1))[0])
    turned = np.roll(outline, -start, 0)
    kept = turned[turned[:, 0] >= 0]
    ends = np.array([[0, kept[0, 1]], [0, kept[-1, 1]]], np.float32)
    return np.concatenate([ends[:1], kept, ends[1:]])


def inset(outline: Floats, by: float) -> Floats:
    """The half outline moved inwards (or outwards, ``by`` < 0) along its normals by metres."""
    line = half(outline)
    along = np.gradient(line, axis=0)
    length = np.maximum(np.hypot(*along.T), 1e-9)[:, None]
    centre = np.array([0 if outline[:, 0].min() < 0 else line[:, 0].mean(), line[:, 1].mean()])
    normal = np.column_stack([-along[:, 1], along[:, 0]]) / length
    inwards = np.sign(np.sum((centre - line.mean(0) + (centre - line)) * normal, 1, keepdims=True))
    moved = line + normal * np.median(inwards) * by
    moved[:, 0] = np.maximum(moved[:, 0], 0)
    return np.asarray(moved, np.float32)
