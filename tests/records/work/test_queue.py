"""The queue's own rules: who is taken for dead, how often something is tried, what is due."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from tests.conftest import NOW
from tidemark.errors import HomeUnusable
from tidemark.records.copies.make import make_copies
from tidemark.records.home import Home
from tidemark.records.leaks.looks import compare_post
from tidemark.records.leaks.run import run_trace
from tidemark.records.projects.drill import drill_draft
from tidemark.records.sightings.match import run_match
from tidemark.records.work.duties import DUTIES, STUCK_AFTER, end_copies, enqueue_due, forget_old_tasks
from tidemark.records.work.models import WorkerSeen
from tidemark.records.work.queue import KEPT_FOR, forget_old, retry_if_passing, take_up_lost, waiting_arguments
from tidemark.records.work.worker import work

pytestmark = pytest.mark.usefixtures("home")
_LOST = timedelta(seconds=30)


def _running(*workers: str) -> DBTaskResult:  # type: ignore[type-arg]
    row = DBTaskResult.objects.get(pk=make_copies.enqueue("release", "draft").id)
    for worker in workers:
        row.claim(worker)
    return row


def _seen(worker: str, *, ago: timedelta) -> None:
    WorkerSeen.objects.create(id=worker, host="here", started=timezone.now(), seen=timezone.now() - ago)


def test_a_living_workers_task_is_left_to_it() -> None:
    row = _running("alive")
    _seen("alive", ago=timedelta(seconds=5))
    assert take_up_lost(lost_after=_LOST) == 0
    row.refresh_from_db()
    assert row.status == TaskResultStatus.RUNNING


@pytest.mark.parametrize("is_known", [True, False])
def test_a_dead_workers_task_is_ready_again(is_known: bool) -> None:
    row = _running("dead")
    if is_known:
        _seen("dead", ago=timedelta(seconds=31))
    assert take_up_lost(lost_after=_LOST) == 1
    row.refresh_from_db()
    assert (row.status, row.started_at) == (TaskResultStatus.READY, None)


def test_a_task_at_which_three_workers_died_fails_with_the_reason() -> None:
    row = _running("first", "second", "third")
    assert take_up_lost(lost_after=_LOST) == 0
    row.refresh_from_db()
    assert row.status == TaskResultStatus.FAILED
    assert "3 workers died at this task" in row.traceback


@pytest.mark.parametrize(("fault", "is_tried_again"), [(HomeUnusable("disk full"), True), (ValueError("no"), False)])
def test_only_a_passing_fault_is_tried_again_and_later(fault: Exception, is_tried_again: bool) -> None:
    row = _running("worker")
    row.set_failed(fault)
    assert retry_if_passing(row.pk) is is_tried_again
    row.refresh_from_db()
    assert (row.status == TaskResultStatus.READY) is is_tried_again
    assert (timezone.now() < row.run_after < timezone.now() + timedelta(minutes=1)) is is_tried_again


def test_a_passing_fault_is_tried_three_times_at_most() -> None:
    row = _running("first", "second", "third")
    row.set_failed(HomeUnusable("disk full"))
    assert not retry_if_passing(row.pk)


def test_a_duty_is_enqueued_once_for_each_time_that_it_is_due() -> None:
    assert sorted(enqueue_due(now=NOW)) == sorted(duty.task for duty in DUTIES)
    assert enqueue_due(now=NOW) == []
    soonest = min(duty.every for duty in DUTIES)
    assert enqueue_due(now=NOW + soonest - timedelta(seconds=1)) == []
    DBTaskResult.objects.update(status=TaskResultStatus.SUCCESSFUL)
    again = enqueue_due(now=NOW + soonest)
    assert again == [duty.task for duty in DUTIES if duty.every == soonest]
    paths = list(DBTaskResult.objects.values_list("task_path", flat=True))
    assert sorted(paths) == sorted([*(duty.task for duty in DUTIES), *again])


def test_a_duty_that_waits_for_a_worker_is_not_enqueued_again() -> None:
    soonest = min(duty.every for duty in DUTIES)
    enqueue_due(now=NOW)
    assert [enqueue_due(now=NOW + number * soonest) for number in range(1, 28)] == [[]] * 27
    assert _paths() == sorted(duty.task for duty in DUTIES)
    DBTaskResult.objects.update(status=TaskResultStatus.SUCCESSFUL)
    assert enqueue_due(now=NOW + 27 * soonest) == []  # that one run has made up for all
    assert set(enqueue_due(now=NOW + 28 * soonest)) == {duty.task for duty in DUTIES if duty.every == soonest}


def test_a_duty_that_runs_is_enqueued_again_when_it_is_due_after_its_end() -> None:
    enqueue_due(now=NOW)
    row = DBTaskResult.objects.get(task_path=end_copies.module_path)
    row.claim("worker")
    assert end_copies.module_path not in enqueue_due(now=NOW + timedelta(minutes=1))
    row.set_successful(None)
    assert end_copies.module_path not in enqueue_due(now=NOW + timedelta(minutes=1, seconds=5))  # others' turn
    assert end_copies.module_path in enqueue_due(now=NOW + timedelta(minutes=2))


def test_a_clock_that_is_set_back_stops_no_duty() -> None:
    enqueue_due(now=NOW + timedelta(days=3))
    DBTaskResult.objects.update(status=TaskResultStatus.SUCCESSFUL)
    assert set(enqueue_due(now=NOW)) == {duty.task for duty in DUTIES}


def test_a_duty_that_hangs_does_not_keep_others_from_it() -> None:
    enqueue_due(now=NOW)
    DBTaskResult.objects.get(task_path=end_copies.module_path).claim("worker")
    DBTaskResult.objects.filter(task_path=end_copies.module_path).update(started_at=NOW)
    assert end_copies.module_path not in enqueue_due(now=NOW + STUCK_AFTER)
    assert end_copies.module_path in enqueue_due(now=NOW + STUCK_AFTER + timedelta(minutes=1))


def test_a_duty_at_which_a_worker_was_killed_is_done_once_by_the_next() -> None:
    enqueue_due(now=NOW)
    for row in DBTaskResult.objects.all():
        row.claim("dead")
    for number in range(1, 4):
        assert enqueue_due(now=NOW + timedelta(minutes=number)) == []
    assert take_up_lost(lost_after=_LOST) == len(DUTIES)
    assert enqueue_due(now=NOW + timedelta(minutes=4)) == []
    assert _paths(status=TaskResultStatus.READY) == _paths() == sorted(duty.task for duty in DUTIES)


def test_two_workers_that_see_a_duty_due_at_once_enqueue_it_once() -> None:
    for wait in (timedelta(0), timedelta(minutes=1)):
        ready = Barrier(2)

        def see(at: datetime = NOW + wait, ready: Barrier = ready) -> list[str]:
            try:
                ready.wait(timeout=30)
                return enqueue_due(now=at)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(2) as workers:
            seen = [each.result() for each in [workers.submit(see) for _ in range(2)]]
        assert sorted(path for each in seen for path in each) == ([] if wait else _paths())
        assert _paths() == sorted(duty.task for duty in DUTIES)


@pytest.mark.parametrize("queues", [(), ("copies", "traces", "slow", "default")])
def test_a_worker_does_duties_first_drills_last_and_the_rest_in_its_order(queues: tuple[str, ...]) -> None:
    slow: list[Task[Any, Any]] = [drill_draft, run_trace, compare_post, run_match, run_trace]
    for each in slow:
        each.enqueue("nothing")
    make_copies.enqueue("nothing", "nothing")
    enqueue_due(now=timezone.now())
    work(queues=queues, until_empty=True)
    done = list(DBTaskResult.objects.successful().order_by("started_at").values_list("task_path", flat=True))
    assert sorted(done[: len(DUTIES)]) == sorted(duty.task for duty in DUTIES)
    rest = (run_trace, compare_post, run_match, run_trace, make_copies, drill_draft)
    assert done[len(DUTIES) :] == [each.module_path for each in rest]


def _paths(**which: str) -> list[str]:
    return sorted(DBTaskResult.objects.filter(**which).values_list("task_path", flat=True))


def test_old_rows_go_and_others_stay() -> None:
    old, fresh, ready = (_running("worker") for _ in range(3))
    old.set_successful(None)
    fresh.set_successful(None)
    DBTaskResult.objects.filter(pk=ready.pk).update(status=TaskResultStatus.READY)
    now = timezone.now()
    DBTaskResult.objects.filter(pk=old.pk).update(finished_at=now - KEPT_FOR - timedelta(minutes=1))
    assert forget_old(now=now) == 1
    assert set(DBTaskResult.objects.values_list("pk", flat=True)) == {fresh.pk, ready.pk}


def test_what_waits_is_told_by_its_arguments() -> None:
    _running("worker")
    done = DBTaskResult.objects.get(pk=make_copies.enqueue("release", "done").id)
    done.set_successful(0)
    make_copies.enqueue("other", "draft")
    forget_old_tasks.enqueue()
    assert waiting_arguments(make_copies) == {("release", "draft"), ("other", "draft")}


def test_every_duty_is_a_task(home: Home) -> None:  # noqa: ARG001
    from django.utils.module_loading import import_string

    for duty in DUTIES:
        assert import_string(duty.task).module_path == duty.task
