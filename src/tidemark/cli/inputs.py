"""Files and options that several commands take."""

import stat
from pathlib import Path
from typing import Annotated

import typer

from tidemark.errors import LimitExceeded, UnreadableFile
from tidemark.limits import MAX_FILE_BYTES

HomeOption = Annotated[
    Path | None,
    typer.Option(
        "--home",
        metavar="DIR",
        envvar="TIDEMARK_HOME",
        help="The data folder with records, originals and the master secret. Default: the platform's user data folder.",
    ),
]
JsonOption = Annotated[
    bool,
    typer.Option("--json", help="Print one JSON object a line on stdout, for programs. People's text is on stderr."),
]

AuthorityOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--authority", metavar="CERTIFICATE", help="Root certificate of a time-stamp authority that you trust."
    ),
]


def read_file(path: Path, *, limit_bytes: int = MAX_FILE_BYTES) -> bytes:
    """Return all bytes of a file.

    Raises
    ------
    UnreadableFile
        If there is no such file, or it cannot be read, is empty, or is no regular file.
    LimitExceeded
        If it is larger than the limit; no more than that is read.
    """
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise UnreadableFile(f"{path}: this is a folder; name the files in it.")
        if not stat.S_ISREG(mode):  # a pipe or a device may never end, or never begin
            raise UnreadableFile(f"{path}: this is a pipe, socket or device; save it as a file first.")
        with path.open("rb") as file:
            data = file.read(limit_bytes + 1)
    except FileNotFoundError:
        raise UnreadableFile(f"{path}: there is no such file.") from None
    except OSError as error:
        raise UnreadableFile(f"{path}: it cannot be read: {error.strerror}.") from error
    except ValueError:
        raise UnreadableFile(f"{str(path)!a}: this is no file name.") from None
    if len(data) > limit_bytes:
        raise LimitExceeded(f"{path}: it is larger than {limit_bytes / 2**20:,.0f} MiB, the most that is read.")
    if not data:
        raise UnreadableFile(f"{path}: the file is empty; get it again from where it came.")
    return data
