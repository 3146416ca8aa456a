"""Take uploaded files into memory. The size of each is looked at by whoever keeps it, and here, before it is read."""

from collections.abc import Iterable

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.limits import MAX_BID_BYTES, MAX_DOCUMENT_BYTES
from tidemark.records.agreements.documents import Document

_MOST_BYTES = max(MAX_BID_BYTES, MAX_DOCUMENT_BYTES)


def document_of(upload: UploadedFile[bytes] | None) -> Document | None:
    """Return an uploaded file's name and bytes; None if there is none.

    Raises
    ------
    Refused
        If it is larger than anything that is taken.
    """
    if upload is None:
        return None
    if (upload.size or 0) > _MOST_BYTES:
        raise Refused(_("A file has at most %(most)d MB. Make it smaller.") % {"most": _MOST_BYTES // 1024 // 1024})
    return Document(upload.name or "", upload.read())


def documents_of(uploads: Iterable[UploadedFile[bytes]]) -> list[Document]:
    """Return the names and bytes of uploaded files, as :func:`document_of`."""
    found = [document_of(upload) for upload in uploads]
    return [document for document in found if document is not None]
