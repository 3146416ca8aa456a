"""When the next response in a case is due, and to whom it goes when it is late. Pure.

VDA ISA 1.6.2 asks that reported events are sorted by severity, that each class has a response time, and that somebody
above learns when it is not kept. The times are ours; the reasons stand beside them.
"""

from datetime import datetime, timedelta

from tidemark.records.cases.models import Case

TAKE_UP_WITHIN = {"high": timedelta(hours=4), "medium": timedelta(days=1), "low": timedelta(days=3)}
"""From the report until somebody works on it. A picture of an unreleased car is copied by the thousand within a working
day: what is to be taken down must be asked for in the first hours. An old or a public draft can wait for its turn."""

INVESTIGATE_WITHIN = {"high": timedelta(days=3), "medium": timedelta(days=7), "low": timedelta(days=14)}
"""From the start of the investigation until an allegation is put, or the case is closed. Traces take minutes; the days
are for people: to look at what was posted, to read the agreement, to have legal read the allegation."""

DECIDE_WITHIN = {"high": timedelta(days=5), "medium": timedelta(days=10), "low": timedelta(days=20)}
"""From the party's reply, or its deadline, until it is decided. Who was heard is owed an answer while it remembers."""

RECTIFY_WITHIN = {"high": timedelta(days=30), "medium": timedelta(days=60), "low": timedelta(days=90)}
"""From the decision until the plan is looked at again. Its actions have dates of their own; this one is the case's."""

ANSWER_WITHIN = timedelta(days=14)
"""What a party is given by default to answer an allegation: two weeks, to ask its own people and sub-vendors."""

LEAST_TO_ANSWER = timedelta(days=3)
"""What it is given at least: a deadline within which nobody can be asked is no hearing."""


def due(status: str, severity: str, *, since: datetime, answer_by: datetime | None = None) -> datetime | None:
    """Return when the next response is due in a case; None if it is closed.

    Parameters
    ----------
    since : datetime
        When the case took this status, or when its party answered.
    answer_by : datetime or None
        The last deadline that still runs for a party: until then it is not the owner's turn.
    """
    if status == Case.Status.CLOSED:
        return None
    within = {
        Case.Status.REPORTED: TAKE_UP_WITHIN,
        Case.Status.INVESTIGATING: INVESTIGATE_WITHIN,
        Case.Status.ALLEGED: DECIDE_WITHIN,
        Case.Status.DECIDED: DECIDE_WITHIN,
        Case.Status.RECTIFYING: RECTIFY_WITHIN,
    }[Case.Status(status)]
    return max(since, answer_by or since) + within[severity]
