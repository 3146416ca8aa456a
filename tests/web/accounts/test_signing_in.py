"""Signing in: throttled, silent about who is known, in a new session, and closed to whoever was not invited."""

import re
from collections.abc import Callable, Iterator

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.test import Client

from tests.conftest import NOW
from tests.desk import PASSWORD, Desk
from tidemark.records.accounts.standing import deactivate, reactivate
from tidemark.records.home import Home

Browse = Callable[[str], Client]
LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def _nothing_counted() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def sign_in(client: Client, who: str = "officer", password: str = PASSWORD) -> int:
    return client.post(LOGIN, {"login": f"{who}@example.test", "password": password}).status_code


def _is_in(client: Client) -> bool:
    return client.get("/profile/").status_code == 200


def test_the_right_password_opens_and_a_wrong_one_does_not(browse: Browse) -> None:
    client = browse("")
    assert sign_in(client, password="wrong") == 200
    assert not _is_in(client)
    assert sign_in(client) == 302
    assert _is_in(client)


def test_five_wrong_passwords_lock_an_address_even_for_the_right_one(browse: Browse) -> None:
    client = browse("")
    for _ in range(5):
        sign_in(client, password="wrong")
    page = client.post(LOGIN, {"login": "officer@example.test", "password": PASSWORD})
    assert "Too many failed" in page.content.decode()
    assert not _is_in(client)
    assert sign_in(client, "legal") == 302  # another address is not locked


def test_many_tries_from_one_place_are_refused(browse: Browse) -> None:
    client = browse("")
    answers = [sign_in(client, f"nobody{number}", "wrong") for number in range(31)]
    assert answers[-1] == 429
    assert "Too often" in client.post(LOGIN, {"login": "a@example.test", "password": "x"}).content.decode()


def test_signing_in_changes_the_session(browse: Browse) -> None:
    client = browse("")
    client.get(LOGIN)
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["tidemark_session"] = before = session.session_key
    sign_in(client)
    assert client.session.session_key != before
    thief = browse("")
    thief.cookies["tidemark_session"] = before
    assert not _is_in(thief)


def test_the_same_is_said_of_known_and_unknown_addresses(browse: Browse, home: Home) -> None:
    said = []
    for email in ("officer@example.test", "nobody@example.test"):
        wrong = browse("").post(LOGIN, {"login": email, "password": "wrong"})
        reset = browse("").post("/accounts/password/reset/", {"email": email}, follow=True)
        page = (wrong.content + reset.content).decode().replace(email, "")
        said.append((wrong.status_code, reset.status_code, re.sub(r"\w{64}", "", page)))  # without CSRF tokens
    assert said[0] == said[1]
    mails = [path.read_text() for path in (home.path / "mail").iterdir()]
    assert len(mails) == 1
    assert "To: officer@example.test" in mails[0]


def test_a_password_is_reset_by_a_link_that_works_once(browse: Browse, home: Home) -> None:
    client = browse("")
    client.post("/accounts/password/reset/", {"email": "officer@example.test"})
    (mail,) = (home.path / "mail").iterdir()
    link = re.search(r"http://localhost(?::\d+)?(/accounts/password/reset/key/\S+)", mail.read_text())
    assert link
    form = client.get(link[1], follow=True)
    chosen = {"password1": "harbour-pewter-ninety", "password2": "harbour-pewter-ninety"}
    assert client.post(form.request["PATH_INFO"], chosen).status_code == 302
    assert "does not work" in browse("").get(link[1], follow=True).content.decode()
    assert sign_in(browse("")) == 200
    assert sign_in(browse(""), password=chosen["password1"]) == 302


def test_a_deactivated_person_is_out_at_once_and_old_sessions_stay_dead(home: Home, browse: Browse, desk: Desk) -> None:
    client = browse("member")
    assert _is_in(client)
    deactivate(desk["member"], by=desk["officer"], now=NOW)
    assert not _is_in(client)
    assert not _is_in_after_password(browse(""))
    reactivate(home, desk["member"], by=desk["officer"], now=NOW)
    assert not _is_in(client)
    assert _is_in_after_password(browse(""))


def _is_in_after_password(client: Client) -> bool:
    sign_in(client, "member")
    return _is_in(client)


@pytest.mark.parametrize(
    "path", ["/accounts/signup/", "/accounts/email/", "/accounts/3rdparty/", "/accounts/3rdparty/signup/"]
)
@pytest.mark.parametrize("who", ["", "officer"])
def test_nobody_signs_up_or_takes_another_address(browse: Browse, who: str, path: str) -> None:
    for answer in (browse(who).get(path), browse(who).post(path, {"email": "eve@example.test"})):
        assert answer.status_code == 404
    assert not EmailAddress.objects.filter(email="eve@example.test").exists()


def test_the_page_after_signing_in_is_never_a_strangers(browse: Browse) -> None:
    answer = browse("").post(
        f"{LOGIN}?next=https://evil.example/", {"login": "officer@example.test", "password": PASSWORD}
    )
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/"


def test_an_authenticator_app_is_asked_for_its_code(browse: Browse, desk: Desk) -> None:
    TOTP.activate(desk["officer"], "JBSWY3DPEHPK3PXP")
    client = browse("")
    answer = client.post(LOGIN, {"login": "officer@example.test", "password": PASSWORD})
    assert answer.headers["Location"].startswith("/accounts/2fa/authenticate/")
    assert not _is_in(client)
    page = client.get("/accounts/2fa/authenticate/").content.decode()
    assert "recovery codes" in page
    client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert not _is_in(client)
    code = format_hotp_value(hotp_value("JBSWY3DPEHPK3PXP", next(yield_hotp_counters_from_time())))
    client.post("/accounts/2fa/authenticate/", {"code": code})
    assert _is_in(client)
