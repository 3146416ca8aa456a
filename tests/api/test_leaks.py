"""Leaks through the API: handed in, looked at, put together and apart; never anybody's but the owner's."""

import json
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.api.conftest import Program
from tests.conftest import make_draft
from tests.desk import Desk
from tests.records.cases.played import copy_of, leak_of, trace_of
from tidemark.records import blobs
from tidemark.records.home import Home
from tidemark.records.leaks.models import Leak, Post, Trace

PICTURE = make_draft(3, size=(300, 400))
ORIGIN = {
    "found": "a forum",
    "platform": "Forum",
    "handle": "@Spy",
    "channel": "cars",
    "url": "https://forum.example/1",
}


def _hand_in(client: Client, data: bytes = PICTURE, *, key: str = "", **said: str) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    sent = {"file": SimpleUploadedFile("found.png", data), **ORIGIN, **said}
    return client.post("/api/v1/leaks", sent, headers=headers)


def _post(client: Client, address: str, body: object, *, status: int = 200) -> Any:
    answer = client.post(f"/api/v1{address}", json.dumps(body), content_type="application/json")
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def test_a_file_is_kept_unchanged_with_all_that_is_said_of_it(home: Home, desk: Desk, program: Program) -> None:  # noqa: ARG001
    client = program("investigator")
    made = _hand_in(client, text="look")
    assert made.status_code == 201, made.content
    said = client.get(f"/api/v1/leaks/{made.json()['leak']}").json()
    (file,) = said["files"]
    (post,) = file["posts"]
    assert (post["poster"]["handle"], post["channel"]["name"], post["text"]) == ("@Spy", "cars", "look")
    assert (post["via"], post["finder"]) == ("api", "investigator person")
    assert (said["standing"], file["trace"]["state"]) == ("waiting", "queued")
    assert client.get(f"/api/v1/posts/{post['id']}/file").content == PICTURE
    assert client.get(f"/api/v1/posts/{post['id']}/preview").content[:2] == b"\xff\xd8"
    assert client.get(f"/api/v1/posts/{post['id']}/traces").json()[0]["id"] == file["trace"]["id"]
    asked = client.post(f"/api/v1/posts/{post['id']}/traces")
    assert (asked.status_code, asked.json()["id"]) == (200, file["trace"]["id"])


def test_the_same_request_sent_twice_is_done_once(home: Home, desk: Desk, program: Program) -> None:  # noqa: ARG001
    client = program("officer")
    first, second = _hand_in(client, key="crawl-1"), _hand_in(client, key="crawl-1")
    assert first.content == second.content
    assert second.headers["Idempotent-Replay"] == "true"
    assert Post.objects.count() == 1
    assert _hand_in(client, make_draft(4, size=(300, 400)), key="crawl-1").status_code == 422


def test_a_link_without_a_file_is_kept_to_the_letter_and_says_who_posted_where(
    home: Home, desk: Desk, program: Program
) -> None:
    client = program("officer")
    text = "看这个 https://t.me/spyshots/17 !"
    made = _post(client, "/leaks/links", {"text": text}, status=201)
    assert "Hand in the file" in made["unreadable"]
    post = client.get(f"/api/v1/posts/{made['post']}").json()
    assert (post["platform"], post["channel"]["name"], post["url"]) == (
        "Telegram",
        "spyshots",
        "https://t.me/spyshots/17",
    )
    assert blobs.get(home, blobs.Shelf.LEAKS, made["file_sha256"]).decode() == text
    assert not Trace.objects.exists()
    again = _post(client, "/leaks/links", {"text": text}, status=201)
    assert (again["post"], again["is_new"]) == (made["post"], False)
    _post(client, "/leaks/links", {"text": "no address in it"}, status=409)
    assert desk["officer"].name == post["finder"]


def test_of_each_named_copy_three_claims_are_told_apart(home: Home, desk: Desk, program: Program) -> None:
    copy = copy_of(desk, desk.sub_vendor, answers_under=desk.agreements["supplier"])
    leak = leak_of(desk, [copy], home=home)
    said = program("legal").get(f"/api/v1/leaks/{leak.pk}").json()
    trace = said["files"][0]["trace"]
    (named,) = trace["named"]
    assert (trace["verdict"], named["is_accused"]) == ("accused", True)
    assert (named["copy_claim"]["id"], named["copy_claim"]["log10_bound"]) == (copy.pk, -189.0)
    assert [party["name"] for party in named["custodian"]["way"]] == [desk.supplier.name, desk.sub_vendor.name]
    assert named["custodian"]["party"]["name"] == desk.sub_vendor.name
    assert named["responsible"]["party"]["name"] == desk.supplier.name
    assert named["responsible"]["agreement"] == desk.agreements["supplier"].pk
    (match,) = trace["matches"]
    assert (match["draft"]["revision"], match["draft"]["status"], match["has_evidence"]) == (2, "bidding", True)
    evidence = f"/api/v1/matches/{match['id']}/evidence"
    assert program("legal").get(evidence).content == b"sealed " + copy.draft_id.encode()
    assert program("communications").get(evidence).status_code == 403
    assert program("contact").get(evidence).status_code == 404


def test_no_agreement_of_others_is_said_to_be_that_of_who_answers(home: Home, desk: Desk, program: Program) -> None:
    leak = leak_of(desk, [copy_of(desk, desk.sub_vendor)], home=home)  # from before the agreement was kept with copies
    (named,) = program("legal").get(f"/api/v1/leaks/{leak.pk}").json()["files"][0]["trace"]["named"]
    assert (named["responsible"]["party"]["name"], named["responsible"]["agreement"]) == (desk.supplier.name, None)


def test_a_trace_that_is_not_done_says_nothing(home: Home, desk: Desk, program: Program) -> None:
    leak = leak_of(desk, [copy_of(desk, desk.supplier)], home=home)
    Trace.objects.update(state="running", step="register", step_done=1, step_parts=3)
    trace = program("officer").get(f"/api/v1/leaks/{leak.pk}").json()["files"][0]["trace"]
    assert (trace["verdict"], trace["named"], trace["matches"]) == ("", [], [])
    assert (trace["step"], trace["step_done"], trace["step_parts"]) == ("register", 1, 3)


def test_leaks_are_joined_split_and_found_by_what_they_have_in_common(
    home: Home,  # noqa: ARG001
    desk: Desk,  # noqa: ARG001
    program: Program,
) -> None:
    client = program("officer")
    one, two = _hand_in(client).json(), _hand_in(client, make_draft(4, size=(300, 400))).json()
    common = client.get(f"/api/v1/leaks/{one['leak']}/similar").json()
    assert [(each["id"], each["common"]) for each in common] == [(two["leak"], ["poster", "channel"])]
    joined = _post(client, f"/leaks/{two['leak']}/join", {"into": one["leak"], "why": "One picture."})
    assert (joined["id"], len(joined["files"])) == (one["leak"], 2)
    assert client.get(f"/api/v1/leaks/{two['leak']}").json()["joined_into"] == one["leak"]
    assert [each["id"] for each in client.get("/api/v1/leaks").json()["items"]] == [one["leak"]]
    apart = _post(client, f"/posts/{two['post']}/split", {"why": "Another picture."})
    assert apart["id"] not in (one["leak"], two["leak"])
    _post(client, f"/posts/{two['post']}/split", {"why": "Again."}, status=409)
    _post(client, f"/posts/{two['post']}/confirm", {"why": ""}, status=422)


def test_lists_are_narrowed_down_and_grow_no_queries(home: Home, desk: Desk, program: Program) -> None:
    client = program("officer")
    made = _hand_in(client).json()
    (poster,) = client.get("/api/v1/posters").json()["items"]
    assert (poster["handle"], poster["leaks"], poster["sightings"]) == ("@Spy", 1, 0)
    counts = []
    for more in (1, 6):
        for number in range(more):
            leak_of(desk, [copy_of(desk, desk.sibling, number=10 * more + number)], title=f"{more} {number}", home=home)
        for number in range(more):  # the same file elsewhere is another post of the first leak
            _hand_in(client, url=f"https://forum.example/{more}/{number}")
        with CaptureQueriesContext(connection) as seen:
            items = client.get("/api/v1/leaks").json()["items"]
            for address in (f"leaks/{made['leak']}", f"leaks/{made['leak']}/similar", f"posts/{made['post']}/traces"):
                assert client.get(f"/api/v1/{address}").status_code == 200
        counts.append(len(seen))
    assert len(items) == 8
    assert counts[0] == counts[1]
    assert len(client.get("/api/v1/leaks?standing=accused").json()["items"]) == 7
    assert [each["id"] for each in client.get(f"/api/v1/leaks?poster={poster['id']}").json()["items"]] == [made["leak"]]
    assert client.get("/api/v1/leaks?standing=guilty").status_code == 422
    assert client.get("/api/v1/leaks?q=%00").status_code == 422
    assert len(client.get("/api/v1/leaks?limit=3").json()["items"]) == 3


def test_odd_input_is_refused_and_nothing_is_kept(home: Home, desk: Desk, program: Program) -> None:  # noqa: ARG001
    client = program("officer")
    for said in (
        {"found": "a\x00b"},
        {"url": "x" * 2001},
        {"handle": "a\nb"},
        {"posted": "yesterday"},
        {"posted": "0001-01-01T00:00:00+14:00"},
    ):
        assert _hand_in(client, **said).status_code == 422, said
    assert _hand_in(client, b"").status_code in (409, 422)
    assert client.post("/api/v1/leaks", ORIGIN).status_code == 422
    assert not Leak.objects.exists()


def test_a_note_on_an_account_is_written_by_who_handles_leaks(home: Home, desk: Desk, program: Program) -> None:  # noqa: ARG001
    client = program("officer")
    _hand_in(client)
    (poster,) = client.get("/api/v1/posters").json()["items"]
    address = f"/api/v1/posters/{poster['id']}"
    noted = client.put(address, json.dumps({"note": "A dealer."}), content_type="application/json")
    assert noted.json()["note"] == "A dealer."
    told = json.dumps({"note": "No."})
    assert program("legal").put(address, told, content_type="application/json").status_code == 403
    assert program("contact").put(address, told, content_type="application/json").status_code == 404
    assert program("contact").get("/api/v1/posters").json()["items"] == []


def test_a_post_is_corrected_by_who_handles_leaks(home: Home, desk: Desk, program: Program) -> None:  # noqa: ARG001
    client = program("investigator")
    address = f"/api/v1/posts/{_hand_in(client).json()['post']}"
    sent = json.dumps({"platform": "Forum", "handle": "@wave", "posted": "2026-03-12T08:30:00Z", "why": "A quote."})
    seen = client.put(address, sent, content_type="application/json").json()
    assert (seen["poster"]["handle"], seen["channel"], seen["url"]) == ("@wave", None, "")
    assert seen["posted"] == "2026-03-12T08:30:00Z"
    assert client.put(address, sent, content_type="application/json").status_code == 409
    known = {"platform": "Forum", "handle": "@tide", "why": "No quote.", "shown": seen["origin_sha256"]}
    assert client.put(address, json.dumps(known), content_type="application/json").status_code == 200
    stale = client.put(address, json.dumps({**known, "handle": "@wave"}), content_type="application/json")
    assert (stale.status_code, "since you looked" in stale.json()["detail"]) == (409, True)
    assert client.get(address).json()["poster"]["handle"] == "@tide"
    assert client.put(address, json.dumps({"why": ""}), content_type="application/json").status_code == 422
    assert program("legal").put(address, sent, content_type="application/json").status_code == 403
    assert program("contact").put(address, sent, content_type="application/json").status_code == 404


def test_mails_that_were_not_wholly_taken_in_are_listed(home: Home, desk: Desk, program: Program) -> None:  # noqa: ARG001
    folder = home.path / "inbox/refused"
    folder.mkdir(parents=True)
    (folder / "one.why.txt").write_text("The message has no picture attached.\n")
    (told,) = program("legal").get("/api/v1/inbox").json()
    assert (told["file_name"], told["is_refused"]) == ("one.eml", True)
    assert told["why"] == "The message has no picture attached."
    assert program("contact").get("/api/v1/inbox").json() == []
    assert program("administrator").get("/api/v1/inbox").status_code == 403


def test_every_trace_of_a_file_is_listed_the_latest_first(home: Home, desk: Desk, program: Program) -> None:
    copy = copy_of(desk, desk.supplier)
    leak = leak_of(desk, [copy], home=home)
    post = leak.posts.get()
    later = trace_of(post, [], verdict="inconclusive", hours=2)
    said = program("officer").get(f"/api/v1/posts/{post.pk}/traces").json()
    assert [(each["id"] == later.pk, each["verdict"]) for each in said] == [(True, "inconclusive"), (False, "accused")]
    assert program("contact").get(f"/api/v1/posts/{post.pk}/traces").status_code == 404
