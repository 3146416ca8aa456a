"""Where a file of the data folder is none, leads nowhere or holds junk, a message names it, and the exit code is 1."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from tests.conftest import make_draft

pytestmark = pytest.mark.slow

Cli = Callable[..., Result]


def _put_in_place_of(path: Path, what: str) -> None:
    path.rename(path.with_name("moved-away"))
    if what == "folder":
        path.mkdir(mode=0o700)
    elif what == "loop":
        path.symlink_to(path)
    elif what == "dangling link":
        path.symlink_to(path.with_name("nowhere") / path.name)
    else:
        path.write_bytes(b"x")


def _told(result: Result) -> str:
    """Return what was said, after checking that it was said properly."""
    assert result.exit_code == 1, result.output
    assert "Traceback" not in result.output
    assert "should not happen" not in result.output
    return " ".join(result.output.split())


@pytest.mark.parametrize("what", ["folder", "loop", "junk"])
def test_a_head_that_cannot_be_read_stops_whatever_would_sign_and_is_named(
    cli: Cli, copies: list[dict], tmp_path: Path, what: str
) -> None:
    head = tmp_path / "home" / "ledger.head"
    _put_in_place_of(head, what)
    (tmp_path / "other.png").write_bytes(make_draft(5))
    for command in (
        ("ledger", "verify"),
        ("ledger", "checkpoint"),
        ("ledger", "export", tmp_path / "all.jsonl"),
        ("mark", tmp_path / "other.png", "--for", "Acme", "--out", tmp_path / "o2"),
        ("trace", copies[0]["path"]),
        ("check",),
    ):
        assert "ledger.head" in _told(cli(*command)), command
    assert not list((tmp_path / "o2").iterdir())


@pytest.mark.parametrize("what", ["junk", "dangling link"])
def test_masters_that_are_no_folder_are_named_before_a_copy_leaves(
    cli: Cli, copies: list[dict], tmp_path: Path, what: str
) -> None:
    assert copies
    _put_in_place_of(tmp_path / "home" / "masters", what)
    (tmp_path / "other.png").write_bytes(make_draft(5))
    told = _told(cli("mark", tmp_path / "other.png", "--for", "Acme", "--out", tmp_path / "o2"))
    assert "masters cannot be made: File exists" in told
    assert not list((tmp_path / "o2").iterdir())


@pytest.mark.parametrize("name", ["home.json", "home.lock", "records.sqlite3", "ledger.key", "master.secret"])
@pytest.mark.parametrize("what", ["folder", "dangling link"])
def test_any_other_file_that_is_none_is_named(
    cli: Cli, copies: list[dict], tmp_path: Path, name: str, what: str
) -> None:
    from tidemark.records.connect import close_records

    close_records()
    _put_in_place_of(tmp_path / "home" / name, what)
    for command in (("trace", copies[0]["path"]), ("check",)):
        told = _told(cli(*command))
        assert name in told or str(tmp_path / "home") in told, command


def test_a_head_that_was_left_behind_is_brought_up_by_the_next_checkpoint(
    cli: Cli, copies: list[dict], tmp_path: Path
) -> None:
    head = tmp_path / "home" / "ledger.head"
    before = head.read_bytes()
    assert cli("trace", copies[0]["path"], "--decoys", "100").exit_code == 0
    signed = head.read_bytes()
    assert signed != before
    head.write_bytes(before)  # as a disk that was full at that moment leaves it
    assert cli("ledger", "checkpoint").exit_code == 0
    assert head.read_bytes() == signed


def test_a_head_that_cannot_be_written_is_told_as_such(
    cli: Cli, copies: list[dict], monkeypatch: pytest.MonkeyPatch
) -> None:
    from tidemark.records.ledger import log

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(log, "write_durably", full)
    told = _told(cli("trace", copies[0]["path"], "--decoys", "100"))
    assert "ledger.head cannot be written: No space left on device" in told
