import io

import numpy as np
import pytest
from PIL import Image

from tidemark.engine.drill import encoding, filters
from tidemark.engine.drill.leak import Pixels


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def flat(level: int) -> Pixels:
    return np.full((64, 64, 3), level, np.uint8)


@pytest.mark.parametrize("sigma_px", [1, 2, 4])
def test_blur_has_the_width_it_is_named_for(rng: np.random.Generator, sigma_px: float) -> None:
    edge = np.where(np.arange(101) < 50, 20, 220).astype(np.uint8)[None, :, None].repeat(9, 0).repeat(3, 2)
    spread = np.diff(filters.blurred(edge, rng, sigma_px=sigma_px)[4, :, 0].astype(float))
    x = np.arange(100)
    mean = (x * spread).sum() / spread.sum()
    assert np.sqrt(((x - mean) ** 2 * spread).sum() / spread.sum()) == pytest.approx(sigma_px, rel=0.06)


def test_median_removes_what_is_rarer_than_half(rng: np.random.Generator) -> None:
    speckled = flat(100)
    speckled[::4, ::4] = 255
    assert np.unique(filters.median_filtered(speckled, rng, side_px=3)).tolist() == [100]


def test_denoising_flattens_noise_and_keeps_an_edge(rng: np.random.Generator) -> None:
    half = np.where(np.arange(96) < 48, 60, 190)[None, :, None] + rng.normal(0, 3, (96, 96, 3))
    out = filters.denoised(np.clip(half, 0, 255).astype(np.uint8), rng).astype(float)
    assert out[8:-8, 8:40].std() < 1.5
    assert out[:, 52:].mean() - out[:, :44].mean() > 125


def test_tones_are_the_curves_they_claim(rng: np.random.Generator) -> None:
    assert filters.toned(flat(128), rng, gamma=1.6)[0, 0, 0] == round(255 * (128 / 255) ** 1.6)
    assert filters.toned(flat(150), rng, contrast=1.35)[0, 0, 0] == round((150 - 127.5) * 1.35 + 127.5)
    assert filters.toned(flat(240), rng, levels=30)[0, 0, 0] == 255


def test_greyscale_and_saturation_act_on_colour_alone(copy: Pixels, rng: np.random.Generator) -> None:
    grey = filters.grey(copy, rng).astype(int)
    assert np.ptp(grey, axis=2).max() == 0
    assert np.array_equal(filters.saturated(flat(77), rng, amount=1.6), flat(77))
    assert np.ptp(filters.saturated(copy, rng, amount=1.6), axis=2).mean() > np.ptp(copy, axis=2).mean() * 1.2


def test_inverting_twice_gives_the_copy_back(copy: Pixels, rng: np.random.Generator) -> None:
    assert np.array_equal(filters.inverted(filters.inverted(copy, rng), rng), copy)


def test_noise_and_salt_have_the_strength_they_are_named_for(rng: np.random.Generator) -> None:
    large = np.full((400, 400, 3), 128, np.uint8)
    assert filters.noisy(large, rng, sigma=10.0).std() == pytest.approx(10, rel=0.03)
    salted = filters.salted(large, rng, share=0.03)
    assert (salted == 0).all(axis=2).mean() == pytest.approx(0.015, rel=0.1)
    assert (salted == 255).all(axis=2).mean() == pytest.approx(0.015, rel=0.1)


def test_posterised_and_dithered_have_few_levels(copy: Pixels, rng: np.random.Generator) -> None:
    assert len(np.unique(filters.posterised(copy, rng, steps=8))) <= 8
    data = filters.dithered(copy, rng)
    levels = np.unique(encoding.decoded(data))
    assert opened(data).format == "PNG"
    assert set(levels.tolist()) <= {17 * step for step in range(16)}
    assert encoding.decoded(data).mean() == pytest.approx(filters.grey(copy, rng).mean(), abs=1.5)


def test_equalising_spreads_a_narrow_range(rng: np.random.Generator) -> None:
    narrow = rng.integers(110, 140, (128, 128, 1), np.uint8).repeat(3, 2)
    assert filters.equalised(narrow, rng).std() > 1.5 * narrow.std()


def test_photo_filter_darkens_corners_and_lifts_blacks(rng: np.random.Generator) -> None:
    out = filters.photo_filter(flat(160), rng).astype(int)
    assert out[0, 0].sum() < 0.85 * out[32, 32].sum()
    assert filters.photo_filter(flat(0), rng)[32, 32].min() > 5
