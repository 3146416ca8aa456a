"""``tidemark ledger``: sign the ledger, hand out proofs, verify them."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from tidemark import limits
from tidemark.cli.faults import FAILED, tell, told
from tidemark.cli.inputs import HomeOption, JsonOption, read_file

ledger = typer.Typer(
    no_args_is_help=True,
    help="Sign the ledger's state, hand out proofs of its entries, and verify them.",
)


@ledger.command()
@told
def checkpoint(
    stamp: Annotated[
        bool,
        typer.Option("--stamp", help="Have the authority at TIDEMARK_TIMESTAMP_URL stamp it (RFC 3161)."),
    ] = False,
    as_json: JsonOption = False,
    home_path: HomeOption = None,
) -> None:
    """Sign the ledger as it is, and print the checkpoint and the public key to publish beside it.

    With --stamp, the authority at TIDEMARK_TIMESTAMP_URL confirms the time; its root certificate must lie in the file
    that TIDEMARK_TIMESTAMP_ROOTS names (PEM). Nothing but a hash leaves this machine.

    With --json, one line: size, checkpoint, key, stamped (time and authority, or null).
    """
    from tidemark.cli import show
    from tidemark.cli.authority import ask, configured
    from tidemark.cli.opened import open_home

    authority = configured() if stamp else None
    home = open_home(home_path, make=False)
    from tidemark.records.ledger.checkpoints import signed_checkpoint, stamp_checkpoint

    signed = signed_checkpoint(home)
    stamped = None
    if authority is not None:
        stamped = stamp_checkpoint(home, signed, roots=authority.roots, ask=lambda request: ask(authority, request))
    if as_json:
        said = stamped and {"time": stamped.time, "authority": stamped.authority}
        show.json_line({"size": signed.size, "checkpoint": signed.note.decode(), "key": signed.vkey, "stamped": said})
        return
    typer.echo(signed.note.decode(), nl=False)
    tell(f"Signed with the key {signed.vkey}. Publish it; receipts and evidence are verified with it.")
    if stamped is not None:
        tell(f"Stamped at {stamped.time} by {stamped.authority}.")


@ledger.command()
@told
def prove(
    copies: Annotated[list[str], typer.Argument(metavar="COPY...", help="Ids of copies on record.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="DIR", help="Write COPY.receipt files there. Default: stdout.")
    ] = None,
    home_path: HomeOption = None,
) -> None:
    """Print the receipt of each COPY: its entry, and a proof that the signed ledger holds it.

    A receipt is a text of two lines that fits into one QR code. Its holder can show later, without the owner's help,
    which file was issued to whom and when: tidemark ledger verify FILE.
    """
    from tidemark.cli.opened import open_home

    home = open_home(home_path, make=False)
    from tidemark.records.files import make_output_folder, write_new
    from tidemark.records.ledger.receipts import receipt_of_copy

    receipts = [(copy, receipt_of_copy(home, copy)) for copy in copies]
    if out is None:
        for _, receipt in receipts:
            typer.echo(receipt.decode(), nl=False)
        return
    make_output_folder(out)
    for copy, receipt in receipts:
        tell(f"{write_new(out / f'{copy}.receipt', receipt)}")


@ledger.command()
@told
def export(
    out: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write; never over another one.")],
    home_path: HomeOption = None,
) -> None:
    """Write the whole ledger to FILE: every entry and every checkpoint. It names every holder; keep it confidential.

    Anybody who may see it can verify it whole with tidemark ledger verify FILE.
    """
    from tidemark.cli.opened import open_home

    home = open_home(home_path, make=False)
    from tidemark.records.files import write_new
    from tidemark.records.ledger.checkpoints import exported

    tell(f"{write_new(out, exported(home))}")


@dataclass(frozen=True, slots=True)
class _Verified:
    """What is shown of a receipt or a ledger that holds. ``entry`` is a receipt's."""

    detail: str
    entry: Mapping[str, object] | None = None


@ledger.command()
@told
def verify(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="A receipt or an exported ledger. Default: the ledger of this folder."),
    ] = None,
    key: Annotated[
        str | None, typer.Option("--key", metavar="VKEY", help="The ledger's public key, as the owner publishes it.")
    ] = None,
    copy: Annotated[
        Path | None, typer.Option("--copy", metavar="COPY", help="The copy that you hold: is it the receipt's?")
    ] = None,
    as_json: JsonOption = False,
    home_path: HomeOption = None,
) -> None:
    """Verify a receipt, an exported ledger, or the ledger of this folder, from its bytes.

    With --json, one line: valid, detail, and for a receipt its entry.

    Example: tidemark ledger verify front-bumper.receipt --copy front-bumper.png
    """
    from tidemark.cli import show
    from tidemark.errors import TidemarkError

    data = _own(home_path) if file is None else read_file(file, limit_bytes=limits.MAX_BUNDLE_BYTES)
    try:
        found, valid = _verified(data, key, copy), True
    except TidemarkError as error:
        found, valid = _Verified(str(error)), False
    if as_json:
        show.json_line({"valid": valid, "detail": found.detail, "entry": found.entry})
    else:
        said = [(name, str(value)) for name, value in (found.entry or {}).items()]
        show.stdout().print(show.facts([("Valid" if valid else "Not valid", found.detail), *said]))
    if not valid:
        raise typer.Exit(FAILED)


def _verified(data: bytes, key: str | None, copy: Path | None) -> _Verified:
    """Verify a receipt or an exported ledger, told apart by how they begin."""
    from tidemark.errors import LedgerTampered
    from tidemark.ledger import export, receipt

    if not data.startswith(f"{receipt.SCHEME} ".encode()):
        if copy is not None:
            raise typer.BadParameter("A copy is compared with its receipt. Name that.", param_hint="--copy")
        return _Verified(export.verify(data, key).summary())
    found = receipt.decode(data)
    said = receipt.verify(found, key)
    if copy is not None:
        seen = hashlib.sha256(read_file(copy)).hexdigest()
        if seen != said.body.get("copy_sha256"):
            raise LedgerTampered(f"{copy} is another file than the receipt's: its SHA-256 is {seen}.")
    by = "the key given" if key else f"the key that it names itself, {found.vkey}: compare it"
    detail = f"entry {found.index} of the ledger, {said.kind} at {said.time}, signed by {by}"
    return _Verified(detail, {**said.body, "kind": said.kind, "time": said.time})


def _own(home_path: Path | None) -> bytes:
    from tidemark.cli.opened import open_home

    home = open_home(home_path, make=False)
    from tidemark.records.ledger.checkpoints import exported

    return exported(home)
