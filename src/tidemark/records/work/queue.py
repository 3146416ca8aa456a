"""What the queue lacks: tasks of a worker that died are taken up again, and old rows go.

A worker that was only slow may still be at a task that another has taken up. Tasks bear that: each may be run twice,
and by two at once.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult, DBTaskResultQuerySet

from tidemark.records.work.models import WorkerSeen

MOST_ATTEMPTS = 3
LOST_AFTER = timedelta(seconds=30)
"""Without a sign of life for so long, a worker is taken for dead. It gives one every few seconds."""
KEPT_FOR = timedelta(days=30)
RETRY_AFTER = timedelta(seconds=20)

_PASSING = ("tidemark.errors.HomeUnusable", "django.db.utils.OperationalError")
"""A full disk, a bucket out of reach, a database that restarts: tried again. Anything else fails the same way again."""


def take_up_lost(*, lost_after: timedelta = LOST_AFTER) -> int:
    """Make the running tasks of dead workers ready again, or fail those that were tried often enough.

    Returns
    -------
    int
        How many were made ready.
    """
    ready = 0
    with transaction.atomic():
        alive = set(WorkerSeen.objects.filter(seen__gte=Now() - lost_after).values_list("pk", flat=True))
        for row in DBTaskResult.objects.running().select_for_update(skip_locked=True):
            if row.worker_ids and row.worker_ids[-1] in alive:
                continue
            if len(row.worker_ids) >= MOST_ATTEMPTS:
                row.set_failed(RuntimeError(f"{len(row.worker_ids)} workers died at this task."))
                continue
            row.status, row.started_at = TaskResultStatus.READY, None
            row.save(update_fields=["status", "started_at"])
            ready += 1
        WorkerSeen.objects.filter(seen__lt=Now() - 10 * lost_after).delete()
    return ready


def retry_if_passing(task_id: UUID) -> bool:
    """Make a task ready again that failed of something that passes; return whether it was."""
    with transaction.atomic():
        row = DBTaskResult.objects.failed().select_for_update().filter(pk=task_id).first()
        if row is None or row.exception_class_path not in _PASSING or len(row.worker_ids) >= MOST_ATTEMPTS:
            return False
        row.status, row.run_after = TaskResultStatus.READY, timezone.now() + RETRY_AFTER
        row.save(update_fields=["status", "run_after"])
    return True


def waiting_arguments(task: Task[Any, Any]) -> set[tuple[Any, ...]]:
    """Return the positional arguments of all enqueued and running calls of a task."""
    return {tuple(arguments["args"]) for arguments in _under_way(task).values_list("args_kwargs", flat=True)}


def is_under_way(task: Task[Any, Any], *, running_since: datetime) -> bool:
    """Whether a call of a task is enqueued, or running since a time at the earliest.

    One whose worker died is running until :func:`take_up_lost` finds it, and enqueued then.
    """
    known = Q(status=TaskResultStatus.READY) | Q(started_at__gte=running_since)
    return _under_way(task).filter(known).exists()


def _under_way(task: Task[Any, Any]) -> DBTaskResultQuerySet:
    under_way = (TaskResultStatus.READY, TaskResultStatus.RUNNING)
    return DBTaskResult.objects.filter(task_path=task.module_path, status__in=under_way)


def waits_above(priority: int) -> bool:
    """Whether a task of a higher priority is ready to be run."""
    return DBTaskResult.objects.ready().filter(priority__gt=priority).exists()


def forget_old(*, now: datetime) -> int:
    """Delete the rows of tasks that ended long ago; return how many."""
    count, _ = DBTaskResult.objects.finished().filter(finished_at__lt=now - KEPT_FOR).delete()
    return count
