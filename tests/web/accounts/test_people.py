"""Parties and their people: the owner's see all, a supplier's its own party, and only some may change anything."""

import re
from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.conftest import NOW
from tests.desk import Desk
from tests.desk import person as make_person
from tidemark.records.accounts.invite import invite
from tidemark.records.accounts.models import Invitation, Person
from tidemark.records.accounts.roles import Role
from tidemark.records.home import Home
from tidemark.records.parties.models import Party

Browse = Callable[[str], Client]
GIVEN = {"name": "Wu Lan", "email": "wu.lan@northwick.example", "roles": ["member"], "language": "en"}
OWNERS = ("administrator", "officer", "investigator", "legal", "communications")
SUPPLIERS = ("contact", "member", "sub_vendor_contact", "sibling_contact", "stranger_contact")


@pytest.fixture(autouse=True)
def _nothing_counted() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.mark.parametrize("who", OWNERS)
def test_the_owners_people_see_the_parties(browse: Browse, desk: Desk, who: str) -> None:
    page = browse(who).get("/parties/").content.decode()
    assert desk.stranger.name in page
    assert browse(who).get(f"/parties/{desk.stranger.pk}/").status_code == 200


@pytest.mark.parametrize("who", SUPPLIERS)
def test_a_suppliers_people_see_their_own_party_alone(browse: Browse, desk: Desk, who: str) -> None:
    own = desk[who].party
    answer = browse(who).get("/parties/")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/parties/{own.pk}/")
    assert browse(who).get(f"/parties/{own.pk}/").status_code == 200
    for other in Party.objects.exclude(pk=own.pk):
        assert browse(who).get(f"/parties/{other.pk}/").status_code == 404
        assert browse(who).get(f"/parties/{other.pk}/invite/").status_code == 404


def test_only_who_may_manage_people_gets_the_pages_for_it(browse: Browse, desk: Desk) -> None:
    member = desk["member"].pk
    for who, status in (*dict.fromkeys(OWNERS, 403).items(), ("contact", 403), ("sibling_contact", 404), ("", 302)):
        allowed = 200 if who in ("administrator", "officer") else status
        assert browse(who).get(f"/persons/{member}/").status_code == allowed, who
        refused = allowed if allowed != 200 else 302
        assert browse(who).post(f"/persons/{member}/active/", {"active": "1"}).status_code == refused, who
        assert browse(who).get("/parties/new/").status_code == (403 if status == 404 else allowed), who


def test_roles_are_changed_and_the_last_officer_is_kept(browse: Browse, desk: Desk) -> None:
    client = browse("administrator")
    client.post(f"/persons/{desk['member'].pk}/", {"roles": ["contact", "member"]})
    assert Person.objects.get(pk=desk["member"].pk).roles == {"contact", "member"}
    page = client.post(f"/persons/{desk['officer'].pk}/", {"roles": ["legal"]}).content.decode()
    assert "no other active officer" in page
    assert Person.objects.get(pk=desk["officer"].pk).roles == {"officer"}


def test_a_person_is_shut_out_and_let_in_again(browse: Browse, desk: Desk) -> None:
    client, path = browse("officer"), f"/persons/{desk['member'].pk}/active/"
    assert "is shut out" in client.post(path, {"active": "0"}, follow=True).content.decode()
    assert not Person.objects.get(pk=desk["member"].pk).is_active
    assert client.get(path).status_code == 405
    client.post(path, {"active": "1"})
    assert Person.objects.get(pk=desk["member"].pk).is_active


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("administrator", 302),
        ("officer", 302),
        ("contact", 302),
        ("investigator", 403),
        ("legal", 403),
        ("member", 403),
        ("sub_vendor_contact", 404),
        ("sibling_contact", 404),
        ("", 302),
    ],
)
def test_who_may_invite_people_of_a_supplier(browse: Browse, desk: Desk, who: str, status: int) -> None:
    assert browse(who).post(f"/parties/{desk.supplier.pk}/invite/", GIVEN).status_code == status
    assert Invitation.objects.exists() == (status == 302 and bool(who))


def test_a_contact_cannot_make_another_contact(browse: Browse, desk: Desk) -> None:
    path = f"/parties/{desk.supplier.pk}/invite/"
    assert browse("contact").post(path, {**GIVEN, "roles": ["contact"]}).status_code == 200
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(("who", "status"), [("sibling_contact", 404), ("member", 404), ("legal", 403), ("", 302)])
@pytest.mark.parametrize("action", ["resend", "withdraw"])
def test_strangers_do_nothing_to_an_invitation(browse: Browse, desk: Desk, who: str, status: int, action: str) -> None:
    made = invite(desk.supplier, **GIVEN, by=desk["officer"], now=timezone.now()).invitation  # type: ignore[arg-type]
    assert browse(who).post(f"/invited/{made.pk}/{action}/").status_code == status
    made.refresh_from_db()
    assert made.withdrawn is None


def test_an_invitation_is_sent_again_and_withdrawn(browse: Browse, desk: Desk, home: Home) -> None:
    made = invite(desk.supplier, **GIVEN, by=desk["officer"], now=timezone.now()).invitation  # type: ignore[arg-type]
    client = browse("contact")
    client.post(f"/invited/{made.pk}/resend/")
    assert len(list((home.path / "mail").iterdir())) == 2
    page = client.post(f"/invited/{made.pk}/withdraw/", follow=True).content.decode()
    assert "was withdrawn" in page
    assert "wu.lan@northwick.example" not in page
    assert "already" in client.post(f"/invited/{made.pk}/resend/", follow=True).content.decode()


def test_invitations_are_throttled_and_never_show_their_link(browse: Browse, desk: Desk, home: Home) -> None:
    client, path = browse("officer"), f"/parties/{desk.supplier.pk}/invite/"
    answers = [client.post(path, {**GIVEN, "email": f"p{number}@example.test"}).status_code for number in range(31)]
    assert answers == [302] * 30 + [429]
    page = client.get(f"/parties/{desk.supplier.pk}/").content.decode()
    secrets = [re.findall(r"/invitations/([\w-]+)/", mail.read_text())[0] for mail in (home.path / "mail").iterdir()]
    assert len(secrets) == 30
    assert not [secret for secret in secrets if secret in page]


def test_parties_are_found_by_a_part_of_their_name_and_turned_by_pages(browse: Browse, desk: Desk) -> None:
    for number in range(60):
        Party.named(f"Presswerk {number:02}", {}, now=NOW)
    client = browse("officer")
    assert "Page 1 of 2" in client.get("/parties/").content.decode()
    found = client.get("/parties/", {"q": "NORTHWICK"}).content.decode()
    assert desk.supplier.name in found
    assert desk.sibling.name not in found
    assert "contains “&lt;b&gt;" in client.get("/parties/", {"q": "<b>"}).content.decode()
    for odd in ("0", "999", "x", "-1"):
        assert client.get("/parties/", {"page": odd}).status_code == 200


def test_a_party_is_added_by_name(browse: Browse, desk: Desk) -> None:
    client = browse("officer")
    client.post("/parties/new/", {"name": "Vellmar Süd"})
    assert Party.objects.filter(name="Vellmar Süd").exists()
    assert "on record already" in client.post("/parties/new/", {"name": desk.supplier.name}).content.decode()


@pytest.mark.parametrize("path", ["/parties/", "/parties/{}/"])
def test_the_number_of_queries_does_not_grow_with_rows(browse: Browse, desk: Desk, path: str) -> None:
    client, path = browse("officer"), path.format(desk.supplier.pk)
    counts = []
    for size in (1, 12):
        for number in range(size):
            make_person(desk.supplier, f"p{size}-{number}", Role.MEMBER)
            Party.named(f"Presswerk {size}-{number}", {}, now=NOW)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(path).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_who_manages_people_corrects_a_name(browse: Browse, desk: Desk) -> None:
    path = f"/persons/{desk['member'].pk}/"
    browse("administrator").post(path, {"roles": ["member"], "name": " Mara\u202e  Lind "})
    assert Person.objects.get(pk=desk["member"].pk).name == "Mara Lind"
    assert browse("contact").post(path, {"roles": ["member"], "name": "Eve"}).status_code == 403
    assert Person.objects.get(pk=desk["member"].pk).name == "Mara Lind"


def test_who_manages_people_reads_why_nothing_was_mailed_and_a_contact_does_not(browse: Browse, desk: Desk) -> None:
    path = f"/parties/{desk.supplier.pk}/"
    sent = {**GIVEN, "email": "sibling-contact@example.test"}
    assert "is on its way" in browse("contact").post(f"{path}invite/", sent, follow=True).content.decode()
    assert f"on record at {desk.sibling.name}" in browse("administrator").get(path).content.decode()
    page = browse("contact").get(path).content.decode()
    assert "sibling-contact@example.test" in page
    assert desk.sibling.name not in page
