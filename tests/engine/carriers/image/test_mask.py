"""The perceptual mask: more where texture hides change, less where it would be seen."""

import cv2
import numpy as np
import pytest

from tidemark.engine.carriers.image.mask import (
    DARK_SHARE,
    FLAT,
    PAINT_SHARE,
    PER_LEVEL,
    TEXTURE_CEILING,
    Array,
    bearing,
    expected_mask,
    perceptual_mask,
    smooth,
    smoothness,
)


def plain(level: float) -> Array:
    return np.full((120, 160), level, np.float32)


def noisy(sigma: float, *, level: float = 128) -> Array:
    return (plain(level) + np.random.default_rng(0).normal(0, sigma, (120, 160))).astype(np.float32)


@pytest.mark.parametrize("level", [30.0, 128.0, 255.0])
def test_plain_areas_carry_the_least(level: float) -> None:
    assert perceptual_mask(plain(level)) == pytest.approx(FLAT, abs=5e-3)


def test_plain_dark_areas_carry_less_than_plain_grey_ones() -> None:
    means = [float(perceptual_mask(plain(level)).mean()) for level in (0.0, 10.0, 20.0, 30.0)]
    assert means == sorted(means)
    assert means[0] == pytest.approx(0.8 * FLAT, abs=5e-3)


@pytest.mark.parametrize("sigma", [2.0, 6.0, 12.0])
def test_texture_adds_in_proportion_to_its_strength(sigma: float) -> None:
    assert float(perceptual_mask(noisy(sigma)).mean()) == pytest.approx(FLAT + PER_LEVEL * sigma, rel=0.05)


def test_texture_hides_no_more_than_its_ceiling() -> None:
    most = FLAT + PER_LEVEL * TEXTURE_CEILING
    assert float(perceptual_mask(noisy(60)).max()) == pytest.approx(most, abs=1e-3)
    checks = np.where(np.indices((120, 160)).sum(axis=0) % 2, 255, 0).astype(np.float32)
    assert perceptual_mask(checks).max() <= most + 1e-4


def test_an_edge_hides_change_only_near_itself() -> None:
    half = plain(60)
    half[:, 80:] = 180
    row = perceptual_mask(half)[60]
    assert row[80] > 1.5 * FLAT
    assert row[:50] == pytest.approx(FLAT, abs=1e-2)
    assert row[110:] == pytest.approx(FLAT, abs=1e-2)


def test_mask_is_finite_positive_and_within_its_range_whatever_the_picture() -> None:
    rng = np.random.default_rng(1)
    for luma in (plain(0), plain(255), noisy(100), rng.uniform(0, 255, (8, 1024)).astype(np.float32)):
        mask = perceptual_mask(luma)
        assert mask.dtype == np.float32
        assert mask.shape == luma.shape
        assert np.all(np.isfinite(mask))
        assert 0.79 * FLAT < float(mask.min()) <= float(mask.max()) < 1.01 * (FLAT + PER_LEVEL * TEXTURE_CEILING)


def test_mask_of_the_mirror_image_is_the_mirror_image_of_the_mask() -> None:
    luma = noisy(10)
    mirrored = perceptual_mask(np.ascontiguousarray(luma[:, ::-1]))
    assert mirrored == pytest.approx(perceptual_mask(luma)[:, ::-1], abs=1e-4)


@pytest.mark.parametrize(
    ("luma", "expected"),
    [(plain(120), 1), (plain(0), 1), (plain(250), 0), (noisy(4), 0)],
    ids=["grey", "black", "paper", "grain"],
)
def test_paint_is_plain_and_darker_than_paper(luma: Array, expected: float) -> None:
    assert smoothness(luma) == pytest.approx(expected, abs=1e-3)
    assert bool(smooth(luma).all()) is bool(expected)
    share = 1 - expected * (1 - PAINT_SHARE * bearing(luma))
    assert expected_mask(luma) == pytest.approx(perceptual_mask(luma) * share, abs=1e-3)


def test_paint_ends_softly() -> None:
    half = noisy(20)
    half[:, :80] = 120
    row = smoothness(half)[60]
    assert row[20] > 0.99
    assert row[100] < 0.01
    assert float(np.abs(np.diff(row)).max()) < 0.12


def plates(*, grain: float = 0.0) -> Array:
    """Plates of 16 pixels, each of one tone, side by side: the window of texture finds an edge everywhere in them."""
    tones = np.random.default_rng(2).uniform(50, 200, (8, 10))
    drawn = np.kron(tones, np.ones((16, 16)))[:120, :160]
    return np.asarray(np.rint(drawn + np.random.default_rng(3).normal(0, grain, drawn.shape)), np.float32)


def test_small_bare_places_between_edges_are_paint() -> None:
    bare = smoothness(plates())
    assert float(np.median(bare)) > 0.95
    assert float(bare[8::16, 8::16].min()) > 0.9
    assert float(smooth(plates()).mean()) < 0.2


def test_grain_between_edges_is_no_paint() -> None:
    assert float(smoothness(plates(grain=3)).max()) < 0.05


def test_a_draft_that_the_grid_enlarges_is_looked_at_in_its_own_pixels() -> None:
    """Enlarged, its grain is soft: in the grid's pixels nothing fine is left of it."""
    grain = cv2.resize(noisy(6)[:30, :40], None, fx=4, fy=4, interpolation=cv2.INTER_CUBIC)
    assert smoothness(grain, enlarged=4).mean() < 0.03
    assert smoothness(grain).mean() > 0.1


def test_dark_paint_bears_less() -> None:
    assert bearing(plain(20)) == pytest.approx(DARK_SHARE, abs=1e-6)
    assert bearing(plain(84)) == pytest.approx((1 + DARK_SHARE) / 2, abs=1e-6)
    assert bearing(plain(200)) == pytest.approx(1, abs=1e-6)
