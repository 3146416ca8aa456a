"""``tidemark demo``: the whole affair on the bundled drafts, in a fresh folder."""

import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tidemark.cli.faults import FAILED, tell, told
from tidemark.cli.shown import shown
from tidemark.errors import OutputUnusable
from tidemark.odds import odds

if TYPE_CHECKING:
    from tidemark.demo.affair import Played
    from tidemark.records.copies.issue import Issued
    from tidemark.records.home import Home

_DEFAULT_NAME = "tidemark-demo"


@told
def demo(
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help=f"A new or empty folder. Default: ./{_DEFAULT_NAME}, or -2, -3, …"),
    ] = None,
) -> None:
    """Play the whole affair on bundled drafts: draw, mark, leak, trace, prove. It takes two or three minutes.

    Four drafts of a car that does not exist are drawn and marked for twelve suppliers that do not exist. Then copies
    are leaked: photographed from a screen, cropped and reposted, averaged by two holders, printed and scanned; and
    two pictures turn up that nobody may be accused for. Every leak is traced against all 48 copies and the owner's own.
    The evidence of one finding is sealed and verified as an outsider would.

    The folder then holds the drafts, the copies, the leaks, a picture of every finding, and the data folder, on which
    the other commands can be tried. Your own data folder is not touched. Exit code 1 if a finding is not the truth.
    """
    from tidemark.cli.opened import current_time, open_home

    started, now = time.perf_counter(), current_time()
    folder = _fresh(out)
    home = open_home(folder / "home", make=True)
    from tidemark.cli import show  # what knows the records can be imported once they are open
    from tidemark.records.copies.secret import master_secret

    drawn, copies = _handed_out(home, folder, secret=(secret := master_secret(home, now=now)), now=now)
    played = _traced(home, folder, drawn, copies, secret=secret, now=now)
    _show(played, folder)
    holds = _sealed(home, played, folder, secret=secret, now=now)
    show.stdout().print(f"{time.perf_counter() - started:.0f} seconds in all.", style="dim")
    if not holds or not all(one.is_right for one in played):
        tell("A finding is not the truth. This must not be: please report it.")
        raise typer.Exit(FAILED)


def _fresh(out: Path | None) -> Path:
    """Return a new or empty folder for everything."""
    if out is None:
        names = (Path(_DEFAULT_NAME + (f"-{n}" if n > 1 else "")) for n in range(1, 1000))
        out = next(path for path in names if not path.exists())
    try:
        out.mkdir(parents=True, exist_ok=True)
        if any(out.iterdir()):
            raise OutputUnusable(f"The folder {out} is not empty. Name a new one with --out.")
    except OSError as error:
        raise OutputUnusable(f"The folder {out} cannot be used: {error.strerror}. Name another with --out.") from error
    return out


def _handed_out(
    home: "Home", folder: Path, *, secret: bytes, now: datetime
) -> "tuple[Mapping[str, Path], Sequence[Issued]]":
    """Draw the drafts and issue copies of them."""
    from tidemark.cli import show
    from tidemark.demo.affair import draw, hand_out
    from tidemark.demo.cast import HOLDERS
    from tidemark.demo.drafts import DRAFTS

    drawn: dict[str, Path] = {}
    copies: list[Issued] = []
    with show.progress() as bar:
        task = bar.add_task("Drawing the drafts", total=len(DRAFTS))
        for name, path in draw(folder / "drafts"):
            drawn[name] = path
            bar.advance(task)
        bar.reset(task, description="Marking a copy for each holder", total=len(DRAFTS) * len(HOLDERS))
        (folder / "copies").mkdir()
        for path in drawn.values():
            for copy in hand_out(home, path, out=folder / "copies", secret=secret, now=now):
                copies.append(copy)
                bar.advance(task)
    show.stdout().print(f"Drew {len(drawn)} drafts and issued {len(copies)} copies to {len(HOLDERS)} holders.")
    return drawn, copies


def _traced(
    home: "Home", folder: Path, drawn: Mapping[str, Path], copies: "Sequence[Issued]", *, secret: bytes, now: datetime
) -> "list[Played]":
    """Make the leaks, trace them, and draw a sheet about each."""
    from tidemark.cli import show
    from tidemark.demo.affair import SCENES, draw_sheet, investigate, leak

    (folder / "leaks").mkdir()
    (folder / "findings").mkdir()
    ids = {copy.path.name.partition("--")[0]: copy.draft for copy in copies}
    played: list[Played] = []
    with show.progress() as bar:
        task = bar.add_task("Leaking copies", total=len(SCENES))
        leaks = {}
        for scene in SCENES:
            leaks[leak(scene, drawn, copies, folder=folder / "leaks")] = scene
            bar.advance(task)
        bar.reset(task, description="Tracing the leaks", total=len(SCENES))
        for one in investigate(home, leaks, secret=secret, drafts_on_record=ids, now=now):
            played.append(one)
            draw_sheet(one, drawn, copies, path=folder / "findings" / f"{one.scene.name}.png")
            bar.advance(task)
    return played


def _sealed(home: "Home", played: "Sequence[Played]", folder: Path, *, secret: bytes, now: datetime) -> bool:
    """Seal the evidence of one finding, verify it as an outsider would, and show the steps."""
    from tidemark.cli import show
    from tidemark.cli.verify import show_steps
    from tidemark.demo.affair import SEALED, seal
    from tidemark.evidence.verify import verify

    (folder / "evidence").mkdir()
    one = next(one for one in played if one.scene.name == SEALED)
    if not one.is_right:
        return False
    with show.progress() as bar:
        bar.add_task("Sealing the evidence of one finding", total=None)
        bundle = seal(home, one, secret=secret, folder=folder / "evidence", now=now)
        found = verify(bundle.read_bytes())
    show_steps(bundle, found)
    return found.valid


def _show(played: "Sequence[Played]", folder: Path) -> None:
    """Print what was found, beside the truth, and where everything is."""
    from rich.text import Text

    from tidemark.cli import show

    made = show.table("leak", "verdict", "copy issued to", ("z", "right"), "an innocent scores so", "truth")
    for one in played:
        trace = one.found.trace
        accused = [
            (one.found.holders[named.copy], f"{named.z:.1f}", odds(named.log10_bound).removeprefix("at most "))
            for named in trace.accused
        ]
        first, *others = accused or [("nobody", "", "")]
        show.add_row(
            made,
            f"{one.scene.name.partition('-')[0]} {one.scene.title}",
            Text(trace.verdict.upper(), show.VERDICT_STYLES[trace.verdict], no_wrap=True),
            *first,
            Text("found", "green") if one.is_right else Text("MISSED", "bold red"),
        )
        for other in others:
            show.add_row(made, "", "", *other, "")
    console = show.stdout()
    console.print(made)
    right = sum(one.is_right for one in played)
    console.print(f"{right} of {len(played)} findings are the truth. Whose copy leaked is shown; who leaked it, never.")
    places = [(name, str(folder / name)) for name in ("drafts", "copies", "leaks", "findings", "evidence")]
    console.print(show.facts([*places, ("data folder", str(folder / "home"))]))
    example = f"tidemark trace {played[0].leak} --home {folder / 'home'}"
    console.print(
        shown(f"Look at the pictures in {folder / 'findings'}, and try: {example}"), markup=False, soft_wrap=True
    )
