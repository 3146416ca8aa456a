"""Bytes on the disk: written whole or not at all, and stored under the name of their own SHA-256. Knows no Django."""

import errno
import hashlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from tidemark.errors import OutputUnusable, RecordsDamaged

TEMPORARY_PREFIX = ".tidemark-"
_MOST_NAMESAKES = 10_000
_MOST_SWEEPS = 5


def write_durably(path: Path, data: bytes) -> None:
    """Write a 0600 file that exists either whole, on the disk itself, or not at all; an older one is replaced.

    Raises
    ------
    OSError
        If it cannot be written. Nothing is left behind then.
    """
    temporary = path.parent / f"{TEMPORARY_PREFIX}{secrets.token_hex(8)}.part"
    try:
        create_empty(temporary)
        fill(temporary, data)
        rename(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def create_empty(path: Path, *, mode: int = 0o600) -> None:
    """Make an empty file that was not there before, its name on the disk itself."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode))
    _sync_folder(path.parent)


def fill(path: Path, data: bytes) -> None:
    """Write all of ``data`` to an existing file and wait until it is on the disk."""
    with path.open("r+b", buffering=0) as file:
        view = memoryview(data)
        while view:
            view = view[file.write(view) :]
        os.fsync(file.fileno())


def empty(path: Path) -> None:
    """Take all bytes out of an existing file, on the disk itself."""
    with path.open("r+b", buffering=0) as file:
        file.truncate()
        os.fsync(file.fileno())


def rename(source: Path, target: Path) -> None:
    """Give a file its final name, on the disk itself."""
    source.replace(target)
    _sync_folder(target.parent)


def store(folder: Path, data: bytes) -> str:
    """Keep ``data`` in a content-addressed folder.

    Returns
    -------
    str
        Its SHA-256, hexadecimal: the argument that :func:`load` takes.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    path = blob_path(folder, sha256)
    folder.mkdir(mode=0o700, exist_ok=True)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    if path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256:
        return sha256
    for _ in range(_MOST_SWEEPS):
        try:
            write_durably(path, data)
        except FileNotFoundError:  # another process has just opened the records and swept what looked left behind
            continue
        break
    else:
        raise FileNotFoundError(errno.ENOENT, "the file vanishes while it is written", str(path))
    return sha256


def load(folder: Path, sha256: str) -> bytes:
    """Return the bytes that were stored under ``sha256``.

    Raises
    ------
    RecordsDamaged
        If they are gone, cannot be read or are no longer the same.
    """
    path = blob_path(folder, sha256)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise RecordsDamaged(f"{path} is on record but cannot be read ({error.strerror}). Restore it.") from error
    seen = hashlib.sha256(data).hexdigest()
    if seen != sha256:
        raise RecordsDamaged(f"{path} was changed: its SHA-256 is {seen}. Restore it from a backup.")
    return data


def forget(folder: Path, sha256: str) -> None:
    """Remove the bytes that were stored under ``sha256``, if they are there."""
    blob_path(folder, sha256).unlink(missing_ok=True)


def blob_path(folder: Path, sha256: str) -> Path:
    """Return where bytes of this SHA-256 lie: ``ab/abcdef…``, so that no folder grows too long to list."""
    return folder / sha256[:2] / sha256


def stored(folder: Path) -> Iterator[Path]:
    """Yield every file of a content-addressed folder, whether or not it belongs there."""
    if folder.is_dir():
        yield from sorted(path for path in folder.rglob("*") if not path.is_dir())


def make_output_folder(out: Path, *, option: str = "--out") -> None:
    """Make the folder for results if it is not there, and make sure that files can be written to it.

    ``option`` is the one that named it, for what is said.

    Raises
    ------
    OutputUnusable
        If it cannot be.
    """
    probe = out / f"{TEMPORARY_PREFIX}{secrets.token_hex(8)}.probe"
    try:
        str(out.absolute()).encode()
        out.mkdir(parents=True, exist_ok=True)
        probe.touch(exist_ok=False)
        probe.unlink()
    except FileExistsError:
        raise OutputUnusable(f"{out} is a file. Name a folder with {option}.") from None
    except UnicodeEncodeError:
        raise OutputUnusable(
            f"The folder's name {str(out)!a} is not text on this system. Name another with {option}."
        ) from None
    except OSError as error:
        raise OutputUnusable(
            f"The folder {out} cannot be written: {error.strerror}. Name another with {option}."
        ) from error


def write_new(path: Path, data: bytes) -> Path:
    """Write a file under this name, or, if that is taken by other bytes, under the next one; return where.

    Raises
    ------
    OutputUnusable
        If it cannot be written. Nothing is left behind then.
    """
    try:
        for number in range(1, _MOST_NAMESAKES):
            free = path if number == 1 else path.with_name(f"{path.stem} ({number}){path.suffix}")
            if not free.exists():
                write_durably(free, data)
                return free
            if free.read_bytes() == data:
                return free
    except OSError as error:
        raise OutputUnusable(f"{path} cannot be written: {error.strerror}.") from error
    raise OutputUnusable(f"{path} has {_MOST_NAMESAKES:,} namesakes. Name another folder.")


def _sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk, where the platform has a way to ask for it."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError:
        pass  # some network file systems refuse to sync a folder; they order the names themselves
    finally:
        os.close(handle)
