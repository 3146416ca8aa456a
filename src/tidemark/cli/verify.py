"""``tidemark verify``: an outsider's check of an evidence bundle. It needs no data folder and no network."""

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tidemark import limits
from tidemark.cli.faults import FAILED, tell, told
from tidemark.cli.inputs import AuthorityOption, JsonOption, read_file
from tidemark.errors import UnreadableFile

if TYPE_CHECKING:
    from tidemark.evidence.verify import Verification
    from tidemark.ledger.consistency import Consistency
    from tidemark.ledger.receipt import Receipt


@told
def verify(
    bundle: Annotated[Path, typer.Argument(metavar="BUNDLE", help="An evidence bundle: NAME.tidemark.")],
    key: Annotated[
        str | None,
        typer.Option(
            "--key", metavar="VKEY", help="The ledger's public key, as the owner publishes it: name+id+base64."
        ),
    ] = None,
    receipt: Annotated[
        Path | None,
        typer.Option(
            "--receipt", metavar="FILE", help="A holder's receipt: the bundle must be of the same key and history."
        ),
    ] = None,
    proofs: Annotated[
        list[Path] | None,
        typer.Option(
            "--proof", metavar="FILE", help="The owner's proof of consistency between the receipt and the bundle."
        ),
    ] = None,
    copies: Annotated[
        list[Path] | None,
        typer.Option("--copy", metavar="COPY", help="The accused copy, from its holder: is it the one, with this key?"),
    ] = None,
    authority: AuthorityOption = None,
    report: Annotated[
        Path | None,
        typer.Option("--report", metavar="DIR", help="Take the reports (PDF) out of a bundle that is valid."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Check an evidence BUNDLE: every proof followed, every figure that accuses computed again.

    No data folder, no network and no trust in whoever made the bundle are needed, but for one thing: that the ledger is
    the owner's. Give its public key with --key, or a holder's receipt with --receipt; without either, the key that the
    bundle names is shown, for you to compare. An accused holder should give its own copy as well, with --copy: it is
    the only file that shows whether the key that is revealed was really that copy's.

    Exit code 0 if every step holds, 1 if one fails.

    With --json, one line: valid; bundle_holds (true too if nothing fails but a file given with --copy that is none of
    the accused copies); steps (step, holds, detail, by_given, and figures with what was computed here, what is stated
    and how far they may lie apart); arithmetic (same, and differences between this machine and the one that the
    finding names: where there are none, every digit must agree).

    Example: tidemark verify leak--bumper.tidemark --receipt bumper.receipt --copy bumper.png
    """
    from tidemark.cli import show
    from tidemark.evidence.verify import verify as check

    data = read_file(bundle, limit_bytes=limits.MAX_BUNDLE_BYTES)
    roots = [read_file(each, limit_bytes=limits.MAX_CERTIFICATE_BYTES) for each in authority or []]
    held = [read_file(each) for each in copies or []]
    if proofs and receipt is None:
        raise typer.BadParameter("A proof of consistency leads from a receipt. Give that, too.", param_hint="--proof")
    found = check(
        data,
        vkey=_trusted_key(key),
        receipt=_read_receipt(receipt),
        proofs=[_read_proof(each) for each in proofs or []],
        held=held,
        roots=roots,
    )
    if as_json:
        show.json_line(_as_json(found))
    else:
        show_steps(bundle, found)
    if not found.valid:
        raise typer.Exit(FAILED)
    if report is not None:
        _take_reports(data, report, bundle)


def _as_json(found: "Verification") -> dict[str, Any]:
    same = found.arithmetic and {"same": found.arithmetic.same, **dataclasses.asdict(found.arithmetic)}
    steps = [dataclasses.asdict(step) for step in found.steps]
    return {"valid": found.valid, "bundle_holds": found.bundle_holds, "steps": steps, "arithmetic": same}


def _trusted_key(key: str | None) -> str | None:
    """Return the public key that the reader trusts, None if none is given."""
    from tidemark.ledger.note import parse_vkey

    if key is not None:
        try:
            parse_vkey(key)
        except UnreadableFile as error:
            raise typer.BadParameter(str(error), param_hint="--key") from None
    return key


def _read_receipt(path: Path | None) -> "Receipt | None":
    from tidemark.ledger.receipt import decode

    return None if path is None else decode(read_file(path, limit_bytes=limits.MAX_RECEIPT_BYTES))


def _read_proof(path: Path) -> "Consistency":
    from tidemark.ledger.consistency import decode

    return decode(read_file(path, limit_bytes=limits.MAX_RECEIPT_BYTES))


def show_steps(bundle: Path, found: "Verification") -> None:
    """Print the argument, step by step, and how it ends."""
    from rich.text import Text

    from tidemark.cli import show

    made = show.table("", ("", "right"), "claim", "detail", title=str(bundle))
    for number, step in enumerate(found.steps, 1):
        sign = Text("✓", "green") if step.holds else Text("✗", "bold red")
        show.add_row(made, sign, str(number), step.step, step.detail)
    show.stdout().print(made)
    if found.valid and found.arithmetic is not None:
        digits = "to its last digit" if found.arithmetic.same else "within what processors differ by, as step 10 says"
        show.stdout().print(
            Text(f"Valid: every step holds, and every figure computed here agrees {digits}.", "bold green")
        )
    else:
        failed = [str(number) for number, step in enumerate(found.steps, 1) if not step.holds]
        steps = f"step {failed[0]} fails" if len(failed) == 1 else f"steps {', '.join(failed)} fail"
        if found.bundle_holds:
            ends = f"Not shown: {steps}, by the copy given alone, which is none of the accused ones as issued. "
            show.stdout().print(Text(ends + "The bundle holds in every step without it.", "bold yellow"))
        else:
            show.stdout().print(Text(f"Not valid: {steps}. Rely on nothing in this bundle.", "bold red"))


def _take_reports(data: bytes, folder: Path, bundle: Path) -> None:
    from tidemark.evidence.bundle import read
    from tidemark.records.files import make_output_folder, write_new

    make_output_folder(folder, option="--report")
    for language, pdf in read(data).opened().reports.items():
        path = folder / f"{bundle.stem}-{language}.pdf"
        write_new(path, pdf)
        tell(f"{path}: sealed by the owner, not verified. It counts as far as it says what the steps above say.")
