"""What happened to a sighting, and how it stands, in the words of the reader's language."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from tidemark.ledger.entry import Kind
from tidemark.records.sentences import joined
from tidemark.records.sightings.embargo import Outcome
from tidemark.records.sightings.models import SightingEvent

COLOURS = {Outcome.BREACH: "is-bad", Outcome.UNCLEAR: "is-warn", Outcome.IN_ORDER: "is-good", Outcome.PAST: ""}


def happened(event: SightingEvent) -> str:
    """Say what happened; the reason that somebody gave is shown beside it."""
    say = _SAID.get(event.kind)
    return say(event.detail) if say else event.kind.replace("-", " ")


def _changed(detail: Mapping[str, Any]) -> str:
    if "case" in detail:
        return _("It was linked to a case.") if detail["case"] else _("It belongs to no case any more.")
    said = _("What is known of it was changed.")
    outcome = detail.get("embargo", "")
    return joined((said, _embargo(outcome))) if outcome in Outcome.values else said


def _matched(detail: Mapping[str, Any]) -> str:
    if detail.get("has_mark"):
        return _("It was compared with the drafts: it shows a leaked file, with a mark in it.")
    if detail.get("drafts"):
        return _("It was compared with the drafts, and shows one.")
    return _("It was compared with the drafts. It shows none.")


def _turned(detail: Mapping[str, Any]) -> str:
    return _("It goes on as a leak.") if "into_leak" in detail else _("It was taken for a leak, and goes on here.")


def _embargo(outcome: str) -> str:
    return _("Embargo check: %(outcome)s.") % {"outcome": Outcome(outcome).label}


_SAID: dict[str, Callable[[Mapping[str, Any]], str]] = {
    Kind.SIGHTING_RECORDED: lambda d: f"{_('It was recorded.')} {_embargo(d['embargo'])}",
    Kind.SIGHTING_CHANGED: _changed,
    Kind.SIGHTING_MATCHED: _matched,
    Kind.SIGHTING_MATCH_FAILED: lambda _d: _("Comparing it with the drafts failed."),
    Kind.SIGHTING_TURNED: _turned,
}
