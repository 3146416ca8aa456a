"""What was planned is made once, and released with its leaf."""

from itertools import product

import pytest

from tests.conftest import NOW
from tests.desk import Desk
from tests.records.copies.desk_copies import leaves, put_draft
from tidemark.records.home import Home


def test_a_shared_draft_becomes_a_released_copy_with_its_leaf(home: Home, desk: Desk) -> None:
    from tidemark.ledger.entry import Kind
    from tidemark.records import blobs
    from tidemark.records.blobs import Shelf
    from tidemark.records.copies.make import make_copy
    from tidemark.records.copies.models import Copy
    from tidemark.records.copies.share import share

    draft = put_draft(home, desk)
    shared = share(home, [(draft, desk["contact"])], project=desk.project, by=desk["officer"], now=NOW)
    (planned,) = shared.planned
    copy = make_copy(home, planned.pk, now=NOW)
    master = Copy.objects.get(is_master=True)
    assert (copy.state, copy.released, copy.responsible) == (Copy.State.RELEASED, NOW, desk.supplier)
    assert leaves(Kind.COPY_ISSUED) == [master.pk, copy.pk]
    assert len(blobs.get(home, Shelf.COPIES, copy.sha256 or "")) == copy.size_bytes


def test_a_holders_nonce_goes_into_the_key_of_later_copies_and_into_the_receipt(home: Home, desk: Desk) -> None:
    from tidemark.engine.keys import copy_key, key_commitment
    from tidemark.ledger import receipt
    from tidemark.records.accounts.nonce import give_nonce
    from tidemark.records.copies.make import make_copy
    from tidemark.records.copies.secret import master_secret
    from tidemark.records.copies.share import share
    from tidemark.records.ledger.check import copy_faults
    from tidemark.records.ledger.receipts import receipt_of_copy

    persons = [desk["contact"], desk["member"]]
    give_nonce(home, desk["contact"], "ab" * 32, now=NOW)
    draft = put_draft(home, desk)
    shared = share(home, [(draft, each) for each in persons], project=desk.project, by=desk["officer"], now=NOW)
    give_nonce(home, desk["contact"], "cd" * 32, now=NOW)  # for copies that are planned after it
    for planned in shared.planned:
        make_copy(home, planned.pk, now=NOW)
        nonce = b"\xab" * 32 if planned.person == desk["contact"] else b""
        said = receipt.verify(receipt.decode(receipt_of_copy(home, planned.pk))).body
        key = copy_key(master_secret(home), draft=planned.draft_id, copy=planned.pk, nonce=nonce)
        assert said["nonce"] == nonce.hex()
        assert said["key_commitment"] == key_commitment(key).hex()
    assert list(copy_faults(home)) == []


def test_a_copy_that_is_revoked_while_it_is_marked_leaves_no_bytes(
    home: Home, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tidemark.records import blobs
    from tidemark.records.blobs import Shelf
    from tidemark.records.copies import make
    from tidemark.records.copies.models import Copy
    from tidemark.records.copies.revoke import revoke
    from tidemark.records.copies.share import share

    persons = [desk["contact"], desk["member"]]
    shared = share(
        home, list(product([put_draft(home, desk)], persons)), project=desk.project, by=desk["officer"], now=NOW
    )
    assert shared.release is not None
    put, revoked, other = blobs.put, *sorted(shared.planned, key=lambda copy: copy.pk)

    def meanwhile(at: Home, shelf: Shelf, data: bytes) -> str:
        if Copy.objects.filter(pk=revoked.pk, state=Copy.State.PLANNED).exists():
            revoke(at, [revoked], by=desk["officer"], why="Too early.", now=NOW)
        return put(at, shelf, data)

    monkeypatch.setattr(make.blobs, "put", meanwhile)
    make._make(home, make._planned().filter(release=shared.release), clock=lambda: NOW)
    for each in (revoked, other):
        each.refresh_from_db()
    assert (revoked.state, other.state) == (Copy.State.FAULTED, Copy.State.RELEASED)
    assert revoked.sha256 is not None
    assert not blobs.exists(home, Shelf.COPIES, revoked.sha256)
    assert other.sha256 is not None
    assert blobs.exists(home, Shelf.COPIES, other.sha256)


def test_a_damaged_draft_tells_a_holder_of_no_folder(home: Home, desk: Desk) -> None:
    from tidemark.records import blobs
    from tidemark.records.blobs import Shelf
    from tidemark.records.copies.make import make_copy
    from tidemark.records.copies.models import Copy
    from tidemark.records.copies.share import share

    draft = put_draft(home, desk)
    shared = share(home, [(draft, desk["contact"])], project=desk.project, by=desk["officer"], now=NOW)
    blobs.forget(home, Shelf.ORIGINALS, draft.sha256)
    copy = make_copy(home, shared.planned[0].pk, now=NOW)
    assert copy.state == Copy.State.FAULTED
    assert "damaged" in copy.fault
    assert str(home.path) not in copy.fault
    assert draft.sha256 not in copy.fault
