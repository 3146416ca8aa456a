"""What goes around every page: a policy without loopholes, no caches, CSRF tokens, a new session at sign-in."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from tests.desk import PASSWORD, Desk
from tests.security.doors import routes
from tests.security.samples import Samples
from tests.security.test_page_doors import DOORS, _address

Browse = Callable[[str], Client]


@pytest.mark.slow
def test_every_page_has_a_strict_policy_and_is_kept_by_no_cache(samples: Samples, browse: Browse) -> None:
    looked = 0
    for who in ("officer", "contact", ""):
        client = browse(who)
        for route in DOORS:
            if route == "/accounts/logout/":
                continue
            answer = client.get(_address(route, samples.fields))
            policy = dict(
                part.strip().partition(" ")[::2] for part in answer.headers["Content-Security-Policy"].split(";")
            )
            assert policy["default-src"] == "'none'", route
            assert "unsafe" not in answer.headers["Content-Security-Policy"], route
            assert answer.headers["X-Content-Type-Options"] == "nosniff", route
            if "text/html" in answer.headers.get("Content-Type", "") and answer.status_code == 200:
                assert policy["frame-ancestors"] == policy["base-uri"] == "'none'", route
                assert "no-store" in answer.headers["Cache-Control"], route
                _holds_nothing_inline(answer.content.decode(), route)
                looked += 1
    assert looked > 60


def _holds_nothing_inline(page: str, route: str) -> None:
    """Look for what the policy would silently not run: a page that has it is broken."""
    assert not re.search(r"<[^>]+\sstyle\s*=", page), route
    assert not re.search(r"<[^>]+\son[a-z]+\s*=", page), route
    assert "<style" not in page, route
    assert not re.search(r"(?:src|href|action)\s*=\s*[\"']?\s*(?:https?:)?//", page), f"{route}: from elsewhere"
    assert "javascript:" not in page, route


@pytest.mark.parametrize("who", ["officer", "contact"])
def test_no_page_takes_a_post_without_its_csrf_token(samples: Samples, desk: Desk, who: str) -> None:
    client = Client(headers={"host": "127.0.0.1"}, enforce_csrf_checks=True)
    client.force_login(desk[who], backend="allauth.account.auth_backends.AuthenticationBackend")
    for route in routes():
        if "/api/" not in route:
            assert client.post(_address(route, samples.fields), {"x": "y"}).status_code == 403, route


def test_no_operation_takes_a_change_by_cookie_without_the_csrf_token(samples: Samples, desk: Desk) -> None:
    client = Client(headers={"host": "127.0.0.1"}, enforce_csrf_checks=True)
    client.force_login(desk["officer"], backend="allauth.account.auth_backends.AuthenticationBackend")
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    for path, ways in paths.items():
        address = re.sub(r"\{(\w+)\}", lambda name: str(samples.fields[name[1]]), path)
        for method in set(ways) - {"get"}:
            for media_type in ("application/json", "multipart/form-data; boundary=b"):
                answer = client.generic(method.upper(), address, b"{}", media_type)
                assert answer.status_code in (403, 415), f"{method} {path}"
            body = ways[method].get("requestBody", {}).get("content", {"application/json": None})
            for media_type in body:
                answer = client.generic(method.upper(), address, b"{}", f"{media_type}; boundary=b")
                assert answer.json()["type"] == "urn:tidemark:problem:csrf", f"{method} {path}"


def test_a_session_that_was_there_before_is_not_the_one_after_signing_in(desk: Desk) -> None:
    """Else whoever planted the first one would be signed in with the second."""
    client = Client(headers={"host": "127.0.0.1"})
    session = client.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    client.cookies["tidemark_session"] = planted
    answer = client.post("/accounts/login/", {"login": desk["contact"].email, "password": PASSWORD})
    assert answer.status_code == 302
    assert client.cookies["tidemark_session"].value not in ("", planted)
    thief = Client(headers={"host": "127.0.0.1"})
    thief.cookies["tidemark_session"] = planted
    assert thief.get("/profile/").status_code == 302
    assert client.get("/profile/").status_code == 200


def test_the_session_is_dead_after_signing_out(browse: Browse) -> None:
    client = browse("contact")
    kept = client.cookies["tidemark_session"].value
    client.post("/accounts/logout/")
    thief = Client(headers={"host": "127.0.0.1"})
    thief.cookies["tidemark_session"] = kept
    assert thief.get("/profile/").status_code == 302


def test_the_session_cookie_is_not_for_scripts(desk: Desk) -> None:
    client = Client(headers={"host": "127.0.0.1"})
    client.post("/accounts/login/", {"login": desk["contact"].email, "password": PASSWORD})
    cookie = client.cookies["tidemark_session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_what_breaks_before_a_page_is_begun_is_told_without_a_traceback(
    browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> str:
        raise RuntimeError("/srv/secret/path")

    monkeypatch.setattr("tidemark.web.middleware.translation.get_language_from_request", fail)
    client = browse("")
    client.raise_request_exception = False
    answer = client.get("/accounts/login/")
    assert answer.status_code == 500
    assert "secret" not in answer.content.decode()
    assert "<h1>" in answer.content.decode()
