"""``tidemark drill``: which leaks of a draft could be traced, before it is sent."""

import hashlib
import math
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tidemark.cli.faults import told
from tidemark.cli.inputs import JsonOption, read_file
from tidemark.errors import TidemarkError

if TYPE_CHECKING:
    from rich.table import Table

    from tidemark.engine.drill.run import Drilled


@told
def drill(
    draft: Annotated[Path, typer.Argument(metavar="DRAFT", help="The draft that you are about to send.")],
    as_json: JsonOption = False,
) -> None:
    """Mark DRAFT on trial, leak it in every way that the drill knows, and say which leaks could be traced.

    The leaks are made here and stay here: recompression, resizing, crops, filters, screenshots, reposts, photos of a
    screen, prints, and mixtures of several copies. Nothing is remembered and no file is written.

    z is the score of the copy that leaked; an innocent copy scores as a normal variable does, so 8 is never chance.

    With --json, a line for each leak: attack, z (null if the draft was not recognised), traced; and family, wrong (how
    many innocents were named), reason.
    """
    from tidemark.cli import show
    from tidemark.engine.drill.leaks import LEAKS
    from tidemark.engine.drill.run import drill as rehearse

    data = read_file(draft)
    results: list[Drilled] = []
    try:
        with show.progress() as bar:
            task = bar.add_task("Drilling", total=len(LEAKS))
            for result in rehearse(data, secret=drill_secret(data)):
                results.append(result)
                bar.update(task, advance=1, description=result.leak.name)
                if as_json:
                    show.json_line(_line(result))
    except TidemarkError as error:
        raise type(error)(f"{draft}: {error}") from None
    if not as_json:
        show.stdout().print(drilled_table(results, title=draft.name))
        traced = sum(result.traced for result in results)
        show.stdout().print(f"{traced} of {len(results)} leaks of this draft would be traced.")


def drill_secret(draft: bytes) -> bytes:
    """Return the secret of trial copies. It need not be secret, they never leave; the same draft drills the same."""
    return hashlib.sha256(b"tidemark-drill 1" + draft).digest()


def drilled_table(results: Sequence["Drilled"], *, title: str) -> "Table":
    """Return a table of drilled leaks, a block for each family."""
    from rich.text import Text

    from tidemark.cli import show

    made = show.table("family", "leak", ("z", "right"), "traced", "reason", title=title)
    for family, group in groupby(results, key=lambda result: result.leak.family):
        for index, result in enumerate(group):
            verdict = Text("yes", "green") if result.traced else Text("no", "bold red")
            z = "–" if math.isnan(result.z) else f"{result.z:.1f}"
            reason = Text("" if result.traced else result.reason)
            if result.wrong:
                reason = Text.assemble((f"{result.wrong} innocents were named! ", "bold red"), reason)
            show.add_row(made, "" if index else family, result.leak.name, z, verdict, reason)
        made.add_section()
    return made


def _line(result: "Drilled") -> dict[str, str | float | bool | None]:
    return {
        "attack": result.leak.name,
        "z": None if math.isnan(result.z) else round(result.z, 3),  # JSON has no NaN
        "traced": result.traced,
        "family": result.leak.family,
        "wrong": result.wrong,
        "reason": result.reason,
    }
