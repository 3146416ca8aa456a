"""The canonical grid and the order of the mark's coefficients on it."""

import hashlib
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidemark.engine.carriers.image.grid import (
    BAND_HIGH,
    BAND_LOW,
    LONG_SIDE,
    SLOPE,
    SLOPE_KNEE,
    band,
    grid_shape,
    to_grid,
)

SHAPE = (576, 1024)


@given(st.integers(16, 20_000), st.integers(16, 20_000))
def test_grid_has_a_long_side_of_1024_and_the_picture_s_proportions(height: int, width: int) -> None:
    rows, columns = grid_shape(height, width)
    assert max(rows, columns) == LONG_SIDE
    assert min(rows, columns) >= 8
    assert rows == 8 or abs(rows - height * LONG_SIDE / max(height, width)) <= 0.5
    assert columns == 8 or abs(columns - width * LONG_SIDE / max(height, width)) <= 0.5
    assert grid_shape(width, height) == (columns, rows)


@pytest.mark.slow
def test_bringing_to_the_grid_keeps_levels_and_places() -> None:
    y, x = np.mgrid[:720, :1280].astype(np.float32)
    ramp = x / 10 + y / 8
    on_grid = to_grid(ramp)
    assert on_grid.shape == SHAPE
    rows, columns = np.mgrid[: SHAPE[0], : SHAPE[1]]
    expected = ((columns + 0.5) * 1.25 - 0.5) / 10 + ((rows + 0.5) * 1.25 - 0.5) / 8
    inner = np.s_[2:-2, 2:-2]
    assert on_grid[inner] == pytest.approx(expected[inner], abs=3e-2)


@pytest.mark.parametrize("size", [(100, 160), (900, 1600), (1024, 1024)])
def test_a_plain_picture_stays_plain_on_the_grid(size: tuple[int, int]) -> None:
    assert to_grid(np.full(size, 77.25, np.float32)) == pytest.approx(77.25, abs=1e-3)


@pytest.mark.parametrize("shape", [(30, 64), (64, 30), (37, 41), (8, 64)])
def test_order_is_that_of_exact_fractions(shape: tuple[int, int]) -> None:
    """Every coefficient of small grids, put in order without a single rounding."""
    rows, columns = shape
    half = Fraction(max(shape), 2)
    exact = [
        (half**2 * (Fraction(ky, rows) ** 2 + Fraction(kx, columns) ** 2), ky * columns + kx)
        for ky in range(rows)
        for kx in range(columns)
    ]
    low, high = Fraction(BAND_LOW) ** 2, Fraction(BAND_HIGH) ** 2
    expected = sorted(each for each in exact if low <= each[0] < high)
    found = band(shape)
    assert found.index.tolist() == [at for _, at in expected]
    assert found.frequency == pytest.approx([float(square) ** 0.5 for square, _ in expected], rel=1e-6)


def test_order_on_a_real_grid_is_the_documented_one() -> None:
    found = band(SHAPE)
    assert len(found.index) == 102_070
    assert hashlib.sha256(found.index.astype("<u4").tobytes()).hexdigest() == (
        "ace351645c93e8ff9b6b65edfd2c5fad0cd12ac433df3a44d3fdfe511eb387c0"
    )


def test_band_ends_where_it_says() -> None:
    found = band(SHAPE)
    assert np.all(np.diff(found.frequency) >= 0)
    assert found.frequency[0] >= BAND_LOW
    assert found.frequency[-1] < BAND_HIGH
    assert found.frequency[0] == pytest.approx(BAND_LOW, abs=0.2)
    assert found.frequency[-1] == pytest.approx(BAND_HIGH, abs=0.2)
    assert 0 not in found.index  # the mean is never touched
    assert len(np.unique(found.index)) == len(found.index)


def test_frequency_is_in_cycles_per_long_side() -> None:
    """A cosine of 20 cycles across the long side excites the coefficient of frequency 20, along either axis."""
    for shape, axis in (((576, 1024), 1), ((1024, 576), 0)):
        position = (np.arange(1024) + 0.5) / 1024
        wave = np.cos(2 * np.pi * 20 * position).astype(np.float32)
        field = np.broadcast_to(wave if axis == 1 else wave[:, None], shape).astype(np.float32)
        found = band(shape)
        strongest = int(np.argmax(np.abs(found.spectrum(field))))
        assert found.frequency[strongest] == pytest.approx(20)


def test_amplitude_falls_gently_and_has_unit_mean_square() -> None:
    found = band(SHAPE)
    assert float(np.mean(found.amplitude.astype(np.float64) ** 2)) == pytest.approx(1, abs=1e-5)
    assert np.all(np.diff(found.amplitude) <= 0)
    at = [int(np.searchsorted(found.frequency, frequency)) for frequency in (SLOPE_KNEE, 3 * SLOPE_KNEE)]
    assert found.amplitude[at[0]] / found.amplitude[at[1]] == pytest.approx((10 / 2) ** (SLOPE / 2), rel=2e-3)


@pytest.mark.parametrize("shape", [(48, 64), (64, 64), (64, 20)])
def test_coefficients_come_back_from_their_field(shape: tuple[int, int]) -> None:
    found = band(shape)
    coefficients = np.random.default_rng(0).standard_normal(len(found.index)).astype(np.float32)
    field = found.field(coefficients)
    assert field.shape == shape
    assert found.spectrum(field) == pytest.approx(coefficients, abs=1e-4)
    assert float(np.linalg.norm(field)) == pytest.approx(float(np.linalg.norm(coefficients)), rel=1e-5)  # orthonormal


def test_a_prefix_of_coefficients_is_the_slow_part_of_the_field() -> None:
    found = band((48, 64))
    coefficients = np.random.default_rng(0).standard_normal(len(found.index)).astype(np.float32)
    spectrum = found.spectrum(found.field(coefficients[:50]))
    assert spectrum[:50] == pytest.approx(coefficients[:50], abs=1e-4)
    assert spectrum[50:] == pytest.approx(0, abs=1e-4)


def test_a_plain_field_has_nothing_in_the_band() -> None:
    assert band((48, 64)).spectrum(np.full((48, 64), 200, np.float32)) == pytest.approx(0, abs=1e-3)
