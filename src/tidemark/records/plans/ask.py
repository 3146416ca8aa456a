"""Ask a party for a plan, by a final allegation, until a date."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind, time_text
from tidemark.limits import MAX_TEXT_CHARS
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.cases.allege import contacts_of
from tidemark.records.cases.foreign import foreign_names
from tidemark.records.cases.models import Allegation, Case
from tidemark.records.cases.notes import refuse_unless
from tidemark.records.cases.status import has_open_allegation, locked_unclosed, move
from tidemark.records.cases.stopped import refuse_stopped
from tidemark.records.cases.timeline import hash_of, tell, writing
from tidemark.records.home import Home
from tidemark.records.plans.models import Plan, Section
from tidemark.records.visible import readable

PLAN_WITHIN = timedelta(days=14)
"""What a party is given by default: two weeks, as long as to answer an allegation. Root causes take days to find."""

LEAST_TO_PLAN = timedelta(days=3)
"""What it is given at least: what is written in a night is copied from a template."""

MOST_TO_PLAN = timedelta(days=366)
"""What it is given at most: longer is not asked for, it is given up."""


def ask_plan(
    home: Home,
    allegation: Allegation,
    *,
    due: datetime,
    by: Person,
    now: datetime,
    words: str = "",
    sections: Collection[str] = (),
) -> Plan:
    """Ask for a plan. The case is being rectified from then on, unless another allegation of it stands open.

    Parameters
    ----------
    words : str
        What is asked for; the party reads it.
    sections : collection of str
        Of which an action is needed; by default of all.

    Raises
    ------
    Refused
        If the person may not, the allegation is not final or nothing goes on from it (:mod:`.cases.stopped`), a plan
        was asked for already, the date is too near or too far, nobody at the party could write it, or the words name
        another party.
    """
    refuse_unless(by, Act.RECTIFY)
    text = readable(words)
    if len(text) > MAX_TEXT_CHARS:
        raise Refused(_("Say what is asked for in at most %(most)d characters.") % {"most": MAX_TEXT_CHARS})
    chosen = [each.value for each in Section if each in sections or not sections]
    if not set(sections) <= set(Section.values):
        raise Refused(_("Choose the sections of the plan from the list."))
    with writing(home):
        case = locked_unclosed(allegation.case)
        allegation.leave(Allegation.State.FINAL)
        refuse_stopped(allegation)
        if Plan.objects.filter(allegation=allegation).exists():
            raise Refused(_("The party was asked for a plan already. Change its date, if it needs more time."))
        _refuse_due(due, now=now)
        _refuse_words(text, allegation)
        if not contacts_of(allegation.party):
            raise Refused(
                _("%(party)s has no contact who could write a plan. Invite one first.")
                % {"party": allegation.party.name}
            )
        made = Plan.objects.create(allegation=allegation, sections=chosen, words=text, due=due, asked=now, asked_by=by)
        said: dict[str, JSON] = {
            "plan": made.pk,
            "allegation": allegation.pk,
            "party": allegation.party.name,
            "due": time_text(due),
            "sections": list(chosen),
            "words_sha256": hash_of(text),
        }
        tell(home, case, Kind.PLAN_ASKED, by=by, now=now, detail=said)
        if case.status == Case.Status.DECIDED and not has_open_allegation(case):
            move(home, case, Case.Status.RECTIFYING, by=by, now=now)
    return made


def change_due(home: Home, plan: Plan, *, due: datetime, by: Person, now: datetime) -> None:
    """Give the party until another date, while the plan is still its turn."""
    refuse_unless(by, Act.RECTIFY)
    with writing(home):
        refuse_withdrawn(plan)
        plan.leave(Plan.State.ASKED, Plan.State.RETURNED)
        _refuse_due(due, now=now)
        plan.due = due
        plan.save(update_fields=["due"])
        said: dict[str, JSON] = {"plan": plan.pk, "party": plan.allegation.party.name, "due": time_text(due)}
        tell(home, plan.allegation.case, Kind.CASE_CHANGED, by=by, now=now, detail=said)


def refuse_withdrawn(plan: Plan) -> None:
    """Raise Refused if the allegation that the plan rests on was withdrawn: then nothing is owed."""
    state = Allegation.objects.values_list("state", flat=True).get(pk=plan.allegation_id)
    if state == Allegation.State.WITHDRAWN:
        raise Refused(_("The allegation was withdrawn: there is nothing to rectify any more."))


def _refuse_due(due: datetime, *, now: datetime) -> None:
    if not now + LEAST_TO_PLAN <= due <= now + MOST_TO_PLAN:
        raise Refused(
            _("The party has %(least)d to %(most)d days for its plan. Set another date.")
            % {"least": LEAST_TO_PLAN.days, "most": MOST_TO_PLAN.days}
        )


def _refuse_words(text: str, allegation: Allegation) -> None:
    foreign = foreign_names(text, allegation.party)
    if foreign:
        raise Refused(
            _("The text names %(others)s. A party learns of no other party: take the name out.")
            % {"others": _(", ").join(foreign)}
        )
