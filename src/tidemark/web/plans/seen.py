"""What the pages of a plan say: each action with its colour, its controls and what was said of it, by sections."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tidemark.records.plans.controls import CATALOGUE, Control
from tidemark.records.plans.late import overdue
from tidemark.records.plans.models import Action, ActionFile, DoneReport, Judgement, Plan, Section
from tidemark.records.plans.wording import Wording, lacking, of_json
from tidemark.records.plans.write import submitted_wording, wording_of

_PLAN_COLOURS = {"asked": "is-accent", "submitted": "is-warn", "returned": "is-bad", "accepted": "is-good"}
_ACTION_COLOURS = {"submitted": "is-warn", "returned": "is-bad", "accepted": "is-good"}
_PROGRESS_COLOURS = {"reported": "is-warn", "returned": "is-bad", "verified": "is-good"}


@dataclass(frozen=True, slots=True)
class Seen:
    """One action as it is shown to one side."""

    row: Action
    words: Wording
    controls: list[Control]
    badge: str
    colour: str
    is_late: bool
    lacks: list[str]
    files: list[ActionFile]
    last: Judgement | None
    judgements: list[Judgement] = field(default_factory=list)
    reports: list[DoneReport] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Part:
    """One section of the plan."""

    value: str
    label: str
    hint: str
    is_needed: bool
    actions: list[Seen]


def plan_colour(state: str) -> str:
    """Return the badge's class for a plan's state."""
    return _PLAN_COLOURS.get(state, "")


def parts(plan: Plan, *, is_owners: bool, on: date) -> list[Part]:
    """Return the plan by its sections, as one side sees it; four queries, whatever there is."""
    shown = actions_of(plan, is_owners=is_owners, on=on)
    hints = _hints()
    return [
        Part(
            value=section.value,
            label=str(section.label),
            hint=hints[section],
            is_needed=section.value in plan.sections,
            actions=[each for each in shown if each.words.section == section.value],
        )
        for section in Section
    ]


def actions_of(plan: Plan, *, is_owners: bool, on: date) -> list[Seen]:
    """Return the plan's actions as one side sees them."""
    rows = plan.actions.exclude(state__in=hidden_from(is_owners=is_owners))
    found = rows.prefetch_related("files", "judgements__person", "reports__person")
    return [seen(row, is_owners=is_owners, on=on) for row in found]


def hidden_from(*, is_owners: bool) -> list[str]:
    """Return the states whose actions a side does not see."""
    return [Action.State.DROPPED, Action.State.DRAFT] if is_owners else [Action.State.DROPPED]


def seen(row: Action, *, is_owners: bool, on: date) -> Seen:
    """Return one action as one side sees it."""
    words = submitted_wording(row) if is_owners else wording_of(row)
    files = [file for file in row.files.all() if not file.is_removed and (file.is_submitted or not is_owners)]
    has_files = any(file.report_id is None for file in files)
    judgements = list(row.judgements.all())
    badge, colour = _badge(row, is_owners=is_owners)
    writes = not is_owners and row.takes_words and row.draft is not None and not row.drops
    return Seen(
        row=row,
        words=words,
        controls=[CATALOGUE[each] for each in words.controls if each in CATALOGUE],
        badge=badge,
        colour=colour,
        is_late=overdue(row, on=on),
        lacks=lacking(of_json(row.draft), has_files=has_files) if writes else [],
        files=files,
        last=judgements[-1] if judgements else None,
        judgements=judgements,
        reports=list(row.reports.all()),
    )


def progress_of(shown: Iterable[Seen]) -> Mapping[str, int]:
    """Return how many actions there are, are accepted, and are verified."""
    rows = [each.row for each in shown]
    return {
        "all": len(rows),
        "accepted": sum(row.state == Action.State.ACCEPTED for row in rows),
        "verified": sum(row.progress == Action.Progress.VERIFIED for row in rows),
    }


def _badge(row: Action, *, is_owners: bool) -> tuple[str, str]:
    if not is_owners and row.drops:
        return _("will be taken out"), "is-warn"
    if not is_owners and row.state == Action.State.RETURNED and row.draft is not None:
        return pgettext("action", "revised"), "is-accent"
    if row.state == Action.State.ACCEPTED:
        return (
            (str(row.get_progress_display()), _PROGRESS_COLOURS[row.progress])
            if row.progress in _PROGRESS_COLOURS
            else (str(row.get_state_display()), "is-good")
        )
    return str(row.get_state_display()), _ACTION_COLOURS.get(row.state, "")


def _hints() -> Mapping[Section, str]:
    return {
        Section.CONTAINMENT: _("What you did at once so that nothing more gets out."),
        Section.CAUSE: _("Why it could happen and why nobody noticed: the rule or habit, not the event."),
        Section.CORRECTION: _("What removes the cause."),
        Section.VERIFICATION: _("How you make sure that it works, and who looks."),
        Section.PREVENTION: _("How it is kept from happening elsewhere: other sites, projects, sub-vendors."),
    }
