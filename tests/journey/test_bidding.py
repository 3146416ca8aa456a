"""A bidding round, from its opening to the loser's certificate."""

from tests.journey.browser import Window
from tests.journey.conftest import LAMP, Seen
from tests.journey.persons import SIBLING


def test_bids_are_sealed_until_the_round_closes(round_over: Seen) -> None:
    assert "1, sealed" in round_over["sealed"]
    assert "840,000" not in round_over["sealed"]
    assert "840,000" in round_over["awarded"]


def test_a_losers_download_is_refused_with_the_reason(round_over: Seen, sibling: Window) -> None:
    assert "revoked" in round_over["refused"]
    sibling.open("/")
    assert sibling.page.get_by_role("button", name=f"Download {LAMP}").count() == 0


def test_the_loser_certifies_and_the_officer_sees_it(round_over: Seen) -> None:
    assert "Return or destroy what you were given" in round_over["asked"]
    assert "Thank you." in round_over["certificate"]
    assert f"{SIBLING}" in round_over["awarded"].split("have not certified yet")[1]
    assert "have not certified yet" not in round_over["certified"]
    assert "destroyed" in round_over["certified"]


def test_the_winner_keeps_its_copy(round_over: Seen, contact: Window) -> None:  # noqa: ARG001
    contact.open("/")
    assert contact.save(f"Download {LAMP}")[1]
