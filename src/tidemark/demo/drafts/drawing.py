"""The MS11's front bumper as a line drawing: first-angle views and a section, projected from the renders' model."""

import numpy as np
import numpy.typing as npt

from tidemark.demo.drafts import front
from tidemark.demo.drafts.body import AXLES_X, WHEEL_RADIUS
from tidemark.demo.drafts.drafting import CENTRE, HIDDEN, MEDIUM, PHANTOM, THICK, THIN, Sheet
from tidemark.demo.drafts.oblique import OBLIQUE_AT, oblique_view
from tidemark.demo.drafts.section import SECTION_AT, middle_section
from tidemark.demo.drafts.shell import UNDERSIDE_Z, Shell, half, inset
from tidemark.demo.drafts.surface import Floats
from tidemark.demo.drafts.title_block import frame, notes, parts_list, revisions, title_block, tolerances

WIDTH, HEIGHT = 2400, 1696
SCALE = 500.0
"""Pixels per metre of the views: 1:4 on a sheet printed 1,200 mm wide."""
_MIDDLE_X = 640.0
_GROUND_Y = 720.0
"""Sheet position of z = 0 in the front and side views."""
_SIDE_NOSE_X = 1290.0
_BALLOONS = (
    ((-0.80, 0.60), (110.0, 330.0)),
    ((0.20, 0.34), (890.0, 716.0)),
    ((0.745, 0.42), (1150.0, 330.0)),
    ((-0.35, 0.17), (370.0, 716.0)),
    ((-0.385, 0.575), (250.0, 262.0)),
    ((-0.70, 0.675), (110.0, 262.0)),
)
"""What the part numbers point at, (y, z) metres, and where they stand on the sheet; numbered from 1."""
_TOP_REAR_Y = 845.0
"""Sheet position of x = 1.75 m in the top view."""


def _mm(metres: float) -> str:
    return f"{metres * 1000:.0f}"


def _front(points: npt.ArrayLike) -> Floats:
    """(y, z) to the sheet."""
    model = np.asarray(points, np.float64)
    return np.column_stack([_MIDDLE_X + model[:, 0] * SCALE, _GROUND_Y - model[:, 1] * SCALE]).astype(np.float32)


def _side(points: npt.ArrayLike) -> Floats:
    """(x, z) to the sheet, nose to the left."""
    model = np.asarray(points, np.float64)
    across = _SIDE_NOSE_X + (front.NOSE_X - model[:, 0]) * SCALE
    return np.column_stack([across, _GROUND_Y - model[:, 1] * SCALE]).astype(np.float32)


def _top(points: npt.ArrayLike) -> Floats:
    """(y, x) to the sheet, nose downwards."""
    model = np.asarray(points, np.float64)
    return np.column_stack([_MIDDLE_X + model[:, 0] * SCALE, _TOP_REAR_Y + (model[:, 1] - 1.75) * SCALE]).astype(
        np.float32
    )


def _spot(placed: Floats) -> tuple[float, float]:
    return float(placed[0, 0]), float(placed[0, 1])


def _both_sides(points: Floats) -> tuple[Floats, Floats]:
    """A line with y first, and its mirror image."""
    return points, points * np.array([-1, 1], np.float32)


def _reference_grid(sheet: Sheet) -> None:
    """The car's coordinate planes every 200 mm, in grey."""
    for y in np.arange(-0.8, 0.81, 0.2):
        x = _MIDDLE_X + float(y) * SCALE
        sheet.line([(x, 292), (x, 662)], grey=205)
        sheet.text((x, 672), f"Y{abs(y) * 1000 * np.sign(round(y, 3)):.0f}", 12, anchor="mm")
    for z in (0.2, 0.4, 0.6):
        level = _GROUND_Y - z * SCALE
        sheet.line([(120, level), (1196, level)], grey=205)
        sheet.line([(1270, level), (1640, level)], grey=205)
        sheet.text((1218, level), f"Z{z * 1000:.0f}", 12, anchor="mm")


def _front_view(sheet: Sheet, shell: Shell) -> None:
    sheet.text((_MIDDLE_X, 90), "FRONT VIEW", 20, anchor="mm")
    upper, rim = shell.upper_edge()[:, 1:], shell.silhouette()
    outer = np.concatenate([upper, rim, [[0, UNDERSIDE_Z]]]).astype(np.float32)
    for line in _both_sides(outer):
        sheet.line(_front(line), THICK)
    for name, outline in shell.outlines.items():
        if name in ("mask", "splitter", "light", "radar"):
            continue
        for line in _both_sides(half(outline)):
            sheet.line(_front(line), MEDIUM)
    for name, depths in (("grille", (0.016, -0.010)), ("curtain", (0.014,)), ("plate", (0.010,)), ("slot", (0.007,))):
        for depth in depths:
            for line in _both_sides(inset(shell.outlines[name], depth)):
                sheet.line(_front(line))
    for name in ("mask", "light", "radar"):
        soft = half(shell.outlines[name])
        for line in _both_sides(soft[soft[:, 1] > 0.235]):
            sheet.line(_front(line), grey=90)
    lip = half(shell.outlines["splitter"])
    lip = lip[(lip[:, 0] < 0.90) & (lip[:, 1] > 0.19)]
    for line in (*_both_sides(lip), *_both_sides(lip + np.array([0, 0.011], np.float32))):
        sheet.line(_front(line))
    _honeycomb(sheet, shell)
    for place in front.SENSORS:
        for line in _both_sides(np.array([place], np.float32)):
            sheet.circle_with_axes(_spot(_front(line)), 0.011 * SCALE)
    plate = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)]) * (front.PLATE_HALF_WIDTH, front.PLATE_HALF_HEIGHT)
    sheet.dashed(_front(np.add(plate, (0, front.PLATE_Z))), PHANTOM)
    sheet.text((_MIDDLE_X, _GROUND_Y - front.PLATE_Z * SCALE), "520 x 112", 13, anchor="mm")
    sheet.dashed([(_MIDDLE_X, 270), (_MIDDLE_X, 712)], CENTRE)
    for y, side in ((262.0, 1), (724.0, -1)):
        sheet.cutting_plane((_MIDDLE_X, y), side, "A")


def _honeycomb(sheet: Sheet, shell: Shell) -> None:
    """Cells of the grille's mesh, whole ones only."""
    inside = front.END.distance(shell.outlines["grille"])
    angles = np.radians(np.arange(30, 390, 60))
    cell = np.column_stack([np.cos(angles), np.sin(angles)]) * front.GRILLE_PITCH / 3**0.5 * 0.88
    rise = front.GRILLE_PITCH * 3**0.5 / 2
    for row in range(round(0.22 / rise), round(0.45 / rise)):
        for column in range(-25, 26):
            y, z = (column + 0.5 * (row % 2)) * front.GRILLE_PITCH, row * rise
            if inside[round(z / front.END.step), round(abs(y) / front.END.step)] < -0.032 and not (
                abs(y) < 0.098 and 0.285 < z < 0.385
            ):
                sheet.line(_front(np.add(cell, (y, z))), THIN, closed=True, grey=60)


def _front_dimensions(sheet: Sheet, shell: Shell) -> None:
    rim, grille, plate = shell.silhouette(), shell.outlines["grille"], shell.outlines["plate"]
    widest = rim[np.argmax(rim[:, 0])]
    outermost = [shell.outlines[name][np.argmax(shell.outlines[name][:, 0])] for name in ("lamp", "slot", "grille")]
    for end, level in zip((widest, *outermost), (130.0, 168.0, 206.0, 774.0), strict=True):
        sheet.across(_spot(_front([(-end[0], end[1])])), _spot(_front([end])), level, _mm(2 * float(end[0])))
    for place, level in zip(front.SENSORS, (244.0, 225.0), strict=True):
        sheet.across(_spot(_front([(0, place[1])])), _spot(_front([place])), level, _mm(place[0]))
    left, right = float(_front([(-0.98, 0)])[0, 0]), float(_front([(0.98, 0)])[0, 0])
    upper, curtain = float(shell.upper_edge()[0, 2]), shell.outlines["curtain"]
    for low, high, level in (
        ((-0.45, float(grille[:, 1].min())), (-0.40, float(grille[:, 1].max())), left - 8),
        ((-0.80, UNDERSIDE_Z), (0.0, upper), left - 56),
        ((0.27, float(plate[:, 1].min())), (0.29, float(plate[:, 1].max())), right + 8),
        (curtain[np.argmin(curtain[:, 1])], curtain[np.argmax(curtain[:, 1])], right + 62),
    ):
        sheet.upwards(_spot(_front([low])), _spot(_front([high])), level, _mm(float(high[1]) - float(low[1])))
    sheet.leader(_spot(_front([(0.613, 0.560)])), (1000.0, 205.0), "4x DIA 18.5 +0.2/0")
    sheet.leader(_spot(_front([(-0.555, 0.262)])), (222.0, 660.0), "R45")
    sheet.feature_frame((150.0, 790.0), "profile", ("1.0", "A", "B", "C"))
    sheet.feature_frame((930.0, 790.0), "position", ("DIA 0.5", "A", "B"))
    sheet.datum(_spot(_front([(-0.1, UNDERSIDE_Z)])), "B")
    for number, (at, centre) in enumerate(_BALLOONS, 1):
        sheet.balloon(_spot(_front([at])), centre, number)


def _top_view(sheet: Sheet, shell: Shell) -> None:
    sheet.text((_MIDDLE_X, 1222), "TOP VIEW", 20, anchor="mm")
    for z, width in ((0.575, THICK), (0.20, MEDIUM), (0.69, THIN)):
        for line in _both_sides(shell.plan(z, until_x=1.765)):
            sheet.line(_top(line), width)
    inner = shell.plan(0.575, until_x=1.765) * np.array([0.988, 1], np.float32) - np.array([0, 0.012], np.float32)
    for line in _both_sides(inner):
        sheet.dashed(_top(line), HIDDEN)
    for line in _both_sides(shell.upper_edge()[:, [1, 0]]):
        sheet.line(_top(line), MEDIUM)
    for name in ("grille", "curtain", "plate", "lamp"):
        for line in _both_sides(shell.lifted(half(shell.outlines[name]))[:, [1, 0]]):
            sheet.dashed(_top(line), HIDDEN)
    for sign in (-1, 1):
        end = np.array([shell.plan(0.575, until_x=1.765)[-1], shell.plan(0.20, until_x=1.765)[-1]]) * (sign, 1)
        sheet.line(_top(end), THICK)
    sheet.dashed([(_MIDDLE_X, 830), (_MIDDLE_X, 1205)], CENTRE)
    depth = _spot(_top([(0.93, 1.765)])), _spot(_top([(0.0, front.NOSE_X)]))
    sheet.upwards(depth[0], depth[1], 1190.0, _mm(front.NOSE_X - 1.765))
    sheet.leader(_spot(_top([(-0.87, 2.10)])), (130.0, 1130.0), "R120")
    sheet.leader(_spot(_top([(0.30, 2.345)])), (860.0, 1196.0), "R2450")
    sheet.datum(_spot(_top([(-0.942, 1.80)])), "C", upright=True)


def _side_view(sheet: Sheet, shell: Shell) -> None:
    sheet.text((1440.0, 262.0), "LEFT VIEW", 20, anchor="mm")
    nose, upper, behind = shell.nose(), shell.upper_edge()[:, [0, 2]], shell.rear_edge()[:, [0, 2]]
    bottom = np.array([behind[-1], nose[0]])
    sheet.line(_side(np.concatenate([nose, upper, behind, bottom])), THICK)
    for name, width in (("curtain", MEDIUM), ("blade", THIN), ("lamp", MEDIUM), ("grille", THIN), ("plate", THIN)):
        sheet.line(_side(shell.lifted(half(shell.outlines[name]))[:, [0, 2]]), width)
    lip = shell.plan(0.215, until_x=1.775)
    for z in (0.205, 0.226):
        sheet.line(_side(np.column_stack([lip[:, 1], np.full(len(lip), z)])))
    axle = _spot(_side([(AXLES_X[0], WHEEL_RADIUS)]))
    sheet.dashed([(axle[0] - 90, axle[1]), (axle[0] + 30, axle[1])], CENTRE)
    sheet.dashed([(axle[0], axle[1] - 60), (axle[0], axle[1] + 60)], CENTRE)
    sheet.leader(_spot(_side([(1.828, 0.40)])), (1625.0, 610.0), "R390")
    sheet.across(_spot(_side([(front.NOSE_X, 0.55)])), _spot(_side([(1.985, 0.76)])), 306.0, _mm(front.NOSE_X - 1.985))
    sheet.across(_spot(_side([(front.NOSE_X, 0.15)])), axle, 756.0, _mm(front.NOSE_X - AXLES_X[0]))
    sheet.upwards(_spot(_side([(2.30, 0.0)])), _spot(_side([(2.33, UNDERSIDE_Z)])), 1262.0, _mm(UNDERSIDE_Z))
    sheet.line([(1250, _GROUND_Y), (1700, _GROUND_Y)])
    sheet.text((1660, _GROUND_Y + 12), "ground", 12)


def ms11_drawing(revision: str = "B") -> npt.NDArray[np.uint8]:
    """The drawing sheet, black on white, 2400 × 1696; revisions "A" and "B" differ in openings and dimensions."""
    sheet = Sheet(WIDTH, HEIGHT)
    shell = Shell.of(revision)
    frame(sheet, WIDTH, HEIGHT)
    _reference_grid(sheet)
    _front_view(sheet, shell)
    _front_dimensions(sheet, shell)
    _top_view(sheet, shell)
    _side_view(sheet, shell)
    middle_section(sheet, shell, SECTION_AT)
    oblique_view(sheet, shell, OBLIQUE_AT)
    title_block(sheet, WIDTH, HEIGHT, revision)
    parts_list(sheet, (1640.0, 1180.0))
    notes(sheet, (70.0, 1300.0))
    tolerances(sheet, (890.0, 1300.0))
    revisions(sheet, (1290.0, 1300.0), revision)
    return sheet.picture()
