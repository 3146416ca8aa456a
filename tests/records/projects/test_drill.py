"""The drill in the background: each result is saved, a cut-off drill is carried on, and twice is once."""

from functools import partial

import pytest
from django_tasks_db.models import DBTaskResult

from tests.conftest import NOW
from tests.desk import Desk
from tidemark.engine.drill import leaks as drilled
from tidemark.errors import Refused
from tidemark.records.home import Home
from tidemark.records.projects import drill
from tidemark.records.projects.models import Draft, DrillRun
from tidemark.records.projects.upload import upload_draft
from tidemark.records.projects.verdict import weaknesses

pytestmark = pytest.mark.slow

FEW = tuple(leak for leak in drilled.LEAKS if leak.name in ("as sent", "jpeg 30", "crop 5 %"))


@pytest.fixture
def drafted(home: Home, desk: Desk, draft: bytes, monkeypatch: pytest.MonkeyPatch) -> Draft:
    monkeypatch.setattr(drill, "LEAKS", FEW)
    monkeypatch.setattr(drill, "rehearse", partial(drill.rehearse, on_record=3, decoys=200))
    return upload_draft(home, project=desk.project, name="a.png", data=draft, by=desk["officer"], now=NOW)


def test_an_upload_orders_the_drill(drafted: Draft) -> None:
    queued = DBTaskResult.objects.get()
    assert (queued.queue_name, queued.args_kwargs["args"]) == ("slow", [drafted.pk])
    assert DrillRun.objects.get().total == 3


def test_a_drill_that_was_cut_off_is_carried_on(home: Home, drafted: Draft) -> None:
    first = drill.carry_on(home, drafted, clock=lambda: NOW, most=1)
    assert ([one["attack"] for one in first.results], first.finished) == (["as sent"], None)
    stopped = drill.carry_on(home, drafted, clock=lambda: NOW, should_stop=lambda: True)
    assert stopped.tried_count == 2
    whole = drill.carry_on(home, drafted, clock=lambda: NOW)
    assert [one["attack"] for one in whole.results] == [leak.name for leak in FEW]
    assert whole.results[0] == first.results[0]
    assert whole.finished == NOW
    assert whole.weaknesses == weaknesses(whole.results)
    assert whole.traced_count == sum(one["traced"] for one in whole.results) >= 2
    again = drill.carry_on(home, drafted, clock=lambda: NOW)
    assert again.results == whole.results


def test_the_task_enqueues_the_rest_until_nothing_is_left(drafted: Draft, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drill, "LEAKS_AT_ONCE", 2)
    drill.drill_draft.call(drafted.pk)
    assert DBTaskResult.objects.count() == 2
    drill.drill_draft.call(drafted.pk)
    assert DBTaskResult.objects.count() == 2
    assert DrillRun.objects.get().finished is not None


def test_a_drill_makes_way_for_copies_after_one_leak(drafted: Draft) -> None:
    from tidemark.records.copies.make import make_copies

    make_copies.enqueue("0" * 16, "none")
    drill.drill_draft.call(drafted.pk)
    assert DrillRun.objects.get().tried_count == 1
    first, *rest = DBTaskResult.objects.ready()
    assert first.task_path == make_copies.module_path
    assert {each.task_path for each in rest} == {drill.drill_draft.module_path}


def test_results_of_two_workers_at_once_are_kept_once(home: Home, drafted: Draft) -> None:
    run = drill.carry_on(home, drafted, clock=lambda: NOW, most=1)
    assert drill._save(drafted, [{**run.results[0], "z": 0.0}]).results == run.results


def test_starting_over_forgets_the_results(home: Home, desk: Desk, drafted: Draft) -> None:
    drill.carry_on(home, drafted, clock=lambda: NOW, most=1)
    DrillRun.objects.update(weaknesses=[{"family": "cropped", "tried": 1, "missed": ["crop 5 %"]}])
    run = drill.order_drill(drafted, now=NOW, again=True, by=desk["officer"])
    assert (run.results, run.tried_count, run.weaknesses) == ([], 0, [])


def test_only_officers_order_a_drill(desk: Desk, drafted: Draft) -> None:
    with pytest.raises(Refused):
        drill.order_drill(drafted, now=NOW, again=True, by=desk["legal"])


def test_a_draft_whose_bytes_are_gone_says_so(home: Home, drafted: Draft) -> None:
    from tidemark.records import blobs

    blobs.forget(home, blobs.Shelf.ORIGINALS, drafted.sha256)
    assert "cannot be read" in drill.carry_on(home, drafted, clock=lambda: NOW).fault
