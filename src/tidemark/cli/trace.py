"""``tidemark trace``: whose copy a leak was made from, and how sure that is."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tidemark import limits
from tidemark.cli import INTERRUPTED
from tidemark.cli.faults import FAILED, error_words, fail, tell, tell_caught, told
from tidemark.cli.inputs import HomeOption, JsonOption, read_file
from tidemark.cli.shown import shown
from tidemark.errors import LimitExceeded, TidemarkError, UnreadableFile

if TYPE_CHECKING:
    from rich.console import RenderableType

    from tidemark.records.leaks.evidence import Evidence
    from tidemark.records.leaks.tracing import TracedLeak

CUSTODY = (
    "This names a copy, and the party that it was issued to. It does not say who leaked it: that is for an "
    "investigation to find out."
)


@told
def trace(
    leaks: Annotated[
        list[Path],
        typer.Argument(metavar="LEAK...", help="Found pictures: PNG, JPEG, WebP, TIFF, BMP, GIF, HEIC or AVIF."),
    ],
    draft: Annotated[
        str | None,
        typer.Option("--draft", metavar="ID", help="Look at this draft only. Default: all drafts on record."),
    ] = None,
    evidence: Annotated[
        Path | None,
        typer.Option("--evidence", metavar="DIR", help="Write an evidence bundle of each accusation to this folder."),
    ] = None,
    found_where: Annotated[
        str,
        typer.Option("--found", metavar="TEXT", help="Where and when the leaks were found; it goes into the ledger."),
    ] = "",
    languages: Annotated[
        list[str] | None,
        typer.Option("--language", metavar="CODE", help="Of the report in the evidence: en or zh. Repeat it for both."),
    ] = None,
    decoys: Annotated[
        int,
        typer.Option(
            "--decoys",
            min=limits.MIN_DECOYS,
            metavar="N",
            help="How many keys that nobody holds are scored to try the null.",
        ),
    ] = limits.DECOYS,
    as_json: JsonOption = False,
    home_path: HomeOption = None,
) -> None:
    """Trace each LEAK to the copy that it was made from.

    A leak may be a repost, a crop, a screenshot, a photo of a screen or of a print, or a mixture of several copies.

    - **accused**: the leak was made from the copy named; an innocent copy on record would score like this with a
      probability of at most 1 in 1,000,000, which is given.

    - **suspected**: at most 1 in 1,000: a lead for an investigator, never an accusation.

    - **inconclusive**: the draft is recognised, but no copy stands out.

    - **unmatched**: no draft on record is recognised.

    That a leak was received and traced goes into the ledger, whatever comes of it. With --evidence, each accusation is
    put into a bundle that an outsider can verify without this machine: `tidemark verify`.

    Every verdict, also unmatched, is exit code 0. A leak that cannot be read or traced is told, the others are still
    traced, and the exit code is 1.

    With --json, a line for each leak: leak, verdict, draft, reason, accused (recipient, copy, z,
    false_accusation_bound, log10_false_accusation_bound, round), suspected, tested (copies, hypotheses), decoys (count,
    seed, max_z, ks_p), evidence (paths of bundles), seconds; or leak and error.

    Example: tidemark trace found/*.jpg
    """
    from tidemark.cli.opened import current_time, open_home, open_secret

    spoken = _languages(languages)
    if evidence is not None and decoys < limits.DECOYS:
        raise typer.BadParameter(f"Evidence needs at least {limits.DECOYS:,}, as laid down.", param_hint="--decoys")
    if evidence is not None and draft is not None:
        raise typer.BadParameter("Evidence is made of a trace of all drafts on record.", param_hint="--draft")
    if len(found_where) > limits.MAX_FOUND_CHARS:
        raise typer.BadParameter(f"At most {limits.MAX_FOUND_CHARS:,} characters are kept.", param_hint="--found")
    home = open_home(home_path, make=False)
    secret = open_secret(home)
    from tidemark.cli import show  # what knows the records can be imported once they are open
    from tidemark.cli.lines import traced_json
    from tidemark.records.files import make_output_folder
    from tidemark.records.leaks.evidence import evidence as evidence_of
    from tidemark.records.leaks.journal import write_journal
    from tidemark.records.leaks.tracing import candidates, draft_ids, trace_leak
    from tidemark.records.ledger.checkpoints import refuse_unready

    refuse_unready(home, now=current_time())
    if evidence is not None:
        make_output_folder(evidence, option="--evidence")
    if draft is not None and draft not in draft_ids():
        known = ", ".join(draft_ids()) or "none"
        raise typer.BadParameter(f"There is no draft {draft!r} on record. On record: {known}.", param_hint="--draft")
    among = candidates(home, secret=secret, draft=draft)
    failed = traced = 0
    with show.progress() as bar, _interruptible(lambda: f"{traced} of {len(leaks)} leaks were traced"):
        task = bar.add_task("Tracing", total=len(leaks))
        for leak in leaks:
            bar.update(task, description=f"Tracing {leak.name}")
            started = time.perf_counter()
            try:
                data = read_file(leak)
                found = trace_leak(data, among, decoys=decoys)
            except Exception as error:
                if isinstance(error, TidemarkError) and not isinstance(error, UnreadableFile | LimitExceeded):
                    raise  # the records are at fault, not this leak
                failed += 1
                message = error_words(error)
                message = message if str(leak) in message else f"{leak}: {message}"
                tell_caught(message)
                if as_json:
                    show.json_line({"leak": str(leak), "error": message})
                continue
            finally:
                bar.advance(task)
            seconds = time.perf_counter() - started
            now = current_time()
            journal = write_journal(
                home, data, found, name=_file_name(leak), where=shown(found_where), only_draft=draft, now=now
            )
            traced += 1
            bundles: list[Path] = []
            if evidence is not None and found.trace.accused:
                bar.update(task, description=f"Evidence of {leak.name}")
                made = evidence_of(home, data, found, journal, secret=secret, now=now, languages=spoken)
                try:
                    bundles += _written(made, evidence, leak)
                except TidemarkError as error:  # the verdict is in the ledger, and is shown all the same
                    failed += 1
                    tell_caught(f"{leak}: {error}")
            if as_json:
                show.json_line(traced_json(str(leak), found, evidence=bundles, seconds=seconds))
            else:
                show.stdout().print(_panel(str(leak), found, evidence=bundles, seconds=seconds))
    if failed:
        raise typer.Exit(FAILED)


@contextmanager
def _interruptible(done: Callable[[], str]) -> Iterator[None]:
    """Say what was done, and is in the ledger, when the rest is interrupted."""
    try:
        yield
    except KeyboardInterrupt:
        fail(f"Interrupted. {done()}, and are in the ledger.", code=INTERRUPTED)


def _written(made: "Iterable[Evidence]", folder: Path, leak: Path) -> list[Path]:
    """Write each bundle to the folder; say why a report is not in it."""
    from tidemark.evidence.bundle import EXTENSION
    from tidemark.records.files import write_new

    paths = []
    for each in made:
        stem = _file_name(leak.with_suffix("")).encode()[:_STEM_BYTES].decode(errors="ignore")
        paths.append(write_new(folder / f"{stem}--{each.draft}{EXTENSION}", each.data))
        for missing in each.unreported:
            tell(missing)
    return paths


_STEM_BYTES = 150
"""Of a bundle's name: a file name has at most 255, and the draft's id and what tells namesakes apart stand behind."""


def _languages(wanted: list[str] | None) -> tuple[str, ...]:
    """Return the languages of the report, each once, English if none is named."""
    from tidemark.evidence.bundle import REPORTS

    if unknown := [each for each in wanted or () if each not in REPORTS]:
        raise typer.BadParameter(f"{unknown[0]!r} is none of: {', '.join(REPORTS)}.", param_hint="--language")
    return tuple(dict.fromkeys(wanted or ("en",)))


def _file_name(path: Path) -> str:
    """Return a file's name as text that the ledger can keep."""
    return shown(path.name.encode(errors="replace").decode())[: limits.MAX_NAME_CHARS]


def _panel(leak: str, found: "TracedLeak", *, evidence: Sequence[Path], seconds: float) -> "RenderableType":
    """Return what people read about one leak."""
    from rich.text import Text

    from tidemark.cli import show

    result = found.trace
    rows: list[tuple[str, RenderableType]] = [("Draft", _shown(found))]
    rows += _named(found)
    rows.append(("Why", result.reason))
    rows.append(("Tested", f"{result.copies_tested:,} copies × {result.hypotheses:,} hypotheses in {seconds:.1f} s"))
    if result.decoys is not None:
        decoys = result.decoys
        rows.append(
            (
                "Decoys",
                f"{decoys.count:,} keys that nobody holds: highest z {decoys.max_z:.2f}, "
                f"fit to the normal law p = {decoys.ks_p:.2f}",
            )
        )
    rows += [("Evidence", str(path)) for path in evidence]
    body: Sequence[RenderableType] = (show.facts(rows),)
    if result.accused or result.suspected:
        body = (*body, Text(), Text(CUSTODY, style="dim"))
    return show.verdict_panel(leak, result.verdict, body)


def _shown(found: "TracedLeak") -> str:
    """Say which draft the leak shows, and how much of it."""
    result = found.trace
    if result.draft is None:
        return "none on record"
    placed = next((place for place in result.registered if place.draft == result.draft), None)
    if placed is None:
        return result.draft
    return f"{result.draft}; the leak shows {placed.coverage:.0%} of it{', mirrored' if placed.mirrored else ''}"


def _named(found: "TracedLeak") -> list[tuple[str, "RenderableType"]]:
    """Return the lines about each copy that stands out."""
    from rich.text import Text

    from tidemark.cli.shown import shown
    from tidemark.odds import odds

    lines: list[tuple[str, RenderableType]] = []
    for word, style, named in (
        ("Copy", "bold red", found.trace.accused),
        ("Lead", "yellow", found.trace.suspected),
    ):
        for accusation in named:
            holder = found.holders.get(accusation.copy, "a copy that is no longer on record")
            lines.append((word, Text.assemble((accusation.copy, "bold"), ", issued to ", (shown(holder), style))))
            lines.append(("", f"z = {accusation.z:.1f}"))
            lines.append(("", f"Probability that any innocent copy would score so: {odds(accusation.log10_bound)}"))
    return lines
