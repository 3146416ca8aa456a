"""The mail of onward sharing: that an approval was taken back. A task of minutes; each mail once."""

from datetime import datetime, timedelta
from functools import partial

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Role
from tidemark.records.copies.models import OnwardRequest
from tidemark.records.notices import tell

RECENT = timedelta(days=30)
"""For how long the mail is still sent, if no task ran in time. After that, the page tells."""


def remind(*, now: datetime) -> int:
    """Tell the contacts of the party that asked, and who asked, of approvals that were taken back; return how many."""
    rows = OnwardRequest.objects.filter(state=OnwardRequest.State.TAKEN_BACK, taken_back__gte=now - RECENT)
    return sum(
        tell(person, f"onward-taken-back:{row.pk}", partial(_taken_back, row), now=now)
        for row in rows.select_related("engagement__project")
        for person in _concerned(row)
    )


def _concerned(row: OnwardRequest) -> list[Person]:
    who = Q(party=row.engagement.party_id, grants__role=Role.CONTACT) | Q(pk=row.asked_by_id)
    return list(Person.objects.filter(who, is_active=True).distinct())


def _taken_back(row: OnwardRequest) -> tuple[str, str, str]:
    facts = {
        "project": row.engagement.project.code_name,
        "sub_vendor": row.sub_vendor_name,
        "contact": row.contact_name,
        "why": row.taken_back_why,
    }
    subject = _("The approval to share onward was taken back: %(project)s") % facts
    text = (
        _(
            "The owner has taken back its approval that %(contact)s of %(sub_vendor)s receives copies of drawings of "
            "%(project)s. No copies were made. Reason: %(why)s"
        )
        % facts
    )
    return subject, text, reverse("onward_request", args=(row.pk,))
