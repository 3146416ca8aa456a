"""The bundled drafts: right sizes, the same every time, white paper white, revisions that differ.

Drawing one takes seconds, so each is drawn once per session and shared.
"""

import subprocess
import sys
from functools import cache

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from tidemark.demo.drafts import DRAFTS, ms11_drawing, png
from tidemark.demo.drafts.body import side_panel, top_panel
from tidemark.demo.drafts.camera import MISSED, Camera, first_hits
from tidemark.demo.drafts.car import Car
from tidemark.demo.drafts.front import front_panel, outlines
from tidemark.demo.drafts.rear import rear_panel
from tidemark.demo.drafts.surface import Grid, hash_noise, rounded
from tidemark.demo.drafts.wheel import wheel_panel

pytestmark = pytest.mark.slow  # a draft takes seconds to draw

SIZES = {
    "ms11-front-bumper": (1440, 2560, 3),
    "ms11-rear-bumper": (1440, 2560, 3),
    "ms11-full-view": (2160, 3840, 3),
    "ms11-drawing": (1696, 2400, 3),
}

APPROVED_FRONT = (
    (110, 127, 134, 134, 148, 172, 183, 183),
    (149, 148, 166, 169, 163, 129, 127, 183),
    (87, 90, 92, 89, 100, 82, 104, 183),
    (76, 58, 62, 51, 56, 39, 89, 184),
    (65, 63, 57, 54, 54, 55, 122, 182),
    (149, 128, 113, 113, 123, 137, 164, 182),
)
"""Luminance of the front bumper (revision B) on 8 × 6 cells, as it was when the render was last looked at."""
HASHED = (-0.7705331, -0.1700828, 0.4526101, 0.4475694)


@cache
def drawn(name: str) -> npt.NDArray[np.uint8]:
    return DRAFTS[name]()


def thumbnail(picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """The picture's luminance on 8 × 6 cells, 0..255."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    return np.asarray(cv2.resize(grey, (8, 6), interpolation=cv2.INTER_AREA), np.float32)


def test_there_are_four_drafts() -> None:
    assert set(DRAFTS) == set(SIZES)


@pytest.mark.parametrize("name", ["ms11-front-bumper", "ms11-drawing"])
def test_draft_has_its_size_and_eight_bits(name: str) -> None:
    picture = drawn(name)
    assert picture.shape == SIZES[name]
    assert picture.dtype == np.uint8


def test_render_shows_what_it_showed_when_it_was_approved() -> None:
    approved = np.array(APPROVED_FRONT, np.float32)
    assert np.abs(thumbnail(drawn("ms11-front-bumper")) - approved).max() < 2.5


def test_render_has_depth_of_tone_and_colour() -> None:
    picture = drawn("ms11-front-bumper")
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    assert np.percentile(grey, 1) < 12
    assert np.percentile(grey, 99) > 190
    middle = picture[560:900, 700:1900].astype(int)
    assert np.mean(middle[..., 1] - middle[..., 0]) > 20  # the green bumper


def test_drawing_is_the_same_every_time() -> None:
    assert ms11_drawing().tobytes() == drawn("ms11-drawing").tobytes()


def test_white_paper_is_pure_white() -> None:
    sheet = drawn("ms11-drawing")
    assert np.mean((sheet == 255).all(axis=2)) >= 0.80
    assert sheet.min() == 0


def test_revisions_of_the_drawing_differ_in_grille_and_title() -> None:
    changed = (ms11_drawing(revision="A") != drawn("ms11-drawing")).any(axis=2)
    assert changed[480:620, 330:960].mean() > 0.02  # lower grille of the front view
    assert changed[1480:1520, 2200:2340].any()  # the letter in the title block


def test_revisions_of_the_front_bumper_differ_where_it_is_cut_open() -> None:
    old, new = front_panel("A"), front_panel("B")
    differs = np.abs(old.relief[..., 0] - new.relief[..., 0]) > 0.002
    assert 0.005 < differs.mean() < 0.2
    assert (old.labels != new.labels).any()


def test_unknown_revision_is_refused() -> None:
    with pytest.raises(ValueError, match="not 'C'"):
        outlines("C")


def test_png_holds_exactly_the_draft() -> None:
    found = cv2.imdecode(np.frombuffer(png("ms11-drawing"), np.uint8), cv2.IMREAD_COLOR)
    assert found is not None
    assert np.array_equal(cv2.cvtColor(found, cv2.COLOR_BGR2RGB), drawn("ms11-drawing"))


def test_png_of_an_unknown_draft_raises() -> None:
    with pytest.raises(KeyError):
        png("ms12-front-bumper")


def test_distance_to_an_outline_is_exact_close_by_and_negative_inside() -> None:
    grid = Grid(0.0, 0.2, 0.0, 0.2, 0.001)
    square = rounded([(0.05, 0.05), (0.15, 0.05), (0.15, 0.15), (0.05, 0.15)], 1e-4)
    distance = grid.distance(square)
    assert distance[100, 30] == pytest.approx(0.020, abs=1e-4)
    assert distance[100, 70] == pytest.approx(-0.020, abs=1e-4)
    assert distance[30, 30] == pytest.approx(0.020 * 2**0.5, abs=3e-4)


def test_rays_end_on_the_surface_of_the_car() -> None:
    car = Car(side_panel(), top_panel(), front_panel(), rear_panel(), wheel_panel())
    camera = Camera((6.3, -4.7, 1.55), (0.0, 0.0, 0.6), 160, 90, 37.0)
    ranges = first_hits(car, camera)
    row, column = np.nonzero(ranges < MISSED)
    assert 0.25 < row.size / ranges.size < 0.6
    rays = camera.rays(column.astype(np.float32) + 0.5, row.astype(np.float32) + 0.5)
    at = np.array(camera.eye, np.float32) + rays * ranges[row, column, None]
    gap = np.abs(car.distance(*at.T.copy()))
    assert np.mean(gap < 0.25 * camera.pixel_angle * ranges[row, column]) > 0.95
    normal = car.surface(*at.T.copy()).normal
    assert np.allclose(np.linalg.norm(normal, axis=1), 1, atol=1e-3)
    assert np.mean(np.einsum("ij,ij->i", normal, rays) < 0.05) > 0.97  # what is seen faces the eye


def test_hash_noise_is_the_same_on_every_machine() -> None:
    place = np.arange(4, dtype=np.int64)
    assert hash_noise(place, place[::-1].copy(), seed=5).tolist() == pytest.approx(HASHED, abs=1e-6)


def test_drafts_draw_without_django() -> None:
    code = "import sys, tidemark.demo.drafts; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
