"""Check the integrity of the whole data folder: what is stored against what is remembered, and the reverse.

It reads every byte and changes nothing; what a killed run left half-done was ended when the records were opened. The
files that copies were delivered as are not looked for: they have left.
"""

import hashlib
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from tidemark.errors import TidemarkError
from tidemark.records import files
from tidemark.records.connect import database_errors
from tidemark.records.copies.models import Copy
from tidemark.records.copies.secret import master_secret
from tidemark.records.home import Home
from tidemark.records.ledger.check import copy_faults, log_faults
from tidemark.records.ledger.log import log_size
from tidemark.records.projects.models import Draft


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was checked.

    Attributes
    ----------
    step : str
        What is claimed.
    holds : bool
        Whether it holds.
    detail : str
        How much was looked at, or every fault that was found.
    """

    step: str
    holds: bool
    detail: str


def check(home: Home) -> Iterator[Step]:
    """Yield each check of the folder as it is made. The records must be open."""
    masters = Copy.objects.filter(is_master=True).count()
    steps: tuple[tuple[str, Callable[[Home], Iterator[str]], str], ...] = (
        ("the database is sound", _database_faults, "SQLite's integrity check and foreign keys"),
        ("the master secret is the one that copies were marked with", _secret_faults, ""),
        ("every draft's original is there and unchanged", _original_faults, f"{Draft.objects.count()} drafts"),
        ("every draft's description is there and unchanged", _description_faults, f"{Draft.objects.count()} drafts"),
        ("every copy was released or is told as undelivered", _copy_faults, _deliveries()),
        ("the ledger's entries, hashes and checkpoints fit together", log_faults, f"{log_size()} entries"),
        ("every copy is in the ledger with its key's commitment", copy_faults, "both ways round"),
        (
            "every master is there and unchanged",
            _master_faults,
            f"{masters} masters",
        ),
        ("no stored file is unknown", _stray_faults, "originals and descriptions"),
        ("nobody else may read the folder", _mode_faults, "permissions of folder, database and secret"),
    )
    for claim, find, looked_at in steps:
        try:
            with database_errors(home):
                faults = list(find(home))
        except TidemarkError as error:
            faults = [str(error)]
        except (TypeError, ValueError) as error:  # a value of another kind than was ever written there
            faults = [f"the records hold what Tidemark never wrote: {error}"]
        yield Step(claim, not faults, "; ".join(faults) or looked_at)


def _database_faults(_: Home) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        yield from (str(row[0]) for row in cursor.fetchall() if row[0] != "ok")
        cursor.execute("PRAGMA foreign_key_check")
        yield from (f"{row[0]} {row[1]} refers to a missing {row[2]}" for row in cursor.fetchall())


def _secret_faults(home: Home) -> Iterator[str]:
    if Copy.objects.exists() or home.secret.exists():
        master_secret(home)
    yield from ()


def _original_faults(home: Home) -> Iterator[str]:
    for draft in _drafts(home):
        try:
            files.load(home.originals, draft.sha256)
        except TidemarkError as error:
            yield f"{draft.id}: {error}"


def _description_faults(home: Home) -> Iterator[str]:
    for draft in _drafts(home):
        try:
            files.load(home.descriptions, draft.description_sha256)
        except TidemarkError as error:
            yield f"{draft.id}: {error}"


def _drafts(home: Home) -> list[Draft]:
    with home.locked():  # then none of them is half remembered
        return list(Draft.objects.all())


def _copy_faults(_: Home) -> Iterator[str]:
    for copy in Copy.objects.filter(state__in=(Copy.State.PLANNED, Copy.State.WRITING)):
        yield f"{copy.id}: cut off while it was written to {copy.path}, a folder that is not there now"


def _master_faults(_: Home) -> Iterator[str]:
    for copy in Copy.objects.filter(is_master=True, state=Copy.State.RELEASED):
        try:
            seen = hashlib.sha256(Path(copy.path).read_bytes()).hexdigest()
        except OSError as error:
            yield f"{copy.path}: {error.strerror}"
            continue
        if seen != copy.sha256:
            yield f"{copy.path} was changed: its SHA-256 is {seen}"


def _deliveries() -> str:
    undelivered = list(Copy.objects.filter(state=Copy.State.UNDELIVERED).values_list("id", flat=True))
    told = f"{Copy.objects.filter(state=Copy.State.RELEASED).count()} released"
    if undelivered:
        told += f", {len(undelivered)} in the ledger and never delivered: {', '.join(undelivered)}"
    return told


def _stray_faults(home: Home) -> Iterator[str]:
    with home.locked():  # else a run that is storing a draft at this moment would be taken for a dead one
        yield from list(_strays(home))


def _strays(home: Home) -> Iterator[str]:
    known = set(Draft.objects.values_list("sha256", flat=True))
    described = set(Draft.objects.values_list("description_sha256", flat=True))
    for folder, names in ((home.originals, known), (home.descriptions, described)):
        for path in files.stored(folder):
            if path.name not in names or path != files.blob_path(folder, path.name):
                yield f"{path.relative_to(home.path)} is on no record: left by a run that was killed, or put there"


def _mode_faults(home: Home) -> Iterator[str]:
    if sys.platform == "win32":
        return
    for path in (home.path, home.database, home.secret, home.ledger_key):
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield f"{_name(home, path)} can be read by others: chmod go= {path}"


def _name(home: Home, path: Path) -> str:
    return "the folder" if path == home.path else path.name
