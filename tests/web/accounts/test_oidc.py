"""An identity provider signs in whom Tidemark knows, by an address that it has verified, and nobody else."""

import base64
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.cache import cache
from django.test import Client

from tests.desk import Desk
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.standing import deactivate

CLIENT_ID = "tidemark"
LOGIN = "/accounts/oidc/halden/login/"
Browse = Callable[[str], Client]


@dataclass
class Provider:
    """A small OpenID Connect provider on this machine: whoever comes is who :attr:`claims` says."""

    claims: dict[str, Any] = field(default_factory=dict)
    audience: str = CLIENT_ID
    url: str = ""
    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))

    def answer(self, path: str, sent: dict[str, list[str]]) -> dict[str, Any]:
        if path == "/.well-known/openid-configuration":
            return {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "userinfo_endpoint": f"{self.url}/userinfo",
                "jwks_uri": f"{self.url}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            }
        if path == "/token":
            assert sent["client_secret"] == ["halden-and-we-know"]
            now = int(time.time())
            said = {"iss": self.url, "aud": self.audience, "iat": now, "exp": now + 60, **self.claims}
            return {
                "access_token": "for-userinfo",
                "token_type": "Bearer",
                "id_token": jwt.encode(said, self.key, algorithm="RS256", headers={"kid": "one"}),
            }
        if path == "/keys":
            numbers = self.key.public_key().public_numbers()
            return {"keys": [{"kty": "RSA", "kid": "one", "alg": "RS256", "n": _b64(numbers.n), "e": _b64(numbers.e)}]}
        assert path == "/userinfo"
        return self.claims


def _b64(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes((number.bit_length() + 7) // 8)).rstrip(b"=").decode()


@pytest.fixture
def provider(settings_of_provider: Provider) -> Iterator[Provider]:
    class Face(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            sent = parse_qs(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())
            body = json.dumps(settings_of_provider.answer(urlsplit(self.path).path, sent)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Face)
    settings_of_provider.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield settings_of_provider
    server.shutdown()
    server.server_close()


@pytest.fixture
def settings_of_provider() -> Provider:
    return Provider()


@pytest.fixture(autouse=True)
def _configured(desk: Desk, provider: Provider) -> Iterator[None]:  # noqa: ARG001
    from django.test import override_settings

    app = {
        "provider_id": "halden",
        "name": "Halden Motors",
        "client_id": CLIENT_ID,
        "secret": "halden-and-we-know",
        "settings": {"server_url": provider.url},
    }
    cache.clear()
    with override_settings(SOCIALACCOUNT_PROVIDERS={"openid_connect": {"APPS": [app]}}):
        yield
    cache.clear()


def come(client: Client, provider: Provider, **claims: object) -> Any:
    """Sign in through the provider, as far as one comes."""
    provider.claims = {"sub": "s-1", **claims}
    away = client.post(LOGIN)
    assert away.status_code == 302
    asked = urlsplit(away.headers["Location"])
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


def test_a_second_factor_is_asked_for_all_the_same(browse: Browse, desk: Desk, provider: Provider) -> None:
    TOTP.activate(desk["officer"], "JBSWY3DPEHPK3PXP")
    client = browse("")
    answer = come(client, provider, email="officer@example.test", email_verified=True)
    assert answer.headers["Location"].startswith("/accounts/2fa/authenticate/")
    assert _who(client) is None


def test_the_policy_on_second_factors_holds_for_who_came_by_a_provider(
    browse: Browse, desk: Desk, provider: Provider
) -> None:
    from django.test import override_settings

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
    state = parse_qs(urlsplit(other.post(LOGIN).headers["Location"]).query)["state"][0]
    client.get(f"{LOGIN}callback/", {"code": "once", "state": state})
    assert _who(client) is None


def test_to_look_at_the_way_to_the_provider_does_not_go_it(browse: Browse) -> None:
    assert browse("").get(LOGIN).status_code == 200
