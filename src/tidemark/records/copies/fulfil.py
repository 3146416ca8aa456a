"""Carry out an approved request for onward sharing, step by step, as far as what is on record allows.

    1. the contact is on record, or invited: once, see below
    2. supplier and sub-vendor have an agreement in force that the sub-vendor's company accepted
    3. the sub-vendor is engaged under the supplier
    4. the contact may have each draft, by every rule of :mod:`tidemark.records.agreements.releasable`
    5. the child copies are planned

It may be called any number of times: each step that is done stays done. A worker calls it for every approved request
from time to time, so what was missing takes effect soon after it is there.

An invitation goes out once a request. One that was withdrawn meanwhile, or has expired, is something that is missing:
whether another is sent is for an officer to say (:func:`tidemark.records.copies.onward.invite_anew`).
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.records.accounts.invite import Invited, Unsent, put_on_record
from tidemark.records.accounts.models import Invitation, Person
from tidemark.records.accounts.roles import Role
from tidemark.records.agreements.binding import binding
from tidemark.records.agreements.models import Agreement
from tidemark.records.agreements.releasable import Permit, releasable_many
from tidemark.records.connect import database_errors, exclusively
from tidemark.records.copies.models import Copy, OnwardRequest, Release
from tidemark.records.copies.share import Shared, holding, plan
from tidemark.records.copies.standing import standing_approval
from tidemark.records.home import Home
from tidemark.records.projects.engagements import engage
from tidemark.records.projects.models import Engagement


def fulfil(home: Home, request: OnwardRequest, *, officer: Person | None, now: datetime) -> tuple[str, ...]:
    """Do what can be done of an approved request; return what it still waits for, nothing if its copies are planned.

    The caller does not hold the home's lock: the copies are planned under it.

    Parameters
    ----------
    officer : Person or None
        Who decided, or who agreed to the standing approval: in whose name persons are invited and parties engaged.
    """
    if not request.is_waiting:
        return ()
    said = _prepared(home, request, officer, now=now)
    waiting = waiting_for(request, now=now)
    if waiting:
        return (*said, *waiting)
    # Exclusively, as copies are revoked: who revokes a parent sees the child that is planned, or none is planned.
    with exclusively(home), database_errors(home), transaction.atomic():
        if _is_waiting_still(request):
            if waiting := waiting_for(request, now=now):  # what was there may be gone
                return waiting
            shared = _planned(home, request, officer, now=now)
            if shared.release is None:
                return tuple(dict.fromkeys(each.reason for each in shared.refusals))
            request.release = shared.release
            request.save(update_fields=["release"])
    return ()


def fulfil_all(home: Home, *, now: datetime) -> int:
    """Go on with every approved request; return how many got their copies planned."""
    done = 0
    for request in OnwardRequest.objects.filter(state=OnwardRequest.State.APPROVED, release=None):
        fulfil(home, request, officer=_officer(request, now=now), now=now)
        done += request.release_id is not None
    return done


def waiting_for(request: OnwardRequest, *, now: datetime, to_owner: bool = False) -> tuple[str, ...]:
    """Return what is missing before the child copies can be made, in sentences for both sides.

    Parameters
    ----------
    to_owner : bool
        Whether the owner's people read it. To others, one sentence stands for all that can become of an address that is
        not the sub-vendor's yet: by which one it is, a supplier would learn whose addresses the owner knows.
    """
    if not request.is_waiting:
        return ()
    missing = []
    parents = _open_parents(request, now=now)
    if not parents:
        missing.append(_("None of the copies asked for is open any more."))
    if _flow_down(request, now=now) is None:
        missing.append(
            _("An agreement between %(supplier)s and %(sub_vendor)s, in force and accepted for the company.")
            % {"supplier": request.engagement.party, "sub_vendor": request.sub_vendor_name}
        )
    contact = _contact(request)
    if not to_owner and (contact is None or contact.party_id != request.sub_vendor_id):
        missing.append(
            _("The contact accepts an invitation of the owner. The owner's officers can see how far that is.")
        )
    elif contact is None:
        missing.append(_invitation_lacks(request, now=now))
    elif contact.party_id != request.sub_vendor_id:
        missing.append(_("The contact's address belongs to somebody who is not of the sub-vendor. Name another."))
    elif not missing:
        missing += _lacking(request, contact, parents, now=now)
    return tuple(missing)


def contact_is_uninvited(request: OnwardRequest, *, now: datetime) -> bool:
    """Whether an approved request waits for a contact who has no open invitation: an officer may send another."""
    if not request.is_waiting or _contact(request) is not None:
        return False
    invitation = _last_invitation(request, now=now)
    return invitation is None or invitation.state(now) != "open"


def invite_contact(request: OnwardRequest, *, by: Person, now: datetime) -> Invited:
    """Invite the contact to the sub-vendor.

    Raises
    ------
    Refused
        If the request does not wait any more, or as :func:`tidemark.records.accounts.invite.invite` does.
    """
    with transaction.atomic():
        if not _is_waiting_still(request):
            raise Refused(_("A contact is invited while an approved request waits for it; this one does not."))
        unsent = _recorded_invitation(request, by=by, now=now)
    return unsent.send()


def _is_waiting_still(request: OnwardRequest) -> bool:
    """Read again, and lock, what may have changed since the request was read; return whether it waits."""
    current = OnwardRequest.objects.select_for_update().get(pk=request.pk)
    request.state, request.release = current.state, current.release
    return request.is_waiting


def _recorded_invitation(request: OnwardRequest, *, by: Person, now: datetime) -> Unsent:
    return put_on_record(
        request.sub_vendor,
        name=request.contact_name,
        email=request.contact_email,
        # Where a party has people, a supplier's word makes nobody its contact, who sees all that it holds.
        roles=[Role.MEMBER if request.sub_vendor.persons.exists() else Role.CONTACT],
        by=by,
        now=now,
    )


def _invitation_lacks(request: OnwardRequest, *, now: datetime) -> str:
    """Return what is missing before the contact is on record."""
    invitation = _last_invitation(request, now=now)
    if invitation is None:
        return _("The owner invites the contact.")
    said = {
        "withdrawn": _("The contact's invitation was withdrawn. Only the owner's officers can send another."),
        "expired": _("The contact's invitation has expired. Only the owner's officers can send another."),
    }
    return said.get(invitation.state(now), _("The contact accepts the invitation that was sent."))


def _lacking(request: OnwardRequest, contact: Person, parents: Sequence[Copy], *, now: datetime) -> list[str]:
    """Return why the contact may not have the drafts, each reason once."""
    places = _places(request)
    if not places:
        return [_("The owner engages %(party)s in the supply tree.") % {"party": request.sub_vendor_name}]
    statuses = {copy.draft.status for copy in parents}
    permits = releasable_many(request.engagement.project, statuses, [contact], at=now, places=places)
    reasons = [found.reason for found in permits.values() if not isinstance(found, Permit)]
    drafts = [copy.draft for copy in parents]
    if not reasons and len(holding(drafts, [contact], now=now)) == len(drafts):
        # It is not said from whom: that may be another supplier.
        return [
            _("The contact has open copies of these drawings already. Copies are made once one of those is closed.")
        ]
    return list(dict.fromkeys(reasons))


def _prepared(home: Home, request: OnwardRequest, officer: Person | None, *, now: datetime) -> list[str]:
    """Invite the contact and engage the sub-vendor, if that is still to be done; return what refused it."""
    if officer is None:
        return []
    said = []
    unsent = None
    with database_errors(home), transaction.atomic():
        if not _is_waiting_still(request):
            return []
        if _contact(request) is None and _last_invitation(request, now=now) is None:
            try:
                unsent = _recorded_invitation(request, by=officer, now=now)
            except Refused:  # it may say what another party has to do with this address
                said.append(_("The contact cannot be invited now. The owner's officers can see why."))
        if not _places(request) and _flow_down(request, now=now) is not None:
            project, parent = request.engagement.project, request.engagement
            try:
                engage(project, request.sub_vendor, parent=parent, by=officer, now=now)
            except Refused as refusal:
                said.append(str(refusal))
    if unsent is not None:
        unsent.send()
    return said


def _planned(home: Home, request: OnwardRequest, officer: Person | None, *, now: datetime) -> Shared:
    contact = _contact(request)
    assert contact is not None  # nothing is missing
    release = Release(
        project=request.engagement.project,
        note=_("Onward sharing by %(party)s") % {"party": request.engagement.party},
        created=now,
        created_by=officer or request.asked_by,
    )
    wanted = [(copy.draft, contact, copy) for copy in _open_parents(request, now=now)]
    return plan(home, release, wanted, now=now)


def _open_parents(request: OnwardRequest, *, now: datetime) -> list[Copy]:
    return list(request.copies.open_at(now).select_related("draft").order_by("id"))


def _flow_down(request: OnwardRequest, *, now: datetime) -> Agreement | None:
    """Return the agreement by which the supplier binds the sub-vendor, in force and accepted for the company."""
    between = Agreement.objects.filter(discloser=request.engagement.party_id, recipient=request.sub_vendor_id)
    bound = binding(between, on=now.astimezone(UTC).date())
    return next((each.agreement for each in bound if each.is_for(request.engagement.project_id)), None)


def _contact(request: OnwardRequest) -> Person | None:
    return Person.objects.filter(email=request.contact_email).first()


def _last_invitation(request: OnwardRequest, *, now: datetime) -> Invitation | None:
    """Return the contact's open invitation to the sub-vendor, or else the last one that ended after the approval.

    One that was over before the approval says nothing about this request, and neither does one to another party.
    """
    rows = Invitation.objects.filter(party=request.sub_vendor_id, email=request.contact_email, accepted=None)
    rows = rows.filter(on_record_at=None)
    rows = rows.filter(expires__gt=request.decided)
    rows = rows.filter(Q(withdrawn=None) | Q(withdrawn__gte=request.decided))
    return max(rows, key=lambda each: (each.state(now) == "open", each.created), default=None)


def _places(request: OnwardRequest) -> frozenset[str]:
    """Return the sub-vendor's place right below the supplier's, if it is engaged there."""
    places = Engagement.objects.filter(parent=request.engagement_id, party=request.sub_vendor_id)
    return frozenset(places.values_list("pk", flat=True))


def _officer(request: OnwardRequest, *, now: datetime) -> Person | None:
    """Return in whose name an approved request goes on."""
    if request.decided_by is not None:
        return request.decided_by
    standing = standing_approval(request, now=now)
    return standing.created_by if standing else None
