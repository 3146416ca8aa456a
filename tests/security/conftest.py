"""The desk with one of everything on it, and the faces' clock a day after it was set up."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

import tests.started  # noqa: F401
from tests.desk import NOW, Desk
from tests.security.samples import Samples, furnish
from tidemark.records.accounts.scopes import Scope
from tidemark.records.accounts.tokens import issue_token
from tidemark.records.home import Home

NOW_HERE = NOW + timedelta(days=1)


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(timezone, "now", lambda: NOW_HERE)
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def samples(home: Home, desk: Desk, no_trial: None) -> Samples:  # noqa: ARG001
    return furnish(home, desk)


@pytest.fixture
def program(desk: Desk) -> Callable[[str], Client]:
    """Return a client with a token of the named person that has all scopes; '' for one without a token."""

    def made(who: str) -> Client:
        headers = {"host": "127.0.0.1"}
        if who:
            issued = issue_token(
                desk[who], name="program", scopes=list(Scope), expires=NOW_HERE + timedelta(days=9), now=NOW_HERE
            )
            headers["authorization"] = f"Bearer {issued.token}"
        return Client(headers=headers, raise_request_exception=False)

    return made
