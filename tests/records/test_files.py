"""Bytes on the disk: whole or not at all, and checked when they are read back."""

import hashlib
from pathlib import Path

import pytest

from tidemark.errors import OutputUnusable, RecordsDamaged
from tidemark.records import files


def test_what_was_stored_is_what_is_loaded(tmp_path: Path) -> None:
    data = b"draft" * 1000
    sha256 = files.store(tmp_path, data)
    assert sha256 == hashlib.sha256(data).hexdigest()
    assert files.load(tmp_path, sha256) == data
    assert files.store(tmp_path, data) == sha256
    assert [path.name for path in files.stored(tmp_path)] == [sha256]


def test_one_changed_bit_is_found(tmp_path: Path) -> None:
    sha256 = files.store(tmp_path, b"draft")
    files.blob_path(tmp_path, sha256).write_bytes(b"drafu")
    with pytest.raises(RecordsDamaged, match="changed"):
        files.load(tmp_path, sha256)


def test_a_damaged_file_is_mended_by_storing_it_again(tmp_path: Path) -> None:
    sha256 = files.store(tmp_path, b"draft")
    files.blob_path(tmp_path, sha256).write_bytes(b"")
    files.store(tmp_path, b"draft")
    assert files.load(tmp_path, sha256) == b"draft"


def test_a_file_that_is_gone_is_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(RecordsDamaged, match="cannot be read"):
        files.load(tmp_path, "ab" * 32)


def test_a_failed_write_leaves_nothing_and_keeps_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "home.json"
    files.write_durably(target, b"before")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "fill", full)
    with pytest.raises(OSError, match="No space"):
        files.write_durably(target, b"after")
    assert target.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [target]


def test_an_output_folder_is_made_and_left_empty(tmp_path: Path) -> None:
    files.make_output_folder(tmp_path / "a" / "b")
    assert list((tmp_path / "a" / "b").iterdir()) == []


def test_a_file_is_no_output_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("x")
    with pytest.raises(OutputUnusable, match="is a file"):
        files.make_output_folder(tmp_path / "out")
    with pytest.raises(OutputUnusable, match="cannot be written"):
        files.make_output_folder(tmp_path / "out" / "below")
    with pytest.raises(OutputUnusable, match="with --evidence"):
        files.make_output_folder(tmp_path / "out", option="--evidence")
