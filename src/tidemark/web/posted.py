"""What a field of a form means that is posted as text: a day, the end of one, a row's number."""

from datetime import UTC, date, datetime, time
from typing import TypeVar

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.limits import MAX_KEY_DIGITS, YEARS

Read = TypeVar("Read")


def day_of(text: str) -> date | None:
    """Return a posted day; None if there is none.

    Raises
    ------
    Refused
        If it is no day, or its year is none of :data:`tidemark.limits.YEARS`.
    """
    try:
        parsed = parse_date(text)
    except ValueError:
        parsed = None
    if text and parsed is None:
        raise Refused(_("Write the date as 2026-03-14."))
    if parsed is not None and (fault := fault_of_year(parsed)):
        raise Refused(fault)
    return parsed


def fault_of_year(day: date) -> str:
    """Return what is said of a day, or a time, whose year is none of :data:`tidemark.limits.YEARS`; '' of any other."""
    if day.year in YEARS:
        return ""
    return _("Choose a year from %(first)d to %(last)d.") % {"first": YEARS[0], "last": YEARS[-1]}


def end_of(text: str) -> datetime | None:
    """Return the end of a posted day; None if there is none.

    Raises
    ------
    Refused
        If it is no day.
    """
    day = day_of(text)
    return end_of_day(day) if day else None


def end_of_day(day: date) -> datetime:
    """Return the end of a day, UTC: who has until a day has the whole of it."""
    return datetime.combine(day, time(23, 59, 59), UTC)


def needed(read: Read | None, otherwise: str) -> Read:
    """Return what was read; refuse in these words if there is nothing."""
    if read is None:
        raise Refused(otherwise)
    return read


def number_of(text: str) -> int:
    """Return the number of a row, as a list that is chosen from posts it; 0, which none has, if it is none."""
    return int(text) if text.isdecimal() and len(text) <= MAX_KEY_DIGITS else 0
