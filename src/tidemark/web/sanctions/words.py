"""The colours of the states of sanctions and measures."""

_STATE_COLOURS = {"imposed": "is-bad", "appealed": "is-warn", "settled": "is-good", "prepared": "is-accent"}
_MEASURE_COLOURS = {
    "open": "is-warn",
    "reported": "is-accent",
    "returned": "is-bad",
    "done": "is-good",
    "ended": "is-good",
}


def state_colour(state: str) -> str:
    """Return the badge's class for a sanction's state."""
    return _STATE_COLOURS.get(state, "")


def measure_colour(state: str) -> str:
    """Return the badge's class for a measure's state."""
    return _MEASURE_COLOURS.get(state, "")
