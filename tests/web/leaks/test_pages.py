"""The pages of leaks: who sees what, what is claimed in which words, and that no found file is ever shown as it is."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.conftest import NOW, make_draft
from tests.desk import Desk
from tests.records.leaks.found import Held, hand_in, hold, repost, traced
from tidemark.records.home import Home
from tidemark.records.leaks.receive import Received

Browse = Callable[..., Client]
HTML = b"<!doctype html><script>alert(document.cookie)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


@pytest.fixture
def held(home: Home, desk: Desk) -> Held:
    return hold(home, desk)


@pytest.fixture
def accused(home: Home, desk: Desk, held: Held) -> Received:
    """A leak of the sub-vendor's copy, traced."""
    leak = repost(held.file_of[held.sub_vendors.pk])
    received = hand_in(home, desk, leak, platform="Forum", handle="tide", url="javascript:alert(1)")
    traced(home, received)
    return received


def addresses(received: Received) -> dict[str, str]:
    post = received.post
    match = post.traces.get().matches.get()
    return {
        "list": "/leaks/",
        "page": f"/leaks/{received.leak.pk}/",
        "picture": f"/leaks/posts/{post.pk}/picture/large/",
        "thumb": f"/leaks/posts/{post.pk}/picture/thumb/",
        "leak on draft": f"/leaks/matches/{match.pk}/leak/",
        "file": f"/leaks/posts/{post.pk}/file/",
        "draft": f"/leaks/matches/{match.pk}/draft/",
        "difference": f"/leaks/matches/{match.pk}/difference/",
        "where": f"/leaks/matches/{match.pk}/where/",
    }


OF_DRAFTS = ("file", "draft", "difference", "where")


@pytest.mark.slow
def test_who_sees_leaks_and_who_sees_the_drafts_beside_them(browse: Browse, accused: Received) -> None:
    expected = {
        "officer": (200, 200),
        "investigator": (200, 200),
        "legal": (200, 200),
        "communications": (200, 403),
        "administrator": (403, 403),
        "contact": (404, 404),
        "sub_vendor_contact": (404, 404),
        "stranger_contact": (404, 404),
        "": (302, 302),
    }
    for who, (sees, sees_drafts) in expected.items():
        client = browse(who)
        for name, address in addresses(accused).items():
            assert client.get(address).status_code == (sees_drafts if name in OF_DRAFTS else sees), (who, name)


@pytest.mark.slow
def test_who_may_not_act_changes_nothing(browse: Browse, accused: Received) -> None:
    from tidemark.records.leaks.models import Post, Trace

    post = accused.post
    for who, status in {"legal": 403, "communications": 403, "administrator": 403, "contact": 404, "": 302}.items():
        client = browse(who)
        for address in ("receive", f"posts/{post.pk}/trace", f"posts/{post.pk}/split", f"posts/{post.pk}/confirm"):
            upload = {"files": SimpleUploadedFile("x.png", make_draft(8)), "why": "because"}
            assert client.post(f"/leaks/{address}/", upload).status_code == status, (who, address)
        assert client.post(f"/leaks/{accused.leak.pk}/join/", {"into": "x", "why": "y"}).status_code == status, who
    assert (Post.objects.count(), Trace.objects.count()) == (1, 1)


@pytest.mark.slow
def test_the_three_claims_stand_apart(browse: Browse, accused: Received, held: Held, desk: Desk) -> None:
    page = browse("officer").get(f"/leaks/{accused.leak.pk}/").content.decode()
    verdict = page[page.index('class="verdict is-accused"') : page.index('class="found"')]
    copy, custodian, responsible = verdict.split("<section>")[1:]
    assert held.sub_vendors.pk in copy
    assert "at most 1 in 10^" in copy
    assert desk.sub_vendor.name not in copy
    assert desk.sub_vendor.name in custodian
    assert "does not say who leaked it" in custodian
    assert desk.supplier.name in responsible
    assert "answers for its sub-vendor" in responsible
    assert "a bidding draft, not the final design" in page


@pytest.mark.slow
def test_a_suspicion_is_never_shown_as_an_accusation(browse: Browse, accused: Received) -> None:
    trace = accused.post.traces.get()
    trace.named.update(is_accused=False)
    type(trace).objects.filter(pk=trace.pk).update(verdict="suspected")
    client = browse("officer")
    page = client.get(f"/leaks/{accused.leak.pk}/").content.decode()
    assert "A lead for an investigator, not an accusation." in page
    assert 'class="verdict' not in page
    assert ">accused</span>" not in page
    row = client.get("/leaks/?standing=suspected").content.decode()
    assert "a lead</span>" in row
    assert accused.post.traces.get().named.get().copy.holder.name not in row


@pytest.mark.slow
def test_addresses_of_posts_are_text_and_never_links(browse: Browse, accused: Received) -> None:
    page = browse("officer").get(f"/leaks/{accused.leak.pk}/").content.decode()
    assert "javascript:alert(1)" in page
    assert 'href="javascript' not in page


@pytest.mark.parametrize("data", [HTML, SVG, b"GIF89a" + HTML], ids=["html", "svg", "polyglot"])
def test_found_files_are_never_shown_inline(browse: Browse, desk: Desk, data: bytes) -> None:  # noqa: ARG001
    from tidemark.records.leaks.models import Post

    client = browse("investigator")
    answer = client.post("/leaks/receive/", {"files": SimpleUploadedFile("a.png", data, "image/png")}, follow=True)
    assert "kept unchanged" in answer.content.decode()
    post = Post.objects.get()
    saved = client.get(f"/leaks/posts/{post.pk}/file/")
    assert saved.content == data
    assert saved.headers["Content-Type"] == "application/octet-stream"
    assert saved.headers["Content-Disposition"].startswith("attachment;")
    assert saved.headers["X-Content-Type-Options"] == "nosniff"
    assert client.get(f"/leaks/posts/{post.pk}/picture/large/").status_code == 404
    assert "cannot be read as a picture" in client.get(f"/leaks/{post.leak_id}/").content.decode()


def test_many_files_come_in_one_go_and_what_fails_is_named(browse: Browse, desk: Desk) -> None:  # noqa: ARG001
    from tidemark.records.leaks.models import Post

    files = [SimpleUploadedFile(name, data) for name, data in (("a.png", make_draft(8)), ("b.png", make_draft(9)))]
    said = {"platform": "Weibo", "handle": "@tide", "posted": "2026-03-12T08:00", "found": "a friend saw it"}
    answer = browse("officer").post(
        "/leaks/receive/", {"files": [*files, SimpleUploadedFile("e.png", b"")], **said}, follow=True
    )
    page = answer.content.decode()
    assert "2 files are kept unchanged" in page
    assert "e.png" in page
    assert {(post.file_name, post.poster.handle, post.found) for post in Post.objects.all() if post.poster} == {
        ("a.png", "@tide", "a friend saw it"),
        ("b.png", "@tide", "a friend saw it"),
    }
    assert Post.objects.filter(posted__hour=8).count() == 2


def test_no_file_is_told_and_what_was_typed_stays(browse: Browse, desk: Desk) -> None:  # noqa: ARG001
    answer = browse("officer").post("/leaks/receive/", {"platform": "Weibo"})
    assert answer.status_code == 422
    assert 'value="Weibo"' in answer.content.decode()


def test_a_joined_leak_leads_to_where_its_posts_are(browse: Browse, home: Home, desk: Desk) -> None:
    first, second = hand_in(home, desk, make_draft(8)), hand_in(home, desk, make_draft(9))
    client = browse("officer")
    client.post(f"/leaks/{second.leak.pk}/join/", {"into": first.leak.pk, "why": "same affair"})
    answer = client.get(f"/leaks/{second.leak.pk}/")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/leaks/{first.leak.pk}/")
    assert second.leak.pk not in client.get("/leaks/").content.decode()
    client.post(f"/leaks/posts/{second.post.pk}/split/", {"why": "not after all"})
    second.post.refresh_from_db()
    assert second.post.leak_id not in (first.leak.pk, second.leak.pk)


def test_a_fault_of_the_store_names_no_folder(browse: Browse, home: Home, desk: Desk) -> None:
    first, second, third = (hand_in(home, desk, make_draft(seed)) for seed in (8, 9, 10))
    client = browse("officer")
    client.post(f"/leaks/{second.leak.pk}/join/", {"into": first.leak.pk, "why": "same affair"})
    home.ledger_key.unlink()
    for path, said in (
        ("/leaks/receive/", {"files": SimpleUploadedFile("a.png", make_draft(11)), "found": "a friend"}),
        ("/leaks/links/", {"link": "look https://t.me/spyshots/17", "found": "a friend"}),
        (f"/leaks/posts/{second.post.pk}/split/", {"why": "not after all"}),
        (f"/leaks/{third.leak.pk}/join/", {"into": first.leak.pk, "why": "same affair"}),
    ):
        page = client.post(path, said, follow=True).content.decode()
        assert "own store has a fault" in page, path
        assert str(home.path) not in page, path


@pytest.mark.slow
def test_leaks_by_one_poster_meet(browse: Browse, home: Home, desk: Desk, accused: Received) -> None:
    other = hand_in(home, desk, make_draft(8), platform="forum", handle="@TIDE")
    page = browse("officer").get(f"/leaks/{accused.leak.pk}/").content.decode()
    assert f"/leaks/{other.leak.pk}/" in page
    listed = browse("officer").get(f"/leaks/?poster={accused.post.poster_id}").content.decode()
    assert listed.count('class="leak-cell"') == 2


def test_a_waiting_trace_is_polled_and_a_finished_page_is_not(browse: Browse, home: Home, desk: Desk) -> None:
    received = hand_in(home, desk, make_draft(8))
    client = browse("officer")
    assert 'hx-trigger="every' in client.get(f"/leaks/{received.leak.pk}/").content.decode()
    traced(home, received)
    page = client.get(f"/leaks/{received.leak.pk}/").content.decode()
    assert 'hx-trigger="every' not in page
    assert "It shows no draft on record." in page


@pytest.mark.slow
def test_the_number_of_queries_does_not_grow_with_leaks_or_posts(browse: Browse, home: Home, desk: Desk) -> None:
    client = browse("officer")
    pages: list[tuple[int, int]] = []
    first = hand_in(home, desk, make_draft(100, size=(300, 300)), platform="F", handle="a")
    for amount in (2, 8):
        for number in range(amount):
            seed = 100 * amount + number
            more = hand_in(home, desk, make_draft(seed, size=(300, 300)), now=NOW + timedelta(seconds=seed), handle="a")
            more.post.leak = first.leak
            hand_in(home, desk, make_draft(seed + 50, size=(300, 300)), platform="F", handle="b")
            more.post.save(update_fields=["leak"])
        counted = []
        for address in ("/leaks/", f"/leaks/{first.leak.pk}/"):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert client.get(address).status_code == 200
            counted.append(len(queries))
        pages.append((counted[0], counted[1]))
    assert pages[0] == pages[1]


def test_a_pasted_link_is_a_leak_without_a_file_and_wrong_text_stays(browse: Browse, desk: Desk) -> None:  # noqa: ARG001
    client = browse("officer")
    page = client.post("/leaks/links/", {"link": "look https://t.me/spyshots/17"}, follow=True).content.decode()
    assert "Only the text of a link was handed in." in page
    assert "spyshots</a> · Telegram" in page
    answer = client.post("/leaks/links/", {"link": "no address <b>"})
    assert answer.status_code == 422
    assert "no address &lt;b&gt;</textarea>" in answer.content.decode()
    assert "There is no address in the text" in answer.content.decode()
    sources = client.get("/leaks/posters/").content.decode()
    assert "spyshots</a><small>Telegram</small>" in sources


def test_a_running_trace_shows_how_far_it_is(browse: Browse, home: Home, desk: Desk) -> None:
    received = hand_in(home, desk, make_draft(8))
    received.post.traces.update(state="running", started=NOW, step="register", step_done=1, step_parts=3)
    page = browse("officer").get(f"/leaks/{received.leak.pk}/").content.decode()
    assert "Laying it on the drafts, 2 of 3" in page
    assert 'value="1" max="3"' in page


def test_a_post_is_corrected_on_its_page_and_what_was_said_before_stands_there(
    browse: Browse, home: Home, desk: Desk
) -> None:
    posted = NOW - timedelta(days=2)  # with seconds, which the form has not
    received = hand_in(home, desk, make_draft(8), platform="Forum", handle="@tide", posted=posted)
    client, address = browse("investigator"), f"/leaks/posts/{received.post.pk}/correct/"
    page = client.get(f"/leaks/{received.leak.pk}/").content.decode()
    assert f'value="{posted:%Y-%m-%dT%H:%M}"' in page
    said = {"platform": "Forum", "handle": "@wave", "posted": f"{posted:%Y-%m-%dT%H:%M}", "why": "It was a quote."}
    page = client.post(address, said, follow=True).content.decode()
    assert "It is corrected." in page
    for words in ("@wave</a> · Forum", "It was a quote.", "Forum · @tide · 2026-03-12T09:26:53.000000Z"):
        assert words in page
    received.post.refresh_from_db()
    assert received.post.posted == posted
    refused = client.post(address, {**said, "url": "https://forum.example/t/1", "why": ""})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert '<details class="regroup" open>' in page
    assert re.search(
        rf'id="why-{received.post.pk}"[^>]*>\s*<ul class="errorlist"[^>]*><li>This field is required', page
    )
    assert 'value="https://forum.example/t/1"' in page  # nothing that was written is lost
    assert f'action="{address}"' not in browse("legal").get(f"/leaks/{received.leak.pk}/").content.decode()


def test_a_form_of_before_a_correction_is_refused(browse: Browse, home: Home, desk: Desk) -> None:
    received = hand_in(home, desk, make_draft(8), platform="Forum", handle="@tide")
    client, address = browse("investigator"), f"/leaks/posts/{received.post.pk}/correct/"
    page = client.get(f"/leaks/{received.leak.pk}/").content.decode()
    (shown,) = re.findall(r'name="shown" value="([0-9a-f]{64})"', page)
    said = {"platform": "Forum", "handle": "@wave", "why": "It was a quote.", "shown": shown}
    assert "It is corrected." in client.post(address, said, follow=True).content.decode()
    stale = {**said, "handle": "@tide", "url": "https://forum.example/t/1"}
    assert "since you looked" in browse("officer").post(address, stale, follow=True).content.decode()
    received.post.refresh_from_db()
    assert (str(received.post.poster), received.post.url) == ("@wave (Forum)", "")


def test_mails_that_were_not_wholly_taken_in_are_listed_where_leaks_are(
    browse: Browse,
    home: Home,
    desk: Desk,  # noqa: ARG001
) -> None:
    folder = home.path / "inbox/refused"
    folder.mkdir(parents=True)
    assert "taken in" not in browse("legal").get("/leaks/").content.decode()
    (folder / "one<b>.why.txt").write_text("It has <script> attached.\n")
    page = browse("legal").get("/leaks/").content.decode()
    assert "1 e-mail was not, or not wholly, taken in" in page
    assert "one&lt;b&gt;.eml" in page
    assert "It has &lt;script&gt; attached." in page
