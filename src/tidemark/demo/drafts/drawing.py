"""The MS11's front bumper as a line drawing: first-angle views projected from the model that the renders show.

Outlines of the openings live in (|y|, z); the front panel lifts them to space, so that front, top and side views and
section A–A agree with one another and with the renders.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

BUMPER_EDGE_FRONT=((1.76, 0.17), (1.80, 0.47), (1.86, 0.61), (1.955, 0.71))
from tidemark.demo.drafts.body import ARCH_RADIUS, AXLES_X, WHEEL_RADIUS, side_panel
from tidemark.demo.drafts.drafting import CENTRE, HIDDEN, MEDIUM, THICK, THIN, Sheet
from tidemark.demo.drafts.front import END, PLATE_Z as FRONT_PLATE_Z, PLATE_HALF_HEIGHT, PLATE_HALF_WIDTH, SENSORS as SENSORS_FRONT, outlines as front_outlines, front_panel
from tidemark.demo.drafts.surface import Floats, Panel
from tidemark.demo.drafts.title_block import frame, notes, parts_list, title_block, tolerances

WIDTH, HEIGHT = 2400, 1696
SCALE = 500.0
"""Pixels per metre of the three views (1:4 when the sheet is printed 1,200 mm wide)."""
SECTION_SCALE = 900.0
_FRONT_AT = (720.0, 640.0)
"""Sheet position of (y = 0, z = 0) in the front view."""
_TOP_AT = (720.0, 2030.0)
"""Sheet position of (y = 0, x = 0) in the top view, below the front view as first-angle projection has it."""
_SIDE_AT = (2480.0, 640.0)
_SECTION_AT = (3420.0, 1335.0)
_LOW_Z = 0.10


@dataclass(frozen=True, slots=True)
class Shell:
    """The bumper in space: its panels and the outlines on them."""

    front: Panel
    side: Panel
    outlines: dict[str, Floats]

    @classmethod
    def of(cls, revision: str) -> "Shell":
        """The front bumper at a revision."""
        outlines = {name: points for name, points in front_outlines(revision).items()}
        return cls(front_panel(revision), side_panel(), outlines)

    def lifted(self, outline: Floats) -> Floats:
        """Outline (N, 2) in (|y|, z) as points (N, 3) in space."""
        x = self.front.slopes(outline[:, 0], outline[:, 1])[:, 0]
        return np.column_stack([x, outline]).astype(np.float32)

    def half_width(self) -> Floats:
        """Widest |y| of the bumper over z, as points (N, 2) in (|y|, z), from the lower edge to the lamp."""
        z = np.linspace(0.135, 0.665, 90, dtype=np.float32)
        x = np.linspace(1.80, 2.1, 40, dtype=np.float32)
        grid_z, grid_x = (axis.ravel() for axis in np.meshgrid(z, x, indexing="ij"))
        width = self.side.slopes(grid_x, grid_z)[:, 0].reshape(len(z), len(x)).max(1)
        return np.column_stack([width - 0.03 * np.exp(-((z - 0.135) / 0.02) ** 2), z]).astype(np.float32)


def _placed(points: npt.ArrayLike, at: tuple[float, float], scale: float = SCALE) -> Floats:
    """Model coordinates (N, 2), second axis up, as sheet positions."""
    model = np.asarray(points, np.float64)
    return np.column_stack([at[0] + model[:, 0] * scale, at[1] - model[:, 1] * scale]).astype(np.float32)


def _mirrored(points: Floats) -> Floats:
    return points * np.array([-1, 1], np.float32)


def _levels(shape: Floats, level: float) -> list[Floats]:
    """Outlines in (|y|, z) where a distance map over the end's grid passes a level; pieces on the middle plane go."""
    found, _ = cv2.findContours((shape < level).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return [np.asarray(piece[:, 0, :] * END.step, np.float32) for piece in found]


def _open_at_middle(outline: Floats) -> Floats:
    """The part of a closed outline at y ≥ 0, as an open line that starts and ends on the middle plane."""
    beyond = outline[:, 0] < 0
    if not beyond.any():
        return np.concatenate([outline, outline[:1]])
    start = int(np.flatnonzero(beyond & ~np.roll(beyond, -1))[0])
    turned = np.roll(outline, -start, 0)
    kept = turned[turned[:, 0] >= 0]
    first, last = kept[0].copy(), kept[-1].copy()
    first[0] = last[0] = 0
    return np.concatenate([first[None], kept, last[None]])


def _seam():
    y = np.linspace(0, 0.9, 101, dtype=np.float32)
    return np.column_stack([y, 0.705+0*y]).astype(np.float32)


def _front_view(sheet: Sheet, shell: Shell) -> None:
    seam = _seam()
    rim = shell.half_width()
    lower = np.array([(0.0, 0.135), (0.78, 0.135), (rim[0, 0], 0.15)], np.float32)
    for turn in (lambda points: points, _mirrored):
        def draw(points: Floats, width: int = THIN) -> None:
            sheet.line(_placed(turn(points), _FRONT_AT), width)

        draw(seam[seam[:, 0] <= rim[-1, 0]], THICK)
        draw(rim, THICK)
        draw(lower, THICK)
        for name, outline in shell.outlines.items():
            if name == "splitter":
                kept = outline[(outline[:, 1] > 0.19) & (outline[:, 0] >= 0) & (outline[:, 0] < 0.93)]
                draw(kept, MEDIUM)
                draw(kept + np.float32([0, 0.012]))
                continue
            draw(_open_at_middle(outline), MEDIUM)
            if name in ("grille", "curtain", "plate", "slot"):
                inner = END.distance(outline)
                for level in (-0.014, 0.012) if name == "grille" else (-0.012,):
                    for piece in _levels(inner, level):
                        piece = piece[(piece[:, 0] > END.step * 2)]
                        gap = int(np.argmax(np.hypot(*np.diff(np.concatenate([piece, piece[:1]]), axis=0).T))) + 1
                        draw(np.roll(piece, -gap, 0)[::4])
        for y, z in SENSORS_FRONT:
            centre = _placed(turn(np.array([[y, z]], np.float32)), _FRONT_AT)[0]
            at = (float(centre[0]), float(centre[1]))
            sheet.circle(at, 0.0105 * SCALE)
            sheet.line([(at[0] - 10, at[1]), (at[0] + 10, at[1])])
            sheet.line([(at[0], at[1] - 10), (at[0], at[1] + 10)])
    _honeycomb(sheet, shell)
    plate = [(-PLATE_HALF_WIDTH, -PLATE_HALF_HEIGHT), (PLATE_HALF_WIDTH, -PLATE_HALF_HEIGHT), (PLATE_HALF_WIDTH, PLATE_HALF_HEIGHT), (-PLATE_HALF_WIDTH, PLATE_HALF_HEIGHT)]
    corners = _placed(np.add(plate, (0, FRONT_PLATE_Z)), _FRONT_AT)
    sheet.dashed(np.concatenate([corners, corners[:1]]), HIDDEN)
    sheet.dashed([(_FRONT_AT[0], 232), (_FRONT_AT[0], 610)], CENTRE)


def _honeycomb(sheet: Sheet, shell: Shell, pitch: float = 0.026) -> None:
    """Cells of the grille's mesh, whole ones only."""
    inside = END.distance(shell.outlines["grille"])
    angles = np.radians(np.arange(30, 390, 60))
    cell = np.column_stack([np.cos(angles), np.sin(angles)]) * pitch / 3**0.5 * 0.92
    height = pitch * 3**0.5 / 2
    for row in range(round(0.22 / height), round(0.45 / height)):
        for column in range(-25, 26):
            y, z = (column + 0.5 * (row % 2)) * pitch, row * height
            spot = inside[min(round(z / END.step), inside.shape[0] - 1), min(round(abs(y) / END.step), inside.shape[1] - 1)]
            if spot < -0.030:
                sheet.line(_placed(cell + (y, z), _FRONT_AT), THIN, closed=True, grey=70)


def _top_view(sheet: Sheet, shell: Shell) -> None:
    y = np.linspace(0, 0.955, 200, dtype=np.float32)
    arch_x = 1.80
    for z, width in ((0.56, THICK), (0.2, MEDIUM), (0.69, THIN)):
        x = shell.front.slopes(y, np.full_like(y, z))[:, 0]
        side_x = np.linspace(arch_x, 2.3, 120, dtype=np.float32)
        side_y = shell.side.slopes(side_x, np.full_like(side_x, z))[:, 0]
        limit = np.interp(x, side_x, side_y)
        kept = (y <= limit) & (x > arch_x)
        corner = np.column_stack([y[kept], x[kept]])
        tail = np.column_stack([side_y, side_x])[(side_x <= x[kept][-1])][::-1]
        plan = np.concatenate([corner, tail]).astype(np.float32)
        for points in (plan, _mirrored(plan)):
            sheet.line(_placed(points, _TOP_AT), width)
        if z == 0.56:
            inner = plan - np.float32([0.012, 0.012])
            for points in (inner, _mirrored(inner)):
                sheet.dashed(_placed(points, _TOP_AT), HIDDEN)
    for name in ("grille", "curtain", "plate", "blade"):
        space = shell.lifted(np.maximum(_open_at_middle(shell.outlines[name]), 0))
        for points in (space[:, [1, 0]], _mirrored(space[:, [1, 0]])):
            sheet.dashed(_placed(points, _TOP_AT), HIDDEN)
    sheet.dashed([(_TOP_AT[0], 820), (_TOP_AT[0], 1205)], CENTRE)


def _side_view(sheet: Sheet, shell: Shell) -> None:
    z = np.linspace(0.135, 0.705, 160, dtype=np.float32)
    nose = np.column_stack([shell.front.slopes(np.full_like(z, 0.02), z)[:, 0], z])
    edge = np.array([point for point in BUMPER_EDGE_FRONT if point[1] > 0.52], np.float32)
    angle = np.linspace(np.radians(-33), np.radians(25.5), 40)
    arch = np.column_stack([AXLES_X[0] + ARCH_RADIUS * np.cos(angle), WHEEL_RADIUS + ARCH_RADIUS * np.sin(angle)])
    arch = arch[arch[:, 1] > 0.136]
    def flipped(points: npt.ArrayLike) -> Floats:
        return _placed(np.asarray(points) * (-1.0, 1.0) + (2.0, 0.0), (_SIDE_AT[0] - 1000.0, _SIDE_AT[1]))

    sheet.line(flipped(nose), THICK)
    sheet.line(flipped(arch), THICK)
    sheet.line(flipped(np.concatenate([arch[-1:], edge[1:]])), THICK)
    sheet.line(flipped([(arch[0, 0], 0.136), (nose[0, 0], 0.136)]), THICK)
    seam = shell.lifted(_seam())
    sheet.line(flipped(seam[:, [0, 2]]), MEDIUM)
    for name, width in (("curtain", MEDIUM), ("blade", THIN), ("lamp", MEDIUM), ("grille", THIN)):
        space = shell.lifted(_open_at_middle(shell.outlines[name]))
        sheet.line(flipped(space[:, [0, 2]]), width)
    y = np.linspace(0.0, 0.93, 120, dtype=np.float32)
    for level in (0.21, 0.235):
        lip = shell.lifted(np.column_stack([y, np.full_like(y, level)]))
        lip = lip[lip[:, 0] > 1.83]
        sheet.line(flipped(lip[:, [0, 2]]))
    axle = flipped([(AXLES_X[0], WHEEL_RADIUS)])[0]
    sheet.dashed([(float(axle[0]) - 60, float(axle[1])), (float(axle[0]) + 40, float(axle[1]))], CENTRE)
    sheet.dashed([(float(axle[0]), float(axle[1]) - 60), (float(axle[0]), float(axle[1]) + 60)], CENTRE)


def ms11_drawing(revision: str = "B") -> npt.NDArray[np.uint8]:
    """The drawing sheet, 2400 × 1696, black on white."""
    sheet = Sheet(WIDTH, HEIGHT)
    shell = Shell.of(revision)
    frame(sheet, WIDTH, HEIGHT)
    _front_view(sheet, shell)
    _top_view(sheet, shell)
    _side_view(sheet, shell)
    title_block(sheet, WIDTH, HEIGHT, revision)
    return sheet.picture()
