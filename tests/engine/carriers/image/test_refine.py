"""Refinement: known small displacements, homographies and bends are found again to small fractions of a pixel."""

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from tests.engine import workshop
from tests.engine.workshop import Plane
from tidemark.engine.carriers.image.grid import to_grid
from tidemark.engine.carriers.image.refine import (
    Anvil,
    Matrix,
    Placement,
    Warper,
    held_out_correlation,
    pixels_per_grid_pixel,
    refine,
)

SHAPE = (384, 1024)
HERE = Placement(np.eye(3))


def turned(degrees: float, *, scale: float = 1.0, shift: tuple[float, float] = (0, 0), lean: float = 0.0) -> Matrix:
    """A homography about the middle of the grid."""
    middle = np.array([[1, 0, 511.5], [0, 1, 191.5], [0, 0, 1]])
    c, s = scale * np.cos(np.radians(degrees)), scale * np.sin(np.radians(degrees))
    turn = np.array([[c, -s, shift[0]], [s, c, shift[1]], [lean, lean / 2, 1]])
    return np.asarray(middle @ turn @ np.linalg.inv(middle))


def seen_through(draft: Plane, leak_from_grid: Matrix, *, size: tuple[int, int] = SHAPE) -> Plane:
    """Render the draft as a leak that lies at ``leak_from_grid``."""
    leak = cv2.warpPerspective(
        draft, leak_from_grid, size[::-1], flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(leak, np.float32)


def misplacement_px(found: Placement, true_xy: npt.NDArray[np.float32], *, scale: float = 1.0) -> float:
    """Return the rms distance, in grid pixels, of where the inner grid was placed from where it lies."""
    error = np.linalg.norm(found.map_xy(SHAPE) - true_xy, axis=-1)[60:-60, 60:-60]
    return float(np.sqrt(np.mean(error**2))) / scale


@pytest.fixture(scope="module")
def draft() -> Plane:
    return to_grid(workshop.grey(workshop.landscape()))


@pytest.fixture(scope="module")
def anvil(draft: Plane) -> Anvil:
    return Anvil.of(draft)


@pytest.mark.parametrize(
    "true",
    [
        turned(0),
        turned(0, shift=(1.7, -2.4)),
        turned(0.25, scale=1.003, shift=(-1.2, 0.7)),
        turned(-0.2, scale=0.998, shift=(0.4, 0.3), lean=2e-6),
    ],
    ids=["in place", "shifted", "turned and enlarged", "leaning"],
)
def test_known_homography_is_found_to_a_fiftieth_of_a_pixel(draft: Plane, anvil: Anvil, true: Matrix) -> None:
    leak = seen_through(draft, true)
    found, correlation = refine(anvil, Warper.of(leak, HERE, SHAPE), HERE, bend=False)
    assert found.bend is None
    assert misplacement_px(found, Placement(true).map_xy(SHAPE)) < 0.05
    assert correlation > 0.99


def test_shift_is_found_under_tone_blur_and_noise(draft: Plane, anvil: Anvil) -> None:
    true = turned(0, shift=(1.3, 0.8))
    blurred = cv2.GaussianBlur(seen_through(draft, true) * np.float32(0.7) + 30, (0, 0), 1.5)
    leak = np.asarray(blurred + np.random.default_rng(0).normal(0, 4, blurred.shape), np.float32)
    found, _ = refine(anvil, Warper.of(leak, HERE, SHAPE), HERE, bend=False)
    assert misplacement_px(found, Placement(true).map_xy(SHAPE)) < 0.1


def test_known_bend_is_found_to_a_fifth_of_a_pixel(draft: Plane, anvil: Anvil) -> None:
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]].astype(np.float32)
    bend = np.stack([1.8 * np.sin(y / 130), 1.4 * np.cos(x / 170)], axis=-1).astype(np.float32)
    at = np.stack([x, y], axis=-1)
    for _ in range(8):  # the leak shows at p the draft at q with q + bend(q) = p
        at = np.stack([x, y], axis=-1) - cv2.remap(bend, at[..., 0].copy(), at[..., 1].copy(), cv2.INTER_LINEAR)
    leak = cv2.remap(draft, at[..., 0].copy(), at[..., 1].copy(), cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    warper = Warper.of(np.asarray(leak, np.float32), HERE, SHAPE)
    straight, before = refine(anvil, warper, HERE, bend=False)
    found, after = refine(anvil, warper, HERE)
    true = Placement(np.eye(3), bend).map_xy(SHAPE)
    assert misplacement_px(straight, true) > 0.5
    assert misplacement_px(found, true) < 0.2
    assert after > before


def test_what_was_drawn_over_does_not_pull(draft: Plane, anvil: Anvil) -> None:
    true = turned(0, shift=(0.9, -1.1))
    leak = seen_through(draft, true)
    cv2.rectangle(leak, (250, 100), (520, 300), (250.0,), -1)
    found, _ = refine(anvil, Warper.of(leak, HERE, SHAPE), HERE, bend=False)
    assert misplacement_px(found, Placement(true).map_xy(SHAPE)) < 0.1


@pytest.mark.parametrize("level", [0.0, 200.0])
def test_blank_leak_correlates_with_nothing_and_stays_where_it_was(anvil: Anvil, level: float) -> None:
    found, correlation = refine(anvil, Warper.of(np.full(SHAPE, level, np.float32), HERE, SHAPE), HERE)
    assert abs(correlation) < 0.05
    assert misplacement_px(found, HERE.map_xy(SHAPE)) < 5


@pytest.mark.slow
def test_refinement_never_makes_held_out_tiles_fit_worse(anvil: Anvil) -> None:
    for seed in range(2):
        other = to_grid(workshop.grey(workshop.landscape(20 + seed)))
        warper = Warper.of(other, HERE, SHAPE)
        assert refine(anvil, warper, HERE)[1] >= held_out_correlation(anvil, warper, HERE)


def test_correlation_of_the_draft_with_itself_its_negative_and_another_picture(draft: Plane, anvil: Anvil) -> None:
    other = to_grid(workshop.grey(workshop.landscape(2)))
    found = [held_out_correlation(anvil, Warper.of(leak, HERE, SHAPE), HERE) for leak in (draft, 255 - draft, other)]
    assert found[0] == pytest.approx(1, abs=1e-4)
    assert found[1] == pytest.approx(-1, abs=1e-4)
    assert abs(found[2]) < 0.1


def test_a_leak_that_hardly_touches_the_draft_is_not_judged(draft: Plane, anvil: Anvil) -> None:
    far = Placement(turned(0, shift=(1016, 0)))
    assert held_out_correlation(anvil, Warper.of(draft, far, SHAPE), far) == -1


def test_places_of_grid_pixels_in_the_leak() -> None:
    bend = np.zeros((4, 5, 2), np.float32)
    bend[1, 2] = 0.5, -0.25
    placed = Placement(np.array([[2, 0, 10], [0, 3, 20], [0, 0, 1.0]]), bend).map_xy((4, 5))
    assert placed[0, 0].tolist() == [10, 20]
    assert placed[3, 4].tolist() == [18, 29]
    assert placed[1, 2].tolist() == [15, 22.25]


def test_places_beyond_the_horizon_are_far_outside_the_leak() -> None:
    placed = Placement(np.array([[1, 0, 0], [0, 1, 0], [-0.1, 0, 1]])).map_xy((3, 20))
    assert np.all(placed[:, 10:, 0] == -1e6)
    assert np.all(placed[:, :10, 0] >= 0)
    assert np.all(np.isfinite(placed))


@pytest.mark.parametrize(("scale", "degrees"), [(1.0, 0), (0.25, 10), (3.7, -30)])
def test_magnification(scale: float, degrees: float) -> None:
    placed = np.diag([1, 1, 1 / 2]) @ turned(degrees, scale=scale)
    assert pixels_per_grid_pixel(placed, SHAPE, (768, 2048)) == pytest.approx(2 * scale, rel=1e-6)
    mirrored = np.array([[-1, 0, 1023], [0, 1, 0], [0, 0, 1.0]]) @ turned(degrees, scale=scale)
    assert pixels_per_grid_pixel(mirrored, SHAPE, SHAPE) == pytest.approx(scale, rel=1e-6)


def test_warping_tells_where_the_leak_shows_the_draft(draft: Plane) -> None:
    leak = np.ascontiguousarray(draft[60:360, 200:700])
    placed = Placement(np.array([[1, 0, -200], [0, 1, -60], [0, 0, 1.0]]))
    warped, seen = Warper.of(leak, placed, SHAPE).warp(placed)
    assert np.array_equal(np.argwhere(seen).min(axis=0), [60, 200])
    assert np.array_equal(np.argwhere(seen).max(axis=0), [359, 699])
    assert seen.sum() == 300 * 500
    assert warped[seen] == pytest.approx(draft[seen], abs=1e-3)


def test_large_leak_is_shrunk_before_it_is_warped(draft: Plane) -> None:
    large = np.asarray(cv2.resize(draft, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC), np.float32)
    placed = Placement(np.array([[3, 0, 1], [0, 3, 1], [0, 0, 1.0]]))
    warper = Warper.of(large, placed, SHAPE)
    assert warper.luma.shape == SHAPE
    warped, seen = warper.warp(placed)
    assert seen.mean() > 0.99
    assert float(np.sqrt(np.mean((warped - draft)[seen] ** 2))) < 1
