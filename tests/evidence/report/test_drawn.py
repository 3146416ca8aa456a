"""What is drawn in a report, as it lies on its pages: each picture over its caption, the plot with all its marks."""

import io
import re
from collections.abc import Iterator
from ctypes import byref, c_uint
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from PIL import Image

from tests.evidence.report.exhibits import HOLDERS, a_finding, some_decoys, some_pictures
from tidemark.engine.detect import Scores
from tidemark.evidence.finding import Finding
from tidemark.evidence.report import report
from tidemark.evidence.report.blocks import threshold_z
from tidemark.evidence.report.strip import MAX_DOTS, Strip, strip

MM = 72 / 25.4
LEFT, WIDE = 24 * MM, 162 * MM
"""Where the plot's axis begins on the page and how long it is, in points."""

TALL, BELL = 40 * MM, 24 * MM
"""Height of the plot above its axis, and of the bell in it."""

LINE = 1.1
"""By how much the box of a stroked line may be wider than the line, in points."""

DOT, MARK = WIDE / 84 - 0.24 * MM, 3.4 * MM + 1.4
"""Diameters of a copy's dot, and of an accused one's mark with its white rim."""

SHOWN = {
    "leak_as_found": "Figure 1",
    "leak": "Figure 2",
    "draft": "Figure 3",
    "difference": "Figure 4",
    "where": "Figure 5",
}
"""The pictures in their order on the pages, and how the caption under each begins."""


@dataclass(frozen=True)
class Lying:
    """Something on a page: ``box`` is left, bottom, right, top, in points from the page's lower left corner."""

    page: int
    box: tuple[float, float, float, float]
    item: pypdfium2.PdfObject

    @property
    def centre(self) -> tuple[float, float]:
        left, bottom, right, top = self.box
        return (left + right) / 2, (bottom + top) / 2

    @property
    def size(self) -> tuple[float, float]:
        left, bottom, right, top = self.box
        return right - left, top - bottom


def _document(finding: Finding, decoys: Scores) -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(report(finding, some_pictures(), decoys))


def _lying(document: pypdfium2.PdfDocument, kind: int) -> Iterator[Lying]:
    for number, page in enumerate(document):
        for item in page.get_objects(filter=[kind], max_depth=10):
            yield Lying(number, item.get_bounds(), item)


def _text(document: pypdfium2.PdfDocument, page: int, box: tuple[float, float, float, float]) -> str:
    """Return what is written within a box of a page, on one line."""
    return re.sub(r"\s+", " ", document[page].get_textpage().get_text_bounded(*box)).strip()


def _pixels(png: bytes) -> npt.NDArray[np.uint8]:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


# --- the pictures -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def document() -> pypdfium2.PdfDocument:
    return _document(a_finding(40.0), some_decoys())


@pytest.fixture(scope="module")
def placed(document: pypdfium2.PdfDocument) -> dict[str, Lying]:
    """Where each picture lies, by the order of the pages."""
    found = list(_lying(document, pdfium.FPDF_PAGEOBJ_IMAGE))
    assert len(found) == len(SHOWN)
    return dict(zip(SHOWN, found, strict=True))


@pytest.mark.parametrize("name", SHOWN)
def test_each_picture_is_in_the_report_to_the_bit(name: str, placed: dict[str, Lying]) -> None:
    embedded = placed[name].item.get_bitmap().to_pil().convert("RGB")
    assert np.array_equal(np.asarray(embedded), _pixels(getattr(some_pictures(), name)))


@pytest.mark.parametrize("name", SHOWN)
def test_each_picture_is_seen_whole_on_its_page(
    name: str, placed: dict[str, Lying], document: pypdfium2.PdfDocument
) -> None:
    given, there = _pixels(getattr(some_pictures(), name)), placed[name]
    page = document[there.page]
    scale = given.shape[1] / there.size[0]
    left, bottom, right, top = (round(at * scale) for at in there.box)
    height = round(page.get_height() * scale)
    seen = page.render(scale=scale).to_pil().convert("RGB").crop((left, height - top, right, height - bottom))
    levels = np.asarray(seen.resize(given.shape[1::-1])).astype(float)
    assert np.corrcoef(levels.ravel(), given.ravel())[0, 1] > 0.9  # half a pixel aside, by rounding


@pytest.mark.parametrize(("name", "begins"), SHOWN.items())
def test_each_picture_stands_over_its_own_caption(
    name: str, begins: str, placed: dict[str, Lying], document: pypdfium2.PdfDocument
) -> None:
    left, bottom, right, _ = placed[name].box
    assert _text(document, placed[name].page, (left - 1, bottom - 20, right, bottom - 1)).startswith(begins)


@pytest.mark.parametrize(("one", "other"), [("leak", "draft"), ("difference", "where")])
def test_what_is_compared_stands_side_by_side_in_one_size(one: str, other: str, placed: dict[str, Lying]) -> None:
    left, right = placed[one], placed[other]
    assert left.page == right.page
    assert left.box[1::2] == pytest.approx(right.box[1::2], abs=0.1)
    assert left.size == pytest.approx(right.size, abs=0.1)
    assert left.box[2] < right.box[0]
    assert left.size[0] > 75 * MM


# --- the plot of scores -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Plot:
    """The plot of a finding as it should be, and what is drawn on its page; ``foot`` is the height of its axis."""

    expected: Strip
    document: pypdfium2.PdfDocument
    page: int
    foot: float
    paths: tuple[Lying, ...]

    def x(self, share: float) -> float:
        return LEFT + share * WIDE

    def written(self, left: float, bottom: float, right: float, top: float) -> str:
        """Return what is written within a box whose heights count from the axis up."""
        return _text(self.document, self.page, (left, self.foot + bottom, right, self.foot + top))

    def sized(self, width: float, height: float) -> list[Lying]:
        return [path for path in self.paths if path.size == pytest.approx((width, height), abs=0.2)]

    def upright(self, at: float, *, low: float, high: float) -> list[Lying]:
        """Return the upright lines at a place, between two heights above the axis."""
        ends = pytest.approx((self.foot + low, self.foot + high), abs=LINE)
        here = [path for path in self.paths if path.size[0] < 2 * LINE and path.box[1::2] == ends]
        return [path for path in here if path.centre[0] == pytest.approx(at, abs=0.2)]


def _plot(finding: Finding, decoys: Scores | None = None) -> Plot:
    decoys = some_decoys() if decoys is None else decoys
    document = _document(finding, decoys)
    paths = list(_lying(document, pdfium.FPDF_PAGEOBJ_PATH))
    axes = [
        path
        for path in paths
        if path.size == pytest.approx((WIDE, 0), abs=2 * LINE)
        and "Score z" in _text(document, path.page, (LEFT, path.centre[1] - 10.5 * MM, LEFT + WIDE, path.centre[1]))
    ]
    assert len(axes) == 1
    (axis,) = axes
    expected = strip(
        finding.tested.scores,
        [each.z for each in finding.accused],
        threshold=threshold_z(finding),
        decoys=decoys,
    )
    here = tuple(path for path in paths if path.page == axis.page)
    return Plot(expected, document, axis.page, axis.centre[1], here)


def _colour(area: Lying) -> tuple[int, ...]:
    levels = [c_uint() for _ in range(4)]
    assert pdfium.FPDFPageObj_GetFillColor(area.item.raw, *map(byref, levels))
    return tuple(level.value for level in levels)


@pytest.mark.parametrize("copies", [1, 30, MAX_DOTS, 5000])
def test_the_plot_has_a_dot_at_every_score_that_is_no_part_of_a_column(copies: int) -> None:
    plot = _plot(a_finding(40.0, copies=copies))
    expected = sorted(plot.expected.dots, key=lambda dot: (dot.x, dot.level))
    dots = sorted(plot.sized(DOT, DOT), key=lambda dot: (round(dot.centre[0]), dot.centre[1]))
    assert len(dots) == len(expected) >= 1
    step = min(WIDE / 84, (1.25 * BELL - WIDE / 84) / plot.expected.levels)
    for dot, wanted in zip(dots, expected, strict=True):
        at = plot.x(wanted.x), plot.foot + wanted.level * step + WIDE / 84 / 2
        assert dot.centre == pytest.approx(at, abs=0.5)
    beyond = {_colour(dot) for dot, wanted in zip(dots, expected, strict=True) if wanted.beyond}
    within = {_colour(dot) for dot, wanted in zip(dots, expected, strict=True) if not wanted.beyond}
    assert len(beyond) == 1
    assert len(within) == (copies > 1)
    assert beyond.isdisjoint(within)


def test_a_crowd_of_copies_is_drawn_as_columns() -> None:
    plot = _plot(a_finding(40.0, copies=5000))
    assert len(plot.expected.columns) > 20
    for column in plot.expected.columns:
        width = (column.right - column.left) * WIDE - 0.3 * MM
        drawn = plot.sized(width, column.height * BELL)
        middle = plot.x((column.left + column.right) / 2)
        assert any(each.centre[0] == pytest.approx(middle, abs=0.2) for each in drawn)


def test_what_is_expected_of_innocents_and_what_decoys_scored_is_drawn() -> None:
    plot = _plot(a_finding(40.0, copies=30))
    for outline, inflated in ((plot.expected.bell, 0.0), (plot.expected.decoys, LINE)):
        across, up = zip(*outline, strict=True)
        box = plot.x(min(across)), plot.foot, plot.x(max(across)), plot.foot + max(up) * BELL
        assert [path for path in plot.paths if path.box == pytest.approx(box, abs=0.2 + inflated)] != []


def test_the_threshold_and_the_highest_decoy_are_lines_with_their_figures() -> None:
    finding = a_finding(40.0, copies=30)
    plot = _plot(finding)
    threshold, decoy = plot.x(plot.expected.threshold), plot.x(plot.expected.highest_decoy)
    assert len(plot.upright(threshold, low=0, high=TALL)) == 1
    assert len(plot.upright(decoy, low=0, high=TALL - 6 * MM)) == 1
    beside = plot.written(threshold - 30 * MM, TALL - 6 * MM, threshold + MM, TALL)
    assert beside == f"accused from {threshold_z(finding):.2f} →"
    assert plot.written(decoy - 30 * MM, TALL - 10 * MM, decoy + MM, TALL - 5 * MM) == "highest decoy 3.87"


@pytest.mark.parametrize(
    ("copies", "decoys"), [(1, 100), (30, 100), (MAX_DOTS, 100), (MAX_DOTS, 10_000), (200, 400), (5000, 10_000)]
)
def test_nothing_is_drawn_where_the_labels_lie(copies: int, decoys: int) -> None:
    for seed in range(3):
        scored = np.random.default_rng(seed).normal(0, 1, decoys)
        plot = _plot(a_finding(40.0, copies=copies, seed=seed), scored)
        label = plot.foot + TALL - 9.5 * MM
        others = (
            plot.upright(plot.x(each), low=0, high=high)
            for each, high in ((plot.expected.threshold, TALL), (plot.expected.highest_decoy, TALL - 6 * MM))
        )
        lines = [line for found in others for line in found]
        assert len(lines) == 2
        left = plot.x(plot.expected.knee) - MM
        reaching = [
            path for path in plot.paths if path.box[3] > label and path.box[1] < plot.foot + TALL and path.box[2] < left
        ]
        assert [path for path in reaching if path not in lines] == []


@pytest.mark.parametrize("z", [6.5, 40.0, 300.0])
def test_each_tick_of_the_axis_has_its_number_under_it(z: float) -> None:
    plot = _plot(a_finding(z, copies=30))
    assert len(plot.expected.ticks) >= 6
    for tick in plot.expected.ticks:
        at = plot.x(tick.x)
        assert len(plot.upright(at, low=-1.4 * MM, high=0)) == 1
        assert plot.written(at - 3 * MM, -6 * MM, at + 3 * MM, -1.5 * MM) == tick.label


def test_each_of_the_accused_has_a_numbered_mark_and_a_label_with_its_holder() -> None:
    plot = _plot(a_finding(41.2, 33.8, 12.4))
    marks = [path for path in plot.sized(MARK, MARK) if path.centre[1] < plot.foot + WIDE / 84]
    assert len(marks) == 3
    for number, share in enumerate(plot.expected.accused, 1):
        at = plot.x(share)
        assert any(mark.centre[0] == pytest.approx(at, abs=0.5) for mark in marks)
        assert plot.written(at - MM, -MM, at + MM, 4 * MM) == str(number)
    labels = plot.written(LEFT, TALL, LEFT + WIDE, TALL + 20 * MM)
    assert [name for name in HOLDERS[:2] if name not in labels] == []
    assert [z for z in ("41.20", "33.80", "12.40") if f"z = {z}" not in labels] == []
