"""Mails of cases, and what the clock does in them: late cases are escalated, unanswered allegations marked as such.

A task of minutes. It looks at what is so, not at what has just happened: it may be run twice or late, and nobody gets a
mail twice.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind, time_text
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Role
from tidemark.records.cases.allege import contacts_of
from tidemark.records.cases.fallen import Fallen
from tidemark.records.cases.late import has_time_to_answer, late_cases, late_duties, out_of_time
from tidemark.records.cases.models import OPEN, Allegation, Case, CaseEvent, Duty, Reply
from tidemark.records.cases.stopped import Stopped, stopped, stopped_now
from tidemark.records.cases.timeline import tell as tell_case
from tidemark.records.cases.timeline import writing
from tidemark.records.home import Home
from tidemark.records.notices import tell

SOON = timedelta(days=2)
"""How long before its deadline a party that has not answered is reminded."""

RECENT = timedelta(days=30)
"""For how long a mail is still sent, if no task ran in time. After that, the page tells."""


def look_after(home: Home, *, now: datetime) -> int:
    """Do all of it; return how many mails went out."""
    mark_unanswered(home, now=now)
    return escalate(home, now=now) + remind(now=now)


def mark_unanswered(home: Home, *, now: datetime) -> int:
    """Mark the allegations whose time to answer is over without an answer; return how many.

    None that is stopped, as long as it is: its party is not reminded to answer, so nobody says that it kept silent.
    """
    late = _unanswered(out_of_time(now=now))
    if not late:
        return 0
    with writing(home):
        rows = out_of_time(now=now).select_for_update(of=("self",)).select_related("case", "party")
        late = _unanswered(rows.filter(pk__in=[each.pk for each in late]))
        for allegation in late:
            allegation.state = Allegation.State.UNANSWERED
            allegation.save(update_fields=["state"])
            said: dict[str, JSON] = {"allegation": allegation.pk, "party": allegation.party.name, "unanswered": True}
            tell_case(home, allegation.case, Kind.CASE_CHANGED, by=None, now=now, detail=said)
    return len(late)


def _unanswered(rows: Iterable[Allegation]) -> list[Allegation]:
    late = list(rows)
    gone = stopped(late) if late else {}
    return [each for each in late if each.pk not in gone]


def escalate(home: Home, *, now: datetime) -> int:
    """Tell assignee and officers, once, of each case whose response is late, and assignees of late duties.

    Returns
    -------
    int
        How many mails went out.
    """
    sent = 0
    for case in late_cases(now=now).select_related("assignee"):
        assert case.respond_by is not None
        until = time_text(case.respond_by)
        known = CaseEvent.objects.filter(case=case, kind=Kind.CASE_ESCALATED, detail__respond_by=until)
        if not known.exists():
            with writing(home):
                if not known.exists():
                    detail = {"respond_by": until, "severity": case.severity}
                    tell_case(home, case, Kind.CASE_ESCALATED, by=None, now=now, detail=detail)
        for person in {*_officers(), *((case.assignee,) if case.assignee and case.assignee.is_active else ())}:
            sent += tell(person, f"case-late:{case.pk}:{until}", partial(_late, case), now=now)
    duties = late_duties(now=now).filter(assignee__is_active=True)
    for duty in duties.select_related("assignee", "case"):
        assert duty.assignee is not None
        sent += tell(
            duty.assignee, f"duty-late:{duty.pk}:{duty.assignee.pk}:{duty.due:%Y-%m-%d}", partial(_duty, duty), now=now
        )
    return sent


def remind(*, now: datetime) -> int:
    """Send the mails that allegations call for, each once; return how many went out.

    Of a stopped one the party is not reminded to answer, and the owner's people are told why.
    """
    sent, gone = 0, stopped_now()
    since = now - RECENT
    rows = Allegation.objects.select_related("party", "case__assignee")
    for row in rows.filter(state__in=OPEN, put__gte=since):
        sent += _each(contacts_of(row.party), f"allegation-put:{row.pk}", partial(_put, row), now=now)
        if has_time_to_answer(row, now=now) and row.answer_by - SOON <= now and row.pk not in gone:
            sent += _each(contacts_of(row.party), f"allegation-soon:{row.pk}", partial(_put, row), now=now)
        if row.evidence_asked is not None and row.evidence_granted is None:
            sent += _each(_handlers(row.case), f"evidence-asked:{row.pk}", partial(_asked, row), now=now)
        if row.evidence_granted is not None:
            sent += _each(contacts_of(row.party), f"evidence-granted:{row.pk}", partial(_granted, row), now=now)
    for row in rows.filter(withdrawn__gte=since, put__isnull=False):
        sent += _each(contacts_of(row.party), f"allegation-withdrawn:{row.pk}", partial(_withdrawn, row), now=now)
        told = partial(_taken_back, row)
        sent += _each(_handlers(row.case), f"allegation-taken-back:{row.pk}", told, now=now)
    for row in rows.filter(final__gte=since, state=Allegation.State.FINAL):
        sent += _each(contacts_of(row.party), f"allegation-final:{row.pk}", partial(_final, row), now=now)
    for row in rows.filter(pk__in=gone):
        sent += _of_stopped(row, gone[row.pk], now=now)
    replies = Reply.objects.filter(time__gte=since).select_related("allegation__case__assignee", "allegation__party")
    for reply in replies:
        persons = _handlers(reply.allegation.case)
        sent += _each(persons, f"reply:{reply.pk}", partial(_replied, reply), now=now)
    return sent


def _of_stopped(allegation: Allegation, by: Stopped, *, now: datetime) -> int:
    """Tell who handles the case once of each trace by which it fell, and of each caveat that became known.

    Whenever it was: it may have been hidden by another, or what it speaks of put there only now.
    """
    if isinstance(by, Fallen):
        reason = f"allegation-fallen:{allegation.pk}:{by.trace.pk}"
    else:
        facts = hashlib.sha256("\n".join(by.facts).encode()).hexdigest()
        reason = f"allegation-untold:{allegation.pk}:{facts}"
    mail = partial(_stopped, allegation, is_fallen=isinstance(by, Fallen))
    return _each(_handlers(allegation.case), reason, mail, now=now)


def _each(persons: Iterable[Person], reason: str, mail: "partial[tuple[str, str, str]]", *, now: datetime) -> int:
    return sum(tell(person, reason, mail, now=now) for person in persons)


def _officers() -> list[Person]:
    return list(Person.objects.filter(party__is_owner=True, is_active=True, grants__role=Role.OFFICER).distinct())


def _handlers(case: Case) -> list[Person]:
    """Return who is told of a party's answer, or that something fell: officers, legal, whoever works on the case."""
    who = Q(party__is_owner=True, grants__role__in=(Role.OFFICER, Role.LEGAL))
    if case.assignee_id:
        who |= Q(pk=case.assignee_id)
    return list(Person.objects.filter(who, is_active=True).distinct())


def _late(case: Case) -> tuple[str, str, str]:
    facts = {"number": case.number, "time": f"{case.respond_by:%Y-%m-%d %H:%M}", "status": case.get_status_display()}
    subject = _("Case %(number)s is overdue") % facts
    text = _("The next response in case %(number)s was due on %(time)s UTC. It is %(status)s.") % facts
    return subject, text, reverse("case", args=(case.pk,))


def _duty(duty: Duty) -> tuple[str, str, str]:
    facts = {"number": duty.case.number, "duty": duty.title}
    subject = _("Overdue in case %(number)s: %(duty)s") % facts
    return subject, _("You were asked to do this, and its date is over: %(duty)s.") % facts, _case_path(duty.case)


def _put(allegation: Allegation) -> tuple[str, str, str]:
    facts = {"party": allegation.party.name, "time": f"{allegation.answer_by:%Y-%m-%d %H:%M}"}
    subject = _("Your answer is asked for until %(time)s UTC") % facts
    text = (
        _(
            "An allegation was put to %(party)s about confidential material that was found. Please read it, and answer "
            "it for your company until %(time)s UTC. Nothing is final before."
        )
        % facts
    )
    return subject, text, _path(allegation)


def _asked(allegation: Allegation) -> tuple[str, str, str]:
    facts = {"party": allegation.party.name, "number": allegation.case.number}
    text = _("%(party)s asks for the evidence of the allegation that was put to it.") % facts
    return _("Case %(number)s: evidence is asked for") % facts, text, _path(allegation)


def _granted(allegation: Allegation) -> tuple[str, str, str]:
    text = _("The evidence that your company asked for can be downloaded, with how to verify it yourself.")
    return _("The evidence is ready for you"), text, _path(allegation)


def _withdrawn(allegation: Allegation) -> tuple[str, str, str]:
    text = _("The allegation that was put to %(party)s is withdrawn. Please read what the owner has to say.") % {
        "party": allegation.party.name
    }
    return _("The allegation is withdrawn"), text, _path(allegation)


def _taken_back(allegation: Allegation) -> tuple[str, str, str]:
    facts = {"number": allegation.case.number, "party": allegation.party.name}
    subject = _("Case %(number)s: the allegation to %(party)s was withdrawn") % facts
    text = _("What rested on it is void, and access that was suspended for it has returned. Who did it is in the case.")
    return subject, text, _case_path(allegation.case)


def _final(allegation: Allegation) -> tuple[str, str, str]:
    text = _("The allegation that was put to %(party)s is final. What follows from it, you are told apart.") % {
        "party": allegation.party.name
    }
    return _("The allegation is final"), text, _path(allegation)


def _stopped(allegation: Allegation, *, is_fallen: bool) -> tuple[str, str, str]:
    facts = {"number": allegation.case.number, "party": allegation.party.name}
    subject = _("Case %(number)s: the allegation to %(party)s is stopped") % facts
    text = (
        _(
            "A file was traced again, and the last trace does not bear the allegation any more. Nothing goes on from "
            "it. What was found, and what to do, is on its page."
        )
        if is_fallen
        else _(
            "Since the allegation was put, something became known that speaks against it and that it did not say. "
            "Nothing goes on from it. What became known, and what to do, is on its page."
        )
    )
    return subject, text, _path(allegation)


def _replied(reply: Reply) -> tuple[str, str, str]:
    allegation = reply.allegation
    facts = {"number": allegation.case.number, "party": allegation.party.name, "answer": reply.get_answer_display()}
    subject = _("Case %(number)s: %(party)s has answered") % facts
    return subject, _("%(party)s %(answer)s. The answer is on the page of the allegation.") % facts, _path(allegation)


def _path(allegation: Allegation) -> str:
    return reverse("allegation", args=(allegation.pk,))


def _case_path(case: Case) -> str:
    return reverse("case", args=(case.pk,))
