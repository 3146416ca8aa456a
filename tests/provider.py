"""A small OpenID Connect provider on this machine, for a client that goes there by itself and for a browser."""

import base64
import contextlib
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID = "tidemark"
NAME = "Halden Motors"
LOGIN = "/accounts/oidc/halden/login/"
_PAGE = (
    '<!doctype html><html lang="en"><title>{name}</title><link rel="icon" href="data:,">'
    '<main id="main"><a href="{known}">It is me</a> <a href="{cancelled}">Cancel</a></main></html>'
)


@dataclass
class Provider:
    """Whoever comes is who :attr:`claims` says.

    As with large ones, the endpoint of authorisation sends on to a page of yet another origin, where people sign in.
    """

    claims: dict[str, Any] = field(default_factory=dict)
    audience: str = CLIENT_ID
    url: str = ""
    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))

    @property
    def app(self) -> dict[str, Any]:
        """How ``TIDEMARK_OIDC`` names it."""
        return {
            "provider_id": "halden",
            "name": NAME,
            "client_id": CLIENT_ID,
            "secret": "halden-and-we-know",
            "settings": {"server_url": self.url},
        }

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


def _page(asked: dict[str, list[str]]) -> str:
    """Return the page on which a person says who it is, with the ways back."""
    back, state = asked["redirect_uri"][0], asked["state"][0]
    known = f"{back}?{urlencode({'code': 'once', 'state': state})}"
    cancelled = f"{back}?{urlencode({'error': 'access_denied', 'state': state})}"
    return _PAGE.format(name=NAME, known=known.replace("&", "&amp;"), cancelled=cancelled.replace("&", "&amp;"))


@contextlib.contextmanager
def providing() -> Iterator[Provider]:
    """Run a provider until the block ends."""
    provider = Provider()

    class Face(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            sent = parse_qs(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())
            asked = urlsplit(self.path)
            if asked.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", f"http://localhost:{self.server.server_port}/who?{asked.query}")  # type: ignore[attr-defined]
                self.end_headers()
            elif asked.path == "/who":
                self._say("text/html", _page(parse_qs(asked.query)))
            else:
                self._say("application/json", json.dumps(provider.answer(asked.path, sent)))

        do_POST = do_GET  # noqa: N815

        def _say(self, media_type: str, text: str) -> None:
            body = text.encode()
            self.send_response(200)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Face)
    provider.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
