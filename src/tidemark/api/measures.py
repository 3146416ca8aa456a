"""Measures of a sanction: added and judged by officers and legal, reported by the party."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import File, Form
from ninja.files import UploadedFile
from pydantic import Field

from tidemark.api.callers import caller
from tidemark.api.files import document_of, handed_out
from tidemark.api.operations import FILE, FORM, Subject
from tidemark.api.pages import Id, LongText, Moment, Reason, RowId, Text, find, named
from tidemark.api.sanctions import by_owner, party_found
from tidemark.api.sanctions_out import SanctionOut, seen_sanctions, shown_sanction
from tidemark.api.sent import Sent
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.connect import current_home
from tidemark.records.projects.models import Project
from tidemark.records.sanctions.measures import judge, report
from tidemark.records.sanctions.models import Measure, MeasureFile, Sanction
from tidemark.records.sanctions.prepare import add_measure, remove_measure

measures = Subject("sanctions")


class MeasureIn(Sent):
    """A measure."""

    kind: Measure.Kind
    text: Reason
    due: Moment | None = Field(None, description="Not of a suspension, which lasts until the gate opens.")
    project: RowId | None = Field(None, description="Of a suspension; null for all of the party's projects.")


class ReportIn(Sent):
    """What the party did about a measure."""

    text: Annotated[LongText, Field(min_length=1)]


class MeasureJudgementIn(Sent):
    """Whether what was reported is accepted; if not, why."""

    accepts: bool
    reason: Text = ""
    report: RowId = Field(description="The last report, that was read; another one is not judged unread.")


@measures.does("POST", "/sanctions/{sanction_id}/measures", Act.ALLEGE, SanctionOut, status=201)
def add_sanction_measure(request: HttpRequest, sanction_id: Id, sent: MeasureIn) -> SanctionOut:
    """Add a measure to what is not imposed yet."""

    def act(row: Sanction, by: Person) -> None:
        project = named(Project.objects.visible_to(by), sent.project, at="project") if sent.project else None
        home, now = current_home(), timezone.now()
        add_measure(home, row, sent.kind, text=sent.text, due=sent.due, project=project, by=by, now=now)

    return by_owner(request, sanction_id, act)


@measures.does("DELETE", "/sanctions/{sanction_id}/measures/{measure_id}", Act.ALLEGE, SanctionOut)
def remove_sanction_measure(request: HttpRequest, sanction_id: Id, measure_id: Id) -> SanctionOut:
    """Take a measure out of what is not imposed yet."""
    return by_owner(
        request,
        sanction_id,
        lambda row, by: remove_measure(current_home(), _measure(row, measure_id), by=by, now=timezone.now()),
    )


@measures.does("POST", "/sanctions/{sanction_id}/measures/{measure_id}/judge", Act.ALLEGE, SanctionOut)
def judge_measure_report(
    request: HttpRequest, sanction_id: Id, measure_id: Id, sent: MeasureJudgementIn
) -> SanctionOut:
    """Accept what the party reported, or return it with the reason."""

    def act(row: Sanction, by: Person) -> None:
        home, now, measure = current_home(), timezone.now(), _measure(row, measure_id)
        judge(home, measure, accepts=sent.accepts, reason=sent.reason, read=sent.report, by=by, now=now)

    return by_owner(request, sanction_id, act)


@measures.does("POST", "/sanctions/{sanction_id}/measures/{measure_id}/reports", Act.ANSWER, SanctionOut, status=201)
def report_measure(request: HttpRequest, sanction_id: Id, measure_id: Id, sent: ReportIn) -> SanctionOut:
    """Report for the party that a measure is done. An obligation needs a proof: send it with a file."""
    return _reported(request, sanction_id, measure_id, sent, ())


@measures.does(
    "POST",
    "/sanctions/{sanction_id}/measures/{measure_id}/reports/with-file",
    Act.ANSWER,
    SanctionOut,
    status=201,
    body=FORM,
)
def report_measure_with_file(
    request: HttpRequest, sanction_id: Id, measure_id: Id, file: File[UploadedFile], sent: Form[ReportIn]
) -> SanctionOut:
    """Report for the party that a measure is done, with its proof."""
    return _reported(request, sanction_id, measure_id, sent, (file,))


@measures.reads("/sanctions/{sanction_id}/proofs/{proof_id}", None, media_type=FILE)
def download_measure_proof(request: HttpRequest, sanction_id: Id, proof_id: RowId) -> HttpResponse:
    """A proof that the party handed in with a report, for either side."""
    row = find(seen_sanctions(caller(request).person), sanction_id)
    return handed_out(find(MeasureFile.objects.filter(report__measure__sanction=row), proof_id))


def _reported(
    request: HttpRequest, sanction_id: str, measure_id: str, sent: ReportIn, files: tuple[UploadedFile, ...]
) -> SanctionOut:
    row, by = party_found(request, sanction_id)
    documents = [document_of(file) for file in files]
    report(current_home(), _measure(row, measure_id), text=sent.text, files=documents, by=by, now=timezone.now())
    return shown_sanction(by, row.pk)


def _measure(row: Sanction, measure_id: str) -> Measure:
    return find(Measure.objects.filter(sanction=row).select_related("sanction__allegation__party"), measure_id)
