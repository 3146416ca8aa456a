"""A measure is late on its page, in mails and in the overview at the same moment."""

from datetime import timedelta

import pytest

from tests.desk import NOW, Desk
from tests.records.sanctions.after import measure
from tests.records.sanctions.imposed import imposed
from tidemark.records.home import Home
from tidemark.records.sanctions.late import is_late, measures_due
from tidemark.records.sanctions.models import Measure

A_LITTLE = timedelta(microseconds=1)


@pytest.mark.parametrize(("after", "late"), [(-A_LITTLE, False), (0 * A_LITTLE, True), (A_LITTLE, True)])
def test_a_measure_is_late_from_the_moment_until_which_it_was_to_be_reported(
    home: Home, desk: Desk, *, after: timedelta, late: bool
) -> None:
    made = imposed(home, desk)
    Measure.objects.exclude(kind="obligation").update(state="done")
    Measure.objects.update(due=NOW)
    assert is_late(measure(made, "obligation"), now=NOW + after) is measures_due(until=NOW + after).exists() is late


@pytest.mark.parametrize(
    ("kind", "state", "late"),
    [
        ("obligation", "open", True),
        ("person", "returned", True),
        ("obligation", "reported", False),
        ("person", "done", False),
        ("obligation", "void", False),
        ("suspension", "open", False),
    ],
)
def test_only_what_is_the_partys_to_do_is_late(home: Home, desk: Desk, *, kind: str, state: str, late: bool) -> None:
    made = imposed(home, desk)
    Measure.objects.exclude(kind=kind).update(state="done")
    Measure.objects.filter(kind=kind).update(state=state, due=NOW)
    assert is_late(measure(made, kind), now=NOW) is measures_due(until=NOW).exists() is late
