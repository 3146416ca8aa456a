"""Onward sharing: a supplier asks that a named person of its sub-vendor gets child copies; the owner decides.

A child copy has a mark of its own, so a leak of it names the sub-vendor and not the supplier; and it records its
parent, so that who passed it on is on record too. What an approval still waits for, and the planning of the copies once
nothing is missing, is :mod:`.fulfil`.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind
from tidemark.records.accounts.enrol import clean_address, clean_person_name
from tidemark.records.accounts.invite import Invited
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.agreements.models import Agreement
from tidemark.records.connect import database_errors, exclusively
from tidemark.records.copies.fulfil import fulfil, invite_contact
from tidemark.records.copies.models import Copy, OnwardRequest
from tidemark.records.copies.standing import standing_approval
from tidemark.records.home import Home
from tidemark.records.ledger.key import signing_key
from tidemark.records.ledger.log import append, hash_of, sign
from tidemark.records.parties.foreign import refuse_foreign
from tidemark.records.parties.models import Party
from tidemark.records.parties.names import clean_name, fold
from tidemark.records.projects.models import Engagement
from tidemark.records.reasons import reason_of, storable
from tidemark.records.visible import readable

MOST_COPIES = 500
"""Of one request: their ids stand in one entry of the ledger."""
MOST_CHARS = 4_000
MOST_A_DAY = 100
"""Requests of one party: each may send a mail to somebody whom the owner does not know."""


def ask(
    home: Home,
    engagement: Engagement,
    copies: Collection[Copy],
    *,
    sub_vendor: str,
    contact_name: str,
    contact_email: str,
    why: str,
    agreement: Agreement | None = None,
    by: Person,
    now: datetime,
) -> OnwardRequest:
    """Ask that a person of a sub-vendor gets child copies of some of the own party's copies.

    Parameters
    ----------
    engagement : Engagement
        The asking party's own place in the supply tree.
    copies : collection of Copy
        The party's own open copies that it holds in that place.
    sub_vendor : str
        Name of a party; one that is not on record yet becomes one.
    agreement : Agreement, optional
        By which the duty is passed on, if it is on record already.

    Raises
    ------
    Refused
        If the person may not ask that.
    """
    if not by.may(Act.SHARE_ONWARD) or engagement.party_id != by.party_id:
        raise Refused(_("Onward sharing is asked for by a contact of the party that holds the copies."))
    asked = _own_open(engagement, copies, now=now)
    why = readable(storable(why))
    if not why or len(why) > MOST_CHARS:
        raise Refused(
            _("Say what the sub-vendor needs it for, in at most %(limit)d characters.") % {"limit": MOST_CHARS}
        )
    try:
        name = clean_name(sub_vendor)
    except ValueError:
        raise Refused(_("Name the sub-vendor, in at most 200 characters.")) from None
    contact, address = clean_person_name(contact_name), clean_address(contact_email)
    with database_errors(home), transaction.atomic():
        _refuse_many(engagement, now=now)
        _refuse_known_above(engagement, name)
        party, is_new = Party.found_or_made(name, now=now)
        if agreement is not None and (agreement.discloser_id, agreement.recipient_id) != (by.party_id, party.pk):
            raise Refused(_("That agreement is not one between your party and the sub-vendor."))
        request = OnwardRequest.objects.create(
            engagement=engagement,
            sub_vendor=party,
            sub_vendor_name=name,
            made_sub_vendor=is_new,
            contact_name=contact,
            contact_email=address,
            why=why,
            agreement=agreement,
            asked=now,
            asked_by=by,
        )
        request.copies.set(asked)
    standing = standing_approval(request, now=now)
    if standing is not None:
        said = _("Approved beforehand by agreement %(agreement)s.") % {"agreement": standing.reference}
        _settle(home, request, OnwardRequest.State.APPROVED, why=said, by=None, standing=standing, now=now)
        fulfil(home, request, officer=standing.created_by, now=now)
    return request


def decide(
    home: Home, request: OnwardRequest, *, approve: bool, why: str = "", by: Person, now: datetime
) -> OnwardRequest:
    """Approve or refuse a request. An approval takes effect at once, or as soon as nothing is missing any more.

    Raises
    ------
    Refused
        If ``by`` may not decide, it is decided already, a refusal has no reason, the reason names another party, or
        what is to be approved is a sub-vendor that stands above the party that asks.
    """
    _refuse_unless_officer(by)
    why = reason_of(why, most=MOST_CHARS, is_needed=not approve)
    _refuse_names(request, why)
    if approve:
        _refuse_above(request)
    state = OnwardRequest.State.APPROVED if approve else OnwardRequest.State.REFUSED
    _settle(home, request, state, why=why, by=by, standing=None, now=now)
    if approve:
        fulfil(home, request, officer=by, now=now)
    return request


def take_back(home: Home, request: OnwardRequest, *, why: str, by: Person, now: datetime) -> OnwardRequest:
    """Take the approval of a request back, an agreement's too, as long as no copies were planned for it.

    An invitation that was sent stands: who is invited gets no copies by it. The supplier is told by :mod:`.remind`.

    Raises
    ------
    Refused
        If ``by`` may not, no reason is given or it names another party, there is no approval, or it is too late.
    """
    _refuse_unless_officer(by)
    why = reason_of(why, most=MOST_CHARS)
    _refuse_names(request, why)
    if request.state == OnwardRequest.State.ASKED:
        raise Refused(_("There is no approval to take back: the request waits for a decision."))
    _settle(home, request, OnwardRequest.State.TAKEN_BACK, why=why, by=by, standing=None, now=now)
    return request


def invite_anew(request: OnwardRequest, *, by: Person, now: datetime) -> Invited:
    """Invite the contact of an approved request once more, after the invitation was withdrawn or has expired.

    Raises
    ------
    Refused
        If ``by`` may not, the request waits for nobody, or the contact is on record or has an open invitation.
    """
    _refuse_unless_officer(by)
    return invite_contact(request, by=by, now=now)


def withdraw(request: OnwardRequest, *, by: Person, now: datetime) -> OnwardRequest:
    """Take a request back, as long as no copies were planned for it.

    Raises
    ------
    Refused
        If ``by`` may not, or it is too late.
    """
    if not by.may(Act.SHARE_ONWARD) or request.engagement.party_id != by.party_id:
        raise Refused(_("A request is withdrawn by a contact of the party that asked."))
    with transaction.atomic():
        request.become(OnwardRequest.State.WITHDRAWN, why="", by=None, now=now)
    return request


def _own_open(engagement: Engagement, copies: Collection[Copy], *, now: datetime) -> list[Copy]:
    """Return the copies, one of each draft, after checking that they are the party's own and open."""
    if not copies:
        raise Refused(_("Choose at least one drawing."))
    if len(copies) > MOST_COPIES:
        raise Refused(_("At most %(limit)d drawings are asked for at once.") % {"limit": MOST_COPIES})
    for copy in copies:
        is_own = copy.holder_id == engagement.party_id and copy.engagement_id == engagement.pk
        if not is_own or not copy.is_kept or not copy.is_open_at(now):
            raise Refused(_("Onward sharing is possible of your party's own open copies in this project alone."))
    return list({copy.draft_id: copy for copy in copies}.values())


def _refuse_many(engagement: Engagement, *, now: datetime) -> None:
    Party.objects.select_for_update().get(pk=engagement.party_id)
    asked = OnwardRequest.objects.filter(engagement__party=engagement.party_id, asked__gt=now - timedelta(days=1))
    if asked.count() >= MOST_A_DAY:
        raise Refused(_("A company asks at most %(limit)d times a day. Ask again tomorrow.") % {"limit": MOST_A_DAY})


def _refuse_known_above(engagement: Engagement, name: str) -> None:
    """Raise if the party of this name is the owner, the one that asks, or the one that it works for.

    Who stands above that one is not its to know: such a name is left to an officer, as that of any other party is.
    """
    known = Party.objects.filter(is_owner=True) | Party.objects.filter(pk=engagement.party_id)
    if engagement.parent is not None:
        known |= Party.objects.filter(pk=engagement.parent.party_id)
    if known.filter(folded_name=fold(name)).exists():
        raise Refused(_("A sub-vendor is a party below your own. Name another."))


def _refuse_above(request: OnwardRequest) -> None:
    """Raise if the sub-vendor stands above the party that asks: it needs no child copy."""
    if Engagement.objects.filter(pk__in=request.engagement.ancestor_ids, party=request.sub_vendor_id).exists():
        raise Refused(
            _("%(party)s stands above the party that asks, in the same branch of the supply tree. Refuse the request.")
            % {"party": request.sub_vendor}
        )


def _refuse_unless_officer(by: Person) -> None:
    if not by.may(Act.RELEASE):
        raise Refused(_("Onward sharing is decided on by the owner's officers. Ask one of them."))


def _refuse_names(request: OnwardRequest, why: str) -> None:
    """Raise if what the asking party reads names another than those that it named itself."""
    wrote = (request.sub_vendor_name, request.contact_name, request.contact_email)
    refuse_foreign(why, [request.engagement.party], wrote=wrote)


def _settle(
    home: Home,
    request: OnwardRequest,
    state: OnwardRequest.State,
    *,
    why: str,
    by: Person | None,
    standing: Agreement | None,
    now: datetime,
) -> None:
    with exclusively(home), database_errors(home), transaction.atomic():
        request.become(state, why=why, by=by, now=now)
        body: dict[str, JSON] = {
            "request": request.pk,
            "supplier": request.engagement.party.name,
            "sub_vendor": request.sub_vendor.name,
            "copies": sorted(request.copies.values_list("pk", flat=True)),
            "approved": state == OnwardRequest.State.APPROVED,
            "state": str(state),
            "by": by.pk if by else "",
            "reason_sha256": hash_of(why),
            "standing_approval": standing.pk if standing else "",
        }
        append(Kind.ONWARD_DECIDED, body, subject=request.pk, now=now)
        sign(home, signing_key(home))
