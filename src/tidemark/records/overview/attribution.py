"""How long it takes from the first post of a leak to its attribution, and on to the end of the allegation.

A leak is attributed when a trace accuses a copy for it. Nothing is estimated: a step whose beginning or end is not on
record, or whose end is said to be before its beginning since clocks differ, has no figure: it is None. An attribution
that was taken back, every allegation withdrawn, is told apart and stands in no median.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from tidemark.records.cases.models import Case
from tidemark.records.leaks.models import Leak
from tidemark.records.overview.traced import Traced, traced_leaks


@dataclass(frozen=True, slots=True)
class Attributed:
    """One leak for which a copy is accused, and when each step was.

    Attributes
    ----------
    leak : Leak
    posted : datetime or None
        The earliest time that one of its posts gives, whatever it is worth.
    received, accused : datetime
        When the first of its files was received; when the first trace was finished that accuses what is accused now.
    put, final : datetime or None
        When the first allegation for it was put, and when the first became final; withdrawn ones are none.
    is_taken_back : bool
        Whether every allegation that was put for it was withdrawn.
    """

    leak: Leak
    posted: datetime | None
    received: datetime
    accused: datetime
    put: datetime | None
    final: datetime | None
    is_taken_back: bool

    @property
    def is_from_post(self) -> bool:
        """Whether the time to attribution counts from a post; else from the reception."""
        return self.posted is not None and self.posted <= self.received

    @property
    def is_skewed(self) -> bool:
        """Whether the end of a step is said to be before its beginning, so that it has no figure."""
        times = [each for each in (self.posted, self.received, self.accused, self.put, self.final) if each is not None]
        return times != sorted(times)

    @property
    def to_received(self) -> timedelta | None:
        """From the first post to the reception."""
        return _between(self.posted, self.received)

    @property
    def to_accused(self) -> timedelta | None:
        """From the reception to the first trace that accuses what is accused now."""
        return _between(self.received, self.accused)

    @property
    def to_put(self) -> timedelta | None:
        """From there to the allegation that is put."""
        return _between(self.accused, self.put)

    @property
    def to_final(self) -> timedelta | None:
        """From there until it is final."""
        return _between(self.put, self.final)

    @property
    def in_all(self) -> timedelta | None:
        """The time to attribution: from the first post, or else the reception, to the first trace that accuses."""
        began = self.posted if self.is_from_post else self.received
        return _between(began, self.accused)


STEPS: dict[str, Callable[[Attributed], timedelta | None]] = {
    "in_all": lambda each: each.in_all,
    "to_received": lambda each: each.to_received,
    "to_accused": lambda each: each.to_accused,
    "to_put": lambda each: each.to_put,
    "to_final": lambda each: each.to_final,
}
"""What medians are taken of, the time to attribution first."""


@dataclass(frozen=True, slots=True)
class Median:
    """The median of a step over the leaks that have a figure for it.

    Attributes
    ----------
    step : str
        A key of :data:`STEPS`.
    time : timedelta or None
        None if no leak has a figure.
    count : int
        Over how many leaks.
    """

    step: str
    time: timedelta | None
    count: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A leak that was traced, and for which nothing is put to anybody.

    Attributes
    ----------
    leak : Leak
    standing : str
        One of :data:`~.traced.WAITS`.
    case : Case or None
        The open case that it is in; None if it is in none.
    since : datetime
        When it was received.
    """

    leak: Leak
    standing: str
    case: Case | None
    since: datetime


@dataclass(frozen=True, slots=True)
class Attribution:
    """All of it.

    Attributes
    ----------
    leaks : tuple of Attributed
        The latest attribution first; those that were taken back last, by their titles alone.
    medians : tuple of Median
        In the order of :data:`STEPS`.
    waiting : tuple of Waiting
        The longest first.
    """

    leaks: tuple[Attributed, ...]
    medians: tuple[Median, ...]
    waiting: tuple[Waiting, ...]

    @property
    def count(self) -> int:
        """How many leaks are attributed: what was taken back counts in nothing."""
        return sum(not each.is_taken_back for each in self.leaks)


def attribution() -> Attribution:
    """Return how long attributions took, and what waits. A bounded number of queries."""
    known = traced_leaks()
    leaks = ranked(attributed(known))
    waits = sorted(waiting(known), key=lambda each: (each.since, each.leak.pk))
    return Attribution(tuple(leaks), medians(leaks), tuple(waits))


def attributed(known: Iterable[Traced]) -> list[Attributed]:
    """Return the leaks for which a copy is accused. Pure."""
    return [
        Attributed(
            leak=each.leak,
            posted=each.posted,
            received=each.received,
            accused=each.accused,
            put=min((put.put for put in each.puts if not put.is_withdrawn), default=None),
            final=min((put.final for put in each.puts if put.final is not None), default=None),
            is_taken_back=bool(each.puts) and all(put.is_withdrawn for put in each.puts),
        )
        for each in known
        if each.accused is not None
    ]


def ranked(leaks: Iterable[Attributed]) -> list[Attributed]:
    """Return the latest attribution first; at the end, in an order that tells nothing, what was taken back. Pure."""
    rows = list(leaks)
    standing = sorted(
        (each for each in rows if not each.is_taken_back), key=lambda each: (each.accused, each.leak.pk), reverse=True
    )
    back = sorted((each for each in rows if each.is_taken_back), key=lambda each: (each.leak.title, each.leak.pk))
    return standing + back


def medians(leaks: Iterable[Attributed]) -> tuple[Median, ...]:
    """Return the median of each step, over those that were not taken back. Pure."""
    standing = [each for each in leaks if not each.is_taken_back]
    found = []
    for step, time_of in STEPS.items():
        times = [time for each in standing if (time := time_of(each)) is not None]
        seconds = [time.total_seconds() for time in times]
        found.append(Median(step, timedelta(seconds=median(seconds)) if times else None, len(times)))
    return tuple(found)


def waiting(known: Iterable[Traced]) -> list[Waiting]:
    """Return what was traced and is in no case, or in open ones in which nothing that was put stands. Pure."""
    found = []
    for each in known:
        unclosed = [case for case in each.cases if case.status != Case.Status.CLOSED]
        if not each.is_put and (unclosed or not each.cases):
            found.append(Waiting(each.leak, each.standing, unclosed[0] if unclosed else None, each.received))
    return found


def _between(begin: datetime | None, end: datetime | None) -> timedelta | None:
    """Return the time between; None if either is not on record, or they stand the wrong way round."""
    return end - begin if begin is not None and end is not None and begin <= end else None
