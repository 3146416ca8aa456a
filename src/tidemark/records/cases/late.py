"""What is late in cases now: the one rule for mails, pages and the overview, of one row and of all."""

from datetime import datetime

from django.db.models import QuerySet

from tidemark.records.cases.models import Allegation, Case, Duty


def is_late(case: Case, *, now: datetime) -> bool:
    """Whether the next response of a case is overdue."""
    return case.status != Case.Status.CLOSED and case.respond_by is not None and case.respond_by < now


def late_cases(*, now: datetime) -> QuerySet[Case]:
    """Return the cases that are late, see :func:`is_late`."""
    return Case.objects.exclude(status=Case.Status.CLOSED).filter(respond_by__lt=now)


def is_duty_late(duty: Duty, *, now: datetime) -> bool:
    """Whether a duty is not done and its date is over."""
    return duty.done is None and duty.due is not None and duty.due < now


def late_duties(*, now: datetime) -> QuerySet[Duty]:
    """Return the duties that are late, see :func:`is_duty_late`."""
    return Duty.objects.filter(done=None, due__lt=now)


def has_time_to_answer(allegation: Allegation, *, now: datetime) -> bool:
    """Whether the party has not answered what was put to it, and still has time to."""
    return allegation.state == Allegation.State.PUT and now < allegation.answer_by


def out_of_time(*, now: datetime) -> QuerySet[Allegation]:
    """Return the allegations that are put and not answered, whose parties have no time left."""
    return Allegation.objects.filter(state=Allegation.State.PUT, answer_by__lte=now)


def late_replies(*, now: datetime) -> QuerySet[Allegation]:
    """Return the allegations whose time to answer is over without an answer, and that are not concluded."""
    return out_of_time(now=now) | Allegation.objects.filter(state=Allegation.State.UNANSWERED)


def to_conclude(*, now: datetime) -> QuerySet[Allegation]:
    """Return the allegations that wait for the owner: the party has answered, or has no time left to."""
    return late_replies(now=now) | Allegation.objects.filter(state=Allegation.State.ANSWERED)
