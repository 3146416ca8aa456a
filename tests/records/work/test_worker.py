"""Real workers on real records: what a killed one was at is taken up, and nothing is lost or made twice."""

import signal
import time
from collections.abc import Callable
from itertools import product

import pytest
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from tests.conftest import NOW
from tests.desk import Desk
from tests.records.copies.desk_copies import holders_copies, leaves, put_draft
from tests.records.copies.processes import WORK, start
from tidemark.ledger.entry import Kind
from tidemark.records.copies.models import Copy
from tidemark.records.copies.share import share
from tidemark.records.home import Home
from tidemark.records.work.models import WorkerSeen

# A copy takes a while, and each has a transaction of its own: so there is something to be killed in.
_PACED = """
make._BATCH_COPIES = 1
marked = make._Press.mark
def paced(self, copy):
    import time
    time.sleep(0.5)
    return marked(self, copy)
make._Press.mark = paced
"""


def _share(home: Home, desk: Desk, drafts: int = 1) -> None:
    made = [put_draft(home, desk, seed=seed, name=f"{seed}.png") for seed in range(1, drafts + 1)]
    persons = [desk[who] for who in ("contact", "member", "sibling_contact", "sub_vendor_contact")]
    shared = share(home, list(product(made, persons)), project=desk.project, by=desk["officer"], now=NOW)
    assert len(shared.planned) == 4 * drafts, shared.refusals


def _until(told: Callable[[], bool], *, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not told():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


def _released() -> int:
    return Copy.objects.filter(state=Copy.State.RELEASED, is_master=False).count()


@pytest.mark.slow
def test_killed_twice_every_copy_is_made_exactly_once(home: Home, desk: Desk) -> None:
    _share(home, desk, drafts=2)
    for so_many in (1, 3):
        worker = start(home, WORK, 2, before=_PACED)
        _until(lambda so_many=so_many: _released() >= so_many)  # type: ignore[misc]
        worker.send_signal(signal.SIGKILL)
        worker.communicate()
        assert DBTaskResult.objects.running().count() == 1
    last = start(home, WORK, 2, before=_PACED)
    _until(lambda: _released() == 8)
    last.send_signal(signal.SIGTERM)
    _, said = last.communicate(timeout=60)
    assert last.returncode == 0, said
    copies = list(Copy.objects.all())
    assert sorted(leaves(Kind.COPY_ISSUED)) == sorted(copy.pk for copy in copies)
    assert len({copy.sha256 for copy in copies}) == 8 + 2
    assert WorkerSeen.objects.count() <= 2  # the killed ones' last signs of life; the third has signed off


@pytest.mark.slow
def test_asked_to_stop_a_worker_ends_its_step_and_leaves_the_rest_to_the_queue(home: Home, desk: Desk) -> None:
    _share(home, desk)
    worker = start(home, WORK, 20, before=_PACED)
    _until(lambda: _released() >= 1)
    worker.send_signal(signal.SIGTERM)
    _, said = worker.communicate(timeout=60)
    assert worker.returncode == 0, said
    assert _released() < 4
    statuses = list(DBTaskResult.objects.filter(queue_name="copies").values_list("status", flat=True))
    assert sorted(statuses) == [TaskResultStatus.READY, TaskResultStatus.SUCCESSFUL]
    assert not WorkerSeen.objects.exists()
    start(home, WORK, 20, "until empty").communicate(timeout=120)
    assert [copy.state for copy in holders_copies()] == [Copy.State.RELEASED] * 4
