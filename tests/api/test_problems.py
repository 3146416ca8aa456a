"""Whatever goes wrong, the answer is a problem document, and says nothing that its reader may not know."""

import logging
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.api.conftest import Program
from tests.desk import Desk
from tidemark.api import people
from tidemark.errors import RecordsDamaged, Refused
from tidemark.records.copies.models import Copy


def _is_problem(answer: object, status: int, name: str) -> bool:
    assert answer.headers["Content-Type"] == "application/problem+json"  # type: ignore[attr-defined]
    assert answer.headers["Cache-Control"] == "no-store"  # type: ignore[attr-defined]
    body = answer.json()  # type: ignore[attr-defined]
    assert {"type", "title", "status", "detail"} <= set(body)
    return (answer.status_code, body["status"], body["type"]) == (status, status, f"urn:tidemark:problem:{name}")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "address", ["/api/v1/nothing", "/api/v1/", "/api/v2/me", "/api/v1/parties/9999", "/api/v1/me/"]
)
def test_an_unknown_address_is_not_found(program: Program, address: str) -> None:
    assert _is_problem(program("officer").get(address), 404, "not-found")


def test_a_method_that_is_not_offered_is_told_with_those_that_are(program: Program) -> None:
    answer = program("officer").put("/api/v1/projects/1/tree")
    assert _is_problem(answer, 405, "method-not-allowed")
    assert answer.headers["Allow"] == "GET"


def test_a_value_out_of_its_range_is_told_with_its_place(program: Program) -> None:
    answer = program("officer").get("/api/v1/parties?limit=0")
    assert _is_problem(answer, 422, "invalid")
    assert answer.json()["errors"] == [
        {"at": "query.limit", "what": "Input should be greater than or equal to 1"},
    ]


def _places(answer: object) -> list[str]:
    assert _is_problem(answer, 422, "invalid")
    return [fault["at"] for fault in answer.json()["errors"]]  # type: ignore[attr-defined]


def test_a_misspelt_field_is_refused_and_never_passed_over(program: Program, desk: Desk) -> None:
    sent = {
        "project": desk.project.pk,
        "pairs": [{"draft": "x", "person": "x", "persom": "y"}],
        "expirs": "2099-01-01",
    }
    answer = program("officer").post("/api/v1/releases", sent, content_type="application/json")
    assert _places(answer) == ["body.pairs.0.persom", "body.expirs"]
    assert not Copy.objects.filter(is_master=False).exists()


def test_a_misspelt_filter_is_refused_for_it_would_list_everything(program: Program) -> None:
    assert _places(program("officer").get("/api/v1/leaks?stauts=accused&limit=5")) == ["query.stauts"]
    assert _places(program("officer").get("/api/v1/me?verbose=1")) == ["query.verbose"]


def test_a_misspelt_part_of_a_form_is_refused(program: Program) -> None:
    sent = {
        "file": SimpleUploadedFile("seen.png", b"png"),
        "flie": SimpleUploadedFile("other.png", b"png"),
        "plattform": "Kuaiying",
    }
    answer = program("investigator").post("/api/v1/leaks", sent)
    assert sorted(_places(answer)) == ["file.flie", "form.plattform"]


def test_a_stranger_learns_no_names_of_an_operation() -> None:
    stranger = Client(headers={"host": "127.0.0.1"})
    assert _is_problem(stranger.get("/api/v1/leaks?stauts=accused"), 401, "unauthenticated")


def test_a_fault_in_a_body_is_placed_as_its_sender_wrote_it(program: Program) -> None:
    answer = program("officer").post("/api/v1/releases", {"project": "x"}, content_type="application/json")
    assert _places(answer) == ["body.project"]
    assert _places(program("officer").post("/api/v1/releases", [1], content_type="application/json")) == ["body"]


@pytest.mark.parametrize(
    ("media_type", "body", "status", "name"),
    [
        ("application/json", b"{", 400, "malformed"),
        ("application/json", b"\xff", 400, "malformed"),
        ("application/json", b"[" * 100_000, 400, "malformed"),
        ("application/json", b"[]", 422, "invalid"),
        ("application/json", b'{"code_name": "\\u0000"}', 422, "invalid"),
        ("application/json", b'{"code_name": "\\ud800"}', 422, "invalid"),
        ("application/json", b" " * (9 * 1024 * 1024), 413, "too-large"),
        ("text/plain", b'{"code_name": "ZZ9"}', 415, "wrong-media-type"),
        ("application/x-www-form-urlencoded", b"code_name=ZZ9", 415, "wrong-media-type"),
    ],
)
def test_a_body_that_is_not_as_it_should_be_is_refused_by_its_fault(
    program: Program, media_type: str, body: bytes, status: int, name: str
) -> None:
    answer = program("officer").post("/api/v1/projects", body, content_type=media_type)
    assert _is_problem(answer, status, name)


@pytest.mark.parametrize("body", [b"x", b"--b\r\n" + b"x" * 9000, b"--b\r\nContent-Disposition: form-data\r\n\r\n"])
def test_a_form_that_cannot_be_read_is_refused(program: Program, desk: Desk, body: bytes) -> None:
    for boundary in ("; boundary=b", ""):
        answer = program("officer").post(
            f"/api/v1/projects/{desk.project.pk}/drafts", body, content_type=f"multipart/form-data{boundary}"
        )
        assert answer.status_code in (400, 422)
        assert answer.headers["Content-Type"] == "application/problem+json"


def test_what_is_refused_by_a_rule_is_told_in_its_words(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    _has(monkeypatch, Refused("The round is closed."))
    answer = program("officer").get("/api/v1/parties")
    assert _is_problem(answer, 409, "refused")
    assert answer.json()["detail"] == "The round is closed."


@pytest.mark.parametrize("fault", [RuntimeError("/srv/secret/path"), RecordsDamaged("/srv/secret/path is damaged")])
def test_what_breaks_inside_is_told_to_the_log_alone(
    program: Program, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, fault: Exception
) -> None:
    _has(monkeypatch, fault)
    with caplog.at_level(logging.ERROR):
        answer = program("officer").get("/api/v1/parties")
    assert _is_problem(answer, 500, "broken")
    assert "secret" not in answer.content.decode()
    assert "Traceback" not in answer.content.decode()
    assert answer.json()["fault"] in caplog.text


def test_what_breaks_outside_every_operation_is_a_problem_too(
    monkeypatch: pytest.MonkeyPatch, program: Program
) -> None:
    client = program("officer")
    monkeypatch.setattr("tidemark.web.middleware.translation.get_language_from_request", _break)
    assert _is_problem(client.get("/api/v1/me"), 500, "broken")


def test_a_foreign_host_is_refused_as_a_problem(program: Program) -> None:
    assert _is_problem(program("officer").get("/api/v1/me", headers={"host": "evil.test"}), 400, "malformed")


def test_pages_keep_their_own_errors(browse: Callable[[str], Client]) -> None:
    answer = browse("officer").get("/nothing-here/")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("text/html")


def _break(*_: object) -> None:
    raise RuntimeError


def _has(monkeypatch: pytest.MonkeyPatch, fault: Exception) -> None:
    def fail(*_: object) -> None:
        raise fault

    monkeypatch.setattr(people, "visible_parties", fail)
