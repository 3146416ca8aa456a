"""Everything that is late now, over all subjects, in one list; by the rules that mails and pages go by."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tidemark.records.accounts.models import Person
from tidemark.records.cases.late import late_cases, late_duties, late_replies
from tidemark.records.cases.models import Case
from tidemark.records.overview.basis import Basis, basis
from tidemark.records.parties.models import Party
from tidemark.records.plans.gate import Side
from tidemark.records.plans.late import late_actions, late_plans
from tidemark.records.plans.models import Plan
from tidemark.records.projects.models import Project
from tidemark.records.rounds.late import AWARD_WITHIN, CERTIFY_WITHIN, late_awards, late_certificates
from tidemark.records.sanctions.clause import plain
from tidemark.records.sanctions.late import measures_due
from tidemark.records.sanctions.models import Sanction
from tidemark.records.sanctions.settle import Account, account_of, due_day, is_overdue


class Subject(StrEnum):
    """What kind of thing is overdue."""

    RESPONSE = "response"
    DUTY = "duty"
    REPLY = "reply"
    PLAN = "plan"
    ACTION = "action"
    MEASURE = "measure"
    PAYMENT = "payment"
    AWARD = "award"
    CERTIFICATE = "certificate"
    AGREEMENT = "agreement"


@dataclass(frozen=True, slots=True)
class Late:
    """One thing that is late.

    Attributes
    ----------
    subject : Subject
    what : str
        In words, in the language that is active.
    since : datetime
        From when on it is late; of something due on a day, the end of that day (UTC).
    who_acts : Side
        Which side must act.
    view : str
        Name of the page's address.
    ids : tuple of str
        What the address is made of; the last is the id of the thing.
    case, project, party, person : optional
        What it belongs to, whom it concerns, and who of the owner's is asked, as far as that is on record.
    """

    subject: Subject
    what: str
    since: datetime
    who_acts: Side
    view: str
    ids: tuple[str, ...]
    case: Case | None = None
    project: Project | None = None
    party: Party | None = None
    person: Person | None = None


def all_late(*, now: datetime, by: Basis | None = None) -> list[Late]:
    """Return what is late, the longest first. A bounded number of queries.

    What follows from a stopped allegation rests, and is not late. ``by`` is asked for if the caller has it not at hand.
    """
    known = by or basis(now=now)
    kinds: tuple[Callable[[datetime], Iterator[Late]], ...] = (_responses, _duties, _awards, _certificates)
    following: tuple[Callable[[Collection[str], datetime], Iterator[Late]], ...] = (
        _replies,
        _plans,
        _actions,
        _measures,
    )
    found = [each for kind in kinds for each in kind(now)]
    found += [each for kind in following for each in kind(known.rests, now)]
    found += [*_payments(known, now), *_agreements(known, now)]
    return sorted(found, key=lambda each: (each.since, each.subject, each.ids, each.project.pk if each.project else 0))


def overdue_accounts(
    sanctions: Iterable[Sanction], rests: Collection[str], *, now: datetime
) -> Iterator[tuple[Sanction, Account, date]]:
    """Yield the sanctions whose money is late, how it stands, and the day until which it was to be paid.

    No query, if their payments and payment terms are at hand. Of allegations that are stopped, ``rests``, none is late.
    """
    for sanction in sanctions:
        if sanction.allegation_id in rests:
            continue
        account, until = account_of(sanction), due_day(sanction)
        if account is not None and until is not None and is_overdue(sanction, account, now=now):
            yield sanction, account, until


def _responses(now: datetime) -> Iterator[Late]:
    for case in late_cases(now=now).select_related("project", "assignee"):
        assert case.respond_by is not None
        what = _("Next response; the case is: %(status)s") % {"status": case.get_status_display()}
        yield Late(
            Subject.RESPONSE, what, case.respond_by, Side.OWNER, "case", (case.pk,),
            case=case, project=case.project, person=case.assignee,
        )  # fmt: skip


def _duties(now: datetime) -> Iterator[Late]:
    for duty in late_duties(now=now).select_related("case__project", "assignee"):
        assert duty.due is not None
        yield Late(
            Subject.DUTY, duty.title, duty.due, Side.OWNER, "case", (duty.case_id,),
            case=duty.case, project=duty.case.project, person=duty.assignee,
        )  # fmt: skip


def _replies(rests: Collection[str], now: datetime) -> Iterator[Late]:
    for row in late_replies(now=now).exclude(pk__in=rests).select_related("case__project", "party"):
        yield Late(
            Subject.REPLY, _("Reply to the allegation"), row.answer_by, Side.PARTY, "allegation", (row.pk,),
            case=row.case, project=row.case.project, party=row.party,
        )  # fmt: skip


def _plans(rests: Collection[str], now: datetime) -> Iterator[Late]:
    rows = late_plans(now=now).exclude(allegation__in=rests)
    for plan in rows.select_related("allegation__case__project", "allegation__party"):
        is_returned = plan.state == Plan.State.RETURNED
        what = (
            _("Rectification plan: returned and not revised") if is_returned else _("Rectification plan: not submitted")
        )
        case = plan.allegation.case
        yield Late(
            Subject.PLAN, what, plan.due, Side.PARTY, "plan", (plan.pk,),
            case=case, project=case.project, party=plan.allegation.party,
        )  # fmt: skip


def _actions(rests: Collection[str], now: datetime) -> Iterator[Late]:
    rows = late_actions(now=now).exclude(plan__allegation__in=rests)
    for row in rows.select_related("plan__allegation__case__project", "plan__allegation__party"):
        assert row.due is not None
        case = row.plan.allegation.case
        what = _("Action %(number)d of the rectification plan") % {"number": row.number}
        yield Late(
            Subject.ACTION, what, _after(row.due), Side.PARTY, "plan_action", (row.plan_id, row.pk),
            case=case, project=case.project, party=row.plan.allegation.party,
        )  # fmt: skip


def _measures(rests: Collection[str], now: datetime) -> Iterator[Late]:
    rows = measures_due(until=now).exclude(sanction__allegation__in=rests)
    for row in rows.select_related("sanction__allegation__case__project", "sanction__allegation__party"):
        assert row.due is not None
        case, party = row.sanction.case, row.sanction.party
        yield Late(
            Subject.MEASURE, row.text, row.due, Side.PARTY, "sanction", (row.sanction_id,),
            case=case, project=case.project, party=party,
        )  # fmt: skip


def _payments(known: Basis, now: datetime) -> Iterator[Late]:
    rows = [each for each in known.sanctions if each.state == Sanction.State.IMPOSED]
    for row, account, until in overdue_accounts(rows, known.rests, now=now):
        what = _("Payment of %(amount)s, sanction %(number)s") % {
            "amount": plain(account.balance),
            "number": row.number,
        }
        yield Late(
            Subject.PAYMENT, what, _after(until), Side.PARTY, "sanction", (row.pk,),
            case=row.case, project=row.case.project, party=row.party,
        )  # fmt: skip


def _awards(now: datetime) -> Iterator[Late]:
    for row in late_awards(now=now).select_related("project"):
        assert row.closed is not None
        what = _("Award of the round: %(round)s") % {"round": row.title}
        yield Late(
            Subject.AWARD, what, row.closed + AWARD_WITHIN, Side.OWNER, "round", (row.pk,),
            project=row.project,
        )  # fmt: skip


def _certificates(now: datetime) -> Iterator[Late]:
    for row in late_certificates(now=now).select_related("round__project", "party"):
        assert row.must_certify_since is not None
        what = _("Certificate of return or destruction: %(round)s") % {"round": row.round.title}
        since = row.must_certify_since + CERTIFY_WITHIN
        yield Late(
            Subject.CERTIFICATE, what, since, Side.PARTY, "round", (row.round_id,),
            project=row.round.project, party=row.party,
        )  # fmt: skip


def _agreements(known: Basis, now: datetime) -> Iterator[Late]:
    for each in known.unbound:
        row = each.agreement
        what = ngettext(
            "%(agreement)s is over, and %(n)d copy under it is still open",
            "%(agreement)s is over, and %(n)d copies under it are still open",
            each.count,
        ) % {"agreement": row.reference, "n": each.count}
        since = row.terminated or (_after(row.valid_until) if row.valid_until else now)
        yield Late(
            Subject.AGREEMENT, what, since, Side.OWNER, "agreement", (row.pk,),
            project=each.project, party=row.recipient,
        )  # fmt: skip


def _after(day: date) -> datetime:
    """Return the end of a day, UTC: what is due on a day is late from then on."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=UTC)
