"""``tidemark check``: the integrity of the whole data folder."""

import dataclasses

import typer

from tidemark.cli.faults import FAILED, told
from tidemark.cli.inputs import HomeOption, JsonOption


@told
def check(as_json: JsonOption = False, home_path: HomeOption = None) -> None:
    """Check the whole data folder: database, master secret, and every byte of every draft.

    What a killed run left half-done is put right first, as at every start. Exit code 1 if anything is amiss.

    With --json, one line: valid, and steps (step, holds, detail).
    """
    from tidemark.cli.opened import open_home

    home = open_home(home_path, make=False)
    from rich.text import Text

    from tidemark.cli import show  # what knows the records can be imported once they are open
    from tidemark.records.check import check as steps_of

    steps = []
    with show.progress() as bar:
        task = bar.add_task("Checking", total=None)
        for step in steps_of(home):
            steps.append(step)
            bar.update(task, description=step.step)
    valid = all(step.holds for step in steps)
    if as_json:
        show.json_line({"valid": valid, "steps": [dataclasses.asdict(step) for step in steps]})
    else:
        made = show.table("", "claim", "detail", title=str(home.path))
        for step in steps:
            show.add_row(made, Text("✓", "green") if step.holds else Text("✗", "bold red"), step.step, step.detail)
        show.stdout().print(made)
        if valid:
            show.stdout().print(Text("Sound: every check holds.", "bold green"))
        else:
            failed = sum(not step.holds for step in steps)
            ended = f"Not sound: {failed} of {len(steps)} checks failed, marked ✗ above."
            show.stdout().print(Text(ended, "bold red"))
    if not valid:
        raise typer.Exit(FAILED)
