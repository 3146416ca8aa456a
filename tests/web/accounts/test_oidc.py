"""An identity provider signs in whom Tidemark knows, by an address that it has verified, and nobody else."""

import html
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.test import Client, override_settings

from tests.desk import Desk
from tests.provider import LOGIN, Provider, providing
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.standing import deactivate

Browse = Callable[[str], Client]


@pytest.fixture
def provider() -> Iterator[Provider]:
    with providing() as provider:
        yield provider


@pytest.fixture(autouse=True)
def _configured(desk: Desk, provider: Provider) -> Iterator[None]:  # noqa: ARG001
    cache.clear()
    with override_settings(SOCIALACCOUNT_PROVIDERS={"openid_connect": {"APPS": [provider.app]}}):
        yield
    cache.clear()


def led_to(client: Client) -> str:
    """Return where the page leads that answers whoever wants to go to the provider."""
    page = client.post(LOGIN)
    assert page.status_code == 200
    found = re.search(r"""http-equiv="refresh" content="0;URL='([^']+)'""", page.content.decode())
    assert found is not None
    return html.unescape(found[1])


def come(client: Client, provider: Provider, **claims: object) -> Any:
    """Sign in through the provider, as far as one comes."""
    provider.claims = {"sub": "s-1", **claims}
    asked = urlsplit(led_to(client))
    assert f"{asked.scheme}://{asked.netloc}" == provider.url
    state = parse_qs(asked.query)["state"][0]
    return client.get(f"{LOGIN}callback/", {"code": "once", "state": state})


def _who(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


@pytest.mark.parametrize("address", ["contact@example.test", "Contact@EXAMPLE.test"])
def test_a_known_person_with_a_verified_address_is_signed_in(
    browse: Browse, desk: Desk, provider: Provider, address: str
) -> None:
    client = browse("")
    answer = come(client, provider, email=address, email_verified=True)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert _who(client) == desk["contact"].pk
    assert Person.objects.get(pk=desk["contact"].pk).has_usable_password()
    again = browse("")
    come(again, provider, email="renamed@example.test", email_verified=True)
    assert _who(again) == desk["contact"].pk  # by the provider's own name of the person, from then on


@pytest.mark.parametrize("claim", [False, None, "false", "False", 0, "0", "no", {"is": False}])
def test_an_address_that_is_not_verified_signs_nobody_in(browse: Browse, provider: Provider, claim: object) -> None:
    client = browse("")
    come(client, provider, email="officer@example.test", email_verified=claim)
    assert _who(client) is None
    assert not SocialAccount.objects.exists()


def test_an_address_without_the_claim_signs_nobody_in(browse: Browse, provider: Provider) -> None:
    client = browse("")
    come(client, provider, email="officer@example.test")
    assert _who(client) is None


@pytest.mark.parametrize("address", ["nobody@example.test", "off\u0131cer@example.test", "\uff4fficer@example.test"])
def test_who_is_not_known_is_not_made_known(browse: Browse, provider: Provider, address: str) -> None:
    client, before = browse(""), Person.objects.count()
    come(client, provider, email=address, email_verified=True)
    assert _who(client) is None
    assert Person.objects.count() == before
    assert not SocialAccount.objects.exists()


def test_who_was_shut_out_stays_outside(browse: Browse, desk: Desk, provider: Provider) -> None:
    client = browse("")
    come(client, provider, email="contact@example.test", email_verified=True)
    deactivate(desk["contact"], by=desk["officer"], now=desk.project.created)
    assert client.get("/profile/").status_code == 302
    for other in (client, browse("")):
        come(other, provider, email="contact@example.test", email_verified=True)
        assert other.get("/profile/").status_code == 302
    assert _who(other) is None


@pytest.mark.parametrize("process", ["connect", "redirect"])
def test_an_open_session_binds_nobody_elses_account_to_its_person(
    browse: Browse, provider: Provider, process: str
) -> None:
    client = browse("officer")
    provider.claims = {"sub": "mallory", "email": "mallory@elsewhere.test", "email_verified": False}
    for asked in (client.post(f"{LOGIN}?process={process}"), client.post(LOGIN, {"process": process})):
        assert asked.status_code == 404
    state = parse_qs(urlsplit(led_to(client)).query)["state"][0]
    session = client.session
    session["socialaccount_states"][state][0]["process"] = process  # had it been begun in another way
    session.save()
    assert client.get(f"{LOGIN}callback/", {"code": "once", "state": state}).status_code == 401
    assert not SocialAccount.objects.exists()


def test_a_second_factor_is_asked_for_all_the_same(browse: Browse, desk: Desk, provider: Provider) -> None:
    TOTP.activate(desk["officer"], "JBSWY3DPEHPK3PXP")
    client = browse("")
    answer = come(client, provider, email="officer@example.test", email_verified=True)
    assert answer.headers["Location"].startswith("/accounts/2fa/authenticate/")
    assert _who(client) is None


def test_the_policy_on_second_factors_holds_for_who_came_by_a_provider(
    browse: Browse, desk: Desk, provider: Provider
) -> None:
    client = browse("")
    come(client, provider, email="officer@example.test", email_verified=True)
    assert _who(client) == desk["officer"].pk
    with override_settings(REQUIRE_MFA="owner"):
        assert client.get("/projects/").headers["Location"] == "/profile/second-factor/"


def test_a_token_for_another_client_is_refused(browse: Browse, provider: Provider) -> None:
    client, provider.audience = browse(""), "another-site"
    come(client, provider, email="officer@example.test", email_verified=True)
    assert _who(client) is None


def test_an_answer_that_nobody_asked_for_is_refused(browse: Browse, provider: Provider) -> None:
    """Else somebody could be signed in, unnoticed, as whoever sent the link."""
    provider.claims = {"sub": "s-1", "email": "officer@example.test", "email_verified": True}
    client, other = browse(""), browse("")
    state = parse_qs(urlsplit(led_to(other)).query)["state"][0]
    client.get(f"{LOGIN}callback/", {"code": "once", "state": state})
    assert _who(client) is None


def test_to_look_at_the_way_to_the_provider_does_not_go_it(browse: Browse) -> None:
    page = browse("").get(LOGIN)
    assert page.status_code == 200
    assert "refresh" not in page.content.decode()


def test_the_way_to_the_provider_opens_no_form_to_another_site(browse: Browse, provider: Provider) -> None:
    client = browse("")
    for page in (client.get(LOGIN), client.post(LOGIN)):
        assert "form-action 'self'" in page.headers["Content-Security-Policy"].split("; ")
        assert provider.url not in page.headers["Content-Security-Policy"]


def test_nobody_is_led_to_the_provider_without_a_csrf_token(desk: Desk) -> None:  # noqa: ARG001
    client = Client(headers={"host": "127.0.0.1"}, enforce_csrf_checks=True)
    assert client.post(LOGIN).status_code == 403


def test_a_provider_that_does_not_answer_is_told(
    browse: Browse, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provider, "url", "http://127.0.0.1:1")
    with override_settings(SOCIALACCOUNT_PROVIDERS={"openid_connect": {"APPS": [provider.app]}}):
        page = browse("").post(LOGIN)
    assert page.status_code == 401
    assert "Signing in failed" in page.content.decode()


@pytest.mark.parametrize("described", [{"issuer": "https://id.example.com"}, ["no", "object"], None])
def test_a_provider_that_does_not_say_where_people_sign_in_is_told(
    browse: Browse, provider: Provider, monkeypatch: pytest.MonkeyPatch, described: Any
) -> None:
    monkeypatch.setattr(provider, "answer", lambda path, sent: described)  # noqa: ARG005
    page = browse("").post(LOGIN)
    assert page.status_code == 401
    assert "Signing in failed" in page.content.decode()
