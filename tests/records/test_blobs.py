"""Bytes on their shelves, in folders of the home and in a bucket: the same promises."""

import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import tests.started  # noqa: F401  the desk imports models
from tests.conftest import NOW
from tests.desk import Desk
from tests.settings_of import settings_of
from tidemark.errors import HomeUnusable, RecordsDamaged
from tidemark.records import blobs, files
from tidemark.records.blobs import Shelf
from tidemark.records.home import Home

BUCKET = "tidemark-files"


@pytest.fixture(params=["folder", "bucket"])
def shelves(request: pytest.FixtureRequest, home: Home) -> Iterator[Home]:
    """The home, with its shelves in one of the two places."""
    if request.param == "folder":
        yield home
        return
    request.getfixturevalue("bucket")
    yield home


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """A bucket of moto's server on this machine, made the place of all files by the operator's variables."""
    import boto3
    from django.test import override_settings
    from moto.server import ThreadedMotoServer

    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "of-the-test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    endpoint = f"http://127.0.0.1:{port}"
    s3 = boto3.resource("s3", endpoint_url=endpoint)
    made = s3.create_bucket(Bucket=BUCKET)
    with override_settings(STORAGES=settings_of(TIDEMARK_S3_BUCKET=BUCKET, TIDEMARK_S3_ENDPOINT=endpoint)["STORAGES"]):
        yield made
    made.objects.all().delete()
    made.delete()
    server.stop()


def test_what_was_put_is_got_and_putting_twice_keeps_one(shelves: Home) -> None:
    data = bytes(range(256)) * 100
    sha256 = blobs.put(shelves, Shelf.COPIES, data)
    assert blobs.put(shelves, Shelf.COPIES, data) == sha256
    assert blobs.get(shelves, Shelf.COPIES, sha256) == data
    assert list(blobs.stored(shelves, Shelf.COPIES)) == [blobs.name_of(sha256)]


def test_shelves_are_apart(shelves: Home) -> None:
    sha256 = blobs.put(shelves, Shelf.BIDS, b"a bid")
    assert blobs.exists(shelves, Shelf.BIDS, sha256)
    assert not blobs.exists(shelves, Shelf.DOCUMENTS, sha256)
    assert list(blobs.stored(shelves, Shelf.DOCUMENTS)) == []


def test_what_was_forgotten_is_gone_and_forgetting_again_is_nothing(shelves: Home) -> None:
    sha256 = blobs.put(shelves, Shelf.COPIES, b"a copy")
    blobs.forget(shelves, Shelf.COPIES, sha256)
    blobs.forget(shelves, Shelf.COPIES, sha256)
    assert not blobs.exists(shelves, Shelf.COPIES, sha256)
    with pytest.raises(RecordsDamaged):
        blobs.get(shelves, Shelf.COPIES, sha256)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_in_a_folder_nobody_else_may_read_them(home: Home) -> None:
    sha256 = blobs.put(home, Shelf.DOCUMENTS, b"signed")
    path = blobs.folder(home, Shelf.DOCUMENTS) / blobs.name_of(sha256)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_changed_bytes_are_never_returned(home: Home) -> None:
    sha256 = blobs.put(home, Shelf.COPIES, b"a copy")
    (blobs.folder(home, Shelf.COPIES) / blobs.name_of(sha256)).write_bytes(b"another")
    with pytest.raises(RecordsDamaged, match="was changed"):
        blobs.get(home, Shelf.COPIES, sha256)


def test_bytes_changed_in_the_bucket_are_never_returned_and_mended_by_putting_again(home: Home, bucket: object) -> None:
    sha256 = blobs.put(home, Shelf.COPIES, b"a copy")
    bucket.put_object(Key=f"copies/{blobs.name_of(sha256)}", Body=b"another")  # type: ignore[attr-defined]
    with pytest.raises(RecordsDamaged, match="changed in the bucket"):
        blobs.get(home, Shelf.COPIES, sha256)
    blobs.put(home, Shelf.COPIES, b"a copy")
    assert blobs.get(home, Shelf.COPIES, sha256) == b"a copy"


def test_a_bucket_that_is_gone_is_told_as_such_without_its_credentials(home: Home, bucket: object) -> None:
    blobs.put(home, Shelf.COPIES, b"a copy")
    bucket.objects.all().delete()  # type: ignore[attr-defined]
    bucket.delete()  # type: ignore[attr-defined]
    with pytest.raises(HomeUnusable, match="bucket cannot be used") as told:
        blobs.put(home, Shelf.COPIES, b"another")
    assert "of-the-test" not in str(told.value)
    bucket.create()  # type: ignore[attr-defined]


def test_with_a_bucket_a_copy_is_made_downloaded_and_checked_without_the_folder(
    home: Home, desk: Desk, bucket: object
) -> None:
    from tests.records.copies.desk_copies import put_draft
    from tidemark.records.check import check
    from tidemark.records.copies.download import download
    from tidemark.records.copies.make import make_copy
    from tidemark.records.copies.share import share

    draft = put_draft(home, desk)
    shared = share(home, [(draft, desk["contact"])], project=desk.project, by=desk["officer"], now=NOW)
    copy = make_copy(home, shared.planned[0].pk, now=NOW)
    got = download(home, copy, by=desk["contact"], now=NOW)
    keys = {each.key for each in bucket.objects.all()}  # type: ignore[attr-defined]
    assert f"copies/{blobs.name_of(copy.sha256 or '')}" in keys
    assert f"originals/{blobs.name_of(draft.sha256)}" in keys
    assert len(got.data) == copy.size_bytes
    assert not any(blobs.folder(home, shelf).exists() for shelf in Shelf)
    assert [step for step in check(home) if not step.holds] == []
    bucket.put_object(Key="copies/ab/stray", Body=b"x")  # type: ignore[attr-defined]
    assert [step.step for step in check(home) if not step.holds] == ["no stored file is unknown"]


def test_a_file_that_is_swept_while_it_is_written_is_written_again(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    fill, swept = files.fill, []

    def swept_once(path: Path, data: bytes) -> None:
        fill(path, data)
        if not swept:
            swept.append(path)
            path.unlink()

    monkeypatch.setattr(files, "fill", swept_once)
    sha256 = blobs.put(home, Shelf.COPIES, b"a copy")
    assert swept
    assert blobs.get(home, Shelf.COPIES, sha256) == b"a copy"
