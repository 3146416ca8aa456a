"""No page asks the database a number of questions that grows with its rows: every address, at two sizes of a desk."""

import re
from collections.abc import Iterable, Iterator

from benchmarks.desk.issued import copy_id, issue
from benchmarks.desk.rows import Size, an_id, grow
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.desk import NOW
from tests.security.doors import routes
from tidemark.records.accounts.models import Person
from tidemark.records.home import Home
from tidemark.records.ledger.log import log_size
from tidemark.records.parties.models import Party
from tidemark.records.projects.models import Draft, Project

SMALL, LARGE = Size(persons=8, drafts=5), Size(persons=20, drafts=10)
WHO = {"officer": "officer@example.test", "contact": "p0@example.test", "member": "p4@example.test"}
ALWAYS_ASKED = ("/first/", "/accounts/", "/invitations/")
"""Of one person alone, before or while signing in: there are no rows."""
OTHERS = (
    "/leaks/",
    "/plans/",
    "/api/v1/plans/",
    "/allegations/<str:pk>/plan/",
    "/allegations/<str:pk>/gate/",
    "/api/v1/allegations/<allegation_id>/plan",
    "/api/v1/allegations/<allegation_id>/gate",
    "/sightings/",
    "/api/v1/leaks/",
    "/api/v1/posts/",
    "/api/v1/traces/",
    "/api/v1/matches/",
    "/api/v1/posters/",
    "/api/v1/channels/",
    "/api/v1/sightings/",
    *(
        f"{face}/{subject}/<"
        for face in ("", "/api/v1")
        for subject in ("cases", "allegations", "sanctions", "statements")
    ),
)
"""Addresses below these name rows that this desk has not: what they ask is counted where they are tested."""
NEEDS_A_FILE = "/api/v1/copies/<copy_id>/preview"
"""Made from the copy's bytes; this desk's copies are rows alone."""
PROVES = (
    *("/api/v1/ledger/checkpoint", "/api/v1/ledger/consistency/3"),
    *("/ledger/export/", "/api/v1/ledger/export"),
)
"""Take the ledger's root from its stored hashes: one for each 1 in its size, written in binary."""


def test_no_page_asks_more_often_when_there_are_more_rows(home: Home) -> None:
    grow(home, SMALL, now=NOW)
    issue(home, SMALL, now=NOW)
    asked = list(addresses())
    unfilled = [address for address in asked if "<" in address and not address.startswith(OTHERS)]
    assert not unfilled, f"say in `ids` which row stands for what these name: {unfilled}"
    small = {(who, address): seen for who in WHO for address, seen in looked_at(who, asked) if seen is not None}
    assert len(small) > 90
    grow(home, LARGE, beyond=SMALL, now=NOW)
    issue(home, LARGE, beyond=SMALL, now=NOW)
    worse = [
        f"{who} {address}: {len(small[who, address])} queries became {len(queries or ())}\n{repeated(queries or [])}"
        for who in WHO
        for address, queries in looked_at(who, [address for one, address in small if one == who])
        if queries is None or len(queries) > len(small[who, address]) + allowed(address)
    ]
    assert not worse, "\n".join(worse)


def looked_at(who: str, asked: Iterable[str]) -> Iterator[tuple[str, list[str] | None]]:
    """Ask for pages as one person; yield the queries behind each, None if there is no such page for the person."""
    client = Client(headers={"host": "127.0.0.1"})
    person = Person.objects.get(email=WHO[who])
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    for address in asked:
        with CaptureQueriesContext(connection) as captured:
            status = client.get(address).status_code
        assert status < 500, f"{who} {address}: {status}"
        yield address, [query["sql"] for query in captured.captured_queries] if status == 200 else None


def allowed(address: str) -> int:
    """Return by how many queries a page may grow."""
    return 3 * log_size().bit_length() if address in PROVES else 0


def addresses() -> Iterator[str]:
    """Yield every address of the server once, with a row in place of each id."""
    known = ids()
    for route in dict.fromkeys(routes()):
        if route.startswith(ALWAYS_ASKED) or route == NEEDS_A_FILE:
            continue
        address = route
        for pattern, stands in known.items():
            if re.search(pattern, address):
                address = re.sub(r"<[^>]+>", str(stands), address, count=1)
        yield address


def ids() -> dict[str, object]:
    """Return, by a pattern of the address before an id, which row stands there: one with all that can hang on it."""
    project, supplier = Project.objects.get(code_name="MS11"), Party.objects.get(name="Supplier 0")
    return {
        r"^/(api/v1/)?(overview/)?projects/<": project.pk,
        r"^/(api/v1/)?parties/<": supplier.pk,
        r"^/(api/v1/)?persons/<": an_id("person", 0),
        r"^/(api/v1/)?drafts/<": Draft.objects.get(pk__startswith="part-0-").pk,
        r"^/(api/v1/)?copies/<": copy_id(0, 1),
        r"^/(api/v1/)?releases/<": an_id("release"),
        r"^/(api/v1/)?agreements/<": an_id("agreement", 0),
        r"^/(api/v1/)?rounds/<": an_id("round", 0),
        r"^/(api/v1/)?onward/<": an_id("onward", 1),
        r"^/api/v1/onward-requests/<": an_id("onward", 1),
        r"^/(api/v1/invitations|invited)/<": an_id("invitation", supplier.pk, 0),
        r"^/(api/v1/)?engagements/<": an_id("place", 0),
        r"/tree/<": an_id("place", 0),
        rf"/{an_id('place', 0)}/<": "suspend",
        r"/holder/<": an_id("person", 0),
        r"/preview/<": 160,
        r"/bids/<": an_id("bid", (an_id("round", 0), 0)),
        r"^/ledger/<": 3,
        r"^/api/v1/ledger/entries/<": 3,
        r"^/api/v1/ledger/consistency/<": 3,
        r"/tokens/<": 1,
    }


def repeated(queries: list[str]) -> str:
    """Return the query that was asked most often, with its values left out."""
    shapes = [re.sub(r"'[^']*'|\b\d+\b", "?", query) for query in queries]
    if not shapes:
        return "    It is not there any more."
    most = max(set(shapes), key=shapes.count)
    return f"    {shapes.count(most)} times {most[:400]}"
