"""Access that a case suspends, and the gate through which alone it returns.

An officer may suspend a party in a case at once, as containment; a sanction may suspend it too. Either way its
engagements are held by the allegation's gate, and it opens when every condition holds, or by an override that two
persons approved in writing for just the conditions that are open.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind
from tidemark.limits import MAX_TEXT_CHARS
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.cases.foreign import foreign_names
from tidemark.records.cases.models import Allegation, Case
from tidemark.records.cases.notes import refuse_unless
from tidemark.records.cases.status import locked
from tidemark.records.cases.stopped import refuse_stopped
from tidemark.records.cases.timeline import hash_of, tell, writing
from tidemark.records.home import Home
from tidemark.records.plans.facts import gate_of
from tidemark.records.plans.gate import open_ones
from tidemark.records.plans.held import gate_name, gates_holding, held_of, holds_of, own_reason, suspensions_of
from tidemark.records.plans.models import GateOverride, Hold
from tidemark.records.plans.override import usable_override, why_unapproved
from tidemark.records.plans.places import places_of
from tidemark.records.projects.engagements import lock_places, turn
from tidemark.records.projects.models import Engagement
from tidemark.records.reasons import reason_of
from tidemark.records.sanctions.measures import end
from tidemark.records.sanctions.models import Measure, PaymentTerm, Sanction
from tidemark.records.sanctions.settle import account_of, settle_if_over
from tidemark.records.sentences import joined

LONGEST_TERM = timedelta(days=366)
"""For how long a payment may be put off: longer is a waiver, and needs two persons."""


def suspend_access(home: Home, allegation: Allegation, *, why: str, by: Person, now: datetime) -> list[Engagement]:
    """Suspend the party's access in the copies' project until the gate opens: containment, before anything is decided.

    Where another allegation's gate holds the party already, this one holds it too.

    Raises
    ------
    Refused
        If the person may not, nothing was put to the party or nothing goes on from that (:mod:`.cases.stopped`), the
        reason is missing, or there is no access to suspend.
    """
    refuse_unless(by, Act.RECTIFY)
    words = reason_of(why, most=MAX_TEXT_CHARS)
    with writing(home):
        case = locked(allegation.case)
        states = Allegation.State
        allegation.leave(states.PUT, states.ANSWERED, states.UNANSWERED, states.FINAL)
        refuse_stopped(allegation)
        lock_places(allegation.party)
        held = {each.pk for each in held_of(allegation)}
        places = [each for each in places_of(allegation) if each.pk not in held]
        if not places:
            raise Refused(_("The party has no access in this project that is not suspended already."))
        for place in places:
            turn(place, Engagement.State.SUSPENDED, now=now, why=words, gate=gate_name(allegation))
            Hold.objects.create(allegation=allegation, engagement=place, why=words, begun=now, by=by)
        said: dict[str, JSON] = {
            "allegation": allegation.pk,
            "party": allegation.party.name,
            "suspended": [each.pk for each in places],
            "reason_sha256": hash_of(words),
        }
        tell(home, case, Kind.CASE_CHANGED, by=by, now=now, detail=said)
    return places


def open_gate(home: Home, allegation: Allegation, *, by: Person, now: datetime) -> list[Engagement]:
    """Let go of what the gate holds. Return the engagements in which access returned.

    Where another gate or an officer's own hand holds on, it does not.

    Raises
    ------
    Refused
        If the person may not, nothing is suspended, or conditions are open that no approved override speaks of.
    """
    refuse_unless(by, Act.RECTIFY)
    with writing(home):
        case = locked(allegation.case)
        allegation.refresh_from_db()
        held = held_of(allegation)
        if not held:
            raise Refused(_("No access of the party is suspended in this case."))
        unmet = open_ones(gate_of(allegation, now=now))
        override = usable_override(allegation, unmet) if unmet else None
        if unmet and override is None:
            said = _("The gate stays closed. Open: %(conditions)s")
            conditions = joined(f"{each.claim}: {each.detail}" for each in unmet)
            raise Refused(joined((said % {"conditions": conditions}, *why_unapproved(allegation))))
        turned = let_go(
            home, allegation, case, held, by=by, now=now, override=override, open_keys=[each.key for each in unmet]
        )
        if override is not None:
            override.used = now
            override.save(update_fields=["used"])
        for sanction in allegation.sanctions.filter(state=Sanction.State.IMPOSED):
            settle_if_over(home, sanction, case, by=by, now=now)
    return turned


def let_go(
    home: Home,
    allegation: Allegation,
    case: Case,
    held: Iterable[Engagement],
    *,
    by: Person,
    now: datetime,
    override: GateOverride | None = None,
    open_keys: Sequence[str] = (),
) -> list[Engagement]:
    """End what suspends the party because of an allegation, and resume what its gate holds.

    Where another allegation suspends the party too, its gate holds on; what an officer suspended by hand stays so. It
    is part of a greater action, which checks that the gate may open, and is exclusive.

    Parameters
    ----------
    held : iterable of Engagement
        What the gate holds.
    override : GateOverride or None
        By which it opens though conditions are open.
    open_keys : sequence of str
        Which conditions those are.

    Returns
    -------
    list of Engagement
        Where access returned.
    """
    for measure in suspensions_of(allegation):
        end(measure, Measure.State.ENDED, now=now)
    holds_of(allegation).update(ended=now)
    turned = [engagement for engagement in held if _given_back(engagement, gate_name(allegation), now=now)]
    said: dict[str, JSON] = {
        "allegation": allegation.pk,
        "party": allegation.party.name,
        "engagements": [each.pk for each in turned],
        "override": override.pk if override else "",
        "open": list(open_keys),
        "reason_sha256": hash_of(override.reason) if override else "",
    }
    tell(home, case, Kind.ACCESS_RETURNED, by=by, now=now, detail=said)
    return turned


def agree_payment(
    home: Home, allegation: Allegation, *, until: date, text: str, by: Person, now: datetime
) -> PaymentTerm:
    """Agree to be paid later: until that day the gate does not wait for the money. The party reads what was agreed.

    Raises
    ------
    Refused
        If the person may not, nothing is owed, the day is past or too far, or the text is missing.
    """
    refuse_unless(by, Act.ALLEGE)
    words, today = reason_of(text, most=MAX_TEXT_CHARS), now.astimezone(UTC).date()
    foreign = foreign_names(words, allegation.party)
    if foreign:
        raise Refused(
            _("The text names %(others)s. A party learns of no other party: take the name out.")
            % {"others": _(", ").join(foreign)}
        )
    if not today <= until <= today + LONGEST_TERM:
        raise Refused(_("Agree on a day from today on, within a year."))
    with writing(home):
        case = locked(allegation.case)
        sanction = allegation.sanctions.filter(state=Sanction.State.IMPOSED).first()
        account = account_of(sanction) if sanction else None
        if sanction is None or account is None or not account.balance.amount:
            raise Refused(_("No sanction is imposed of which anything is owed."))
        made = PaymentTerm.objects.create(sanction=sanction, until=until, text=words, person=by, time=now)
        said: dict[str, JSON] = {
            "allegation": allegation.pk,
            "party": allegation.party.name,
            "payment_agreed": until.isoformat(),
            "payment_of": sanction.pk,
            "text_sha256": hash_of(words),
        }
        tell(home, case, Kind.CASE_CHANGED, by=by, now=now, detail=said)
    return made


def _given_back(engagement: Engagement, gate: str, *, now: datetime) -> bool:
    """Resume an engagement, or leave it to the next gate that has a reason to hold it; return whether it is resumed.

    What was suspended by hand keeps the officer's reason: no word of an allegation may outlast it there.
    """
    engagement.refresh_from_db(fields=["state", "held_by", "by_hand", "suspended_why"])
    if engagement.held_by not in ("", gate):
        return False
    other = next((each for each in gates_holding(engagement) if gate_name(each) != gate), None)
    if other is None:
        return turn(engagement, Engagement.State.ACTIVE, now=now, gate=gate)
    engagement.held_by = gate_name(other)
    if not engagement.by_hand:
        engagement.suspended_why = own_reason(other, engagement)
    engagement.save(update_fields=["held_by", "suspended_why"])
    return False
