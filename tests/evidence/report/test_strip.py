"""The plot of scores: an axis that keeps the order, and nothing off the page."""

import numpy as np
import pytest

from tidemark.evidence.report.strip import MAX_LONELY, Strip, strip

DECOYS = np.append(np.random.default_rng(4).normal(0, 1, 9_999).clip(-3.8, 3.8), 3.9)


def _strip(copies: int, *accused: float, threshold: float = 5.8) -> Strip:
    scores = np.sort(np.append(np.random.default_rng(3).normal(0, 1, copies), accused)).tolist()
    return strip(scores, accused, threshold=threshold, decoys=DECOYS)


@pytest.mark.parametrize("copies", [0, 1, 3, 120, 121, 5000, 100_000])
@pytest.mark.parametrize("z", [5.9, 12.0, 300.0, 5000.0])
def test_everything_is_on_the_page(copies: int, z: float) -> None:
    drawn = _strip(copies, z)
    across = [tick.x for tick in drawn.ticks] + [dot.x for dot in drawn.dots] + [x for x, _ in drawn.bell]
    across += [each for column in drawn.columns for each in (column.left, column.right)]
    across += [x for x, _ in drawn.decoys]
    across += [*drawn.accused, drawn.threshold, drawn.highest_decoy, drawn.knee]
    assert min(across) >= 0
    assert max(across) <= 1
    assert len(drawn.dots) <= MAX_LONELY


def test_a_higher_score_never_stands_further_left() -> None:
    drawn = _strip(200, *np.linspace(-4, 300, 999).tolist())
    assert (np.diff(drawn.accused) > 0).all()
    assert drawn.highest_decoy < drawn.threshold < drawn.knee < 1


def test_labels_of_the_axis_have_room() -> None:
    for top in (5.9, 9.0, 40.0, 300.0, 9000.0):
        places = [tick.x for tick in _strip(50, top).ticks]
        assert np.diff(places).min() > 0.04


def test_the_bell_has_a_third_of_the_width_at_least() -> None:
    drawn = _strip(50, 5000.0)
    assert drawn.bell[-1][0] - drawn.bell[0][0] > 1 / 3


def test_columns_of_normal_scores_end_on_the_bell() -> None:
    columns = _strip(100_000, 40.0).columns
    tallest = max(column.height for column in columns)
    assert tallest == pytest.approx(1, abs=0.03)


def test_a_dot_says_whether_it_lies_beyond_the_threshold() -> None:
    drawn = _strip(50, 5.7, 5.9)
    assert [dot.beyond for dot in drawn.dots][-2:] == [False, True]


def test_the_line_of_the_decoys_follows_the_bell_and_ends_behind_the_highest() -> None:
    drawn = _strip(50, 40.0)
    assert max(height for _, height in drawn.decoys) == pytest.approx(1, abs=0.08)
    assert drawn.decoys[0][1] == drawn.decoys[-1][1] == 0
    assert drawn.decoys[-2][0] >= drawn.highest_decoy
    assert (np.diff([x for x, _ in drawn.decoys]) >= 0).all()


def test_the_line_comes_down_where_no_decoy_scored() -> None:
    drawn = strip([0.0], [40.0], threshold=5.8, decoys=np.array([-2.0, 2.0]))
    assert [height for _, height in drawn.decoys].count(0.0) == 4
