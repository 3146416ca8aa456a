"""What holds on every page: headers, forms, hosts, logs, and nothing secret where something breaks."""

import io
import logging
import re
from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from tests.desk import PASSWORD, Desk
from tidemark.records.accounts.invite import invite
from tidemark.records.home import Home
from tidemark.web.log import Logged, MaskedPath, start_logging
from tidemark.web.shown_path import shown_path

Browse = Callable[[str], Client]
OPEN = ("/accounts/login/", "/accounts/password/reset/", "/invitations/nobodys/", "/nowhere/")
SIGNED_IN = ("/", "/profile/", "/parties/", "/ledger/", "/accounts/2fa/", "/accounts/password/change/")
TOKEN = "Zm9vYmFyYmF6-quxcorgegraultgarplywaldo_fred"


@pytest.fixture(autouse=True)
def _nothing_counted() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """What the server would write to stderr."""
    known = logging.root.handlers[:], logging.root.level
    start_logging()
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(MaskedPath())
    logging.root.handlers = [handler]
    yield written
    logging.root.handlers, level = known
    logging.root.setLevel(level)


@pytest.mark.parametrize(("who", "path"), [*(("", path) for path in OPEN), *(("officer", path) for path in SIGNED_IN)])
def test_every_page_has_its_safety_headers(browse: Browse, who: str, path: str) -> None:
    answer = browse(who).get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(("who", "path"), [*(("", path) for path in OPEN), *(("officer", path) for path in SIGNED_IN)])
def test_no_page_has_what_the_policy_forbids(browse: Browse, who: str, path: str) -> None:
    page = browse(who).get(path).content.decode()
    scripts = re.findall(r"<script(?![^>]*\bsrc=)([^>]*)>", page)
    assert [each for each in scripts if "application/json" not in each] == []
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", page)


def test_the_sessions_cookie_is_out_of_reach_of_scripts_and_other_sites(browse: Browse) -> None:
    answer = browse("").post("/accounts/login/", {"login": "officer@example.test", "password": PASSWORD})
    cookie = answer.cookies["tidemark_session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


@pytest.mark.parametrize(
    "path",
    ["/accounts/login/", "/accounts/logout/", "/profile/", "/profile/sessions/end/", "/parties/new/", "/first/x/"],
)
def test_a_form_without_its_token_changes_nothing(desk: Desk, path: str) -> None:
    client = Client(enforce_csrf_checks=True, headers={"host": "127.0.0.1"})
    client.force_login(desk["officer"], backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.post(path, {"name": "Eve", "language": "zh-hans"})
    assert answer.status_code == 403
    assert "too old" in answer.content.decode()
    desk["officer"].refresh_from_db()
    assert desk["officer"].language == "en"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "127.0.0.1@evil.example", ""])
def test_another_host_is_refused_and_gets_no_mail_sent(home: Home, desk: Desk, host: str) -> None:
    assert desk.owner
    answer = Client(headers={"host": host}).post("/accounts/password/reset/", {"email": "officer@example.test"})
    assert answer.status_code == 400
    assert not (home.path / "mail").exists()


def test_what_breaks_shows_and_logs_no_secret(
    browse: Browse, logged: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_secret: str) -> None:
        raise RuntimeError("the shelf fell over")

    monkeypatch.setattr("tidemark.web.accounts.arriving.find_invitation", broken)
    client = browse("")
    client.raise_request_exception = False
    answer = client.post(f"/invitations/{TOKEN}/?q={TOKEN}", {"password": PASSWORD, "again": PASSWORD})
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "Something broke" in page
    assert "shelf" not in page
    written = logged.getvalue()
    assert "/invitations/***/" in written
    assert "the shelf fell over" in written
    for secret in (TOKEN, PASSWORD):
        assert secret not in page
        assert secret not in written


def test_a_broken_page_needs_no_database(browse: Browse, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    def gone(*_: object, **__: object) -> None:
        raise OperationalError("the database is gone")

    client = browse("officer")
    client.raise_request_exception = False
    with monkeypatch.context() as patch:
        patch.setattr("django.db.backends.utils.CursorWrapper.execute", gone)
        answer = client.get("/profile/")
    assert answer.status_code == 500
    assert "Something broke" in answer.content.decode()


def test_a_request_has_one_line_without_its_query(logged: io.StringIO) -> None:
    def application(_environ: object, start_response: Callable[..., object]) -> list[bytes]:
        start_response("200 OK", [])
        return [b""]

    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": f"/first/{TOKEN}/", "QUERY_STRING": f"q={TOKEN}"}
    Logged(application)(environ, lambda *_: None)  # type: ignore[arg-type,return-value]
    assert re.fullmatch(r"GET /first/\*\*\*/ 200 \d+ ms\n", logged.getvalue())


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/parties/7/", "/parties/7/"),
        (f"/invitations/{TOKEN}/", "/invitations/***/"),
        (f"/accounts/password/reset/key/1a-{TOKEN}/", "/accounts/password/reset/key/***-***/"),
        (f"/invitation/{TOKEN}", "/invitation/***"),
        ("/parties/\r\nforged line", "/parties/\\r\\nforged line"),
    ],
)
def test_a_path_in_the_log_has_no_secret_and_no_second_line(path: str, shown: str) -> None:
    assert shown_path(path) == shown


def test_signing_in_and_inviting_log_neither_address_nor_password(
    browse: Browse, desk: Desk, logged: io.StringIO
) -> None:
    for password in (PASSWORD, "wrong"):
        browse("").post("/accounts/login/", {"login": "officer@example.test", "password": password})
    invite(desk.supplier, name="Wu", email="wu@example.test", roles=["member"], by=desk["officer"], now=timezone.now())
    assert not re.search(r"example\.test|wrong|" + PASSWORD, logged.getvalue())
