"""Whether a vehicle may be seen as it was seen: the embargo check. Pure.

The rules, as car makers give them to their test departments:

    1. from the embargo's last day on, nothing is to be protected any more
    2. before it, a vehicle outside is wrapped; partly wrapped only on a planned test drive, and never without any wrap
    3. before it, a drive was planned and has a permit

The outcome is a value with reasons. It says what is on record, and accuses nobody: *unclear* is what it mostly is on
the first day.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tidemark.records.sightings.models import Sighting


class Outcome(TextChoices):
    """What the embargo check comes to."""

    PAST = "past", pgettext_lazy("embargo", "embargo past")
    IN_ORDER = "in_order", pgettext_lazy("embargo", "in order")
    UNCLEAR = "unclear", pgettext_lazy("embargo", "unclear")
    BREACH = "breach", pgettext_lazy("embargo", "against the embargo")


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that the outcome rests on.

    Attributes
    ----------
    code : str
        What a program decides by.
    text : Promise or str
        For people.
    outcome : Outcome
        What it speaks for.
    """

    code: str
    text: Promise | str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Judgement:
    """The outcome of the check, and why."""

    outcome: Outcome
    reasons: tuple[Reason, ...]


def judge(sighting: Sighting) -> Judgement:
    """Check a sighting, whose project is at hand, against the embargo of its project."""
    if sighting.project is None:
        return Judgement(Outcome.UNCLEAR, (_reason("no-project", Outcome.UNCLEAR),))
    when = _when(sighting.project.embargo, known_by(sighting))
    if when.outcome is Outcome.PAST:
        return Judgement(Outcome.PAST, (when,))
    reasons = (when, _camouflage(sighting), _drive(sighting))
    outcomes = {reason.outcome for reason in reasons}
    if when.outcome is Outcome.UNCLEAR:  # if it was taken afterwards, nothing below counts
        return Judgement(Outcome.UNCLEAR, reasons)
    for outcome in (Outcome.BREACH, Outcome.UNCLEAR):
        if outcome in outcomes:
            return Judgement(outcome, reasons)
    return Judgement(Outcome.IN_ORDER, reasons)


@dataclass(frozen=True, slots=True)
class _Known:
    """When a photograph was taken: on this day, or not after it."""

    day: date
    is_exact: bool


def known_by(sighting: Sighting) -> _Known:
    """Return on which day, UTC, it was taken; else by which day it had been, since it was posted or received then."""
    if sighting.seen is not None:
        return _Known(_day(sighting.seen), is_exact=True)
    return _Known(_day(min(filter(None, (sighting.posted, sighting.received)))), is_exact=False)


def _day(time: datetime) -> date:
    return time.astimezone(UTC).date()


def _when(embargo: date | None, known: _Known) -> Reason:
    if embargo is None:
        return _reason("no-date", Outcome.IN_ORDER)
    said = {"embargo": embargo.isoformat(), "day": known.day.isoformat()}
    if known.day < embargo:
        return _reason("before" if known.is_exact else "before-known", Outcome.IN_ORDER, said)
    if known.is_exact:
        return _reason("past", Outcome.PAST, said)
    return _reason("day-unknown", Outcome.UNCLEAR, said)


def _camouflage(sighting: Sighting) -> Reason:
    if sighting.camouflage == Sighting.Camouflage.WRAPPED:
        return _reason("wrapped", Outcome.IN_ORDER)
    if sighting.camouflage == Sighting.Camouflage.NONE:
        return _reason("bare", Outcome.BREACH)
    if sighting.camouflage == Sighting.Camouflage.UNKNOWN:
        return _reason("camouflage-unknown", Outcome.UNCLEAR)
    if sighting.drive == Sighting.Drive.PLANNED:
        return _reason("partly-planned", Outcome.IN_ORDER)
    if sighting.drive == Sighting.Drive.UNPLANNED:
        return _reason("partly-unplanned", Outcome.BREACH)
    return _reason("partly-unknown", Outcome.UNCLEAR)


def _drive(sighting: Sighting) -> Reason:
    if sighting.drive == Sighting.Drive.UNPLANNED:
        return _reason("unplanned", Outcome.BREACH)
    if sighting.drive == Sighting.Drive.UNKNOWN:
        return _reason("drive-unknown", Outcome.UNCLEAR)
    if sighting.permit:
        return _reason("permitted", Outcome.IN_ORDER, {"permit": sighting.permit})
    return _reason("no-permit", Outcome.UNCLEAR)


def _reason(code: str, outcome: Outcome, said: dict[str, str] | None = None) -> Reason:
    return Reason(code, _TEXTS[code]() % (said or {}), outcome)


_TEXTS: dict[str, Callable[[], Promise]] = {
    "no-project": lambda: _("Nobody has said which project it shows."),
    "no-date": lambda: _("The project has no embargo date, so it is confidential until it gets one."),
    "before": lambda: _("It was taken on %(day)s, before the embargo ends on %(embargo)s."),
    "before-known": lambda: _("It was known on %(day)s already, before the embargo ends on %(embargo)s."),
    "past": lambda: _("It was taken on %(day)s. The embargo ended on %(embargo)s."),
    "day-unknown": lambda: _(
        "It was known on %(day)s, after the embargo ended on %(embargo)s; when it was taken is not known."
    ),
    "wrapped": lambda: _("The vehicle is wrapped, as it is to be outside."),
    "bare": lambda: _("The vehicle has no camouflage. Before the embargo ends it is not to be seen so."),
    "camouflage-unknown": lambda: _("Whether the vehicle is wrapped is not on record."),
    "partly-planned": lambda: _("The vehicle is partly wrapped, which a planned test drive allows."),
    "partly-unplanned": lambda: _("The vehicle is partly wrapped, and no planned test drive allows it."),
    "partly-unknown": lambda: _("The vehicle is partly wrapped. Only a planned test drive allows it; find out."),
    "unplanned": lambda: _("The drive was not planned."),
    "drive-unknown": lambda: _("Whether the drive was planned is not known. Ask the test department."),
    "permitted": lambda: _("The drive was planned, under permit %(permit)s."),
    "no-permit": lambda: _("The drive is said to be planned, but no permit is on record. Ask for it."),
}
