"""A party writes its plan: actions, one at a time, each saved as it stands, and files beside them.

Nothing of this is told to anybody. It becomes a statement of the party when it is submitted.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.limits import MAX_ACTION_FILES, MAX_PLAN_ACTIONS
from tidemark.records import blobs
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.agreements.documents import Document, plain_name
from tidemark.records.cases.notes import refuse_file
from tidemark.records.connect import exclusively
from tidemark.records.home import Home
from tidemark.records.plans.ask import refuse_withdrawn
from tidemark.records.plans.models import Action, ActionFile, DoneReport, Plan, Section
from tidemark.records.plans.wording import Wording, of_json, tidied

WRITABLE = (Plan.State.ASKED, Plan.State.SUBMITTED, Plan.State.RETURNED)
"""States in which a party may write: what was returned may be revised while the rest is still read.

In an accepted plan no action is begun, but one that was being written when it was accepted may be finished.
"""


def add_action(home: Home, plan: Plan, wording: Wording, *, by: Person, now: datetime) -> Action:
    """Begin another action. It may lack anything but its section."""
    refuse_other_than_partys(plan, by)
    kept = tidied(wording, sections=tuple(Section.values), today=now.date())
    with _drafting(home, plan, *WRITABLE):
        if plan.actions.count() >= MAX_PLAN_ACTIONS:
            raise Refused(_("A plan has at most %(most)d actions. Draw some together.") % {"most": MAX_PLAN_ACTIONS})
        last = plan.actions.aggregate(last=Max("number"))["last"] or 0
        return Action.objects.create(plan=plan, number=last + 1, section=kept.section, draft=kept.as_json())


def save_wording(home: Home, action: Action, wording: Wording, *, by: Person, now: datetime) -> None:
    """Keep what the party has written so far, complete or not. An action that was accepted is not changed.

    Raises
    ------
    Refused
        If the person may not write, the action is neither a draft nor returned, or something cannot be kept.
    """
    refuse_other_than_partys(action.plan, by)
    kept = tidied(wording, sections=tuple(Section.values), today=now.date())
    with _drafting(home, action.plan):
        action.leave(Action.State.DRAFT, Action.State.RETURNED)
        action.draft, action.drops = kept.as_json(), False
        if action.state == Action.State.DRAFT:
            action.section = kept.section
        action.save(update_fields=["draft", "drops", "section"])


def take_out(home: Home, action: Action, *, by: Person) -> None:
    """Take an action out: a draft at once, a returned one with the next submission, so that the owner sees it go."""
    refuse_other_than_partys(action.plan, by)
    with _drafting(home, action.plan):
        action.leave(Action.State.DRAFT, Action.State.RETURNED)
        if action.state == Action.State.DRAFT:
            action.state = Action.State.DROPPED
            action.files.update(is_removed=True)
        else:
            action.drops = True
        action.save(update_fields=["state", "drops"])


def attach(home: Home, action: Action, document: Document, *, by: Person, now: datetime) -> ActionFile:
    """Lay a file beside an action: by what it can be verified."""
    refuse_other_than_partys(action.plan, by)
    refuse_file(document)
    with _drafting(home, action.plan):
        action.leave(Action.State.DRAFT, Action.State.RETURNED)
        if action.files.filter(is_removed=False).count() >= MAX_ACTION_FILES:
            raise Refused(_("An action has at most %(most)d files.") % {"most": MAX_ACTION_FILES})
        return keep_file(home, action, document, by=by, now=now)


def detach(home: Home, file: ActionFile, *, by: Person) -> None:
    """Take a file back that was not submitted yet. The owner never sees it."""
    refuse_other_than_partys(file.action.plan, by)
    with _drafting(home, file.action.plan):
        seen = ActionFile.objects.select_for_update().get(pk=file.pk)
        if seen.is_submitted:
            raise Refused(_("The file was submitted, and stays. Add another, and say what it is for."))
        seen.is_removed = True
        seen.save(update_fields=["is_removed"])


def keep_file(
    home: Home, action: Action, document: Document, *, by: Person, now: datetime, report: DoneReport | None = None
) -> ActionFile:
    """Make the row of a file, and keep its bytes. The caller is in a transaction."""
    made = ActionFile.objects.create(
        action=action,
        report=report,
        file_sha256=hashlib.sha256(document.data).hexdigest(),
        file_name=plain_name(document.name, otherwise="file"),
        person=by,
        time=now,
        is_submitted=report is not None,
    )
    blobs.put(home, blobs.Shelf.CASES, document.data)
    return made


def wording_of(action: Action) -> Wording:
    """Return the action as its party has it before it: the draft, if there is one."""
    return of_json(action.draft) if action.draft is not None else submitted_wording(action)


def submitted_wording(action: Action) -> Wording:
    """Return the action as it was last submitted: what the owner sees."""
    return Wording(action.section, action.text, action.owner, action.due, action.proof, tuple(action.controls))


def refuse_other_than_partys(plan: Plan, by: Person) -> None:
    """Raise Refused unless the person may write for the party that was asked."""
    if by.party_id != plan.allegation.party_id or not by.may(Act.ANSWER):
        raise Refused(_("Only a contact of the company that was asked for the plan can do this."))


@contextmanager
def _drafting(home: Home, plan: Plan, *states: Plan.State) -> Iterator[None]:
    """Write in a plan in one of these states, by default in any, alone and in one transaction.

    The ledger hears of it when it is submitted.
    """
    with exclusively(home), transaction.atomic():
        refuse_withdrawn(plan)
        plan.leave(*(states or Plan.State))
        yield
