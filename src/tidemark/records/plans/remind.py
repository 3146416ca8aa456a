"""Mails of plans: what a party is asked for, what was judged, and what is late; each at most once.

A task of minutes, as for cases: it looks at what is so, and may be run twice or late.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime, timedelta
from functools import partial

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from tidemark.ledger.entry import Kind, time_text
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Role
from tidemark.records.cases.allege import contacts_of
from tidemark.records.cases.models import Allegation, Case, CaseEvent
from tidemark.records.cases.stopped import stopped_now
from tidemark.records.notices import tell
from tidemark.records.plans.late import THEIRS, actions_due, is_late, overdue
from tidemark.records.plans.models import Action, DoneReport, FlowDownCheck, Plan

SOON = timedelta(days=2)
"""How long before a plan is due its party is reminded."""

SOON_DONE = timedelta(days=3)
"""How long before an action is due its party is reminded."""

RECENT = timedelta(days=30)
"""For how long a mail is still sent, if no task ran in time. After that, the page tells."""

_Mail = Callable[[], tuple[str, str, str]]


def remind(*, now: datetime) -> int:
    """Send the mails that plans call for, each once; return how many went out.

    Nobody is reminded of what is due, or overdue, as long as the allegation is stopped: nothing goes on from it.
    """
    rests = stopped_now()
    plans = Plan.objects.exclude(allegation__state=Allegation.State.WITHDRAWN)
    plans = plans.select_related("allegation__party", "allegation__case__assignee")
    return (
        sum(_of_plan(plan, rests=plan.allegation_id in rests, now=now) for plan in plans)
        + _of_actions(rests, now=now)
        + _of_judging(now=now)
        + _of_access(now=now)
    )


def _of_plan(plan: Plan, *, rests: bool, now: datetime) -> int:
    sent, since, contacts = 0, now - RECENT, partial(contacts_of, plan.allegation.party)
    until = time_text(plan.due)
    is_theirs = plan.state in THEIRS
    if is_theirs and plan.state == Plan.State.ASKED and plan.asked >= since:
        sent += _each(contacts(), f"plan-asked:{plan.pk}", partial(_asked, plan), now=now)
    if plan.state == Plan.State.RETURNED:
        sent += _each(contacts(), f"plan-returned:{plan.pk}:{plan.version}", partial(_returned, plan), now=now)
    if is_theirs and plan.due - SOON <= now < plan.due and not rests:
        sent += _each(contacts(), f"plan-soon:{plan.pk}:{until}", partial(_asked, plan), now=now)
    if is_late(plan, now=now) and not rests:
        sent += _each(contacts(), f"plan-late:{plan.pk}:{until}", partial(_late, plan), now=now)
        sent += _each(_handlers(plan.allegation.case), f"plan-late:{plan.pk}:{until}", partial(_late, plan), now=now)
    if plan.state == Plan.State.SUBMITTED:
        persons = _handlers(plan.allegation.case)
        sent += _each(persons, f"plan-submitted:{plan.pk}:{plan.version}", partial(_submitted, plan), now=now)
    if plan.accepted is not None and plan.accepted >= since:
        sent += _each(contacts(), f"plan-accepted:{plan.pk}:{plan.version}", partial(_accepted, plan), now=now)
    return sent


def _of_actions(rests: Collection[str], *, now: datetime) -> int:
    """Remind of actions that are due soon, and tell both sides of those that are late: one mail an action and side."""
    sent, on = 0, now.astimezone(UTC).date()
    rows = actions_due(until=on + SOON_DONE).exclude(plan__allegation__in=rests)
    for action in rows.select_related("plan__allegation__party", "plan__allegation__case__assignee"):
        allegation = action.plan.allegation
        if overdue(action, on=on):
            reason = f"action-late:{action.pk}:{action.due}"
            sent += _each(contacts_of(allegation.party), reason, partial(_action_late, action), now=now)
            sent += _each(_handlers(allegation.case), reason, partial(_action_late, action), now=now)
        else:
            reason = f"action-soon:{action.pk}:{action.due}"
            sent += _each(contacts_of(allegation.party), reason, partial(_action_soon, action), now=now)
    return sent


def _of_judging(*, now: datetime) -> int:
    """Tell handlers of what waits for them, and contacts of what was returned to them."""
    sent, since = 0, now - RECENT
    reports = DoneReport.objects.filter(Q(verdict="", time__gte=since) | Q(verdict="returned", judged__gte=since))
    reports = reports.exclude(action__plan__allegation__state=Allegation.State.WITHDRAWN)
    for report in reports.select_related("action__plan__allegation__party", "action__plan__allegation__case__assignee"):
        allegation = report.action.plan.allegation
        persons = contacts_of(allegation.party) if report.verdict else _handlers(allegation.case)
        reason = f"action-{report.verdict or 'reported'}:{report.pk}"
        sent += _each(persons, reason, partial(_reported, report), now=now)
    checks = FlowDownCheck.objects.filter(Q(verdict="", stated__gte=since) | Q(verdict="returned", judged__gte=since))
    checks = checks.exclude(plan__allegation__state=Allegation.State.WITHDRAWN)
    for check in checks.select_related("plan__allegation__party", "plan__allegation__case__assignee"):
        allegation = check.plan.allegation
        persons = contacts_of(allegation.party) if check.verdict else _handlers(allegation.case)
        sent += _each(persons, f"check-{check.verdict or 'stated'}:{check.pk}", partial(_checked, check), now=now)
    return sent


def _of_access(*, now: datetime) -> int:
    sent = 0
    let_go = CaseEvent.objects.filter(kind=Kind.ACCESS_RETURNED, time__gte=now - RECENT)
    events = [event for event in let_go if event.detail["engagements"]]
    ids = {event.detail["allegation"] for event in events}
    known = {row.pk: row for row in Allegation.objects.filter(pk__in=ids).select_related("party")}
    for event in events:
        allegation = known[event.detail["allegation"]]
        reason = f"access-returned:{event.pk}"
        sent += _each(contacts_of(allegation.party), reason, partial(_access, allegation), now=now)
    return sent


def _each(persons: Iterable[Person], reason: str, mail: _Mail, *, now: datetime) -> int:
    return sum(tell(person, reason, mail, now=now) for person in persons)


def _handlers(case: Case) -> list[Person]:
    """Return who is told of what waits for the owner: officers, and whoever works on the case."""
    who = Q(party__is_owner=True, grants__role=Role.OFFICER)
    if case.assignee_id:
        who |= Q(pk=case.assignee_id)
    return list(Person.objects.filter(who, is_active=True).distinct())


def _asked(plan: Plan) -> tuple[str, str, str]:
    facts = {"party": plan.allegation.party.name, "time": f"{plan.due:%Y-%m-%d %H:%M}"}
    text = _(
        "%(party)s is asked for a rectification plan. Please write it in the portal, action by action, and submit it "
        "until %(time)s UTC."
    )
    return _("A rectification plan is asked for until %(time)s UTC") % facts, text % facts, _path(plan)


def _returned(plan: Plan) -> tuple[str, str, str]:
    text = _(
        "Some of your rectification plan was returned. Each action says why. Please revise those, and submit again."
    )
    return _("Your rectification plan was returned in part"), text, _path(plan)


def _late(plan: Plan) -> tuple[str, str, str]:
    facts = {"party": plan.allegation.party.name, "time": f"{plan.due:%Y-%m-%d %H:%M}"}
    text = _("The rectification plan of %(party)s was due on %(time)s UTC, and is not submitted.") % facts
    return _("A rectification plan is overdue"), text, _path(plan)


def _submitted(plan: Plan) -> tuple[str, str, str]:
    facts = {"party": plan.allegation.party.name, "number": plan.allegation.case.number, "version": plan.version}
    subject = _("Case %(number)s: %(party)s has submitted its plan") % facts
    return subject, _("Version %(version)d of the plan is to be judged, action by action.") % facts, _path(plan)


def _accepted(plan: Plan) -> tuple[str, str, str]:
    text = _("Your rectification plan is accepted. Please report each action when it is done, with its proof.")
    return _("Your rectification plan is accepted"), text, _path(plan)


def _action_soon(action: Action) -> tuple[str, str, str]:
    facts = {"number": action.number, "day": action.due}
    text = _("Action %(number)d of your plan is due on %(day)s. Please report it as done, with its proof.")
    return _("Action %(number)d of your plan is due on %(day)s") % facts, text % facts, _action_path(action)


def _action_late(action: Action) -> tuple[str, str, str]:
    facts = {"number": action.number, "day": action.due, "party": action.plan.allegation.party.name}
    subject = _("Overdue: action %(number)d of the plan of %(party)s") % facts
    return subject, _("It was due on %(day)s, and is not reported as done.") % facts, _action_path(action)


def _reported(report: DoneReport) -> tuple[str, str, str]:
    facts = {"number": report.action.number, "party": report.action.plan.allegation.party.name}
    if report.verdict:
        text = _("What you reported of action %(number)d was returned. Please read why, and report again.") % facts
        return _("Your report of action %(number)d was returned") % facts, text, _action_path(report.action)
    text = _("%(party)s reports action %(number)d as done. Please verify it.") % facts
    return _("%(party)s reports action %(number)d as done") % facts, text, _action_path(report.action)


def _checked(check: FlowDownCheck) -> tuple[str, str, str]:
    path = reverse("plan_flow_down", args=(check.plan_id,))
    if check.verdict:
        return _("A check of a sub-vendor was returned"), _("Please read why, and state it again."), path
    facts = {"party": check.plan.allegation.party.name}
    text = _("%(party)s states what it found at a sub-vendor. Please confirm it, or return it.") % facts
    return _("%(party)s has checked a sub-vendor") % facts, text, path


def _access(allegation: Allegation) -> tuple[str, str, str]:
    if allegation.state == Allegation.State.WITHDRAWN:
        text = _("An allegation to your company was withdrawn, and the access that was suspended for it is open again.")
        return _("Your access is open again"), text, reverse("allegation", args=(allegation.pk,))
    text = _("Your company's access is open again. Thank you for what you put right.")
    return _("Your access is open again"), text, reverse("gate", args=(allegation.pk,))


def _path(plan: Plan) -> str:
    return reverse("plan", args=(plan.pk,))


def _action_path(action: Action) -> str:
    return reverse("plan_action", args=(action.plan_id, action.pk))
