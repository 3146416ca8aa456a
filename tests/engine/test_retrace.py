"""Whoever has the leak, the draft and the accused's keys alone reaches the figures of the trace."""

import numpy as np
import pytest

from tests.engine.workshop import Draft, Pixels, jpeg
from tidemark.engine.carriers import image
from tidemark.engine.retrace import Named, Retrace, retrace
from tidemark.engine.trace import Trace, trace

DECOYS = 300
SEED = b"tests of retracing"


def _mean(*copies: Pixels) -> Pixels:
    return np.asarray(np.rint(np.mean(copies, axis=0)), np.uint8)


def _both(draft: Draft, leak: bytes) -> tuple[Trace, Retrace]:
    found = trace(leak, [draft.candidate], decoy_seed=SEED, decoys=DECOYS, threads=1)
    again = retrace(
        leak,
        draft.file,
        [Named(draft.issued[each.copy], each.round) for each in found.accused],
        copies=found.copies_tested,
        hypotheses=found.hypotheses,
        decoy_seed=SEED,
        decoys=DECOYS,
        threads=1,
    )
    assert isinstance(again, Retrace)
    return found, again


@pytest.mark.slow
@pytest.mark.parametrize("holders", [1, 3])
def test_scores_bounds_and_decoys_are_those_of_the_trace(bumper_a: Draft, holders: int) -> None:
    leak = jpeg(_mean(*(bumper_a.copy(f"copy {at}") for at in range(holders)))[:260, 80:700], 70)
    found, again = _both(bumper_a, leak)
    assert len(found.accused) == len(again.named) == holders
    for accusation, rescored in zip(found.accused, again.named, strict=True):
        assert rescored.z == pytest.approx(accusation.z, abs=1e-3)
        assert rescored.log10_bound == pytest.approx(accusation.log10_bound, rel=1e-3)
    assert found.decoys is not None
    assert again.decoys_max_z == pytest.approx(found.decoys.max_z, abs=1e-3)
    assert again.decoys_ks_p == pytest.approx(found.decoys.ks_p, abs=1e-3)
    assert again.observation.correlation == pytest.approx(found.registered[0].correlation, abs=1e-5)


def test_another_key_does_not_reach_the_score(bumper_a: Draft) -> None:
    leak = jpeg(bumper_a.copy("copy 3"), 80)
    again = retrace(
        leak, bumper_a.file, [Named(bumper_a.key("copy 4"), 1)], copies=20, hypotheses=2, decoy_seed=SEED, decoys=DECOYS
    )
    assert isinstance(again, Retrace)
    assert abs(again.named[0].z) < 6


@pytest.mark.slow
def test_a_leak_of_something_else_is_not_registered(bumper_a: Draft, landscape: Draft) -> None:
    leak = jpeg(landscape.copy("copy 0"), 80)
    found = retrace(leak, bumper_a.file, [], copies=1, hypotheses=2, decoy_seed=SEED, decoys=DECOYS)
    assert isinstance(found, image.NotRegistered)


def test_a_trace_says_how_every_copy_scored_and_which_came_next(bumper_a: Draft) -> None:
    found, _ = _both(bumper_a, jpeg(bumper_a.copy("copy 5"), 80))
    (scored,) = found.scored
    assert scored.copies == tuple(bumper_a.issued)
    assert scored.copies[int(np.argmax(scored.z))] == "copy 5"
    assert found.next_best is not None
    assert found.next_best.copy != "copy 5"
    assert found.next_best.z < 5
    assert found.next_best.round == 2
