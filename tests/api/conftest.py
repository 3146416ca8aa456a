"""Programs that call the API with a token of somebody at the desk."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

import tests.started  # noqa: F401
from tests.desk import NOW, Desk
from tidemark.records.accounts.scopes import Scope
from tidemark.records.accounts.tokens import issue_token

Program = Callable[..., Client]


NOW_HERE = NOW + timedelta(days=1)
"""What the faces' clock says: a day after the desk was set up, whenever the tests are run."""


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW_HERE)


@pytest.fixture(autouse=True)
def _fresh_allowances() -> None:
    for counts in caches.all(initialized_only=True):
        counts.clear()


@pytest.fixture
def program(desk: Desk) -> Program:
    """Return a client with a token of the named person; with all scopes unless some are named."""

    def made(who: str, *scopes: Scope) -> Client:
        now = NOW_HERE
        issued = issue_token(
            desk[who], name="program", scopes=scopes or tuple(Scope), expires=now + timedelta(days=1), now=now
        )
        return Client(
            headers={"host": "127.0.0.1", "authorization": f"Bearer {issued.token}"}, raise_request_exception=False
        )

    return made
