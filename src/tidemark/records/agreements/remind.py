"""Tell both sides in time that an agreement ends: 30, 7 and 1 days before, and when it does. A daily task."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import partial

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Role
from tidemark.records.agreements.models import Agreement
from tidemark.records.notices import tell

DAYS_BEFORE = (30, 7, 1, 0)
_DAYS_AFTER = 7
"""For how long the news that an agreement ended is sent after it, if no task ran in time."""


def remind(*, now: datetime) -> int:
    """Send the reminders that are due, each once; return how many mails went out."""
    today = now.astimezone(UTC).date()
    due = Agreement.objects.filter(
        state=Agreement.State.IN_FORCE,
        valid_until__range=(today - timedelta(days=_DAYS_AFTER), today + timedelta(days=max(DAYS_BEFORE))),
    ).select_related("discloser", "recipient")
    sent = 0
    for agreement in due:
        assert agreement.valid_until is not None
        step = step_for(agreement.valid_until, today=today)
        for person in concerned(agreement):
            sent += tell(
                person,
                f"agreement-expires:{agreement.pk}:{step}",
                partial(_mail, agreement, today=today),
                now=now,
            )
    return sent


def step_for(valid_until: date, *, today: date) -> int:
    """Return which reminder is due: the smallest number of days before that still covers today. Pure."""
    left = (valid_until - today).days
    return min((step for step in DAYS_BEFORE if step >= left), default=0)


def concerned(agreement: Agreement) -> Iterable[Person]:
    """Return who is told: the owner's officers and legal, and the contacts of both sides."""
    sides = (agreement.discloser_id, agreement.recipient_id)
    return (
        Person.objects.filter(is_active=True)
        .filter(
            Q(party__is_owner=True, grants__role__in=(Role.OFFICER, Role.LEGAL))
            | Q(party__in=sides, party__is_owner=False, grants__role=Role.CONTACT)
        )
        .distinct()
    )


def _mail(agreement: Agreement, *, today: date) -> tuple[str, str, str]:
    """Return subject, text and address of the page, in the language that is active."""
    assert agreement.valid_until is not None
    left = (agreement.valid_until - today).days
    facts = {
        "agreement": agreement.reference,
        "day": agreement.valid_until.isoformat(),
        "discloser": agreement.discloser,
        "recipient": agreement.recipient,
    }
    if left < 0:
        subject = _("Agreement %(agreement)s has ended") % facts
    else:
        subject = _("Agreement %(agreement)s ends on %(day)s") % facts
    text = (
        _(
            "The confidentiality agreement %(agreement)s between %(discloser)s and %(recipient)s is valid until "
            "%(day)s. After that day nothing is released or downloaded under it. If the work goes on, a new agreement "
            "must be registered and accepted before."
        )
        % facts
    )
    return subject, text, reverse("agreement", args=(agreement.pk,))
