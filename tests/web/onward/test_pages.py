"""The pages of onward sharing: who sees what, who may what, and that lists cost the same however long."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.conftest import NOW
from tests.desk import PERSONS, Desk, engage, person
from tests.records.copies.desk_copies import put_draft
from tidemark.records.accounts import invite
from tidemark.records.accounts.models import Invitation
from tidemark.records.accounts.roles import Role
from tidemark.records.agreements.models import Agreement
from tidemark.records.copies import onward
from tidemark.records.copies.make import make_copy
from tidemark.records.copies.models import Copy, OnwardRequest
from tidemark.records.copies.share import share
from tidemark.records.home import Home
from tidemark.records.parties.models import Party

Browse = Callable[..., Client]
OWNERS = {"administrator", "officer", "investigator", "legal", "communications"}


@pytest.fixture
def held(home: Home, desk: Desk) -> Copy:
    draft = put_draft(home, desk)
    shared = share(home, [(draft, desk["contact"])], project=desk.project, by=desk["officer"], now=NOW)
    return make_copy(home, shared.planned[0].pk, now=NOW)


@pytest.fixture
def asked(home: Home, desk: Desk, held: Copy) -> OnwardRequest:
    return _asked(home, desk, held)


def _asked(home: Home, desk: Desk, held: Copy, **other: str) -> OnwardRequest:
    said = {"sub_vendor": desk.sub_vendor.name, "contact_email": "sub_vendor-contact@example.test", **other}
    return onward.ask(
        home,
        desk.engagements["supplier"],
        [held],
        contact_name="Wen Li",
        why="They coat the bumper.",
        by=desk["contact"],
        now=NOW,
        **said,
    )


@pytest.mark.parametrize("who", PERSONS)
def test_a_request_is_seen_by_the_owner_and_the_contact_of_the_party_that_asked(
    browse: Browse, asked: OnwardRequest, who: str
) -> None:
    sees = who in OWNERS | {"contact"}
    assert browse(who).get(f"/onward/{asked.pk}/").status_code == (200 if sees else 404)
    listed = browse(who).get("/onward/")
    assert listed.status_code == 200
    assert (asked.pk in listed.content.decode()) is sees


@pytest.mark.parametrize("who", PERSONS)
@pytest.mark.parametrize("decision", ["approve", "refuse"])
def test_only_an_officer_decides(browse: Browse, asked: OnwardRequest, who: str, decision: str) -> None:
    answer = browse(who).post(f"/onward/{asked.pk}/decide/", {"decision": decision, "why": "As agreed."})
    asked.refresh_from_db()
    if who == "officer":
        assert answer.status_code == 302
        assert asked.state == {"approve": "approved", "refuse": "refused"}[decision]
    else:
        assert answer.status_code == (403 if who in OWNERS | {"contact"} else 404)
        assert asked.state == "asked"


@pytest.mark.parametrize("who", PERSONS)
def test_only_the_asking_partys_contact_withdraws(browse: Browse, asked: OnwardRequest, who: str) -> None:
    answer = browse(who).post(f"/onward/{asked.pk}/withdraw/")
    asked.refresh_from_db()
    if who == "contact":
        assert (answer.status_code, asked.state) == (302, "withdrawn")
    else:
        assert answer.status_code == (403 if who in OWNERS else 404)
        assert asked.state == "asked"


@pytest.mark.parametrize("address", ["/onward/", "/onward/ask/", "/onward/0123/"])
def test_nobody_sees_anything_without_signing_in(browse: Browse, address: str) -> None:
    answer = browse().get(address)
    assert answer.status_code == 302
    assert answer["location"].startswith("/accounts/login/") or "login" in answer["location"]


def test_a_contact_asks_with_the_form_and_is_told_what_follows(browse: Browse, desk: Desk, held: Copy) -> None:
    client = browse("contact")
    assert held.draft.file_name in client.get("/onward/ask/").content.decode()
    said = {
        "copies": [held.pk],
        "sub_vendor": desk.sub_vendor.name,
        "contact_name": "Wen Li",
        "contact_email": "sub_vendor-contact@example.test",
        "why": "They coat the bumper.",
    }
    answer = client.post("/onward/ask/", said, follow=True)
    made = OnwardRequest.objects.get()
    assert answer.redirect_chain == [(f"/onward/{made.pk}/", 302)]
    assert list(made.copies.all()) == [held]


@pytest.mark.parametrize("who", ["officer", "member"])
def test_who_may_not_ask_gets_403(browse: Browse, held: Copy, who: str) -> None:  # noqa: ARG001
    assert browse(who).get("/onward/ask/").status_code == 403


def test_anothers_copy_cannot_be_smuggled_into_the_form(home: Home, browse: Browse, desk: Desk, held: Copy) -> None:
    other = share(
        home, [(held.draft, desk["sibling_contact"])], project=desk.project, by=desk["officer"], now=NOW
    ).planned[0]
    make_copy(home, other.pk, now=NOW)
    said = {"copies": [other.pk], "sub_vendor": "X", "contact_name": "Y", "contact_email": "y@x.test", "why": "z"}
    answer = browse("contact").post("/onward/ask/", said)
    assert answer.status_code == 200
    assert not OnwardRequest.objects.exists()


def test_anothers_engagement_cannot_be_asked_for(browse: Browse, desk: Desk, held: Copy) -> None:  # noqa: ARG001
    answer = browse("contact").get("/onward/ask/", {"engagement": desk.engagements["sibling"].pk})
    assert answer.status_code == 404


def test_the_list_costs_the_same_however_long(home: Home, browse: Browse, desk: Desk, asked: OnwardRequest) -> None:
    held = asked.copies.get()
    client = browse("officer")
    counts = []
    for more in (1, 12):
        for _ in range(more):
            _asked(home, desk, held)
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/onward/").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_what_an_approval_waits_for_is_shown_to_both_sides(
    home: Home, browse: Browse, desk: Desk, asked: OnwardRequest
) -> None:
    desk.agreements["sub_vendor"].acceptances.all().delete()
    onward.decide(home, asked, approve=True, by=desk["officer"], now=NOW)
    for who in ("officer", "contact"):
        page = browse(who).get(f"/onward/{asked.pk}/").content.decode()
        assert "this is still missing" in page
        assert "An agreement between Northwick Mouldings and" in page


@pytest.fixture
def waiting(home: Home, desk: Desk, held: Copy) -> OnwardRequest:
    """An approved request whose contact was invited; the invitation was withdrawn since."""
    request = onward.ask(
        home,
        desk.engagements["supplier"],
        [held],
        sub_vendor="Kestrel Tooling",
        contact_name="Ada Fenn",
        contact_email="ada@kestrel.test",
        why="They coat the bumper.",
        by=desk["contact"],
        now=NOW,
    )
    onward.decide(home, request, approve=True, by=desk["officer"], now=NOW)
    invite.withdraw(Invitation.objects.get(), by=desk["officer"], now=NOW)
    return request


def test_a_withdrawn_invitation_is_said_to_the_owners_people_and_sent_anew_by_an_officer(
    browse: Browse, waiting: OnwardRequest
) -> None:
    path = f"/onward/{waiting.pk}/"
    for who in ("officer", "contact"):
        page = browse(who).get(path).content.decode()
        assert ("invitation was withdrawn" in page) is (who == "officer")
        assert ("The contact accepts an invitation of the owner." in page) is (who == "contact")
        assert ("Invite Ada Fenn again" in page) is (who == "officer")
    page = browse("officer").post(f"{path}invite/", follow=True).content.decode()
    assert "Ada Fenn was invited" in page
    assert "Invite Ada Fenn again" not in page
    assert Invitation.objects.filter(email="ada@kestrel.test", withdrawn=None).count() == 1
    assert "has an open invitation already" in browse("officer").post(f"{path}invite/", follow=True).content.decode()


def test_an_approval_is_taken_back_on_its_page_and_the_supplier_reads_why(
    browse: Browse, waiting: OnwardRequest
) -> None:
    path, officer = f"/onward/{waiting.pk}/", browse("officer")
    assert "Take the approval back" in officer.get(path).content.decode()
    assert "Take the approval back" not in browse("contact").get(path).content.decode()
    assert "Give a reason" in officer.post(f"{path}take-back/", {"why": ""}, follow=True).content.decode()
    page = officer.post(f"{path}take-back/", {"why": "Done in house."}, follow=True).content.decode()
    assert "The approval was taken back." in page
    assert f'action="{path}take-back/"' not in page
    waiting.refresh_from_db()
    assert waiting.state == "taken back"
    page = browse("contact").get(path).content.decode()
    assert "Done in house." in page
    assert "taken back" in page


def test_a_page_shows_the_approval_and_its_taking_back_and_their_persons_to_the_owners_people(
    home: Home, browse: Browse, desk: Desk, waiting: OnwardRequest
) -> None:
    OnwardRequest.objects.filter(pk=waiting.pk).update(decision="As agreed in May.")
    waiting.refresh_from_db()
    other = person(desk.owner, "other-officer", Role.OFFICER)
    onward.take_back(home, waiting, why="Done in house.", by=other, now=NOW + timedelta(hours=2))
    pages = {who: browse(who).get(f"/onward/{waiting.pk}/").content.decode() for who in ("officer", "contact")}
    for who, page in pages.items():
        for said in ("As agreed in May.", "Done in house.", "<dt>Approved</dt>", "<dt>Taken back</dt>"):
            assert said in page
        assert f"{NOW + timedelta(hours=2):%Y-%m-%d %H:%M} UTC" in page
        assert (f"UTC</time>, {other.name}" in page) is (who == "officer")
    assert f"UTC</time>, {desk['officer'].name}" in pages["officer"]


@pytest.mark.parametrize("who", PERSONS)
@pytest.mark.parametrize("step", ["take-back", "invite"])
def test_only_an_officer_takes_back_or_invites_anew(
    browse: Browse, waiting: OnwardRequest, who: str, step: str
) -> None:
    answer = browse(who).post(f"/onward/{waiting.pk}/{step}/", {"why": "As agreed."})
    waiting.refresh_from_db()
    done = waiting.state == "taken back" or Invitation.objects.count() == 2
    assert done is (who == "officer")
    if who != "officer":
        assert answer.status_code == (403 if who in OWNERS | {"contact"} else 404)


def test_an_officer_reads_on_the_page_why_a_standing_approval_left_the_request_and_who_would_be_whose_contact(
    home: Home, browse: Browse, desk: Desk, held: Copy
) -> None:
    changed = {"standing_approval": True, "created_by": desk["officer"]}
    Agreement.objects.filter(pk=desk.agreements["supplier"].pk).update(**changed)
    engage(desk.project, Party.named("Corvid Lighting", {}, now=NOW), None)
    request = _asked(home, desk, held, sub_vendor="Corvid Lighting", contact_email="mallory@northwick.test")
    pages = {who: browse(who).get(f"/onward/{request.pk}/").content.decode() for who in ("officer", "contact")}
    for said in ("approves onward sharing beforehand, but not this:", "Wen Li would be its first contact"):
        assert said in pages["officer"]
        assert said not in pages["contact"]
    assert "apart from this supplier" not in pages["contact"]


def test_drawings_of_which_no_child_copy_was_made_are_named_to_both_sides_with_the_reason(
    home: Home, browse: Browse, desk: Desk, held: Copy
) -> None:
    request = _asked(home, desk, held)
    onward.decide(home, request, approve=True, by=desk["officer"], now=NOW)
    pages = [browse(who).get(f"/onward/{request.pk}/").content.decode() for who in ("officer", "contact")]
    Copy.objects.filter(parent=held).update(parent=None)  # as if only another drawing's had been planned
    left = [browse(who).get(f"/onward/{request.pk}/").content.decode() for who in ("officer", "contact")]
    said = f"{held.draft.file_name}: The contact had an open copy of this drawing already."
    assert [said in page for page in (*pages, *left)] == [False, False, True, True]


def test_a_suppliers_page_is_the_same_for_an_address_that_the_owner_knows_and_for_one_that_nobody_knows(
    home: Home, browse: Browse, desk: Desk, held: Copy
) -> None:
    changed = {"standing_approval": True, "created_by": desk["officer"]}
    Agreement.objects.filter(pk=desk.agreements["supplier"].pk).update(**changed)
    pages = []
    for name, address in (("Zork One", "stranger-contact@example.test"), ("Zork Two", "nobody@example.test")):
        request = _asked(home, desk, held, sub_vendor=name, contact_email=address)
        client = browse("contact")
        page = client.get(f"/onward/{request.pk}/").content.decode()
        for own, plain in ((name, "Zork"), (address, "address"), (request.pk, "id")):
            page = page.replace(own, plain)
        pages.append(re.sub(r'csrfmiddlewaretoken" value="[^"]+"|X-CSRFToken[^}]+|nonce="[^"]+"', "", page))
    assert pages[0] == pages[1]
