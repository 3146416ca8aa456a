"""What is late of plans now: the one rule for mails, pages and the overview."""

from datetime import UTC, date, datetime, timedelta

from django.db.models import QuerySet

from tidemark.records.cases.models import Allegation
from tidemark.records.plans.models import Action, Plan

THEIRS = (Plan.State.ASKED, Plan.State.RETURNED)
"""States in which it is the party's turn with the plan itself."""

TO_DO = (Action.Progress.OPEN, Action.Progress.RETURNED)
"""How far an accepted action is while the party still has to do it."""


def is_late(plan: Plan, *, now: datetime) -> bool:
    """Whether a plan was due and is not submitted, or what was returned of it is not revised."""
    return plan.state in THEIRS and plan.due <= now


def late_plans(*, now: datetime) -> QuerySet[Plan]:
    """Return the plans that are late, see :func:`is_late`; of a withdrawn allegation nothing is."""
    return Plan.objects.filter(state__in=THEIRS, due__lte=now).exclude(allegation__state=Allegation.State.WITHDRAWN)


def overdue(action: Action, *, on: date) -> bool:
    """Whether an accepted action is late: due, and neither reported as done nor verified."""
    return (
        action.state == Action.State.ACCEPTED
        and action.progress in TO_DO
        and action.due is not None
        and action.due < on
    )


def actions_due(*, until: date) -> QuerySet[Action]:
    """Return the accepted actions that the party has to do by a day, that day included."""
    rows = Action.objects.filter(state=Action.State.ACCEPTED, progress__in=TO_DO, due__lte=until)
    return rows.exclude(plan__allegation__state=Allegation.State.WITHDRAWN)


def late_actions(*, now: datetime) -> QuerySet[Action]:
    """Return the actions that are late, see :func:`overdue`."""
    return actions_due(until=now.astimezone(UTC).date() - timedelta(days=1))
