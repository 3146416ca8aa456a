"""Throttles of our own pages, counted and answered as allauth does for signing in (``ACCOUNT_RATE_LIMITS``)."""

from typing import cast

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse


def refused_as_too_often(request: HttpRequest, action: str) -> HttpResponse | None:
    """Count one try, and return the page that refuses it if there were too many. Looking (GET) is not counted."""
    return cast(HttpResponse | None, ratelimit.consume_or_429(request, action=action))
