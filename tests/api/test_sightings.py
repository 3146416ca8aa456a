"""Sightings through the API: recorded, corrected, turned, linked; the owner's alone."""

import json
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.api.conftest import Program
from tests.conftest import make_draft
from tests.desk import Desk
from tests.records.cases.played import opened
from tidemark.records.home import Home
from tidemark.records.leaks.models import Trace

PHOTO = make_draft(5, size=(300, 400))
SENT = "application/json"


def _record(client: Client, desk: Desk, data: bytes = PHOTO, **said: str) -> Any:
    sent = {"vehicle": "estate, plate MS11", "project": str(desk.project.pk), "camouflage": "wrapped", **said}
    return client.post("/api/v1/sightings", {"file": SimpleUploadedFile("car.png", data), **sent})


def _post(client: Client, address: str, body: object, *, status: int = 200) -> Any:
    answer = client.post(f"/api/v1{address}", json.dumps(body), content_type=SENT)
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def test_a_sighting_is_recorded_corrected_and_judged(home: Home, desk: Desk, program: Program) -> None:  # noqa: ARG001
    client = program("investigator")
    made = _record(client, desk, handle="@spy", platform="Forum", place="Arjeplog")
    assert made.status_code == 201, made.content
    said = made.json()
    assert (said["embargo"]["outcome"], said["poster"]["handle"], said["run"]["state"]) == ("unclear", "@spy", "queued")
    known = {
        "vehicle": "estate",
        "project": desk.project.pk,
        "camouflage": "none",
        "drive": "planned",
        "permit": "TD-7",
    }
    address = f"/api/v1/sightings/{said['id']}"
    better = client.put(address, json.dumps(known), content_type=SENT).json()
    assert [reason["code"] for reason in better["embargo"]["reasons"]] == ["before-known", "bare", "permitted"]
    assert better["embargo"]["outcome"] == "breach"
    assert client.get(f"{address}/file").content == PHOTO
    assert [each["kind"] for each in client.get(f"{address}/events").json()["items"]] == [
        "sighting-changed",
        "sighting-recorded",
    ]
    assert client.get("/api/v1/leaks").json()["items"] == []


def test_a_sighting_goes_on_as_a_leak_and_back(home: Home, desk: Desk, program: Program) -> None:  # noqa: ARG001
    client = program("officer")
    made = _record(client, desk).json()
    leak = _post(client, f"/sightings/{made['id']}/leak", {"why": "It is a screen."})
    assert leak["files"][0]["file_sha256"] == made["file_sha256"]
    assert client.get("/api/v1/sightings").json()["items"] == []
    (turned,) = client.get("/api/v1/sightings?is_turned=true").json()["items"]
    assert turned["turned_into"] == leak["id"]
    _post(client, f"/sightings/{made['id']}/leak", {"why": "Again."}, status=409)
    back = {"vehicle": "estate", "why": "It is a car."}
    _post(client, f"/leaks/{leak['id']}/sighting", back, status=409)
    Trace.objects.update(state="done", verdict="unmatched")
    assert _post(client, f"/leaks/{leak['id']}/sighting", back)["id"] == made["id"]
    assert client.get("/api/v1/leaks").json()["items"] == []


def test_accounts_and_channels_count_what_the_lists_of_leaks_and_sightings_show(
    home: Home,  # noqa: ARG001
    desk: Desk,
    program: Program,
) -> None:
    client = program("officer")
    said: dict[str, Any] = {"handle": "@spy", "platform": "Forum", "channel": "cars"}

    def counts() -> set[tuple[int, int]]:
        """Return leaks and sightings as they are counted; each list, narrowed down to the source, is as long."""
        found = set()
        for kind in ("poster", "channel"):
            (source,) = client.get(f"/api/v1/{kind}s").json()["items"]
            for listed in ("leaks", "sightings"):
                items = client.get(f"/api/v1/{listed}?{kind}={source['id']}").json()["items"]
                assert len(items) == source[listed], (kind, listed)
            found.add((source["leaks"], source["sightings"]))
        return found

    sent = {"file": SimpleUploadedFile("car.png", PHOTO), **said}
    leak = client.post("/api/v1/leaks", sent).json()["leak"]
    assert counts() == {(1, 0)}
    Trace.objects.update(state="done", verdict="unmatched")
    sighting = _post(client, f"/leaks/{leak}/sighting", {"vehicle": "estate", "why": "It is a car."})
    assert counts() == {(0, 1)}
    _post(client, f"/sightings/{sighting['id']}/leak", {"why": "It is a screen."})
    assert counts() == {(1, 0)}
    other = make_draft(6, size=(300, 400))
    another = client.post("/api/v1/leaks", {"file": SimpleUploadedFile("other.png", other), **said}).json()["leak"]
    assert counts() == {(2, 0)}
    _post(client, f"/leaks/{another}/join", {"into": leak, "why": "One picture."})
    assert counts() == {(1, 0)}
    _record(client, desk, make_draft(7, size=(300, 400)), **said)
    assert counts() == {(1, 1)}


def test_a_case_is_linked_by_who_handles_cases(home: Home, desk: Desk, program: Program) -> None:
    client, case = program("officer"), opened(home, desk)
    made = _record(client, desk).json()
    assert _post(client, f"/sightings/{made['id']}/case", {"case": case.pk})["case"] == case.pk
    _post(client, f"/sightings/{made['id']}/case", {"case": "nowhere"}, status=422)
    _post(program("legal"), f"/sightings/{made['id']}/case", {"case": None}, status=403)
    events = client.get(f"/api/v1/cases/{case.pk}/events").json()["items"]
    assert events[0]["detail"] == {"sighting_added": made["id"]}


def test_odd_input_is_refused(home: Home, desk: Desk, program: Program) -> None:  # noqa: ARG001
    client = program("officer")
    for said in (
        {"vehicle": ""},
        {"vehicle": "a\x00b"},
        {"camouflage": "naked"},
        {"project": "999999999999999999999"},
        {"project": "424242"},
        {"seen": "yesterday"},
        {"seen": "0001-01-01T00:00:00+14:00"},
    ):
        assert _record(client, desk, **said).status_code == 422, said
    assert _record(client, desk, seen="2999-01-01T00:00:00Z").status_code == 409
    assert _record(client, desk, b"").status_code in (409, 422)
    assert client.get("/api/v1/sightings").json()["items"] == []


def test_the_number_of_queries_does_not_grow_with_sightings(home: Home, desk: Desk, program: Program) -> None:  # noqa: ARG001
    client, counts = program("officer"), []
    for more in (1, 5):
        for number in range(more):
            _record(client, desk, make_draft(100 * more + number, size=(120, 160)), handle="@spy", platform="F")
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/api/v1/sightings").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]
