"""What bars a person from getting copies at all, and as who reads it may know it: pages and programs say the same."""

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext as _

from tidemark.records.accounts.models import Person
from tidemark.records.agreements.releasable import Missing, Permit, Refusal, releasable_many
from tidemark.records.projects.models import Project


def barred_from(project: Project, person: Person, statuses: Collection[str], *, at: datetime) -> Refusal | None:
    """Return what bars a person from drafts of all these statuses; None if some can be had, or none is asked for."""
    found = releasable_many(project, statuses, (person,), at=at)
    refusals = [each for each in found.values() if isinstance(each, Refusal)]
    if not refusals or any(isinstance(each, Permit) for each in found.values()):
        return None
    return max(refusals, key=lambda refusal: refusal.missing)


def reason_for(refusal: Refusal, *, viewer: Person) -> str:
    """Return the reason; the owner's people read with which party it fails above."""
    if viewer.is_owners and refusal.missing is Missing.ABOVE and refusal.party is not None:
        return _("%(reason)s It is %(party)s.") % {"reason": refusal.reason, "party": refusal.party}
    return refusal.reason
