"""Remember drafts: their bytes in the content-addressed folder, their row in the database."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from tidemark.errors import HomeUnusable
from tidemark.records import blobs
from tidemark.records.blobs import Shelf
from tidemark.records.copies.names import slug
from tidemark.records.home import Home
from tidemark.records.parties.foreign import names_any, refuse_any_name
from tidemark.records.projects.models import Draft, Project

CARRIER = "image"
_ID_HASH_CHARS = 8


@dataclass(frozen=True, slots=True)
class DraftFile:
    """A draft as it was handed in.

    Attributes
    ----------
    id : str
        The draft's id, on record or to be. Keys derive from it.
    name : str
        The file's own name, without folders.
    data : bytes
        All of it.
    sha256 : str
        Of ``data``, hexadecimal.
    description : bytes
        What matching needs to know of it, from the carrier.
    project : str or None
        Code name of the project that it belongs to, if it is not on record yet.
    """

    id: str
    name: str
    data: bytes
    sha256: str
    description: bytes
    project: str | None = None


def draft_file(name: str, data: bytes, *, description: bytes, project: str | None = None) -> DraftFile:
    """Make a draft's file of its bytes, with the id under which it is on record or will be."""
    sha256 = hashlib.sha256(data).hexdigest()
    known = find_draft(data)
    printable = name.encode(errors="replace").decode()  # a name that is no text on this system has surrogates in it
    return DraftFile(known.id if known else _new_id(printable, sha256), printable, data, sha256, description, project)


def find_draft(data: bytes) -> Draft | None:
    """Return the draft of exactly these bytes, None if it is not on record."""
    return Draft.objects.filter(sha256=hashlib.sha256(data).hexdigest()).first()


def _new_id(file_name: str, sha256: str) -> str:
    """Return an id: what a person recognises of the file's name, and enough of its hash to be the only one.

    Of a name that names a party nothing is kept: suppliers read ids, and an id is never changed.
    """
    stem = slug(file_name.rpartition(".")[0] or file_name, fallback="draft")
    if names_any(f"{file_name}\n{stem}"):
        stem = "draft"
    candidates = (f"{stem}-{sha256[:chars]}" for chars in range(_ID_HASH_CHARS, len(sha256) + 1, _ID_HASH_CHARS))
    return next(candidate for candidate in candidates if not Draft.objects.filter(id=candidate).exists())


def remember_draft(file: DraftFile, *, now: datetime) -> Draft:
    """Return the draft of these bytes, remembering it if it is new. Its bytes are kept by :func:`keep_bytes`.

    Raises
    ------
    HomeUnusable
        If another run has remembered the same bytes under another id since ``file`` was made.
    Refused
        If the code name of a project that is not on record yet names a party.
    """
    known = Draft.objects.filter(sha256=file.sha256).first()
    if known is not None:
        if known.id != file.id:  # the mark's key has the other id in it: the copy would be untraceable
            raise HomeUnusable(f"Another run has just remembered {file.name!r} as {known.id!r}. Run this one again.")
        return known
    project = None
    if file.project is not None:
        project = _project(file.project, now=now)
    return Draft.objects.create(
        id=file.id,
        project=project,
        sha256=file.sha256,
        description_sha256=hashlib.sha256(file.description).hexdigest(),
        file_name=file.name,
        size_bytes=len(file.data),
        carrier=CARRIER,
        revision=next_revision(project, file.name),
        created=now,
    )


def next_revision(project: Project | None, file_name: str) -> int:
    """Return the number of the next file of this name in a project."""
    before = Draft.objects.filter(project=project, file_name=file_name).aggregate(last=Max("revision"))["last"]
    return int(before or 0) + 1


def _project(code_name: str, *, now: datetime) -> Project:
    known = Project.objects.filter(code_name=code_name).first()
    if known is not None:
        return known
    refuse_any_name(code_name)
    return Project.objects.create(code_name=code_name, created=now)


def keep_bytes(home: Home, draft: Draft, file: DraftFile) -> None:
    """Keep a remembered draft's bytes and its description, if they are not kept yet.

    They follow the row, so that whatever cuts this off leaves nothing behind that no row speaks of.

    Raises
    ------
    HomeUnusable
        If they cannot be written.
    """
    for shelf, sha256, data in (
        (Shelf.ORIGINALS, draft.sha256, file.data),
        (Shelf.DESCRIPTIONS, draft.description_sha256, file.description),
    ):
        if not blobs.exists(home, shelf, sha256):
            blobs.put(home, shelf, data)


def load_original(home: Home, draft: Draft) -> bytes:
    """Return a draft's own bytes.

    Raises
    ------
    RecordsDamaged
        If they are gone or changed.
    """
    return blobs.get(home, Shelf.ORIGINALS, draft.sha256)


def forget_draft(home: Home, draft: Draft) -> None:
    """Forget a draft that no copy was made of, its bytes, and its project if that was remembered for its sake.

    Raises
    ------
    django.db.models.RestrictedError
        If there are copies.
    """
    project = draft.project
    draft.delete()
    if project is not None and project.created == draft.created and not project.drafts.exists():
        project.delete()
    blobs.forget(home, Shelf.ORIGINALS, draft.sha256)
    if not Draft.objects.filter(description_sha256=draft.description_sha256).exists():
        blobs.forget(home, Shelf.DESCRIPTIONS, draft.description_sha256)
