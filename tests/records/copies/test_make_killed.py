"""Whatever is killed when: of each planned copy exactly one comes out, with one leaf and its bytes."""

import pytest

from tests.conftest import NOW
from tests.desk import Desk
from tests.records.copies.desk_copies import holders_copies, leaves, put_draft
from tests.records.copies.processes import MAKE, run, start
from tidemark.ledger.entry import Kind
from tidemark.records import blobs
from tidemark.records.blobs import Shelf
from tidemark.records.check import check
from tidemark.records.copies.make import make_copies
from tidemark.records.copies.models import Copy
from tidemark.records.copies.share import share
from tidemark.records.home import Home

pytestmark = pytest.mark.slow

# Three holders and the master, two copies a transaction: (master, a), (b, c).
CUTS = {
    "before anything": "end_before(make._Press, 'of')",
    "before the master is planned": "end_before(make, '_planned_master')",
    "after the master is planned": "end_after(make, '_planned_master')",
    "before the bytes, their rows written": "end_before(blobs, 'put')",
    "half of the bytes on the shelf": "end_before(blobs, 'put', nth=2)",
    "all bytes on the shelf": "end_after(blobs, 'put', nth=2)",
    "before the first leaf": "end_before(make, 'log_copy')",
    "between two leaves": "end_before(make, 'log_copy', nth=2)",
    "before the signature": "end_before(make, 'sign')",
    "after the signature, not committed": "end_after(make, 'sign')",
    "after the first transaction": "end_after(make, '_released')",
    "in the second transaction": "end_after(make, 'log_copy', nth=3)",
    "after the last transaction": "end_after(make, '_released', nth=2)",
}


@pytest.fixture
def planned(home: Home, desk: Desk) -> tuple[str, str]:
    """A release of one draft to three persons of two parties: its id and the draft's."""
    draft = put_draft(home, desk)
    persons = [desk[who] for who in ("contact", "member", "sibling_contact")]
    shared = share(home, [(draft, each) for each in persons], project=desk.project, by=desk["officer"], now=NOW)
    assert shared.release is not None
    return shared.release.pk, draft.pk


def master_id() -> str:
    return str(Copy.objects.filter(is_master=True).values_list("pk", flat=True).first())


def _assert_exactly_one_each(home: Home) -> None:
    copies = list(Copy.objects.all())
    assert [copy.state for copy in copies] == [Copy.State.RELEASED] * 4
    assert sorted(leaves(Kind.COPY_ISSUED)) == sorted(copy.pk for copy in copies)
    assert leaves(Kind.COPY_ISSUED)[0] == Copy.objects.get(is_master=True).pk
    assert len({copy.sha256 for copy in copies}) == 4
    assert sorted(blobs.stored(home, Shelf.COPIES)) == sorted(blobs.name_of(copy.sha256 or "") for copy in copies)
    assert [step for step in check(home) if not step.holds] == []


@pytest.mark.parametrize("cut", CUTS.values(), ids=CUTS)
def test_killed_anywhere_and_run_again_exactly_one_copy_comes_out(
    home: Home, planned: tuple[str, str], cut: str
) -> None:
    assert run(home, MAKE, *planned, before=cut) == 9
    unreleased = set(Copy.objects.filter(state=Copy.State.PLANNED).values_list("pk", flat=True))
    assert not unreleased & set(leaves(Kind.COPY_ISSUED))
    assert [step for step in check(home) if not step.holds] == []
    assert make_copies.call(*planned) == len(unreleased - {master_id()})
    _assert_exactly_one_each(home)


def test_two_workers_at_the_same_task_make_one_copy_each(home: Home, planned: tuple[str, str]) -> None:
    at_work = [start(home, MAKE, *planned) for _ in range(2)]
    for process in at_work:
        _, said = process.communicate(timeout=300)
        assert process.returncode == 0, said
    _assert_exactly_one_each(home)


def test_run_a_second_time_nothing_is_made(home: Home, planned: tuple[str, str]) -> None:
    assert make_copies.call(*planned) == 3
    before = [(copy.pk, copy.sha256, copy.released) for copy in holders_copies()]
    assert make_copies.call(*planned) == 0
    assert [(copy.pk, copy.sha256, copy.released) for copy in holders_copies()] == before
    _assert_exactly_one_each(home)
