"""The worker: it runs tasks one after the other until it is asked to stop.

It may be killed at any time. Its last sign of life then grows old, and another worker, or the next one, takes up what
it was at.
"""

import logging
import os
import secrets
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread
from types import FrameType

from django.db import Error, close_old_connections, connections
from django.db.models.functions import Now
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker as DatabaseWorker
from django_tasks_db.models import DBTaskResult

from tidemark.records.work.duties import enqueue_due
from tidemark.records.work.models import WorkerSeen
from tidemark.records.work.queue import LOST_AFTER, retry_if_passing, take_up_lost
from tidemark.records.work.stopping import ask_to_stop

_LOG = logging.getLogger("tidemark.work")
_LOOKS_EVERY_SECONDS = 0.5  # into an empty queue


def work(*, queues: Sequence[str] = (), lost_after: timedelta = LOST_AFTER, until_empty: bool = False) -> None:
    """Run tasks until SIGTERM or SIGINT, or until there are none. The records must be open.

    Parameters
    ----------
    queues : sequence of str
        Whose tasks to run; none stands for all.
    lost_after : timedelta
        How long a worker may give no sign of life.
    until_empty : bool
        Whether to return when nothing is ready.
    """
    worker = _Worker(queues=queues, until_empty=until_empty)
    with _alive(worker.worker_id, lost_after):
        worker.configure_signals()
        try:
            worker.run()
        finally:
            worker.reset_signals()


class _Worker(DatabaseWorker):
    """The queue's own worker, which gives a task up neither to a signal nor to a passing fault."""

    def __init__(self, *, queues: Sequence[str], until_empty: bool) -> None:
        super().__init__(
            queue_names=list(queues) or ["*"],
            interval=_LOOKS_EVERY_SECONDS,
            batch=until_empty,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=secrets.token_hex(16),
            excluded_queue_names=[],
        )

    def shutdown(self, signum: int, frame: FrameType | None) -> None:  # noqa: ARG002
        if not self.running:
            os._exit(128 + signum)  # asked twice: whatever it is at, another worker takes it up
        self.running = False
        ask_to_stop()

    def run_task(self, db_task_result: DBTaskResult) -> None:  # type: ignore[type-arg]
        super().run_task(db_task_result)
        retry_if_passing(db_task_result.pk)


@contextmanager
def _alive(worker_id: str, lost_after: timedelta) -> Iterator[None]:
    """Give signs of life while the block runs; look after the others' tasks and the duties meanwhile."""
    WorkerSeen.objects.create(id=worker_id, host=socket.gethostname(), started=timezone.now(), seen=timezone.now())
    WorkerSeen.objects.filter(pk=worker_id).update(seen=Now())
    take_up_lost(lost_after=lost_after)
    ended = Event()
    beating = Thread(target=_beat, args=(worker_id, lost_after, ended), name="signs of life", daemon=True)
    beating.start()
    try:
        yield
    finally:
        ended.set()
        beating.join()
        WorkerSeen.objects.filter(pk=worker_id).delete()


def _beat(worker_id: str, lost_after: timedelta, ended: Event) -> None:
    while True:
        try:
            close_old_connections()
            WorkerSeen.objects.filter(pk=worker_id).update(seen=Now())
            take_up_lost(lost_after=lost_after)
            enqueue_due(now=timezone.now())
        except Error as error:  # it restarts, or is busy; the next beat tries again
            _LOG.warning("No sign of life could be given: %s", type(error).__name__)
        if ended.wait(lost_after.total_seconds() / 6):
            connections.close_all()
            return
