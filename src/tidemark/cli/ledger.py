"""``tidemark ledger``: sign the ledger, hand out proofs, verify them."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from tidemark import limits
from tidemark.cli.faults import FAILED, tell, told
from tidemark.cli.inputs import AuthorityOption, HomeOption, JsonOption, read_file

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
    copies: Annotated[list[str] | None, typer.Argument(metavar="[COPY]...", help="Ids of copies on record.")] = None,
    older: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="STATE",
            help="Prove that the ledger only grew since this state: a number of entries, or a receipt or checkpoint.",
        ),
    ] = None,
    newer: Annotated[
        str | None, typer.Option("--to", metavar="STATE", help="Until this one. Default: the last that was signed.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="DIR", help="Write the files there. Default: stdout.")
    ] = None,
    home_path: HomeOption = None,
) -> None:
    """Print the receipt of each COPY; or, with --from, a proof that the ledger only grew since then.

    A receipt is a text of two lines: the copy's entry, and a proof that the signed ledger holds it. Most fit into one
    QR code. Its holder can show later, without the owner's help, which file was issued to whom and when:
    tidemark ledger verify FILE.

    A proof of consistency leads between two states that were signed. Whoever holds the older one, in a receipt or as
    a checkpoint, sees that nothing it covers was changed since: tidemark ledger verify FILE --since RECEIPT. In the
    files that are written (--out), it is FROM-TO.consistency; a receipt is COPY.receipt.

    Example: tidemark ledger prove --from front-bumper.receipt --out proofs
    """
    from tidemark.cli.opened import open_home

    if bool(copies) == (older is not None):
        raise typer.BadParameter("Name copies, or the state that the ledger grew from with --from.", param_hint="COPY")
    if newer is not None and older is None:
        raise typer.BadParameter("It needs the state that is older, --from.", param_hint="--to")
    states = [None if state is None else _state(state) for state in (older, newer)]
    home = open_home(home_path, make=False)
    from tidemark.records.files import make_output_folder, write_new
    from tidemark.records.ledger.consistent import consistency_proof
    from tidemark.records.ledger.receipts import receipt_of_copy

    files = [(f"{copy}.receipt", receipt_of_copy(home, copy)) for copy in copies or []]
    if states[0] is not None:
        proof = consistency_proof(home, states[0], states[1])
        files.append((proof.file_name, proof.data))
    for name, data in files:
        if len(data) > limits.QR_BYTES and older is None:
            tell(f"{name} has {len(data):,} bytes, too many for one QR code. Hand it out as a file.")
    if out is None:
        for _, data in files:
            typer.echo(data.decode(), nl=False)
        return
    make_output_folder(out)
    for name, data in files:
        tell(f"{write_new(out / name, data)}")


@ledger.command()
@told
def export(
    out: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write; never over another one.")],
    home_path: HomeOption = None,
) -> None:
    """Write the whole ledger to FILE: every entry, every checkpoint with its time-stamp, and a seal over them.

    It names every holder; keep it confidential. Anybody who may see it can verify it whole with tidemark ledger verify
    FILE, best with --since and a receipt.
    """
    from tidemark.cli.opened import open_home

    home = open_home(home_path, make=False)
    from tidemark.records.files import write_new
    from tidemark.records.ledger.checkpoints import exported

    tell(f"{write_new(out, exported(home))}: every entry, with all holders' names. Keep it confidential.")


@dataclass(frozen=True, slots=True)
class _Verified:
    """What is said of what holds, or of the fault, one thing at a time. ``entry`` is a receipt's."""

    said: tuple[str, ...]
    entry: Mapping[str, object] | None = None


@ledger.command()
@told
def verify(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]",
            help="A receipt, an exported ledger or a proof of consistency. Default: the ledger of this folder.",
        ),
    ] = None,
    key: Annotated[
        str | None, typer.Option("--key", metavar="VKEY", help="The ledger's public key, as the owner publishes it.")
    ] = None,
    copy: Annotated[
        Path | None, typer.Option("--copy", metavar="COPY", help="The copy that you hold: is it the receipt's?")
    ] = None,
    since: Annotated[
        list[Path] | None,
        typer.Option(
            "--since",
            metavar="HELD",
            help="A receipt, checkpoint or proof of consistency that you hold: is FILE of the same history?",
        ),
    ] = None,
    authority: AuthorityOption = None,
    as_json: JsonOption = False,
    home_path: HomeOption = None,
) -> None:
    """Verify a receipt, an exported ledger, a proof of consistency, or the ledger of this folder, from its bytes.

    With --since, a ledger must hold what you hold a signed checkpoint of, unchanged, and have been cut off nowhere
    before it. A receipt and a checkpoint of other sizes are compared with a proof of consistency: give that as well.

    With --json, one line: valid, detail, and for a receipt its entry.

    Example: tidemark ledger verify ledger.jsonl --since front-bumper.receipt
    """
    from tidemark.cli import show
    from tidemark.errors import TidemarkError

    held = [read_file(each, limit_bytes=limits.MAX_RECEIPT_BYTES) for each in since or []]
    roots = [read_file(each, limit_bytes=limits.MAX_CERTIFICATE_BYTES) for each in authority or []]
    shown = _shown(file, home_path)
    try:
        found, valid = _verified(shown(), key=key, copy=copy, since=held, roots=roots), True
    except TidemarkError as error:
        found, valid = _Verified((str(error),)), False
    if as_json:
        show.json_line({"valid": valid, "detail": "; ".join(found.said), "entry": found.entry})
    else:
        first, *others = found.said
        entry = [(name, str(value)) for name, value in (found.entry or {}).items()]
        told_of = [("Valid" if valid else "Not valid", first), *(("", each) for each in others)]
        show.stdout().print(show.facts([*told_of, *entry]))
    if not valid:
        raise typer.Exit(FAILED)


def _verified(
    data: bytes, *, key: str | None, copy: Path | None, since: Sequence[bytes], roots: Sequence[bytes]
) -> _Verified:
    """Verify a receipt, a proof or an exported ledger, told apart by how they begin."""
    from tidemark.errors import UnreadableFile
    from tidemark.ledger import consistency, export, holder, receipt, whole

    scheme = data.partition(b" ")[0].decode(errors="replace")
    if copy is not None and scheme != receipt.SCHEME:
        raise typer.BadParameter("A copy is compared with its receipt. Name that.", param_hint="--copy")
    if roots and scheme != export.SCHEME:
        raise typer.BadParameter("An exported ledger has time-stamps. Name one.", param_hint="--authority")
    if scheme == export.SCHEME:
        return _Verified(whole.verify(data, key, roots=roots, since=since).said())
    if scheme == consistency.SCHEME:
        return _Verified(holder.verify_proof(data, key, since=since).said())
    if scheme == receipt.SCHEME:
        sha256 = None if copy is None else hashlib.sha256(read_file(copy)).hexdigest()
        found = holder.verify_receipt(data, key, copy_sha256=sha256, since=since)
        return _Verified(found.said(), {**found.entry.body, "kind": found.entry.kind, "time": found.entry.time})
    raise UnreadableFile("This is neither a receipt nor a proof of consistency nor an exported ledger.")


def _state(text: str) -> int | bytes:
    """Read what names a state of the ledger: a number of entries, or a file."""
    return int(text) if text.isascii() and text.isdecimal() else read_file(Path(text))


def _shown(file: Path | None, home_path: Path | None) -> Callable[[], bytes]:
    """Return what gives the bytes to verify: of the file, which is read; else of the folder's ledger, which is opened.

    That is exported when called, and fails where the ledger is not what was signed.
    """
    if file is not None:
        data = read_file(file, limit_bytes=limits.MAX_BUNDLE_BYTES)
        return lambda: data
    from tidemark.cli.opened import open_home

    home = open_home(home_path, make=False)
    from tidemark.records.ledger.checkpoints import exported

    return partial(exported, home)
