"""The drill's bookkeeping, on leaks made for the purpose: who was named, who was missed, and who was wronged."""

import hashlib
from dataclasses import replace

import numpy as np
import pytest

from tests.engine import workshop
from tests.engine.workshop import Draft, Pixels, jpeg, png
from tidemark.engine import keys
from tidemark.engine.accuse import Verdict
from tidemark.engine.carriers import image
from tidemark.engine.drill import run
from tidemark.engine.drill.leak import Leak
from tidemark.engine.drill.leaks import LEAKS, QUICK
from tidemark.engine.drill.run import Drilled, drill, quick

SECRET = bytes(range(32))


def saved(copy: Pixels, _rng: np.random.Generator) -> bytes:
    return jpeg(copy, 60)


def blank(copy: Pixels, _rng: np.random.Generator) -> bytes:
    return png(np.full_like(copy, 255))


def averaged(copies: list[Pixels], _rng: np.random.Generator) -> bytes:
    return jpeg(np.mean(copies, axis=0), 80)


def only_the_first(copies: list[Pixels], _rng: np.random.Generator) -> bytes:
    return jpeg(copies[0], 80)


def drilled(draft: Draft, *leaks: Leak, on_record: int = 12) -> list[Drilled]:
    return list(drill(draft.file, secret=SECRET, leaks=leaks, on_record=on_record, decoys=100))


@pytest.mark.slow
def test_leaks_are_traced_in_order_and_reported(bumper_a: Draft) -> None:
    first, second = drilled(bumper_a, Leak("saved", "tests", saved), Leak("mean of 2", "tests", averaged, holders=2))
    assert (first.leak.name, second.leak.name) == ("saved", "mean of 2")
    for found, holders in ((first, 1), (second, 2)):
        assert found.traced
        assert (found.verdict, found.named, found.wrong) == (Verdict.ACCUSED, holders, 0)
        assert found.z > 10
        assert found.log10_bound < -20
    assert first.z > second.z  # the reported one is the weaker of the two holders


def test_leak_that_shows_nothing_is_not_traced_and_the_reason_is_given(bumper_a: Draft) -> None:
    (found,) = drilled(bumper_a, Leak("blank", "tests", blank))
    assert not found.traced
    assert (found.verdict, found.named, found.wrong) == (Verdict.UNMATCHED, 0, 0)
    assert np.isnan(found.z)
    assert found.reason


def test_a_colluder_who_is_missed_counts_as_not_traced(bumper_a: Draft) -> None:
    (found,) = drilled(bumper_a, Leak("one of 2", "tests", only_the_first, holders=2))
    assert (found.verdict, found.named, found.wrong) == (Verdict.ACCUSED, 1, 0)
    assert not found.traced


@pytest.mark.slow
def test_everything_is_determined_by_the_draft_and_the_secret(bumper_a: Draft) -> None:
    noises: list[int] = []

    def accident(copy: Pixels, rng: np.random.Generator) -> bytes:
        noises.append(int(rng.integers(2**62)))
        return jpeg(copy, 60)

    def blank_by_accident(copy: Pixels, rng: np.random.Generator) -> bytes:
        accident(copy, rng)
        return blank(copy, rng)

    leaks = [Leak("accident", "tests", accident), Leak("another", "tests", blank_by_accident)]
    once, again = (drilled(bumper_a, *leaks, on_record=3) for _ in range(2))
    assert once[0].z == again[0].z
    assert noises[:2] == noises[2:]
    assert noises[0] != noises[1]
    seed = int.from_bytes(hashlib.sha256(b"accident").digest()[:8], "big")
    assert noises[0] == int(np.random.default_rng(seed).integers(2**62))


def test_leaks_get_the_copies_as_a_viewer_shows_them(bumper_a: Draft) -> None:
    seen: list[Pixels] = []

    def look(copies: list[Pixels], _rng: np.random.Generator) -> bytes:
        seen.extend(copies)
        return png(np.full((300, 300, 3), 9, np.uint8))

    drilled(bumper_a, Leak("look", "tests", look, holders=3), on_record=3)
    assert [copy.shape for copy in seen] == [(*workshop.SIZE, 3)] * 3
    assert all(copy.dtype == np.uint8 for copy in seen)
    key = keys.copy_key(SECRET, draft="drilled", copy="copy-1")
    assert np.array_equal(seen[1], workshop.opened(image.mark(bumper_a.plate, key).data))


def test_sixteen_bits_are_shown_as_eight() -> None:
    from tests.engine.carriers.image.picture_samples import deep_tiff

    deep = np.full((300, 320, 3), 257 * 100, np.uint16)
    assert np.array_equal(run._as_seen(deep_tiff(deep)), np.full((300, 320, 3), 100, np.uint8))


@pytest.mark.parametrize(
    ("named", "wrong", "holders", "traced"),
    [(1, 0, 1, True), (0, 0, 1, False), (1, 1, 1, False), (2, 0, 2, True), (1, 0, 2, False), (2, 1, 2, False)],
)
def test_traced_means_every_holder_and_nobody_else(named: int, wrong: int, holders: int, *, traced: bool) -> None:
    leak = replace(LEAKS[0], holders=holders)
    assert Drilled(leak, Verdict.ACCUSED, 9.0, -10.0, named, wrong, "").traced is traced


@pytest.mark.slow
def test_quick_drill_is_made_of_leaks_of_the_whole_one(bumper_a: Draft) -> None:
    found = quick(bumper_a.file, secret=SECRET)
    assert next(found).leak.name == QUICK[0]
    found.close()  # type: ignore[attr-defined]
    assert set(QUICK) <= {leak.name for leak in LEAKS}
    assert all(leak.holders == 1 for leak in LEAKS if leak.name in QUICK)
