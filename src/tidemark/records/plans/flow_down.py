"""Checks of the sub-vendors: for each below the party, whether it is bound and was looked at; stated, then confirmed.

A party knows its own part of the supply tree only, and states what it found there. The owner confirms or returns that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.db.models import Q
from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind
from tidemark.limits import MAX_ACTION_REPORTS, MAX_NAME_CHARS, MAX_TEXT_CHARS
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.agreements.models import Agreement
from tidemark.records.cases.foreign import foreign_names
from tidemark.records.cases.models import Allegation
from tidemark.records.cases.notes import refuse_unless
from tidemark.records.cases.timeline import hash_of, tell, writing
from tidemark.records.copies.models import Copy
from tidemark.records.home import Home
from tidemark.records.plans.ask import refuse_withdrawn
from tidemark.records.plans.models import FlowDownCheck, Plan
from tidemark.records.plans.places import below, bonds, places_of
from tidemark.records.plans.write import refuse_other_than_partys
from tidemark.records.projects.models import Engagement
from tidemark.records.visible import readable


@dataclass(frozen=True, slots=True)
class SubVendor:
    """One engagement below the party.

    Attributes
    ----------
    engagement : Engagement
    agreement : Agreement or None
        The flow-down agreement that is in force and accepted, by the records.
    check : FlowDownCheck or None
        The last one.
    works : bool
        False once it is out: suspended itself, or below one that is, and without a copy that is open.
    """

    engagement: Engagement
    agreement: Agreement | None
    check: FlowDownCheck | None
    works: bool = True


def sub_vendors(allegation: Allegation, *, on: date) -> list[SubVendor]:
    """Return who is below the party of an allegation, each with its agreement and its last check."""
    engagements = below(places_of(allegation))
    bound, last, out = bonds(engagements, on=on), _last_checks(allegation), _out(engagements, on=on)
    return [SubVendor(each, bound[each.pk], last.get(each.pk), each.pk not in out) for each in engagements]


def _out(engagements: Sequence[Engagement], *, on: date) -> set[str]:
    """Return which work no more. To part with a sub-vendor must not bar the way back that it was asked for."""
    stopped = {each.pk for each in engagements if each.state == Engagement.State.SUSPENDED}
    below_stopped = [each.pk for each in engagements if stopped & set(each.ancestor_ids)]
    lasting = Q(expires=None) | Q(expires__gte=datetime.combine(on, time.min, UTC))
    copies = Copy.objects.filter(lasting, engagement__in=below_stopped, revoked=None)
    copies = copies.filter(state__in=(Copy.State.PLANNED, Copy.State.WRITING, Copy.State.RELEASED))
    return set(below_stopped) - set(copies.values_list("engagement_id", flat=True))


def state_check(
    home: Home,
    plan: Plan,
    engagement: Engagement,
    *,
    is_bound: bool,
    result: str,
    checked: date,
    checked_by: str,
    remark: str,
    by: Person,
    now: datetime,
) -> FlowDownCheck:
    """State what the party found at one of its sub-vendors. A later statement takes the place of an earlier one.

    Raises
    ------
    Refused
        If the person may not, the engagement is not below the party in this case, or something is missing or odd.
    """
    refuse_other_than_partys(plan, by)
    name, words = " ".join(readable(checked_by).split()), readable(remark)
    _refuse_odd(result, checked, name, words, now=now)
    with writing(home):
        refuse_withdrawn(plan)
        plan.leave(*Plan.State)
        if engagement.pk not in {each.pk for each in below(places_of(plan.allegation))}:
            raise Refused(_("Choose a sub-vendor that works below your company in this project."))
        if plan.checks.filter(engagement=engagement).count() >= MAX_ACTION_REPORTS:
            raise Refused(_("This was stated often enough. Write to the owner."))
        made = FlowDownCheck.objects.create(
            plan=plan,
            engagement=engagement,
            is_bound=is_bound,
            result=result,
            checked=checked,
            checked_by=name,
            remark=words,
            stated=now,
            stated_by=by,
        )
        said = {
            **_about(made),
            "bound": is_bound,
            "result": result,
            "checked": checked.isoformat(),
            "remark_sha256": hash_of(words),
        }
        tell(home, plan.allegation.case, Kind.FLOW_DOWN_CHECKED, by=by, now=now, detail=said)
    return made


def confirm_check(
    home: Home, check: FlowDownCheck, *, is_confirmed: bool, by: Person, now: datetime, text: str = ""
) -> None:
    """Confirm what a party states of a sub-vendor, or return it with the reason.

    Raises
    ------
    Refused
        If the person may not, it is not the last statement or was judged already, or the reason is missing.
    """
    refuse_unless(by, Act.RECTIFY)
    words = readable(text)
    if not is_confirmed and not words:
        raise Refused(_("Say why it is returned."))
    if len(words) > MAX_TEXT_CHARS:
        raise Refused(_("Say it in at most %(most)d characters.") % {"most": MAX_TEXT_CHARS})
    foreign = foreign_names(words, check.plan.allegation.party)
    if foreign:
        raise Refused(
            _("The text names %(others)s. A party learns of no other party: take the name out.")
            % {"others": _(", ").join(foreign)}
        )
    with writing(home):
        refuse_withdrawn(check.plan)
        seen = FlowDownCheck.objects.select_for_update().get(pk=check.pk)
        last = check.plan.checks.filter(engagement=check.engagement_id).order_by("stated", "pk").last()
        if last is None or last.pk != seen.pk:
            raise Refused(_("The party has stated something newer. Read that."))
        if seen.verdict:
            raise Refused(_("It is %(seen)s already.") % {"seen": seen.get_verdict_display()})
        seen.verdict = FlowDownCheck.Verdict.CONFIRMED if is_confirmed else FlowDownCheck.Verdict.RETURNED
        seen.verdict_text, seen.judged, seen.judged_by = words, now, by
        seen.save()
        said = {**_about(check), "confirmed": is_confirmed, "text_sha256": hash_of(words)}
        tell(home, check.plan.allegation.case, Kind.FLOW_DOWN_CHECKED, by=by, now=now, detail=said)


def _last_checks(allegation: Allegation) -> Mapping[str, FlowDownCheck]:
    rows = FlowDownCheck.objects.filter(plan__allegation=allegation).select_related("stated_by", "judged_by")
    return {row.engagement_id: row for row in rows.order_by("stated", "pk")}


def _about(check: FlowDownCheck) -> dict[str, JSON]:
    return {
        "plan": check.plan_id,
        "check": str(check.pk),
        "engagement": check.engagement_id,
        "party": check.plan.allegation.party.name,
        "sub_vendor": check.engagement.party.name,
    }


def _refuse_odd(result: str, checked: date, name: str, remark: str, *, now: datetime) -> None:
    if result not in FlowDownCheck.Result.values:
        raise Refused(_("Say whether the sub-vendor meets what was agreed, or has gaps."))
    if not name or len(name) > MAX_NAME_CHARS:
        raise Refused(_("Name who checked it, in at most %(most)d characters.") % {"most": MAX_NAME_CHARS})
    if not date(2000, 1, 1) <= checked <= now.date():
        raise Refused(_("A check lies in the past. Give the day on which it was made."))
    if len(remark) > MAX_TEXT_CHARS:
        raise Refused(_("Say it in at most %(most)d characters.") % {"most": MAX_TEXT_CHARS})
    if result == FlowDownCheck.Result.GAPS and not remark:
        raise Refused(_("Say which gaps there are, and what is done about them."))
