"""The feature vector: measured channel, weights that find the mark, and nothing in it that knows of a key."""

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from tests.engine import workshop
from tests.engine.workshop import Draft, Plane, grey
from tidemark import limits
from tidemark.engine import detect
from tidemark.engine.carriers.image.feature import Channel, feature_vector
from tidemark.engine.carriers.image.grid import BAND_HIGH, BAND_LOW, band, to_grid

SHAPE = (384, 1024)
EVERYWHERE = np.ones(SHAPE, bool)


@pytest.fixture(scope="module")
def draft(landscape: Draft) -> Plane:
    return to_grid(grey(landscape.pixels))


@pytest.fixture(scope="module")
def mark(landscape: Draft) -> Plane:
    """What copy 1 differs by, on the grid."""
    return to_grid(grey(landscape.copy("copy 1")) - grey(landscape.pixels))


def noise(sigma: float, *, seed: int = 0) -> Plane:
    return (np.random.default_rng(seed).standard_normal(SHAPE) * sigma).astype(np.float32)


def z_of(landscape: Draft, vector: detect.Vector, copy: str = "copy 1") -> float:
    return float(detect.scores(vector, [landscape.key(copy)])[0])


def gain_at(channel: Channel, frequency: npt.ArrayLike) -> npt.NDArray[np.float64]:
    return np.interp(np.log(frequency), np.log(channel.frequency), channel.gain)


def test_channel_of_an_unharmed_leak_is_one(draft: Plane) -> None:
    channel = feature_vector(draft, draft, noise(1), EVERYWHERE).channel
    assert channel.gain == pytest.approx(1, abs=1e-3)
    assert BAND_LOW < channel.frequency[0] < channel.frequency[-1] < BAND_HIGH


@pytest.mark.parametrize("contrast", [0.3, 1.5])
def test_channel_of_a_leak_of_other_contrast_is_that_contrast(draft: Plane, contrast: float) -> None:
    channel = feature_vector(draft, draft * np.float32(contrast) + 20, noise(1), EVERYWHERE).channel
    assert channel.gain == pytest.approx(contrast, rel=0.02)


@pytest.mark.parametrize("sigma", [1.0, 3.0])
def test_channel_of_a_blurred_leak_is_the_blur_s_transfer(draft: Plane, sigma: float) -> None:
    """exp(−2 π² σ² ν²) with ν in cycles a pixel; measured on noise, which has power at every frequency."""
    blurred = np.asarray(cv2.GaussianBlur(draft, (0, 0), sigma), np.float32)
    channel = feature_vector(draft, blurred, noise(1), EVERYWHERE).channel
    at = np.array([10.0, 20, 40, 80])
    expected = np.exp(-2 * np.pi**2 * sigma**2 * (at / max(SHAPE)) ** 2)
    assert gain_at(channel, at) == pytest.approx(expected, abs=0.06)


def test_channel_is_measured_through_noise_and_of_a_part_only(draft: Plane) -> None:
    seen = np.zeros(SHAPE, bool)
    seen[60:340, 200:900] = True
    leak = np.where(seen, draft * np.float32(0.6) + noise(6), 0).astype(np.float32)
    channel = feature_vector(draft, leak, noise(1), seen).channel
    assert gain_at(channel, [12, 30, 60]) == pytest.approx(0.6, abs=0.12)


def test_mark_is_found_in_its_own_residual_and_no_other(landscape: Draft, draft: Plane, mark: Plane) -> None:
    vector = feature_vector(draft, draft, mark, EVERYWHERE).vector
    assert z_of(landscape, vector) > 200
    assert abs(z_of(landscape, vector, "copy 2")) < 4.5


def test_vector_leans_on_the_frequencies_that_came_through(draft: Plane, mark: Plane) -> None:
    whole = feature_vector(draft, draft, mark + noise(1), EVERYWHERE).vector
    assert len(whole) == len(band(SHAPE).index)
    leak, left = (np.asarray(cv2.GaussianBlur(each, (0, 0), 5), np.float32) for each in (draft, mark))
    part = feature_vector(draft, leak, left + noise(1), EVERYWHERE).vector
    assert len(part) <= len(whole)
    assert effective_frequency(part) < 0.5 * effective_frequency(whole)


def effective_frequency(vector: detect.Vector) -> float:
    """Return the mean frequency of the vector's energy, cycles per long side."""
    frequency = band(SHAPE).frequency[: len(vector)]
    return float(np.average(frequency, weights=vector.astype(np.float64) ** 2))


def test_knowing_the_channel_helps(landscape: Draft, draft: Plane, mark: Plane) -> None:
    """A leak that lost its detail: frequencies that carry noise only must not drown the others."""
    blur = (0, 0), 4.0
    leak, residual = (np.asarray(cv2.GaussianBlur(each, *blur), np.float32) for each in (draft, mark))
    noisy = residual + noise(1)
    told = feature_vector(draft, leak, noisy, EVERYWHERE).vector
    misled = feature_vector(draft, draft, noisy, EVERYWHERE).vector
    assert z_of(landscape, told) > 1.2 * z_of(landscape, misled) > 0


def test_noisy_parts_count_less(landscape: Draft, draft: Plane, mark: Plane) -> None:
    """Noise over one half: as strong in the mean as if spread evenly, but the quiet half then speaks for itself."""
    uneven = noise(10)
    uneven[:, 512:] = 0
    even = noise(float(np.sqrt(np.mean(uneven**2))))
    z = [z_of(landscape, feature_vector(draft, draft, mark + each, EVERYWHERE).vector) for each in (uneven, even)]
    assert z[0] > 1.5 * z[1] > 10


def test_what_lies_where_the_leak_shows_nothing_does_not_matter(draft: Plane, mark: Plane) -> None:
    seen = np.zeros(SHAPE, bool)
    seen[50:350, 100:700] = True
    residual = np.where(seen, mark, 0).astype(np.float32)
    one = feature_vector(draft, draft, residual, seen).vector
    other = feature_vector(draft, np.where(seen, draft, 255).astype(np.float32), residual, seen).vector
    assert len(one) == len(other)
    assert float(np.corrcoef(one, other)[0, 1]) > 0.999


def test_vector_is_linear_enough_that_extremes_are_not_cut_off(landscape: Draft, draft: Plane, mark: Plane) -> None:
    """A mark ten times as strong under the same noise scores more: nothing in the vector is clipped."""
    z = [
        z_of(landscape, feature_vector(draft, draft, mark * np.float32(by) + noise(5), EVERYWHERE).vector)
        for by in (1, 3, 10)
    ]
    assert z[0] < z[1] < z[2]


@pytest.mark.parametrize("seen", [EVERYWHERE, np.zeros(SHAPE, bool)], ids=["everywhere", "nowhere"])
def test_no_residual_no_vector(draft: Plane, seen: npt.NDArray[np.bool_]) -> None:
    found = feature_vector(draft, draft, np.zeros(SHAPE, np.float32), seen)
    assert len(found.vector) == 0
    assert np.all(np.isfinite(found.channel.gain))


def test_blank_draft_and_leak_give_numbers(draft: Plane) -> None:
    blank = np.full(SHAPE, 255, np.float32)
    for one, other in ((blank, draft), (draft, blank), (blank, blank)):
        found = feature_vector(one, other, noise(2), EVERYWHERE)
        assert np.all(np.isfinite(found.vector))
        assert np.all(np.isfinite(found.channel.gain))
        assert detect.effective_count(found.vector) > limits.MIN_EFFECTIVE_COUNT


@pytest.mark.parametrize("quality", [20, 60])
def test_coarse_compression_makes_quiet_areas_less_trusted(draft: Plane, quality: int) -> None:
    """With coarse steps a dead quiet half weighs less than with none; with fine steps as much as ever."""
    residual = noise(4)
    residual[:, 512:] *= np.float32(0.05)
    steps = np.full((8, 8), quality, np.float32)
    plain = feature_vector(draft, draft, residual, EVERYWHERE).vector
    told = feature_vector(draft, draft, residual, EVERYWHERE, jpeg_steps=steps).vector
    shares = []
    for vector in (plain, told):
        coefficients = np.zeros(len(band(SHAPE).index), np.float32)
        coefficients[: len(vector)] = vector
        energy = band(SHAPE).field(coefficients) ** 2
        shares.append(float(energy[:, 520:].sum() / energy.sum()))
    assert shares[1] == pytest.approx(shares[0], rel=1e-5) if quality == 20 else shares[1] < 0.7 * shares[0]


def test_a_few_invisible_waves_do_not_hide_the_mark(landscape: Draft, draft: Plane, mark: Plane) -> None:
    """Two dozen pure cosines of 1.2 levels rms in all, one in each octave's part: a cheap way to evade the guard.

    They must cost the trace next to nothing, neither in score nor in the number of coefficients it rests on.
    """
    bands = band(SHAPE)
    rng = np.random.default_rng(0)
    waves = np.zeros(len(bands.index), np.float32)
    for low, high in zip(*(np.geomspace(BAND_LOW, BAND_HIGH, 25)[cut] for cut in (np.s_[:-1], np.s_[1:])), strict=True):
        within = np.flatnonzero((bands.frequency >= low) & (bands.frequency < high))
        waves[rng.choice(within)] = np.sqrt(len(within))
    disturbance = bands.field(waves)
    disturbance *= np.float32(1.2 / disturbance.std())
    before, after = (
        feature_vector(draft, draft, mark + noise(1.5) + each, EVERYWHERE).vector
        for each in (0 * disturbance, disturbance)
    )
    assert detect.effective_count(after) > 10 * limits.MIN_EFFECTIVE_COUNT
    assert z_of(landscape, after) > 0.85 * z_of(landscape, before)


def test_vector_does_not_depend_on_anything_but_its_arguments(draft: Plane, mark: Plane) -> None:
    copies = [each.copy() for each in (draft, draft, mark)]
    one = feature_vector(copies[0], copies[1], copies[2], EVERYWHERE).vector
    assert np.array_equal(one, feature_vector(draft, draft, mark, EVERYWHERE).vector)
    assert np.array_equal(copies[0], draft)
    assert np.array_equal(copies[2], mark)


def test_workshop_s_landscape_has_power_at_every_frequency_that_these_tests_use(draft: Plane) -> None:
    spectrum = np.abs(band(SHAPE).spectrum(draft))
    member = np.digitize(band(SHAPE).frequency, [10, 20, 40, 80])
    assert min(float(spectrum[member == each].mean()) for each in range(4)) > 10
    assert workshop.SIZE == (288, 768)
