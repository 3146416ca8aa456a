"""A party submits its plan: what it wrote takes the place of what was returned, is frozen, and its hash is logged."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.ledger import canonical
from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind, time_text
from tidemark.records.accounts.models import Person
from tidemark.records.cases.timeline import tell, writing
from tidemark.records.home import Home
from tidemark.records.plans.ask import refuse_withdrawn
from tidemark.records.plans.late import THEIRS
from tidemark.records.plans.models import Action, ActionFile, Plan, PlanVersion, Section
from tidemark.records.plans.wording import lacking, of_json
from tidemark.records.plans.write import refuse_other_than_partys, wording_of
from tidemark.records.sentences import joined

SCHEME = "tidemark-plan"
VERSION = 1


def open_points(plan: Plan, actions: Sequence[Action], files: Iterable[ActionFile]) -> list[str]:
    """Return what keeps a plan from being submitted, as sentences for its party; empty if nothing does. Pure.

    Parameters
    ----------
    actions : sequence of Action
        All of the plan.
    files : iterable of ActionFile
        All that lie beside them.
    """
    with_files = {file.action_id for file in files if not file.is_removed}
    standing = [each for each in actions if each.state != Action.State.DROPPED and not each.drops]
    found = []
    for action in standing:
        if action.state == Action.State.RETURNED and action.draft is None:
            found.append(_("Action %(number)d was returned. Revise it, or take it out.") % {"number": action.number})
        elif action.draft is not None and action.takes_words:
            lacks = lacking(of_json(action.draft), has_files=action.pk in with_files)
            if lacks:
                facts = {"number": action.number, "what": _("; ").join(lacks)}
                found.append(_("Action %(number)d does not say yet: %(what)s.") % facts)
    present = {wording_of(action).section for action in standing}
    for section in Section:
        if section in plan.sections and section not in present:
            found.append(_("There is no action yet in the section “%(section)s”.") % {"section": section.label})
    return found


def may_submit(plan: Plan, actions: Iterable[Action]) -> bool:
    """Whether it is the party's turn, or it has written on in a plan that was accepted meanwhile. Pure."""
    return plan.state in THEIRS or (plan.state == Plan.State.ACCEPTED and any(each.takes_words for each in actions))


def submit(home: Home, plan: Plan, *, by: Person, now: datetime) -> PlanVersion:
    """Submit the plan. Accepted actions stand as they are; all others are the owner's to judge.

    What was still being written when the plan was accepted is handed in like this too. The plan is accepted again once
    that is judged.

    Raises
    ------
    Refused
        If the person may not, the plan is being judged, nothing was changed, or something lacks.
    """
    refuse_other_than_partys(plan, by)
    with writing(home):
        refuse_withdrawn(plan)
        plan.leave(*THEIRS, Plan.State.ACCEPTED)
        actions = list(plan.actions.select_for_update())
        files = list(ActionFile.objects.filter(action__plan=plan))
        points = open_points(plan, actions, files)
        if points:
            raise Refused(joined(points))
        if not any(action.takes_words for action in actions):
            raise Refused(_("Nothing was changed since the plan was judged."))
        for action in actions:
            _take_over(action)
        ActionFile.objects.filter(action__plan=plan, is_removed=False).update(is_submitted=True)
        plan.state, plan.version, plan.submitted = Plan.State.SUBMITTED, plan.version + 1, now
        plan.accepted = None
        plan.save(update_fields=["state", "version", "submitted", "accepted"])
        content = canonical.dumps(_content(plan, actions, files, now=now)).decode()
        sha256 = hashlib.sha256(content.encode()).hexdigest()
        made = PlanVersion.objects.create(
            plan=plan, number=plan.version, content=content, content_sha256=sha256, person=by, time=now
        )
        said: dict[str, JSON] = {
            "plan": plan.pk,
            "allegation": plan.allegation_id,
            "party": plan.allegation.party.name,
            "version": plan.version,
            "content_sha256": sha256,
            "actions": sum(action.state != Action.State.DROPPED for action in actions),
        }
        tell(home, plan.allegation.case, Kind.PLAN_SUBMITTED, by=by, now=now, detail=said)
    return made


def _take_over(action: Action) -> None:
    """Put what was written in the place of what was returned."""
    if not action.takes_words:
        return
    if action.drops:
        action.state, action.draft = Action.State.DROPPED, None
    else:
        words = wording_of(action)
        action.section, action.text, action.owner, action.due = words.section, words.text, words.owner, words.due
        action.proof, action.controls, action.draft = words.proof, list(words.controls), None
        action.state = Action.State.SUBMITTED
    action.drops = False
    action.save()


def _content(plan: Plan, actions: Sequence[Action], files: Sequence[ActionFile], *, now: datetime) -> dict[str, JSON]:
    by_action: dict[str, list[dict[str, Any]]] = {}
    for file in files:
        if not file.is_removed:
            by_action.setdefault(file.action_id, []).append({"name": file.file_name, "sha256": file.file_sha256})
    return {
        "scheme": SCHEME,
        "version": VERSION,
        "plan": plan.pk,
        "number": plan.version,
        "party": plan.allegation.party.name,
        "sections": list(plan.sections),
        "time": time_text(now),
        "actions": [
            {
                "number": action.number,
                "section": action.section,
                "text": action.text,
                "owner": action.owner,
                "due": action.due.isoformat() if action.due else "",
                "proof": action.proof,
                "controls": list(action.controls),
                "files": by_action.get(action.pk, []),
                "state": action.state,
            }
            for action in actions
            if action.state != Action.State.DROPPED
        ],
    }
