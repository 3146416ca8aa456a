"""Invitations: to a named person at one address, and never to whoever holds a link.

The secret of a link goes into the mail and nowhere else: not even who invites gets to see it, so that nobody can take
the place of the person who was named. An accepted invitation therefore proves the address.

A supplier's contact does not learn by inviting whose addresses the owner knows: an invitation to one that is on record
at another party is kept like any other, and no mail goes out.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from tidemark.errors import Refused
from tidemark.records import mail
from tidemark.records.accounts.enrol import clean_address, clean_person_name, enrol, roles_of_side
from tidemark.records.accounts.links import Secret, hash_of, new_secret
from tidemark.records.accounts.models import Invitation, Person
from tidemark.records.accounts.roles import Act, Role
from tidemark.records.parties.models import Party

LASTS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation, and whether its mail could be handed over."""

    invitation: Invitation
    is_mailed: bool


@dataclass(frozen=True, slots=True)
class Unsent:
    """An invitation on record, and the secret of its link, which only the mail tells."""

    invitation: Invitation
    secret: Secret = field(repr=False)

    def send(self) -> Invited:
        """Send the mail, unless nobody must get one; the caller's transaction is over."""
        if self.invitation.on_record_at_id is not None:
            return Invited(self.invitation, is_mailed=True)
        return Invited(self.invitation, _mailed(self.invitation, self.secret))


def may_invite(person: Person, party: Party) -> bool:
    """Whether a person may invite people of a party: the owner's people anybody, a supplier's contact colleagues."""
    if person.is_owners:
        return person.may(Act.MANAGE_PEOPLE)
    return person.may(Act.INVITE_COLLEAGUES) and person.party_id == party.pk


def invite(
    party: Party, *, name: str, email: str, roles: Iterable[str], language: str = "en", by: Person, now: datetime
) -> Invited:
    """Invite a named person and send the link to the address. Raises Refused as :func:`put_on_record` does."""
    return put_on_record(party, name=name, email=email, roles=roles, language=language, by=by, now=now).send()


def lacks_contact(party: Party, *, now: datetime) -> bool:
    """Whether nobody of a supplier is its contact, and nobody is invited to be."""
    if Person.objects.filter(party=party, is_active=True, grants__role=Role.CONTACT).exists():
        return False
    opened = Invitation.objects.standing().filter(party=party, expires__gt=now).values_list("roles", flat=True)
    return not any(Role.CONTACT in roles for roles in opened)


def put_on_record(
    party: Party, *, name: str, email: str, roles: Iterable[str], language: str = "en", by: Person, now: datetime
) -> Unsent:
    """Put an invitation on record whose mail is sent after the caller's transaction: a mail may take long.

    Raises
    ------
    Refused
        If ``by`` may not, the roles are not the party's, or the address belongs to a person or to another invitation
        that is open. Of other parties' persons and invitations only the owner's people are told.
    """
    _refuse_stranger(by, party)
    invitation = Invitation(
        party=party,
        name=clean_person_name(name),
        email=clean_address(email),
        language=language if language in dict(settings.LANGUAGES) else "en",
        roles=roles_of_side(party, roles),
        invited_by=by,
        created=now,
        expires=now + LASTS,
    )
    _refuse_beyond(by, invitation.roles)
    secret = new_secret()
    invitation.token_sha256 = secret.sha256
    with transaction.atomic():
        invitation.on_record_at = _where_known(invitation, by=by, now=now)
        invitation.save(force_insert=True)
    return Unsent(invitation, secret)


def resend(invitation: Invitation, *, by: Person, now: datetime) -> Invited:
    """Send a new link, which works for another while. The one before does not work any more.

    Raises
    ------
    Refused
        If ``by`` may not, it was accepted or withdrawn, whoever invited may not invite like this any more, or the
        address is on record by now, as for :func:`put_on_record`.
    """
    _refuse_stranger(by, invitation.party)
    secret = new_secret()
    with transaction.atomic():
        standing = _standing(invitation)
        _refuse_beyond(by, standing.roles)
        if not _is_vouched_for(standing):
            raise Refused(
                gettext("Who sent this invitation may not invite like this any more. Withdraw it, and invite anew.")
            )
        standing.on_record_at = _where_known(standing, by=by, now=now)
        standing.token_sha256, standing.expires = secret.sha256, now + LASTS
        standing.save(update_fields=["token_sha256", "expires", "on_record_at"])
    return Unsent(standing, secret).send()


def withdraw(invitation: Invitation, *, by: Person, now: datetime) -> Invitation:
    """Make the link of an invitation stop working.

    Raises
    ------
    Refused
        If ``by`` may not, or it was accepted or withdrawn already.
    """
    _refuse_stranger(by, invitation.party)
    with transaction.atomic():
        standing = _standing(invitation)
        standing.withdrawn = now
        standing.save(update_fields=["withdrawn"])
    return standing


def find_invitation(secret: str) -> Invitation | None:
    """Return the invitation that a link leads to, whatever has become of it."""
    return Invitation.objects.select_related("party", "invited_by").filter(token_sha256=hash_of(secret)).first()


def accept(invitation: Invitation, *, password: str, now: datetime) -> Person:
    """Make the person who was invited. The caller has the invitation from :func:`find_invitation`.

    Raises
    ------
    Refused
        If the link was used, has expired or was withdrawn meanwhile, whoever invited may not invite like this any
        more, or the password is too weak.
    """
    with transaction.atomic():
        rows = Invitation.objects.select_for_update(of=("self",)).select_related("party", "invited_by__party")
        known = rows.get(pk=invitation.pk)
        is_open = known.state(now) == "open" and known.token_sha256 == invitation.token_sha256
        if not is_open or known.on_record_at_id is not None or not _is_vouched_for(known):
            raise Refused(gettext("This invitation cannot be used any more. Ask for another one."))
        person = enrol(
            known.party,
            name=known.name,
            email=known.email,
            language=known.language,
            roles=known.roles,
            password=password,
            now=now,
            granted_by=known.invited_by,
        )
        known.accepted, known.person = now, person
        known.save(update_fields=["accepted", "person"])
    return person


def _where_known(invitation: Invitation, *, by: Person, now: datetime) -> Party | None:
    """Return the other party at which the address is on record, which the supplier who invites is not told.

    Raises
    ------
    Refused
        If it is on record, and ``by`` may know: one of the owner's people, or of whoever else is of the party itself.
    """
    person = Person.objects.select_related("party").filter(email=invitation.email).first()
    if person is not None and (by.is_owners or person.party_id == invitation.party_id):
        raise Refused(gettext("A person with this e-mail address is on record already."))
    opened = Invitation.objects.standing().filter(email=invitation.email, expires__gt=now).exclude(pk=invitation.pk)
    mailed = opened.filter(on_record_at=None)
    if (mailed if by.is_owners else opened.filter(party=invitation.party)).exists():
        raise Refused(gettext("This address has an open invitation already. Send that one again."))
    if person is not None:
        return person.party
    other = mailed.select_related("party").first()
    return other.party if other is not None else None


def _standing(invitation: Invitation) -> Invitation:
    found = (
        Invitation.objects.standing()
        .select_for_update(of=("self",))
        .select_related("party", "invited_by__party")
        .filter(pk=invitation.pk)
        .first()
    )
    if found is None:
        raise Refused(gettext("The invitation was accepted or withdrawn already."))
    return found


def _refuse_stranger(by: Person, party: Party) -> None:
    if not may_invite(by, party):
        raise Refused(gettext("Your role does not allow you to invite people of %(party)s.") % {"party": party.name})


def _is_vouched_for(invitation: Invitation) -> bool:
    """Whether the person who invited may still invite people of the party with these roles."""
    by = invitation.invited_by
    return by is not None and may_invite(by, invitation.party) and not _goes_beyond(by, invitation.roles)


def _goes_beyond(by: Person, roles: Iterable[str]) -> bool:
    """Whether a supplier's contact invites somebody to more than membership."""
    return not by.is_owners and bool(set(roles) - {Role.MEMBER})


def _refuse_beyond(by: Person, roles: Iterable[str]) -> None:
    if _goes_beyond(by, roles):
        raise Refused(gettext("A contact invites members. Ask the owner for another contact."))


def _mailed(invitation: Invitation, secret: Secret) -> bool:
    address = mail.link_to(reverse("invitation", args=[secret.text]))
    with translation.override(invitation.language):
        who = invitation.invited_by.name if invitation.invited_by else ""
        facts = {"name": invitation.name, "who": who, "party": invitation.party.name, "site": settings.SITE_URL}
        paragraphs = (
            gettext("Hello %(name)s,") % facts,
            gettext(
                "%(who)s invites you to Tidemark, where confidential drawings are shared. You will belong to %(party)s."
            )
            % facts,
            gettext("Open this link to choose a password. It works once, until %(until)s (UTC):")
            % {"until": f"{invitation.expires:%Y-%m-%d %H:%M}"},
            address,
            gettext("The invitation is for you alone. If you do not know what it is about, ignore it."),
        )
        return mail.send(
            invitation.email, subject=gettext("%(who)s invites you to Tidemark") % facts, paragraphs=paragraphs
        )
