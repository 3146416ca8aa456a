"""Two figures agree to the last digit, or within what processors differ by; both are always said."""

import pytest

from tidemark.engine.accuse import log10_bound
from tidemark.evidence.figures import (
    bound_figure,
    bound_from_stated,
    bound_may_follow,
    null_figures,
    share_figure,
    stated_bound,
    z_figure,
)

COUNTED = {"copies": 40, "hypotheses": 2}


def test_the_same_arithmetic_leaves_no_last_digit_open() -> None:
    assert z_figure("z", 84.6949, 84.69, exact=True).agrees
    assert not z_figure("z", 84.6951, 84.69, exact=True).agrees
    assert not z_figure("z", 84.69, 84.6900001, exact=True).agrees
    assert share_figure("c", 0.97849, 0.978, exact=True).agrees
    assert not share_figure("c", 0.97851, 0.978, exact=True).agrees
    assert [each.agrees for each in null_figures(3.731, 0.1551, 3.73, 0.155, exact=True)] == [True, True]
    assert [each.agrees for each in null_figures(3.736, 0.1556, 3.73, 0.155, exact=True)] == [False, False]


@pytest.mark.parametrize(("z", "tolerance"), [(5.0, 0.15), (15.0, 0.15), (200.0, 2.0)])
def test_another_arithmetic_leaves_a_score_what_processors_differ_by(z: float, tolerance: float) -> None:
    for by, agrees in ((0.9, True), (-0.9, True), (1.1, False), (-1.1, False)):
        assert z_figure("z", z + by * tolerance, z, exact=False).agrees is agrees


def test_what_is_said_of_a_figure_has_both_and_the_tolerance() -> None:
    assert str(z_figure("z", 84.7, 84.7, exact=True)) == "z: 84.7 computed, 84.7 stated"
    assert str(z_figure("z", 84.7, 84.71, exact=True)) == "z: 84.7 computed, 84.71 stated, and they should be the same"
    near, far = (str(z_figure("z", z, 10.0, exact=False)) for z in (10.1, 10.2))
    assert near == "z: 10.1 computed, 10.0 stated, within what processors differ by (± 0.15)"
    assert far == "z: 10.2 computed, 10.0 stated, not within what processors differ by (± 0.15)"


@pytest.mark.parametrize("z", [5.34, 5.345, 5.349, 12.0, 84.694999, 298.87])
def test_the_bound_of_a_score_follows_from_what_is_stated_of_it(z: float) -> None:
    stated = round(z, 2)
    bound = stated_bound(log10_bound(z, **COUNTED, naming=2))
    assert bound_may_follow(bound, stated, **COUNTED, naming=2)
    assert bound <= bound_from_stated(stated, **COUNTED, naming=2)
    for other in (0.2, -0.2):
        apart = stated_bound(log10_bound(stated + other, **COUNTED, naming=2))
        assert not bound_may_follow(apart, stated, **COUNTED, naming=2)


def test_a_bound_may_lie_as_far_off_as_its_score() -> None:
    stated = stated_bound(log10_bound(84.69, **COUNTED))
    for by, agrees in ((0.8, True), (-0.8, True), (0.9, False), (-0.9, False)):
        computed = log10_bound(84.69 + by, **COUNTED)
        figure = bound_figure("b", computed, stated, z=84.69, **COUNTED, naming=1, exact=False)
        assert figure.agrees is agrees
        assert not bound_figure("b", computed, stated, z=84.69, **COUNTED, naming=1, exact=True).agrees
