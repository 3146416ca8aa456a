"""What people see: panels and tables on stdout, progress on stderr."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, Task, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from tidemark.cli.shown import shown

VERDICT_STYLES = {"accused": "bold red", "suspected": "bold yellow", "inconclusive": "bold blue", "unmatched": "dim"}

VERDICT_MEANINGS = {
    "accused": "this leak was made from the copy named here",
    "suspected": "a copy stands out, but not enough to accuse anyone",
    "inconclusive": "it shows this draft, but nobody can be accused",
    "unmatched": "it shows no draft on record",
}


def stdout() -> Console:
    """Return the console for results."""
    return Console(highlight=False, soft_wrap=False)


def stderr() -> Console:
    """Return the console for warnings."""
    return Console(stderr=True, highlight=False)


class Description(TextColumn):
    """What is being done; files' names are part of it."""

    def render(self, task: Task) -> Text:
        return Text(shown(task.description))


def progress() -> Progress:
    """Return a progress bar on stderr that leaves nothing behind, and nothing at all where stderr is no terminal."""
    console = stderr()
    return Progress(
        SpinnerColumn(),
        Description("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        redirect_stdout=False,  # the results go where the shell sent them, not into the bar's terminal
        redirect_stderr=False,
        disable=not console.is_terminal,
    )


def json_line(line: Mapping[str, Any]) -> None:
    """Print one object on one line, at once. ASCII only: every terminal and every parser takes it."""
    print(json.dumps(line, allow_nan=False), flush=True)


def facts(rows: Sequence[tuple[str, RenderableType]]) -> Table:
    """Return names and their values in two columns."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in rows:
        grid.add_row(Text(shown(name)), value if not isinstance(value, str) else Text(shown(value)))
    return grid


def verdict_panel(title: str, verdict: str, body: Sequence[RenderableType]) -> Panel:
    """Return a frame about what was found on one leak."""
    style = VERDICT_STYLES.get(verdict, "")
    heading = Text.assemble((verdict.upper(), style), "  ", (VERDICT_MEANINGS.get(verdict, ""), "italic"))
    return Panel(
        Group(heading, Text(), *body),
        title=Text(shown(title), style="bold"),
        title_align="left",
        border_style=style.removeprefix("bold "),
        box=box.ROUNDED,
        padding=(0, 1),
    )


def table(*columns: str | tuple[str, str], title: str | None = None, whole: Collection[str] = ()) -> Table:
    """Return an empty table. A column is its heading, or its heading and its justification.

    Cells under the headings in ``whole`` are never broken: ids, to be copied from the terminal.
    """
    heading = None if title is None else Text(shown(title))
    made = Table(title=heading, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        name, justify = (column, "left") if isinstance(column, str) else column
        made.add_column(name, justify=justify, overflow="fold", no_wrap=name in whole)  # type: ignore[arg-type]
    return made


def add_row(to: Table, *cells: str | Text) -> None:
    """Add a row. Strings are shown as they are: a name may have what Rich would take for markup."""
    to.add_row(*(Text(shown(cell)) if isinstance(cell, str) else cell for cell in cells))


def counted(count: int, one: str, several: str) -> str:
    """Return a number with its noun."""
    return f"{count:,} {one if count == 1 else several}"
