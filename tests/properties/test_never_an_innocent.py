"""Nobody is accused whose copy did not leak: not by chance, not by an attack, not by somebody who means to frame them.

Modest in size, so that it runs with every commit; ``python -m benchmarks.innocents`` does the same with a million keys.
"""

from collections.abc import Callable, Iterator, Mapping

import cv2
import numpy as np
import pytest
from scipy import stats

from tests.engine import workshop
from tests.engine.workshop import Draft, Pixels, grey, jpeg, png
from tidemark.engine import detect
from tidemark.engine.accuse import Verdict
from tidemark.engine.carriers import image
from tidemark.engine.carriers.image.feature import feature_vector
from tidemark.engine.carriers.image.leak_frame import look_at
from tidemark.engine.carriers.image.refine import Placement
from tidemark.engine.keys import copy_key, decoy_keys
from tidemark.engine.trace import Trace, trace

INNOCENTS = tuple(decoy_keys(b"people who never leaked anything", 1_500))
ATTACKER = bytes(reversed(range(32)))

NOISE = np.random.default_rng(0).integers(0, 256, (288, 768, 3)).astype(np.uint8)

Leaks = Mapping[str, bytes]


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> None:
    cv2.setNumThreads(1)


@pytest.fixture(scope="module")
def bumper() -> Draft:
    return Draft("bumper rev A", workshop.bumper("A"), on_record=60)


@pytest.fixture(scope="module")
def revised() -> Draft:
    return Draft("bumper rev B", workshop.bumper("B"), on_record=60)


def traced(leak: bytes, *drafts: Draft) -> Trace:
    return trace(leak, [draft.candidate for draft in drafts], decoy_seed=b"innocence", decoys=300, threads=1)


def accused(found: Trace) -> set[str]:
    return {accusation.copy for accusation in found.accused}


def mixed(copies: list[Pixels], how: Callable[..., object]) -> Pixels:
    return np.asarray(np.clip(np.rint(np.asarray(how(np.stack(copies).astype(np.float64)))), 0, 255), np.uint8)


# --- z is N(0, 1) for everybody who did not leak ----------------------------------------------------------------------


def vectors(bumper: Draft, revised: Draft) -> Iterator[tuple[str, detect.Vector]]:
    """Feature vectors of leaks that were attacked, colluded, badly registered and unrelated."""
    copies = [bumper.copy(f"copy {at}") for at in range(4)]
    extreme = mixed(copies, lambda c: np.where(c.max(0) - c.mean(0) > c.mean(0) - c.min(0), c.max(0), c.min(0)))
    leaks = {
        "as sent": png(copies[0]),
        "crop, half size, jpeg 40": jpeg(workshop.shrunk(copies[0][20:270, 80:600], 0.5), 40),
        "mean of four": jpeg(mixed(copies, lambda c: c.mean(0)), 75),
        "minority extreme of four": jpeg(extreme, 75),
        "another revision's copy": jpeg(revised.copy("copy 1"), 75),
        "unmarked": jpeg(bumper.pixels, 85),
    }
    for name, leak in leaks.items():
        seen = image.observe(bumper.reference, image.look(leak))
        assert isinstance(seen, image.Observation), name
        yield name, seen.vector
    yield "unrelated, laid on by force", forced(bumper, grey(workshop.landscape(5)))
    yield "noise, laid on by force", forced(bumper, grey(NOISE))


def forced(draft: Draft, leak: workshop.Plane) -> detect.Vector:
    """Return the vector of a picture that registration would refuse, as if it lay on the draft as a whole."""
    rows, columns = draft.reference.grid.shape
    sx, sy = leak.shape[1] / columns, leak.shape[0] / rows
    placed = Placement(np.array([[sx, 0, sx / 2 - 0.5], [0, sy, sy / 2 - 0.5], [0, 0, 1.0]]))
    seen = look_at(draft.reference.luma, leak, placed, jpeg_steps=None)
    return feature_vector(draft.reference.grid, seen.warped, seen.residual, seen.where).vector


def test_scores_of_innocents_are_normal_whatever_became_of_the_leak(bumper: Draft, revised: Draft) -> None:
    pooled = []
    for name, vector in vectors(bumper, revised):
        z = detect.scores(vector, INNOCENTS)
        assert detect.normality(z) > 1e-4, name
        assert float(z.max()) < 5, name
        pooled.append(z)
    every = np.concatenate(pooled)
    assert len(every) == 12_000
    assert stats.kstest(every, "norm").pvalue > 1e-3
    for at, least, most in ((2.0, 215, 335), (3.0, 3, 33), (4.0, 0, 4)):  # five standard deviations about N · Q
        assert least <= int((every > at).sum()) <= most
        assert least <= int((every < -at).sum()) <= most


# --- pictures that carry nobody's mark --------------------------------------------------------------------------------


def unmarked(bumper: Draft) -> Leaks:
    rng = np.random.default_rng(3)
    pixels = bumper.pixels
    return {
        "the draft itself": bumper.file,
        "the draft, cropped": jpeg(pixels[20:270, 100:600], 80),
        "the draft, noisy": png(np.clip(pixels + rng.normal(0, 6, pixels.shape), 0, 255).astype(np.uint8)),
        "noise": png(rng.integers(0, 256, (480, 640, 3)).astype(np.uint8)),
    }


@pytest.mark.parametrize(
    "leak",
    [
        "the draft itself",
        "the draft, cropped",
        "the draft, noisy",
        "noise",
    ],
)
def test_picture_that_nobody_s_copy_went_into_accuses_nobody(bumper: Draft, leak: str) -> None:
    found = traced(unmarked(bumper)[leak], bumper)
    assert found.verdict in (Verdict.INCONCLUSIVE, Verdict.UNMATCHED)
    assert accused(found) == set()


def test_copy_of_another_draft_accuses_nobody(bumper: Draft) -> None:
    other = Draft("another draft", workshop.landscape(8), on_record=5)
    assert accused(traced(jpeg(other.copy("copy 1"), 80), bumper)) == set()


def test_copy_of_a_revision_that_is_not_on_record_accuses_nobody(bumper: Draft, revised: Draft) -> None:
    """The holder of "copy 1" of one revision must not answer for "copy 1" of the other."""
    found = traced(jpeg(revised.copy("copy 1"), 75), bumper)
    assert found.verdict in (Verdict.INCONCLUSIVE, Verdict.UNMATCHED)
    assert accused(found) == set()


def test_copy_that_was_never_recorded_accuses_nobody(bumper: Draft) -> None:
    found = traced(jpeg(bumper.copy("copy 4711"), 80), bumper)
    assert found.verdict == Verdict.INCONCLUSIVE
    assert accused(found) == set()


# --- somebody who means to frame an innocent --------------------------------------------------------------------------


def framings(bumper: Draft) -> Leaks:
    """What a holder of copies 1 and 2, who knows this program but no key, can try to make others look guilty."""
    own, other = (bumper.copy(name).astype(np.float64) for name in ("copy 1", "copy 2"))
    difference = own - other
    forged = workshop.opened(image.mark(bumper.plate, copy_key(ATTACKER, draft=bumper.name, copy="copy 5")).data)
    return {
        "own mark against another's": png(np.clip(own + 3 * difference, 0, 255)),
        "a forged mark over the own": png(np.clip(own + 2 * (forged.astype(np.float64) - bumper.pixels), 0, 255)),
        "the difference turned over": png(np.clip(own + 2 * difference[::-1, ::-1], 0, 255)),
        "mean, sharpened": jpeg(np.clip((own + other) / 2 + (own - cv2.GaussianBlur(own, (0, 0), 2)), 0, 255), 80),
    }


@pytest.mark.parametrize(
    "way",
    [
        "own mark against another's",
        "a forged mark over the own",
        "the difference turned over",
        "mean, sharpened",
    ],
)
def test_framing_names_at_most_the_framer(bumper: Draft, way: str) -> None:
    assert accused(traced(framings(bumper)[way], bumper)) <= {"copy 1", "copy 2"}


def test_stranger_with_the_draft_but_no_key_can_accuse_nobody(bumper: Draft) -> None:
    """The unmarked draft, marked with twenty keys of the stranger's own: some score of each innocent is chance."""
    leak = np.array(bumper.pixels, np.float64)
    for at in range(20):
        key = copy_key(ATTACKER, draft=bumper.name, copy=f"copy {at}")
        leak += 0.6 * (workshop.opened(image.mark(bumper.plate, key).data).astype(np.float64) - bumper.pixels)
    found = traced(png(np.clip(leak, 0, 255)), bumper)
    assert accused(found) == set()
    assert found.decoys is not None
    assert found.decoys.max_z < 5


def test_colluders_never_draw_in_another(bumper: Draft) -> None:
    guilty = {"copy 2", "copy 9", "copy 31"}
    copies = [bumper.copy(name) for name in sorted(guilty)]
    rng = np.random.default_rng(1)
    pick = rng.integers(0, 3, (*workshop.SIZE, 1))
    patchwork = np.choose(pick, copies)
    found = traced(jpeg(patchwork, 85), bumper)
    assert accused(found) == guilty
    assert {each.copy for each in found.suspected}.isdisjoint(guilty)
