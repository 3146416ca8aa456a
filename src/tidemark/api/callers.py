"""Who calls: by a personal token, or by the session of somebody who is signed in to the pages.

A token is looked at first, and if there is one nothing else counts: a wrong token is never made good by a cookie that
comes along. With the cookie, whatever changes something needs the CSRF token as every form of the pages does.
"""

import time
from dataclasses import dataclass
from typing import cast

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from ninja.errors import AuthenticationError
from ninja.security.base import AuthBase
from ninja.throttling import BaseThrottle
from ninja.utils import check_csrf

from tidemark.api.problems import forbidden
from tidemark.limits import API_REQUESTS_A_MINUTE
from tidemark.records.accounts.models import ApiToken, Person
from tidemark.records.accounts.roles import Act
from tidemark.records.accounts.scopes import Scope
from tidemark.records.accounts.tokens import find_token

_MINUTE_S = 60


@dataclass(frozen=True, slots=True)
class Caller:
    """A person, and the token that speaks for the person if it was one."""

    person: Person
    token: ApiToken | None

    def must(self, act: Act) -> None:
        """Raise the problem 403 unless a role of the person allows an act."""
        refuse_unless(self.person, act)


def refuse_unless(person: Person, act: Act) -> None:
    """Raise the problem 403 unless a role of a person allows an act."""
    if not person.may(act):
        raise forbidden(gettext("None of your roles allows this. Ask somebody who has the role."))


def caller(request: HttpRequest) -> Caller:
    """Return who was found to call by the checks of the operation."""
    return cast(Caller, request.auth)  # type: ignore[attr-defined]


class PersonalToken(AuthBase):
    """``Authorization: Bearer tdmk_…`` with a token that has the operation's scope."""

    openapi_type = "http"
    openapi_scheme = "bearer"

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        super().__init__()

    def __call__(self, request: HttpRequest) -> Caller | None:
        header = request.headers.get("Authorization")
        if header is None:
            return None
        word, _, text = header.partition(" ")
        token = find_token(text.strip(), now=timezone.now()) if word.lower() == "bearer" else None
        if token is None:
            raise AuthenticationError
        if not token.covers(self.scope):
            raise forbidden(
                gettext("The token lacks the scope %(scope)s.") % {"scope": self.scope}, name="scope-missing"
            )
        request.user = token.person
        return Caller(token.person, token)


class SignedIn(AuthBase):
    """The session cookie of the pages, with ``X-CSRFToken`` for whatever changes something."""

    openapi_type = "apiKey"
    openapi_in = "cookie"
    openapi_name = settings.SESSION_COOKIE_NAME

    def __call__(self, request: HttpRequest) -> Caller | None:
        person = request.user
        if not isinstance(person, Person) or not person.is_active:
            return None
        if check_csrf(request) is not None:
            raise forbidden(gettext("The CSRF token is missing or wrong. Send it as X-CSRFToken."), name="csrf")
        return Caller(person, None)


class Allowance(BaseThrottle):
    """So many requests in each minute of the clock, for every token and signed-in person, at each serving process."""

    def allow_request(self, request: HttpRequest) -> bool:
        who = caller(request)
        minute = int(time.time()) // _MINUTE_S
        counter = f"api-{who.token.id if who.token else who.person.id}-{minute}"
        counts = caches["here"]
        counts.add(counter, 0, timeout=2 * _MINUTE_S)
        try:
            return counts.incr(counter) <= API_REQUESTS_A_MINUTE
        except ValueError:  # the cache was full and has just dropped it
            return True

    def wait(self) -> float:
        return float(_MINUTE_S - int(time.time()) % _MINUTE_S)
