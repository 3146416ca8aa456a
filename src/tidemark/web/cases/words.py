"""The colours of statuses of cases and of states of allegations."""

from tidemark.records.cases.models import Case

_STATUS_COLOURS = {
    Case.Status.REPORTED: "is-warn",
    Case.Status.INVESTIGATING: "is-accent",
    Case.Status.ALLEGED: "is-accent",
    Case.Status.DECIDED: "is-bad",
    Case.Status.RECTIFYING: "is-warn",
}
_STATE_COLOURS = {"put": "is-accent", "answered": "is-warn", "unanswered": "is-bad", "final": "is-bad"}


def status_colour(status: str) -> str:
    """Return the badge's class for a case's status."""
    return _STATUS_COLOURS.get(Case.Status(status), "")


def state_colour(state: str) -> str:
    """Return the badge's class for an allegation's state."""
    return _STATE_COLOURS.get(state, "")
