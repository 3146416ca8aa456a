"""Notes, duties and files of a case: what the owner's people write down, ask of one another, and lay beside it.

None of it is ever shown to another party. The ledger has hashes and ids.
"""

import hashlib
from datetime import datetime
from enum import Enum

from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind, time_text
from tidemark.limits import MAX_CASE_FILE_BYTES, MAX_NAME_CHARS, MAX_NOTE_CHARS
from tidemark.records import blobs
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.agreements.documents import Document, plain_name
from tidemark.records.cases.models import Case, CaseFile, Duty, Note
from tidemark.records.cases.status import locked
from tidemark.records.cases.timeline import hash_of, tell, writing
from tidemark.records.home import Home
from tidemark.records.visible import readable


class Keep(Enum):
    """What stays as it is on record."""

    KEEP = "keep"


def add_note(home: Home, case: Case, text: str, *, by: Person, now: datetime) -> Note:
    """Write a note. Notes are never changed: who thinks better of it writes another."""
    refuse_unless(by, Act.NOTE_CASES)
    with writing(home):
        seen = locked(case)
        made = note_row(seen, text, by=by, now=now)
        tell(home, seen, Kind.CASE_CHANGED, by=by, now=now, detail=note_detail(made))
    return made


def note_row(case: Case, text: str, *, by: Person, now: datetime) -> Note:
    """Make the row of a note, such as a reason. The caller tells of it and is within ``timeline.writing``."""
    words = readable(text)
    if not words or len(words) > MAX_NOTE_CHARS:
        raise Refused(_("Write something, in at most %(most)d characters.") % {"most": MAX_NOTE_CHARS})
    return Note.objects.create(case=case, person=by, text=words, time=now)


def note_detail(note: Note) -> dict[str, JSON]:
    """Return what the ledger has of a note."""
    return {"note": str(note.pk), "text_sha256": hash_of(note.text)}


def add_duty(
    home: Home,
    case: Case,
    title: str,
    *,
    by: Person,
    now: datetime,
    assignee: Person | None = None,
    due: datetime | None = None,
    promised_in: str = "",
) -> Duty:
    """Ask for something to be done in a case.

    Parameters
    ----------
    promised_in : str
        The statement that promised it in public, if one did.

    Raises
    ------
    Refused
        If the person may not, there are no words, the date has passed, or who is asked does not work on cases.
    """
    refuse_unless(by, Act.NOTE_CASES)
    words = " ".join(readable(title).split())
    if not words or len(words) > MAX_NAME_CHARS:
        raise Refused(_("Say what is to be done, in at most %(most)d characters.") % {"most": MAX_NAME_CHARS})
    if assignee is not None:
        refuse_as_assignee(assignee)
    if due is not None:
        _refuse_passed(due, now=now)
    with writing(home):
        seen = locked(case)
        made = Duty.objects.create(
            case=seen, title=words, assignee=assignee, due=due, promised_in=promised_in, created=now
        )
        said = {
            "duty": made.pk,
            "assignee": assignee.pk if assignee else "",
            "due": time_text(due) if due else "",
            "promised_in": promised_in,
        }
        tell(home, seen, Kind.CASE_CHANGED, by=by, now=now, detail=said)
    return made


def state_of(duty: Duty) -> str:
    """Return who does it and until when, as text: whoever changes it can say with it what he has seen."""
    return f"{duty.assignee_id or ''} {time_text(duty.due) if duty.due else ''}"


def change_duty(
    home: Home,
    duty: Duty,
    *,
    assignee: Person | Keep | None = Keep.KEEP,
    due: datetime | Keep | None = Keep.KEEP,
    by: Person,
    now: datetime,
    shown: str = "",
) -> None:
    """Say who does it, and until when, from now on; None for nobody, and for no date.

    Parameters
    ----------
    shown : str
        What was on record when the person looked (:func:`state_of`); ``""`` if nobody says.

    Raises
    ------
    Refused
        If the person may not, it is done already, somebody else has changed it since the person looked, who is asked
        does not work on cases, a new date has passed, or it was promised in public and would be left without a person
        or a date.
    """
    refuse_unless(by, Act.NOTE_CASES)
    with writing(home):
        seen = Duty.objects.select_for_update(of=("self",)).select_related("case", "assignee").get(pk=duty.pk)
        if seen.done is not None:
            raise Refused(_("It is done already."))
        if shown and shown != state_of(seen):
            raise Refused(_("Somebody has changed this since you looked. Reload the page and look again."))
        assignee = seen.assignee if assignee is Keep.KEEP else assignee
        due = seen.due if due is Keep.KEEP else due
        if assignee is not None and assignee != seen.assignee:
            refuse_as_assignee(assignee)
        if seen.promised_in:
            _refuse_unkept(assignee, due)
        if due is not None and due != seen.due:
            _refuse_passed(due, now=now)
        seen.assignee, seen.due = assignee, due
        seen.save(update_fields=["assignee", "due"])
        said: dict[str, JSON] = {
            "duty": seen.pk,
            "changed": True,
            "assignee": assignee.pk if assignee else "",
            "due": time_text(due) if due else "",
        }
        tell(home, seen.case, Kind.CASE_CHANGED, by=by, now=now, detail=said)


def finish_duty(home: Home, duty: Duty, *, by: Person, now: datetime) -> None:
    """Say that a duty is done. It may outlive its case: what was promised is owed after the closing too."""
    refuse_unless(by, Act.NOTE_CASES)
    with writing(home):
        seen = Duty.objects.select_for_update().select_related("case").get(pk=duty.pk)
        if seen.done is not None:
            return
        seen.done, seen.done_by = now, by
        seen.save(update_fields=["done", "done_by"])
        tell(home, seen.case, Kind.CASE_CHANGED, by=by, now=now, detail={"duty": seen.pk, "done": True})


def attach_file(home: Home, case: Case, document: Document, *, by: Person, now: datetime) -> CaseFile:
    """Lay a file beside a case. It is kept as it came, and only ever handed out to be saved."""
    refuse_unless(by, Act.NOTE_CASES)
    refuse_file(document)
    with writing(home):
        seen = locked(case)
        made = CaseFile.objects.create(
            case=seen,
            file_sha256=hashlib.sha256(document.data).hexdigest(),
            file_name=plain_name(document.name, otherwise="file"),
            person=by,
            time=now,
        )
        said = {"file": made.pk, "file_sha256": made.file_sha256}
        tell(home, seen, Kind.CASE_CHANGED, by=by, now=now, detail=said)
        blobs.put(home, blobs.Shelf.CASES, document.data)
    return made


def refuse_file(document: Document) -> None:
    """Raise Refused if a file is empty or too large to be kept with a case."""
    if not document.data or len(document.data) > MAX_CASE_FILE_BYTES:
        raise Refused(_("A file has 1 byte to %(most)d MB. Give another.") % {"most": MAX_CASE_FILE_BYTES >> 20})


def refuse_unless(by: Person, act: Act) -> None:
    """Raise Refused unless a role of the person allows an act of the owner's in a case."""
    if not (by.is_owners and by.may(act)):
        raise Refused(_("None of your roles allows this in a case. Ask somebody who has the role."))


def refuse_as_assignee(person: Person) -> None:
    """Raise Refused unless somebody can be asked to work on a case."""
    if not (person.is_owners and person.may(Act.NOTE_CASES)):
        raise Refused(_("Only people of the owner who work on cases can be asked to. Choose another person."))


def _refuse_unkept(assignee: Person | None, due: datetime | None) -> None:
    if assignee is None or due is None:
        raise Refused(_("A statement promised this in public: it has a person and a date. Give both."))


def _refuse_passed(due: datetime, *, now: datetime) -> None:
    if due < now:
        raise Refused(_("This date has passed. Give one that lies ahead."))
