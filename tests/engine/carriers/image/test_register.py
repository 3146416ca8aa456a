"""Registration from nothing: leaks whose place on the draft is known, and pictures that have none."""

import cv2
import numpy as np
import pytest

from tests.engine import workshop
from tests.engine.workshop import Draft, Pixels, Plane, grey
from tidemark.engine.carriers.image.features import Features, extract
from tidemark.engine.carriers.image.grid import to_grid
from tidemark.engine.carriers.image.refine import Matrix
from tidemark.engine.carriers.image.register import (
    MIN_INLIERS,
    NotRegistered,
    Registration,
    fit,
    homography,
)

GRID_PER_DRAFT_XY = np.array([1024 / 768, 384 / 288])


def tried(draft: Draft, leak: Pixels) -> Registration | NotRegistered:
    return fit(draft.reference.grid, draft.reference.features, grey(leak))


def placed(draft: Draft, leak: Pixels) -> Registration:
    found = tried(draft, leak)
    assert isinstance(found, Registration), found.reason
    return found


def misplacement_px(found: Registration, leak_from_draft: Matrix) -> float:
    """Return the rms distance, in grid pixels, from where the leak really shows the draft."""
    shape = found.warper.shape
    y, x = np.mgrid[20 : shape[0] - 20 : 9, 20 : shape[1] - 20 : 9]
    in_draft = (np.stack([x, y], axis=-1) + 0.5) / GRID_PER_DRAFT_XY - 0.5
    points = np.concatenate([in_draft, np.ones((*x.shape, 1))], axis=-1) @ leak_from_draft.T
    true = points[..., :2] / points[..., 2:]
    here = found.placement.map_xy(shape)[y, x]
    last_xy = np.array(found.warper.luma.shape[::-1]) / found.warper.shrink - 1
    seen = ((true > 0) & (true < last_xy)).all(axis=-1)
    error = np.linalg.norm(here - true, axis=-1)[seen]
    magnification = np.sqrt(abs(np.linalg.det(leak_from_draft[:2, :2]))) / GRID_PER_DRAFT_XY[0]
    return float(np.sqrt(np.mean(error**2)) / magnification)


def moved(pixels: Pixels, leak_from_draft: Matrix, size: tuple[int, int]) -> Pixels:
    return np.asarray(cv2.warpPerspective(pixels, leak_from_draft, size[::-1], flags=cv2.INTER_AREA), np.uint8)


def resizing(factor: float) -> Matrix:
    return np.array([[factor, 0, factor / 2 - 0.5], [0, factor, factor / 2 - 0.5], [0, 0, 1]])


def test_copy_as_sent_lies_on_the_draft(bumper_a: Draft) -> None:
    found = placed(bumper_a, bumper_a.copy("copy 1"))
    assert misplacement_px(found, np.eye(3)) < 0.05
    assert found.coverage > 0.99
    assert found.correlation > 0.95
    assert not found.mirrored


def test_crop_is_placed(bumper_a: Draft) -> None:
    left, top, right, bottom = 90, 40, 410, 270
    found = placed(bumper_a, bumper_a.copy("copy 1")[top:bottom, left:right])
    assert misplacement_px(found, np.array([[1.0, 0, -left], [0, 1, -top], [0, 0, 1]])) < 0.25
    assert found.coverage == pytest.approx(320 * 230 / (768 * 288), rel=0.02)


def test_mirror_image_is_recognised_as_such(bumper_a: Draft) -> None:
    found = placed(bumper_a, bumper_a.copy("copy 1")[:, ::-1])
    assert misplacement_px(found, np.array([[-1.0, 0, 767], [0, 1, 0], [0, 0, 1]])) < 0.05
    assert found.mirrored


def test_half_size_is_placed(bumper_a: Draft) -> None:
    found = placed(bumper_a, workshop.shrunk(bumper_a.copy("copy 1"), 0.5))
    assert misplacement_px(found, resizing(0.5)) < 0.15


@pytest.mark.slow
def test_leak_larger_than_the_draft_is_placed(bumper_a: Draft) -> None:
    size = (768 * 2, 288 * 2)
    large = np.asarray(cv2.resize(bumper_a.copy("copy 1"), size, interpolation=cv2.INTER_CUBIC), np.uint8)
    assert misplacement_px(placed(bumper_a, large), resizing(2)) < 0.1


def test_slanted_view_within_a_larger_picture_is_placed(bumper_a: Draft) -> None:
    corners = np.array([[0, 0], [767, 0], [767, 287], [0, 287]], np.float32)
    onto = np.array([[130, 90], [840, 60], [860, 400], [100, 360]], np.float32)
    true = np.asarray(cv2.getPerspectiveTransform(corners, onto), np.float64)
    found = placed(bumper_a, moved(bumper_a.copy("copy 1"), true, (480, 960)))
    assert misplacement_px(found, true) < 0.15
    assert found.coverage > 0.98


def test_quarter_turn_is_placed(bumper_a: Draft) -> None:
    found = placed(bumper_a, np.rot90(bumper_a.copy("copy 1")).copy())
    assert misplacement_px(found, np.array([[0, 1.0, 0], [-1, 0, 767], [0, 0, 1]])) < 0.05
    assert not found.mirrored


def test_line_drawing_is_placed(drawing: Draft) -> None:
    found = placed(drawing, workshop.shrunk(drawing.copy("copy 1")[20:270, 100:700], 0.6))
    true = resizing(0.6) @ np.array([[1.0, 0, -100], [0, 1, -20], [0, 0, 1]])
    assert misplacement_px(found, true) < 0.2


def test_search_finds_what_features_do_not(drawing: Draft) -> None:
    """No feature of the leak is handed over at all: the exhaustive search must place it."""
    leak = grey(drawing.copy("copy 1")[60:280, 200:640])
    none = Features(leak.shape, np.empty((0, 2), np.float32), np.empty((0, 128), np.float32))
    reference = drawing.reference
    blind = Features(reference.features.size, none.points_xy, none.descriptors)
    found = fit(reference.grid, blind, leak)
    assert isinstance(found, Registration)
    assert misplacement_px(found, np.array([[1.0, 0, -200], [0, 1, -60], [0, 0, 1]])) < 0.2


@pytest.mark.slow
@pytest.mark.parametrize("leak", ["blank", "tiny", "noise", "another picture"])
def test_picture_that_has_no_place_on_the_draft_is_refused_with_a_reason(bumper_a: Draft, leak: str) -> None:
    pixels = {
        "blank": np.full((400, 600, 3), 255, np.uint8),
        "tiny": bumper_a.pixels[180:196, 300:316],
        "noise": np.random.default_rng(0).integers(0, 256, (400, 600, 3)).astype(np.uint8),
        "another picture": workshop.landscape(9)[:400, :600],
    }[leak]
    found = tried(bumper_a, np.ascontiguousarray(pixels))
    assert isinstance(found, NotRegistered)
    assert not found
    assert "needed" in found.reason


def test_homography_is_that_of_the_leak(bumper_a: Draft) -> None:
    leak = workshop.shrunk(bumper_a.pixels[30:280, 150:650], 0.8)
    found = homography(bumper_a.reference.features, extract(grey(leak)))
    assert found is not None
    matrix, agreeing = found
    corners = np.array([[200.0, 50, 1], [600, 50, 1], [600, 250, 1], [200, 250, 1]])
    true = corners @ (resizing(0.8) @ np.array([[1.0, 0, -150], [0, 1, -30], [0, 0, 1]])).T
    seen = corners @ matrix.T
    assert seen[:, :2] / seen[:, 2:] == pytest.approx(true[:, :2], abs=2)
    assert agreeing > 5 * MIN_INLIERS


def test_no_homography_without_features_or_agreement(bumper_a: Draft) -> None:
    features = bumper_a.reference.features
    rng = np.random.default_rng(0)

    def random(count: int) -> Features:
        descriptors = np.abs(rng.standard_normal((count, 128))).astype(np.float32)
        descriptors /= np.linalg.norm(descriptors, axis=1, keepdims=True)
        return Features(workshop.SIZE, rng.uniform(0, 288, (count, 2)).astype(np.float32), descriptors)

    assert homography(features, random(0)) is None
    assert homography(random(0), features) is None
    assert homography(features, random(MIN_INLIERS - 1)) is None
    assert homography(features, random(400)) is None


def test_grid_of_a_draft_is_what_its_placement_speaks_of(bumper_a: Draft) -> None:
    found = placed(bumper_a, bumper_a.copy("copy 1"))
    warped: Plane = found.warper.warp(found.placement)[0]
    inner = np.s_[10:-10, 10:-10]
    assert float(np.sqrt(np.mean((warped - to_grid(grey(bumper_a.pixels)))[inner] ** 2))) < 2.5
