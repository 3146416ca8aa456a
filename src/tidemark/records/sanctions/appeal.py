"""The party's appeal, in the portal, once and by the deadline, with its reason and files."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind
from tidemark.limits import MAX_NOTE_CHARS
from tidemark.records.accounts.models import Person
from tidemark.records.agreements.documents import Document
from tidemark.records.cases.timeline import hash_of, tell, writing
from tidemark.records.home import Home
from tidemark.records.sanctions.files import keep_files, refuse_files, refuse_other_than_sanctioned
from tidemark.records.sanctions.models import Appeal, AppealFile, Sanction
from tidemark.records.sanctions.settle import locked_case
from tidemark.records.visible import readable


def why_no_appeal(sanction: Sanction, *, now: datetime) -> str:
    """Return why the party cannot appeal now; '' if it can."""
    if Appeal.objects.filter(sanction=sanction).exists():
        return _("Your company has appealed already. The owner decides.")
    if now > sanction.appeal_until:
        return _("The time to appeal is over. It was %(time)s UTC.") % {
            "time": f"{sanction.appeal_until:%Y-%m-%d %H:%M}"
        }
    return ""


def appeal(
    home: Home, sanction: Sanction, *, reason: str, by: Person, now: datetime, files: Sequence[Document] = ()
) -> Appeal:
    """Appeal against a sanction, for the party. Until it is decided, no payment is late; measures go on.

    Raises
    ------
    Refused
        If the person is no contact of the party, it has appealed already, the time is over, or the reason is missing.
    """
    refuse_other_than_sanctioned(sanction, by)
    words = readable(reason)
    if not words or len(words) > MAX_NOTE_CHARS:
        raise Refused(_("Say why your company appeals, in at most %(most)d characters.") % {"most": MAX_NOTE_CHARS})
    refuse_files(files)
    with writing(home):
        case = locked_case(sanction)
        sanction.leave(Sanction.State.IMPOSED, Sanction.State.SETTLED)  # who pays may appeal all the same
        why_not = why_no_appeal(sanction, now=now)
        if why_not:
            raise Refused(why_not)
        made = Appeal.objects.create(sanction=sanction, person=by, reason=words, time=now)
        hashes = keep_files(home, AppealFile, {"appeal": made}, files)
        sanction.state, sanction.settled = Sanction.State.APPEALED, None
        sanction.save(update_fields=["state", "settled"])
        sanction.decisions.filter(taken=None).delete()  # proposed before the party was heard
        said: dict[str, JSON] = {
            "sanction": sanction.pk,
            "party": sanction.party.name,
            "reason_sha256": hash_of(words),
            "files": hashes,
        }
        tell(home, case, Kind.SANCTION_APPEALED, by=by, now=now, detail=said)
    return made
