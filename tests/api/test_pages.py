"""Lists come in pages that follow one another without a gap, and cost the same however long the list is."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.api.conftest import Program
from tests.desk import NOW, Desk, engage
from tidemark.records.accounts.models import Person
from tidemark.records.agreements.models import Agreement
from tidemark.records.copies.models import Copy, OnwardRequest, Release
from tidemark.records.parties.models import Party
from tidemark.records.projects.models import Draft
from tidemark.records.rounds.models import Bid, Bidder, Round


def _walk(client: Client, address: str) -> list[object]:
    items: list[object] = []
    following: str | None = address
    while following:
        answer = client.get(following).json()
        items += answer["items"]
        following = answer["next"]
    return items


def test_the_pages_of_a_list_follow_one_another_without_a_gap(program: Program) -> None:
    client = program("officer")
    whole = client.get("/api/v1/persons?limit=200").json()
    assert whole["next"] is None
    assert len(whole["items"]) == 10
    assert _walk(client, "/api/v1/persons?limit=3") == whole["items"]
    assert _walk(client, "/api/v1/persons?limit=10") == whole["items"]
    assert client.get("/api/v1/persons?offset=10").json() == {"items": [], "next": None}


def test_the_next_page_keeps_what_was_asked_for(program: Program, desk: Desk) -> None:
    client = program("officer")
    names = [each["name"] for each in _walk(client, f"/api/v1/persons?party={desk.supplier.pk}&limit=1")]  # type: ignore[index]
    assert names == ["contact person", "member person"]


def _more(desk: Desk, number: int) -> None:
    """Add one of everything that is listed."""
    party = Party.named(f"Party {number}", {}, now=NOW)
    person = Person.objects.create_user(f"p{number}@example.test", None, party=party, name="P", created=NOW)
    place = engage(desk.project, party, desk.engagements["supplier"])
    draft = Draft.objects.create(
        id=f"d{number}", project=desk.project, sha256=f"{number:064}", description_sha256="0",
        file_name=f"d{number}.png", size_bytes=1, carrier="image", revision=1, created=NOW,
    )  # fmt: skip
    agreement = Agreement.objects.create(
        reference=f"R{number}", discloser=desk.owner, recipient=party, valid_from=NOW.date(), created=NOW
    )
    agreement.projects.add(desk.project)
    agreement.acceptances.create(person=person, for_party=True, accepted=NOW, leaf_index=0)
    release = Release.objects.create(project=desk.project, created=NOW, created_by=desk["officer"])
    copy = Copy.objects.create(
        id=f"c{number}", draft=draft, holder=party, person=person, engagement=place, agreement=agreement,
        responsible=party, release=release, mark_version=1, created=NOW,
    )  # fmt: skip
    round_ = Round.objects.create(project=desk.project, title="R", closes=NOW, created=NOW, created_by=desk["officer"])
    round_.drafts.add(draft)
    Bid.objects.create(
        bidder=Bidder.objects.create(round=round_, party=party, invited=NOW), person=person, handed_in=NOW
    )
    onward = OnwardRequest.objects.create(
        engagement=desk.engagements["supplier"], sub_vendor=party, sub_vendor_name=party.name, contact_name="N",
        contact_email="n@example.test", why="w", asked=NOW, asked_by=desk["contact"],
    )  # fmt: skip
    onward.copies.add(copy)


@pytest.mark.parametrize(
    "address",
    [
        "/parties", "/persons", "/projects", "/projects/{project}/drafts", "/projects/{project}/engagements",
        "/agreements", "/rounds", "/copies", "/releases", "/onward-requests", "/ledger/entries",
    ],
)  # fmt: skip
def test_a_list_asks_the_database_as_often_for_many_rows_as_for_few(program: Program, desk: Desk, address: str) -> None:
    client, counts = program("officer"), []
    address = f"/api/v1{address}?limit=200".format(project=desk.project.pk)
    client.get(address)
    for upto in (range(2), range(2, 12)):
        for number in upto:
            _more(desk, number)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


def test_a_list_over_all_the_desk_is_what_each_may_see(program: Program, desk: Desk) -> None:
    _more(desk, 1)

    def seen(who: str, what: str) -> set[str]:
        return {row["id"] for row in program(who).get(f"/api/v1/{what}?limit=200").json()["items"]}

    assert seen("officer", "copies") == seen("contact", "copies") == {"c1"}  # it is below the supplier in the tree
    for who in ("member", "sub_vendor_contact", "sibling_contact", "stranger_contact"):
        assert not seen(who, "copies")
        assert not seen(who, "rounds")
        assert not seen(who, "releases")
    assert program("stranger_contact").get(f"/api/v1/projects/{desk.project.pk}/drafts").status_code == 404
    assert not seen("contact", f"projects/{desk.project.pk}/drafts")
