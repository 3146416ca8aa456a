"""The front bumper seen from its front left: a view without dimensions that lets the reader grasp its shape."""

from dataclasses import dataclass

import numpy as np

from tidemark.demo.drafts.drafting import MEDIUM, THICK, THIN, Sheet
from tidemark.demo.drafts.shell import UNDERSIDE_Z, Shell, half
from tidemark.demo.drafts.surface import Floats

OBLIQUE_AT = (1640.0, 1030.0)
"""Sheet position of the middle plane at x = 2.1 m, z = 0.42 m."""
_SCALE = 320.0
_CENTRE = (2.1, 0.0, 0.42)


@dataclass(frozen=True, slots=True)
class _View:
    """A parallel projection onto the sheet."""

    away: Floats
    """Unit vector from the car towards the eye."""
    at: tuple[float, float]

    @property
    def right(self) -> Floats:
        """Unit vector in space that points to the right on the sheet."""
        across = np.array([-self.away[1], self.away[0], 0.0], np.float32)
        return np.asarray(across / np.hypot(across[0], across[1]), np.float32)

    def placed(self, space: Floats) -> Floats:
        """Points (N, 3) on the sheet (N, 2)."""
        offset = space - np.array(_CENTRE, np.float32)
        up = np.cross(self.away, self.right)
        return np.column_stack([self.at[0] + offset @ self.right * _SCALE, self.at[1] - offset @ up * _SCALE])

    def draw(self, sheet: Sheet, space: Floats, outward: Floats, width: int = THIN) -> None:
        """A line and its mirror image, where the surface that it lies on faces the eye."""
        for side in (1.0, -1.0):
            turned = np.array([1, side, 1], np.float32)
            seen = (outward * turned) @ self.away > 0.03
            placed = self.placed(space * turned)
            for piece in np.split(np.arange(len(seen)), np.flatnonzero(np.diff(seen.astype(np.int8))) + 1):
                if seen[piece[0]] and len(piece) > 1:
                    sheet.line(placed[piece], width)


def oblique_view(sheet: Sheet, shell: Shell, at: tuple[float, float]) -> None:
    """Draw the visible edges of the bumper."""
    turn, tilt = np.radians(32), np.radians(16)
    away = np.array([np.cos(turn) * np.cos(tilt), np.sin(turn) * np.cos(tilt), np.sin(tilt)], np.float32)
    view = _View(away, at)
    for name, outline in shell.outlines.items():
        if name in ("splitter", "mask"):
            continue
        space = shell.lifted(half(outline))
        slope = shell.front.slopes(space[:, 1], space[:, 2])
        outward = np.column_stack([np.ones(len(space)), -slope[:, 1], np.zeros(len(space))]).astype(np.float32)
        view.draw(sheet, space, outward, MEDIUM if name in ("grille", "curtain", "lamp") else THIN)
    upper = shell.upper_edge()
    sheet.line(view.placed(np.concatenate([upper[::-1] * np.array([1, -1, 1], np.float32), upper])), THICK)
    for z, width in ((UNDERSIDE_Z + 0.01, THICK), (0.205, THIN), (0.226, THIN)):
        space, outward = _level(shell, z)
        view.draw(sheet, space, outward, width)
    corner = np.concatenate([upper[-1:], shell.rear_edge()])
    sheet.line(view.placed(corner), THICK)
    sheet.line(view.placed(_far_contour(shell, view)), THICK)


def _level(shell: Shell, z: float) -> tuple[Floats, Floats]:
    """Outer skin at a height, (N, 3), and its outward directions in the plane, (N, 3)."""
    plan = shell.plan(z, until_x=1.765)
    along = np.gradient(plan, axis=0)
    along_y, along_x = (along / np.maximum(np.hypot(*along.T), 1e-9)[:, None]).T
    level = np.full(len(plan), z, np.float32)
    space = np.column_stack([plan[:, 1], plan[:, 0], level])
    return space, np.column_stack([along_y, -along_x, 0 * level])


def _far_contour(shell: Shell, view: _View) -> Floats:
    """Contour on the far side, from the bonnet line down: at each height the point furthest to the left."""
    contour = []
    for z in np.linspace(0.76, UNDERSIDE_Z + 0.01, 40):
        far = _level(shell, float(z))[0] * np.array([1, -1, 1], np.float32)
        contour.append(far[np.argmin(far @ view.right)])
    upper = shell.upper_edge()[-1] * np.array([1, -1, 1], np.float32)
    return np.array([upper, *contour], np.float32)
