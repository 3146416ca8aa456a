"""A loser certifies that what it got was returned or destroyed: a statement of the party, and logged as such."""

import hashlib
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind
from tidemark.limits import MAX_TEXT_CHARS
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.connect import exclusively
from tidemark.records.copies.models import Copy
from tidemark.records.home import Home
from tidemark.records.ledger.key import signing_key
from tidemark.records.ledger.log import append, sign
from tidemark.records.rounds.given import copies_of
from tidemark.records.rounds.models import Bidder, Certificate
from tidemark.records.visible import readable


def certify(home: Home, bidder: Bidder, *, means: str, statement: str, by: Person, now: datetime) -> Certificate:
    """Keep a party's word on what became of its copies, and log it with a hash over the copies that it speaks of.

    Raises
    ------
    Refused
        If ``by`` may not bind the party, it had no copies or still works with them, or has certified before.
    """
    if by.party_id != bidder.party_id or not by.may(Act.ACCEPT_FOR_PARTY):
        raise Refused(_("Only a contact of the company itself certifies for it."))
    if means not in Certificate.Means.values:
        raise Refused(_("Say whether the copies were returned or destroyed."))
    if len(statement) > MAX_TEXT_CHARS or "\0" in statement:
        raise Refused(_("A statement is plain text and has at most %(most)d characters.") % {"most": MAX_TEXT_CHARS})
    with exclusively(home), transaction.atomic():
        seen = Bidder.objects.select_for_update(of=("self",)).select_related("round", "party").get(pk=bidder.pk)
        if seen.must_certify_since is None:
            raise Refused(_("There is nothing to certify: no copies of this round were taken back."))
        if hasattr(seen, "certificate"):
            raise Refused(_("Your company has certified this already."))
        copies = sorted(copies_of(seen).filter(state=Copy.State.RELEASED).values_list("pk", flat=True))
        body: dict[str, JSON] = {
            "round": seen.round_id,
            "party": seen.party.name,
            "person": by.pk,
            "means": str(means),
            "copies": len(copies),
            "copies_sha256": hashlib.sha256("\n".join(copies).encode()).hexdigest(),
        }
        leaf = append(Kind.DESTRUCTION_CERTIFIED, body, subject=seen.round_id, now=now)
        made = Certificate.objects.create(
            bidder=seen, person=by, means=means, statement=readable(statement), certified=now, leaf_index=leaf.index
        )
        sign(home, signing_key(home))
    return made
