"""A statement through the API: prepared, checked, explained, approved by two, issued, withdrawn."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.api.conftest import Program
from tests.conftest import make_draft
from tests.desk import Desk
from tests.people import SUPPLIER
from tests.records.statements.said import decided
from tidemark.records.cases.models import Case
from tidemark.records.home import Home
from tidemark.records.projects.models import Draft

SENT = "application/json"
DUE = "2099-06-30T00:00:00Z"


@pytest.fixture
def case(home: Home, desk: Desk) -> Case:
    return decided(home, desk)


def _send(client: Client, address: str, body: object = None, *, method: str = "post", status: int = 200) -> Any:
    answer = getattr(client, method)("/api/v1" + address, {} if body is None else body, content_type=SENT)
    assert answer.status_code == status, answer.content
    return answer.json()


@pytest.mark.slow
def test_a_statement_is_played_through_the_api(program: Program, desk: Desk, case: Case) -> None:
    speaks, legal = program("communications"), program("legal")
    made = _send(speaks, f"/cases/{case.pk}/statements", {"kind": "final", "with_amount": True}, status=201)
    address = f"/statements/{made['id']}"
    words = {name: made[name] for name in ("title_en", "text_en", "title_zh", "text_zh")}
    told = _send(speaks, f"{address}/check", {**words, "text_en": "It was Nоrthwick, of the MS11."})
    assert [(each["rule"], each["severity"], each["said"]) for each in told] == [
        ("name", "refuses", "Nоrthwick"),
        ("code name", "needs a reason", "MS11"),
    ]
    assert SUPPLIER not in str(told)
    _send(speaks, address, {**words, "text_en": f"{words['text_en']} It is the MS11."}, method="put")
    (one,) = legal.get(f"/api/v1{address}/objections").json()
    _send(legal, f"{address}/approvals", {}, status=409)
    _send(legal, f"{address}/reasons", {"objection": one["key"], "reason": "The plate in the picture shows it."})
    (promised,) = made["promises"]
    kept = {
        "words_en": promised["words_en"],
        "words_zh": promised["words_zh"],
        "assignee": desk["officer"].pk,
        "due": DUE,
    }
    seen = _send(speaks, f"{address}/promises/{promised['id']}", kept, method="put")
    _send(legal, f"{address}/approvals", {"content_sha256": "0" * 64}, status=409)
    _send(legal, f"{address}/approvals", {"content_sha256": seen["content_sha256"]})
    _send(speaks, f"{address}/issue", {"channel": "Press release"}, status=409)
    assert _send(speaks, f"{address}/approvals", {"role": "communications"})["approved"] == ["communications", "legal"]
    issued = _send(speaks, f"{address}/issue", {"channel": "Press release"})
    assert (issued["state"], issued["content_sha256"]) == ("issued", seen["content_sha256"])
    duties = speaks.get(f"/api/v1/cases/{case.pk}/duties").json()["items"]
    assert [each["title"] for each in duties] == [promised["words_en"]]
    for language, head in (("en", b"On the images"), ("zh", "关于".encode())):
        assert speaks.get(f"/api/v1{address}/text/{language}").content.startswith(head)
        assert speaks.get(f"/api/v1{address}/pdf/{language}").content.startswith(b"%PDF")
    body = {"kind": "withdrawal", "follows": issued["id"]}
    later = _send(speaks, f"/cases/{case.pk}/statements", body, status=201)
    for client in (speaks, legal):
        _send(client, f"/statements/{later['id']}/approvals", {})
    _send(legal, f"/statements/{later['id']}/issue", {"channel": "Press release"})
    states = {each["id"]: each["state"] for each in legal.get("/api/v1/statements").json()["items"]}
    assert states == {issued["id"]: "withdrawn", later["id"]: "issued"}


def test_promises_and_pictures_are_added_and_taken_away(program: Program, case: Case) -> None:
    speaks = program("communications")
    made = _send(speaks, f"/cases/{case.pk}/statements", {"kind": "holding", "languages": ["en"]}, status=201)
    address = f"/statements/{made['id']}"
    more = _send(speaks, f"{address}/promises", {"words_en": "We claim nothing"}, status=201)
    assert len(more["promises"]) == 2
    for each in more["promises"]:
        left = _send(speaks, f"{address}/promises/{each['id']}", method="delete")
    assert left["promises"] == []
    Draft.objects.update(carrier="none")  # the files of these are nowhere
    file = SimpleUploadedFile("car.png", make_draft(3, size=(120, 160)))
    answer = speaks.post(f"/api/v1{address}/pictures", {"file": file})
    assert answer.status_code == 201, answer.content
    (picture,) = answer.json()["pictures"]
    assert (picture["compared"], picture["fault"]) == (None, "")
    assert speaks.get(f"/api/v1{address}/pictures/{picture['id']}").content.startswith(b"\x89PNG")
    assert _send(speaks, f"{address}/pictures/{picture['id']}", method="delete")["pictures"] == []


def test_a_supplier_finds_none_and_an_administrator_is_told_that_no_role_allows_it(
    program: Program, case: Case
) -> None:
    made = _send(program("legal"), f"/cases/{case.pk}/statements", {"kind": "holding"}, status=201)
    for who in ("contact", "member", "sub_vendor_contact", "stranger_contact"):
        assert program(who).get("/api/v1/statements").json()["items"] == []
        assert program(who).get(f"/api/v1/statements/{made['id']}").status_code == 404
    assert program("administrator").get("/api/v1/statements").status_code == 403
    assert program("investigator").get(f"/api/v1/statements/{made['id']}/objections").status_code == 200
    _send(program("investigator"), f"/statements/{made['id']}/issue", {"channel": "Web"}, status=403)


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "rumour"},
        {"kind": "holding", "languages": []},
        {"kind": "holding", "languages": ["fr"]},
        {"kind": "withdrawal", "follows": "none"},
        {},
    ],
)
def test_odd_bodies_are_told_apart(program: Program, case: Case, body: dict[str, object]) -> None:
    _send(program("legal"), f"/cases/{case.pk}/statements", body, status=422)
