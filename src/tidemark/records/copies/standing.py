"""What an agreement approves beforehand of onward sharing, and what it leaves to an officer all the same.

A supplier names its sub-vendor and the contact there. A party's contact accepts agreements, bids and answers for it and
sees all that it holds, so nobody becomes one by a supplier's word where others have to do with the party too.
"""

from datetime import UTC, datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from tidemark.records.accounts.models import Invitation
from tidemark.records.agreements.binding import binding
from tidemark.records.agreements.models import Agreement
from tidemark.records.copies.models import Copy, OnwardRequest
from tidemark.records.projects.models import Engagement


def standing_approval(request: OnwardRequest, *, now: datetime) -> Agreement | None:
    """Return the owner's agreement that approves such a request beforehand; None if there is none, or it does not reach
    the request.
    """
    return None if _beyond(request) else _agreement(request, now=now)


def why_left(request: OnwardRequest, *, now: datetime) -> str:
    """Return why a request is left to an officer though an agreement approves such ones beforehand; '' if none does, or
    it reaches this one. For the owner's people.
    """
    beyond = _beyond(request)
    return beyond if beyond and _agreement(request, now=now) is not None else ""


def dealings_elsewhere(request: OnwardRequest) -> tuple[str, ...]:
    """Return what a sub-vendor has on record apart from the party that asks, in words for the owner's people."""
    asking, party = request.engagement.party_id, request.sub_vendor_id
    own = Q(discloser=asking, recipient=party)
    agreements = Agreement.objects.filter(Q(recipient=party) | Q(discloser=party)).exclude(own)
    found = (
        (_("engagements"), Engagement.objects.filter(party=party).exclude(parent__party=asking)),
        (_("agreements"), agreements),
        (_("copies"), Copy.objects.filter(holder=party).exclude(engagement__parent__party=asking)),
        (_("invitations"), Invitation.objects.filter(party=party).exclude(email=request.contact_email)),
    )
    return tuple(word for word, rows in found if rows.exists())


def _beyond(request: OnwardRequest) -> str:
    """Return why no standing approval reaches a request; '' if one does."""
    people = request.sub_vendor.persons.all()
    if people.exists():
        if not people.filter(email=request.contact_email).exists():
            return _("The sub-vendor has people on record, and this contact is not one of them.")
    elif elsewhere := dealings_elsewhere(request):
        return _("The sub-vendor has no people yet, but %(what)s apart from this supplier.") % {
            "what": _(", ").join(elsewhere)
        }
    is_below = Engagement.objects.filter(parent=request.engagement_id, party=request.sub_vendor_id).exists()
    if not request.made_sub_vendor and not is_below:
        return _("The sub-vendor was on record before this request, and is not engaged below this supplier.")
    return ""


def _agreement(request: OnwardRequest, *, now: datetime) -> Agreement | None:
    """Return the owner's agreement with the party at the root of this branch that approves such a request beforehand:
    what a supplier agrees with its sub-vendor binds no owner.
    """
    root = Engagement.objects.get(pk=request.engagement.ancestor_ids[0])
    statuses = set(request.copies.values_list("draft__status", flat=True))
    agreements = Agreement.objects.filter(discloser__is_owner=True, recipient=root.party_id, standing_approval=True)
    for bound in binding(agreements, on=now.astimezone(UTC).date()):
        if all(bound.covers(root.project_id, status) for status in statuses):
            return bound.agreement
    return None
