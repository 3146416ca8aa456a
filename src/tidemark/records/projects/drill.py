"""Drill a draft in the background, leak by leak: minutes of work that may be cut off anywhere and carried on.

Each result is saved as it comes; whoever runs the task again goes on with the leaks that have none. Two workers that do
so at once do the same work twice, and each result is kept once.
"""

import hashlib
import math
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from tidemark.engine.drill.leaks import LEAKS
from tidemark.engine.drill.run import Drilled
from tidemark.engine.drill.run import drill as rehearse
from tidemark.errors import Refused, TidemarkError
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.connect import current_home
from tidemark.records.home import Home
from tidemark.records.projects.drafts import load_original
from tidemark.records.projects.models import Draft, DrillRun
from tidemark.records.projects.verdict import verdict, weaknesses
from tidemark.records.work.queue import waits_above
from tidemark.records.work.stopping import is_stopping

QUEUE = "slow"
PRIORITY = -50
"""Below everything else: somebody waits for a copy, nobody for a drill. A release lets a drill stop after a leak."""
LEAKS_AT_ONCE = 12
"""Leaks of one task: about a minute. A worker that is killed loses one leak's result, whatever this is; a shorter task
lets the drills of several drafts take turns."""


def order_drill(draft: Draft, *, now: datetime, again: bool = False, by: Person | None = None) -> DrillRun:
    """Remember that a draft is to be drilled and enqueue the work.

    Parameters
    ----------
    again : bool
        Whether to start over where there are results already.
    by : Person, optional
        Who asks for it; None if the upload does.

    Raises
    ------
    Refused
        If the person may not.
    """
    if by is not None and not by.may(Act.MANAGE_PROJECTS):
        raise Refused(_("Drills are ordered by the owner's officers. Ask one of them."))
    with transaction.atomic():
        run, is_new = DrillRun.objects.get_or_create(draft=draft, defaults={"started": now, "total": len(LEAKS)})
        if again and not is_new:
            run.started, run.finished, run.total, run.fault = now, None, len(LEAKS), ""
            run.results, run.tried_count, run.traced_count, run.is_weak, run.weaknesses = [], 0, 0, False, []
            run.save()
        transaction.on_commit(lambda: drill_draft.enqueue(draft.pk))
    return run


@task(queue_name=QUEUE, priority=PRIORITY)
def drill_draft(draft_id: str) -> None:
    """Run a part of what is left of a draft's drill, and enqueue the rest: others wait in the same queue."""
    draft = Draft.objects.filter(pk=draft_id).first()
    if draft is None:
        return
    run = carry_on(current_home(), draft, clock=timezone.now, most=LEAKS_AT_ONCE, should_stop=_should_stop)
    if run.finished is None and not run.fault:
        drill_draft.enqueue(draft_id)


def _should_stop() -> bool:
    return is_stopping() or waits_above(PRIORITY)


def carry_on(
    home: Home,
    draft: Draft,
    *,
    clock: Callable[[], datetime],
    most: int | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> DrillRun:
    """Try the leaks that have no result yet, at most so many, and save each result as it comes."""
    run, _is_new = DrillRun.objects.get_or_create(draft=draft, defaults={"started": clock(), "total": len(LEAKS)})
    tried = {result["attack"] for result in run.results}
    left = [leak for leak in LEAKS if leak.name not in tried][:most]
    try:
        data = load_original(home, draft)
        for drilled in rehearse(data, secret=drill_secret(data), leaks=left):
            run = _save(draft, [as_json(drilled)])
            if should_stop():
                break
    except TidemarkError as error:
        DrillRun.objects.filter(draft=draft).update(fault=str(error))
    if run.tried_count >= run.total and run.finished is None:
        DrillRun.objects.filter(draft=draft).update(finished=clock())
    run.refresh_from_db()
    return run


def drill_secret(data: bytes) -> bytes:
    """Return the secret of trial copies. It need not be secret, they never leave; the same draft drills the same."""
    return hashlib.sha256(b"tidemark-drill 1" + data).digest()


def as_json(drilled: Drilled) -> dict[str, Any]:
    """Return a result as it is stored. JSON has no NaN: a leak that did not match has no z."""
    return {
        "attack": drilled.leak.name,
        "family": drilled.leak.family,
        "holders": drilled.leak.holders,
        "z": None if math.isnan(drilled.z) else round(drilled.z, 2),
        "named": drilled.named,
        "wrong": drilled.wrong,
        "traced": drilled.traced,
        "reason": drilled.reason,
    }


def _save(draft: Draft, results: Sequence[dict[str, Any]]) -> DrillRun:
    """Add results that are not saved yet."""
    with transaction.atomic():
        run = DrillRun.objects.select_for_update().get(draft=draft)
        known = {result["attack"] for result in run.results}
        run.results = [*run.results, *(result for result in results if result["attack"] not in known)]
        said = verdict(run.results)
        run.tried_count, run.traced_count, run.is_weak = said.tried, said.traced, said.is_weak
        run.weaknesses = weaknesses(run.results)
        run.save(update_fields=["results", "tried_count", "traced_count", "is_weak", "weaknesses"])
    return run
