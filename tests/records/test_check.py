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


def test_a_copy_that_was_never_delivered_is_no_fault_and_is_named(
    used: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tidemark.errors import OutputUnusable
    from tidemark.records.check import check
    from tidemark.records.copies.models import Copy

    fill = files.fill

    def full(path: Path, data: bytes) -> None:
        if path.parent == tmp_path / "out":
            raise OSError("no space")
        fill(path, data)

    with monkeypatch.context() as patch:
        patch.setattr(files, "fill", full)
        with pytest.raises(OutputUnusable):
            release_one(used, tmp_path / "out", data=b"marked otherwise")
    (undelivered,) = Copy.objects.filter(state=Copy.State.UNDELIVERED)
    (step,) = [step for step in check(used) if step.step == "every copy was released or is told as undelivered"]
    assert step.holds
    assert step.detail.endswith(f"1 in the ledger and never delivered: {undelivered.pk}")


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


@pytest.mark.sqlite
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


LOG_STEP = "the ledger's entries, hashes and checkpoints fit together"
COPY_STEP = "every copy is in the ledger with its key's commitment"


def _damaged(home: Home, statement: str) -> dict[str, str]:
    """Change the database behind everybody's back; return what the check finds."""
    from tidemark.records.connect import close_records, open_records

    close_records()
    with sqlite3.connect(home.database) as database:
        assert database.execute(statement).rowcount > 0, statement
    open_records(home)
    return _faults(home)


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_leaf SET data = replace(data, 'MS11', 'MS12') WHERE \"index\" = 0",
        'DELETE FROM ledger_leaf WHERE "index" = 1',
        "UPDATE ledger_leaf SET time = '2020-01-01T00:00:00.000000Z' WHERE \"index\" = 0",
        'UPDATE ledger_node SET hash = zeroblob(32) WHERE level = 0 AND "index" = 0',
        "DELETE FROM ledger_node WHERE level = 1",
        "DELETE FROM ledger_signedcheckpoint",
        "UPDATE ledger_signedcheckpoint SET note = replace(note, '2', '3')",
    ],
)
def test_every_damage_of_the_ledger_is_found_and_names_no_step_of_an_export(used: Home, statement: str) -> None:
    found = _damaged(used, statement)
    assert LOG_STEP in found
    assert "Step" not in found[LOG_STEP]


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_leaf SET subject = 'another' WHERE kind = 'copy-issued'",
        "UPDATE copies_copy SET sha256 = 'ff'",
        "UPDATE copies_copy SET nonce = x'01'",
        "DELETE FROM copies_copy",
    ],
)
def test_a_copy_that_records_and_ledger_do_not_agree_on_is_found(used: Home, statement: str) -> None:
    assert COPY_STEP in _damaged(used, statement)


def test_a_ledger_key_that_others_may_read_is_found(used: Home) -> None:
    used.ledger_key.chmod(0o644)
    assert "ledger.key can be read by others" in _only_fault(used)


ROW_STEP = "every record can be read, and none has a state or a time that there is not"


@pytest.mark.sqlite
@pytest.mark.parametrize("column", ["state", "created"])
def test_a_copy_with_a_state_or_a_time_that_there_is_not_is_found(used: Home, column: str) -> None:
    assert f"its {column} is no" in _damaged(used, f"UPDATE copies_copy SET {column} = 'zz'")[ROW_STEP]


@pytest.mark.parametrize("name", ["ledger.head", "ledger.key", "master.secret"])
def test_a_folder_where_a_file_should_be_is_told_and_the_check_goes_on(used: Home, name: str) -> None:
    from tidemark.records.check import check

    (used.path / name).unlink()
    (used.path / name).mkdir(mode=0o700)
    steps = list(check(used))
    assert any(name in step.detail and "Is a directory" in step.detail for step in steps if not step.holds)
    assert steps[-1].step == "nobody else may read the folder"


def test_a_step_that_cannot_read_the_disk_fails_with_the_reason(used: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object) -> None:
        raise OSError(5, "Input/output error", "/srv/tidemark/originals")

    monkeypatch.setattr(files, "stored", failing)
    assert _only_fault(used) == "/srv/tidemark/originals cannot be read: Input/output error"
