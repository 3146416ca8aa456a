"""What recurs: each duty is enqueued once whenever it is due, by whichever worker sees it first.

Moving the due time on and enqueuing the task is one transaction, so a duty is neither forgotten nor done twice, however
many workers there are. Of each duty one task at most waits or runs (two, if one failed of something passing just as it
was due, or hangs; duties bear that): times that passed while no worker ran, or none was free, are made up for by one
run, not by many.

Duties are short, so they go before everything else that waits. They still wait for a task that a worker is at, unless
another worker is free.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks import task
from django_tasks.base import Task

from tidemark.records.connect import current_home
from tidemark.records.work.models import Due
from tidemark.records.work.queue import forget_old, is_under_way

PRIORITY = 50
"""Above everything else: a trace takes minutes, and no copy outlives its time for all the traces that wait."""

STUCK_AFTER = timedelta(minutes=15)
"""A duty that runs for longer hangs, though its worker is alive: another worker does what is due."""


@dataclass(frozen=True, slots=True)
class Duty:
    """A task without arguments, by its dotted name, and how often it is due."""

    task: str
    every: timedelta


DUTIES = (
    Duty("tidemark.records.work.duties.end_copies", timedelta(minutes=1)),
    Duty("tidemark.records.work.duties.read_mails", timedelta(minutes=1)),
    Duty("tidemark.records.work.duties.announce_copies", timedelta(minutes=1)),
    Duty("tidemark.records.work.duties.go_on_with_onward_requests", timedelta(minutes=1)),
    Duty("tidemark.records.work.duties.close_rounds", timedelta(minutes=1)),
    Duty("tidemark.records.work.duties.send_reminders", timedelta(minutes=10)),
    Duty("tidemark.records.work.duties.look_after_cases", timedelta(minutes=1)),
    Duty("tidemark.records.work.duties.remind_of_sanctions", timedelta(minutes=10)),
    Duty("tidemark.records.work.duties.forget_old_tasks", timedelta(days=1)),
)


def enqueue_due(*, now: datetime) -> list[str]:
    """Enqueue what is due; return the names."""
    known = dict(Due.objects.values_list("duty", "at"))
    return [
        duty.task for duty in DUTIES if _is_due(duty, known.get(duty.task, now), now=now) and _enqueued(duty, now=now)
    ]


def _is_due(duty: Duty, at: datetime, *, now: datetime) -> bool:
    """Whether its time has come. One further ahead than it recurs is of a clock that was set back since. Pure."""
    return not now < at <= now + duty.every


def _enqueued(duty: Duty, *, now: datetime) -> bool:
    with transaction.atomic():
        Due.objects.get_or_create(duty=duty.task, defaults={"at": now})
        due = Due.objects.select_for_update().get(duty=duty.task)
        if not _is_due(duty, due.at, now=now):
            return False  # another worker was faster
        due.at = now + duty.every
        due.save(update_fields=["at"])
        known: Task[[], None] = import_string(duty.task)
        if is_under_way(known, running_since=now - STUCK_AFTER):
            # The run that waits will do what is due now, too. After one that runs, other tasks get their turn first: if
            # it takes longer than until it recurs, a worker alone would do nothing else.
            return False
        known.enqueue()
    return True


@task(priority=PRIORITY)
def end_copies() -> None:
    """End copies whose time has come, and say so of those that will not be made."""
    from tidemark.records.copies.expire import expire
    from tidemark.records.copies.make import give_up_abandoned

    expire(current_home(), now=timezone.now())
    give_up_abandoned()


@task(priority=PRIORITY)
def announce_copies() -> None:
    """Mail to whom copies were released that they are ready."""
    from tidemark.records.copies.announce import announce

    announce(now=timezone.now())


@task(priority=PRIORITY)
def go_on_with_onward_requests() -> None:
    """Carry out what was approved and is not missing anything any more, and send the mails of what was taken back."""
    from tidemark.records.copies.fulfil import fulfil_all
    from tidemark.records.copies.remind import remind

    fulfil_all(current_home(), now=timezone.now())
    remind(now=timezone.now())


@task(priority=PRIORITY)
def close_rounds() -> None:
    from tidemark.records.rounds.close import close_due

    close_due(current_home(), now=timezone.now())


@task(priority=PRIORITY)
def send_reminders() -> None:
    from tidemark.records.agreements import remind as agreements
    from tidemark.records.rounds import remind as rounds

    agreements.remind(now=timezone.now())
    rounds.remind(now=timezone.now())


@task(priority=PRIORITY)
def look_after_cases() -> None:
    """Escalate what is late, mark what was not answered, and send the mails of allegations and plans."""
    from tidemark.records.cases.remind import look_after
    from tidemark.records.plans.remind import remind

    look_after(current_home(), now=timezone.now())
    remind(now=timezone.now())


@task(priority=PRIORITY)
def remind_of_sanctions() -> None:
    """Send the mails of sanctions: imposed, due, overdue, appealed, decided, and those of their measures."""
    from tidemark.records.sanctions.remind import remind

    remind(now=timezone.now())


@task(priority=PRIORITY)
def read_mails() -> None:
    """Take in the leaks that came by e-mail."""
    from tidemark.records.leaks.inbox import read_inbox

    read_inbox(current_home(), now=timezone.now())


@task(priority=PRIORITY)
def forget_old_tasks() -> None:
    forget_old(now=timezone.now())
