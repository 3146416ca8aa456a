"""Whom scores accuse, on vectors whose scores are set exactly, and what the bound on a false accusation is worth."""

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidemark import limits
from tidemark.engine import detect
from tidemark.engine.accuse import Decision, Hypothesis, Verdict, accuse, log10_bound
from tidemark.engine.keys import copy_key, decoy_keys, gaussians

SECRET = bytes(range(32))
LENGTH = 4_000
DECOYS = tuple(decoy_keys(b"tests of accusation", 500))


def issued(draft: str = "bumper", count: int = 10) -> Mapping[str, bytes]:
    """Keys on record: copy 0, copy 1, …"""
    return {f"copy {at}": copy_key(SECRET, draft=draft, copy=f"copy {at}") for at in range(count)}


def vector_with(scores: Mapping[bytes, float], *, seed: int = 0, length: int = LENGTH) -> detect.Vector:
    """Return a vector under which each key has exactly the score asked for; all other keys' are left to chance."""
    plain = np.random.default_rng(seed).standard_normal(length)
    if not scores:
        return plain.astype(np.float32)
    marks = np.stack([gaussians(key, length) for key in scores], axis=1).astype(np.float64)
    basis, mixing = np.linalg.qr(marks)
    plain -= basis @ (basis.T @ plain)
    # w = basis · mixing, so the coordinates c along the basis that give marksᵀ x = z solve mixingᵀ c = z (with ‖x‖ = 1)
    along = np.linalg.solve(mixing.T, np.array(list(scores.values())))
    rest = 1 - float(along @ along)
    assert rest > 0, "no vector can speak that strongly for so many"
    return (basis @ along + plain / np.linalg.norm(plain) * math.sqrt(rest)).astype(np.float32)


def decided(scores: Mapping[str, float], *, keys: Mapping[str, bytes] | None = None, **more: int) -> Decision:
    """Decide on a leak under which the copies named have these scores."""
    keys = issued() if keys is None else keys
    return accuse(
        [Hypothesis("bumper", vector_with({keys[copy]: z for copy, z in scores.items()}), keys)], DECOYS, **more
    )


def named(decision: Decision) -> list[str]:
    return [accusation.copy for accusation in decision.accused]


# --- the bound --------------------------------------------------------------------------------------------------------


def log10_q(z: float) -> float:
    """Return log₁₀ Q(z) for z ≥ 0 in 60 decimal digits, without any library of special functions.

    Up to 3 by the series of erf (Abramowitz and Stegun 7.1.6), beyond by Laplace's continued fraction (26.2.14).
    """
    with localcontext() as context:
        context.prec = 60
        x = Decimal(z)
        # Euler's series of arctangent 1, four times
        terms = (Decimal(2) ** n * math.factorial(n) ** 2 / math.factorial(2 * n + 1) for n in range(220))
        pi = 2 * sum(terms, start=Decimal(0))
        density = (-x * x / 2).exp() / (2 * pi).sqrt()
        if z < 3:
            term, total = x, x
            for n in range(1, 120):
                term *= x * x / (2 * n + 1)
                total += term
            return float((Decimal(1) / 2 - density * total).log10())
        fraction = x
        for n in range(4_000, 0, -1):
            fraction = x + n / fraction
        return float((density / fraction).log10())


@pytest.mark.parametrize("z", [0.0, 1.0, 2.9, 3.0, 4.0, 4.5, 5.0, 6.7, 8.0, 13.0, 20.0, 30.0, 37.5, 38.6, 40.0])
def test_bound_is_copies_times_hypotheses_times_the_normal_tail(z: float) -> None:
    for copies, hypotheses in ((1, 1), (200, 2), (100_000, 8)):
        expected = min(0.0, math.log10(copies * hypotheses) + log10_q(z))
        assert log10_bound(z, copies=copies, hypotheses=hypotheses) == pytest.approx(expected, abs=1e-9)


def test_own_tail_agrees_with_the_table_in_abramowitz_and_stegun() -> None:
    assert 10 ** log10_q(2.0) == pytest.approx(2.275013194818e-2, rel=1e-11)  # table 26.1
    assert -log10_q(5.0) == pytest.approx(6.54265, abs=5e-6)  # table 26.2
    assert -log10_q(40.0) == pytest.approx(349.43701, abs=5e-6)


@given(st.floats(-50, 200), st.integers(0, 10**6), st.integers(0, 100), st.integers(1, 50))
def test_bound_is_a_probability_and_only_grows_with_what_was_tried(
    z: float, copies: int, tries: int, begun: int
) -> None:
    bound = log10_bound(z, copies=copies, hypotheses=tries, naming=begun)
    assert bound <= 0
    assert log10_bound(z, copies=copies + 1, hypotheses=tries, naming=begun) >= bound
    assert log10_bound(z, copies=copies, hypotheses=tries + 1, naming=begun) >= bound
    assert log10_bound(z, copies=copies, hypotheses=tries, naming=begun + 1) >= bound
    assert log10_bound(z + 0.1, copies=copies, hypotheses=tries, naming=begun) <= bound


def test_rounds_never_spend_more_than_the_whole_allowance() -> None:
    """A round may accuse at probability allowance × share; with T = 2 × vectors the shares are 1/2, 1/6, 1/12, …"""
    exact = [Fraction(1, at * (at + 1)) for at in range(1, 2_000)]
    assert sum(exact) == 1 - Fraction(1, 2_000) < 1
    z, copies = 12.0, 50
    for vectors in (1, 3):
        alone = math.log10(copies * vectors) + log10_q(z)
        for at, share in enumerate(exact[:50], start=1):
            bound = log10_bound(z, copies=copies, hypotheses=2 * vectors, naming=at)
            assert 10 ** (alone - bound) == pytest.approx(float(share), rel=1e-9)


def test_bound_of_overwhelming_evidence_is_not_said_to_be_zero() -> None:
    (accusation,) = decided({"copy 3": 45.0}).accused
    assert accusation.log10_bound < -400
    assert accusation.false_accusation_bound == pytest.approx(1e-77)  # the chance of guessing a key


def test_bound_of_ordinary_evidence_is_the_power_of_its_logarithm() -> None:
    (accusation,) = decided({"copy 3": 8.0}).accused
    assert accusation.false_accusation_bound == pytest.approx(20 * 10 ** log10_q(8.0), rel=1e-3)


# --- one copy ---------------------------------------------------------------------------------------------------------


def test_the_copy_whose_mark_is_there_is_accused() -> None:
    decision = decided({"copy 4": 20.0})
    assert decision.verdict == Verdict.ACCUSED
    assert named(decision) == ["copy 4"]
    (accusation,) = decision.accused
    assert (accusation.draft, accusation.round) == ("bumper", 1)
    assert accusation.z == pytest.approx(20, abs=1e-3)
    assert (decision.copies_tested, decision.hypotheses) == (10, 2)
    assert decision.suspected == ()


@pytest.mark.parametrize(
    ("z", "verdict"),
    [
        (5.35, Verdict.ACCUSED),  # 10 · 2 · Q = 8.8e-7
        (5.25, Verdict.SUSPECTED),  # 1.5e-6
        (3.95, Verdict.SUSPECTED),  # 7.8e-4
        (3.75, Verdict.INCONCLUSIVE),  # 1.8e-3
        (-20.0, Verdict.INCONCLUSIVE),
    ],
)
def test_verdict_follows_the_bound(z: float, verdict: Verdict) -> None:
    decision = decided({"copy 2": z})
    assert decision.verdict == verdict
    assert named(decision) == ["copy 2"] * (verdict == Verdict.ACCUSED)
    assert [lead.copy for lead in decision.suspected] == ["copy 2"] * (verdict == Verdict.SUSPECTED)


def test_the_same_score_accuses_among_few_and_not_among_many() -> None:
    few, many = issued(count=10), issued(count=60)
    assert decided({"copy 2": 5.4}, keys=few).verdict == Verdict.ACCUSED
    assert decided({"copy 2": 5.4}, keys=many).verdict == Verdict.SUSPECTED


def test_every_draft_tried_is_paid_for() -> None:
    marked = Hypothesis("bumper", vector_with({issued()["copy 2"]: 5.4}), issued())
    others = [Hypothesis(f"other {at}", vector_with({}, seed=at + 1), issued(f"other {at}")) for at in range(3)]
    alone, among = accuse([marked], DECOYS), accuse([marked, *others], DECOYS)
    assert alone.verdict == Verdict.ACCUSED
    assert among.verdict == Verdict.SUSPECTED
    assert (among.copies_tested, among.hypotheses) == (40, 8)
    assert among.suspected[0].log10_bound - alone.accused[0].log10_bound == pytest.approx(math.log10(16))


def test_one_copy_on_record_can_be_accused_and_can_be_left_alone() -> None:
    one = issued(count=1)
    assert decided({"copy 0": 9.0}, keys=one).verdict == Verdict.ACCUSED
    assert decided({}, keys=one).verdict == Verdict.INCONCLUSIVE


def test_threads_change_no_decision() -> None:
    assert decided({"copy 4": 20.0, "copy 1": 9.0}, threads=3) == decided({"copy 4": 20.0, "copy 1": 9.0})


# --- several copies ---------------------------------------------------------------------------------------------------


def test_colluders_are_named_strongest_first_and_nobody_else() -> None:
    decision = decided({"copy 7": 14.0, "copy 1": 20.0, "copy 5": 9.0})
    assert named(decision) == ["copy 1", "copy 7", "copy 5"]
    assert [accusation.round for accusation in decision.accused] == [1, 2, 3]
    assert decision.reason == "the leak carries the mark of 3 copies"


def test_a_colluder_too_faint_to_accuse_is_suspected_beside_the_accused() -> None:
    decision = decided({"copy 1": 20.0, "copy 7": 4.6})
    assert named(decision) == ["copy 1"]
    assert [lead.copy for lead in decision.suspected] == ["copy 7"]
    assert decision.verdict == Verdict.ACCUSED


def test_a_colluder_hidden_by_a_stronger_one_appears_when_that_one_is_projected_out() -> None:
    keys = issued()
    strong, faint = (gaussians(keys[copy], LENGTH) for copy in ("copy 1", "copy 7"))
    plain = np.random.default_rng(5).standard_normal(LENGTH).astype(np.float32)
    vector = plain + 6 * strong + np.float32(0.2) * faint
    assert detect.scores(vector, [keys["copy 7"]])[0] < 4
    decision = accuse([Hypothesis("bumper", vector, keys)], DECOYS)
    assert named(decision) == ["copy 1", "copy 7"]
    assert decision.accused[1].z > 8


@settings(max_examples=30, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(issued())), st.floats(0, 18), max_size=4))
def test_nobody_is_both_accused_and_suspected_and_every_bound_keeps_its_threshold(scores: dict[str, float]) -> None:
    decision = decided(scores)
    accused, suspected = named(decision), [lead.copy for lead in decision.suspected]
    assert len(accused) == len(set(accused))
    assert not set(accused) & set(suspected)
    assert len(suspected) <= 1
    assert all(10**found.log10_bound <= limits.ACCUSED_BOUND for found in decision.accused)
    assert all(limits.ACCUSED_BOUND < 10**lead.log10_bound <= limits.SUSPECTED_BOUND for lead in decision.suspected)
    assert all(later.round == earlier.round + 1 for earlier, later in pairwise(decision.accused))
    assert decision.verdict == (
        Verdict.ACCUSED if accused else Verdict.SUSPECTED if suspected else Verdict.INCONCLUSIVE
    )
    # whoever has a score of 7 or more is named (others may be by luck of the draw only if their own score is high)
    assert {copy for copy, z in scores.items() if z >= 7} <= set(accused)
    assert {copy for copy in accused if scores.get(copy, 0) < 4} == set()


# --- several drafts ---------------------------------------------------------------------------------------------------


def test_the_same_copy_id_under_two_drafts_is_not_confused() -> None:
    bumper, mirror = issued("bumper"), issued("mirror")
    assert set(bumper) == set(mirror)
    evidence = [
        Hypothesis("bumper", vector_with({bumper["copy 3"]: 15.0}), bumper),
        Hypothesis("mirror", vector_with({}, seed=2), mirror),
    ]
    (accusation,) = accuse(evidence, DECOYS).accused
    assert (accusation.draft, accusation.copy) == ("bumper", "copy 3")
    (accusation,) = accuse([evidence[1], evidence[0]], DECOYS).accused
    assert (accusation.draft, accusation.copy) == ("bumper", "copy 3")


def test_both_drafts_of_a_pasted_leak_name_their_copies() -> None:
    bumper, mirror = issued("bumper"), issued("mirror")
    evidence = [
        Hypothesis("bumper", vector_with({bumper["copy 3"]: 15.0, bumper["copy 4"]: 10.0}), bumper),
        Hypothesis("mirror", vector_with({mirror["copy 3"]: 12.0}, seed=2), mirror),
    ]
    found = [(accusation.draft, accusation.copy) for accusation in accuse(evidence, DECOYS).accused]
    assert found == [("bumper", "copy 3"), ("mirror", "copy 3"), ("bumper", "copy 4")]


# --- when nothing may be said -----------------------------------------------------------------------------------------


def test_innocents_are_not_accused() -> None:
    for seed in range(20):
        decision = accuse([Hypothesis("bumper", vector_with({}, seed=seed), issued(count=50))], DECOYS)
        assert decision.accused == ()


def test_without_keys_nobody_is_accused_and_the_reason_says_so() -> None:
    decision = accuse([Hypothesis("bumper", vector_with({}), {})], DECOYS)
    assert (decision.verdict, decision.copies_tested) == (Verdict.INCONCLUSIVE, 0)
    assert decision.reason == "no copy of this draft is on record"


def test_without_evidence_nobody_is_accused() -> None:
    decision = accuse([], DECOYS)
    assert (decision.verdict, decision.hypotheses, decision.decoys) == (Verdict.INCONCLUSIVE, 0, None)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_vector_with_a_number_that_is_none_accuses_nobody(bad: float) -> None:
    vector = vector_with({issued()["copy 3"]: 30.0})
    vector[17] = bad
    assert accuse([Hypothesis("bumper", vector, issued())], DECOYS).accused == ()


def test_evidence_on_a_few_coefficients_accuses_nobody() -> None:
    """A vector that equals a mark in its strongest hundred places and is nothing elsewhere: z ≈ 25, by selection."""
    numbers = gaussians(issued()["copy 3"], LENGTH)
    strongest = np.argsort(-np.abs(numbers))[:100]
    vector = np.zeros(LENGTH, np.float32)
    vector[strongest] = numbers[strongest]
    assert detect.scores(vector, [issued()["copy 3"]])[0] > 20
    assert detect.effective_count(vector) < limits.MIN_EFFECTIVE_COUNT
    decision = accuse([Hypothesis("bumper", vector, issued())], DECOYS)
    assert decision.verdict == Verdict.INCONCLUSIVE
    assert decision.accused == decision.suspected == ()


def test_nobody_is_named_from_what_is_left_of_a_vector_once_it_rests_on_a_few_coefficients() -> None:
    """A true mark, and beneath it spikes that happen to look like another: unsound as soon as the first is out."""
    true, innocent = issued()["copy 3"], issued()["copy 5"]
    numbers = gaussians(innocent, LENGTH)
    strongest = np.argsort(-np.abs(numbers))[:60]
    spikes = np.zeros(LENGTH, np.float32)
    spikes[strongest] = numbers[strongest] * 0.8
    vector = gaussians(true, LENGTH) + spikes
    assert detect.effective_count(vector) > limits.MIN_EFFECTIVE_COUNT
    left = detect.without(vector, true)
    assert detect.effective_count(left) < limits.MIN_EFFECTIVE_COUNT
    assert detect.scores(left, [innocent])[0] > 15
    decision = accuse([Hypothesis("bumper", vector, issued())], DECOYS)
    assert named(decision) == ["copy 3"]
    assert decision.suspected == ()


@pytest.mark.parametrize("vector", [np.zeros(LENGTH, np.float32), np.zeros(0, np.float32)])
def test_an_empty_leak_accuses_nobody_and_says_that_too_little_is_left(vector: detect.Vector) -> None:
    decision = accuse([Hypothesis("bumper", vector, issued())], DECOYS)
    assert decision.accused == ()
    assert decision.reason == "too little of the draft is left in the leak to test any copy"


@pytest.mark.parametrize("spikes", [0, 1])
def test_a_draft_that_shows_too_little_does_not_withdraw_what_another_draft_shows(spikes: int) -> None:
    little = np.zeros(LENGTH, np.float32)
    little[:spikes] = 1
    evidence = [
        Hypothesis("bumper", vector_with({issued()["copy 3"]: 15.0}), issued()),
        Hypothesis("mirror", little, issued("mirror")),
    ]
    assert named(accuse(evidence, DECOYS)) == ["copy 3"]


# --- the null, tried on the leak itself -------------------------------------------------------------------------------


def leaking(decoys: Sequence[bytes]) -> Decision:
    keys = issued()
    return accuse([Hypothesis("bumper", vector_with({keys["copy 3"]: 15.0, keys["copy 4"]: 4.5}), keys)], decoys)


def test_decoys_say_what_they_showed() -> None:
    decision = leaking(DECOYS)
    assert decision.decoys is not None
    z = detect.scores(vector_with({issued()["copy 3"]: 15.0, issued()["copy 4"]: 4.5}), DECOYS)
    assert decision.decoys.count == len(DECOYS)
    assert decision.decoys.max_z == pytest.approx(float(z.max()), abs=1e-5)
    assert decision.decoys.ks_p == pytest.approx(detect.normality(z), rel=1e-6)


def test_a_decoy_that_scores_like_the_guilty_withdraws_everything() -> None:
    decision = leaking([*DECOYS, issued()["copy 3"]])
    assert decision.verdict == Verdict.INCONCLUSIVE
    assert decision.accused == decision.suspected == ()
    assert decision.reason.startswith("withdrawn: ")
    assert "15.00" in decision.reason


def test_decoys_that_are_not_normal_withdraw_everything() -> None:
    """Decoys that all score alike, below any alarming height: only their distribution gives them away."""
    decision = leaking([issued("bumper", 20)["copy 15"]] * 300)
    assert decision.decoys is not None
    assert decision.decoys.max_z < 4
    assert decision.decoys.ks_p < limits.DECOY_KS_P
    assert decision.accused == decision.suspected == ()
    assert "Kolmogorov" in decision.reason


def test_decoys_are_tried_under_every_hypothesis() -> None:
    key = copy_key(SECRET, draft="never", copy="issued")
    evidence = [
        Hypothesis("bumper", vector_with({issued()["copy 3"]: 15.0}), issued()),
        Hypothesis("mirror", vector_with({key: 15.0}, seed=3), issued("mirror")),
    ]
    decision = accuse(evidence, [*DECOYS, key])
    assert decision.reason.startswith("withdrawn: ")
    assert decision.decoys is not None
    assert decision.decoys.max_z == pytest.approx(15, abs=1e-3)


def test_without_decoys_nobody_is_accused() -> None:
    decision = leaking([])
    assert decision.decoys is None
    assert named(decision) == []
    assert "100 are needed" in decision.reason
