"""Check the integrity of the whole data folder: what is stored against what is remembered, and the reverse.

It reads every byte and changes nothing; what a killed run left half-done was ended when the records were opened. The
files that copies were delivered as are not looked for: they have left.
"""

import hashlib
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import connection
from django.db.models import QuerySet

from tidemark.errors import TidemarkError
from tidemark.ledger.entry import Kind
from tidemark.records import blobs, files
from tidemark.records.accounts.models import Readmission
from tidemark.records.agreements.models import Agreement
from tidemark.records.blobs import Shelf
from tidemark.records.connect import database_errors, exclusively
from tidemark.records.copies.models import Copy, Download
from tidemark.records.copies.secret import master_secret
from tidemark.records.home import Home
from tidemark.records.leaks.models import Match, Post
from tidemark.records.ledger.check import copy_faults, log_faults, stamp_faults
from tidemark.records.ledger.log import log_size
from tidemark.records.ledger.models import Leaf, SignedCheckpoint
from tidemark.records.projects.models import Draft, Preview
from tidemark.records.readable import row_faults, rows_looked_at
from tidemark.records.rounds.models import Bid
from tidemark.records.sanctions.models import Sanction
from tidemark.records.sightings.models import Sighting
from tidemark.records.statements.kept import HANDED_IN

_NEVER_WRITTEN = (TypeError, ValueError, AttributeError, ArithmeticError, LookupError)
"""What reading a value raises that is of another kind than was ever written there."""


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
    steps: tuple[tuple[str, Callable[[Home], Iterator[str]], Callable[[Home], str]], ...] = (
        ("the database is sound", _database_faults, _says("the database's own checks")),
        ("every record can be read, and none has a state or a time that there is not", row_faults, rows_looked_at),
        ("the master secret is the one that copies were marked with", _secret_faults, _says("")),
        ("every draft's original is there and unchanged", _original_faults, _drafts_told),
        ("every draft's description is there and unchanged", _description_faults, _drafts_told),
        ("every copy was released or is told as undelivered", _copy_faults, _deliveries),
        ("the ledger's entries, hashes and checkpoints fit together", log_faults, _entries_told),
        ("every time-stamp holds over its checkpoint", stamp_faults, _stamped),
        ("every copy is in the ledger with its key's commitment", copy_faults, _says("both ways round")),
        ("every master is there and unchanged", _master_faults, _masters_told),
        ("every kept copy is there and unchanged", _kept_faults, _kept_told),
        ("every signed agreement and bid is there and unchanged", _paper_faults, _says("documents and bids")),
        ("every leak, its pictures and its sealed evidence are there and unchanged", _leak_faults, _leaks),
        ("every download, revocation and readmission is in the ledger", _event_faults, _says("both ways round")),
        ("no stored file is unknown", _stray_faults, _loose),
        ("nobody else may read the folder", _mode_faults, _says("permissions of folder, database and secret")),
    )
    for claim, find, looked_at in steps:
        try:
            with database_errors(home):
                faults = list(find(home))
                told = "; ".join(faults) or looked_at(home)
        except TidemarkError as error:
            faults = [told := str(error)]
        except OSError as error:
            faults = [told := f"{error.filename or home.path} cannot be read: {error.strerror}"]
        except _NEVER_WRITTEN as error:
            faults = [told := f"the records hold what Tidemark never wrote: {error}"]
        yield Step(claim, not faults, told)


def _says(told: str) -> Callable[[Home], str]:
    return lambda _: told


def _database_faults(_: Home) -> Iterator[str]:
    if connection.vendor != "sqlite":
        connection.check_constraints()  # PostgreSQL guards its pages and foreign keys itself
        return
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
    return _blob_faults(home, Shelf.ORIGINALS, ((draft.sha256, draft.id) for draft in _drafts(home)))


def _description_faults(home: Home) -> Iterator[str]:
    return _blob_faults(home, Shelf.DESCRIPTIONS, ((draft.description_sha256, draft.id) for draft in _drafts(home)))


def _blob_faults(home: Home, shelf: Shelf, blobs_of: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield what is wrong with what must lie on a shelf: hashes, each with what is said before its fault."""
    for sha256, whose in blobs_of:
        try:
            blobs.get(home, shelf, sha256)
        except TidemarkError as error:
            yield f"{whose}: {error}" if whose else str(error)


def _drafts(home: Home) -> list[Draft]:
    with exclusively(home):  # then none of them is half remembered
        return list(Draft.objects.all())


def _copy_faults(_: Home) -> Iterator[str]:
    for copy in Copy.objects.filter(state__in=(Copy.State.PLANNED, Copy.State.WRITING)).exclude(path=""):
        yield f"{copy.id}: cut off while it was written to {copy.path}, a folder that is not there now"


def _master_faults(home: Home) -> Iterator[str]:
    """Yield what is wrong with the masters of this folder, wherever it was when they were made."""
    for copy in Copy.objects.filter(is_master=True, state=Copy.State.RELEASED).exclude(path=""):
        file = home.masters / Path(copy.path).name
        try:
            if not stat.S_ISREG(file.lstat().st_mode):
                yield f"{file} is no regular file: put the master itself there, from a backup"
                continue
            seen = hashlib.sha256(file.read_bytes()).hexdigest()
        except OSError as error:
            yield f"{file}: {error.strerror}"
            continue
        if seen != copy.sha256:
            yield f"{file} was changed: its SHA-256 is {seen}"


def _kept() -> QuerySet[Copy]:
    """Return the kept copies whose bytes must be there: those of revoked ones are forgotten on purpose."""
    return Copy.objects.filter(state=Copy.State.RELEASED, path="", revoked=None)


def _kept_faults(home: Home) -> Iterator[str]:
    for copy_id, sha256 in _kept().values_list("id", "sha256").iterator():
        for fault in _blob_faults(home, Shelf.COPIES, [(sha256 or "", copy_id)]):
            if _kept().filter(pk=copy_id).exists():  # else it was revoked while we looked
                yield fault


def _paper_faults(home: Home) -> Iterator[str]:
    for shelf, hashes in ((Shelf.DOCUMENTS, _documents()), (Shelf.BIDS, _bids()), (Shelf.CASES, _case_files())):
        yield from _blob_faults(home, shelf, ((sha256, "") for sha256 in sorted(hashes)))


def _leak_faults(home: Home) -> Iterator[str]:
    for shelf, hashes in ((Shelf.LEAKS, _found_files()), (Shelf.TRACES, _made_of_found())):
        yield from _blob_faults(home, shelf, ((sha256, "") for sha256 in sorted(hashes)))
    for sha256 in sorted(_previews()):
        if blobs.exists(home, Shelf.PREVIEWS, sha256):  # one that is gone is made again when it is asked for
            yield from _blob_faults(home, Shelf.PREVIEWS, [(sha256, "")])


def _event_faults(home: Home) -> Iterator[str]:
    """Yield the downloads, revocations and readmissions that records and ledger do not agree on."""
    with exclusively(home):
        downloads = set(Download.objects.values_list("leaf_index", "copy_id"))
        revoked = set(Copy.objects.filter(revoked__isnull=False).values_list("id", flat=True))
        logged = set(Leaf.objects.filter(kind=Kind.COPY_DOWNLOADED).values_list("index", "subject"))
        ended = set(Leaf.objects.filter(kind=Kind.COPY_REVOKED).values_list("subject", flat=True))
        readmitted = set(Readmission.objects.values_list("leaf_index", "person_id"))
        let_in = set(Leaf.objects.filter(kind=Kind.PERSON_READMITTED).values_list("index", "subject"))
    for index, copy in sorted(downloads ^ logged):
        yield f"copy {copy}: its download, entry {index}, is in the ledger or on record alone"
    for copy in sorted(revoked ^ ended):
        yield f"copy {copy}: its revocation is in the ledger or on record alone"
    for index, person in sorted(readmitted ^ let_in):
        yield f"person {person}: that he or she was let in again, entry {index}, is in the ledger or on record alone"


def _drafts_told(_: Home) -> str:
    return _counted(Draft.objects.count(), "draft")


def _masters_told(_: Home) -> str:
    return _counted(Copy.objects.filter(is_master=True).count(), "master")


def _entries_told(_: Home) -> str:
    return _counted(log_size(), "entry", "entries")


def _kept_told(_: Home) -> str:
    return _counted(_kept().count(), "copy to be downloaded", "copies to be downloaded")


def _leaks(_: Home) -> str:
    sealed = Match.objects.exclude(bundle_sha256="").count()
    return f"{_counted(len(_found_files()), 'found file')}, {_counted(sealed, 'bundle')} of evidence"


def _loose(home: Home) -> str:
    """Tell of files that no record names where bytes are stored before their row: a killed run leaves such."""
    before_their_row = {Shelf.LEAKS: _found_files, Shelf.TRACES: _made_of_found, Shelf.PREVIEWS: _previews}
    loose = 0
    for shelf, hashes in before_their_row.items():
        names = list(blobs.stored(home, shelf))  # listed first: what is named in between is not loose
        known = {blobs.name_of(sha256) for sha256 in hashes()}
        loose += sum(name not in known for name in names)
    if not loose:
        return "all shelves"
    return f"all shelves; {_counted(loose, 'file')} of leaks, traces or previews on no record, as a killed run leaves"


def _deliveries(_: Home) -> str:
    undelivered = list(Copy.objects.filter(state=Copy.State.UNDELIVERED).values_list("id", flat=True))
    told = f"{Copy.objects.filter(state=Copy.State.RELEASED).count()} released"
    planned = Copy.objects.filter(state=Copy.State.PLANNED, path="").count()
    faulted = Copy.objects.filter(state=Copy.State.FAULTED).count()
    told += f", {planned} still to be made" if planned else ""
    told += f", {faulted} could not be made" if faulted else ""
    if undelivered:
        told += f", {len(undelivered)} in the ledger and never delivered: {', '.join(undelivered)}"
    return told


def _stamped(_: Home) -> str:
    signed = SignedCheckpoint.objects.count()
    stamped = SignedCheckpoint.objects.filter(stamp__isnull=False).count()
    return f"{stamped} of {_counted(signed, 'checkpoint')} stamped" if signed else "nothing is signed yet"


def _counted(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def _stray_faults(home: Home) -> Iterator[str]:
    with exclusively(home):  # else a run that is storing a draft at this moment would be taken for a dead one
        yield from list(_strays(home))


def _strays(home: Home) -> Iterator[str]:
    # A planned copy names its bytes before they are stored; a revoked one may lose them a moment after.
    shelves: dict[Shelf, set[str]] = {
        Shelf.ORIGINALS: set(Draft.objects.values_list("sha256", flat=True)),
        Shelf.DESCRIPTIONS: set(Draft.objects.values_list("description_sha256", flat=True)),
        Shelf.COPIES: {sha256 for sha256 in Copy.objects.filter(path="").values_list("sha256", flat=True) if sha256},
        Shelf.DOCUMENTS: _documents(),
        Shelf.BIDS: _bids(),
        Shelf.CASES: _case_files(),
    }
    for shelf, hashes in shelves.items():
        known = {blobs.name_of(sha256) for sha256 in hashes}
        for name in blobs.stored(home, shelf):
            if name not in known and files.TEMPORARY_PREFIX not in name:  # that is being written, or swept at the start
                yield f"{shelf}/{name} is on no record: left by a run that was killed, or put there"


def _documents() -> set[str]:
    return set(Agreement.objects.exclude(document_sha256="").values_list("document_sha256", flat=True))


def _bids() -> set[str]:
    return set(Bid.objects.exclude(file_sha256="").values_list("file_sha256", flat=True))


def _case_files() -> set[str]:
    found = {sha256 for model in HANDED_IN for sha256 in model._default_manager.values_list("file_sha256", flat=True)}
    letters = Sanction.objects.exclude(imposed=None).values_list("letter_en_sha256", "letter_zh_sha256")
    return {*found, *(sha256 for both in letters for sha256 in both if sha256)}


def _found_files() -> set[str]:
    return {sha256 for model in (Post, Sighting) for sha256 in model.objects.values_list("file_sha256", flat=True)}


def _made_of_found() -> set[str]:
    """Return the hashes of small pictures, features, what a trace drew, and sealed evidence."""
    rows = [
        *Post.objects.values_list("preview_sha256", "thumb_sha256", "look_sha256"),
        *Sighting.objects.values_list("preview_sha256", "thumb_sha256"),
        *((bundle, *pictures.values()) for bundle, pictures in Match.objects.values_list("bundle_sha256", "pictures")),
    ]
    return {sha256 for row in rows for sha256 in row if sha256}


def _previews() -> set[str]:
    return set(Preview.objects.values_list("sha256", flat=True))


def _mode_faults(home: Home) -> Iterator[str]:
    if sys.platform == "win32":
        return
    for path in (home.path, home.database, home.secret, home.ledger_key):
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield f"{_name(home, path)} can be read by others: chmod go= {path}"


def _name(home: Home, path: Path) -> str:
    return "the folder" if path == home.path else path.name
