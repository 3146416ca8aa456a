"""The mixes, on values worked out by hand."""

import io
import itertools

import numpy as np
import pytest
from PIL.JpegImagePlugin import JpegImageFile

from tidemark.engine.drill import collusion, encoding
from tidemark.engine.drill.leak import Pixels


def opened(data: bytes) -> JpegImageFile:
    return JpegImageFile(io.BytesIO(data))


def strips(*values: list[int]) -> list[Pixels]:
    """One (1, n, 1) strip per holder."""
    return [np.array(each, np.uint8)[None, :, None] for each in values]


def mixed(mix: collusion.Mix, *values: list[int]) -> list[int]:
    return [int(v) for v in mix(strips(*values), np.random.default_rng(0)).ravel()]


FOUR = ([10, 0, 200, 7], [11, 100, 200, 7], [14, 90, 203, 7], [30, 95, 255, 7])


def test_mean_rounds_halves_up() -> None:
    assert mixed(collusion.mean, *FOUR) == [16, 71, 215, 7]  # 16.25, 71.25, 214.5, 7
    assert mixed(collusion.mean, [255], [255]) == [255]


def test_median_of_an_even_number_is_the_mean_of_the_middle_two() -> None:
    assert mixed(collusion.median, *FOUR) == [13, 93, 202, 7]  # 12.5, 92.5, 201.5, 7
    assert mixed(collusion.median, *FOUR[:3]) == [11, 90, 200, 7]


def test_extremes() -> None:
    assert mixed(collusion.minimum, *FOUR) == [10, 0, 200, 7]
    assert mixed(collusion.maximum, *FOUR) == [30, 100, 255, 7]


def test_minority_extreme_is_the_one_farther_from_the_mean() -> None:
    # means 16.25, 71.25, 214.5: farther are 30 (13.75 > 6.25), 0 (71.25 > 28.75), 255 (40.5 > 14.5)
    assert mixed(collusion.minority_extreme, *FOUR) == [30, 0, 255, 7]


def test_minority_extreme_tosses_a_coin_between_equals() -> None:
    out = collusion.minority_extreme(strips([10] * 1000, [20] * 1000), np.random.default_rng(3)).ravel()
    assert set(out.tolist()) == {10, 20}
    assert 400 < (out == 20).sum() < 600


def test_random_extreme_takes_only_extremes_and_both() -> None:
    out = collusion.random_extreme(strips([10] * 1000, [15] * 1000, [20] * 1000), np.random.default_rng(3)).ravel()
    assert set(out.tolist()) == {10, 20}
    assert 400 < (out == 20).sum() < 600


def test_modified_negative_is_minimum_plus_maximum_minus_median() -> None:
    assert mixed(collusion.modified_negative, *FOUR) == [27, 7, 253, 7]
    assert mixed(collusion.modified_negative, [0], [0], [255], [255], [255]) == [0]


@pytest.mark.parametrize("count", [1, 2, 3, 5, 10, 16, 20])
def test_network_sorts_whatever_it_is_given(count: int) -> None:
    """By the 0-1 principle, a network that sorts all sequences of 0 and 1 sorts everything (Knuth 5.3.4, theorem Z)."""
    every = np.arange(2**count, dtype=np.uint32)
    ranked = collusion._ranked([((every >> bit) & 1).astype(np.uint8) for bit in range(count)])
    assert all((low <= high).all() for low, high in itertools.pairwise(ranked))


def test_every_copy_gives_the_mosaic_the_same_number_of_whole_tiles() -> None:
    copies = [np.full((64 * 6, 64 * 5, 3), 10 * holder, np.uint8) for holder in range(10)]
    leak = encoding.decoded(collusion.mosaic(copies, np.random.default_rng(1)))
    tiles = leak.reshape(6, 64, 5, 64, 3).mean(axis=(1, 3, 4)).round(-1).astype(int).ravel()
    assert np.bincount(tiles // 10, minlength=10).tolist() == [3] * 10


def test_mix_covers_every_strip_and_is_saved_at_75() -> None:
    rows = 2 * collusion.STRIP_ROWS + 7
    copies = [np.full((rows, 40, 3), level, np.uint8) for level in (100, 110, 150)]
    data = collusion.mixed(copies, np.random.default_rng(0), mix=collusion.mean)
    assert encoding.decoded(data).shape == (rows, 40, 3)
    assert np.abs(encoding.decoded(data).astype(int) - 120).max() <= 1
    assert opened(data).quantization[0][0] == 8
