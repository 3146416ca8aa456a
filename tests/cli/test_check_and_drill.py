"""``tidemark check`` and ``tidemark drill``, and the help of all commands."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from subprocess import Popen

import pytest
from typer.testing import Result

Cli = Callable[..., Result]
COMMANDS = ("demo", "mark", "trace", "drill", "check")


@pytest.mark.usefixtures("no_trial")
def test_check_tells_a_sound_folder_from_a_damaged_one(cli: Cli, draft_path: Path, tmp_path: Path) -> None:
    assert cli("mark", draft_path, "--for", "Acme", "--out", tmp_path / "o").exit_code == 0
    sound = cli("check", "--json")
    assert sound.exit_code == 0, sound.output
    line = json.loads(sound.stdout)
    assert line["valid"] is True
    assert all(set(step) == {"step", "holds", "detail"} for step in line["steps"])
    assert "✗" not in cli("check").stdout

    (original,) = (path for path in (tmp_path / "home/originals").rglob("*") if path.is_file())
    original.unlink()
    damaged = cli("check", "--json")
    assert damaged.exit_code == 1
    assert [step["holds"] for step in json.loads(damaged.stdout)["steps"]].count(False) == 1
    assert "✗" in cli("check").stdout


@pytest.mark.usefixtures("no_trial")
def test_a_folder_that_was_moved_or_put_back_is_checked_by_its_own_masters(
    cli: Cli, spawn: Callable[..., Popen[str]], draft_path: Path, tmp_path: Path
) -> None:
    assert cli("mark", draft_path, "--for", "Acme", "--out", tmp_path / "o").exit_code == 0
    home, moved, backup = tmp_path / "home", tmp_path / "moved", tmp_path / "backup"
    shutil.copytree(home, backup)
    home.rename(moved)

    def faults(path: Path) -> list[str]:
        said, _ = spawn("check", "--home", path, "--json").communicate(timeout=60)  # a process knows one folder
        return [step["detail"] for step in json.loads(said)["steps"] if not step["holds"]]

    assert faults(moved) == []
    (master,) = (backup / "masters").iterdir()
    master.unlink()
    assert faults(backup) == [f"{master}: No such file or directory"]
    master.symlink_to(moved / "masters" / master.name)  # the same bytes, but not in this folder
    assert [each.partition(" is ")[2][:15] for each in faults(backup)] == ["no regular file"]


@pytest.mark.slow
def test_drill_prints_a_line_for_each_leak(
    cli: Cli, draft_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tidemark.engine.drill import run
    from tidemark.engine.drill.leaks import LEAKS

    few = [leak for leak in LEAKS if leak.name in {"as sent", "jpeg 30"}]
    whole = run.drill
    monkeypatch.setattr(run, "drill", lambda data, *, secret: whole(data, secret=secret, leaks=few, on_record=5))
    result = cli("drill", draft_path, "--json")
    assert result.exit_code == 0, result.output
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(line["attack"], line["traced"]) for line in lines] == [("as sent", True), ("jpeg 30", True)]
    assert all(line["z"] > 8 for line in lines)
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(cli: Cli, command: str) -> None:
    result = cli(command, "--help")
    assert result.exit_code == 0
    assert "--help" in result.stdout


def test_no_command_is_usage_and_lists_them(cli: Cli) -> None:
    result = cli()
    assert result.exit_code in {0, 2}
    assert all(command in result.output for command in COMMANDS)
    assert cli("unmark").exit_code == 2
