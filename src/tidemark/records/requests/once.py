"""Do a request once: what was answered to an idempotency key is answered again, and nothing is done again.

    begin ──► (the request's work) ──► keep      the answer is there for every retry until the key expires
                                  └──► give_up   it failed and changed nothing: the key is free again

The row is committed before the work begins, and one person's key is unique in the database, so of two requests at the
same moment one works and the other is told so, on any number of machines. A process that dies in between leaves its row
under way until it expires: whether the work was done is then not known here, so a retry is not guessed at.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from tidemark.errors import Refused
from tidemark.records.accounts.models import Person
from tidemark.records.requests.models import KeptRequest

KEPT_FOR = timedelta(hours=24)
"""How long a key is remembered: longer than a program retries, shorter than people remember."""


class OtherRequest(Refused):
    """The key was used for another request: the program has mixed two of them up."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered the first time."""

    status: int
    content_type: str
    body: bytes


def begin(person: Person, key: str, fingerprint: str, *, now: datetime) -> Answer | None:
    """Claim a key for a request. Returns None if its work is to be done now, else the answer that was given before.

    Raises
    ------
    OtherRequest
        If the key was used for a request with another fingerprint.
    Refused
        If the first request with it is still under way, or was cut off.
    """
    KeptRequest.objects.filter(expires__lte=now).delete()
    try:
        with transaction.atomic():
            KeptRequest.objects.create(
                person=person, key=key, fingerprint=fingerprint, created=now, expires=now + KEPT_FOR
            )
    except IntegrityError:
        return _answer_before(person, key, fingerprint)
    return None


def keep(person: Person, key: str, answer: Answer) -> None:
    """Remember what was answered."""
    KeptRequest.objects.filter(person=person, key=key).update(
        status=answer.status, content_type=answer.content_type, answer=answer.body
    )


def give_up(person: Person, key: str) -> None:
    """Free a key whose request failed and changed nothing."""
    KeptRequest.objects.filter(person=person, key=key, status__isnull=True).delete()


def _answer_before(person: Person, key: str, fingerprint: str) -> Answer | None:
    known = KeptRequest.objects.filter(person=person, key=key).first()
    if known is None or (known.fingerprint == fingerprint and known.status is None):
        raise Refused(
            gettext(
                "A request with this idempotency key is under way, or was cut off. Wait for it; if it does not end, "
                "look whether it was done before you use another key."
            )
        )
    if known.fingerprint != fingerprint:
        raise OtherRequest(gettext("This idempotency key was used for another request. Use a new key for each."))
    return Answer(known.status or 0, known.content_type, bytes(known.answer))
