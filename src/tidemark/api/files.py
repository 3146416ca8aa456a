"""Files that come and files that leave.

What comes has its size looked at before it is read. What leaves is always to be saved, never to be shown by a browser
as part of this site.
"""

from typing import Protocol
from urllib.parse import quote

from django.http import HttpResponse
from django.utils.translation import gettext
from ninja.files import UploadedFile

from tidemark.errors import LimitExceeded
from tidemark.limits import MAX_CASE_FILE_BYTES
from tidemark.records import blobs
from tidemark.records.agreements.documents import Document
from tidemark.records.connect import current_home

_SAFE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_. ")


def attachment(data: bytes, *, file_name: str) -> HttpResponse:
    """Return a file to be saved, under a name that can neither end the header nor name a folder (RFC 6266)."""
    name = file_name.replace("\\", "/").rpartition("/")[2].lstrip(". ")
    plain = "".join(char if char in _SAFE else "_" for char in name) or "file"
    disposition = f'attachment; filename="{plain}"'
    if plain != name:
        disposition += f"; filename*=UTF-8''{quote(name.encode('utf-8', 'replace'), safe='')}"
    return HttpResponse(
        data,
        content_type="application/octet-stream",
        headers={"Content-Disposition": disposition, "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"},
    )


class Kept(Protocol):
    """A row of the records that tells of a file on the shelf of cases."""

    file_sha256: str
    file_name: str


def handed_out(row: Kept) -> HttpResponse:
    """Return a file that is kept beside a case, to be saved."""
    return attachment(blobs.get(current_home(), blobs.Shelf.CASES, row.file_sha256), file_name=row.file_name)


def document_of(file: UploadedFile, *, most_bytes: int = MAX_CASE_FILE_BYTES) -> Document:
    """Return an uploaded file's name and bytes; its size is looked at before it is read."""
    if (file.size or 0) > most_bytes:
        raise LimitExceeded(gettext("A file has at most %(most)d MB.") % {"most": most_bytes >> 20})
    return Document(file.name or "", file.read())
