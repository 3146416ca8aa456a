"""A found file is kept unchanged, remembered once in the ledger, and traced if it can be read."""

import hashlib
from datetime import UTC, datetime

import pytest

from tests.conftest import NOW, make_draft
from tests.desk import Desk
from tests.records.leaks.found import hand_in
from tidemark import limits
from tidemark.errors import Refused
from tidemark.ledger.entry import Kind, decode
from tidemark.records import blobs
from tidemark.records.blobs import Shelf
from tidemark.records.home import Home

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def leaves_of(sha256: str, kind: Kind = Kind.LEAK_RECEIVED) -> list[dict[str, object]]:
    from tidemark.records.ledger.models import Leaf

    return [dict(decode(bytes(leaf.data)).body) for leaf in Leaf.objects.filter(subject=sha256, kind=kind)]


def hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("data", [make_draft(4), SVG, b"\x89PNG\r\n\x1a\n then nothing"], ids=["png", "svg", "broken"])
def test_bytes_are_kept_unchanged_whatever_they_are(home: Home, desk: Desk, data: bytes) -> None:
    got = hand_in(home, desk, data, url="https://forum.example/t/1")
    assert got.is_new
    assert blobs.get(home, Shelf.LEAKS, got.post.file_sha256) == data
    assert got.post.file_sha256 == hashlib.sha256(data).hexdigest()
    assert leaves_of(got.post.file_sha256) == [
        {
            "leak": got.post.file_sha256,
            "size_bytes": len(data),
            "name": "found.jpg",
            "found": "a forum, 12 March 2026",
        }
    ]


def test_what_is_no_picture_is_told_so_and_not_traced(home: Home, desk: Desk) -> None:
    from tidemark.records.leaks.models import Trace
    from tidemark.records.leaks.run import request_trace

    post = hand_in(home, desk, SVG).post
    assert post.unreadable.startswith("It cannot be read as a picture: ")
    assert post.preview_sha256 == ""
    assert not Trace.objects.exists()
    with pytest.raises(Refused, match="kept as evidence"):
        request_trace(home, post, by=desk["officer"], now=NOW)


def test_a_picture_waits_for_its_trace_with_a_task(home: Home, desk: Desk) -> None:
    from django_tasks_db.models import DBTaskResult

    from tidemark.records.leaks.models import Trace

    post = hand_in(home, desk, make_draft(4)).post
    trace = Trace.objects.get(post=post)
    assert (trace.state, trace.requested_by) == ("queued", desk["investigator"])
    asked = {(row.task_path.rpartition(".")[2], *row.args_kwargs["args"]) for row in DBTaskResult.objects.all()}
    assert asked == {("run_trace", trace.pk), ("compare_post", post.pk)}


def test_the_same_file_elsewhere_is_another_post_of_its_leak_with_one_leaf_and_one_trace(
    home: Home, desk: Desk
) -> None:
    from tidemark.records.leaks.models import Trace

    data = make_draft(4)
    first = hand_in(home, desk, data, url="https://forum.example/t/1")
    second = hand_in(home, desk, data, url="https://photos.example/9", found="a photo site")
    assert (second.is_new, second.leak, second.post.joined) == (False, first.leak, "bytes")
    assert second.post.pk != first.post.pk
    assert second.post.leaf_index == first.post.leaf_index
    assert len(leaves_of(first.post.file_sha256)) == 1
    assert Trace.objects.count() == 1


def test_each_post_has_a_leaf_of_where_it_was_seen_and_no_name_is_in_it(home: Home, desk: Desk) -> None:
    from tidemark.records.ledger.models import Leaf

    data = make_draft(4)
    posted = datetime(2026, 3, 12, 8, 30, tzinfo=UTC)
    first = hand_in(home, desk, data)
    second = hand_in(
        home,
        desk,
        data,
        url="https://forum.example/t/1",
        platform="Forum",
        handle="@tide",
        channel="Spotters",
        posted=posted,
        text="look at that grille",
        found="a friend told me",
        finder="A. Reader",
    )
    hand_in(home, desk, data)
    bodies = leaves_of(first.post.file_sha256, Kind.POST_RECEIVED)
    assert [body["post"] for body in bodies] == [first.post.pk, second.post.pk]
    assert bodies[1] == {
        "post": second.post.pk,
        "leak": first.post.file_sha256,
        "platform": "Forum",
        "poster_sha256": hashed("@tide"),
        "channel_sha256": hashed("Spotters"),
        "url_sha256": hashed("https://forum.example/t/1"),
        "text_sha256": hashed("look at that grille"),
        "found_sha256": hashed("a friend told me"),
        "finder_sha256": hashed("A. Reader"),
        "posted": "2026-03-12T08:30:00.000000Z",
        "via": "web",
        "by": desk["investigator"].pk,
    }
    assert {bodies[0][name] for name in ("platform", "poster_sha256", "url_sha256", "text_sha256", "posted")} == {""}
    said = b"".join(bytes(leaf.data) for leaf in Leaf.objects.filter(kind=Kind.POST_RECEIVED)).decode()
    assert not [word for word in ('tide"', "Spotters", "grille", "friend", "Reader", "investigator") if word in said]


def test_what_one_account_posts_meets_whatever_way_it_came(home: Home, desk: Desk) -> None:
    from tidemark.records.leaks.links import paste

    said = hand_in(home, desk, make_draft(4), platform="x", handle="@SpyShots").post
    by_address = hand_in(home, desk, make_draft(5), url="https://x.com/spyshots/status/17").post
    text = "look https://x.com/spyshots/status/18"
    pasted = paste(home, text, found="", finder="", via="web", by=desk["officer"], now=NOW).post
    assert said.poster == by_address.poster == pasted.poster
    assert (by_address.platform, pasted.platform) == ("X", "X")
    group = hand_in(home, desk, make_draft(6), url="https://t.me/s/spyshots/17", handle="@w").post
    assert (str(group.poster), str(group.channel)) == ("@w (Telegram)", "spyshots (Telegram)")


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({"platform": "Forum", "url": "https://x.com/spyshots/status/17"}, ("Forum", None)),
        ({"handle": "@me", "url": "https://x.com/spyshots/status/17"}, ("X", "@me")),
        ({"url": "https://weibo.com/" + "a" * 300 + "/NxYz12AbC"}, ("Weibo", None)),
        ({"url": "https://\u200b/t/1"}, ("", None)),
        ({"url": "javascript:alert(1)"}, ("", None)),
    ],
    ids=["another platform", "another account", "too long", "invisible", "no address"],
)
def test_an_address_only_fills_in_and_never_keeps_a_file_out(
    home: Home, desk: Desk, said: dict[str, str], kept: tuple[str, str | None]
) -> None:
    post = hand_in(home, desk, SVG, **said).post
    assert (post.platform, post.poster.handle if post.poster else None) == kept


def test_a_note_on_an_account_has_a_leaf_with_its_hash(home: Home, desk: Desk) -> None:
    from tidemark.records.leaks.posters import note_source

    post = hand_in(home, desk, make_draft(4), platform="Forum", handle="@tide", channel="Spotters").post
    assert post.poster is not None
    assert post.channel is not None
    for source, what in ((post.poster, "poster"), (post.channel, "channel")):
        for _again in range(2):  # the same words once more are nothing new
            note_source(home, source, " A dealer. ", by=desk["investigator"], now=NOW)
        assert leaves_of(source.pk, Kind.SOURCE_NOTED) == [
            {what: source.pk, "by": desk["investigator"].pk, "note_sha256": hashed("A dealer.")}
        ]
        source.refresh_from_db()
        assert source.note == "A dealer."


def test_handing_in_the_same_post_twice_makes_one(home: Home, desk: Desk) -> None:
    data = make_draft(4)
    first = hand_in(home, desk, data, url="https://forum.example/t/1", platform="Forum", handle="@tide")
    assert hand_in(home, desk, data, url="https://forum.example/t/1", platform="Forum", handle="@tide") == type(first)(
        first.post, first.leak, is_new=False
    )


def test_two_spellings_of_an_account_are_one_poster(home: Home, desk: Desk) -> None:
    one = hand_in(home, desk, make_draft(4), platform="Weibo", handle="@Spy_Shots").post
    other = hand_in(home, desk, make_draft(5), platform="WEIBO ", handle="spy_shots").post
    third = hand_in(home, desk, make_draft(6), platform="Forum", handle="spy_shots").post
    assert one.poster == other.poster
    assert third.poster != one.poster


def test_the_finder_is_who_hands_it_in_unless_somebody_else_is_named(home: Home, desk: Desk) -> None:
    assert hand_in(home, desk, make_draft(4)).post.finder == "investigator person"
    assert hand_in(home, desk, make_draft(5), finder="A. Reader").post.finder == "A. Reader"


@pytest.mark.parametrize("who", ["administrator", "legal", "communications", "contact", "member", "stranger_contact"])
def test_only_officers_and_investigators_hand_leaks_in(home: Home, desk: Desk, who: str) -> None:
    with pytest.raises(Refused):
        hand_in(home, desk, make_draft(4), by=desk[who])
    assert not any(blobs.stored(home, Shelf.LEAKS))


def test_names_that_would_deceive_are_kept_plain(home: Home, desk: Desk) -> None:
    post = hand_in(home, desk, SVG, file_name="C:\\temp\\..\\\u202egnp.exe\r\nX-Evil: 1").post
    assert post.file_name == "gnp.exeX-Evil 1"
    assert hand_in(home, desk, SVG + b" ", file_name="../..").post.file_name == "unnamed"
    assert len(hand_in(home, desk, SVG + b"  ", file_name="x" * 999).post.file_name) == limits.MAX_NAME_CHARS


@pytest.mark.parametrize(
    "said",
    [{"found": "x" * 1001}, {"url": "https://x.example/" + "y" * 2000}, {"text": "z" * 20_001}, {"handle": "h" * 300}],
    ids=["found", "url", "text", "handle"],
)
def test_what_is_too_long_is_refused_and_nothing_is_kept(home: Home, desk: Desk, said: dict[str, str]) -> None:
    from tidemark.records.leaks.models import Post

    with pytest.raises(Refused):
        hand_in(home, desk, make_draft(4), **said)
    assert not Post.objects.exists()
    assert not any(blobs.stored(home, Shelf.LEAKS))


def test_an_empty_file_and_one_beyond_the_limit_are_refused(
    home: Home, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tidemark.errors import LimitExceeded

    with pytest.raises(Refused, match="empty"):
        hand_in(home, desk, b"")
    monkeypatch.setattr("tidemark.records.leaks.receive.MAX_FILE_BYTES", 10)
    with pytest.raises(LimitExceeded):
        hand_in(home, desk, SVG)
