"""A program of the owner's and one of a supplier's do what their people do on an ordinary day."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.api.conftest import NOW_HERE, Program
from tests.conftest import make_draft
from tests.desk import Desk, agree, engage
from tidemark.engine.carriers import image
from tidemark.ledger import consistency, receipt
from tidemark.records.agreements.models import Agreement
from tidemark.records.copies.make import make_copy
from tidemark.records.copies.models import Copy, Download, OnwardRequest, Release
from tidemark.records.home import Home
from tidemark.records.parties.models import Party

SMALL = (300, 400)
PDF = b"%PDF-1.7\n1 0 obj\nendobj\ntrailer\n%%EOF\n"
Post = Callable[..., Any]


@pytest.fixture(autouse=True)
def _quick(no_trial: None) -> None:
    """Spare the drill."""


def _post(client: Client, address: str, body: object = None, *, status: int = 200, **headers: str) -> Any:
    answer = client.post(
        f"/api/v1{address}", body if body is not None else {}, content_type="application/json", headers=headers
    )
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def _upload(client: Client, project: int, data: bytes, name: str = "Front Bumper v2.png") -> Any:
    answer = client.post(
        f"/api/v1/projects/{project}/drafts", {"file": SimpleUploadedFile(name, data), "status": "bidding"}
    )
    assert answer.status_code == 201, answer.content.decode()
    return answer.json()


def _make_all(home: Home) -> None:
    """Do what the workers would."""
    for copy in Copy.objects.filter(state=Copy.State.PLANNED):
        make_copy(home, copy.pk, now=NOW_HERE)


def test_a_draft_goes_from_upload_to_a_downloaded_copy_with_its_receipt(
    home: Home, desk: Desk, program: Program
) -> None:
    officer, contact = program("officer"), program("contact")
    draft = _upload(officer, desk.project.pk, make_draft(1, size=SMALL))
    assert (draft["revision"], draft["status"], draft["file_name"]) == (1, "bidding", "Front Bumper v2.png")

    shared = _post(
        officer,
        "/releases",
        {"project": desk.project.pk, "drafts": [draft["id"]], "persons": [desk["contact"].id, desk["member"].id]},
    )
    assert (shared["release"]["planned"], shared["refusals"]) == (2, [])
    _make_all(home)
    progress = officer.get(f"/api/v1/releases/{shared['release']['id']}").json()
    assert (progress["planned"], progress["released"], progress["faulted"]) == (0, 2, 0)

    mine = contact.get("/api/v1/copies", {"state": "released"}).json()["items"]
    (copy,) = [each for each in mine if each["person"]["id"] == desk["contact"].id]
    handed = contact.post(f"/api/v1/copies/{copy['id']}/downloads")
    assert handed.status_code == 200
    assert handed.headers["Content-Type"] == "application/octet-stream"
    assert handed.headers["Content-Disposition"].startswith('attachment; filename="')
    assert handed.headers["X-Content-Type-Options"] == "nosniff"
    assert hashlib.sha256(handed.content).hexdigest() == copy["sha256"]

    slip = contact.get(f"/api/v1/copies/{copy['id']}/receipt").content
    vkey = officer.get("/api/v1/ledger/checkpoint").json()["vkey"]
    assert receipt.verify(receipt.decode(slip), vkey).body["copy_sha256"] == copy["sha256"]
    last = officer.get("/api/v1/ledger/checkpoint").json()
    held = int(receipt.decode(slip).checkpoint.split(b"\n")[1])
    answer = officer.get(f"/api/v1/ledger/consistency/{held}")
    named = f'attachment; filename="{held}-{last["size"]}.consistency"'
    assert answer.headers["Content-Disposition"] == named
    proof = consistency.decode(answer.content)
    assert consistency.verify(proof, vkey).older.size == held
    assert proof.checkpoint == last["note"].encode()
    assert officer.get("/api/v1/ledger/consistency/100000").status_code == 404
    kinds = [each["kind"] for each in officer.get("/api/v1/ledger/entries", {"subject": copy["id"]}).json()["items"]]
    assert kinds == ["copy-downloaded", "copy-issued"]

    done = _post(officer, "/revocations", {"copies": [copy["id"]], "why": "The bid was lost."})
    assert done == {"copies": [copy["id"]], "open_children": []}
    refused = contact.post(f"/api/v1/copies/{copy['id']}/downloads")
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:tidemark:problem:refused")


@pytest.mark.slow
@pytest.mark.parametrize("has_overlay", [True, False])
def test_a_copy_that_was_asked_for_with_an_overlay_shows_it_and_none_is_had_once_it_expired(
    home: Home, desk: Desk, program: Program, monkeypatch: pytest.MonkeyPatch, has_overlay: bool
) -> None:
    officer, contact = program("officer"), program("contact")
    data = make_draft(1, size=SMALL)
    asked = {
        "project": desk.project.pk,
        "drafts": [_upload(officer, desk.project.pk, data)["id"]],
        "persons": [desk["contact"].id],
        "has_overlay": has_overlay,
        "expires": (NOW_HERE + timedelta(hours=1)).isoformat(),
    }
    _post(officer, "/releases", asked)
    _make_all(home)
    path = f"/api/v1/copies/{Copy.objects.get(person=desk['contact']).pk}"
    assert contact.get(path).json()["has_overlay"] is has_overlay
    answer = contact.post(f"{path}/downloads")
    assert answer.status_code == 200
    change = np.abs(image.read(answer.content).luma() - image.read(data).luma())
    assert bool((change > 10).mean() > 0.02) is has_overlay
    monkeypatch.setattr(timezone, "now", lambda: NOW_HERE + timedelta(hours=1))
    answer = contact.post(f"{path}/downloads")
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:tidemark:problem:refused")
    assert "cannot be downloaded any more" in answer.json()["detail"]
    assert Download.objects.count() == 1


def test_open_child_copies_are_told_before_and_after_their_parent_is_revoked(
    home: Home, desk: Desk, program: Program
) -> None:
    officer = program("officer")
    draft = _upload(officer, desk.project.pk, make_draft(1, size=SMALL))["id"]
    persons = [desk["contact"].id, desk["sub_vendor_contact"].id]
    _post(officer, "/releases", {"project": desk.project.pk, "drafts": [draft], "persons": persons})
    _make_all(home)
    parent, child = (Copy.objects.get(person=person).pk for person in persons)
    Copy.objects.filter(pk=child).update(parent=parent)
    for who in ("officer", "contact"):
        assert program(who).get(f"/api/v1/copies/{parent}").json()["open_children"] == [child]
    body = {"copies": [parent], "why": "The bid was lost."}
    assert _post(officer, "/revocations", body) == {"copies": [parent], "open_children": [child]}
    assert officer.get(f"/api/v1/copies/{parent}").json()["open_children"] == [child]
    body["with_children"] = True
    assert _post(officer, "/revocations", body) == {"copies": [child], "open_children": []}
    assert officer.get(f"/api/v1/copies/{parent}").json()["open_children"] == []


def _asked(home: Home, desk: Desk, officer: Client, contact: Client) -> str:
    """Ask for a copy for somebody whom nobody knows yet; return the request's path."""
    draft = _upload(officer, desk.project.pk, make_draft(1, size=SMALL))["id"]
    _post(officer, "/releases", {"project": desk.project.pk, "drafts": [draft], "persons": [desk["contact"].id]})
    _make_all(home)
    asked = {
        "engagement": desk.engagements["supplier"].pk,
        "copies": [Copy.objects.get(person=desk["contact"]).pk],
        "sub_vendor": "Kestrel Tooling",
        "contact_name": "Ada Fenn",
        "contact_email": "ada@kestrel.test",
        "why": "They coat the bumper.",
    }
    return f"/onward-requests/{_post(contact, '/onward-requests', asked, status=201)['id']}"


def _approved(home: Home, desk: Desk, officer: Client, contact: Client) -> str:
    """Ask for, and approve, a copy for somebody whom nobody knows yet; return the request's path."""
    path = _asked(home, desk, officer, contact)
    _post(officer, f"{path}/decide", {"approve": True, "why": "As agreed."})
    return path


def test_why_a_standing_approval_leaves_a_request_to_an_officer_is_told_to_the_owners_programs_alone(
    home: Home, desk: Desk, program: Program
) -> None:
    Agreement.objects.filter(pk=desk.agreements["supplier"].pk).update(standing_approval=True)
    Party.named("Kestrel Tooling", {}, now=NOW_HERE)
    path = _asked(home, desk, program("officer"), program("contact"))
    seen = {who: program(who).get(f"/api/v1{path}").json() for who in ("officer", "contact")}
    assert (seen["officer"]["state"], seen["contact"]["left_to_officer"]) == ("asked", None)
    assert "on record before this request" in seen["officer"]["left_to_officer"]


def test_a_contact_whose_invitation_was_withdrawn_is_invited_once_more_by_an_officer(
    home: Home, desk: Desk, program: Program
) -> None:
    officer, contact = program("officer"), program("contact")
    path = _approved(home, desk, officer, contact)
    (invited,) = officer.get("/api/v1/invitations").json()["items"]
    assert officer.delete(f"/api/v1/invitations/{invited['id']}").status_code == 204
    assert "invitation was withdrawn" in " ".join(officer.get(f"/api/v1{path}").json()["waits_for"])
    before = contact.get(f"/api/v1{path}").json()["waits_for"]
    anew = _post(officer, f"{path}/invite")
    assert (anew["email"], anew["withdrawn"], anew["id"] != invited["id"]) == ("ada@kestrel.test", None, True)
    assert _post(officer, f"{path}/invite", status=409)["type"] == "urn:tidemark:problem:refused"
    assert "accepts the invitation" in " ".join(officer.get(f"/api/v1{path}").json()["waits_for"])
    assert contact.get(f"/api/v1{path}").json()["waits_for"] == before


def test_an_approval_is_taken_back_once_and_both_reasons_are_read_by_the_supplier_but_not_who_gave_them(
    home: Home, desk: Desk, program: Program
) -> None:
    officer, contact = program("officer"), program("contact")
    path = _approved(home, desk, officer, contact)
    taken = _post(officer, f"{path}/take-back", {"why": "Done in house."})
    assert taken["state"] == "taken back"
    assert taken["decided_by"]["id"] == taken["taken_back_by"]["id"] == desk["officer"].id
    seen = contact.get(f"/api/v1{path}").json()
    assert (seen["decision"], seen["taken_back_why"], seen["waits_for"]) == ("As agreed.", "Done in house.", [])
    assert (seen["decided_by"], seen["taken_back_by"]) == (None, None)
    _post(officer, f"{path}/take-back", {"why": "Again."}, status=409)


def test_what_was_left_out_of_the_child_copies_is_told_to_both_sides_programs(
    home: Home, desk: Desk, program: Program
) -> None:
    officer, contact = program("officer"), program("contact")
    path = _asked(home, desk, officer, contact)
    request = OnwardRequest.objects.get()
    release = Release.objects.create(project=desk.project, created=NOW_HERE, created_by=desk["officer"])
    OnwardRequest.objects.filter(pk=request.pk).update(state="approved", decided=NOW_HERE, release=release)
    for client in (officer, contact):
        (left,) = client.get(f"/api/v1{path}").json()["left_out"]
        assert left["copy_id"] == request.copies.get().pk
        assert "had an open copy of this drawing already" in left["reason"]


def test_who_may_have_no_copy_is_told_why_and_the_others_get_theirs(desk: Desk, program: Program) -> None:
    officer = program("officer")
    draft = _upload(officer, desk.project.pk, make_draft(1, size=SMALL))
    asked = {"project": desk.project.pk, "drafts": [draft["id"]], "persons": [desk["stranger_contact"].id]}
    nobody = _post(officer, "/releases", asked)
    assert nobody["release"] is None
    assert nobody["refusals"][0]["person"] == desk["stranger_contact"].id
    assert "not engaged" in nobody["refusals"][0]["reason"]
    asked["persons"].append(desk["contact"].id)
    both = _post(officer, "/releases", asked)
    assert both["release"]["planned"] == len(both["refusals"]) == 1


def test_of_pairs_these_are_released_and_no_others(desk: Desk, program: Program) -> None:
    officer = program("officer")
    drafts = [_upload(officer, desk.project.pk, make_draft(seed, size=SMALL))["id"] for seed in (1, 2)]
    persons = [desk["contact"].id, desk["sibling_contact"].id]
    pairs = [{"draft": draft, "person": person} for draft, person in zip(drafts, persons, strict=True)]
    asked = {"project": desk.project.pk, "pairs": [*pairs, pairs[0]]}
    assert _post(officer, "/foreseen-releases", asked)["copies"] == 2
    assert _post(officer, "/releases", asked)["release"]["planned"] == 2
    assert set(Copy.objects.values_list("draft_id", "person_id")) == set(zip(drafts, persons, strict=True))


def test_the_place_of_a_party_with_several_is_named_by_the_program(desk: Desk, program: Program) -> None:
    officer, who = program("officer"), ("sub_vendor_contact",)
    second = engage(desk.project, desk.sub_vendor, desk.engagements["sibling"])
    agree(desk.sibling, desk.sub_vendor, desk.project, desk.persons, who, under=desk.agreements["sibling"])
    draft = _upload(officer, desk.project.pk, make_draft(1, size=SMALL))["id"]
    asked = {"project": desk.project.pk, "drafts": [draft], "persons": [desk[who[0]].id]}
    (refused,) = _post(officer, "/releases", asked)["refusals"]
    assert "different parties answer" in refused["reason"]
    assert _post(officer, "/foreseen-releases", asked)["copies"] == 0
    asked["places"] = [second.pk]
    assert _post(officer, "/foreseen-releases", asked)["copies"] == 1
    assert _post(officer, "/releases", asked)["release"]["planned"] == 1
    assert Copy.objects.get(person=desk[who[0]]).engagement == second
    asked["places"] = [desk.engagements["stranger"].pk]
    assert _post(officer, "/releases", asked, status=422)["errors"][0]["at"] == "body.places"


@pytest.mark.parametrize("address", ["/releases", "/foreseen-releases"])
@pytest.mark.parametrize("named", [(), ("drafts",), ("persons",), ("drafts", "pairs"), ("drafts", "persons", "pairs")])
def test_a_release_names_drafts_and_persons_or_pairs_of_them(
    desk: Desk, program: Program, address: str, named: tuple[str, ...]
) -> None:
    officer = program("officer")
    draft = _upload(officer, desk.project.pk, make_draft(1, size=SMALL))["id"]
    person = desk["contact"].id
    said = {"drafts": [draft], "persons": [person], "pairs": [{"draft": draft, "person": person}]}
    asked = {"project": desk.project.pk} | {name: said[name] for name in named}
    answer = officer.post(f"/api/v1{address}", asked, content_type="application/json")
    assert (answer.status_code, answer.json()["errors"][0]["at"]) == (422, "body.pairs")
    assert not Copy.objects.exists()


def test_a_pair_of_what_is_not_there_is_no_pair(desk: Desk, program: Program) -> None:
    asked = {"project": desk.project.pk, "pairs": [{"draft": "none", "person": desk["contact"].id}]}
    answer = program("officer").post("/api/v1/releases", asked, content_type="application/json")
    assert (answer.status_code, answer.json()["errors"][0]["at"]) == (422, "body.pairs")


def test_an_agreement_is_registered_accepted_and_terminated(desk: Desk, program: Program) -> None:
    officer, contact, member = program("officer"), program("contact"), program("member")
    terms = {
        "recipient": desk.supplier.pk,
        "reference": "NDA 2026/7",
        "kinds": ["bidding"],
        "projects": [desk.project.pk],
        "valid_from": "2026-01-01",
        "valid_until": "2026-12-31",
        "damages": {"amount": "1000000.00", "currency": "CNY"},
    }
    made = _post(officer, "/agreements", terms, status=201)
    address = f"/agreements/{made['id']}"
    assert made["damages"] == {"amount": "1000000.00", "currency": "CNY"}
    attached = officer.post(f"/api/v1{address}/document", {"file": SimpleUploadedFile('a"b\r\nX: y.pdf', PDF)})
    assert attached.status_code == 200, attached.content
    in_force = _post(officer, f"{address}/put-in-force")
    assert in_force["state"] == "in force"
    paper = contact.get(f"/api/v1{address}/document")
    assert paper.content == PDF
    assert paper.headers["Content-Disposition"].startswith("attachment;")

    accepted = {"for_party": True, "content_sha256": in_force["content_sha256"]}
    _post(member, f"{address}/accept", accepted, status=403)
    _post(contact, f"{address}/accept", {**accepted, "content_sha256": "0" * 64}, status=409)
    seen = _post(contact, f"{address}/accept", accepted)
    assert seen["is_accepted_for_party"]
    _post(member, f"{address}/accept", {**accepted, "for_party": False})
    _post(contact, f"{address}/terminate", {"why": "No."}, status=403)
    assert _post(officer, f"{address}/terminate", {"why": "It was breached."})["state"] == "terminated"


def test_what_was_accepted_on_other_terms_is_not_accepted(desk: Desk, program: Program) -> None:
    agreement = desk.agreements["supplier"]
    Agreement.objects.filter(pk=agreement.pk).update(content_sha256="0" * 64)
    agreement.acceptances.filter(person=desk["member"]).update(content_sha256="0" * 64)
    seen = program("officer").get(f"/api/v1/agreements/{agreement.pk}").json()
    assert not seen["is_accepted_for_party"]
    assert [each["person"]["name"] for each in seen["acceptances"]] == ["member person"]


def test_a_round_is_prepared_opened_bid_for_closed_and_awarded(desk: Desk, program: Program) -> None:
    officer, contact, sibling = program("officer"), program("contact"), program("sibling_contact")
    draft = _upload(officer, desk.project.pk, make_draft(1, size=SMALL))
    made = _post(
        officer,
        "/rounds",
        {
            "project": desk.project.pk,
            "title": "Bumpers",
            "drafts": [draft["id"]],
            "parties": [desk.supplier.pk, desk.sibling.pk],
            "closes": (NOW_HERE + timedelta(days=7)).isoformat(),
        },
        status=201,
    )
    address = f"/rounds/{made['id']}"
    assert contact.get(f"/api/v1{address}").status_code == 404  # it is only prepared
    _post(officer, f"{address}/open")
    assert [each["party"]["name"] for each in contact.get(f"/api/v1{address}").json()["bidders"]] == [
        desk.supplier.name
    ]
    bid = contact.post(f"/api/v1{address}/bids", {"note": "1.2 M", "file": SimpleUploadedFile("bid.xlsx", b"figures")})
    assert bid.status_code == 201, bid.content
    file = f"/api/v1{address}/bids/{bid.json()['id']}/file"
    assert contact.get(file).content == b"figures"
    assert officer.get(file).status_code == sibling.get(file).status_code == 404  # sealed
    assert all(each["bids"] == [] for each in officer.get(f"/api/v1{address}").json()["bidders"])
    _post(officer, f"{address}/close")
    assert officer.get(file).content == b"figures"
    assert sibling.get(file).status_code == 404
    bidders = officer.get(f"/api/v1{address}").json()["bidders"]
    (winner,) = [each["id"] for each in bidders if each["bids"]]
    awarded = _post(officer, f"{address}/award", {"winners": [winner]})
    assert {each["outcome"] for each in awarded["bidders"]} == {"won", "lost"}


def test_a_project_gets_its_supply_tree_and_people_are_invited(desk: Desk, program: Program) -> None:
    officer, contact = program("officer"), program("contact")
    project = _post(officer, "/projects", {"code_name": "ZZ9", "embargo": "2027-02-01", "description": "d"}, status=201)
    party = _post(officer, "/parties", {"name": "Corvin Tooling"}, status=201)
    first = _post(officer, f"/projects/{project['id']}/engagements", {"party": desk.supplier.pk}, status=201)
    below = _post(
        officer, f"/projects/{project['id']}/engagements", {"party": party["id"], "above": first["id"]}, status=201
    )
    assert (below["tier"], below["above"]) == (2, first["id"])
    assert contact.get(f"/api/v1/projects/{project['id']}").json()["description"] == ""
    suspended = _post(officer, f"/engagements/{below['id']}/suspend", {"why": "An audit is due."})
    assert (suspended["state"], suspended["suspended_why"]) == ("suspended", "An audit is due.")
    assert contact.get(f"/api/v1/engagements/{below['id']}").json()["suspended_why"] == ""
    resumed = _post(officer, f"/engagements/{below['id']}/resume")
    assert (resumed["state"], resumed["suspended_why"]) == ("active", "")
    assert _post(officer, f"/engagements/{below['id']}/suspend", {})["suspended_why"] == ""
    _post(officer, f"/engagements/{below['id']}/suspend", {"why": "x" * 4001}, status=422)
    invited = {"party": desk.supplier.pk, "name": "Ann Example", "email": "ann@example.test", "roles": ["member"]}
    made = _post(contact, "/invitations", invited, status=201)
    assert "token" not in str(made)
    _post(contact, "/invitations", {**invited, "party": desk.sub_vendor.pk, "email": "b@example.test"}, status=409)
    _post(contact, "/invitations", {**invited, "party": desk.sibling.pk, "email": "c@example.test"}, status=422)
    assert contact.delete(f"/api/v1/invitations/{made['id']}").status_code == 204
