"""A case through the API: from its opening to the answer, the evidence, and an accusation that is taken back."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.api.conftest import Program
from tests.desk import Desk
from tests.records.cases.played import (
    CLAUSE,
    copy_of,
    felled,
    leak_of,
    opened,
    played,
    played_below,
    seen_before_it_was_issued,
    under_another,
)
from tests.records.cases.retold import KINDS, retold
from tidemark.records.accounts.models import Person
from tidemark.records.cases.models import Allegation
from tidemark.records.cases.stopped import why_stopped
from tidemark.records.home import Home

SENT = "application/json"


def _post(client: Client, address: str, body: object = None, *, status: int = 200) -> Any:
    answer = client.post(f"/api/v1{address}", body if body is not None else {}, content_type=SENT)
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def test_of_a_change_of_which_one_part_is_refused_nothing_is_written(home: Home, desk: Desk, program: Program) -> None:
    officer = program("officer")
    taken = leak_of(desk, [copy_of(desk, desk.supplier)], home=home)
    opened(home, desk, taken)
    case = _post(officer, "/cases", {"title": "Front"}, status=201)
    address = f"/cases/{case['id']}"
    sent = {"assignee": desk["officer"].pk, "title": "Rear", "severity": "low", "leaks": [taken.pk]}
    _post(officer, f"{address}/change", sent, status=409)
    assert officer.get(f"/api/v1{address}").json() == case
    changed = _post(officer, f"{address}/change", {**sent, "leaks": []})
    assert (changed["title"], changed["severity"], changed["assignee"]["id"]) == ("Rear", "low", desk["officer"].pk)


def test_a_case_goes_from_opening_to_a_final_allegation(home: Home, desk: Desk, program: Program) -> None:
    officer, legal, contact = program("officer"), program("legal"), program("contact")
    agreement = desk.agreements["supplier"]
    agreement.clause = CLAUSE
    agreement.save()
    copy = copy_of(desk, desk.sub_vendor)
    leak = leak_of(desk, [copy], home=home)
    case = _post(officer, "/cases", {"title": "Front", "leaks": [leak.pk]}, status=201)
    assert (case["number"], case["project"]["code_name"]) == ("2026-001", "MS11")
    address = f"/cases/{case['id']}"
    changed = _post(officer, f"{address}/change", {"assignee": desk["investigator"].pk, "severity": "medium"})
    assert (changed["assignee"]["id"], changed["severity"]) == (desk["investigator"].pk, "medium")
    _post(officer, f"{address}/status", {"status": "investigating"})
    _post(officer, f"{address}/status", {"status": "alleged"}, status=409)
    (claim,) = officer.get(f"/api/v1{address}/claims").json()
    assert (claim["copy_id"], claim["custodian"]["name"]) == (copy.pk, desk.sub_vendor.name)
    assert (claim["responsible"]["name"], claim["agreement"]) == (desk.supplier.name, agreement.pk)
    assert claim["is_accused"]
    assert claim["draft"] == {"id": copy.draft_id, "file_name": "front.png", "revision": 2, "status": "bidding"}
    assert [party["name"] for party in claim["way"]] == [desk.supplier.name, desk.sub_vendor.name]

    made = _post(legal, f"{address}/allegations", {"party": desk.supplier.pk}, status=201)
    mine = f"/allegations/{made['id']}"
    assert made["clause"] == CLAUSE
    assert contact.get(f"/api/v1{mine}").status_code == 404
    _post(legal, f"{mine}/put")
    seen = contact.get(f"/api/v1{mine}").json()
    assert (seen["case"], seen["copies"], seen["override_reason"], seen["bundles"]) == (None, [], "", [])
    _post(legal, f"{mine}/final", status=409)
    form = {"answer": "names", "names_party": desk.sub_vendor.pk, "file": SimpleUploadedFile("log.txt", b"log")}
    replied = contact.post(f"/api/v1{mine}/replies/with-file", form)
    assert replied.status_code == 201, replied.content
    (reply,) = replied.json()["replies"]
    assert reply["names_party"]["name"] == desk.sub_vendor.name
    assert legal.get(f"/api/v1{mine}/files/{reply['files'][0]['id']}").content == b"log"
    _post(contact, f"{mine}/replies", {"answer": "names", "names_party": desk.sibling.pk}, status=422)

    _post(contact, f"{mine}/evidence/ask")
    (bundle,) = _post(legal, f"{mine}/evidence/grant")["bundles"]
    handed = contact.post(f"/api/v1{mine}/evidence/{bundle['id']}")
    assert handed.content.startswith(b"sealed")
    assert handed.headers["Content-Disposition"].startswith("attachment")
    assert _post(legal, f"{mine}/final")["state"] == "final"
    assert officer.get(f"/api/v1{address}").json()["status"] == "decided"
    kinds = [each["kind"] for each in officer.get(f"/api/v1{address}/events").json()["items"]]
    assert kinds[:3] == ["case-changed", "allegation-final", "evidence-handed-over"]


def test_a_case_that_somebody_else_has_changed_is_not_changed_by_what_was_read_before(
    home: Home, desk: Desk, program: Program
) -> None:
    officer, who = program("officer"), desk["investigator"]
    address = f"/cases/{played(home, desk).case_id}"
    was = officer.get(f"/api/v1{address}").json()
    read = {"title": was["title"], "assignee": None, "severity": was["severity"]}
    assert _post(officer, f"{address}/change", {"assignee": who.pk, "shown": read})["assignee"]["id"] == who.pk
    for name, sent in (("assignee", {"assignee": None}), ("title", {"title": "Rear"})):
        refused = _post(officer, f"{address}/change", {**sent, "shown": read}, status=409)
        assert "The case is not as you read it" in refused["detail"], name
    seen = officer.get(f"/api/v1{address}").json()
    assert (seen["title"], seen["assignee"]["id"]) == (was["title"], who.pk)
    assert _post(officer, f"{address}/change", {"title": "Rear", "shown": {"title": was["title"]}})["title"] == "Rear"
    _post(officer, f"{address}/change", {"title": "Front", "shown": {"status": "closed"}}, status=422)


@pytest.mark.parametrize(("play", "is_owners"), [(played, True), (played_below, False)])
def test_a_claim_and_an_allegation_say_whether_the_agreement_is_the_owners(
    home: Home, desk: Desk, program: Program, play: Callable[[Home, Desk], Allegation], is_owners: bool
) -> None:
    made = play(home, desk)
    (claim,) = program("legal").get(f"/api/v1/cases/{made.case_id}/claims").json()
    assert (claim["agreement"], claim["is_owners_agreement"]) == (made.agreement_id, is_owners)
    seen = program("legal").get(f"/api/v1/allegations/{made.pk}").json()
    assert (seen["is_owners_agreement"], seen["clause"]) == (is_owners, CLAUSE if is_owners else "")


def test_leads_come_last_if_asked_for_and_accuse_nobody_and_the_owners_own_copy_answers_to_nobody(
    desk: Desk, program: Program
) -> None:
    own = copy_of(desk, desk.owner, is_master=True)
    lead = copy_of(desk, desk.supplier)
    leaks = [leak_of(desk, [lead], title="A rumour", verdict="suspected"), leak_of(desk, [own], title="A proof")]
    case = _post(program("officer"), "/cases", {"title": "Front", "leaks": [leak.pk for leak in leaks]}, status=201)
    address = f"/api/v1/cases/{case['id']}/claims"
    assert [each["copy_id"] for each in program("officer").get(address).json()] == [own.pk]
    claims = program("officer").get(f"{address}?leads=true").json()
    assert [(each["copy_id"], each["is_accused"], bool(each["responsible"])) for each in claims] == [
        (own.pk, True, False),
        (lead.pk, False, True),
    ]
    assert claims[0]["way"] == []


def test_a_leak_is_taken_out_of_its_case_and_only_of_that(desk: Desk, program: Program) -> None:
    officer = program("officer")
    kept, wrong = (leak_of(desk, [], title=title, verdict="inconclusive") for title in ("Kept", "Wrong"))
    case = _post(officer, "/cases", {"title": "Front", "leaks": [kept.pk, wrong.pk]}, status=201)
    address = f"/api/v1/cases/{case['id']}/leaks/{wrong.pk}"
    assert officer.delete(address).json()["leaks"] == [kept.pk]
    assert officer.delete(address).status_code == 404
    assert program("legal").delete(f"/api/v1/cases/{case['id']}/leaks/{kept.pk}").status_code == 403
    events = officer.get(f"/api/v1/cases/{case['id']}/events").json()["items"]
    assert events[0]["detail"] == {"leak_removed": wrong.pk}


def test_an_override_takes_two_programs_of_two_persons_and_is_taken_back_with_an_apology(
    desk: Desk, program: Program
) -> None:
    officer, legal, contact = program("officer"), program("legal"), program("sibling_contact")
    leak = leak_of(desk, [], verdict="inconclusive")
    case = _post(officer, "/cases", {"title": "Chat", "leaks": [leak.pk]}, status=201)
    _post(officer, f"/cases/{case['id']}/status", {"status": "investigating"})
    address = f"/cases/{case['id']}/allegations"
    _post(legal, address, {"party": desk.sibling.pk}, status=409)
    made = _post(legal, address, {"party": desk.sibling.pk, "override_reason": "Two experts."}, status=201)
    mine = f"/allegations/{made['id']}"
    words = {"summary": "The file names its author.", "answer_by": "2026-04-01T00:00:00Z"}
    assert legal.put(f"/api/v1{mine}", words, content_type=SENT).status_code == 200
    _post(legal, f"{mine}/put", status=409)
    assert _post(legal, f"{mine}/approvals")["override_approved"] == ["legal"]
    _post(legal, f"{mine}/put", status=409)
    assert _post(officer, f"{mine}/approvals")["override_approved"] == ["legal", "officer"]
    Person.objects.filter(pk=desk["officer"].pk).update(is_active=False)
    seen = legal.get(f"/api/v1{mine}").json()
    assert (seen["override_approved"], [each["role"] for each in seen["override_uncounted"]]) == (
        ["legal"],
        ["officer"],
    )
    assert contact.get(f"/api/v1{mine}").status_code == 404
    Person.objects.filter(pk=desk["officer"].pk).update(is_active=True)
    _post(legal, f"{mine}/put")
    assert contact.get(f"/api/v1{mine}").json()["override_approved"] == []
    _post(legal, f"{mine}/withdraw", status=409)
    _post(legal, f"{mine}/withdraw", {"apology": "We are sorry."})
    seen = contact.get(f"/api/v1{mine}").json()
    assert (seen["state"], seen["apology"]) == ("withdrawn", "We are sorry.")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("stop", "why"),
    [
        (felled, "any more. Withdraw the allegation with an apology"),
        (seen_before_it_was_issued, "Since it was put it became known: "),
    ],
)
def test_the_owners_programs_read_that_an_allegation_is_stopped_and_the_partys_do_not(
    home: Home, desk: Desk, program: Program, stop: Callable[[Desk, Allegation], object], why: str
) -> None:
    made = played(home, desk)
    addresses = (f"/api/v1/allegations/{made.pk}", "/api/v1/allegations")

    def said(who: str) -> list[str]:
        one, some = (program(who).get(address).json() for address in addresses)
        return [one["stopped"], *(each["stopped"] for each in some["items"])]

    assert said("legal") == ["", ""]
    stop(desk, made)
    assert said("legal") == [why_stopped(made)] * 2
    assert why in why_stopped(made)
    assert said("contact") == ["", ""]


def test_an_override_says_under_which_of_several_agreements_its_leads_fall(
    home: Home, desk: Desk, program: Program
) -> None:
    copies = [copy_of(desk, desk.supplier), under_another(desk, copy_of(desk, desk.supplier, number=2))]
    case = opened(home, desk, leak_of(desk, copies, verdict="suspected"))
    sent = {"party": desk.supplier.pk, "override_reason": "Two experts."}
    said = _post(program("legal"), f"/cases/{case.pk}/allegations", sent, status=409)
    assert "several agreements" in said["detail"]
    for copy in copies:
        asked = {**sent, "agreement": copy.agreement_id}
        made = _post(program("legal"), f"/cases/{case.pk}/allegations", asked, status=201)
        assert (made["agreement"], made["copies"]) == (copy.agreement_id, [copy.pk])


@pytest.mark.slow
def test_the_events_of_a_case_are_those_of_its_leaks_too_page_by_page(home: Home, desk: Desk, program: Program) -> None:
    case, legal = retold(home, desk), program("legal")
    told: list[dict[str, Any]] = []
    address: str | None = f"/api/v1/cases/{case.pk}/events?limit=4"
    while address:
        seen = legal.get(address).json()
        told, address = told + seen["items"], seen["next"]
    assert [each["kind"] for each in told] == KINDS[::-1]
    post = told[-2]
    assert (post["by"]["id"], post["detail"]["poster"], post["detail"]["platform"]) == (
        desk["investigator"].pk,
        "@tide",
        "Forum",
    )
    assert post["detail"]["posted"] == "2026-03-12T08:30:00.000000Z"
    assert program("contact").get(f"/api/v1/cases/{case.pk}/events").status_code == 404


def test_notes_duties_files_and_judgements_are_the_owners(desk: Desk, program: Program) -> None:
    officer, legal, contact = program("officer"), program("legal"), program("contact")
    case = _post(officer, "/cases", {"title": "Front"}, status=201)
    address = f"/cases/{case['id']}"
    _post(legal, f"{address}/notes", {"text": "A note."}, status=201)
    duty = _post(legal, f"{address}/duties", {"title": "Ask", "assignee": desk["officer"].pk}, status=201)
    changed = _post(officer, f"{address}/duties/{duty['id']}/change", {"due": "2099-04-01T00:00:00Z"})
    assert (changed["assignee"]["id"], changed["due"]) == (desk["officer"].pk, "2099-04-01T00:00:00Z")
    assert _post(officer, f"{address}/duties/{duty['id']}/change", {"assignee": None})["assignee"] is None
    assert _post(officer, f"{address}/duties/{duty['id']}/done")["done"] is not None
    assert _post(officer, f"{address}/change", {"title": "Rear"})["title"] == "Rear"
    file = legal.post(f"/api/v1{address}/files", {"file": SimpleUploadedFile("a.html", b"<script>")}).json()
    assert officer.get(f"/api/v1{address}/files/{file['id']}").headers["Content-Type"] == "application/octet-stream"
    _post(legal, f"{address}/intents", {"kind": "negligent", "reason": "A shared folder."}, status=201)
    for part in ("notes", "duties", "files", "intents", "events", "claims"):
        assert officer.get(f"/api/v1{address}/{part}").status_code == 200
        assert contact.get(f"/api/v1{address}/{part}").status_code == 404
    made = program("legal").post(f"/api/v1{address}/export", {"form": "data"}, content_type="application/json")
    assert made.content.startswith(b"PK")
    other = _post(officer, "/cases", {"title": "Rear"}, status=201)
    assert _post(officer, f"{address}/merge", {"into": other["id"], "why": "One."})["merged_into"] == other["id"]
