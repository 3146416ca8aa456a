"""``tidemark mark``: a marked copy of each draft for each recipient."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tidemark.cli import INTERRUPTED
from tidemark.cli.faults import fail, tell, told
from tidemark.cli.inputs import HomeOption, JsonOption, read_file
from tidemark.errors import LimitExceeded, OutputUnusable, TidemarkError, Unmarkable, UnreadableFile
from tidemark.limits import MAX_RECIPIENTS_BYTES

if TYPE_CHECKING:
    from tidemark.records.copies.issue import Issued
    from tidemark.records.home import Home
    from tidemark.records.parties.recipients import Recipient

_UNTOUCHED = "as sent"


@told
def mark(
    drafts: Annotated[list[Path], typer.Argument(metavar="DRAFT...", help="PNG, JPEG, WebP, TIFF or BMP pictures.")],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="DIR", help="The folder for the copies; it is made if need be.")
    ],
    names: Annotated[
        list[str] | None,
        typer.Option("--for", metavar="NAME", help="A recipient. Repeat it for several. A new name becomes a party."),
    ] = None,
    recipients_file: Annotated[
        Path | None,
        typer.Option(
            "--recipients",
            metavar="FILE.csv",
            help="A table of recipients with a column `name`; its other columns are kept as the party's data, but "
            "`nonce` (32 to 64 hexadecimal digits), which goes into the copy's key. "
            "UTF-8, with commas, semicolons or tabs.",
        ),
    ] = None,
    receipts: Annotated[
        Path | None,
        typer.Option("--receipts", metavar="DIR", help="Write each copy's receipt there, for its holder to keep."),
    ] = None,
    owner: Annotated[
        str | None,
        typer.Option("--owner", metavar="NAME", help="Your company, the drafts' owner; kept from the first run."),
    ] = None,
    project: Annotated[
        str | None,
        typer.Option("--project", metavar="CODE", help="Code name of the project that a new draft belongs to."),
    ] = None,
    as_json: JsonOption = False,
    home_path: HomeOption = None,
) -> None:
    """Mark a copy of each DRAFT for each recipient.

    A copy is named after its draft and its recipient, has the draft's format, size and colours, and none of its
    metadata. The mark is not noticed without the draft beside it; `tidemark trace` reads it in what may become of the
    copy later.

    Before anything is made, each new draft is marked and leaked on trial. If such leaks could not be traced, you are
    told which; if not even an untouched copy could be, the draft is refused. So is a copy, or what was made from one:
    its holder would be named for every leak. Mark the original.

    Before a copy leaves, it is in the ledger: which file, made of which draft, for whom, and a commitment to its mark.
    A **receipt** proves that to its holder, without anybody's help: `tidemark ledger verify`. A holder who gave a nonce
    finds it there.

    Each run makes **new** copies, also for those who have one: every file that is handed out has its own mark.
    No file is ever overwritten. A copy appears under its name exactly when it is on record.

    With --json, a line for each copy: draft, recipient, copy, path, psnr_db, sha256.

    Example: tidemark mark front.png rear.png --for "Ningbo Huaxin" --for "Acme Mould" --out copies
    """
    recipients = _recipients(names or [], recipients_file)
    order = _Order(out, receipts, project and _clean(project, "--project"), _owner_name(owner, recipients))
    files = _distinct_drafts(drafts)

    from tidemark.cli.opened import open_home
    from tidemark.records.files import make_output_folder
    from tidemark.records.home import default_path

    if Path(os.path.realpath(out)).is_relative_to(os.path.realpath(home_path or default_path())):
        raise typer.BadParameter("The data folder is no place for copies. Name another folder.", param_hint="--out")
    make_output_folder(out)
    if receipts is not None:
        make_output_folder(receipts, option="--receipts")
    home = open_home(home_path, make=True)
    _refuse_other_owner(owner, recipients)
    _issue_all(home, files, recipients, order, as_json=as_json)


@dataclass(frozen=True, slots=True)
class _Order:
    """Where copies and receipts go, and whose drafts they are made of."""

    out: Path
    receipts: Path | None
    project: str | None
    owner: str


def _owner_name(given: str | None, recipients: Sequence["Recipient"]) -> str:
    """Return the owner's name, which is no recipient's: its own copy is the master."""
    from tidemark.records.parties.names import OWNER

    name = OWNER if given is None else _clean(given, "--owner")
    _refuse_among(recipients, name)
    return name


def _refuse_other_owner(given: str | None, recipients: Sequence["Recipient"]) -> None:
    """Refuse another owner than is on record, and the one on record as a recipient; the records are open."""
    from tidemark.records.parties.models import Party
    from tidemark.records.parties.names import fold

    owner = Party.objects.filter(is_owner=True).first()
    if owner is None:
        return
    if given is not None and fold(given) != fold(owner.name):
        raise typer.BadParameter(
            f"the owner on record is {owner.name}; it is named once, by the first run or at the desk's first sign-in. "
            "Leave the option out.",
            param_hint="--owner",
        )
    _refuse_among(recipients, owner.name)


def _refuse_among(recipients: Sequence["Recipient"], owner: str) -> None:
    from tidemark.records.parties.names import fold

    if fold(owner) in {fold(each.name) for each in recipients}:
        raise typer.BadParameter(f"{owner} is the owner and has its own copy, the master.", param_hint="--for")


def _clean(text: str, option: str) -> str:
    from tidemark.records.parties.names import clean_name

    try:
        return clean_name(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=option) from None


def _issue_all(
    home: "Home",
    files: Sequence[tuple[Path, bytes]],
    recipients: Sequence["Recipient"],
    order: _Order,
    *,
    as_json: bool,
) -> None:
    """Issue the copies and show each. What was made before a failure or Ctrl-C is said."""
    from tidemark.cli import show
    from tidemark.cli.opened import current_time, open_secret
    from tidemark.records.copies.issue import issue
    from tidemark.records.copies.models import Copy

    now = current_time()
    wanted = len(files) * len(recipients)
    issued: list[Issued] = []
    try:
        secret = open_secret(home, now=now)
        for path, data in files:
            _refuse_marked(home, path, data, secret=secret)
            _rehearse(path, data)
        with show.progress() as bar:
            task = bar.add_task("Marking", total=wanted)
            for path, data in files:
                copies = issue(
                    home,
                    data,
                    recipients,
                    name=path.name,
                    out=order.out,
                    secret=secret,
                    now=now,
                    project=order.project,
                    owner=order.owner,
                )
                for copy in copies:
                    issued.append(copy)
                    if order.receipts is not None:
                        _write_receipt(home, copy, order.receipts)
                    bar.advance(task)
                    if as_json:
                        show.json_line(_line(copy))
    except (KeyboardInterrupt, TidemarkError) as stop:
        made = Copy.objects.filter(created=now, state=Copy.State.RELEASED, is_master=False).count()
        kept = f" {made} of {wanted} copies were made, and are on record." if made else " No copy was made."
        if isinstance(stop, KeyboardInterrupt):
            fail(f"Interrupted.{kept}", code=INTERRUPTED)
        fail(f"{stop}{kept}")
    if not as_json:
        _show(issued, order.out)


def _write_receipt(home: "Home", copy: "Issued", folder: Path) -> None:
    """Write a copy's receipt; the copy is there already, so say how its receipt is got later."""
    from tidemark.records.files import write_new
    from tidemark.records.ledger.receipts import receipt_of_copy

    try:
        write_new(folder / f"{copy.path.stem}.receipt", receipt_of_copy(home, copy.copy))
    except OutputUnusable as error:
        later = f"Get the receipt of this copy later: tidemark ledger prove {copy.copy}."
        raise OutputUnusable(f"{error} {later}") from error


def _recipients(names: Sequence[str], table: Path | None) -> tuple["Recipient", ...]:
    """Return who gets a copy, each once, of both ways to say it."""
    from tidemark.records.parties.names import clean_name
    from tidemark.records.parties.recipients import Recipient, merge, read_recipients

    try:
        listed = [Recipient(clean_name(name)) for name in names]
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--for") from None
    if table is not None:
        data = read_file(table, limit_bytes=MAX_RECIPIENTS_BYTES)
        try:
            listed.extend(read_recipients(data))
        except TidemarkError as error:
            raise type(error)(f"{table}: {error}") from None
    if not listed:
        raise typer.BadParameter("Say who gets a copy: --for NAME or --recipients FILE.csv.", param_hint="--for")
    return merge(listed)


def _distinct_drafts(paths: Sequence[Path]) -> list[tuple[Path, bytes]]:
    """Read the drafts. A file that is named twice is one draft."""
    files: dict[bytes, tuple[Path, bytes]] = {}
    for path in paths:
        data = read_file(path)
        if data in files:
            tell(f"{path} has the same bytes as {files[data][0]} and is marked once.")
        files.setdefault(data, (path, data))
    return list(files.values())


def _refuse_marked(home: "Home", path: Path, data: bytes, *, secret: bytes) -> None:
    """Refuse a copy, and a new draft that was made from one. It takes some seconds if there are copies on record."""
    from tidemark.cli import show
    from tidemark.records.projects.provenance import refuse_marked

    try:
        with show.progress() as bar:
            bar.add_task(f"Looking for marks in {path.name}", total=None)
            refuse_marked(home, data, secret=secret)
    except (Unmarkable, UnreadableFile, LimitExceeded) as error:
        raise type(error)(f"{path}: {error}") from None


def _rehearse(path: Path, data: bytes) -> None:
    """Leak a copy of a new draft on trial; warn of leaks that would not be traced, refuse if none would be."""
    from tidemark.cli import show
    from tidemark.cli.drill import drill_secret, drilled_table
    from tidemark.engine.drill.leaks import QUICK
    from tidemark.engine.drill.run import quick
    from tidemark.records.projects.drafts import find_draft

    if find_draft(data) is not None:
        return
    try:
        with show.progress() as bar:
            task = bar.add_task(f"Leaking {path.name} on trial", total=len(QUICK))
            results = []
            for result in quick(data, secret=drill_secret(data)):
                results.append(result)
                bar.advance(task)
    except TidemarkError as error:
        raise type(error)(f"{path}: {error}") from None
    untraced = [result for result in results if not result.traced]
    if not untraced:
        return
    show.stderr().print(drilled_table(results, title=f"{path.name}: leaks on trial"))
    if any(result.leak.name == _UNTOUCHED for result in untraced):
        raise Unmarkable(
            f"{path}: not even an untouched copy of this draft could be traced. Use a larger or richer one."
        )
    tell(
        f"{path}: {len(untraced)} of {len(results)} leaks on trial could not be traced. Try all with `tidemark drill`."
    )


def _line(copy: "Issued") -> dict[str, str | float]:
    return {
        "draft": copy.draft,
        "recipient": copy.recipient,
        "copy": copy.copy,
        "path": str(copy.path),
        "psnr_db": round(copy.psnr_db, 2),
        "sha256": copy.sha256,
    }


def _show(issued: Sequence["Issued"], out: Path) -> None:
    from tidemark.cli import show
    from tidemark.cli.shown import shown

    made = show.table("recipient", "copy", "file", ("PSNR", "right"), whole=("copy", "PSNR"))
    for copy in issued:
        show.add_row(made, copy.recipient, copy.copy, copy.path.name, f"{copy.psnr_db:.1f} dB")
    show.stdout().print(made)
    parties = show.counted(len({copy.recipient for copy in issued}), "recipient", "recipients")
    show.stdout().print(
        f"{show.counted(len(issued), 'copy', 'copies')} for {parties}, in {shown(str(out))}", markup=False
    )
