"""Scores: what they are worth for the guilty, and that they follow the normal law for everybody else."""

import math

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.fft import irfft, next_fast_len, rfft
from scipy.special import log_ndtr, logsumexp

from tidemark import limits
from tidemark.engine import detect
from tidemark.engine.keys import decoy_keys, gaussians, normal_table

Floats = npt.NDArray[np.float64]

KEYS = tuple(decoy_keys(b"tests of detection", 2_000))
LENGTH = 3_000

vectors = hnp.arrays(np.float32, st.integers(1, 200), elements=st.floats(-1e6, 1e6, width=32))


def noise(seed: int = 0, length: int = LENGTH) -> detect.Vector:
    return np.random.default_rng(seed).standard_normal(length).astype(np.float32)


def shaped(kind: str) -> detect.Vector:
    """Return a vector as an image, an attack or a malicious hand could make it."""
    plain = noise()
    frequency = np.arange(1, LENGTH + 1) / LENGTH
    return {
        "noise": plain,
        "positive": np.abs(plain),
        "constant": np.ones(LENGTH, np.float32),
        "steep": (plain / np.sqrt(frequency)).astype(np.float32),
        "heavy-tailed": np.random.default_rng(1).standard_t(3, LENGTH).astype(np.float32),
        "another key's": gaussians(b"k" * 32, LENGTH) * 7,
        "sparse": np.where(np.arange(LENGTH) % 20 == 0, plain, 0).astype(np.float32),
    }[kind]


def test_score_is_the_cosine_in_units_of_its_spread() -> None:
    vector = noise()
    numbers = np.stack([gaussians(key, LENGTH) for key in KEYS[:300]]).astype(np.float64)
    expected = numbers @ vector.astype(np.float64) / np.linalg.norm(vector.astype(np.float64))
    assert detect.scores(vector, KEYS[:300]) == pytest.approx(expected, abs=1e-4)


def test_score_of_a_mark_that_is_there() -> None:
    marked = noise() + np.float32(0.5) * gaussians(KEYS[7], LENGTH)
    z = detect.scores(marked, KEYS[:50])
    assert int(np.argmax(z)) == 7
    assert z[7] == pytest.approx(math.sqrt(LENGTH) * 0.5 / math.sqrt(1.25), rel=0.1)
    assert float(np.abs(np.delete(z, 7)).max()) < 4.5


@given(vectors, st.floats(1e-3, 1e3))
def test_score_does_not_depend_on_the_vector_s_length(vector: detect.Vector, factor: float) -> None:
    scaled = (vector * np.float32(factor)).astype(np.float32)
    if not np.all((scaled != 0) == (vector != 0)):
        return  # the smallest numbers vanished: another vector
    assert detect.scores(scaled, KEYS[:3]) == pytest.approx(detect.scores(vector, KEYS[:3]), rel=1e-3, abs=1e-3)


def test_score_of_the_negative_is_the_negative_score() -> None:
    assert detect.scores(-noise(), KEYS[:20]) == pytest.approx(-detect.scores(noise(), KEYS[:20]), abs=1e-5)


@pytest.mark.parametrize("threads", [2, 5])
def test_threads_change_nothing(threads: int) -> None:
    assert np.array_equal(detect.scores(noise(), KEYS[:700], threads=threads), detect.scores(noise(), KEYS[:700]))


@pytest.mark.parametrize("vector", [np.zeros(100, np.float32), np.zeros(0, np.float32)])
def test_nothing_speaks_for_nobody(vector: detect.Vector) -> None:
    assert detect.scores(vector, KEYS[:5]).tolist() == [0] * 5


@pytest.mark.parametrize("threads", [1, 2])
def test_no_keys_no_scores(threads: int) -> None:
    assert detect.scores(noise(), [], threads=threads).shape == (0,)


@pytest.mark.parametrize("kind", ["noise", "positive", "constant", "steep", "heavy-tailed", "another key's", "sparse"])
def test_scores_of_innocents_are_normal_whatever_the_vector(kind: str) -> None:
    vector = shaped(kind)
    assert detect.effective_count(vector) > limits.MIN_EFFECTIVE_COUNT / 10
    z = detect.scores(vector, KEYS)
    assert detect.normality(z) > 1e-3
    assert float(z.std()) == pytest.approx(1, abs=0.06)
    assert float(np.abs(z).max()) < 5


def test_projecting_a_mark_out_leaves_none_of_it_and_all_of_the_others() -> None:
    marked = noise() + gaussians(KEYS[0], LENGTH) + np.float32(0.3) * gaussians(KEYS[1], LENGTH)
    before, after = (detect.scores(vector, KEYS[:2]) for vector in (marked, detect.without(marked, KEYS[0])))
    assert abs(after[0]) < 1e-3
    assert after[1] > before[1] > 5  # what was projected out had been noise to the other


@given(vectors.filter(lambda vector: len(vector) > 3))
def test_projecting_twice_is_projecting_once(vector: detect.Vector) -> None:
    once = detect.without(vector, KEYS[0])
    size = float(np.abs(vector).max())
    assert detect.without(once, KEYS[0]) == pytest.approx(once, abs=1e-5 * size)
    assert float(np.linalg.norm(once)) <= float(np.linalg.norm(vector)) * (1 + 1e-5)


@pytest.mark.parametrize(
    ("values", "count"),
    [([3.0], 1), ([0.0, -2.0, 0.0], 1), ([1.0, 1.0, -1.0, 1.0], 4), ([0.0, 0.0], 0), ([], 0), ([2.0, 1.0], 25 / 17)],
)
def test_effective_count_of_vectors_worked_out_by_hand(values: list[float], count: float) -> None:
    assert detect.effective_count(np.array(values, np.float32)) == pytest.approx(count)


@given(vectors)
def test_effective_count_lies_between_one_and_all(vector: detect.Vector) -> None:
    if np.any(np.abs(vector) > 1e-6):
        assert 1 - 1e-6 <= detect.effective_count(vector) <= len(vector) * (1 + 1e-6)


def test_normality_is_high_for_the_normal_law_and_low_for_others() -> None:
    sample = np.random.default_rng(3).standard_normal(5_000)
    assert detect.normality(sample) > 0.01
    assert detect.normality(sample + 0.2) < 1e-6
    assert detect.normality(sample * 1.3) < 1e-6


# --- why Q(z) may be claimed of a vector that passes the guard ------------------------------------------------------


def log_tail_of_equal_coefficients(count: int, z: float) -> float:
    """Return ln P(score ≥ z) for ``count`` equal coefficients, computed exactly: the table's own law convolved.

    The law is tilted to the z at hand before it is convolved (Cramér), so that the far tail keeps its digits.
    """
    steps = np.rint(normal_table().astype(np.float64) * 8192).astype(np.int64)
    most = int(steps.max())
    values = np.arange(-most, most + 1) / 8192
    seen = np.bincount(steps + most, minlength=2 * most + 1).astype(np.float64)
    tilt = z / math.sqrt(count)
    logs = np.where(seen > 0, np.log(np.maximum(seen, 1)) - math.log(65_536), -np.inf) + tilt * values
    norm = float(logsumexp(logs))
    size = 2 * most * count + 1
    padded = next_fast_len(size, real=True)
    law = np.maximum(irfft(rfft(np.exp(logs - norm), padded) ** count, padded)[:size], 0)
    sums = (np.arange(size) - most * count) / 8192
    beyond = sums >= z * math.sqrt(count) - 1e-9
    rest = float((law[beyond] * np.exp(-tilt * (sums[beyond] - z * math.sqrt(count)))).sum())
    return math.log(rest) + count * norm - tilt * z * math.sqrt(count)


@pytest.mark.parametrize("z", [6.0, 12.0, 25.0])
def test_the_thinnest_evidence_that_passes_has_no_heavier_tail_than_the_normal_law(z: float) -> None:
    ratio = math.exp(log_tail_of_equal_coefficients(int(limits.MIN_EFFECTIVE_COUNT), z) - float(log_ndtr(-z)))
    assert ratio <= 1
    assert z > 6 or ratio > 0.99  # where decisions fall, the bound is also tight


@pytest.mark.parametrize("z", [3.0, 5.0, 6.0, 8.0, 12.0, 20.0, 40.0])
def test_evidence_that_leans_on_one_coefficient_has_no_heavier_tail_either(z: float) -> None:
    """One coefficient as strong as the guard lets pass, beside ever so many small ones."""
    share = 1 / math.sqrt(limits.MIN_EFFECTIVE_COUNT)
    table = normal_table().astype(np.float64)
    given_it = log_ndtr(-(z - math.sqrt(share) * table) / math.sqrt(1 - share))
    log_tail = float(logsumexp(given_it)) - math.log(len(table))
    assert log_tail <= float(log_ndtr(-z))
