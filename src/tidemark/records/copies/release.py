"""Release one copy: let its file appear under its name exactly when it is on record and in the ledger.

A copy in the world that is not on record could never be traced, and one that was not in the ledger before it left could
have been made up afterwards: neither must happen whatever is cut off when. So the row comes first and says how far the
file has come, the ledger's leaf comes before the first byte, and the *temporary* file is the witness of the one step
that cannot be part of a transaction:

    1. row `planned`, committed (and of holder and draft, if new); the draft's bytes kept, if they are not yet
    2. temporary file made, empty
    3. row `writing`, the ledger's leaf (the draft's too, if it has none) and a signed checkpoint, committed together
    4. temporary file filled, on the disk
    5. renamed: the copy is released, the temporary file is gone
    6. row `released`, committed

Cut off before 3, nothing happened: file and row are removed. Cut off later, the ledger has it, for ever, and the
temporary file tells the rest: if it is there, the copy was not released, and the row says `undelivered`; if it is gone,
the rename has happened and the row says `released`, even if somebody has since moved the copy away. The other orders
were considered: *rename, then commit* can release a copy that nobody remembers, and *commit, then rename* without the
witness cannot tell, after a crash, a copy that was taken away from one that never was. The same few lines
(:func:`settle`) end a release that fails or is interrupted, and, at the next start, one whose process was killed. All
this happens under the home folder's lock, so a release that looks half-done to its holder has no living process.

Not guaranteed: that no *other* program makes a file of the same name in the moment between the look and the rename.
"""

import contextlib
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.db.models import ProtectedError, RestrictedError

from tidemark.engine.keys import VERSION as MARK_VERSION
from tidemark.errors import OutputUnusable
from tidemark.records import files
from tidemark.records.connect import database_errors, exclusively
from tidemark.records.copies.commit import commit_copy
from tidemark.records.copies.models import Copy
from tidemark.records.copies.names import copy_file_name
from tidemark.records.home import Home
from tidemark.records.parties.models import Party
from tidemark.records.parties.names import fold
from tidemark.records.parties.recipients import Recipient
from tidemark.records.projects.drafts import DraftFile, forget_draft, keep_bytes, remember_draft


@dataclass(frozen=True, slots=True)
class MarkedFile:
    """A copy's bytes, with what the engine says of them, and its holder's nonce that its key was derived from."""

    copy: str
    extension: str
    data: bytes
    sha256: str
    psnr_db: float
    key_commitment: str
    nonce: bytes = b""


def new_copy_id() -> str:
    """Return a new random id."""
    return secrets.token_hex(8)


def release(
    home: Home,
    marked: MarkedFile,
    draft: DraftFile,
    recipient: Recipient,
    *,
    out: Path,
    now: datetime,
    is_master: bool = False,
) -> Copy:
    """Write one copy to the folder ``out`` once it is remembered, with its holder and its draft, and in the ledger.

    Raises
    ------
    OutputUnusable
        If the file cannot be written.
    HomeUnusable
        If it cannot be remembered.
    """
    with exclusively(home), database_errors(home):
        if is_master and (known := master_of(draft.id)) is not None:
            return known  # another run has just made it
        name = _free_name(out, draft, recipient, marked)
        with transaction.atomic():  # 1
            copy = Copy.objects.create(
                id=marked.copy,
                draft=remember_draft(draft, now=now),
                holder=_holder(recipient, now=now, is_owner=is_master),
                nonce=marked.nonce,
                mark_version=MARK_VERSION,
                sha256=marked.sha256,
                psnr_db=marked.psnr_db,
                path=str((out / name).absolute()),
                is_master=is_master,
                created=now,
            )
        try:
            keep_bytes(home, copy.draft, draft)
            temporary = _temporary(copy)
            files.create_empty(temporary, mode=0o600 if is_master else 0o666)  # 2; for copies the umask decides
            with transaction.atomic():  # 3
                copy.advance(Copy.State.WRITING)
                commit_copy(home, copy, key_commitment=marked.key_commitment, now=now)
            files.fill(temporary, marked.data)  # 4
            files.rename(temporary, Path(copy.path))  # 5
            copy.advance(Copy.State.RELEASED)  # 6
        except OSError as error:
            unsettled = _settled_or_why_not(home, copy)
            said = f"{copy.path} cannot be written: {error.strerror}."
            raise OutputUnusable(f"{said} {unsettled}" if unsettled else said) from error
        except BaseException:
            _settled_or_why_not(home, copy)
            raise
    return copy


def master_of(draft: str) -> Copy | None:
    """Return the owner's own copy of a draft, None if there is none."""
    made = (Copy.State.WRITING, Copy.State.RELEASED)
    return Copy.objects.filter(draft_id=draft, is_master=True, state__in=made).first()


def settle_all(home: Home) -> tuple[str, ...]:
    """End every release whose process was killed. The caller holds the home's lock.

    Returns
    -------
    tuple of str
        A warning for each that cannot be ended yet, because its folder cannot be looked into or written.
    """
    warnings = []
    for half_written in home.temporary_files():
        try:
            half_written.unlink(missing_ok=True)
        except OSError as error:
            warnings.append(
                f"{half_written} was left by a run that was cut off and cannot be removed: {error.strerror}."
            )
    for copy in Copy.objects.filter(state=Copy.State.UNDELIVERED):  # cut off between its last two lines, in settle
        with contextlib.suppress(OSError):
            _temporary(copy).unlink(missing_ok=True)
    # Kept copies have no path: their state changes with their leaf, and workers go on where they were (make.py).
    half_done = Copy.objects.filter(state__in=(Copy.State.PLANNED, Copy.State.WRITING)).exclude(path="")
    warnings += [_settled_or_why_not(home, copy) for copy in half_done]
    return tuple(warning for warning in warnings if warning)


def _settled_or_why_not(home: Home, copy: Copy) -> str:
    """End a release that was cut off if its folder lets us; return a warning ('' if there is none)."""
    try:
        if _is_there(Path(copy.path).parent):  # else it cannot be told yet: the drive is not plugged in
            settle(home, copy)
    except OSError as error:
        return (
            f"Copy {copy.id} was cut off while it was written to {copy.path}; whether it was released cannot be told "
            f"yet: {error.strerror}."
        )
    return ""


def settle(home: Home, copy: Copy) -> None:
    """End a release that was cut off, by what its temporary file witnesses. The caller holds the home's lock.

    Raises
    ------
    OSError
        If the temporary file cannot be looked for or removed. The row stays, and so does what it can be told by.
    """
    copy.refresh_from_db()
    temporary = _temporary(copy)
    if copy.state in (Copy.State.RELEASED, Copy.State.UNDELIVERED):
        return
    if copy.state == Copy.State.WRITING:
        if not _is_there(temporary):
            copy.advance(Copy.State.RELEASED)
            return
        files.empty(temporary)  # first: cut off after the next line, the marked bytes would stay in somebody's folder
        copy.advance(Copy.State.UNDELIVERED)  # and before the last: cut off then, it would look released
        temporary.unlink()
        return
    temporary.unlink(missing_ok=True)
    with transaction.atomic():
        draft, holder = copy.draft, copy.holder
        copy.delete()
        # Made for this copy's sake, in its own transaction: they did not happen either, unless others built on them.
        if holder.created == copy.created and not holder.copies.exists():
            _if_nothing_rests_on_it(holder.delete)
        if draft.created == copy.created and not draft.copies.exists():
            _if_nothing_rests_on_it(lambda: forget_draft(home, draft))


def _if_nothing_rests_on_it(forget: Callable[[], object]) -> None:
    with contextlib.suppress(RestrictedError, ProtectedError), transaction.atomic():
        forget()


def _holder(recipient: Recipient, *, now: datetime, is_owner: bool) -> Party:
    if is_owner:
        return Party.owner(recipient.name, now=now)
    return Party.named(recipient.name, recipient.data, now=now)


def _temporary(copy: Copy) -> Path:
    return Path(copy.path).parent / f"{files.TEMPORARY_PREFIX}{copy.id}.part"


def _is_there(path: Path) -> bool:
    """Return whether there is such a path; where that cannot be told, OSError is raised (`Path.exists` says no)."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def _free_name(out: Path, draft: DraftFile, recipient: Recipient, marked: MarkedFile) -> str:
    """Return the copy's file name, told apart from those of other parties and of this party's other copies.

    If the plain name is taken by anything but a copy of the same party, a digest of the party's name is put into it:
    whoever sends the files out could not tell names apart by the copy's id. That is added if the name is still taken.
    """

    def named(*, apart: bool, copy: str | None = None) -> str:
        return copy_file_name(draft.name, recipient.name, extension=marked.extension, apart=apart, copy=copy)

    plain = named(apart=False)
    if not os.path.lexists(out / plain):
        return plain
    holders = set(Copy.objects.filter(path=str((out / plain).absolute())).values_list("holder__folded_name", flat=True))
    apart = holders != {fold(recipient.name)}
    name = named(apart=apart)
    return named(apart=apart, copy=marked.copy) if os.path.lexists(out / name) else name
