"""``tidemark demo``: the whole affair on the bundled drafts, in a fresh folder."""

import secrets
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tidemark.cli import INTERRUPTED
from tidemark.cli.faults import FAILED, fail, tell, told
from tidemark.cli.shown import shown
from tidemark.errors import OutputUnusable
from tidemark.odds import odds

if TYPE_CHECKING:
    from tidemark.demo.play.acts import Act
    from tidemark.demo.play.stage import Stage
    from tidemark.demo.scenes import Scene
    from tidemark.records.home import Home

_DEFAULT_NAME = "tidemark-demo"
_WORKERS = 2
_QUEUES = ("default", "copies", "traces")
"""Drills wait until the folder is served: they take minutes, and nobody waits for them."""
_LOOK_EVERY_S = 0.2


@told
def demo(
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help=f"A new or empty folder. Default: ./{_DEFAULT_NAME}, or -2, -3, …"),
    ] = None,
) -> None:
    """Play the whole affair on bundled drafts, from the bid to the closed case. It takes some minutes.

    Three drafts of a car that does not exist are drawn, and given to twelve suppliers and sub-vendors that do not
    exist either: a bidding round, agreements, marked copies, onward sharing. Then copies leak: photographed from a
    screen and reposted, cropped, averaged by two bidders, and the owner's own; and two pictures turn up that nobody
    may be accused for. Every leak is traced against all copies on record. Then the cases: allegations, replies,
    evidence that the accused verifies, a sanction, an appeal, a plan and its gate, a statement; an override by two
    persons, an apology. Whoever acts does so through the API.

    The folder then holds the drafts, the copies, the leaks, a picture of every finding, the evidence, and the data
    folder: serve it, and look at all of it. Your own data folder is not touched. Exit code 1 if a finding is not the
    truth, or the play goes astray.
    """
    from tidemark.cli.opened import current_time

    started, now = time.perf_counter(), current_time()
    folder = _fresh(out)
    try:
        _play_all(folder, started=started, now=now)
    except KeyboardInterrupt:
        fail(f"Interrupted. What was played so far lies in {folder}; it can be removed.", code=INTERRUPTED)


def _play_all(folder: Path, *, started: float, now: datetime) -> None:
    """Play the affair in a fresh folder, and show it."""
    from tidemark.cli.opened import open_home

    home = open_home(folder / "home", make=True)
    from tidemark.cli import show  # what knows the records can be imported once they are open
    from tidemark.cli.beside import Beside, Command
    from tidemark.demo.drawing import Drawn
    from tidemark.demo.play.acts import AFTER, BEFORE
    from tidemark.demo.scenes import DRAFTS, SCENES

    queues = [word for queue in _QUEUES for word in ("--queue", queue)]
    workers = [Command("worker", ("worker", "--quiet", *queues, "--home", str(home.path)))] * _WORKERS
    password = f"tide-{secrets.token_urlsafe(9)}"
    with Drawn(folder / "drafts", DRAFTS) as drafts, Beside(workers):
        wait = partial(time.sleep, _LOOK_EVERY_S)
        with on_stage(home, folder, drafts, SCENES, password=password, work=wait, now=now) as stage:
            _play(stage, BEFORE)
            _show(stage, folder)
            right = all(found.is_right for found in stage.found)
            if right:
                _play(stage, AFTER)
    if stage.bundle is not None and stage.verification is not None:
        from tidemark.cli.verify import show_steps

        show_steps(stage.bundle, stage.verification)
    _tell_how_to_go_on(folder, stage, password)
    show.stdout().print(f"{time.perf_counter() - started:.0f} seconds in all.", style="dim")
    if not right:
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


@contextmanager
def on_stage(
    home: "Home",
    folder: Path,
    drafts: Mapping[str, bytes],
    scenes: "Sequence[Scene]",
    *,
    password: str,
    work: Callable[[], None],
    now: datetime,
) -> "Iterator[Stage]":
    """Put the cast on record, and serve the open records to them on the loopback address until the block ends.

    Parameters
    ----------
    folder : Path
        For copies, leaks, findings and evidence.
    drafts : mapping of str to bytes
        Name of a draft → its file.
    scenes : sequence of Scene
    password : str
        Of everybody.
    work : callable
        What is done while an act waits for the background; see :class:`tidemark.demo.play.stage.Stage`.
    """
    from tidemark.cli.loopback import loopback
    from tidemark.demo.play.line import Line
    from tidemark.demo.play.master import master_file
    from tidemark.demo.play.people import gather, tokens
    from tidemark.demo.play.stage import Stage

    for name in ("copies", "leaks", "findings", "evidence"):
        (folder / name).mkdir()
    persons = gather(password=password, now=now)
    with loopback() as address, tokens(persons, now=now) as issued:
        yield Stage(
            lines={key: Line(address, token) for key, token in issued.items()},
            drafts=drafts,
            scenes=scenes,
            folder=folder,
            work=work,
            master=lambda draft: master_file(home, draft),
        )


def _play(stage: "Stage", acts: "Sequence[Act]") -> None:
    """Play some acts, and tell of each when it is over."""
    from rich.padding import Padding
    from rich.text import Text

    from tidemark.cli import show

    console = show.stdout()
    with show.progress() as bar:
        task = bar.add_task("", total=len(acts))
        for act in acts:
            bar.update(task, description=act.title)
            lines: list[str] = []
            try:
                lines += act.play(stage)
            finally:
                console.print(Text.assemble((act.title, "bold"), "  ", (act.about, "italic")))
                for line in lines:
                    console.print(Padding(Text(shown(line)), (0, 0, 0, 2)))
            bar.advance(task)


def _show(stage: "Stage", folder: Path) -> None:
    """Print what was found beside the truth, and draw a sheet about each finding."""
    from rich.text import Text

    from tidemark.cli import show
    from tidemark.demo.findings import draw_finding

    made = show.table("leak", "verdict", "copy issued to", ("z", "right"), "an innocent scores so", "truth")
    for found in stage.found:
        draw_finding(stage, found, path=folder / "findings" / f"{found.scene.name}.png")
        named = [
            (each.custodian, f"{each.z:.1f}", odds(each.log10_bound).removeprefix("at most ")) for each in found.named
        ]
        first, *others = named or [("nobody", "", "")]
        show.add_row(
            made,
            f"{found.scene.name.partition('-')[0]} {found.scene.title}",
            Text(found.verdict.upper(), show.VERDICT_STYLES[found.verdict], no_wrap=True),
            *first,
            Text("found", "green") if found.is_right else Text("MISSED", "bold red"),
        )
        for other in others:
            show.add_row(made, "", "", *other, "")
    console = show.stdout()
    console.print(made)
    console.print("Whose copy leaked is shown; who leaked it, never.\n")


def _as_typed() -> str:
    """Return the command as it works in the shell that this one was started from: by its name only if that is found."""
    running = Path(sys.argv[0])
    found = shutil.which("tidemark")
    is_found = found is not None and Path(found).resolve() == running.resolve()
    return "tidemark" if is_found or running.name != "tidemark" else sys.argv[0]


def _tell_how_to_go_on(folder: Path, stage: "Stage", password: str) -> None:
    """Say where everything is, and how the folder is served and entered."""
    from tidemark.cli import show
    from tidemark.demo.cast import OWNER, OWNERS_PEOPLE, contact_of, holder

    console = show.stdout()
    places = [(name, str(folder / name)) for name in ("drafts", "copies", "leaks", "findings", "evidence")]
    console.print(show.facts([*places, ("data folder", str(folder / "home"))]))
    who = show.table("sign in as", "who", "of")
    for player in OWNERS_PEOPLE:
        show.add_row(who, player.email, f"{player.name}, {player.roles[-1]}", OWNER)
    for latin in ("Lanting Exteriors", "Jichuan Coatings", "Ardoise Injection"):
        player = contact_of(holder(latin))
        show.add_row(who, player.email, f"{player.name}, contact", latin)
    console.print(who)
    tidemark = _as_typed()
    for line in (
        f"See all of it: {tidemark} serve --home {folder / 'home'}",
        f"The password of everybody in it: {password}",
        f"Try as well: {tidemark} trace {stage.found[0].file} --home {folder / 'home'}",
    ):
        console.print(shown(line), markup=False, soft_wrap=True)
