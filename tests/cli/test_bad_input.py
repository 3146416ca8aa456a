"""Bad input, unusable folders, a full disk: a clear message, the documented exit code, and nothing half-done."""

import os
import re
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import Result

from tests.conftest import make_draft
from tidemark.records.home import Home

Cli = Callable[..., Result]
DRAFT = make_draft(1)


def _refused(result: Result) -> str:
    """Return what was said, after checking that it was said properly."""
    assert result.exit_code == 1, result.output
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert "should not happen" not in result.stderr
    assert result.stderr.startswith("tidemark: ")
    return result.stderr


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("empty.png", b"", "empty"),
        ("truncated.png", DRAFT[: len(DRAFT) // 2], ""),
        ("truncated.jpg", make_draft(2, form="JPEG")[:3000], ""),
        ("text.png", b"Dear supplier,\n", ""),
        ("renamed.png", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", ""),
        ("tiny.png", make_draft(3, size=(20, 20)), "256"),
        ("noise.png", bytes(range(256)) * 40, ""),
    ],
)
def test_a_file_that_is_no_draft_is_refused(cli: Cli, tmp_path: Path, name: str, data: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(data)
    message = _refused(cli("mark", tmp_path / name, "--for", "Acme", "--out", tmp_path / "o"))
    assert name in message
    assert said in message
    assert not (tmp_path / "o").exists() or list((tmp_path / "o").iterdir()) == []
    assert not (tmp_path / "home/originals").exists()


def test_a_draft_that_cannot_be_drilled_is_named(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "half.png").write_bytes(DRAFT[: len(DRAFT) // 2])
    assert "half.png: " in _refused(cli("drill", tmp_path / "half.png"))


@pytest.mark.parametrize("version", ["true", "-3", "0", "1.0"])
def test_a_home_of_no_version_stops_every_command(cli: Cli, home: Home, version: str) -> None:
    layout = home.path / "home.json"
    layout.write_text(re.sub(r'"version": ?1', f'"version": {version}', layout.read_text()))
    assert "home.json is damaged" in _refused(cli("check"))


@pytest.mark.parametrize("command", ["mark", "trace", "drill"])
def test_a_missing_file_and_a_folder_are_told(cli: Cli, home: Home, tmp_path: Path, command: str) -> None:
    from tests.conftest import NOW
    from tidemark.records.copies.secret import master_secret

    master_secret(home, now=NOW)
    rest = ("--for", "Acme", "--out", tmp_path / "o") if command == "mark" else ()
    assert "there is no such file" in _refused(cli(command, tmp_path / "gone.png", *rest))
    assert "this is a folder" in _refused(cli(command, tmp_path, *rest))


def test_a_file_beyond_the_limit_is_not_read(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tidemark.cli.inputs.read_file.__kwdefaults__", {"limit_bytes": 1000})
    (tmp_path / "a.png").write_bytes(DRAFT)
    assert "larger than" in _refused(cli("mark", tmp_path / "a.png", "--for", "Acme", "--out", tmp_path / "o"))


def test_an_output_folder_that_cannot_be_written_is_told_before_any_work(
    cli: Cli, draft_path: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("x")
    for out in (tmp_path / "file", tmp_path / "file" / "below", Path("/proc/nowhere")):
        assert str(out) in _refused(cli("mark", draft_path, "--for", "Acme", "--out", out))
    assert not (tmp_path / "home").exists()


@pytest.mark.usefixtures("no_trial")
@pytest.mark.parametrize("secret", [None, b"", b"x" * 32])
def test_a_missing_or_wrong_secret_stops_every_command(
    cli: Cli, draft_path: Path, tmp_path: Path, secret: bytes | None
) -> None:
    mark = ("mark", draft_path, "--for", "Acme", "--out", tmp_path / "o")
    assert cli(*mark).exit_code == 0
    (tmp_path / "home/master.secret").unlink()
    if secret is not None:
        (tmp_path / "home/master.secret").write_bytes(secret)
    copies = list((tmp_path / "o").iterdir())
    for command in (mark, ("trace", draft_path)):
        assert "master.secret" in _refused(cli(*command))
    assert cli("check").exit_code == 1
    assert list((tmp_path / "o").iterdir()) == copies


def test_a_newer_home_stops_every_command(cli: Cli, draft_path: Path, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home/home.json").write_text('{"scheme": "tidemark-home", "version": 99}')
    for command in (("mark", draft_path, "--for", "A", "--out", tmp_path / "o"), ("trace", draft_path), ("check",)):
        assert "version 99" in _refused(cli(*command))
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["home.json"]


def test_a_damaged_database_is_told(cli: Cli, home: Home, draft_path: Path) -> None:
    from tidemark.records.connect import close_records

    close_records()
    for path in home.path.glob("records.sqlite3*"):
        path.write_bytes(b"x" * 5000)
    for command in (("trace", draft_path), ("check",)):
        assert "damaged" in _refused(cli(*command))


FULL = """
from tidemark.records import files
whole = files.fill
def fill(path, data):
    if path.parent.name != "o":
        return whole(path, data)
    filled.append(path)
    if len(filled) == 3:
        whole(path, data[:1000])
        raise OSError(28, "No space left on device")
    whole(path, data)
filled = []
files.fill = fill
"""


def _copies_on_record(home: Path) -> int:
    with sqlite3.connect(home / "records.sqlite3") as database:
        return database.execute(
            "SELECT count(*) FROM copies_copy WHERE state = 'released' AND NOT is_master"
        ).fetchone()[0]


@pytest.mark.slow
def test_a_disk_that_fills_up_keeps_whole_copies_only(
    spawn: Callable, cli: Cli, draft_path: Path, tmp_path: Path
) -> None:
    names = [part for number in range(5) for part in ("--for", f"Supplier {number}")]
    process = spawn("mark", draft_path, *names, "--out", tmp_path / "o", "--json", before=FULL)
    lines, told = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "No space left on device" in told
    assert "2 of 5 copies were made" in told
    assert "Traceback" not in told
    assert len(list((tmp_path / "o").iterdir())) == len(lines.splitlines()) == _copies_on_record(tmp_path / "home") == 2
    assert cli("check").exit_code == 0


BALLAST_BYTES = 6 * 1024 * 1024


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system with room for one copy and a bit, and for a database once its ballast is thrown off."""
    folder = tmp_path / "small"
    folder.mkdir()
    size = f"size={len(DRAFT) * 3 // 2 + BALLAST_BYTES}"
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", folder], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("a small file system can be mounted by root only; the test above plays a full disk without one")
    (folder / "ballast").write_bytes(bytes(BALLAST_BYTES))
    yield folder
    from tidemark.records.connect import close_records

    close_records()
    subprocess.run(["umount", folder], check=True)


@pytest.mark.usefixtures("no_trial")
def test_a_full_file_system_keeps_whole_copies_only(
    cli: Cli, draft_path: Path, tmp_path: Path, small_disk: Path
) -> None:
    result = cli("mark", draft_path, "--for", "A", "--for", "B", "--for", "C", "--out", small_disk)
    message = _refused(result)
    assert re.search("No space left.*1 of 3 copies were made", message)
    (small_disk / "ballast").unlink()
    assert len(list(small_disk.iterdir())) == _copies_on_record(tmp_path / "home") == 1
    assert cli("check").exit_code == 0


@pytest.mark.usefixtures("no_trial")
def test_a_receipt_that_finds_no_room_is_got_later(
    cli: Cli, draft_path: Path, tmp_path: Path, small_disk: Path
) -> None:
    room = (small_disk / "ballast").stat().st_size + len(DRAFT) * 3 // 2
    (small_disk / "more").write_bytes(bytes(room - (small_disk / "ballast").stat().st_size - 8192))
    names = [part for number in range(5) for part in ("--for", f"Supplier {number}")]
    message = _refused(cli("mark", draft_path, *names, "--out", tmp_path / "o", "--receipts", small_disk))
    (copy,) = re.findall(r"tidemark ledger prove (\w{16})", message)
    assert cli("ledger", "prove", copy).exit_code == 0


@pytest.mark.usefixtures("no_trial")
@pytest.mark.slow
def test_a_full_file_system_of_the_home_is_told(cli: Cli, draft_path: Path, tmp_path: Path, small_disk: Path) -> None:
    args = ("mark", draft_path, "--for", "A", "--out", tmp_path / "o", "--home", small_disk / "home")
    message = _refused(cli(*args))
    assert re.search("(?i)no space left|disk is full|disk I/O", message)
    assert list((tmp_path / "o").iterdir()) == []
    (small_disk / "ballast").unlink()
    assert cli("check", "--home", small_disk / "home").exit_code == 0


def test_an_error_of_ours_is_told_in_a_line_and_traced_on_demand(
    cli: Cli, draft_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("tidemark.engine.drill.run.quick", broken)
    args = ("mark", draft_path, "--for", "A", "--out", tmp_path / "o")
    result = cli(*args)
    assert result.exit_code == 1
    assert "TIDEMARK_DEBUG=1" in result.stderr
    assert "Traceback" not in result.stderr
    monkeypatch.setitem(os.environ, "TIDEMARK_DEBUG", "1")
    assert "Traceback" in cli(*args).stderr
