"""How people come: links that work say who is invited, links that do not say why, and nobody else gets in."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from tests.conftest import NOW
from tests.desk import Desk
from tidemark.records.accounts.first import new_first_link
from tidemark.records.accounts.invite import invite, withdraw
from tidemark.records.accounts.models import Invitation, Person
from tidemark.records.home import Home

Browse = Callable[[str], Client]
PASSWORD = "driftwood-lantern-eleven"
CHOSEN = {"password": PASSWORD, "again": PASSWORD}


@pytest.fixture(autouse=True)
def _nothing_counted() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def link(desk: Desk, home: Home) -> str:
    """The address in the mail of an invitation to the supplier."""
    invite(
        desk.supplier,
        name="Wu Lan",
        email="wu.lan@northwick.example",
        roles=["member"],
        by=desk["officer"],
        now=timezone.now(),
    )
    (mail,) = (home.path / "mail").iterdir()
    found = re.search(r"/invitations/[\w-]+/", mail.read_text())
    assert found
    return found[0]


def test_accepting_signs_the_person_in(browse: Browse, link: str) -> None:
    client = browse("")
    page = client.get(link).content.decode()
    assert "Welcome, Wu Lan" in page
    assert "wu.lan@northwick.example" in page
    answer = client.post(link, CHOSEN)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert "Wu Lan" in client.get("/profile/").content.decode()
    assert client.get(link).status_code == 410


def test_the_address_and_the_role_are_not_the_visitors_to_choose(browse: Browse, link: str, desk: Desk) -> None:
    browse("").post(
        link, {**CHOSEN, "email": "eve@example.test", "name": "Eve", "roles": "officer", "party": str(desk.owner.pk)}
    )
    person = Person.objects.get(invitation__isnull=False)
    assert (person.email, person.name, person.party) == ("wu.lan@northwick.example", "Wu Lan", desk.supplier)
    assert person.roles == {"member"}


def test_whoever_was_signed_in_is_not_any_more(browse: Browse, link: str) -> None:
    client = browse("officer")
    before = client.session.session_key
    client.post(link, CHOSEN)
    assert client.session.session_key != before
    assert "Wu Lan" in client.get("/profile/").content.decode()


def test_passwords_that_differ_or_are_weak_are_told(browse: Browse, link: str) -> None:
    client = browse("")
    assert "differ" in client.post(link, {"password": PASSWORD, "again": "other"}).content.decode()
    assert "too common" in client.post(link, {"password": "password", "again": "password"}).content.decode()
    assert Person.objects.filter(email="wu.lan@northwick.example").count() == 0


@pytest.mark.parametrize(
    ("fate", "status", "said"),
    [("withdrawn", 410, "was withdrawn"), ("expired", 410, "has expired"), ("unknown", 404, "does not work")],
)
def test_a_link_that_does_not_work_says_why(
    browse: Browse, desk: Desk, link: str, fate: str, status: int, said: str
) -> None:
    if fate == "withdrawn":
        withdraw(Invitation.objects.get(), by=desk["officer"], now=NOW)
    elif fate == "expired":
        Invitation.objects.update(expires=timezone.now() - timedelta(seconds=1))
    else:
        link = "/invitations/nobodys/"
    for answer in (browse("").get(link), browse("").post(link, CHOSEN)):
        assert answer.status_code == status
        assert said in answer.content.decode()
    assert not Person.objects.filter(email="wu.lan@northwick.example").exists()


def test_the_page_speaks_the_language_of_who_is_invited(browse: Browse, link: str) -> None:
    Invitation.objects.update(language="zh-hans")
    assert '<html lang="zh-hans">' in browse("").get(link).content.decode()


def test_the_first_officer_comes_by_the_printed_link(home: Home) -> None:
    assert home
    secret = new_first_link(now=timezone.now())
    client, path = Client(headers={"host": "127.0.0.1"}), f"/first/{secret}/"
    assert "Welcome to Tidemark" in client.get(path).content.decode()
    answer = client.post(
        path, {"company": "Halden Motors", "name": "Ines Okafor", "email": "ines@halden.example", **CHOSEN}
    )
    assert answer.status_code == 302
    assert "Halden Motors" in client.get("/profile/").content.decode()
    assert client.get(path).status_code == 404


def test_no_link_makes_a_first_officer_where_there_is_one(browse: Browse) -> None:
    assert browse("").get("/first/anything/").status_code == 404


def test_guessing_links_is_throttled(browse: Browse) -> None:
    client = browse("")
    assert [client.post("/invitations/guess/", CHOSEN).status_code for _ in range(31)][-1] == 429
