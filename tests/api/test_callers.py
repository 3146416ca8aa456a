"""Who may call: a valid token with the scope, or a session with its CSRF token. Nobody else, and nothing in between."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.api.conftest import Program
from tests.desk import Desk
from tidemark.api import callers
from tidemark.records.accounts.models import ApiToken
from tidemark.records.accounts.scopes import Scope
from tidemark.records.accounts.tokens import issue_token

ME = "/api/v1/me"


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Bearer tdmk_", "Bearer tdmk_wrong", "Basic dGRta186eA==", "tdmk_wrong", "Bearer \u00e9"],
)
def test_no_wrong_authorization_is_let_in(desk: Desk, header: str) -> None:  # noqa: ARG001
    answer = Client(headers={"host": "127.0.0.1"}).get(ME, headers={"authorization": header})
    assert answer.status_code == 401
    assert answer.json()["type"] == "urn:tidemark:problem:unauthenticated"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_nobody_is_let_in_without_authorization(browse: Callable[[str], Client]) -> None:
    assert browse("").get(ME).status_code == 401


def test_a_token_ends_when_it_expires_is_revoked_or_its_person_is_deactivated(program: Program, desk: Desk) -> None:
    ends: list[Callable[[], object]] = [
        lambda: ApiToken.objects.update(expires=timezone.now()),
        lambda: ApiToken.objects.update(revoked=timezone.now()),
        lambda: type(desk["officer"]).objects.filter(pk=desk["officer"].pk).update(is_active=False),
    ]
    for end in ends:
        client = program("officer")
        assert client.get(ME).status_code == 200
        end()
        assert client.get(ME).status_code == 401


def test_a_session_ends_when_its_person_is_deactivated(browse: Callable[[str], Client], desk: Desk) -> None:
    client = browse("officer")
    assert client.get(ME).status_code == 200
    type(desk["officer"]).objects.filter(pk=desk["officer"].pk).update(is_active=False)
    assert client.get(ME).status_code == 401


def test_a_token_without_the_scope_is_told_which_one_it_lacks(program: Program) -> None:
    answer = program("officer", Scope.WRITE, Scope.RELEASE, Scope.ADMIN).get(ME)
    assert answer.status_code == 403
    assert answer.json()["type"] == "urn:tidemark:problem:scope-missing"
    assert "read" in answer.json()["detail"]


def test_a_wrong_token_is_not_made_good_by_a_cookie(browse: Callable[[str], Client]) -> None:
    assert browse("officer").get(ME, headers={"authorization": "Bearer tdmk_wrong"}).status_code == 401


def test_with_a_cookie_a_change_needs_the_csrf_token_and_a_look_does_not(desk: Desk) -> None:
    now = timezone.now()
    row = issue_token(desk["officer"], name="x", scopes=["read"], expires=now + timedelta(days=1), now=now).row
    client = Client(headers={"host": "127.0.0.1"}, enforce_csrf_checks=True)
    client.force_login(desk["officer"], backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(ME).status_code == 200
    assert client.delete(f"/api/v1/me/tokens/{row.id}").json()["type"] == "urn:tidemark:problem:csrf"
    row.refresh_from_db()
    assert row.revoked is None
    client.get("/accounts/logout/")  # a page with a form sets the cookie
    token = client.cookies["csrftoken"].value
    answer = client.delete(f"/api/v1/me/tokens/{row.id}", headers={"x-csrftoken": token})
    assert answer.status_code == 204
    row.refresh_from_db()
    assert row.revoked is not None


def test_a_token_needs_no_csrf_token(desk: Desk) -> None:
    now = timezone.now()
    issued = issue_token(desk["officer"], name="x", scopes=["write"], expires=now + timedelta(days=1), now=now)
    client = Client(headers={"host": "127.0.0.1", "authorization": f"Bearer {issued.token}"}, enforce_csrf_checks=True)
    assert client.delete(f"/api/v1/me/tokens/{issued.row.id}").status_code == 204
    assert client.delete(f"/api/v1/me/tokens/{issued.row.id}").status_code == 401


def test_who_asks_too_often_waits_and_nobody_else_does(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(callers, "API_REQUESTS_A_MINUTE", 3)
    monkeypatch.setattr(callers.time, "time", lambda: 1_900_000_000.0)
    client, other = program("officer"), program("officer")
    assert [client.get(ME).status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = client.get(ME)
    assert refused.json()["type"] == "urn:tidemark:problem:too-many-requests"
    assert refused.headers["Retry-After"] == "20"  # 1,900,000,000 is 40 s into its minute
    assert other.get(ME).status_code == 200
    monkeypatch.setattr(callers.time, "time", lambda: 1_900_000_020.0)
    assert client.get(ME).status_code == 200
