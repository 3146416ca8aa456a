"""A trace runs in the background, to one end, whatever happens to its worker; and it names the right copy."""

import hashlib
import itertools
from pathlib import Path

import pytest

from tests.conftest import NOW, make_draft
from tests.desk import Desk
from tests.records.leaks.found import hand_in, hold, repost, traced
from tidemark.errors import Refused
from tidemark.ledger.entry import Kind, decode
from tidemark.records import blobs, files
from tidemark.records.blobs import Shelf
from tidemark.records.check import check
from tidemark.records.home import Home
from tidemark.records.projects.preview import preview


def leaves(kind: Kind) -> int:
    from tidemark.records.ledger.models import Leaf

    return Leaf.objects.filter(kind=kind).count()


def test_a_leaked_copy_names_its_party(home: Home, desk: Desk) -> None:
    held = hold(home, desk)
    leak = repost(held.file_of[held.sub_vendors.pk], box=(0.1, 0.1, 0.95, 0.9))
    trace = traced(home, hand_in(home, desk, leak))
    assert (trace.state, trace.verdict, trace.fault) == ("done", "accused", "")
    (named,) = trace.named.all()
    assert (named.copy, named.is_accused) == (held.sub_vendors, True)
    assert (named.copy.holder, named.copy.responsible) == (desk.sub_vendor, desk.supplier)
    (match,) = trace.matches.all()
    assert match.draft == held.draft
    assert set(match.pictures) == {"leak", "draft", "difference", "where"}
    assert all(blobs.get(home, Shelf.TRACES, each).startswith(b"\xff\xd8") for each in match.pictures.values())
    assert len(trace.scores[held.draft.pk]) == 3  # two holders and the master
    assert (leaves(Kind.LEAK_RECEIVED), leaves(Kind.TRACE_RUN)) == (1, 1)


@pytest.mark.slow
def test_a_running_trace_says_what_it_does(home: Home, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from tidemark.records.leaks.models import Trace

    told: list[tuple[str, int, int]] = []
    really = Trace.report

    def heard(self: Trace, step: str, done: int = 0, parts: int = 0) -> None:
        really(self, step, done, parts)
        row = Trace.objects.get(pk=self.pk)
        told.append((row.step, row.step_done, row.step_parts))

    monkeypatch.setattr(Trace, "report", heard)
    held = hold(home, desk)
    traced(home, hand_in(home, desk, repost(held.file_of[held.suppliers.pk])))
    assert told == [("match", 0, 0), ("register", 0, 1), ("accuse", 0, 0), ("draw", 0, 0), ("seal", 0, 0)]


@pytest.mark.all_decoys
@pytest.mark.slow
def test_an_accusation_has_evidence_that_verifies(home: Home, desk: Desk, tmp_path: Path) -> None:
    from tidemark.evidence.verify import verify
    from tidemark.records.copies.issue import issue
    from tidemark.records.copies.secret import master_secret
    from tidemark.records.parties.recipients import Recipient

    secret = master_secret(home, now=NOW)
    (issued,) = issue(
        home, make_draft(1), [Recipient("Northwick")], name="front.png", out=tmp_path, secret=secret, now=NOW
    )
    trace = traced(home, hand_in(home, desk, repost(issued.path.read_bytes())))
    assert [each.copy_id for each in trace.named.all()] == [issued.copy]
    assert verify(blobs.get(home, Shelf.TRACES, trace.matches.get().bundle_sha256)).valid


@pytest.mark.slow
def test_a_changed_byte_of_what_was_found_or_made_of_it_is_found_by_the_check(home: Home, desk: Desk) -> None:
    held = hold(home, desk)
    traced(home, hand_in(home, desk, repost(held.file_of[held.suppliers.pk])))
    original = blobs.get(home, Shelf.ORIGINALS, held.draft.sha256)
    preview(home, held.draft.sha256, side_px=64, load=lambda: original)
    assert [step.detail for step in check(home) if not step.holds] == []
    shelves = [list(files.stored(blobs.folder(home, shelf))) for shelf in (Shelf.LEAKS, Shelf.TRACES, Shelf.PREVIEWS)]
    assert all(shelves)
    for path in itertools.chain(*shelves):
        whole = path.read_bytes()
        path.write_bytes(bytes([whole[0] ^ 1]) + whole[1:])
        (fault,) = [step for step in check(home) if not step.holds]
        assert fault.step == "every leak, its pictures and its sealed evidence are there and unchanged"
        assert path.name in fault.detail
        path.write_bytes(whole)


def test_a_found_file_that_is_gone_is_found_by_the_check(home: Home, desk: Desk) -> None:
    made = hand_in(home, desk, make_draft(3))
    (blobs.folder(home, Shelf.LEAKS) / blobs.name_of(made.post.file_sha256)).unlink()
    (fault,) = [step for step in check(home) if not step.holds]
    assert "cannot be read" in fault.detail


def test_what_a_killed_trace_left_is_told_and_is_no_fault(home: Home) -> None:
    blobs.put(home, Shelf.TRACES, b"drawn before the row")
    steps = {step.step: step for step in check(home)}
    assert steps["no stored file is unknown"].holds
    assert "1 file of leaks, traces or previews on no record" in steps["no stored file is unknown"].detail


@pytest.mark.slow
def test_a_verdict_is_shown_though_its_evidence_cannot_be_sealed(
    home: Home, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tidemark.errors import RecordsDamaged
    from tidemark.records.leaks import run

    def damaged(*_: object, **__: object) -> None:
        raise RecordsDamaged("the ledger has no entry of it")

    held = hold(home, desk)
    monkeypatch.setattr(run, "evidence", damaged)
    trace = traced(home, hand_in(home, desk, repost(held.file_of[held.suppliers.pk])))
    assert (trace.state, trace.verdict, trace.unsealed) == ("done", "accused", "the ledger has no entry of it")


def test_the_innocent_original_accuses_nobody(home: Home, desk: Desk) -> None:
    held = hold(home, desk)
    original = blobs.get(home, Shelf.ORIGINALS, held.draft.sha256)
    trace = traced(home, hand_in(home, desk, repost(original)))
    assert (trace.state, trace.verdict) == ("done", "inconclusive")
    assert not trace.named.exists()
    (match,) = trace.matches.all()
    assert (set(match.pictures), match.bundle_sha256) == ({"leak", "draft", "difference"}, "")


@pytest.mark.slow
def test_what_shows_no_draft_is_unmatched(home: Home, desk: Desk) -> None:
    hold(home, desk)
    trace = traced(home, hand_in(home, desk, repost(make_draft(77))))
    assert (trace.verdict, trace.matches.count()) == ("unmatched", 0)


@pytest.mark.slow
def test_a_trace_that_is_over_is_not_run_again(home: Home, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from tidemark.records.leaks import run

    held = hold(home, desk)
    trace = traced(home, hand_in(home, desk, repost(held.file_of[held.suppliers.pk])))
    before = (trace.verdict, [(each.copy_id, each.z) for each in trace.named.all()])
    monkeypatch.setattr(run, "trace_leak", lambda *_, **__: pytest.fail("it ran again"))
    after = run.carry_out(home, trace, clock=lambda: NOW)
    assert (after.verdict, [(each.copy_id, each.z) for each in after.named.all()]) == before
    assert leaves(Kind.TRACE_RUN) == 1


@pytest.mark.slow
@pytest.mark.parametrize("killed_at", ["trace_leak", "draw", "_write_down", "_seal"])
def test_a_killed_trace_is_taken_up_and_leaves_one_leaf(
    home: Home, desk: Desk, monkeypatch: pytest.MonkeyPatch, killed_at: str
) -> None:
    from tidemark.records.leaks import run

    class Killed(BaseException):
        pass

    def die(*_: object, **__: object) -> None:
        raise Killed

    held = hold(home, desk)
    received = hand_in(home, desk, repost(held.file_of[held.suppliers.pk]))
    with monkeypatch.context() as patch:
        patch.setattr(run, killed_at, die)
        with pytest.raises(Killed):
            traced(home, received)
    trace = traced(home, received)
    assert (trace.state, trace.verdict) == ("done", "accused")
    assert [each.copy for each in trace.named.all()] == [held.suppliers]
    assert leaves(Kind.TRACE_RUN) == 1


@pytest.mark.slow
def test_two_workers_at_one_trace_end_it_once(home: Home, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from tidemark.records.leaks import run

    held = hold(home, desk)
    received = hand_in(home, desk, repost(held.file_of[held.suppliers.pk]))
    really = run.trace_leak

    def overtaken(*args: object, **more: object) -> object:
        monkeypatch.setattr(run, "trace_leak", really)
        traced(home, received)  # another worker does all of it while this one has just begun
        return really(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(run, "trace_leak", overtaken)
    trace = traced(home, received)
    assert (trace.state, trace.named.count(), trace.matches.count()) == ("done", 1, 1)
    assert leaves(Kind.TRACE_RUN) == 1


def test_damaged_records_fail_the_trace_with_the_reason(home: Home, desk: Desk) -> None:
    held = hold(home, desk)
    received = hand_in(home, desk, repost(held.file_of[held.suppliers.pk]))
    (home.originals / held.draft.sha256[:2] / held.draft.sha256).write_bytes(b"not it")
    trace = traced(home, received)
    assert trace.state == "failed"
    assert "was changed" in trace.fault
    assert leaves(Kind.TRACE_RUN) == 0
    assert failures() == [(received.post.file_sha256, trace.pk, hashlib.sha256(trace.fault.encode()).hexdigest())]


def failures() -> list[tuple[object, object, object]]:
    """Return what the ledger says of traces that failed."""
    from tidemark.records.ledger.models import Leaf

    bodies = [decode(bytes(leaf.data)).body for leaf in Leaf.objects.filter(kind=Kind.TRACE_FAILED)]
    return [(body["leak"], body["trace"], body["fault_sha256"]) for body in bodies]


def test_a_trace_ends_also_where_the_ledger_cannot_say_so(
    home: Home, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tidemark.errors import RecordsDamaged
    from tidemark.records.leaks import run

    def gone(*_: object, **__: object) -> None:
        raise RecordsDamaged("A draft is gone.")

    def damaged(*_: object, **__: object) -> None:
        raise RecordsDamaged("The entries are not those that were signed.")

    received = hand_in(home, desk, make_draft(4))
    monkeypatch.setattr(run, "trace_leak", gone)
    monkeypatch.setattr(run, "sign", damaged)
    trace = traced(home, received)
    assert (trace.state, trace.fault) == ("failed", "A draft is gone. The entries are not those that were signed.")
    assert failures() == []


@pytest.mark.slow
def test_what_passes_is_tried_again_and_fails_nothing(home: Home, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from tidemark.errors import HomeUnusable
    from tidemark.records.leaks import run
    from tidemark.records.leaks.models import Trace

    held = hold(home, desk)
    received = hand_in(home, desk, repost(held.file_of[held.suppliers.pk]))

    def full(*_: object, **__: object) -> None:
        raise HomeUnusable("disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(run, "draw", full)
        with pytest.raises(HomeUnusable):
            traced(home, received)
    assert Trace.objects.get().state == "running"
    assert traced(home, received).verdict == "accused"


@pytest.mark.slow
def test_asking_again_runs_again_but_never_two_at_once(home: Home, desk: Desk) -> None:
    from tidemark.records.leaks.run import request_trace

    held = hold(home, desk)
    received = hand_in(home, desk, repost(held.file_of[held.suppliers.pk]))
    first = traced(home, received)
    second = request_trace(home, received.post, by=desk["officer"], now=NOW)
    assert second.pk != first.pk
    assert request_trace(home, received.post, by=desk["officer"], now=NOW) == second
    with pytest.raises(Refused):
        request_trace(home, received.post, by=desk["legal"], now=NOW)
    assert traced(home, received).verdict == "accused"
    assert (leaves(Kind.LEAK_RECEIVED), leaves(Kind.TRACE_RUN)) == (1, 2)


def test_a_trace_whose_task_was_given_up_is_failed_when_somebody_asks_again(home: Home, desk: Desk) -> None:
    from django_tasks_db.models import DBTaskResult

    from tidemark.records.leaks.models import Trace
    from tidemark.records.leaks.run import request_trace

    received = hand_in(home, desk, make_draft(4))
    given_up = Trace.objects.get()
    DBTaskResult.objects.all().delete()
    again = request_trace(home, received.post, by=desk["officer"], now=NOW)
    given_up.refresh_from_db()
    assert (given_up.state, again.state) == ("failed", "queued")
    assert [trace for _leak, trace, _fault in failures()] == [given_up.pk]
    assert again != given_up
