"""The pictures of a finding show where the leak lies and where the mark was found."""

import io

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from tests.engine.workshop import Draft, grey, jpeg
from tidemark.engine import detect
from tidemark.engine.carriers import image
from tidemark.engine.carriers.image.feature import feature_vector
from tidemark.engine.carriers.image.grid import grid_shape, to_grid
from tidemark.engine.carriers.image.illustrate import contributions
from tidemark.engine.keys import gaussians


def _opened(data: bytes) -> npt.NDArray[np.float64]:
    with Image.open(io.BytesIO(data)) as picture:
        assert picture.format == "PNG"
        return np.asarray(picture.convert("RGB"), np.float64)


def _drawn(draft: Draft, leak: bytes, copy: str) -> image.Illustration:
    observed = image.observe(draft.reference, image.look(leak))
    assert isinstance(observed, image.Observation)
    return image.illustrate(draft.file, leak, observed, draft.key(copy))


@pytest.mark.slow
def test_a_cropped_leak_lies_where_it_was_cut_out(bumper_a: Draft) -> None:
    drawn = _drawn(bumper_a, jpeg(bumper_a.copy("copy 2")[40:250, 200:560], 85), "copy 2")
    rows, columns = grid_shape(*bumper_a.pixels.shape[:2])
    draft, leak, where = _opened(drawn.draft), _opened(drawn.leak), _opened(drawn.where)
    assert draft.shape == leak.shape == where.shape == _opened(drawn.difference).shape == (rows, columns, 3)
    scale = columns / bumper_a.pixels.shape[1]
    inside = np.zeros((rows, columns), bool)
    inside[round(46 * scale) : round(244 * scale), round(206 * scale) : round(554 * scale)] = True
    outside = cv2.dilate(inside.astype(np.uint8), np.ones((41, 41))) == 0
    assert np.abs(leak - draft)[inside].mean() < 6
    assert np.ptp(leak[outside], axis=0).max() == 0
    warmth = where[..., 0] - where[..., 2]
    assert warmth[inside].mean() > 40
    assert abs(warmth[outside].mean()) < 2


@pytest.mark.slow
def test_another_copys_mark_is_found_nowhere_in_particular(bumper_a: Draft) -> None:
    leak = jpeg(bumper_a.copy("copy 2"), 90)
    own, other = (_opened(_drawn(bumper_a, leak, copy).where) for copy in ("copy 2", "copy 9"))
    grey = _opened(_drawn(bumper_a, leak, "copy 2").draft).std(axis=-1)
    share = [float(((each[..., 0] - each[..., 2])[grey < 20] > 30).mean()) for each in (own, other)]
    assert share[0] > 1.5 * share[1]


@pytest.mark.slow
@pytest.mark.parametrize("way", ["mirrored", "inverted", "rotated"])
def test_the_leak_is_shown_the_right_way_round(bumper_a: Draft, way: str) -> None:
    copy = bumper_a.copy("copy 1")
    changed = {"mirrored": copy[:, ::-1], "inverted": 255 - copy, "rotated": np.rot90(copy)}[way]
    drawn = _drawn(bumper_a, jpeg(np.ascontiguousarray(changed), 90), "copy 1")
    leak, draft = _opened(drawn.leak)[8:-8, 8:-8], _opened(drawn.draft)[8:-8, 8:-8]
    assert np.abs(leak - draft).mean() < 6


@pytest.mark.slow
def test_the_leak_as_found_is_never_larger_than_a_page_needs(bumper_a: Draft) -> None:
    large = cv2.resize(bumper_a.copy("copy 1"), None, fx=4, fy=4, interpolation=cv2.INTER_CUBIC)
    drawn = _drawn(bumper_a, jpeg(np.asarray(large, np.uint8), 80), "copy 1")
    assert max(_opened(drawn.leak_as_found).shape[:2]) == 1400


def _noise(shape: tuple[int, ...]) -> npt.NDArray[np.float32]:
    return (np.random.default_rng(0).standard_normal(shape) * 3).astype(np.float32)


@pytest.mark.parametrize("part", ["everywhere", "left"])
def test_contributions_of_the_pixels_add_up_to_the_score_and_lie_where_the_mark_is(landscape: Draft, part: str) -> None:
    draft = to_grid(grey(landscape.pixels))
    mark = to_grid(grey(landscape.copy("copy 1")) - grey(landscape.pixels))
    if part == "left":
        mark[:, 512:] = 0
    found = feature_vector(draft, draft, mark + _noise(mark.shape), np.ones(mark.shape, bool))
    shown = contributions(found, gaussians(landscape.key("copy 1"), len(found.vector)))
    z = float(detect.scores(found.vector, [landscape.key("copy 1")])[0])
    assert shown.shape == draft.shape
    assert float(shown.astype(np.float64).sum()) == pytest.approx(z, rel=1e-3)
    if part == "left":
        assert shown[:, :500].sum() > 10 * abs(shown[:, 524:].sum())
