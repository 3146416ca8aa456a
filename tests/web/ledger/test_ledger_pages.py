"""The ledger's pages: for the owner's people who may see it; every entry as it was logged, and the whole to verify."""

from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.conftest import NOW
from tests.desk import Desk
from tidemark.ledger import whole
from tidemark.ledger.entry import Kind
from tidemark.records.connect import exclusively
from tidemark.records.home import Home
from tidemark.records.ledger.key import signing_key
from tidemark.records.ledger.log import append, sign

Browse = Callable[[str], Client]


def log(home: Home, count: int, kind: Kind = Kind.AGREEMENT_ACCEPTED) -> None:
    with exclusively(home), transaction.atomic():
        for number in range(count):
            append(kind, {"agreement": f"a{number}", "party": "<Northwick>"}, subject=f"a{number}", now=NOW)
        sign(home, signing_key(home))


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("administrator", 200),
        ("officer", 200),
        ("investigator", 200),
        ("legal", 200),
        ("communications", 403),
        ("contact", 403),
        ("member", 403),
        ("stranger_contact", 403),
        ("", 302),
    ],
)
def test_who_sees_the_ledger(browse: Browse, home: Home, who: str, status: int) -> None:
    log(home, 2)
    for path in ("/ledger/", "/ledger/1/", "/ledger/export/"):
        assert browse(who).get(path).status_code == status, path


def test_the_newest_entry_comes_first_and_pages_turn(browse: Browse, home: Home) -> None:
    log(home, 60)
    client = browse("officer")
    page = client.get("/ledger/").content.decode()
    assert 0 < page.index("/ledger/59/") < page.index("/ledger/10/")
    assert "/ledger/9/" not in page
    assert "/ledger/9/" in client.get("/ledger/?page=2").content.decode()
    assert "60 entries" in page
    assert "not time-stamped" in page


def test_entries_are_found_by_kind_and_subject(browse: Browse, home: Home) -> None:
    log(home, 3)
    log(home, 1, Kind.ROUND_OPENED)
    client = browse("legal")
    assert "/ledger/3/" in client.get("/ledger/?kind=round-opened").content.decode()
    assert "/ledger/1/" not in client.get("/ledger/?kind=round-opened").content.decode()
    found = client.get("/ledger/?subject=a1").content.decode()
    assert "/ledger/1/" in found
    assert "/ledger/2/" not in found
    assert "No entries" in client.get("/ledger/?kind=nothing&subject=none").content.decode()


def test_an_entry_is_shown_as_it_was_logged_and_escaped(browse: Browse, home: Home) -> None:
    log(home, 1)
    page = browse("officer").get("/ledger/0/").content.decode()
    assert "&lt;Northwick&gt;" in page
    assert "<Northwick>" not in page
    assert "tidemark-ledger" in page
    assert "the checkpoint of 1 entries" in page
    assert browse("officer").get("/ledger/7/").status_code == 404


def test_the_ledger_that_is_downloaded_verifies(browse: Browse, home: Home) -> None:
    log(home, 5)
    answer = browse("investigator").get("/ledger/export/")
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert "5 entries" in whole.verify(answer.content).said()[0]


def test_the_number_of_queries_does_not_grow_with_entries(browse: Browse, home: Home, desk: Desk) -> None:
    assert desk.owner
    client, counts = browse("officer"), []
    for _ in range(2):
        log(home, 20)
        with CaptureQueriesContext(connection) as queries:
            client.get("/ledger/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
