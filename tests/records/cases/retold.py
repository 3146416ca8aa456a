"""A case of a leak with a history of its own, which is older than the case and goes on in it."""

from datetime import UTC, datetime

from tests.conftest import make_draft
from tests.desk import NOW, Desk
from tests.records.leaks.found import hand_in, repost, traced
from tidemark.records.cases.models import Case
from tidemark.records.cases.notes import add_note
from tidemark.records.cases.open import open_case
from tidemark.records.home import Home
from tidemark.records.leaks.looks import compare, confirm
from tidemark.records.leaks.run import request_trace

POSTED = datetime(2026, 3, 12, 8, 30, tzinfo=UTC)
KINDS = [
    "leak-received",
    "post-received",
    "trace-run",
    "case-opened",
    "leak-received",
    "post-received",
    "leak-clustered",
    "case-changed",
    "trace-run",
    "leak-regrouped",
    "post-received",
]
"""Of what :func:`retold` plays, in its order."""


def retold(home: Home, desk: Desk) -> Case:
    """Play it: a file and a repost of it, a second look at the first file, and a second place where it was seen."""
    picture = make_draft(21, size=(450, 600))
    first = hand_in(home, desk, picture, platform="Forum", handle="@tide", channel="Spotters", posted=POSTED)
    traced(home, first)
    hand_in(home, desk, make_draft(5), platform="Forum", handle="@other")  # of another affair
    case = open_case(home, [first.leak], title="Front bumper", by=desk["officer"], now=NOW)
    again = hand_in(home, desk, repost(picture, quality=40), file_name="again.jpg", platform="Chat")
    compare(home, again.post, now=NOW)
    again.post.refresh_from_db()
    add_note(home, case, "The forum was asked to take it down.", by=desk["investigator"], now=NOW)
    request_trace(home, first.post, by=desk["officer"], now=NOW)
    traced(home, first)
    confirm(home, again.post, by=desk["officer"], why="the same chrome", now=NOW)
    hand_in(home, desk, picture, found="by e-mail", via="mail", by=None, finder="A. Reader")
    return case
