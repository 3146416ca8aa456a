"""The owner accepts or returns a plan, action by action. With none open, and one in every section, it is accepted.

If a revised plan leaves nothing to judge, for what was returned is taken out, the owner accepts it as a whole.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind, time_text
from tidemark.limits import MAX_TEXT_CHARS
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.cases.foreign import foreign_names
from tidemark.records.cases.models import Allegation
from tidemark.records.cases.notes import refuse_unless
from tidemark.records.cases.timeline import hash_of, tell, writing
from tidemark.records.home import Home
from tidemark.records.plans.ask import refuse_withdrawn
from tidemark.records.plans.models import Action, Judgement, Plan, Reason
from tidemark.records.visible import readable

REVISE_WITHIN = timedelta(days=7)
"""What a party is given at least to revise what was returned: half of what it had for the whole."""


def judge(
    home: Home,
    action: Action,
    *,
    accepts: bool,
    by: Person,
    now: datetime,
    reason: str = "",
    text: str = "",
    version: int | None = None,
) -> Judgement:
    """Accept an action as it was submitted, or return it with a reason. An accepted one can be returned afterwards.

    Parameters
    ----------
    reason : str
        One of :class:`Reason`, if it is returned.
    text : str
        What else there is to say; the party reads it.
    version : int or None
        Of the plan that was read, if it is known: what was submitted in between is not judged unread.

    Raises
    ------
    Refused
        If the person may not, the action is not submitted, another version was read, the reason is missing, or
        given though it is accepted, or the text names another party.
    """
    refuse_unless(by, Act.RECTIFY)
    words = checked_words(text, reason, is_returned=not accepts, allegation=action.plan.allegation)
    with writing(home):
        plan = Plan.objects.select_related("allegation__case", "allegation__party").get(pk=action.plan_id)
        refuse_withdrawn(plan)
        plan.leave(Plan.State.SUBMITTED, Plan.State.RETURNED, Plan.State.ACCEPTED)
        _refuse_unread(plan, version)
        action.leave(*((Action.State.SUBMITTED,) if accepts else (Action.State.SUBMITTED, Action.State.ACCEPTED)))
        action.state = Action.State.ACCEPTED if accepts else Action.State.RETURNED
        action.progress, action.verified = Action.Progress.OPEN, None
        action.save(update_fields=["state", "progress", "verified"])
        made = Judgement.objects.create(
            action=action,
            version=plan.version,
            is_accepted=accepts,
            reason="" if accepts else reason,
            text=words,
            person=by,
            time=now,
        )
        said: dict[str, JSON] = {
            "plan": plan.pk,
            "action": action.pk,
            "number": action.number,
            "party": plan.allegation.party.name,
            "version": plan.version,
            "accepted": accepts,
            "reason": made.reason,
            "text_sha256": hash_of(words),
        }
        tell(home, plan.allegation.case, Kind.ACTION_JUDGED, by=by, now=now, detail=said)
        _conclude(home, plan, by=by, now=now)
    return made


def accept(home: Home, plan: Plan, *, version: int, by: Person, now: datetime) -> None:
    """Accept a plan in which no action waits to be judged: the party has taken out what was returned.

    Whether the plan holds without that is the owner's to say, and not what the party brings about alone.

    Parameters
    ----------
    version : int
        Of the plan that was read.

    Raises
    ------
    Refused
        If the person may not, another version was read, or not all of its actions are accepted.
    """
    refuse_unless(by, Act.RECTIFY)
    with writing(home):
        plan.refresh_from_db()
        refuse_withdrawn(plan)
        plan.leave(Plan.State.SUBMITTED)
        _refuse_unread(plan, version)
        if not may_accept(plan, plan.actions.all()):
            raise Refused(_("Accept or return each action: the plan is accepted with the last of them."))
        _conclude(home, plan, by=by, now=now)


def may_accept(plan: Plan, actions: Iterable[Action]) -> bool:
    """Whether a submitted plan waits, and none of its actions does. Pure."""
    return plan.state == Plan.State.SUBMITTED and standing(actions, plan.sections) == Plan.State.ACCEPTED


def standing(actions: Iterable[Action], sections: Iterable[str]) -> Plan.State:
    """Return the state of a plan that was submitted, from its actions: still to be judged, returned or accepted. Pure.

    It is accepted if every section that is asked for has an accepted action, and none is open or returned.
    """
    known = list(actions)
    states = {action.state for action in known}
    if Action.State.SUBMITTED in states:
        return Plan.State.SUBMITTED
    accepted = {action.section for action in known if action.state == Action.State.ACCEPTED}
    if Action.State.RETURNED in states or not set(sections) <= accepted:
        return Plan.State.RETURNED
    return Plan.State.ACCEPTED


def checked_words(text: str, reason: str, *, is_returned: bool, allegation: Allegation) -> str:
    """Return what the owner says to something that it judges, stripped.

    Raises
    ------
    Refused
        If something is returned without a reason, or for another reason without a text; if a reason is given for what
        is not returned; if the text is too long or names another party.
    """
    words = readable(text)
    if reason and not is_returned:
        raise Refused(_("You choose a reason to return it, and do not return it. Return it, or choose no reason."))
    if is_returned and reason not in Reason.values:
        raise Refused(_("Choose the reason for which it is returned."))
    if is_returned and reason == Reason.OTHER and not words:
        raise Refused(_("Say for which other reason it is returned."))
    if len(words) > MAX_TEXT_CHARS:
        raise Refused(_("Say it in at most %(most)d characters.") % {"most": MAX_TEXT_CHARS})
    foreign = foreign_names(words, allegation.party)
    if foreign:
        raise Refused(
            _("The text names %(others)s. A party learns of no other party: take the name out.")
            % {"others": _(", ").join(foreign)}
        )
    return words


def _refuse_unread(plan: Plan, version: int | None) -> None:
    if version is not None and version != plan.version:
        raise Refused(
            _("The plan has another version: it was submitted anew in between, or you name a wrong one. Read it again.")
        )


def _conclude(home: Home, plan: Plan, *, by: Person, now: datetime) -> None:
    """Set what the plan is now, and tell if it is accepted. What the party is still writing stays with it."""
    found = standing(plan.actions.all(), plan.sections)
    if found == plan.state:
        return
    plan.state, plan.accepted = found, now if found == Plan.State.ACCEPTED else None
    if found == Plan.State.RETURNED and plan.due < now + REVISE_WITHIN:
        plan.due = now + REVISE_WITHIN
        about: dict[str, JSON] = {"plan": plan.pk, "party": plan.allegation.party.name, "due": time_text(plan.due)}
        tell(home, plan.allegation.case, Kind.CASE_CHANGED, by=by, now=now, detail=about)
    plan.save(update_fields=["state", "accepted", "due"])
    if found == Plan.State.ACCEPTED:
        said: dict[str, JSON] = {
            "plan": plan.pk,
            "allegation": plan.allegation_id,
            "party": plan.allegation.party.name,
            "version": plan.version,
        }
        tell(home, plan.allegation.case, Kind.PLAN_ACCEPTED, by=by, now=now, detail=said)
