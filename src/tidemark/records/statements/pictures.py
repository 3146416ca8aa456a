"""Pictures that go out with a statement: kept as they came, and compared with what is on record before they may."""

import hashlib
from datetime import datetime

from django.utils.translation import gettext as _

from tidemark import limits
from tidemark.engine.carriers import image
from tidemark.errors import LimitExceeded, Refused, UnreadableFile
from tidemark.ledger.entry import Kind
from tidemark.records import blobs
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.agreements.documents import Document, plain_name
from tidemark.records.blobs import Shelf
from tidemark.records.cases.notes import refuse_unless
from tidemark.records.cases.status import locked
from tidemark.records.cases.timeline import tell, writing
from tidemark.records.connect import exclusively
from tidemark.records.home import Home
from tidemark.records.reidentify.pictures import metadata_of
from tidemark.records.statements.compare import compare_picture
from tidemark.records.statements.kept import is_kept
from tidemark.records.statements.models import OPEN, Statement, StatementPicture


def attach_picture(
    home: Home, statement: Statement, document: Document, *, by: Person, now: datetime
) -> StatementPicture:
    """Lay a picture to a statement, and have it compared with the drafts, leaks and sightings on record.

    Raises
    ------
    Refused
        If the person may not, or the file is no picture that can be read.
    """
    refuse_unless(by, Act.STATE)
    if not 0 < len(document.data) <= limits.MAX_CASE_FILE_BYTES:
        raise Refused(_("A file has 1 byte to %(most)d MB. Give another.") % {"most": limits.MAX_CASE_FILE_BYTES >> 20})
    try:
        metadata = metadata_of(document.data)
        image.read(document.data, animated="first")
    except (ValueError, UnreadableFile, LimitExceeded) as error:
        raise Refused(_("This is no picture that can be read. Give it as PNG or JPEG.")) from error
    with writing(home):
        locked(statement.case)
        statement.lock(*OPEN)
        if statement.pictures.count() >= limits.MAX_STATEMENT_PICTURES:
            raise Refused(_("A statement has at most %(most)d pictures.") % {"most": limits.MAX_STATEMENT_PICTURES})
        made = StatementPicture.objects.create(
            statement=statement,
            file_sha256=hashlib.sha256(document.data).hexdigest(),
            file_name=plain_name(document.name, otherwise="picture"),
            metadata=list(metadata),
            person=by,
            time=now,
        )
        statement.state = Statement.State.PREPARED
        statement.save(update_fields=["state"])
        said = {"statement": statement.pk, "kind": str(statement.kind), "picture_sha256": made.file_sha256}
        tell(home, statement.case, Kind.CASE_CHANGED, by=by, now=now, detail=said)
        blobs.put(home, Shelf.CASES, document.data)
        compare_picture.enqueue(made.pk)
    return made


def remove_picture(home: Home, statement: Statement, picture: StatementPicture, *, by: Person, now: datetime) -> None:
    """Take a picture away from a statement that is not issued."""
    refuse_unless(by, Act.STATE)
    with writing(home):
        locked(statement.case)
        statement.lock(*OPEN)
        statement.pictures.filter(pk=picture.pk).delete()
        statement.state = Statement.State.PREPARED
        statement.save(update_fields=["state"])
        said = {"statement": statement.pk, "kind": str(statement.kind), "picture_removed": picture.file_sha256}
        tell(home, statement.case, Kind.CASE_CHANGED, by=by, now=now, detail=said)
    with exclusively(home):  # after the row is gone for good, and nobody puts the same bytes there meanwhile
        if not is_kept(picture.file_sha256):
            blobs.forget(home, Shelf.CASES, picture.file_sha256)
