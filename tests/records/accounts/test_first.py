"""The first officer comes by a link that works once, for a day, and only while nobody is there."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from tests.conftest import NOW
from tests.desk import Desk
from tidemark.errors import Refused
from tidemark.records.accounts.first import LASTS, is_first_link, make_first_officer, new_first_link
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.home import Home
from tidemark.records.parties.models import Party

GIVEN: dict[str, Any] = {
    "company": "Halden Motors",
    "name": "Ines Okafor",
    "email": "Ines@halden.example",
    "language": "en",
    "password": "driftwood-lantern-eleven",
}


def _link() -> str:
    secret = new_first_link(now=NOW)
    assert secret is not None
    return secret


def test_the_link_makes_an_administrator_and_officer_of_the_owner(home: Home) -> None:
    assert home
    person = make_first_officer(_link(), **GIVEN, now=NOW)
    assert person.party.is_owner
    assert person.party.name == "Halden Motors"
    assert person.roles == {"administrator", "officer"}
    assert person.may(Act.MANAGE_PEOPLE)
    assert person.email == "ines@halden.example"


def test_the_link_works_once_and_none_is_made_afterwards(home: Home) -> None:
    assert home
    secret = _link()
    make_first_officer(secret, **GIVEN, now=NOW)
    assert not is_first_link(secret, now=NOW)
    with pytest.raises(Refused, match="does not work any more"):
        make_first_officer(secret, **{**GIVEN, "email": "b@example.test"}, now=NOW)
    assert new_first_link(now=NOW) is None
    assert Person.objects.count() == 1


def test_a_restart_voids_the_link_of_before(home: Home) -> None:
    assert home
    before, after = _link(), _link()
    assert not is_first_link(before, now=NOW)
    assert is_first_link(after, now=NOW)


def test_the_link_expires(home: Home) -> None:
    assert home
    secret = _link()
    assert is_first_link(secret, now=NOW + LASTS - timedelta(seconds=1))
    with pytest.raises(Refused, match="does not work any more"):
        make_first_officer(secret, **GIVEN, now=NOW + LASTS)


def test_only_the_links_hash_is_kept(home: Home) -> None:
    assert home
    secret = _link()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM accounts_firstlink")
        assert secret not in str(cursor.fetchall())


@pytest.mark.parametrize("given", [{"password": "short"}, {"email": "no"}, {"name": ""}, {"company": " "}])
def test_what_is_refused_uses_no_link_up(home: Home, given: dict[str, Any]) -> None:
    assert home
    secret = _link()
    with pytest.raises(Refused):
        make_first_officer(secret, **{**GIVEN, **given}, now=NOW)
    assert not Person.objects.exists()
    assert make_first_officer(secret, **GIVEN, now=NOW).is_active


def test_an_owner_of_the_command_line_gets_the_companys_name(home: Home) -> None:
    assert home
    Party.owner("The owner", now=NOW)
    Party.named("Northwick", {}, now=NOW)
    secret = _link()
    with pytest.raises(Refused, match="Another party"):
        make_first_officer(secret, **{**GIVEN, "company": "NORTHWICK"}, now=NOW)
    make_first_officer(secret, **GIVEN, now=NOW)
    assert Party.objects.get(is_owner=True).name == "Halden Motors"


def test_nobody_comes_so_where_the_owner_has_people(desk: Desk) -> None:
    assert desk.owner
    assert new_first_link(now=NOW) is None
