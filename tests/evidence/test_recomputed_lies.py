"""Small edits of figures, each sealed by the owner's own key: one last digit is found where the arithmetic is the same.

Whoever lies about the arithmetic gains the tolerance, and the reader sees both figures and why they may differ.
"""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.evidence.affair import TRACE, Story, story, told
from tests.evidence.lies import both, check, first_named, honest
from tests.evidence.test_verify import fails_at
from tests.ledger.workshop import VKEY
from tidemark.engine.accuse import log10_bound
from tidemark.evidence.figures import bound_from_stated, stated_bound
from tidemark.evidence.verify import Claim, Verification, verify

pytestmark = pytest.mark.usefixtures("remembering")

EDITS = (0.01, -0.01, 0.05, -0.05, 0.1, -0.1)
FINER = (1e-3, -1e-3, 1e-9)
SCORES = list(Claim).index(Claim.SCORES)


def two() -> Story:
    return story("copy 1", "copy 3")


def shifted(value: float, by: float) -> float:
    return round(value + by, 9)


def z_everywhere(by: float) -> Story:
    """Return the story of an owner who writes another score into the ledger, and all that follows from it."""
    (accused,) = honest().finding.accused
    z = shifted(accused.z, by)
    counted = {"copies": honest().finding.tested.copies, "hypotheses": honest().finding.tested.hypotheses}
    said = {
        "accused__0__z": z,
        "accused__0__log10_bound": stated_bound(log10_bound(z, **counted)),
        "tested__scores": (*honest().finding.tested.scores[:-1], z),
    }
    return both(TRACE, {"accused": [{**first_named(), "z": z}]}, **said)


def z_of_the_finding(by: float) -> Story:
    return honest().saying(accused__0__z=shifted(honest().finding.accused[0].z, by))


def z_of_the_ledger(by: float) -> Story:
    return honest().with_body(TRACE, accused=[{**first_named(), "z": shifted(honest().finding.accused[0].z, by)}])


def highest_listed(by: float) -> Story:
    scores = honest().finding.tested.scores
    return honest().saying(tested__scores=(*scores[:-1], shifted(scores[-1], by)))


def second_listed(by: float) -> Story:
    """Return the story of two accused in which the second one scored otherwise before the first was projected out."""
    scores = two().finding.tested.scores
    return two().saying(tested__scores=tuple(sorted((*scores[:-2], shifted(scores[-2], by), scores[-1]))))


def masters(by: float) -> Story:
    known = honest().finding.rivals.master_z
    assert known is not None
    z = shifted(known, by)
    bound = bound_from_stated(z, copies=1, hypotheses=honest().finding.tested.hypotheses)
    return honest().saying(rivals__master_z=z, rivals__master_log10_bound=bound)


def figure(path: str, least: float = 0.0) -> Callable[[float], Story]:
    """Return what edits one figure of the finding, by no less than its last digit."""

    def edit(by: float) -> Story:
        value: Any = honest().finding
        for name in path.split("__"):
            value = value[int(name)] if name.isdigit() else getattr(value, name)
        return honest().saying(**{path: shifted(value, max(abs(by), least) * (1 if by > 0 else -1))})

    return edit


EDITED: Mapping[str, tuple[int, Callable[[float], Story]]] = {
    "z, in the finding alone": (9, z_of_the_finding),
    "z, in the ledger alone": (9, z_of_the_ledger),
    "z, in the ledger and in all that follows": (11, z_everywhere),
    "bound": (12, figure("accused__0__log10_bound")),
    "correlation": (10, figure("draft__correlation")),
    "coverage": (10, figure("draft__coverage")),
    "the decoys' highest z": (13, figure("decoys__max_z")),
    "the decoys' p": (13, figure("decoys__ks_p")),
    "the highest score listed": (14, highest_listed),
    "the score listed of the second accused": (14, second_listed),
    "the master's z": (14, masters),
    "the master's bound": (14, figure("rivals__master_log10_bound")),
    "the next copy's bound": (14, figure("rivals__next_copy_log10_bound")),
}
THIRD_DIGIT = ("correlation", "coverage", "the decoys' p")


@pytest.mark.parametrize("by", EDITS)
@pytest.mark.parametrize("what", EDITED)
def test_an_edit_of_a_last_digit_is_found_though_the_owner_seals_it(what: str, by: float) -> None:
    step, edit = EDITED[what]
    check(told(edit(by)), step)


@pytest.mark.parametrize("by", FINER)
@pytest.mark.parametrize("what", EDITED)
def test_an_edit_beyond_the_digits_that_are_stated_is_found(what: str, by: float) -> None:
    step, edit = EDITED[what]
    check(told(edit(by)), step)


def on_another_machine(false: Story, **claimed: str) -> Verification:
    """Verify the story of an owner who says that it was computed with something else."""
    versions = {**false.finding.versions, "probe": "0123456789abcdef", **claimed}
    return verify(told(false.saying(versions=versions)), vkey=VKEY)


def test_where_the_arithmetic_is_the_bundles_every_figure_is_shown_and_exact() -> None:
    found = verify(told(honest()), vkey=VKEY)
    assert found.arithmetic is not None
    assert found.arithmetic.same
    figures = [each for step in found.steps for each in step.figures]
    assert [each.tolerance for each in figures] == [0.0] * 7
    assert all(each.computed == each.stated for each in figures)


@pytest.mark.parametrize("by", EDITS)
def test_who_lies_about_the_arithmetic_gains_a_little_and_the_reader_sees_it(by: float) -> None:
    found = on_another_machine(z_everywhere(by))
    assert found.valid
    assert found.arithmetic is not None
    assert [(each.name, each.stated) for each in found.arithmetic.differences] == [("probe", "0123456789abcdef")]
    (z,) = found.steps[SCORES].figures
    assert (z.computed, z.stated) == (honest().finding.accused[0].z, shifted(honest().finding.accused[0].z, by))
    assert f"{z.computed} computed, {z.stated} stated, within what processors differ by" in found.steps[SCORES].detail
    assert "computed otherwise" in found.steps[list(Claim).index(Claim.SHOWS_DRAFT)].detail


@pytest.mark.parametrize("by", [1.0, -1.0, 3.0])
def test_who_lies_about_the_arithmetic_gains_no_more_than_the_tolerance(by: float) -> None:
    found = on_another_machine(z_everywhere(by))
    assert fails_at(found) == SCORES + 1
    (z,) = found.steps[SCORES].figures
    assert abs(z.computed - z.stated) > z.tolerance == pytest.approx(max(0.15, 0.01 * z.stated))
    assert f"not within what processors differ by (± {z.tolerance:.2f})" in found.steps[SCORES].detail


@pytest.mark.parametrize("by", EDITS)
def test_who_lies_about_the_arithmetic_still_states_no_other_score_than_the_ledger(by: float) -> None:
    assert fails_at(on_another_machine(z_of_the_finding(by))) == 9
    assert fails_at(on_another_machine(z_of_the_ledger(by))) == 9


@pytest.mark.parametrize("by", [0.5, -0.5])
def test_a_bound_follows_from_its_score_whatever_the_arithmetic(by: float) -> None:
    edited = figure("accused__0__log10_bound")(by)
    assert fails_at(on_another_machine(edited)) == 12


def test_a_finding_that_does_not_say_what_computed_it_is_held_to_the_tolerances() -> None:
    found = verify(told(honest().saying(versions={})), vkey=VKEY)
    assert found.valid
    assert found.arithmetic is not None
    assert not found.arithmetic.same
    assert "stated nothing" in str(found.arithmetic)
