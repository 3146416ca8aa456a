"""The draft brought into the leak's frame, and the residual taken there and brought back to the grid."""

import cv2
import numpy as np
import pytest

from tests.engine import workshop
from tests.engine.workshop import Draft, Plane, grey, jpeg, opened
from tidemark.engine.carriers.image.grid import to_grid
from tidemark.engine.carriers.image.leak_frame import draft_in_leak, look_at
from tidemark.engine.carriers.image.recompress import luma_steps
from tidemark.engine.carriers.image.refine import Matrix, Placement

SHAPE = (384, 1024)
SIZE = workshop.SIZE

GRID_FROM_DRAFT = np.array(
    [
        [4 / 3, 0, 1 / 6],
        [0, 4 / 3, 1 / 6],
        [0, 0, 1],
    ]
)


def lying(leak_from_draft: Matrix) -> Placement:
    return Placement(leak_from_draft @ np.linalg.inv(GRID_FROM_DRAFT))


@pytest.fixture(scope="module")
def luma() -> Plane:
    return grey(workshop.landscape())


def test_draft_lies_on_a_leak_that_is_itself(luma: Plane) -> None:
    host, known = draft_in_leak(luma, SHAPE, lying(np.eye(3)), SIZE)
    assert known.all()
    assert host[2:-2, 2:-2] == pytest.approx(luma[2:-2, 2:-2], abs=0.1)


def test_draft_in_a_crop_is_the_crop(luma: Plane) -> None:
    host, known = draft_in_leak(luma, SHAPE, lying(np.array([[1.0, 0, -200], [0, 1, -30], [0, 0, 1]])), (240, 350))
    assert known.all()
    assert host == pytest.approx(luma[30:270, 200:550], abs=0.1)


def test_draft_in_a_larger_picture_is_known_only_where_it_lies(luma: Plane) -> None:
    host, known = draft_in_leak(luma, SHAPE, lying(np.array([[1.0, 0, 60], [0, 1, 40], [0, 0, 1]])), (380, 900))
    assert known.sum() == pytest.approx(SIZE[0] * SIZE[1], rel=1e-3)
    assert host[50:320, 70:820] == pytest.approx(luma[10:280, 10:760], abs=0.1)


def test_draft_in_a_mirror_image_is_mirrored(luma: Plane) -> None:
    host, known = draft_in_leak(luma, SHAPE, lying(np.array([[-1.0, 0, 767], [0, 1, 0], [0, 0, 1]])), SIZE)
    assert known.all()
    assert host[2:-2, 2:-2] == pytest.approx(luma[2:-2, -3:1:-1], abs=0.1)


def test_draft_in_a_small_leak_is_shrunk_as_area_means(luma: Plane) -> None:
    quarter = np.array([[0.25, 0, -0.375], [0, 0.25, -0.375], [0, 0, 1]])
    host, known = draft_in_leak(luma, SHAPE, lying(quarter), (72, 192))
    area = cv2.resize(luma, (192, 72), interpolation=cv2.INTER_AREA)
    assert known.all()
    assert float(np.sqrt(np.mean((host - area)[2:-2, 2:-2] ** 2))) < 0.5


def test_draft_seen_aslant_agrees_with_opencv(luma: Plane) -> None:
    corners = np.array([[0, 0], [767, 0], [767, 287], [0, 287]], np.float32)
    onto = np.array([[20, 20], [760, 5], [740, 280], [5, 270]], np.float32)
    true = np.asarray(cv2.getPerspectiveTransform(corners, onto), np.float64)
    host, known = draft_in_leak(luma, SHAPE, lying(true), SIZE)
    expected = cv2.warpPerspective(luma, true, SIZE[::-1], flags=cv2.INTER_CUBIC)
    inner = cv2.erode(known.astype(np.uint8), np.ones((9, 9), np.uint8), borderValue=0).astype(bool)
    assert inner.mean() > 0.8
    assert float(np.sqrt(np.mean((host - expected)[inner] ** 2))) < 1


def test_bent_draft_is_unbent_to_a_hundredth_of_a_pixel() -> None:
    """On a ramp whose level is the place itself, the error of the place can be read off."""
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]].astype(np.float32)
    bend = np.stack([2.5 * np.sin(y / 90), 2 * np.cos(x / 110)], axis=-1).astype(np.float32)
    host, known = draft_in_leak(x, SHAPE, Placement(np.eye(3), bend), SHAPE)
    placed = Placement(np.eye(3), bend).map_xy(SHAPE)
    back = cv2.remap(host, placed[..., 0].copy(), placed[..., 1].copy(), cv2.INTER_CUBIC)
    inner = np.s_[20:-20, 20:-20]
    assert known[inner].all()
    assert back[inner] == pytest.approx(x[inner], abs=0.02)


@pytest.mark.parametrize("quality", [None, 60])
def test_unmarked_leak_leaves_next_to_nothing(luma: Plane, quality: int | None) -> None:
    leak, steps = np.rint(luma * np.float32(0.8) + 10), None
    if quality is not None:
        data = jpeg(leak, quality)
        leak, steps = grey(opened(data)), luma_steps(data)
    seen = look_at(luma, leak, lying(np.eye(3)), jpeg_steps=steps)
    assert seen.where.mean() > 0.98
    assert seen.residual.shape == seen.warped.shape == SHAPE
    assert float(seen.residual.std()) < (0.4 if quality is None else 0.75 * float(np.std(leak - luma * 0.8 - 10)))
    assert float(np.corrcoef(seen.warped[seen.where], to_grid(luma)[seen.where])[0, 1]) > 0.98


def test_repeating_the_compression_explains_its_artefacts(luma: Plane) -> None:
    data = jpeg(luma, 30)
    leak = grey(opened(data))
    blind = look_at(luma, leak, lying(np.eye(3)), jpeg_steps=None)
    told = look_at(luma, leak, lying(np.eye(3)), jpeg_steps=luma_steps(data))
    assert float(told.residual.std()) < 0.7 * float(blind.residual.std())


def test_residual_of_a_copy_is_its_mark(landscape: Draft) -> None:
    luma, leak = grey(landscape.pixels), grey(landscape.copy("copy 1"))
    seen = look_at(luma, leak, lying(np.eye(3)), jpeg_steps=None)
    true = to_grid(leak - luma)
    assert float(np.corrcoef(seen.residual[20:-20, 20:-20].ravel(), true[20:-20, 20:-20].ravel())[0, 1]) > 0.9


def test_residual_is_zero_where_the_leak_shows_nothing(luma: Plane) -> None:
    leak = (luma[40:280, 200:600] + np.random.default_rng(0).normal(0, 5, (240, 400))).astype(np.float32)
    seen = look_at(luma, leak, lying(np.array([[1.0, 0, -200], [0, 1, -40], [0, 0, 1]])), jpeg_steps=None)
    assert np.all(seen.residual[~seen.where] == 0)
    assert seen.where.mean() == pytest.approx(240 * 400 / (288 * 768), rel=0.02)
    assert float(seen.residual[seen.where].std()) > 1


@pytest.mark.slow
def test_a_huge_leak_is_looked_at_at_twice_the_grid(luma: Plane) -> None:
    """Its noise is averaged down accordingly, and the mark's band is kept."""
    large = np.asarray(cv2.resize(luma, None, fx=4, fy=4, interpolation=cv2.INTER_CUBIC), np.float32)
    noisy = (large + np.random.default_rng(0).normal(0, 8, large.shape)).astype(np.float32)
    placed = lying(np.array([[4, 0, 1.5], [0, 4, 1.5], [0, 0, 1.0]]))
    seen = look_at(luma, noisy, placed, jpeg_steps=np.ones((8, 8), np.float32))
    assert seen.residual.shape == SHAPE
    assert float(seen.residual[seen.where].std()) < 8 / 2
