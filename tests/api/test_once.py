"""A request with an idempotency key is done once, however often it is sent."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.api.conftest import NOW_HERE, Program
from tests.conftest import make_draft
from tests.desk import Desk
from tidemark.api import projects
from tidemark.records.projects.models import Draft, Project
from tidemark.records.requests.models import KeptRequest
from tidemark.records.requests.once import KEPT_FOR, begin

BODY = {"code_name": "ZZ9", "label": "internal"}


def _open(client: Client, key: str, body: dict[str, Any] = BODY) -> Any:
    return client.post(
        "/api/v1/projects", json.dumps(body), content_type="application/json", headers={"idempotency-key": key}
    )


def test_the_same_request_again_gets_the_same_answer_and_does_nothing(program: Program) -> None:
    client = program("officer")
    first, again = _open(client, "one"), _open(client, "one")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert again.headers["Content-Type"] == first.headers["Content-Type"]
    assert again.headers["Idempotent-Replay"] == "true"
    assert "Idempotent-Replay" not in first.headers
    assert Project.objects.filter(code_name="ZZ9").count() == 1


def test_a_refusal_is_answered_again_too(program: Program) -> None:
    client = program("officer")
    _open(client, "one")
    refused = _open(client, "two")
    assert refused.status_code == 409
    Project.objects.filter(code_name="ZZ9").delete()
    assert _open(client, "two").content == refused.content
    assert _open(client, "three").status_code == 201


def test_a_key_is_not_used_for_another_body_or_address(program: Program) -> None:
    client = program("officer")
    _open(client, "one")
    other = _open(client, "one", {**BODY, "code_name": "ZZ10"})
    assert (other.status_code, other.json()["type"]) == (422, "urn:tidemark:problem:idempotency-key-reused")
    party = client.post(
        "/api/v1/parties", {"name": "N"}, content_type="application/json", headers={"idempotency-key": "one"}
    )
    assert party.status_code == 422
    assert not Project.objects.filter(code_name="ZZ10").exists()


def test_each_persons_keys_are_their_own(program: Program) -> None:
    assert _open(program("officer"), "one").status_code == 201
    assert _open(program("administrator"), "one").status_code == 403  # and not the officer's answer


def test_a_request_that_is_under_way_is_not_done_twice(program: Program, desk: Desk) -> None:
    client = program("officer")
    first = _open(client, "one")
    KeptRequest.objects.update(status=None)
    again = _open(client, "one")
    assert (again.status_code, again.json()["type"]) == (409, "urn:tidemark:problem:refused")
    KeptRequest.objects.update(expires=NOW_HERE)
    assert begin(desk["officer"], "one", "another", now=NOW_HERE) is None  # a day later it is free again
    assert KeptRequest.objects.get().expires == NOW_HERE + KEPT_FOR
    assert first.status_code == 201


def test_a_request_that_failed_inside_can_be_sent_again(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    client = program("officer")

    def fail(**_: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(projects, "create_project", fail)
        assert _open(client, "one").status_code == 500
    assert _open(client, "one").status_code == 201


def test_a_request_of_a_wrong_form_uses_no_key_up(program: Program) -> None:
    client = program("officer")
    assert _open(client, "one", {"label": "internal"}).status_code == 422
    assert _open(client, "one").status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 201, "naïve", "a\tb"])
def test_a_key_of_a_wrong_form_is_refused(program: Program, key: str) -> None:
    assert _open(program("officer"), key).status_code == 422


@pytest.mark.usefixtures("no_trial")
def test_an_upload_is_known_by_its_bytes(program: Program, desk: Desk) -> None:
    client, address = program("officer"), f"/api/v1/projects/{desk.project.pk}/drafts"

    def upload(seed: int) -> Any:
        file = SimpleUploadedFile("a.png", make_draft(seed, size=(300, 400)))
        return client.post(address, {"file": file}, headers={"idempotency-key": "one"})

    first = upload(1)
    assert first.status_code == 201, first.content
    assert upload(1).json() == first.json()
    assert upload(2).status_code == 422
    assert Draft.objects.count() == 1
