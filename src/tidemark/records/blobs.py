"""Bytes on shelves, each under its own SHA-256: in folders of the home, or in an S3 bucket that several machines share.

Which of the two, ``settings.STORAGES`` says. Either way bytes are kept whole or not at all, keeping them twice is
keeping them once, and what is read is compared with the hash that it was asked for by.

The rule that makes strays impossible is the callers': first the row that names the hash, then the bytes; first the
row forgets, then the shelf.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, storages

from tidemark.errors import HomeUnusable, RecordsDamaged
from tidemark.records import files
from tidemark.records.home import Home


class Shelf(StrEnum):
    """What kind of bytes lie together: a folder of the home, or a prefix in the bucket."""

    ORIGINALS = "originals"  # drafts as they were handed in
    DESCRIPTIONS = "descriptions"  # what matching needs of each
    COPIES = "copies"  # marked, to be downloaded by their holders
    DOCUMENTS = "documents"  # signed agreements
    BIDS = "bids"
    CASES = "cases"  # files of cases, what parties handed in, letters of sanctions
    PREVIEWS = "previews"  # small pictures of drafts; they can be made again
    LEAKS = "leaks"  # found files, unchanged: evidence, handed out as downloads only
    TRACES = "traces"  # what was made of them: features, pictures for the screen, sealed bundles


def put(home: Home, shelf: Shelf, data: bytes) -> str:
    """Keep ``data``; return its SHA-256, hexadecimal. It is durable when this returns.

    Raises
    ------
    HomeUnusable
        If it cannot be written.
    """
    bucket = _bucket()
    if bucket is None:
        try:
            return files.store(folder(home, shelf), data)
        except OSError as error:
            raise HomeUnusable(f"The shelf {folder(home, shelf)} cannot be written: {error.strerror}.") from error
    sha256 = hashlib.sha256(data).hexdigest()
    with _errors():
        bucket.save(_name(shelf, sha256), ContentFile(data))
    return sha256


def get(home: Home, shelf: Shelf, sha256: str) -> bytes:
    """Return the bytes that were put under ``sha256``.

    Raises
    ------
    RecordsDamaged
        If they are gone or no longer the same.
    HomeUnusable
        If the bucket cannot be reached.
    """
    bucket = _bucket()
    if bucket is None:
        return files.load(folder(home, shelf), sha256)
    name = _name(shelf, sha256)
    try:
        with _errors(), bucket.open(name, "rb") as file:
            data = bytes(file.read())
    except FileNotFoundError:
        raise RecordsDamaged(f"{name} is on record but not in the bucket. Restore it.") from None
    seen = hashlib.sha256(data).hexdigest()
    if seen != sha256:
        raise RecordsDamaged(f"{name} was changed in the bucket: its SHA-256 is {seen}. Restore it from a backup.")
    return data


def exists(home: Home, shelf: Shelf, sha256: str) -> bool:
    """Return whether something lies under ``sha256``; whether it is still the same, only :func:`get` tells."""
    bucket = _bucket()
    if bucket is None:
        return files.blob_path(folder(home, shelf), sha256).exists()
    with _errors():
        return bool(bucket.exists(_name(shelf, sha256)))


def forget(home: Home, shelf: Shelf, sha256: str) -> None:
    """Remove what lies under ``sha256``, if anything does."""
    bucket = _bucket()
    if bucket is None:
        try:
            files.forget(folder(home, shelf), sha256)
        except OSError as error:
            raise HomeUnusable(f"{folder(home, shelf)} cannot be changed: {error.strerror}.") from error
        return
    with _errors():
        bucket.delete(_name(shelf, sha256))


def stored(home: Home, shelf: Shelf) -> Iterator[str]:
    """Yield the name of all that lies on a shelf, whether or not it belongs there: ``ab/abcdef…``."""
    bucket = _bucket()
    if bucket is None:
        root = folder(home, shelf)
        yield from (path.relative_to(root).as_posix() for path in files.stored(root))
        return
    with _errors():
        for found in bucket.bucket.objects.filter(Prefix=f"{shelf}/"):
            yield str(found.key).removeprefix(f"{shelf}/")


def name_of(sha256: str) -> str:
    """Return under what name bytes of this hash lie on their shelf."""
    return f"{sha256[:2]}/{sha256}"


def folder(home: Home, shelf: Shelf) -> Path:
    """Return a shelf's folder in the home; with a bucket there is nothing in it."""
    return home.path / shelf


def _name(shelf: Shelf, sha256: str) -> str:
    return f"{shelf}/{name_of(sha256)}"


def _bucket() -> Any:
    """Return the storage of the bucket, None if files are kept in the home's folders."""
    storage = storages["default"]
    return None if isinstance(storage, FileSystemStorage) else storage


@contextmanager
def _errors() -> Iterator[None]:
    """Turn what the client of the bucket raises into Tidemark's own error; it names no credentials."""
    from botocore.exceptions import BotoCoreError, ClientError  # takes a second to load, for those who have a bucket

    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise HomeUnusable(f"The bucket cannot be used: {error}. Mend the connection; nothing is lost.") from error
