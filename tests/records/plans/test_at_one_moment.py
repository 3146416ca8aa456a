"""A party is suspended, and given a place at the same moment: neither of the two goes past the other."""

from collections.abc import Callable
from threading import Event, Thread

import pytest
from django.db import connections

from tests.desk import NOW, Desk
from tests.records.cases.played import LATER
from tests.records.sanctions.imposed import final
from tidemark.errors import Refused
from tidemark.records.cases.timeline import writing
from tidemark.records.home import Home
from tidemark.records.plans import access
from tidemark.records.plans.access import suspend_access
from tidemark.records.projects import engagements
from tidemark.records.projects.engagements import engage
from tidemark.records.projects.models import Engagement
from tidemark.records.sanctions.measures import begin
from tidemark.records.sanctions.models import Sanction
from tidemark.records.sanctions.prepare import add_measure, prepare

WAIT_S = 2
"""How long the one waits for the other, which is the longer held up the better it is kept out."""


@pytest.fixture
def sanction(home: Home, desk: Desk) -> Sanction:
    """A sanction that suspends the supplier in all projects, ready to be imposed."""
    made = prepare(home, final(home, desk), by=desk["officer"], now=NOW)
    add_measure(home, made, "suspension", text="In all.", by=desk["legal"], now=NOW)
    return Sanction.objects.get(pk=made.pk)


def _meanwhile(act: Callable[[], object]) -> tuple[Thread, list[str]]:
    """Do something on a connection of its own; return what is told of it: done, or why it was refused."""
    told: list[str] = []

    def run() -> None:
        try:
            act()
            told.append("done")
        except Refused as refused:
            told.append(str(refused))
        finally:
            connections.close_all()

    thread = Thread(target=run)
    thread.start()
    return thread, told


def _is_active(desk: Desk) -> bool:
    return Engagement.objects.filter(party=desk.supplier, state=Engagement.State.ACTIVE).exists()


def test_a_place_that_is_being_given_is_suspended_with_the_others(
    home: Home, desk: Desk, sanction: Sanction, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, imposed, is_barred = Event(), Event(), engagements.is_barred

    def slowly(*known: object) -> bool:
        found = is_barred(*known)  # type: ignore[arg-type]
        asked.set()
        imposed.wait(WAIT_S)
        return found

    monkeypatch.setattr(engagements, "is_barred", slowly)
    thread, told = _meanwhile(
        lambda: engage(desk.other_project, desk.supplier, parent=None, by=desk["officer"], now=LATER)
    )
    assert asked.wait(60)
    with writing(home):
        begin(sanction, now=LATER)
    imposed.set()
    thread.join()
    assert told == ["done"]
    assert not _is_active(desk)


def test_no_place_is_given_while_a_sanction_takes_hold(home: Home, desk: Desk, sanction: Sanction) -> None:
    with writing(home):
        begin(sanction, now=LATER)
        thread, told = _meanwhile(
            lambda: engage(desk.other_project, desk.supplier, parent=None, by=desk["officer"], now=LATER)
        )
        thread.join(WAIT_S)
    thread.join()
    assert "cannot be engaged" in told[0]
    assert not _is_active(desk)


def test_no_second_place_is_given_while_an_officer_suspends_the_first(
    home: Home, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    allegation, tell = final(home, desk), access.tell
    threads: list[tuple[Thread, list[str]]] = []
    above = desk.engagements["sibling"]

    def slowly(*known: object, **more: object) -> object:
        threads.append(
            _meanwhile(lambda: engage(desk.project, desk.supplier, parent=above, by=desk["officer"], now=LATER))
        )
        threads[0][0].join(WAIT_S)
        return tell(*known, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(access, "tell", slowly)
    suspend_access(home, allegation, why="Until it is put right.", by=desk["officer"], now=LATER)
    (thread, told), *_ = threads
    thread.join()
    assert "cannot be engaged" in told[0]
    assert not _is_active(desk)
