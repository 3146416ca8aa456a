"""What a party answers to an allegation, in the portal: it accepts, disputes, or names its sub-vendor."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind
from tidemark.limits import MAX_CASE_FILES, MAX_NAME_CHARS, MAX_NOTE_CHARS, MAX_REPLIES
from tidemark.records import blobs
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.agreements.documents import Document, plain_name
from tidemark.records.cases.models import OPEN, Allegation, Reply, ReplyFile
from tidemark.records.cases.notes import refuse_file
from tidemark.records.cases.status import set_due
from tidemark.records.cases.summary import below
from tidemark.records.cases.timeline import hash_of, tell, writing
from tidemark.records.home import Home
from tidemark.records.parties.models import Party
from tidemark.records.visible import readable


def reply(
    home: Home,
    allegation: Allegation,
    answer: str,
    *,
    text: str,
    by: Person,
    now: datetime,
    names_party: Party | None = None,
    names: str = "",
    files: Sequence[Document] = (),
) -> Reply:
    """Answer an allegation for the party. It may answer again until the allegation is final; every answer stays.

    Parameters
    ----------
    answer : str
        One of :class:`Reply.Answer`.
    names_party : Party or None
        The sub-vendor that it names, if that one is in its part of the supply tree.
    names : str
        The sub-vendor's name, if it is on no record.

    Raises
    ------
    Refused
        If the person is no contact of the party, the allegation is concluded, or something is missing.
    """
    refuse_other_than_accused(allegation, by)
    _refuse_incomplete(allegation, answer, text=text, names_party=names_party, names=names)
    if len(files) > MAX_CASE_FILES:
        raise Refused(
            _("Give at most %(most)d files at once; put several into one archive.") % {"most": MAX_CASE_FILES}
        )
    for document in files:
        refuse_file(document)
    with writing(home):
        allegation.leave(*OPEN)
        if allegation.replies.count() >= MAX_REPLIES:
            raise Refused(_("Your company has answered often enough here. Write to the owner."))
        made = Reply.objects.create(
            allegation=allegation,
            person=by,
            answer=answer,
            text=readable(text),
            names_party=names_party if answer == Reply.Answer.NAMES else None,
            names=" ".join(readable(names).split()) if answer == Reply.Answer.NAMES else "",
            time=now,
        )
        hashes = [_keep(home, made, document) for document in files]
        allegation.state = Allegation.State.ANSWERED
        allegation.save(update_fields=["state"])
        said: dict[str, JSON] = {
            "allegation": allegation.pk,
            "party": allegation.party.name,
            "answer": answer,
            "text_sha256": hash_of(made.text),
            "names": made.names_party.name if made.names_party else "",
            "names_sha256": hash_of(made.names),
            "files": list(hashes),
        }
        tell(home, allegation.case, Kind.REPLY_RECEIVED, by=by, now=now, detail=said)
        case = allegation.case
        case.refresh_from_db()
        set_due(case, since=now)
        case.save(update_fields=["respond_by"])
    return made


def nameable(party: Party) -> QuerySet[Party]:
    """Return the sub-vendors that a party may name: those below it in a supply tree. It learns of no other."""
    return Party.objects.filter(pk__in=below(party).exclude(party=party.pk).values("party"))


def refuse_other_than_accused(allegation: Allegation, by: Person) -> None:
    """Raise Refused unless the person may answer for the party that the allegation was put to."""
    if by.party_id != allegation.party_id or not by.may(Act.ANSWER) or allegation.put is None:
        raise Refused(_("Only a contact of the company that this was put to can answer it."))


def _refuse_incomplete(
    allegation: Allegation, answer: str, *, text: str, names_party: Party | None, names: str
) -> None:
    if answer not in Reply.Answer.values:
        raise Refused(_("Choose your answer: accept, dispute, or name your sub-vendor."))
    if len(text) > MAX_NOTE_CHARS or len(names) > MAX_NAME_CHARS:
        raise Refused(_("The text is too long. Put it into a file."))
    if answer == Reply.Answer.DISPUTES and not readable(text):
        raise Refused(_("Say why your company disputes it."))
    if answer != Reply.Answer.NAMES:
        return
    if names_party is None and not readable(names):
        raise Refused(_("Name the sub-vendor: choose it, or write its name."))
    if names_party is not None and not nameable(allegation.party).filter(pk=names_party.pk).exists():
        raise Refused(_("Choose a sub-vendor that your company engages, or write its name."))


def _keep(home: Home, made: Reply, document: Document) -> str:
    sha256 = hashlib.sha256(document.data).hexdigest()
    name = plain_name(document.name, otherwise="file")
    ReplyFile.objects.create(reply=made, file_sha256=sha256, file_name=name)
    return blobs.put(home, blobs.Shelf.CASES, document.data)
