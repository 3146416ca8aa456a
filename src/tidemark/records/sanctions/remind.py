"""Mails of sanctions: what was imposed, is due or overdue, was appealed, decided, taken back, reported and judged.

A task of minutes, as the one of cases: it looks at what is so, may be run twice or late, and nobody gets a mail twice.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import UTC, date, datetime, timedelta
from functools import partial

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Role
from tidemark.records.cases.allege import contacts_of
from tidemark.records.cases.models import Case
from tidemark.records.cases.stopped import stopped_now
from tidemark.records.notices import tell
from tidemark.records.sanctions.clause import plain
from tidemark.records.sanctions.late import is_late, measures_due
from tidemark.records.sanctions.models import Appeal, Decision, Measure, MeasureReport, Payment, Sanction
from tidemark.records.sanctions.settle import account_of, due_day, is_overdue

RECENT = timedelta(days=30)
"""For how long a mail is still sent, if no task ran in time. After that, the page tells."""

SOON = timedelta(days=7)
"""How long before money is due the party is reminded."""

MEASURE_SOON = timedelta(days=2)
"""How long before a measure is due the party is reminded."""

EVERY = timedelta(days=7)
"""How often the party is reminded of what is overdue."""

MOST_REMINDERS = 8
"""After two months of reminders a mail changes nothing: the owner's people see it on their pages."""

Mail = tuple[str, str, str]


def remind(*, now: datetime) -> int:
    """Send the mails that sanctions call for, each once; return how many went out.

    Nobody is reminded of what is due, or overdue, as long as the allegation is stopped: nothing goes on from it.
    """
    rests = stopped_now()
    return _of_sanctions(now=now) + _of_money(rests, now=now) + _of_measures(rests, now=now)


def _of_sanctions(*, now: datetime) -> int:
    sent, since = 0, now - RECENT
    rows = Sanction.objects.select_related("allegation__party", "allegation__case__assignee")
    for row in rows.filter(imposed__gte=since).exclude(state__in=(Sanction.State.WITHDRAWN, Sanction.State.WAIVED)):
        sent += _each(contacts_of(row.party), f"sanction:{row.pk}", partial(_imposed, row), now=now)
    for row in rows.filter(withdrawn__gte=since, imposed__isnull=False):
        sent += _each(contacts_of(row.party), f"sanction-withdrawn:{row.pk}", partial(_withdrawn, row), now=now)
    appeals = Appeal.objects.filter(time__gte=since).select_related(
        "sanction__allegation__party", "sanction__allegation__case__assignee"
    )
    for appeal in appeals:
        row = appeal.sanction
        sent += _each(_handlers(row.case), f"sanction-appealed:{row.pk}", partial(_appealed, row), now=now)
    for payment in Payment.objects.filter(taken_back__gte=since).select_related("sanction__allegation__party"):
        persons = contacts_of(payment.sanction.party)
        sent += _each(persons, f"payment-taken-back:{payment.pk}", partial(_taken_back, payment), now=now)
    decisions = Decision.objects.filter(taken__gte=since).select_related("sanction__allegation__party")
    decisions = decisions.exclude(sanction__state=Sanction.State.WITHDRAWN)
    for decision in decisions:
        persons = contacts_of(decision.sanction.party)
        sent += _each(persons, f"sanction-decided:{decision.pk}", partial(_decided, decision), now=now)
    return sent


def _of_money(rests: Collection[str], *, now: datetime) -> int:
    sent, today = 0, now.astimezone(UTC).date()
    rows = Sanction.objects.filter(state=Sanction.State.IMPOSED).select_related(
        "allegation__party", "allegation__case__assignee"
    )
    for row in rows.exclude(allegation__in=rests).prefetch_related("payments", "payment_terms"):
        account, until = account_of(row), due_day(row)
        if account is None or account.balance.amount <= 0 or until is None or until > today + SOON:
            continue
        balance = plain(account.balance)
        if not is_overdue(row, account, now=now):
            mail = partial(_due, row, balance, until)
            sent += _each(contacts_of(row.party), f"sanction-due:{row.pk}:{until.isoformat()}", mail, now=now)
            continue
        mail = partial(_overdue, row, balance, until)
        number = (today - until) // EVERY
        if number < MOST_REMINDERS:
            reason = f"sanction-overdue:{row.pk}:{until.isoformat()}:{number}"
            sent += _each(contacts_of(row.party), reason, mail, now=now)
        sent += _each(_handlers(row.case), f"sanction-overdue:{row.pk}:{until.isoformat()}", mail, now=now)
    return sent


def _of_measures(rests: Collection[str], *, now: datetime) -> int:
    sent = 0
    rows = measures_due(until=now + MEASURE_SOON).exclude(sanction__allegation__in=rests)
    rows = rows.select_related("sanction__allegation__party", "sanction__allegation__case__assignee")
    for row in rows:
        party, mail = row.sanction.party, partial(_measure, row, now)
        if not is_late(row, now=now):
            sent += _each(contacts_of(party), f"measure-soon:{row.pk}", mail, now=now)
            continue
        sent += _each(contacts_of(party), f"measure-late:{row.pk}", mail, now=now)
        sent += _each(_handlers(row.sanction.case), f"measure-late:{row.pk}", mail, now=now)
    reports = MeasureReport.objects.select_related(
        "measure__sanction__allegation__party", "measure__sanction__allegation__case__assignee"
    )
    for report in reports.filter(time__gte=now - RECENT, verdict=""):
        handlers = _handlers(report.measure.sanction.case)
        sent += _each(handlers, f"measure-reported:{report.pk}", partial(_reported, report), now=now)
    for report in reports.filter(judged__gte=now - RECENT):
        persons = contacts_of(report.measure.sanction.party)
        sent += _each(persons, f"measure-judged:{report.pk}", partial(_judged, report), now=now)
    return sent


def _each(persons: Iterable[Person], reason: str, mail: Callable[[], Mail], *, now: datetime) -> int:
    return sum(tell(person, reason, mail, now=now) for person in persons)


def _handlers(case: Case) -> list[Person]:
    """Return who of the owner's is told: officers, legal, and whoever works on the case."""
    who = Q(party__is_owner=True, grants__role__in=(Role.OFFICER, Role.LEGAL))
    if case.assignee_id:
        who |= Q(pk=case.assignee_id)
    return list(Person.objects.filter(who, is_active=True).distinct())


def _imposed(row: Sanction) -> Mail:
    facts = {"party": row.party.name, "number": row.number, "time": f"{row.appeal_until:%Y-%m-%d %H:%M}"}
    text = _(
        "A sanction was imposed on %(party)s. The letter, how to pay, the measures, and how to appeal until %(time)s "
        "UTC are on its page."
    )
    return _("Sanction %(number)s") % facts, text % facts, _path(row)


def _withdrawn(row: Sanction) -> Mail:
    account = account_of(row)
    facts = {"number": row.number, "party": row.party.name}
    text = _("The sanction %(number)s on %(party)s is void, for its allegation was withdrawn.") % facts
    if account is not None and account.pay_back.amount > 0:
        text += " " + _("%(amount)s are paid back to you.") % {"amount": plain(account.pay_back)}
    return _("Sanction %(number)s is void") % facts, text, _path(row)


def _appealed(row: Sanction) -> Mail:
    facts = {"number": row.number, "party": row.party.name}
    text = _("%(party)s appeals against the sanction %(number)s. Legal and an officer decide.") % facts
    return _("Sanction %(number)s: %(party)s appeals") % facts, text, _path(row)


def _decided(decision: Decision) -> Mail:
    row = decision.sanction
    facts = {"number": row.number, "outcome": decision.get_outcome_display()}
    text = _("It was decided on the sanction %(number)s: %(outcome)s. The reasons are on its page.") % facts
    return _("Sanction %(number)s: %(outcome)s") % facts, text, _path(row)


def _taken_back(payment: Payment) -> Mail:
    row = payment.sanction
    facts = {"number": row.number, "amount": plain(payment.amount), "day": f"{payment.paid_on}"}
    if payment.is_repayment:
        text = _(
            "What was recorded as paid back to you for the sanction %(number)s on %(day)s, %(amount)s, was a mistake "
            "and was taken back. The reason, and how its money stands, are on its page."
        )
    else:
        text = _(
            "What was recorded as paid for the sanction %(number)s on %(day)s, %(amount)s, was a mistake and was taken "
            "back. The reason, and how its money stands, are on its page."
        )
    return _("Sanction %(number)s: a record of a payment was taken back") % facts, text % facts, _path(row)


def _due(row: Sanction, balance: str, until: date) -> Mail:
    facts = {"number": row.number, "balance": balance, "day": f"{until}"}
    text = _("Of the sanction %(number)s, %(balance)s are to be paid until %(day)s.") % facts
    return _("Sanction %(number)s: payment until %(day)s") % facts, text, _path(row)


def _overdue(row: Sanction, balance: str, until: date) -> Mail:
    facts = {"number": row.number, "balance": balance, "day": f"{until}", "party": row.party.name}
    text = _("Of the sanction %(number)s on %(party)s, %(balance)s were to be paid until %(day)s.") % facts
    return _("Sanction %(number)s: payment is overdue") % facts, text, _path(row)


def _measure(row: Measure, now: datetime) -> Mail:
    assert row.due is not None
    facts = {"number": row.sanction.number, "time": f"{row.due:%Y-%m-%d %H:%M}", "party": row.sanction.party.name}
    overdue, due = _("Sanction %(number)s: a measure is overdue"), _("Sanction %(number)s: a measure is due")
    subject = overdue if is_late(row, now=now) else due
    text = _("A measure of the sanction %(number)s on %(party)s is to be reported as done until %(time)s UTC.")
    return subject % facts, text % facts, _path(row.sanction)


def _reported(report: MeasureReport) -> Mail:
    row = report.measure.sanction
    facts = {"number": row.number, "party": row.party.name}
    text = _("%(party)s reports that a measure of the sanction %(number)s is done. Accept it, or return it.") % facts
    return _("Sanction %(number)s: a measure is reported as done") % facts, text, _path(row)


def _judged(report: MeasureReport) -> Mail:
    row = report.measure.sanction
    facts = {"number": row.number, "verdict": report.get_verdict_display()}
    text = _("What your company reported on a measure of the sanction %(number)s was looked at: %(verdict)s.") % facts
    return _("Sanction %(number)s: your report was %(verdict)s") % facts, text, _path(row)


def _path(row: Sanction) -> str:
    return reverse("sanction", args=(row.pk,))
