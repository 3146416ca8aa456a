"""The check finds every kind of damage, and nothing where there is none."""

import os
import sqlite3
from pathlib import Path

import pytest

from tests.records.copies.test_release import release_one
from tidemark.records import files
from tidemark.records.home import Home


@pytest.fixture
def used(home: Home, tmp_path: Path) -> Home:
    """A home with a draft and a copy of it."""
    (tmp_path / "out").mkdir()
    release_one(home, tmp_path / "out")
    return home


def _faults(home: Home) -> dict[str, str]:
    from tidemark.records.check import check

    return {step.step: step.detail for step in check(home) if not step.holds}


def _only_fault(home: Home) -> str:
    faults = _faults(home)
    assert len(faults) == 1, faults
    return next(iter(faults.values()))


def test_a_sound_home_has_no_faults(used: Home) -> None:
    assert _faults(used) == {}


def test_a_new_home_has_no_faults(home: Home) -> None:
    assert _faults(home) == {}


@pytest.mark.parametrize("folder", ["originals", "descriptions"])
def test_a_flipped_bit_in_a_stored_file_is_found(used: Home, folder: str) -> None:
    path = next(files.stored(used.path / folder))
    data = bytearray(path.read_bytes())
    data[2] ^= 1
    path.write_bytes(data)
    assert "was changed" in _only_fault(used)


@pytest.mark.parametrize("folder", ["originals", "descriptions"])
def test_a_stored_file_that_is_gone_is_found(used: Home, folder: str) -> None:
    next(files.stored(used.path / folder)).unlink()
    assert "cannot be read" in _only_fault(used)


def test_a_file_without_a_row_is_found(used: Home) -> None:
    files.store(used.originals, b"stranger")
    assert "is on no record" in _only_fault(used)


def test_a_row_without_its_party_is_found(used: Home) -> None:
    from tidemark.records.connect import close_records, open_records

    close_records()
    with sqlite3.connect(used.database) as database:
        database.execute("DELETE FROM parties_party")
    open_records(used)
    assert "refers to a missing parties_party" in _only_fault(used)


def test_a_missing_and_a_wrong_secret_are_found(used: Home) -> None:
    used.secret.write_bytes(b"x" * 32)
    assert "is not the master secret" in _only_fault(used)
    used.secret.unlink()
    assert "is missing" in _only_fault(used)


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_a_secret_that_others_may_read_is_found(used: Home) -> None:
    used.secret.chmod(0o644)
    assert "can be read by others" in _only_fault(used)
