"""Accept an agreement: for the party, and for oneself. Both are needed before a person gets anything.

An acceptance binds to the SHA-256 of the terms that were shown, and so does its entry in the ledger: neither side can
say later that something else was agreed.
"""

from datetime import UTC, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.agreements.models import Acceptance, Agreement
from tidemark.records.connect import exclusively
from tidemark.records.home import Home
from tidemark.records.ledger.key import signing_key
from tidemark.records.ledger.log import append, sign


def accept(
    home: Home, agreement: Agreement, *, by: Person, for_party: bool, content_sha256: str, now: datetime
) -> Acceptance:
    """Accept an agreement that is in force, as it was shown. Accepting a second time changes nothing.

    Parameters
    ----------
    content_sha256 : str
        Of the terms that the person has read.

    Raises
    ------
    Refused
        If the person does not belong to the recipient, may not bind it, the agreement is not in force, or other terms
        were read than those in force.
    """
    if by.party_id != agreement.recipient_id or not by.is_active:
        raise Refused(_("Only people of the party that receives can accept this agreement."))
    if for_party and not by.may(Act.ACCEPT_FOR_PARTY):
        raise Refused(_("Only a contact of your company can accept for it. You can accept for yourself."))
    with exclusively(home), transaction.atomic():
        seen = Agreement.objects.select_for_update().get(pk=agreement.pk)
        if seen.state != Agreement.State.IN_FORCE or seen.has_lapsed(now.astimezone(UTC).date()):
            raise Refused(_("This agreement is not in force: it cannot be accepted."))
        if content_sha256 != seen.content_sha256:
            raise Refused(_("These are not the terms that are in force. Read them again before you accept."))
        known = Acceptance.objects.filter(agreement=seen, person=by, for_party=for_party).first()
        if known is not None:
            return known
        body: dict[str, JSON] = {
            "agreement": seen.pk,
            "content_sha256": seen.content_sha256,
            "document_sha256": seen.document_sha256,
            "party": seen.recipient.name,
            "person": by.pk,
            "for_party": for_party,
        }
        leaf = append(Kind.AGREEMENT_ACCEPTED, body, subject=seen.pk, now=now)
        made = Acceptance.objects.create(
            agreement=seen,
            person=by,
            for_party=for_party,
            content_sha256=seen.content_sha256,
            accepted=now,
            leaf_index=leaf.index,
        )
        sign(home, signing_key(home))
    return made
