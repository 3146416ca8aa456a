"""Load what the gate of an allegation rests on, from plans, sanctions, agreements and supply trees."""

from datetime import UTC, date, datetime

from djmoney.money import Money

from tidemark.records.cases.models import Allegation
from tidemark.records.plans.flow_down import SubVendor, sub_vendors
from tidemark.records.plans.gate import Checked, Condition, Debt, Facts, conditions
from tidemark.records.plans.late import TO_DO
from tidemark.records.plans.models import Action, FlowDownCheck, Plan
from tidemark.records.plans.places import bonds, places_of
from tidemark.records.sanctions.models import Measure, Sanction
from tidemark.records.sanctions.settle import account_of, due_day


def gate_of(allegation: Allegation, *, now: datetime) -> tuple[Condition, ...]:
    """Return the conditions of an allegation's gate as they are now."""
    return conditions(facts_of(allegation, now=now))


def facts_of(allegation: Allegation, *, now: datetime) -> Facts:
    """Load the facts; a bounded number of queries, whatever the number of actions and sub-vendors."""
    on = now.astimezone(UTC).date()
    if allegation.state == Allegation.State.WITHDRAWN:
        return Facts(on=on, is_withdrawn=True)
    plan = Plan.objects.filter(allegation=allegation).first()
    due = list(plan.actions.filter(state=Action.State.ACCEPTED, due__lte=on).order_by("number")) if plan else []
    places = places_of(allegation)
    bound = bonds(places, on=on)
    return Facts(
        on=on,
        plan=str(plan.state) if plan else "",
        late=[each.number for each in due if each.progress in TO_DO],
        unread=[each.number for each in due if each.progress == Action.Progress.REPORTED],
        sub_vendors=[_checked(each, allegation) for each in sub_vendors(allegation, on=on)],
        debt=_debt(allegation),
        unbound=[place.project.code_name for place in places if bound[place.pk] is None],
    )


def _checked(one: SubVendor, allegation: Allegation) -> Checked:
    check, is_bound = one.check, one.agreement is not None
    if check is None:
        return Checked(one.engagement.pk, one.engagement.party.name, is_bound, works=one.works)
    put: date | None = allegation.put.astimezone(UTC).date() if allegation.put else None
    return Checked(
        place=one.engagement.pk,
        name=one.engagement.party.name,
        is_bound=is_bound,
        works=one.works,
        verdict=str(check.verdict) or "stated",
        says_bound=check.is_bound,
        is_sound=check.result == FlowDownCheck.Result.SOUND,
        is_recent=put is not None and check.checked >= put,
    )


def _debt(allegation: Allegation) -> Debt | None:
    sanction = allegation.sanctions.exclude(state=Sanction.State.WITHDRAWN).first()
    if sanction is None:
        return None
    if sanction.state == Sanction.State.PREPARED:
        return Debt(is_prepared=True)
    measures = list(sanction.measures.exclude(kind=Measure.Kind.SUSPENSION))
    owed = [each.pk for each in measures if each.is_owed]
    reported = [each.pk for each in measures if each.state == Measure.State.REPORTED]
    if sanction.state == Sanction.State.WAIVED:
        return Debt()
    return Debt(
        is_appealed=sanction.state == Sanction.State.APPEALED,
        balance=_balance(sanction),
        agreed_until=due_day(sanction) if sanction.payment_terms.exists() else None,
        owed=owed,
        reported=reported,
    )


def _balance(sanction: Sanction) -> Money | None:
    """Return what is still to be paid; None if nothing is."""
    account = account_of(sanction)
    if account is None or sanction.state == Sanction.State.SETTLED:
        return None
    return account.balance if account.balance.amount > 0 else None
