"""The pages of sightings: told apart from leaks, with the embargo check in words."""

from collections.abc import Callable

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.conftest import NOW, make_draft
from tests.desk import Desk
from tests.records.cases.played import draft, opened
from tests.records.leaks.found import hand_in
from tidemark.records.home import Home
from tidemark.records.leaks.models import Leak, Trace
from tidemark.records.sightings.models import Sighting, SightingMatch, SightingRun

Browse = Callable[[str], Client]
PHOTO = make_draft(5, size=(300, 400))


def record(client: Client, desk: Desk, data: bytes = PHOTO, **said: str) -> str:
    sent = {"vehicle": "saloon <b>", "project": str(desk.project.pk), "camouflage": "none", "drive": "unplanned"}
    answer = client.post("/sightings/record/", {**sent, "file": SimpleUploadedFile("c.png", data), **said}, follow=True)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def test_a_recorded_sighting_says_what_it_shows_and_why_that_is_against_the_embargo(
    home: Home,  # noqa: ARG001
    desk: Desk,
    browse: Browse,
) -> None:
    page = record(browse("investigator"), desk, platform="Forum", handle="@spy", seen="2026-03-10T08:00")
    assert "against the embargo" in page
    assert "The drive was not planned." in page
    assert "The vehicle has no camouflage." in page
    assert "saloon &lt;b&gt;" in page
    assert "It is being compared with the drafts." in page
    listed = browse("officer").get("/sightings/?camouflage=none").content.decode()
    assert "against the embargo" in listed
    assert browse("officer").get("/sightings/?camouflage=wrapped").content.decode().count("saloon") == 0
    assert "No leaks here" in browse("officer").get("/leaks/").content.decode()


def test_what_was_typed_stays_when_something_is_wrong(home: Home, desk: Desk, browse: Browse) -> None:  # noqa: ARG001
    answer = browse("officer").post("/sightings/record/", {"vehicle": "estate", "place": "Arjeplog"})
    assert answer.status_code == 422
    assert 'value="Arjeplog"' in answer.content.decode()
    assert not Sighting.objects.exists()


def test_a_photographed_file_offers_to_be_turned_and_names_nobody(home: Home, desk: Desk, browse: Browse) -> None:  # noqa: ARG001
    client = browse("officer")
    record(client, desk)
    row = Sighting.objects.get()
    SightingRun.objects.update(state="done", has_mark=True, finished=NOW)
    SightingMatch.objects.create(run=SightingRun.objects.get(), draft=draft(desk), correlation=0.9, coverage=0.4)
    page = client.get(f"/sightings/{row.pk}/").content.decode()
    assert "This is a photograph of a leaked file." in page
    assert "a bidding draft, not the final design" in page
    assert desk.supplier.name not in page
    answer = client.post(f"/sightings/{row.pk}/leak/", {"why": "It is a screen."}, follow=True)
    assert "It was first recorded as the sighting" in answer.content.decode()
    assert "It goes on as the leak" in client.get(f"/sightings/{row.pk}/").content.decode()
    assert "saloon" not in client.get("/sightings/").content.decode()
    assert "saloon" in client.get("/sightings/?turned=1").content.decode()
    Trace.objects.update(state="done", verdict="unmatched")
    leak = Leak.objects.get()
    page = client.get(f"/leaks/{leak.pk}/").content.decode()
    assert "turn it into a sighting" in page
    said = {"vehicle": "estate", "camouflage": "none", "drive": "unknown", "why": "It is a car."}
    back = client.post(f"/leaks/{leak.pk}/sighting/", said, follow=True)
    assert "It was taken for a leak, and goes on here." in back.content.decode()
    assert "It goes on as the sighting" in client.get(f"/leaks/{leak.pk}/").content.decode()


def test_a_leak_that_became_a_sighting_is_no_leak_of_its_account_any_more(
    home: Home, desk: Desk, browse: Browse
) -> None:
    received = hand_in(home, desk, PHOTO, platform="Forum", handle="@spy", channel="cars")
    client = browse("officer")
    said = {"vehicle": "estate", "camouflage": "none", "drive": "unknown", "why": "It is a car."}
    assert client.get("/leaks/posters/").content.decode().count('data-label="Leaks">1</td>') == 2
    Trace.objects.update(state="done", verdict="unmatched")
    client.post(f"/leaks/{received.leak.pk}/sighting/", said)
    page = client.get("/leaks/posters/").content.decode()
    assert page.count('data-label="Leaks">0</td>') == 2
    assert f'/sightings/?poster={received.post.poster_id}">1</a>' in page
    assert f'/sightings/?channel={received.post.channel_id}">1</a>' in page


def test_a_sighting_is_corrected_and_linked_to_a_case_that_shows_it(home: Home, desk: Desk, browse: Browse) -> None:
    client, case = browse("officer"), opened(home, desk)
    record(client, desk)
    row = Sighting.objects.get()
    known = {
        "vehicle": "estate",
        "project": desk.project.pk,
        "camouflage": "wrapped",
        "drive": "planned",
        "permit": "7",
    }
    page = client.post(f"/sightings/{row.pk}/change/", known, follow=True).content.decode()
    assert "in order" in page
    assert client.post(f"/sightings/{row.pk}/change/", {"vehicle": ""}).status_code == 422
    client.post(f"/sightings/{row.pk}/case/", {"case": case.pk})
    page = client.get(f"/cases/{case.pk}/").content.decode()
    assert f"/sightings/{row.pk}/" in page
    assert "A sighting was linked to the case." in page


def test_photographs_leave_as_files_to_save_and_never_inline(home: Home, desk: Desk, browse: Browse) -> None:  # noqa: ARG001
    client = browse("officer")
    record(client, desk, b"<html><script>alert(1)</script>")
    row = Sighting.objects.get()
    saved = client.get(f"/sightings/{row.pk}/file/")
    assert saved.headers["Content-Type"] == "application/octet-stream"
    assert saved.headers["Content-Disposition"].startswith("attachment;")
    assert client.get(f"/sightings/{row.pk}/picture/large/").status_code == 404
    assert browse("communications").get(f"/sightings/{row.pk}/file/").status_code == 403


def test_the_number_of_queries_does_not_grow_with_sightings(home: Home, desk: Desk, browse: Browse) -> None:  # noqa: ARG001
    client, counts = browse("officer"), []
    for more in (2, 6):
        for number in range(more):
            record(client, desk, make_draft(100 * more + number, size=(120, 160)), platform="F", handle="a")
        row = Sighting.objects.order_by("received", "pk").first()
        assert row is not None
        asked = []
        for address in ("/sightings/", f"/sightings/{row.pk}/", "/leaks/posters/"):
            with CaptureQueriesContext(connection) as seen:
                assert client.get(address).status_code == 200
            asked.append(len(seen))
        counts.append(asked)
    assert counts[0] == counts[1]


def test_a_fault_of_the_store_names_no_folder(home: Home, desk: Desk, browse: Browse) -> None:
    client, leak = browse("officer"), hand_in(home, desk, make_draft(9)).leak
    record(client, desk)
    Trace.objects.update(state="done", verdict="unmatched", finished=NOW)
    home.ledger_key.unlink()
    for path, said in (
        ("/sightings/record/", {"file": SimpleUploadedFile("d.png", make_draft(6)), "vehicle": "estate"}),
        (f"/sightings/{Sighting.objects.get().pk}/leak/", {"why": "It is a screen."}),
        (reverse("leak_sighting", args=(leak.pk,)), {"why": "It is a vehicle.", "vehicle": "estate"}),
    ):
        page = client.post(path, {"camouflage": "none", "drive": "unplanned", **said}, follow=True).content.decode()
        assert "own store has a fault" in page, path
        assert str(home.path) not in page, path
