"""Give a nonce of one's own: the keys of copies that are planned from then on are derived from it, too.

It is in the ledger before any copy with it is, and each such copy's entry repeats it.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext

from tidemark import limits
from tidemark.errors import Refused
from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind, time_text
from tidemark.records.accounts.models import Person
from tidemark.records.connect import exclusively
from tidemark.records.home import Home
from tidemark.records.ledger.key import signing_key
from tidemark.records.ledger.log import append, sign
from tidemark.records.ledger.models import Leaf
from tidemark.records.parties.nonce import read_nonce


def give_nonce(home: Home, person: Person, text: str, *, now: datetime) -> None:
    """Take a person's nonce for the copies of later on; none if the text is empty. The same once more changes nothing.

    Raises
    ------
    Refused
        If it is not written as a nonce, or the person has changed it often enough today.
    """
    try:
        nonce = read_nonce(text)
    except ValueError:
        raise Refused(
            gettext("A nonce is %(least)d to %(most)d hexadecimal digits, in pairs. Let a program of yours draw one.")
            % {"least": 2 * limits.MIN_NONCE_BYTES, "most": 2 * limits.MAX_NONCE_BYTES}
        ) from None
    with exclusively(home), transaction.atomic():
        locked = Person.objects.select_for_update(of=("self",)).select_related("party").get(pk=person.pk)
        if bytes(locked.nonce) == nonce:
            return
        _refuse_often(locked, now=now)
        body: dict[str, JSON] = {"person": locked.pk, "party": locked.party.name, "nonce": nonce.hex()}
        append(Kind.NONCE_GIVEN, body, subject=locked.pk, now=now)
        locked.nonce = nonce
        locked.save(update_fields=["nonce"])
        sign(home, signing_key(home))
    person.nonce = nonce


def _refuse_often(person: Person, *, now: datetime) -> None:
    """Raise if the person gave as many nonces within a day as are taken. The caller holds the home's lock."""
    since = time_text(now - timedelta(days=1))
    given = Leaf.objects.filter(subject=person.pk, kind=Kind.NONCE_GIVEN, time__gt=since)
    if given.count() >= limits.MAX_NONCES_A_DAY:
        raise Refused(
            gettext("A nonce is changed at most %(most)d times in 24 hours. The one you gave last stays; try tomorrow.")
            % {"most": limits.MAX_NONCES_A_DAY}
        )
