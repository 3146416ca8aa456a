"""What the sanctioned party hands in, and who may hand it in."""

import hashlib
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.ledger.canonical import JSON
from tidemark.limits import MAX_CASE_FILES
from tidemark.records import blobs
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.agreements.documents import Document, plain_name
from tidemark.records.cases.notes import refuse_file
from tidemark.records.home import Home
from tidemark.records.sanctions.models import AppealFile, MeasureFile, Sanction


def refuse_other_than_sanctioned(sanction: Sanction, by: Person) -> None:
    """Raise Refused unless the person may answer for the party on which the sanction was imposed."""
    if by.party_id != sanction.allegation.party_id or not by.may(Act.ANSWER) or sanction.imposed is None:
        raise Refused(_("Only a contact of the company on which this was imposed can do that."))


def refuse_files(files: Sequence[Document]) -> None:
    """Raise Refused if these are too many files, or one is empty or too large."""
    if len(files) > MAX_CASE_FILES:
        raise Refused(
            _("Give at most %(most)d files at once; put several into one archive.") % {"most": MAX_CASE_FILES}
        )
    for document in files:
        refuse_file(document)


def keep_files(
    home: Home, model: type[AppealFile] | type[MeasureFile], of: dict[str, Any], files: Sequence[Document]
) -> list[JSON]:
    """Keep files and the rows that name them, in the caller's transaction; return their hashes."""
    hashes: list[JSON] = []
    for document in files:
        sha256 = hashlib.sha256(document.data).hexdigest()
        model.objects.create(file_sha256=sha256, file_name=plain_name(document.name, otherwise="file"), **of)
        hashes.append(blobs.put(home, blobs.Shelf.CASES, document.data))
    return hashes
