"""Opening the records: tables are brought up to date, what is newer or no database is refused."""

import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tidemark.errors import HomeUnusable, RecordsDamaged
from tidemark.records.home import Home, make_home


def _reopen(home: Home) -> bool:
    """Open the records anew; return whether their tables were made or changed."""
    from tidemark.records.connect import close_records, open_records

    told: list[bool] = []
    close_records()
    open_records(home, before_migrating=lambda: told.append(True))
    return bool(told)


@pytest.mark.sqlite
def test_two_homes_can_be_opened_one_after_the_other(home: Home, tmp_path: Path) -> None:
    from tests.conftest import NOW
    from tidemark.records.copies.models import SecretCheck
    from tidemark.records.copies.secret import master_secret

    master_secret(home, now=NOW)
    _reopen(make_home(tmp_path / "other"))
    assert SecretCheck.objects.count() == 0
    _reopen(home)
    assert SecretCheck.objects.count() == 1


@pytest.mark.sqlite
def test_the_database_is_private_and_waits_for_others(home: Home) -> None:
    # In a process of its own: in this one no commit waits for the disk, for the sake of speed.
    code = f"""
import pathlib, tidemark.records.connect as c
from tidemark.records.home import make_home
c.open_records(make_home(pathlib.Path({str(home.path)!r})))
with c.connection.cursor() as cursor:
    print(*(cursor.execute("PRAGMA " + of).fetchone()[0] for of in ("journal_mode", "synchronous", "busy_timeout")))
"""
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert stat.S_IMODE(home.database.stat().st_mode) == 0o600
    assert said[:2] == ["wal", "2"]  # 2 is FULL
    assert int(said[2]) >= 10_000


@pytest.mark.sqlite
def test_a_migration_that_we_do_not_know_is_of_a_newer_version(home: Home) -> None:
    with sqlite3.connect(home.database) as database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('copies', '0042_future', '2030-01-01')"
        )
    with pytest.raises(HomeUnusable, match="newer Tidemark"):
        _reopen(home)


@pytest.mark.slow
@pytest.mark.sqlite
def test_tables_are_brought_up_to_date_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fills up between making a table and recording so leaves nothing that a later run stumbles over."""
    from django.db import OperationalError, connection
    from django.db.migrations.recorder import MigrationRecorder

    record = MigrationRecorder.record_applied
    done: list[str] = []

    def until_full(self: MigrationRecorder, app: str, name: str) -> None:
        if len(done) == 2:  # the third makes a table before it is recorded
            raise OperationalError("database or disk is full")
        done.append(name)
        record(self, app, name)

    home = make_home(tmp_path / "other")
    with sqlite3.connect(home.database) as database:
        database.execute("PRAGMA user_version = 1")  # so it is not empty, and not a copy of one
    with monkeypatch.context() as patch:
        patch.setattr(MigrationRecorder, "record_applied", until_full)
        with pytest.raises(HomeUnusable, match="disk is full"):
            _reopen(home)
    assert _reopen(home)
    assert not _reopen(home)
    assert len(MigrationRecorder(connection).applied_migrations()) > len(done)
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA foreign_keys").fetchone()[0] == 1


@pytest.mark.sqlite
def test_no_migration_is_missing(home: Home) -> None:
    from django.core.management import call_command

    assert home.database.exists()
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


@pytest.mark.sqlite
def test_what_is_no_database_is_damaged(home: Home) -> None:
    from tidemark.records.connect import close_records

    close_records()
    home.database.write_bytes(b"no database, but of some length" * 100)
    for rest in home.path.glob("records.sqlite3-*"):
        rest.unlink()
    with pytest.raises(RecordsDamaged, match="backup"):
        _reopen(home)


@pytest.mark.sqlite
@pytest.mark.skipif(os.name != "posix", reason="folders are made unwritable by their mode")
def test_a_database_that_is_a_folder_is_unusable(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    home.database.mkdir()
    with pytest.raises(HomeUnusable, match="cannot be opened"):
        _reopen(home)


@pytest.mark.sqlite
@pytest.mark.parametrize("left", ["nothing", "an empty file", "a database without tables"])
@pytest.mark.parametrize("used", ["secret", "originals"])
def test_a_lost_database_is_never_made_anew(home: Home, left: str, used: str) -> None:
    from tidemark.records import files
    from tidemark.records.connect import close_records

    if used == "secret":
        home.secret.write_bytes(b"x" * 32)
    else:
        files.store(home.originals, b"draft")
    close_records()
    for path in home.path.glob("records.sqlite3*"):
        path.unlink()
    if left == "an empty file":
        home.database.touch()
    elif left == "a database without tables":
        with sqlite3.connect(home.database) as database:
            database.execute("CREATE TABLE gone (id)")
            database.execute("DROP TABLE gone")
    before = home.database.exists() and home.database.stat().st_size
    with pytest.raises(RecordsDamaged, match=r"gone or empty.*backup"):
        _reopen(home)
    assert (home.database.exists() and home.database.stat().st_size) == before
