"""How an allegation becomes final. And the intent, as a judgement.

Nothing is final before the party has answered or the time to answer is over, nor once the last trace accuses the copy
no more, or a caveat is known of which the party was not told: what one person put is not concluded against what two
would have to decide. The other end, its withdrawal, takes back what came of it too: see
:mod:`tidemark.records.plans.take_back`.
"""

from datetime import datetime

from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind
from tidemark.limits import MAX_TEXT_CHARS
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.cases.late import has_time_to_answer
from tidemark.records.cases.models import OPEN, Allegation, Case, Intent
from tidemark.records.cases.notes import refuse_unless
from tidemark.records.cases.status import go_on, locked_unclosed
from tidemark.records.cases.stopped import why_stopped
from tidemark.records.cases.timeline import hash_of, tell, writing
from tidemark.records.home import Home
from tidemark.records.visible import readable


def why_not_final(allegation: Allegation, *, now: datetime) -> str:
    """Return why an allegation cannot be final now; '' if it can."""
    if allegation.state not in OPEN:
        return _("The allegation is %(seen)s.") % {"seen": allegation.get_state_display()}
    if stopped := why_stopped(allegation):
        return stopped
    if has_time_to_answer(allegation, now=now):
        return _("The party has not answered, and has until %(time)s UTC to do so. Nothing is final before.") % {
            "time": f"{allegation.answer_by:%Y-%m-%d %H:%M}"
        }
    return ""


def make_final(home: Home, allegation: Allegation, *, by: Person, now: datetime) -> None:
    """Conclude that the allegation stands. With the last one that is open, the case is decided, or rectified further.

    Raises
    ------
    Refused
        If the person may not, the party has neither answered nor had its time, the allegation has fallen, or a caveat
        is known that was not when it was put.
    """
    refuse_unless(by, Act.ALLEGE)
    with writing(home):
        case = locked_unclosed(allegation.case)
        allegation.leave(*OPEN)
        allegation.answer_by = Allegation.objects.values_list("answer_by", flat=True).get(pk=allegation.pk)
        reason = why_not_final(allegation, now=now)
        if reason:
            raise Refused(reason)
        allegation.state, allegation.final = Allegation.State.FINAL, now
        allegation.save(update_fields=["state", "final"])
        detail: dict[str, JSON] = {"allegation": allegation.pk, "party": allegation.party.name}
        last = allegation.replies.order_by("time").last()
        detail["answer"] = last.answer if last else ""
        tell(home, case, Kind.ALLEGATION_FINAL, by=by, now=now, detail=detail)
        go_on(home, case, by=by, now=now)


def judge_intent(home: Home, case: Case, kind: str, *, reason: str, by: Person, now: datetime) -> Intent:
    """Write down how somebody judges that it came about. It is an opinion with its author; the last one counts."""
    if not by.may(Act.ALLEGE):
        refuse_unless(by, Act.HANDLE_CASES)
    if kind not in Intent.Kind.values:
        raise Refused(_("Judge it as accidental, negligent, deliberate or unknown."))
    words = readable(reason)
    if not words or len(words) > MAX_TEXT_CHARS:
        raise Refused(_("Say on what you judge, in at most %(most)d characters.") % {"most": MAX_TEXT_CHARS})
    with writing(home):
        seen = locked_unclosed(case)
        made = Intent.objects.create(case=seen, kind=kind, reason=words, person=by, time=now)
        said: dict[str, JSON] = {"intent": kind, "reason_sha256": hash_of(words)}
        tell(home, seen, Kind.INTENT_JUDGED, by=by, now=now, detail=said)
    return made
