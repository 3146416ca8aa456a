"""``tidemark mark``: the copies, the lines about them, and what is refused before any is made."""

import hashlib
import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import Result

from tests import people
from tests.conftest import make_draft

Cli = Callable[..., Result]


def _lines(result: Result) -> list[dict]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def _remembered(tmp_path: Path, table: str) -> int:
    with sqlite3.connect(tmp_path / "home" / "records.sqlite3") as database:
        return database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


@pytest.mark.usefixtures("no_trial")
def test_a_line_for_each_copy_says_what_was_written(cli: Cli, draft_path: Path, tmp_path: Path) -> None:
    out = tmp_path / "copies"
    lines = _lines(
        cli("mark", draft_path, "--for", people.SUPPLIER, "--for", people.SUB_VENDOR, "--out", out, "--json")
    )
    assert [line["recipient"] for line in lines] == [people.SUPPLIER, people.SUB_VENDOR]
    for line in lines:
        assert set(line) == {"draft", "recipient", "copy", "path", "psnr_db", "sha256"}
        assert hashlib.sha256(Path(line["path"]).read_bytes()).hexdigest() == line["sha256"]
        assert line["draft"].startswith("front-bumper-v2-")
    assert sorted(path.name for path in out.iterdir()) == [
        "Front Bumper v2--northwick-mouldings.png",
        "Front Bumper v2--霁川喷涂-jichuan-coatings.png",
    ]


@pytest.mark.usefixtures("no_trial")
def test_recipients_come_from_a_table_and_the_command_line(cli: Cli, draft_path: Path, tmp_path: Path) -> None:
    table = tmp_path / "recipients.csv"
    table.write_bytes(f"name;city\r\n{people.SUPPLIER};Leeds\r\n{people.STRANGER};\r\n".encode("utf-8-sig"))
    args = (
        "mark",
        draft_path,
        "--for",
        people.SUPPLIER.lower(),
        "--recipients",
        table,
        "--out",
        tmp_path / "o",
        "--json",
    )
    lines = _lines(cli(*args))
    assert [line["recipient"] for line in lines] == [people.SUPPLIER.lower(), people.STRANGER]
    with sqlite3.connect(tmp_path / "home" / "records.sqlite3") as database:
        data = dict(database.execute("SELECT folded_name, data FROM parties_party").fetchall())
    assert json.loads(data[people.SUPPLIER.casefold()]) == {"city": "Leeds"}


@pytest.mark.usefixtures("no_trial")
def test_people_get_a_table_and_progress_stays_off_stdout(cli: Cli, draft_path: Path, tmp_path: Path) -> None:
    result = cli("mark", draft_path, "--for", "[bold]Acme[/]", "--out", tmp_path / "o")
    assert result.exit_code == 0, result.output
    assert "[bold]Acme[/]" in result.stdout
    assert "1 copy for 1 recipient" in result.stdout
    assert result.stderr == ""


@pytest.mark.usefixtures("no_trial")
def test_a_copys_id_is_never_broken_over_lines(cli: Cli, draft_path: Path, tmp_path: Path) -> None:
    result = cli("mark", draft_path, "--for", "Acme " * 30, "--out", tmp_path / "o")
    with sqlite3.connect(tmp_path / "home" / "records.sqlite3") as database:
        (copy,) = database.execute("SELECT id FROM copies_copy WHERE NOT is_master").fetchone()
    assert copy in result.stdout


@pytest.mark.parametrize(
    "args",
    [
        ("--out", "o"),
        ("--for", "", "--out", "o"),
        ("--for", "\u202e", "--out", "o"),
        ("--for", "x" * 201, "--out", "o"),
        ("--for", "Acme"),
        ("--for", "Acme", "--out", "o", "--project", " "),
        ("--for", "Acme", "--out", "o", "--strength", "9"),
    ],
)
def test_wrong_usage_is_exit_2_and_makes_nothing(cli: Cli, draft_path: Path, tmp_path: Path, args: tuple) -> None:
    result = cli("mark", draft_path, *(tmp_path / arg if arg == "o" else arg for arg in args))
    assert result.exit_code == 2, result.output
    assert [path for path in tmp_path.iterdir() if path != draft_path] == []


def test_a_folder_for_receipts_that_is_none_is_told_before_anything_is_made(
    cli: Cli, draft_path: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("x")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        result = cli("mark", draft_path, "--for", "Acme", "--out", tmp_path / "o", "--receipts", folder)
        assert result.exit_code == 1
        assert "with --receipts" in " ".join(result.output.split())
    assert list((tmp_path / "o").iterdir()) == []


def test_a_faulty_table_is_told_with_its_line(cli: Cli, draft_path: Path, tmp_path: Path) -> None:
    table = tmp_path / "recipients.csv"
    table.write_text("name,city\nAcme,Leeds\n,York\n")
    result = cli("mark", draft_path, "--recipients", table, "--out", tmp_path / "o")
    assert result.exit_code == 1
    assert "recipients.csv: line 3: a recipient's name is empty" in result.stderr


class _Drilled:
    """A stand-in for the engine's result of one leak on trial."""

    wrong = 0

    def __init__(self, name: str, *, traced: bool) -> None:
        self.leak = type("Leak", (), {"name": name, "family": "recompressed"})
        self.traced = traced
        self.z = 20.0 if traced else float("nan")
        self.reason = "" if traced else "the mark is too weak"


def _trial(monkeypatch: pytest.MonkeyPatch, *results: _Drilled) -> None:
    def quick(_data: bytes, *, secret: bytes) -> Iterator[_Drilled]:
        assert len(secret) == 32
        yield from results

    monkeypatch.setattr("tidemark.engine.drill.run.quick", quick)


def test_leaks_that_would_not_be_traced_are_told_before(
    cli: Cli, draft_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _trial(monkeypatch, _Drilled("as sent", traced=True), _Drilled("blur 4", traced=False))
    args = ("mark", draft_path, "--for", "Acme", "--out", tmp_path / "o", "--json")
    result = cli(*args)
    assert len(_lines(result)) == 1
    assert "blur 4" in result.stderr
    assert "1 of 2 leaks on trial could not be traced" in result.stderr
    assert cli(*args).stderr == "", "a draft that is on record is not tried again"


def test_a_draft_whose_untouched_copy_is_not_traced_is_refused(
    cli: Cli, draft_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _trial(monkeypatch, _Drilled("as sent", traced=False))
    result = cli("mark", draft_path, "--for", "Acme", "--out", tmp_path / "o")
    assert result.exit_code == 1
    assert "not even an untouched copy" in result.stderr
    assert "No copy was made." in result.stderr
    assert list((tmp_path / "o").iterdir()) == []
    assert _remembered(tmp_path, "projects_draft") == _remembered(tmp_path, "parties_party") == 0


@pytest.mark.usefixtures("no_trial")
def test_one_bad_draft_among_good_ones_stops_all_before_any_copy(cli: Cli, draft_path: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.png").write_bytes(b"")
    result = cli("mark", draft_path, tmp_path / "empty.png", "--for", "Acme", "--out", tmp_path / "o")
    assert result.exit_code == 1
    assert "empty.png: the file is empty" in result.stderr
    assert not (tmp_path / "o").exists()


@pytest.mark.usefixtures("no_trial")
def test_a_draft_that_is_named_twice_is_marked_once(cli: Cli, draft_path: Path, tmp_path: Path) -> None:
    result = cli("mark", draft_path, draft_path, "--for", "Acme", "--out", tmp_path / "o", "--json")
    assert len(_lines(result)) == 1
    assert "marked once" in result.stderr


@pytest.mark.usefixtures("no_trial")
def test_drafts_of_one_name_in_two_folders_get_a_copy_each(cli: Cli, tmp_path: Path) -> None:
    for folder, seed in (("a", 1), ("b", 2)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "front.png").write_bytes(make_draft(seed))
    args = ("mark", tmp_path / "a/front.png", tmp_path / "b/front.png", "--for", "Acme", "--out", tmp_path / "o")
    lines = _lines(cli(*args, "--json"))
    assert len({line["path"] for line in lines}) == len({line["draft"] for line in lines}) == 2


def _remade(source: Path, to: Path) -> Path:
    with Image.open(source) as picture:
        picture.convert("RGB").save(to, "JPEG", quality=85)
    return to


@pytest.mark.slow
@pytest.mark.usefixtures("no_trial")
def test_a_copy_or_what_was_made_from_one_is_no_draft(cli: Cli, draft_path: Path, tmp_path: Path) -> None:
    args = ("--out", tmp_path / "o", "--json")
    (copy,) = _lines(cli("mark", draft_path, "--for", people.SUPPLIER, *args))
    issued = f"{copy['copy']}, issued to {people.SUPPLIER}"
    as_issued = cli("mark", copy["path"], "--for", people.STRANGER, *args)
    assert as_issued.exit_code == 1
    assert f"this file is a copy, {issued}: mark the original. No copy was made." in as_issued.stderr

    reexported = _remade(Path(copy["path"]), tmp_path / "final.jpg")
    refused = cli("mark", reexported, "--for", people.STRANGER, *args)
    assert refused.exit_code == 1
    assert f"final.jpg: this draft carries the mark of copy {issued}" in refused.stderr
    assert _remembered(tmp_path, "copies_copy") == 1 + 1  # and the master
    assert _remembered(tmp_path, "projects_draft") == 1

    assert len(_lines(cli("mark", _remade(draft_path, tmp_path / "f.jpg"), "--for", people.STRANGER, *args))) == 1
    assert len(_lines(cli("mark", draft_path, "--for", people.STRANGER, *args))) == 1


@pytest.mark.usefixtures("no_trial")
def test_the_owner_is_no_recipient_by_the_name_on_record_either(cli: Cli, draft_path: Path, tmp_path: Path) -> None:
    given = ("mark", draft_path, "--out", tmp_path / "o")
    assert cli(*given, "--owner", "Halden Motors", "--for", "Northwick").exit_code == 0
    again = cli(*given, "--for", "HALDEN motors")
    assert again.exit_code == 2
    assert "Halden Motors is the owner" in " ".join(again.output.split())
    assert len(list((tmp_path / "o").iterdir())) == 1


@pytest.mark.usefixtures("no_trial")
def test_another_owner_than_the_one_on_record_is_refused_and_not_passed_over(
    cli: Cli, draft_path: Path, tmp_path: Path
) -> None:
    given = ("mark", draft_path, "--for", "Acme", "--out", tmp_path / "o")
    assert cli(*given, "--owner", "Halden Motors").exit_code == 0
    assert cli(*given, "--owner", "HALDEN motors").exit_code == 0
    other = cli(*given, "--owner", "Northwick")
    assert other.exit_code == 2
    assert "the owner on record is Halden Motors" in " ".join(other.output.split())
    assert len(list((tmp_path / "o").iterdir())) == 2


def test_the_data_folder_is_no_place_for_copies(cli: Cli, draft_path: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "home")
    for out in ("home", "home/originals", "link/copies"):
        result = cli("mark", draft_path, "--for", "Acme", "--out", tmp_path / out)
        assert result.exit_code == 2
        assert "no place for copies" in " ".join(result.stderr.split())
    assert not (tmp_path / "home").exists()


@pytest.mark.usefixtures("no_trial")
@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_a_secret_that_others_may_read_is_told(cli: Cli, draft_path: Path, tmp_path: Path) -> None:
    args = ("mark", draft_path, "--for", "Acme", "--out", tmp_path / "o", "--json")
    assert cli(*args).stderr == ""
    (tmp_path / "home/master.secret").chmod(0o644)
    result = cli(*args)
    assert len(_lines(result)) == 1
    assert "Others may read the master secret" in result.stderr
