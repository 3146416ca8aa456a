"""What holds for every leak of the drill."""

import pickle
from collections import Counter
from itertools import groupby

import numpy as np
import pytest

from tidemark.engine.drill import encoding
from tidemark.engine.drill.leak import Pixels
from tidemark.engine.drill.leaks import LEAKS, QUICK, Leak

SEED = 20240611


def made(leak: Leak, copy: Pixels) -> bytes:
    rng = np.random.default_rng(SEED)
    if leak.holders == 1:
        return leak.make(copy, rng)
    spread = np.random.default_rng(SEED + 1)
    copies = [np.clip(copy + spread.normal(0, 2, copy.shape), 0, 255).astype(np.uint8) for _ in range(leak.holders)]
    for each in copies:
        each.setflags(write=False)
    return leak.make(copies, rng)


def test_there_are_enough_leaks_and_each_has_a_name_of_its_own() -> None:
    assert len(LEAKS) >= 48
    assert not [name for name, times in Counter(leak.name for leak in LEAKS).items() if times > 1]


def test_names_fit_a_table_and_families_stand_together() -> None:
    assert max(len(leak.name) for leak in LEAKS) <= 32
    families = [family for family, _ in groupby(leak.family for leak in LEAKS)]
    assert len(families) == len(set(families))


def test_quick_leaks_are_leaks_of_one_holder() -> None:
    by_name = {leak.name: leak for leak in LEAKS}
    assert all(by_name[name].holders == 1 for name in QUICK)


def test_only_the_colluded_leaks_take_several_holders() -> None:
    assert all((leak.holders > 1) == (leak.family == "colluded") for leak in LEAKS)
    assert {leak.holders for leak in LEAKS} == {1, 2, 3, 10, 20}


@pytest.mark.usefixtures("small_studio")
@pytest.mark.parametrize("leak", LEAKS, ids=lambda leak: leak.name)
def test_leak_is_a_picture_and_the_same_one_every_time(leak: Leak, copy: Pixels) -> None:
    first = made(leak, copy)
    pixels = encoding.decoded(first)
    assert pixels.ndim == 3
    assert min(pixels.shape[:2]) >= 16
    assert pixels.std() > 3  # something is to be seen
    assert made(leak, copy) == first


@pytest.mark.parametrize("leak", LEAKS, ids=lambda leak: leak.name)
def test_leak_can_be_sent_to_another_process(leak: Leak) -> None:
    assert pickle.loads(pickle.dumps(leak)).name == leak.name


@pytest.mark.slow
@pytest.mark.usefixtures("small_studio")
@pytest.mark.parametrize("shape", [(33, 301, 3), (201, 64, 3)])
def test_leaks_of_odd_shapes_are_pictures_too(shape: tuple[int, int, int]) -> None:
    copy = np.random.default_rng(SEED).integers(0, 256, shape, np.uint8)
    copy.setflags(write=False)
    for leak in LEAKS:
        assert min(encoding.decoded(made(leak, copy)).shape[:2]) >= 1, leak.name
