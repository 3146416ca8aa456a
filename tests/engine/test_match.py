"""Which drafts are worth registering to, given how many features agree with each."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidemark import limits
from tidemark.engine.match import Candidate, shortlist


def _never() -> bytes:
    raise AssertionError("matching must not load an original")


def _no_keys() -> Mapping[str, bytes]:
    raise AssertionError("matching must not derive a key")


def candidates(*votes: int) -> list[Candidate]:
    """One candidate per draft; its description says how many features agree with it."""
    return [Candidate(f"draft {at}", b"%d" % count, _never, _no_keys) for at, count in enumerate(votes)]


def listed(*votes: int) -> list[int]:
    """Return the places of the short-listed drafts."""
    return [int(candidate.draft.split()[1]) for candidate in shortlist(candidates(*votes), int)]


def test_one_draft_is_registered_whatever_agrees() -> None:
    def refuse(_: bytes) -> int:
        raise AssertionError("there is nothing to choose")

    assert shortlist([], refuse) == []
    assert [candidate.draft for candidate in shortlist(candidates(0), refuse)] == ["draft 0"]


def test_the_clear_best_stands_alone() -> None:
    assert listed(3, limits.CLEAR_MATCH_FEATURES, 0, 1) == [1]


def test_a_revision_stays_beside_the_best() -> None:
    assert listed(50, 500, 49, 0) == [1, 0]
    assert listed(400, 399, 398, 0) == [0, 1, 2]


def test_what_is_recognised_beyond_doubt_stays_beside_a_busier_draft() -> None:
    """In a collage, plain paint agrees in a twentieth of the features of a landscape, and is there all the same."""
    clear = limits.CLEAR_MATCH_FEATURES
    assert listed(clear, 100 * clear, clear - 1, 0) == [1, 0]


def test_without_a_clear_best_the_most_alike_are_all_tried() -> None:
    assert listed(3, limits.CLEAR_MATCH_FEATURES - 1, 0, 1) == [1, 0, 3, 2]


def test_drafts_that_agree_equally_keep_their_order() -> None:
    assert listed(7, 7, 7) == [0, 1, 2]


def test_list_is_short() -> None:
    assert len(listed(*[9] * 50)) == limits.SHORTLIST
    assert len(listed(*[900] * 50)) == limits.MOST_IN_ONE_LEAK


def test_all_that_a_screenshot_of_a_folder_shows_are_listed_and_nothing_vague_beside_them() -> None:
    clear = limits.CLEAR_MATCH_FEATURES
    assert listed(*[clear] * 7, *[clear - 1] * 7) == list(range(7))
    assert listed(*[clear] * 2, *[clear - 1] * 7) == [0, 1, 2, 3]


@given(st.lists(st.integers(0, 5000), min_size=2, max_size=20))
def test_the_most_alike_is_first_and_nobody_ahead_of_the_last_is_left_out(votes: list[int]) -> None:
    places = listed(*votes)
    assert votes[places[0]] == max(votes)
    assert len(places) == len(set(places)) <= limits.MOST_IN_ONE_LEAK
    left_out = [votes[at] for at in range(len(votes)) if at not in places]
    assert all(votes[at] >= other for at in places for other in left_out)


@pytest.mark.parametrize("field", ["draft", "original"])
def test_a_candidate_cannot_be_changed(field: str) -> None:
    with pytest.raises(AttributeError):
        setattr(candidates(1)[0], field, None)
