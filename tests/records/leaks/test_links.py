"""The text of a link is kept to the letter, and its address says what it can of who posted where."""

import pytest

from tests.conftest import NOW, make_draft
from tests.desk import Desk
from tests.records.leaks.found import hand_in
from tidemark.errors import Refused
from tidemark.records import blobs
from tidemark.records.blobs import Shelf
from tidemark.records.home import Home
from tidemark.records.leaks.addresses import Link, read_link
from tidemark.records.leaks.glance import glance, similar
from tidemark.records.leaks.links import paste
from tidemark.records.leaks.models import Leak, Trace


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("https://weibo.com/1234567890/NxYz12AbC", ("Weibo", "1234567890", "")),
        ("see https://m.weibo.cn/1234567890/4988776655, please", ("Weibo", "1234567890", "")),
        ("https://x.com/spyshots/status/17?s=20", ("X", "spyshots", "")),
        ("https://twitter.com/spyshots/status/17", ("X", "spyshots", "")),
        ("https://www.reddit.com/r/spyshots/comments/1", ("Reddit", "", "spyshots")),
        ("（https://t.me/s/spyshots/17）", ("Telegram", "", "spyshots")),
        ("https://www.instagram.com/p/Cxyz/", ("Instagram", "", "")),
        ("https://space.bilibili.com/42", ("Bilibili", "", "")),
        ("HTTPS://Forum.Example:8443/t/99", ("forum.example", "", "")),
        ("https://evilx.com/spyshots/status/17", ("evilx.com", "", "")),
        ("https://www.facebook.com/groups/spyshots/posts/1", ("Facebook", "", "spyshots")),
        ("https://www.reddit.com/user/somebody", ("Reddit", "somebody", "")),
    ],
)
def test_an_address_says_its_platform_and_who_or_where(text: str, link: tuple[str, str, str]) -> None:
    found = read_link(text)
    assert found is not None
    assert (found.platform, found.handle, found.channel) == link


@pytest.mark.parametrize(
    ("text", "platform"),
    [
        ("https://x.com/i/status/17", "X"),
        ("https://twitter.com/I/status/17", "X"),
        ("https://t.me/joinchat/AAAAAE", "Telegram"),
        ("https://t.me/share/url?url=a", "Telegram"),
        ("https://t.me/addlist/AAAAAE", "Telegram"),
        ("https://weibo.com/ajax/statuses", "Weibo"),
        ("https://weibo.com/u/1234567890", "Weibo"),
        ("https://www.facebook.com/groups/feed/", "Facebook"),
        ("https://www.reddit.com/r/popular", "Reddit"),
        ("https://www.instagram.com/reel/p/1", "Instagram"),
        ("https://www.reddit.com/user/a_name_that_is_longer_than_any_there", "Reddit"),
    ],
)
def test_a_page_of_the_platform_and_half_a_name_are_nobodys(text: str, platform: str) -> None:
    assert read_link(text) == Link(text, platform, "", "")


@pytest.mark.parametrize(
    "text", ["", "weibo.com/1/abc", "javascript:alert(1)", "https://", "https://[::1", "ftp://a.example"]
)
def test_what_is_no_address_of_the_web_is_none(text: str) -> None:
    assert read_link(text) is None


def test_the_address_ends_where_the_sentence_goes_on() -> None:
    assert read_link("看 https://a.example/1，快。") == Link("https://a.example/1", "a.example", "", "")
    assert read_link("(https://a.example/1).") == Link("https://a.example/1", "a.example", "", "")


def pasted(home: Home, desk: Desk, text: str, **more: str) -> Leak:
    return paste(home, text, found="", finder="", via="web", by=desk["officer"], now=NOW, **more).leak


def test_a_text_is_kept_to_the_letter_and_not_traced(home: Home, desk: Desk) -> None:
    text = "  look \u202e https://t.me/spyshots/17  \n"
    post = pasted(home, desk, text).posts.get()
    assert blobs.get(home, Shelf.LEAKS, post.file_sha256).decode() == text
    assert (post.leak.title, post.url, post.found) == ("t.me/spyshots/17", *["https://t.me/spyshots/17"] * 2)
    assert "Hand in the file" in post.unreadable
    assert not Trace.objects.exists()


def test_what_somebody_says_counts_more_than_the_address(home: Home, desk: Desk) -> None:
    post = pasted(home, desk, "https://t.me/spyshots/17", platform="TG", handle="@w", channel="winter").posts.get()
    assert (str(post.poster), str(post.channel)) == ("@w (TG)", "winter (TG)")


def test_a_link_and_a_file_from_one_channel_meet(home: Home, desk: Desk) -> None:
    leak = pasted(home, desk, "https://t.me/spyshots/17")
    data = make_draft(4, size=(300, 400))
    other = hand_in(home, desk, data, platform="telegram", channel="@SpyShots", handle="@somebody").leak
    assert similar(*glance([leak])) == [(other, ("channel",))]


@pytest.mark.parametrize("text", ["no address", "x" * 20_001, "https://a.example/" + "y" * 2_000])
def test_what_is_no_link_or_too_long_is_refused_and_nothing_is_kept(home: Home, desk: Desk, text: str) -> None:
    with pytest.raises(Refused):
        pasted(home, desk, text)
    assert not Leak.objects.exists()
    assert not any(blobs.stored(home, Shelf.LEAKS))


def test_others_than_officers_and_investigators_paste_nothing(home: Home, desk: Desk) -> None:
    for who in ("legal", "communications", "contact"):
        with pytest.raises(Refused):
            paste(home, "https://a.example", found="", finder="", via="web", by=desk[who], now=NOW)
