"""What others have written cannot steer the terminal."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from tests import people
from tidemark.cli import show
from tidemark.cli.faults import tell
from tidemark.cli.shown import shown

EVIL = "a\x1b[31m\nb\u202egnp.exe\x9b2J[bold]c[/]"
SAFE = "a\ufffd[31m\ufffdb\ufffdgnp.exe\ufffd2J[bold]c[/]"


def test_controls_and_overrides_are_replaced_and_names_stay() -> None:
    assert shown(EVIL) == SAFE
    assert shown("\udcff") == "\ufffd"
    for name in (*people.RECIPIENTS, "می\u200cخواهم", "[/red]"):
        assert shown(name) == name


def test_errors_are_one_line_without_escapes(capsys: pytest.CaptureFixture[str]) -> None:
    tell(EVIL)
    assert capsys.readouterr().err == f"tidemark: {SAFE}\n"


def test_tables_panels_facts_and_progress_show_the_same() -> None:
    table = show.table("name", title=EVIL)
    show.add_row(table, EVIL)
    bar = show.progress()
    task = bar.add_task(EVIL)
    column = next(column for column in bar.columns if isinstance(column, show.Description))
    parts = (table, show.verdict_panel(EVIL, "accused", []), show.facts([("a", EVIL)]), column.render(bar.tasks[task]))
    written = io.StringIO()
    Console(file=written, width=120, highlight=False, soft_wrap=False).print(*parts)
    assert written.getvalue().count(SAFE) == 5
    assert not {"\x1b", "\x9b", "\u202e"} & set(written.getvalue())


@pytest.mark.parametrize("name", ["gone\x1b[2J.png", "gone\ntidemark: all is well.png"])
def test_a_path_in_an_error_is_shown_safely(cli: Callable, tmp_path: Path, name: str) -> None:
    result = cli("drill", tmp_path / name)
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert "\x1b" not in result.stderr
    assert "there is no such file" in result.stderr
