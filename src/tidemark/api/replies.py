"""What the party that an allegation was put to does with it: ask for the evidence, take it, and answer."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from ninja import File, Form
from ninja.files import UploadedFile
from pydantic import StringConstraints

from tidemark.api.allegations import AllegationOut, seen_allegations, shown
from tidemark.api.callers import caller
from tidemark.api.files import attachment, document_of, handed_out
from tidemark.api.operations import FILE, FORM, Subject
from tidemark.api.pages import Id, Index, LongText, RowId, find, named
from tidemark.api.problems import forbidden
from tidemark.api.sent import Sent
from tidemark.evidence.bundle import EXTENSION
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.cases.hand_over import ask_evidence, hand_over, matches_sealed_for
from tidemark.records.cases.models import Allegation, Reply, ReplyFile
from tidemark.records.cases.reply import reply
from tidemark.records.connect import current_home
from tidemark.records.projects.models import visible_parties

replies = Subject("allegations")


class ReplyIn(Sent):
    """What a party answers."""

    answer: Reply.Answer
    text: LongText = ""
    names_party: RowId | None = None
    names: Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""


@replies.does("POST", "/allegations/{allegation_id}/evidence/ask", Act.ANSWER, AllegationOut)
def ask_allegation_evidence(request: HttpRequest, allegation_id: Id) -> AllegationOut:
    """Ask for the sealed evidence, for the party."""
    row, by = _accused(request, allegation_id)
    ask_evidence(current_home(), row, by=by, now=timezone.now())
    return shown(by, row.pk)


@replies.does("POST", "/allegations/{allegation_id}/evidence/{bundle_id}", Act.ANSWER, None, media_type=FILE)
def download_allegation_evidence(request: HttpRequest, allegation_id: Id, bundle_id: Index) -> HttpResponse:
    """The sealed evidence, for the party, once it was granted. The ledger has each download before it begins."""
    row, by = _accused(request, allegation_id)
    match = find(matches_sealed_for(row), bundle_id)
    data = hand_over(current_home(), row, match, by=by, now=timezone.now())
    return attachment(data, file_name=f"evidence-{row.pk}{EXTENSION}")


@replies.does("POST", "/allegations/{allegation_id}/replies", Act.ANSWER, AllegationOut, status=201)
def answer_allegation(request: HttpRequest, allegation_id: Id, sent: ReplyIn) -> AllegationOut:
    """Answer for the party: accept, dispute, or name a sub-vendor."""
    return _answered(request, allegation_id, sent, ())


@replies.does(
    "POST", "/allegations/{allegation_id}/replies/with-file", Act.ANSWER, AllegationOut, status=201, body=FORM
)
def answer_allegation_with_file(
    request: HttpRequest, allegation_id: Id, file: File[UploadedFile], sent: Form[ReplyIn]
) -> AllegationOut:
    """Answer for the party, with a file."""
    return _answered(request, allegation_id, sent, (file,))


@replies.reads("/allegations/{allegation_id}/files/{file_id}", None, media_type=FILE)
def download_reply_file(request: HttpRequest, allegation_id: Id, file_id: Index) -> HttpResponse:
    """A file that the party handed in, for either side."""
    row = find(seen_allegations(caller(request).person), allegation_id)
    found = find(ReplyFile.objects.filter(reply__allegation=row), file_id)
    return handed_out(found)


def _answered(
    request: HttpRequest, allegation_id: str, sent: ReplyIn, files: tuple[UploadedFile, ...]
) -> AllegationOut:
    row, by = _accused(request, allegation_id)
    reply(
        current_home(),
        row,
        sent.answer,
        text=sent.text,
        names_party=named(visible_parties(by), sent.names_party, at="names_party") if sent.names_party else None,
        names=sent.names,
        files=[document_of(file) for file in files],
        by=by,
        now=timezone.now(),
    )
    return shown(by, row.pk)


def _accused(request: HttpRequest, allegation_id: str) -> tuple[Allegation, Person]:
    """Return the allegation and the person, if the person answers for the party that it was put to."""
    who = caller(request)
    row = find(seen_allegations(who.person), allegation_id)
    if who.person.party_id != row.party_id:
        raise forbidden(gettext("Only people of the party that it was put to do this."))
    who.must(Act.ANSWER)
    return row, who.person
