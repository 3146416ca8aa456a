"""Export a case: as one PDF, or as data. That it left, when, with whom and as what bytes, is in the ledger first."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind
from tidemark.records import blobs
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.blobs import Shelf
from tidemark.records.cases.models import Case
from tidemark.records.cases.notes import refuse_unless
from tidemark.records.cases.timeline import tell, writing
from tidemark.records.dossier.data import archive
from tidemark.records.dossier.document import document
from tidemark.records.dossier.gather import gather
from tidemark.records.home import Home
from tidemark.records.ledger.receipts import receipts_of


class Form(TextChoices):
    """In which form a case leaves."""

    PDF_EN = "pdf-en", _("PDF in English")
    PDF_ZH = "pdf-zh", _("PDF in Chinese")
    DATA = "data", _("data: facts, files and receipts, as a zip")


@dataclass(frozen=True, slots=True)
class Exported:
    """What leaves, and under what file name."""

    data: bytes
    name: str


def export_case(home: Home, case: Case, form: Form, *, with_notes: bool, by: Person, now: datetime) -> Exported:
    """Return a case in one file.

    Raises
    ------
    Refused
        If the person may not export cases.
    ReportFontMissing, ReportFailed
        If the PDF cannot be set.
    RecordsDamaged
        If a file or an entry of the ledger is gone.
    """
    refuse_unless(by, Act.EXPORT_CASES)
    facts = gather(case, with_notes=with_notes, now=now)
    if form == Form.DATA:
        made = archive(
            facts,
            get=lambda file: blobs.get(home, file.shelf, file.sha256),
            receipts=receipts_of(home, sorted({each.leaf_index for each in facts.timeline})),
            by=by.name,
            now=now,
        )
        name = f"case-{case.number}.zip"
    else:
        language = form.removeprefix("pdf-")
        made = document(
            facts, language, picture=lambda sha256: blobs.get(home, Shelf.TRACES, sha256), by=by.name, now=now
        )
        name = f"case-{case.number}-{language}.pdf"
    said: dict[str, JSON] = {
        "form": str(form.value),
        "export_sha256": hashlib.sha256(made).hexdigest(),
        "size_bytes": len(made),
        "with_notes": with_notes,
    }
    with writing(home):
        tell(home, case, Kind.CASE_EXPORTED, by=by, now=now, detail=said)
    return Exported(made, name)
