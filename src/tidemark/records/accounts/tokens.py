"""Personal tokens for the API: made once, shown once, kept as a hash.

A token is 32 random bytes, so its SHA-256 needs no salt and no slow hash: nobody can try that many. The prefix lets
scanners of source code recognise a token that was published by mistake.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext

from tidemark.errors import Refused
from tidemark.limits import MAX_NAME_CHARS
from tidemark.records.accounts.models import ApiToken, Person
from tidemark.records.accounts.scopes import known_scopes
from tidemark.records.visible import readable

PREFIX = "tdmk_"
LONGEST = timedelta(days=366)
"""How long a token may live: whoever still needs it after a year makes another."""

MOST_A_PERSON = 50
"""Valid tokens that one person may have; more are a program that makes them and never looks back."""

_RANDOM_BYTES = 32
_USE_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A new token: its text, which is shown to its person once and not kept, and what is kept of it."""

    token: str = field(repr=False)
    row: ApiToken


def issue_token(person: Person, *, name: str, scopes: Iterable[str], expires: datetime, now: datetime) -> IssuedToken:
    """Make a token for a person, who alone may ask for it.

    Raises
    ------
    Refused
        If the person is deactivated, the name or the scopes are missing or unknown, the end is not within
        :data:`LONGEST`, or the person has :data:`MOST_A_PERSON` already.
    """
    if not person.is_active:
        raise Refused(gettext("A deactivated person gets no token."))
    name = " ".join(readable(name).split())
    if not name or len(name) > MAX_NAME_CHARS:
        raise Refused(gettext("Give the token a name of at most %(most)d characters.") % {"most": MAX_NAME_CHARS})
    try:
        chosen = known_scopes(scopes)
    except ValueError:
        raise Refused(gettext("One of the scopes does not exist.")) from None
    if not chosen:
        raise Refused(gettext("Choose at least one scope."))
    if not now < expires <= now + LONGEST:
        raise Refused(gettext("A token expires in the future, within %(days)d days.") % {"days": LONGEST.days})
    if usable_tokens(now=now).filter(person=person).count() >= MOST_A_PERSON:
        raise Refused(gettext("You have %(most)d tokens already. Revoke one first.") % {"most": MOST_A_PERSON})
    token = PREFIX + secrets.token_urlsafe(_RANDOM_BYTES)
    row = ApiToken.objects.create(
        person=person,
        name=name,
        token_sha256=_sha256(token),
        scopes=[str(scope) for scope in chosen],
        created=now,
        expires=expires,
    )
    return IssuedToken(token, row)


def find_token(text: str, *, now: datetime) -> ApiToken | None:
    """Return the token with this text, its person and party with it; None if it is unknown, expired or revoked, or
    its person was deactivated.

    That it was used is noted once a minute at most, so that reading does not write each time.
    """
    if not text.startswith(PREFIX):
        return None
    sha256 = _sha256(text)
    found = usable_tokens(now=now).filter(token_sha256=sha256).select_related("person__party").first()
    if found is None or not hmac.compare_digest(found.token_sha256, sha256):
        return None
    if found.last_used is None or found.last_used < now - _USE_NOTED_EVERY:
        ApiToken.objects.filter(pk=found.pk).update(last_used=now)
    return found


def usable_tokens(*, now: datetime) -> QuerySet[ApiToken]:
    """Return the tokens that work at this moment."""
    return ApiToken.objects.filter(revoked__isnull=True, expires__gt=now, person__is_active=True)


def revoke_token(token: ApiToken, *, now: datetime) -> None:
    """End a token for good. To revoke it twice does nothing."""
    ApiToken.objects.filter(pk=token.pk, revoked__isnull=True).update(revoked=now)


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
