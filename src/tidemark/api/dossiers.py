"""A case exported: as one PDF, or as data."""

from typing import Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from pydantic import Field

from tidemark.api.cases import seen_case
from tidemark.api.files import attachment
from tidemark.api.operations import FILE, Subject
from tidemark.api.pages import Id
from tidemark.api.sent import Sent
from tidemark.records.accounts.roles import Act
from tidemark.records.connect import current_home
from tidemark.records.dossier.export import Form, export_case

dossiers = Subject("dossiers")


class ExportIn(Sent):
    """In which form a case leaves."""

    form: Literal["pdf", "data"] = Field("pdf", description="`data` is a zip: facts as JSON, all files, receipts.")
    language: Literal["en", "zh"] = Field("en", description="Of the PDF.")
    with_notes: bool = Field(False, description="Whether the internal notes are part of it.")


@dossiers.does("POST", "/cases/{case_id}/export", Act.EXPORT_CASES, None, media_type=FILE)
def export_one_case(request: HttpRequest, case_id: Id, sent: ExportIn) -> HttpResponse:
    """All that is on record of a case, in one file. That it left, and as what bytes, is in the ledger first."""
    case, by = seen_case(request, case_id, Act.EXPORT_CASES)
    form = Form.DATA if sent.form == "data" else Form(f"pdf-{sent.language}")
    made = export_case(current_home(), case, form, with_notes=sent.with_notes, by=by, now=timezone.now())
    return attachment(made.data, file_name=made.name)
