"""A copy is handed to its own person, while it is open and the agreement holds, and the ledger says so first."""

from datetime import date, timedelta

import pytest

from tests.conftest import NOW
from tests.desk import Desk
from tests.records.copies.desk_copies import leaves, put_draft
from tidemark.errors import RecordsDamaged, Refused
from tidemark.ledger import receipt as receipts
from tidemark.ledger.entry import Kind
from tidemark.records import blobs
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.standing import deactivate
from tidemark.records.agreements.models import Agreement
from tidemark.records.agreements.register import terminate
from tidemark.records.blobs import Shelf
from tidemark.records.check import check
from tidemark.records.copies import download as downloading
from tidemark.records.copies.download import download
from tidemark.records.copies.expire import expire
from tidemark.records.copies.make import make_copy
from tidemark.records.copies.models import Copy, Download
from tidemark.records.copies.revoke import revoke
from tidemark.records.copies.share import share
from tidemark.records.home import Home
from tidemark.records.ledger.log import first_checkpoint_with
from tidemark.records.ledger.models import Leaf
from tidemark.records.projects.engagements import suspend

EXPIRES = NOW + timedelta(days=10)


@pytest.fixture
def held(home: Home, desk: Desk) -> Copy:
    draft = put_draft(home, desk, name='front "v2"\r\n.png')
    shared = share(home, [(draft, desk["contact"])], project=desk.project, by=desk["officer"], now=NOW, expires=EXPIRES)
    return make_copy(home, shared.planned[0].pk, now=NOW)


def test_the_person_gets_the_marked_bytes_and_a_receipt_that_verifies(home: Home, desk: Desk, held: Copy) -> None:
    got = download(home, held, by=desk["contact"], now=NOW)
    assert got.data == blobs.get(home, Shelf.COPIES, held.sha256 or "")
    assert got.content_type == "image/png"
    receipt = receipts.decode(got.receipt)
    entry = receipts.verify(receipt, receipt.vkey)
    assert (entry.kind, entry.body["copy"], entry.body["copy_sha256"]) == (Kind.COPY_ISSUED, held.pk, held.sha256)
    assert entry.body["agreement"] == desk.agreements["supplier"].reference
    assert entry.body["responsible"] == desk.supplier.name
    (logged,) = Download.objects.all()
    assert (logged.copy, logged.person, logged.time) == (held, desk["contact"], NOW)
    assert leaves(Kind.COPY_DOWNLOADED) == [held.pk]
    assert first_checkpoint_with(Leaf.objects.get(index=logged.leaf_index)).size > logged.leaf_index
    assert [step for step in check(home) if not step.holds] == []


def test_the_file_name_has_nothing_that_a_header_or_a_system_stumbles_over(held: Copy) -> None:
    assert not set(held.file_name) & set('"\r\n/\\:')
    assert held.file_name.endswith(".png")


@pytest.mark.parametrize("who", ["member", "sub_vendor_contact", "sibling_contact", "officer", "administrator"])
def test_nobody_else_gets_it(home: Home, desk: Desk, held: Copy, who: str) -> None:
    with pytest.raises(Refused, match="person it was made for"):
        download(home, held, by=desk[who], now=NOW)
    assert leaves(Kind.COPY_DOWNLOADED) == []


def test_one_that_is_still_being_made_is_not_handed_out(home: Home, desk: Desk, held: Copy) -> None:
    planned = share(home, [(held.draft, desk["member"])], project=desk.project, by=desk["officer"], now=NOW).planned[0]
    with pytest.raises(Refused, match="still being made"):
        download(home, planned, by=desk["member"], now=NOW)


def test_expired_or_revoked_it_is_refused(home: Home, desk: Desk, held: Copy) -> None:
    download(home, held, by=desk["contact"], now=EXPIRES - timedelta(seconds=1))
    with pytest.raises(Refused, match="any more"):
        download(home, held, by=desk["contact"], now=EXPIRES)
    revoke(home, [held], by=desk["officer"], why="The round is over.", now=EXPIRES)
    held.refresh_from_db()
    with pytest.raises(Refused, match="revoked"):
        download(home, held, by=desk["contact"], now=EXPIRES)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"state": Agreement.State.TERMINATED}, "terminated"),
        ({"valid_until": date(2026, 3, 13)}, "ended on 2026-03-13"),
        ({"kinds": ["development"]}, "does not cover drafts of this status"),
    ],
)
def test_without_a_valid_agreement_it_is_refused_with_the_reason(
    home: Home, desk: Desk, held: Copy, change: dict[str, object], said: str
) -> None:
    Agreement.objects.filter(pk=desk.agreements["supplier"].pk).update(**change)
    with pytest.raises(Refused, match=said):
        download(home, held, by=desk["contact"], now=NOW)


def test_revoked_while_the_bytes_are_read_it_is_refused(
    home: Home, desk: Desk, held: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    def revoked_meanwhile(*args: object) -> bytes:
        data = blobs.get(*args)  # type: ignore[arg-type]
        revoke(home, [held], by=desk["officer"], why="over", now=NOW)
        return data

    monkeypatch.setattr(downloading, "blobs", type("Slow", (), {"get": staticmethod(revoked_meanwhile)}))
    with pytest.raises(Refused, match="revoked"):
        download(home, held, by=desk["contact"], now=NOW)
    assert leaves(Kind.COPY_DOWNLOADED) == []


@pytest.mark.parametrize("what", ["terminated", "suspended", "deactivated"])
def test_what_ends_the_right_while_the_bytes_are_read_refuses_the_download(
    home: Home, desk: Desk, held: Copy, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    def meanwhile(*args: object) -> bytes:
        data = blobs.get(*args)  # type: ignore[arg-type]
        if what == "terminated":
            terminate(home, desk.agreements["supplier"], why="over", by=desk["officer"], now=NOW)
        elif what == "suspended":
            suspend(home, desk.engagements["supplier"], by=desk["officer"], now=NOW)
        else:
            deactivate(desk["contact"], by=desk["officer"], now=NOW)
        return data

    monkeypatch.setattr(downloading, "blobs", type("Slow", (), {"get": staticmethod(meanwhile)}))
    with pytest.raises(Refused):
        download(home, held, by=Person.objects.get(pk=desk["contact"].pk), now=NOW)
    assert leaves(Kind.COPY_DOWNLOADED) == []


def test_damaged_bytes_are_not_handed_out_and_not_logged(home: Home, desk: Desk, held: Copy) -> None:
    path = blobs.folder(home, Shelf.COPIES) / blobs.name_of(held.sha256 or "")
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(RecordsDamaged, match="was changed"):
        download(home, held, by=desk["contact"], now=NOW)
    assert leaves(Kind.COPY_DOWNLOADED) == []
    failing = [step.step for step in check(home) if not step.holds]
    assert failing == ["every kept copy is there and unchanged"]


def test_a_revoked_copys_bytes_are_gone_and_the_folder_is_still_sound(home: Home, desk: Desk, held: Copy) -> None:
    revoke(home, [held], by=desk["officer"], why="over", now=NOW)
    assert not blobs.exists(home, Shelf.COPIES, held.sha256 or "")
    assert leaves(Kind.COPY_REVOKED) == [held.pk]
    assert [step for step in check(home) if not step.holds] == []


def test_the_reason_of_a_revocation_stays_out_of_the_ledger(home: Home, desk: Desk, held: Copy) -> None:
    revoke(home, [held], by=desk["officer"], why="Ms. Li was careless", now=NOW)
    assert b"careless" not in bytes(Leaf.objects.get(kind=Kind.COPY_REVOKED).data)


@pytest.mark.parametrize("who", ["administrator", "investigator", "legal", "contact"])
def test_nobody_but_an_officer_revokes(home: Home, desk: Desk, held: Copy, who: str) -> None:
    with pytest.raises(Refused, match="officers"):
        revoke(home, [held], by=desk[who], why="over", now=NOW)


def test_expired_copies_end_once_with_a_leaf(home: Home, held: Copy) -> None:
    assert expire(home, now=EXPIRES - timedelta(seconds=1)) == 0
    assert expire(home, now=EXPIRES) == 1
    assert expire(home, now=EXPIRES) == 0
    held.refresh_from_db()
    assert (held.revoked, held.revoked_why) == (EXPIRES, "expired")
    assert leaves(Kind.COPY_REVOKED) == [held.pk]
    assert not blobs.exists(home, Shelf.COPIES, held.sha256 or "")
