"""The signed paper of an agreement: a PDF that is kept as it came and only ever handed out as a file to save."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.limits import MAX_DOCUMENT_BYTES, MAX_NAME_CHARS

_HEAD = b"%PDF-"
_END = b"%%EOF"
_TAIL_BYTES = 2048


@dataclass(frozen=True, slots=True)
class Document:
    """A file that somebody uploaded."""

    name: str
    data: bytes


def refuse_other_than_pdf(document: Document) -> None:
    """Raise Refused unless the bytes begin and end as a PDF does, within the limit.

    Readers search for the header in the first kilobyte; here it must be the very first bytes, so that no file is a PDF
    and a web page at once by its beginning. What a PDF does when it is opened is not judged.
    """
    if len(document.data) > MAX_DOCUMENT_BYTES:
        raise Refused(
            _("A signed agreement has at most %(most)d MB. Scan it in black and white, or at 200 dpi.")
            % {"most": MAX_DOCUMENT_BYTES // 1024 // 1024}
        )
    if not document.data.startswith(_HEAD) or _END not in document.data[-_TAIL_BYTES:]:
        raise Refused(_("This is no PDF file, or it was cut off. Give the signed agreement as PDF."))


def plain_name(name: str, *, otherwise: str) -> str:
    """Return a file name without folders and control characters, for a header and for any file system."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(char for char in last if char.isprintable() and char not in '"<>:|?*').strip(" .")
    return kept[:MAX_NAME_CHARS] or otherwise
