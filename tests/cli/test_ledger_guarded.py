"""What the ledger's commands refuse: older records, another key, damaged hashes, holders that were swapped."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from tests import people

Cli = Callable[..., Result]


def test_a_restored_database_is_noticed_when_the_own_ledger_is_verified_or_exported(
    cli: Cli, copies: list[dict], draft_path: Path, tmp_path: Path
) -> None:
    from tidemark.records.connect import close_records

    assert copies
    close_records()
    database = tmp_path / "home" / "records.sqlite3"
    backup = database.read_bytes()
    assert cli("mark", draft_path, "--for", "Lost Co", "--out", tmp_path / "later").exit_code == 0
    close_records()
    database.write_bytes(backup)
    for stale in tmp_path.glob("home/records.sqlite3-*"):
        stale.unlink()
    result = cli("ledger", "verify", "--json")
    assert result.exit_code == 1
    assert "the records have 5: they are older" in json.loads(result.stdout)["detail"]
    assert cli("ledger", "export", tmp_path / "ledger.jsonl").exit_code == 1
    assert not (tmp_path / "ledger.jsonl").exists()


def test_a_clock_that_was_set_back_is_told(
    cli: Cli, copies: list[dict], draft_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import UTC, datetime

    monkeypatch.setattr("tidemark.cli.opened.current_time", lambda: datetime(2020, 1, 1, tzinfo=UTC))
    result = cli("mark", draft_path, "--for", people.STRANGER, "--out", tmp_path / "late")
    assert result.exit_code == 1
    assert "Set the clock" in result.output
    assert list((tmp_path / "late").iterdir()) == []
    assert cli("check").exit_code == 0
    assert len(copies) == 3


def test_a_clock_that_lags_by_hours_is_told_and_dates_nothing_back(
    cli: Cli, copies: list[dict], draft_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import UTC, datetime, timedelta

    hours_ago = datetime.now(UTC) - timedelta(hours=20)
    with monkeypatch.context() as patch:
        patch.setattr("tidemark.cli.opened.current_time", lambda: hours_ago)
        result = cli("mark", draft_path, "--for", people.STRANGER, "--out", tmp_path / "late")
    assert result.exit_code == 0
    assert "what is made now is dated as that one. Set the clock." in " ".join(result.stderr.split())
    assert cli("check").stderr == ""
    assert len(copies) == 3


def test_a_lost_or_another_ledger_key_is_never_replaced(cli: Cli, copies: list[dict], tmp_path: Path) -> None:
    key = tmp_path / "home" / "ledger.key"
    right = key.read_bytes()
    key.write_bytes(bytes(32))
    assert "is not the key" in cli("ledger", "checkpoint").output
    key.unlink()
    assert "is missing" in cli("ledger", "prove", copies[0]["copy"]).output
    assert cli("check").exit_code == 1
    assert not key.exists()
    key.write_bytes(right)
    assert cli("ledger", "verify").exit_code == 0


@pytest.mark.slow
def test_a_database_from_a_backup_is_noticed_and_nothing_more_is_signed(
    cli: Cli, copies: list[dict], draft_path: Path, tmp_path: Path
) -> None:
    from tidemark.records.connect import close_records

    close_records()
    database = tmp_path / "home" / "records.sqlite3"
    backup = database.read_bytes()
    later = cli("mark", draft_path, "--for", "Lost Co", "--out", tmp_path / "later")
    assert later.exit_code == 0, later.output
    close_records()
    database.write_bytes(backup)
    for stale in tmp_path.glob("home/records.sqlite3-*"):
        stale.unlink()
    for command in (("mark", draft_path, "--for", "Victim", "--out", tmp_path / "v"), ("ledger", "checkpoint")):
        result = cli(*command)
        assert result.exit_code == 1
        assert "Restore the newest backup" in result.output
    assert list((tmp_path / "v").iterdir()) == []
    assert cli("check").exit_code == 1
    assert len(copies) == 3


def test_nothing_is_signed_over_a_damaged_hash(cli: Cli, copies: list[dict], draft_path: Path, tmp_path: Path) -> None:
    from tidemark.records.connect import close_records

    close_records()
    with sqlite3.connect(tmp_path / "home" / "records.sqlite3") as database:
        database.execute('UPDATE ledger_node SET hash = zeroblob(32) WHERE level = 0 AND "index" = 4')
        assert database.execute("SELECT count(*) FROM ledger_node WHERE level = 0").fetchone()[0] == 2 + len(copies)
    result = cli("mark", draft_path, "--for", "Next", "--out", tmp_path / "next")
    assert result.exit_code == 1
    assert "nothing more is signed" in result.output


def test_a_swapped_holder_is_never_named(cli: Cli, copies: list[dict], tmp_path: Path) -> None:
    from tidemark.records.connect import close_records

    close_records()
    with sqlite3.connect(tmp_path / "home" / "records.sqlite3") as database:
        for one, other in ((0, 1), (1, 0)):
            holder = "SELECT id FROM parties_party WHERE name = ?"
            arguments = (copies[other]["recipient"], copies[one]["copy"])
            database.execute(f"UPDATE copies_copy SET holder_id = ({holder}) WHERE id = ?", arguments)
    result = cli("trace", copies[0]["path"], "--decoys", "500")
    assert result.exit_code == 1
    assert "another holder" in result.output
    assert copies[1]["recipient"] not in result.output
    assert cli("check").exit_code == 1


def test_a_head_that_is_gone_is_told_and_written_again(cli: Cli, copies: list[dict], tmp_path: Path) -> None:
    assert copies
    head = tmp_path / "home" / "ledger.head"
    signed = head.read_bytes()
    head.unlink()
    result = cli("check")
    assert result.exit_code == 1
    assert "older backup would not be noticed" in " ".join(result.output.split())
    assert cli("ledger", "checkpoint").exit_code == 0
    assert head.read_bytes() == signed
    assert cli("check").exit_code == 0
