"""Passkeys are offered where a browser can use them, and nowhere else."""

from collections.abc import Callable

import pytest
from django.test import Client, override_settings

from tests.desk import Desk
from tests.web.accounts.test_profile import prove
from tidemark.web.accounts.passkeys import has_passkeys

Browse = Callable[[str], Client]
BUTTON = 'id="passkey_login"'
ADD = 'id="mfa_webauthn_add"'


@pytest.mark.parametrize(
    ("host", "is_secure", "are_there"),
    [
        ("tidemark.example.com", True, True),
        ("tidemark.example.com:8443", True, True),
        ("tidemark.example.com", False, False),
        ("localhost:8000", False, True),
        ("desk.localhost", False, True),
        ("localhost.example.com", False, False),
        ("127.0.0.1:8000", False, False),
        ("192.0.2.7", True, False),
        ("[::1]:8000", False, False),
        ("[2001:db8::7]", True, False),
    ],
)
def test_a_passkey_belongs_to_a_name_that_nobody_else_can_answer_for(
    host: str, is_secure: bool, are_there: bool
) -> None:
    assert has_passkeys(host, is_secure=is_secure) is are_there


@override_settings(SITE_URL="http://localhost:8000")
def test_at_an_ip_address_the_page_names_the_address_where_they_work(desk: Desk) -> None:  # noqa: ARG001
    there = Client(headers={"host": "localhost:8000"}).get("/accounts/login/").content.decode()
    here = Client(headers={"host": "127.0.0.1:8000"}).get("/accounts/login/").content.decode()
    assert BUTTON in there
    assert "offer no passkeys" not in there
    assert BUTTON not in here
    assert "They work at http://localhost:8000." in here


@override_settings(SITE_URL="http://192.0.2.7")
def test_where_no_address_will_do_the_page_says_what_they_want(browse: Browse) -> None:
    client = prove(browse("officer"))
    for path in ("/accounts/2fa/", "/accounts/2fa/webauthn/add/"):
        page = client.get(path).content.decode()
        assert "They need a host name and https" in page, path
        assert ADD not in page
    assert ADD in client.get("/accounts/2fa/webauthn/add/", headers={"host": "localhost"}).content.decode()


def test_a_page_about_a_wrong_host_asks_for_none() -> None:
    assert Client(headers={"host": "elsewhere.example"}).get("/accounts/login/").status_code == 400
