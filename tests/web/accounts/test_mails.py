"""Mails that allauth sends: their links lead where the operator said, whatever host a request names."""

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from tests.desk import PASSWORD, Desk
from tidemark.records.home import Home

NEW = "limpet-harbour-astrolabe-7"


@pytest.fixture(autouse=True)
def _nothing_counted() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def _link_in_mail(home: Home) -> str:
    (mail,) = (home.path / "mail").iterdir()
    text = mail.read_text()
    assert "127.0.0.1" not in text.partition("\n\n")[2]
    return next(line for line in text.splitlines() if line.startswith(settings.SITE_URL + "/accounts/password/reset/"))


def test_a_foreign_host_gets_into_no_mail(home: Home, desk: Desk) -> None:  # noqa: ARG001
    client = Client(headers={"host": "127.0.0.1:6666"})
    assert client.post("/accounts/password/reset/", {"email": "officer@example.test"}).status_code == 302
    link = _link_in_mail(home).removeprefix(settings.SITE_URL)
    form = client.get(link).headers["Location"]
    assert client.post(form, {"password1": NEW, "password2": NEW}).status_code == 302
    signing_in = {"login": "officer@example.test", "password": PASSWORD}
    assert client.post("/accounts/login/", signing_in).status_code == 200
    assert client.post("/accounts/login/", signing_in | {"password": NEW}).status_code == 302


def test_two_hosts_of_one_server_are_one_site_in_mails(home: Home, browse: Callable[[str], Client]) -> None:
    assert browse("").post("/accounts/password/reset/", {"email": "legal@example.test"}).status_code == 302
    assert _link_in_mail(home)
