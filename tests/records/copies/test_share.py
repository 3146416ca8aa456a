"""Who gets a copy planned, who does not and why; and that many cost few queries."""

from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from tests.conftest import NOW
from tests.desk import Desk, person
from tests.records.copies.desk_copies import holders_copies, leaves, put_draft
from tidemark.errors import Refused
from tidemark.ledger.entry import Kind
from tidemark.records import blobs
from tidemark.records.accounts.roles import Role
from tidemark.records.agreements.models import Acceptance, Agreement
from tidemark.records.blobs import Shelf
from tidemark.records.copies.make import give_up_abandoned, make_copies, make_copy
from tidemark.records.copies.models import Copy
from tidemark.records.copies.progress import Progress, progress
from tidemark.records.copies.share import Shared, share
from tidemark.records.home import Home
from tidemark.records.projects.models import Draft


@pytest.fixture
def draft(home: Home, desk: Desk) -> Draft:
    return put_draft(home, desk)


def _share(home: Home, desk: Desk, draft: Draft, *whom: str, again: bool = False) -> Shared:
    persons = [desk[who] for who in whom]
    return share(
        home, [(draft, each) for each in persons], project=desk.project, by=desk["officer"], now=NOW, again=again
    )


def test_who_may_is_planned_and_who_may_not_is_refused_with_the_reason(home: Home, desk: Desk, draft: Draft) -> None:
    shared = _share(home, desk, draft, "contact", "stranger_contact", "sub_vendor_contact")
    assert [(copy.person, copy.responsible) for copy in shared.planned] == [
        (desk["contact"], desk.supplier),
        (desk["sub_vendor_contact"], desk.supplier),
    ]
    (refused,) = shared.refusals
    assert refused.person == desk["stranger_contact"]
    assert "not engaged in MS11" in refused.reason


def test_a_note_names_no_receiver_to_another(home: Home, desk: Desk, draft: Draft) -> None:
    def shared(*whom: str) -> Shared:
        pairs = [(draft, desk[who]) for who in whom]
        note = f"As agreed with {desk.supplier.name}."
        return share(home, pairs, project=desk.project, by=desk["officer"], now=NOW, note=note)

    with pytest.raises(Refused, match="each learns of no other party"):
        shared("contact", "sibling_contact")
    assert not Copy.objects.exists()
    assert shared("contact").release is not None


def test_of_pairs_these_are_planned_and_no_others(home: Home, desk: Desk, draft: Draft) -> None:
    other = put_draft(home, desk, seed=2, name="rear.png")
    pairs = [(draft, desk["contact"]), (other, desk["sibling_contact"]), (draft, desk["contact"])]
    shared = share(home, pairs, project=desk.project, by=desk["officer"], now=NOW)
    assert [(copy.draft, copy.person) for copy in shared.planned] == pairs[:2]
    assert [(copy.draft, copy.person) for copy in Copy.objects.order_by("draft__file_name")] == pairs[:2]
    assert shared.refusals == ()


def test_a_release_is_bounded_by_its_pairs_and_not_by_drafts_times_persons(
    home: Home, desk: Desk, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tidemark.records.copies.share.MAX_COPIES_A_REQUEST", 2)
    other = put_draft(home, desk, seed=2, name="rear.png")
    persons = [desk["contact"], desk["sibling_contact"]]
    with pytest.raises(Refused, match="At most 2 copies"):
        share(home, list(product([draft, other], persons)), project=desk.project, by=desk["officer"], now=NOW)
    pairs = list(zip([draft, other], persons, strict=True))
    assert len(share(home, pairs, project=desk.project, by=desk["officer"], now=NOW).planned) == 2


def test_if_nobody_may_nothing_is_on_record(home: Home, desk: Desk, draft: Draft) -> None:
    shared = _share(home, desk, draft, "stranger_contact")
    assert (shared.release, shared.planned) == (None, ())
    assert not Copy.objects.exists()
    assert not DBTaskResult.objects.exists()


def test_who_has_an_open_copy_gets_no_second_one_unless_asked(home: Home, desk: Desk, draft: Draft) -> None:
    first = _share(home, desk, draft, "contact")
    (refused,) = _share(home, desk, draft, "contact").refusals
    assert "open copy of this draft already" in refused.reason
    make_copy(home, first.planned[0].pk, now=NOW)
    assert not _share(home, desk, draft, "contact").planned
    assert len(_share(home, desk, draft, "contact", again=True).planned) == 1


@pytest.mark.parametrize("who", ["administrator", "legal", "contact"])
def test_nobody_but_an_officer_shares(home: Home, desk: Desk, draft: Draft, who: str) -> None:
    with pytest.raises(Refused, match="officers"):
        share(home, [(draft, desk["contact"])], project=desk.project, by=desk[who], now=NOW)


def test_drafts_of_another_project_and_a_past_end_are_refused(home: Home, desk: Desk, draft: Draft) -> None:
    by = desk["officer"]
    with pytest.raises(Refused, match="one project"):
        share(home, [(draft, desk["contact"])], project=desk.other_project, by=by, now=NOW)
    with pytest.raises(Refused, match="has passed"):
        share(home, [(draft, desk["contact"])], project=desk.project, by=by, now=NOW, expires=NOW)


def test_an_agreement_that_lapses_before_the_copy_is_made_leaves_none(home: Home, desk: Desk, draft: Draft) -> None:
    (planned,) = _share(home, desk, draft, "contact").planned
    Agreement.objects.filter(pk=desk.agreements["supplier"].pk).update(state=Agreement.State.TERMINATED)
    copy = make_copy(home, planned.pk, now=NOW)
    assert copy.state == Copy.State.FAULTED
    assert "terminated" in copy.fault
    master = Copy.objects.get(is_master=True)
    assert leaves(Kind.COPY_ISSUED) == [master.pk]
    assert list(blobs.stored(home, Shelf.COPIES)) == [blobs.name_of(master.sha256 or "")]


def test_a_draft_whose_bytes_are_gone_faults_its_copies_and_says_why(home: Home, desk: Desk, draft: Draft) -> None:
    shared = _share(home, desk, draft, "contact", "member")
    assert shared.release is not None
    blobs.forget(home, Shelf.ORIGINALS, draft.sha256)
    assert make_copies.call(shared.release.pk, draft.pk) == 0
    assert progress(shared.release) == Progress(planned=0, released=0, revoked=0, faulted=2)
    assert all("cannot be read" in copy.fault for copy in holders_copies())


def test_progress_counts_each_copy_once(home: Home, desk: Desk, draft: Draft) -> None:
    shared = _share(home, desk, draft, "contact", "member", "sibling_contact")
    assert shared.release is not None
    make_copy(home, shared.planned[0].pk, now=NOW)
    assert progress(shared.release) == Progress(planned=2, released=1, revoked=0, faulted=0)


def test_copies_whose_task_failed_for_good_are_given_up(home: Home, desk: Desk, draft: Draft) -> None:
    shared = _share(home, desk, draft, "contact")
    assert shared.release is not None
    assert give_up_abandoned() == 0
    DBTaskResult.objects.get().set_failed(RuntimeError("3 workers died at this task."))
    assert give_up_abandoned() == 1
    assert progress(shared.release).faulted == 1


def test_ten_times_the_persons_cost_no_more_queries(home: Home, desk: Desk, draft: Draft) -> None:
    agreement = desk.agreements["supplier"]
    persons = [person(desk.supplier, f"p{number}", Role.MEMBER) for number in range(30)]
    for each in persons:
        Acceptance.objects.create(agreement=agreement, person=each, for_party=False, accepted=NOW, leaf_index=0)
    assert desk["officer"].roles  # looked up once
    counts = []
    for some in (persons[:3], persons[3:]):
        with CaptureQueriesContext(connection) as seen:
            shared = share(home, [(draft, each) for each in some], project=desk.project, by=desk["officer"], now=NOW)
        assert len(shared.planned) == len(some)
        # One insert holds as many rows as SQLite binds parameters for: they are all that grows.
        counts.append(sum(not each["sql"].startswith('INSERT INTO "copies_copy"') for each in seen))
    assert counts[0] == counts[1]
    assert counts[0] <= 25
