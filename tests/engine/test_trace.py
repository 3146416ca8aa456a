"""From a leak's bytes to a verdict: who is named, what is said when nobody is, and what is never confused."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

from tests.engine import workshop
from tests.engine.workshop import Draft, Pixels, jpeg, png
from tidemark.engine import keys
from tidemark.engine.accuse import Verdict
from tidemark.engine.match import Candidate
from tidemark.engine.trace import Trace, trace
from tidemark.errors import UnreadableFile

DECOYS = 300


@lru_cache
def traced(leak: bytes, *drafts: Draft | Candidate) -> Trace:
    among = [each.candidate if isinstance(each, Draft) else each for each in drafts]
    return trace(leak, among, decoy_seed=b"tests of tracing", decoys=DECOYS, threads=1)


def named(found: Trace) -> list[tuple[str, str]]:
    return [(accusation.draft, accusation.copy) for accusation in found.accused]


def mean_of(copies: Sequence[Pixels]) -> Pixels:
    return np.asarray(np.rint(np.mean(copies, axis=0)), np.uint8)


def extreme_of(copies: Sequence[Pixels]) -> Pixels:
    """At each pixel, whichever of minimum and maximum is farther from the mean: the attack that defeats ±1 marks."""
    low, high, mean = np.min(copies, axis=0), np.max(copies, axis=0), np.mean(copies, axis=0)
    return np.asarray(np.where(high - mean > mean - low, high, low), np.uint8)


# --- one holder -------------------------------------------------------------------------------------------------------


def leaks_of(copy: Pixels) -> Mapping[str, bytes]:
    return {
        "as sent": png(copy),
        "jpeg 30": jpeg(copy, 30),
        "half size": jpeg(workshop.shrunk(copy, 0.5), 70),
        "crop": jpeg(copy[20:270, 60:420], 75),
        "grey, darker": png((copy.mean(axis=2) * 0.6).astype(np.uint8)),
    }


@pytest.mark.parametrize("way", ["as sent", "jpeg 30", "half size", "crop", "grey, darker"])
def test_leaked_copy_is_named(bumper_a: Draft, way: str) -> None:
    found = traced(leaks_of(bumper_a.copy("copy 7"))[way], bumper_a)
    assert found.verdict == Verdict.ACCUSED
    assert named(found) == [("bumper rev A", "copy 7")]
    assert found.accused[0].z > 15
    assert found.draft == "bumper rev A"
    assert found.suspected == ()


def test_copy_of_a_line_drawing_is_named(drawing: Draft) -> None:
    leak = workshop.shrunk(drawing.copy("copy 2"), 0.6)
    assert named(traced(jpeg(leak, 60), drawing)) == [("drawing", "copy 2")]


def test_trace_counts_what_it_tried_and_says_how_the_leak_lies(bumper_a: Draft) -> None:
    found = traced(jpeg(bumper_a.copy("copy 7"), 50), bumper_a)
    assert (found.copies_tested, found.hypotheses) == (20, 2)
    assert found.decoys is not None
    assert found.decoys.count == DECOYS
    assert found.decoys.max_z < 5
    (fit,) = found.registered
    assert fit.draft == "bumper rev A"
    assert fit.coverage > 0.98
    assert not fit.mirrored


def test_same_leak_and_seed_give_the_same_trace_whatever_the_threads(bumper_a: Draft) -> None:
    leak = jpeg(bumper_a.copy("copy 7"), 50)
    again = trace(leak, [bumper_a.candidate], decoy_seed=b"tests of tracing", decoys=DECOYS, threads=2)
    assert again == traced(leak, bumper_a)


def test_decoys_come_from_the_seed(bumper_a: Draft) -> None:
    leak = jpeg(bumper_a.copy("copy 7"), 50)
    other = trace(leak, [bumper_a.candidate], decoy_seed=b"another", decoys=DECOYS, threads=1)
    here = traced(leak, bumper_a)
    assert other.accused == here.accused
    assert other.decoys != here.decoys


# --- several holders --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("mix", "holders"), [(mean_of, 3), (extreme_of, 2)])
def test_colluders_are_all_named_and_nobody_else(landscape: Draft, mix: object, holders: int) -> None:
    assert callable(mix)
    guilty = [f"copy {at}" for at in (3, 8, 11)[:holders]]
    found = traced(jpeg(mix([landscape.copy(name) for name in guilty]), 75), landscape)
    assert sorted(copy for _, copy in named(found)) == sorted(guilty)


def test_copies_pasted_together_are_both_named(bumper_a: Draft) -> None:
    pasted = np.hstack([bumper_a.copy("copy 1")[:, :400], bumper_a.copy("copy 2")[:, 400:]])
    assert {copy for _, copy in named(traced(jpeg(pasted, 75), bumper_a))} == {"copy 1", "copy 2"}


# --- several drafts ---------------------------------------------------------------------------------------------------


def test_revision_that_leaked_is_told_from_the_other(bumper_a: Draft, bumper_b: Draft, landscape: Draft) -> None:
    """Both revisions may fit; the copies of both have the same ids, and only one of them leaked."""
    assert set(bumper_a.issued) == set(bumper_b.issued)
    found = traced(jpeg(bumper_b.copy("copy 5"), 50), landscape, bumper_a, bumper_b)
    assert named(found) == [("bumper rev B", "copy 5")]
    assert found.draft == "bumper rev B"
    assert found.hypotheses == 2 * len(found.registered)
    assert found.copies_tested == 20 * len(found.registered)


@pytest.mark.slow
def test_both_drafts_in_a_collage_are_matched_and_a_copy_of_each_is_named(bumper_a: Draft, landscape: Draft) -> None:
    left, right = bumper_a.copy("copy 3"), landscape.copy("copy 4")
    sheet = np.full((max(len(left), len(right)) + 80, left.shape[1] + right.shape[1] + 120, 3), 235, np.uint8)
    sheet[40 : 40 + len(left), 40 : 40 + left.shape[1]] = left
    sheet[40 : 40 + len(right), 80 + left.shape[1] : 80 + left.shape[1] + right.shape[1]] = right
    found = traced(jpeg(sheet, 75), bumper_a, landscape)
    assert sorted(named(found)) == sorted([(bumper_a.candidate.draft, "copy 3"), (landscape.candidate.draft, "copy 4")])
    assert {each.draft for each in found.registered} == {bumper_a.candidate.draft, landscape.candidate.draft}
    assert found.hypotheses == 4


@pytest.mark.slow
def test_every_thumbnail_in_the_screenshot_of_a_folder_is_traced_to_its_copy() -> None:
    drafts = [Draft(f"view {seed}", workshop.landscape(seed)) for seed in range(1, 8)]
    rows, columns = workshop.SIZE
    sheet = np.full((4 * (rows + 60), 2 * (columns + 40), 3), 246, np.uint8)
    for at, draft in enumerate(drafts):
        top, left = (rows + 60) * (at // 2) + 20, (columns + 40) * (at % 2) + 20
        sheet[top : top + rows, left : left + columns] = draft.copy(f"copy {at}")
    found = traced(jpeg(sheet, 80), *drafts)
    assert sorted(named(found)) == [(draft.candidate.draft, f"copy {at}") for at, draft in enumerate(drafts)]
    assert found.hypotheses == 2 * len(drafts)


def test_originals_and_keys_of_drafts_that_are_out_of_question_are_not_asked_for(
    bumper_a: Draft, landscape: Draft
) -> None:
    def refuse() -> bytes:
        raise AssertionError("this draft is out of question")

    asked_in_vain = replace(landscape.candidate, original=refuse)
    assert named(traced(png(bumper_a.copy("copy 7")), asked_in_vain, bumper_a)) == [("bumper rev A", "copy 7")]


def test_keys_of_a_draft_that_does_not_fit_are_not_asked_for(bumper_a: Draft) -> None:
    def refuse() -> Mapping[str, bytes]:
        raise AssertionError("no copy of this draft is in question")

    found = traced(png(np.full((300, 400, 3), 250, np.uint8)), replace(bumper_a.candidate, keys=refuse))
    assert found.verdict == Verdict.UNMATCHED


# --- nobody -----------------------------------------------------------------------------------------------------------


def test_without_drafts_a_leak_is_unmatched(bumper_a: Draft) -> None:
    found = traced(bumper_a.file)
    assert (found.verdict, found.draft, found.reason) == (Verdict.UNMATCHED, None, "no draft is on record")
    assert (found.copies_tested, found.hypotheses, found.decoys, found.registered) == (0, 0, None, ())


@pytest.mark.parametrize("leak", ["another picture", "white"])
def test_picture_that_shows_no_draft_is_unmatched(bumper_a: Draft, leak: str) -> None:
    pixels = {
        "another picture": workshop.landscape(40)[:400, :500],
        "white": np.full((400, 500, 3), 255, np.uint8),
    }[leak]
    found = traced(png(np.ascontiguousarray(pixels)), bumper_a)
    assert found.verdict == Verdict.UNMATCHED
    assert found.draft is None
    assert found.accused == found.suspected == ()
    assert found.reason


def test_copy_that_is_not_on_record_names_nobody(bumper_a: Draft) -> None:
    found = traced(jpeg(bumper_a.copy("copy 999"), 60), bumper_a)
    assert found.verdict == Verdict.INCONCLUSIVE
    assert found.draft == "bumper rev A"
    assert found.reason == "the draft is recognised, but no copy's mark stands out of the noise"


def test_draft_without_copies_names_nobody(bumper_a: Draft) -> None:
    found = traced(jpeg(bumper_a.copy("copy 7"), 50), replace(bumper_a.candidate, keys=dict))
    assert (found.verdict, found.copies_tested) == (Verdict.INCONCLUSIVE, 0)
    assert found.reason == "no copy of this draft is on record"


def test_the_only_copy_on_record_is_not_named_if_another_leaked(bumper_a: Draft) -> None:
    one = replace(bumper_a.candidate, keys=lambda: {"copy 7": bumper_a.key("copy 7")})
    assert named(traced(jpeg(bumper_a.copy("copy 8"), 60), one)) == []


def test_without_decoys_the_trace_says_so(bumper_a: Draft) -> None:
    leak = jpeg(bumper_a.copy("copy 7"), 50)
    found = trace(leak, [bumper_a.candidate], decoy_seed=b"", decoys=0, threads=1)
    assert found.decoys is None
    assert found.accused == ()


def test_trace_is_withdrawn_when_a_decoy_scores_like_the_guilty(
    bumper_a: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It cannot happen by chance in the age of the universe; if it did, no score of this leak would mean anything."""
    others = list(keys.decoy_keys(b"others", 199))
    monkeypatch.setattr(keys, "decoy_keys", lambda _seed, _count: iter([*others, bumper_a.key("copy 7")]))
    leak = jpeg(bumper_a.copy("copy 7"), 50)
    found = trace(leak, [bumper_a.candidate], decoy_seed=b"", decoys=200, threads=1)
    assert found.verdict == Verdict.INCONCLUSIVE
    assert found.accused == found.suspected == ()
    assert "largest decoy z" in found.reason


@pytest.mark.parametrize("leak", [b"", b"no picture at all", b"\x89PNG\r\n\x1a\n"])
def test_unreadable_leak_is_said_to_be_so(bumper_a: Draft, leak: bytes) -> None:
    with pytest.raises(UnreadableFile):
        traced(leak, bumper_a)


def test_patched_quantisation_table_does_not_switch_tracing_off(bumper_a: Draft) -> None:
    leak = bytearray(jpeg(bumper_a.copy("copy 7"), 30))
    leak[leak.index(b"\xff\xdb") + 5 + 63] = 0  # the last step of the luma table; no decoder needs it here
    assert named(traced(bytes(leak), bumper_a.candidate)) == [("bumper rev A", "copy 7")]
