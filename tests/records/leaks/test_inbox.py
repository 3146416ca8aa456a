"""E-mails become posts; what is hostile in them is refused with a reason or kept harmlessly, and nothing is lost."""

import codecs
import os
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.db import OperationalError

from tests.conftest import NOW, make_draft
from tidemark.records import blobs
from tidemark.records.blobs import Shelf
from tidemark.records.home import Home

PICTURE = make_draft(31, size=(300, 400))


def mail(
    *pictures: tuple[str, bytes], sender: str = "A. Reader <a.reader@forum.example>", body: str = ""
) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, "leaks@halden.example", "Seen on a forum"
    made.set_content(body or "Look at this:\nhttps://forum.example/t/17 (posted tonight)\n")
    for name, data in pictures:
        made.add_attachment(data, maintype="image", subtype="png", filename=name)
    return made


def put(home: Home, message: EmailMessage | bytes, name: str = "one.eml") -> Path:
    folder = home.path / "inbox"
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_bytes(message if isinstance(message, bytes) else message.as_bytes())
    return path


def names(home: Home, where: str) -> list[str]:
    return sorted(path.name for path in (home.path / "inbox" / where).iterdir() if path.is_file())


def test_each_picture_of_a_mail_becomes_a_post(home: Home) -> None:
    from tidemark.records.leaks.inbox import read_inbox
    from tidemark.records.leaks.models import Post

    put(home, mail(("front.png", PICTURE), ("rear.png", make_draft(32))))
    (read,) = read_inbox(home, now=NOW)
    assert [post.file_name for post in read.posts] == ["front.png", "rear.png"]
    post = Post.objects.get(file_name="front.png")
    assert (post.via, post.finder, post.received_by) == ("mail", "A. Reader", None)
    assert (post.url, post.found) == ("https://forum.example/t/17", "Seen on a forum")
    assert post.text.startswith("Look at this:")
    assert "a.reader@forum.example" not in str(vars(post))
    assert blobs.get(home, Shelf.LEAKS, post.file_sha256) == PICTURE
    assert (names(home, ""), names(home, "done"), names(home, "refused")) == ([], ["one.eml"], [])


def test_a_strangers_words_stay_out_of_what_is_sealed_into_evidence(home: Home) -> None:
    from tidemark.ledger.entry import decode
    from tidemark.records.leaks.inbox import read_inbox
    from tidemark.records.ledger.models import Leaf

    put(home, mail(("found at Ardoise Injection.png", PICTURE)))
    read_inbox(home, now=NOW)
    body = decode(bytes(Leaf.objects.get(kind="leak-received").data)).body
    assert (body["name"], body["found"]) == ("sent by e-mail", "sent by e-mail")


def test_a_mail_read_twice_makes_its_posts_once(home: Home) -> None:
    from tidemark.records.leaks.inbox import read_inbox
    from tidemark.records.leaks.models import Post

    for _ in range(2):
        put(home, mail(("front.png", PICTURE)))
        read_inbox(home, now=NOW)
    assert Post.objects.count() == 1
    assert len(names(home, "done")) == 2


def html_only() -> EmailMessage:
    made = EmailMessage()
    made["From"] = "x@y.example"
    made.set_content("<script>alert(1)</script>", subtype="html")
    made.add_attachment(b"<svg onload=alert(1)>", maintype="image", subtype="svg+xml", filename="a.svg")
    return made


def with_document(*pictures: tuple[str, bytes], body: str = "") -> EmailMessage:
    made = mail(*pictures, body=body)
    made.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="report.pdf")
    made.add_attachment(b"film", maintype="video", subtype="mp4", filename="\u202eclip\n.mp4")
    return made


def too_many_parts() -> bytes:
    parts = b"".join(b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n" for _ in range(600))
    return b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + parts + b"--b--\r\n"


@pytest.mark.parametrize(
    ("message", "why"),
    [
        (mail(body="Call me.\n"), "no picture attached, and no link"),
        (html_only(), "a.svg (image/svg+xml)"),
        (with_document(body="See what is attached.\n"), "report.pdf (application/pdf)"),
        (too_many_parts(), "more than 500 parts"),
        (b"\x00\xff\xfe not a mail at all", "no picture attached"),
        (b"", "no picture attached"),
        (mail(*((f"{n}.png", PICTURE + bytes([n])) for n in range(51))), "51 pictures"),
    ],
    ids=["no picture", "html and svg", "document", "parts", "noise", "empty", "too many"],
)
def test_a_mail_that_gives_nothing_is_refused_with_the_reason_beside_it(
    home: Home,
    message: EmailMessage | bytes,
    why: str,
) -> None:
    from tidemark.records.leaks.inbox import read_inbox
    from tidemark.records.leaks.models import Post

    put(home, message)
    (read,) = read_inbox(home, now=NOW)
    assert why in read.refused
    assert names(home, "refused") == ["one.eml", "one.why.txt"]
    assert why in (home.path / "inbox/refused/one.why.txt").read_text()
    assert not Post.objects.exists()


def test_a_mail_with_only_a_link_is_kept_as_that_link(home: Home) -> None:
    from tidemark.records.leaks.inbox import read_inbox
    from tidemark.records.leaks.models import Post

    put(home, mail(body="Look: https://t.me/spyshots/17 (tonight)\n"))
    (read,) = read_inbox(home, now=NOW)
    assert (read.refused, read.left, names(home, "done")) == ("", "", ["one.eml"])
    (post,) = Post.objects.all()
    assert (post.via, post.url, post.found) == ("mail", "https://t.me/spyshots/17", "Seen on a forum")
    assert post.platform == "Telegram"
    assert blobs.get(home, Shelf.LEAKS, post.file_sha256).decode() == "Look: https://t.me/spyshots/17 (tonight)"


def test_a_strangers_link_names_no_account_and_no_channel(home: Home) -> None:
    from tidemark.records.leaks.inbox import read_inbox
    from tidemark.records.leaks.journal import origin_of
    from tidemark.records.leaks.models import Channel, Post, Poster

    put(home, mail(("front.png", PICTURE), body="-- \nhttps://x.com/innocent/status/17\n"), name="a.eml")
    put(home, mail(body="Look: https://t.me/innocent/17\n"), name="b.eml")
    read_inbox(home, now=NOW)
    assert sorted(Post.objects.values_list("platform", flat=True)) == ["Telegram", "X"]
    assert not Poster.objects.exists()
    assert not Channel.objects.exists()
    for post in Post.objects.all():
        assert (origin_of(post)["poster_sha256"], origin_of(post)["channel_sha256"]) == ("", "")


def test_what_is_left_in_a_mail_is_said_beside_it(home: Home) -> None:
    from tidemark.records.leaks.inbox import read_inbox

    put(home, with_document(("front.png", PICTURE)))
    (read,) = read_inbox(home, now=NOW)
    assert [post.file_name for post in read.posts] == ["front.png"]
    assert "report.pdf (application/pdf)" in read.left
    assert "clip .mp4 (video/mp4)" in read.left
    assert "\u202e" not in read.left
    assert names(home, "done") == ["one.eml", "one.why.txt"]
    assert (home.path / "inbox/done/one.why.txt").read_text().strip() == read.left


def test_mails_that_were_not_wholly_taken_in_are_told_the_latest_first(home: Home) -> None:
    from tidemark.records.leaks.inbox import read_inbox
    from tidemark.records.leaks.told_mails import told_mails

    assert told_mails(home) == []
    put(home, mail(("front.png", PICTURE)), name="a.eml")
    put(home, with_document(("front.png", PICTURE)), name="b.eml")
    put(home, b"", name="c.eml")
    put(home, b"", name="c.eml.eml")
    read_inbox(home, now=NOW)
    for number, name in enumerate(("done/b", "refused/c", "refused/c.eml")):
        os.utime(home.path / "inbox" / f"{name}.why.txt", (1_800_000_000 + number,) * 2)
    told = told_mails(home)
    assert [(each.file_name, each.is_refused) for each in told] == [
        ("c.eml.eml", True),
        ("c.eml", True),
        ("b.eml", False),
    ]
    assert "no picture attached" in told[0].why
    assert "report.pdf" in told[2].why
    assert told[2].time == datetime.fromtimestamp(1_800_000_000, UTC)


def test_two_refused_mails_of_one_name_keep_their_own_reasons(home: Home) -> None:
    from tidemark.records.leaks.inbox import read_inbox
    from tidemark.records.leaks.told_mails import told_mails

    for message in (b"", with_document(body="No link.\n")):
        put(home, message)
        read_inbox(home, now=NOW)
    told = told_mails(home)
    assert len(told) == 2
    assert sorted("report.pdf" in each.why for each in told) == [False, True]
    assert {each.file_name for each in told} == {name for name in names(home, "refused") if name.endswith(".eml")}


@pytest.mark.parametrize("letter", ["x", "\u8f66"], ids=["of one byte", "of three bytes"])
def test_long_names_that_begin_alike_keep_their_own_reasons_and_are_called_as_they_lie_there(
    home: Home, letter: str
) -> None:
    from tidemark.records.leaks.inbox import read_inbox
    from tidemark.records.leaks.told_mails import told_mails

    stem = letter * (240 // len(letter.encode()))
    put(home, b"", name=f"{stem}a.eml")
    put(home, with_document(body="No link.\n"), name=f"{stem}b.EML")
    read_inbox(home, now=NOW)
    told = told_mails(home)
    assert sorted("report.pdf" in each.why for each in told) == [False, True]
    assert {each.file_name for each in told} == {name for name in names(home, "refused") if name.endswith(".eml")}
    assert len({each.file_name for each in told}) == 2


@pytest.mark.parametrize("gone", ["stat", "open"])
def test_a_reason_that_is_removed_while_it_is_read_is_left_out(
    home: Home, monkeypatch: pytest.MonkeyPatch, gone: str
) -> None:
    from tidemark.records.leaks.inbox import read_inbox
    from tidemark.records.leaks.told_mails import told_mails

    put(home, b"", name="a.eml")
    put(home, b"", name="b.eml")
    read_inbox(home, now=NOW)
    real, plain = getattr(Path, gone), Path.is_file

    def removed(path: Path, *given: object, **more: object) -> object:
        if path.name == "a.why.txt":
            path.unlink(missing_ok=True)
        return real(path, *given, **more)

    monkeypatch.setattr(Path, "is_file", lambda path: path.name == "a.why.txt" or plain(path))
    monkeypatch.setattr(Path, gone, removed)
    assert [each.file_name for each in told_mails(home)] == ["b.eml"]


def test_a_name_that_is_no_text_is_told_in_letters(home: Home) -> None:
    from tidemark.records.leaks.inbox import read_inbox
    from tidemark.records.leaks.told_mails import told_mails

    put(home, b"", name=os.fsdecode(b"a\xffb.eml"))
    read_inbox(home, now=NOW)
    assert [each.file_name for each in told_mails(home)] == ["ab.eml"]


def test_a_mail_beyond_the_limit_is_not_even_parsed(
    home: Home,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from tidemark.records.leaks import inbox

    monkeypatch.setattr(inbox, "MAX_MESSAGE_BYTES", 100)
    monkeypatch.setattr(inbox, "take_apart", lambda _: pytest.fail("it was parsed"))
    put(home, mail(("front.png", PICTURE)))
    (read,) = inbox.read_inbox(home, now=NOW)
    assert "at most" in read.refused


@pytest.mark.parametrize("header", [b"From", b"Subject", b"Content-Type", b"content-disposition"])
@pytest.mark.parametrize("ending", [b"\r\n", b"\n", b"\r"])
def test_a_mail_with_a_huge_header_is_refused_before_any_header_is_read(
    home: Home, monkeypatch: pytest.MonkeyPatch, header: bytes, ending: bytes
) -> None:
    from tidemark.records.leaks import inbox, take_apart

    monkeypatch.setattr(take_apart, "HeaderRegistry", lambda: lambda *_: pytest.fail("it would take a minute"))
    folded = (b"a " * 400 + ending + b" ") * 100
    lines = [b"To: finder@owner.example.test", header + b": " + folded + b"<a@b.test>", b"", b"https://weibo.com/1/abc"]
    put(home, ending.join(lines))
    (read,) = inbox.read_inbox(home, now=NOW)
    assert read.refused.startswith("A header of the message has more than 8 kB.")


def test_a_long_list_of_receivers_and_long_lines_of_text_are_no_huge_header(home: Home) -> None:
    from tidemark.records.leaks.inbox import read_inbox

    message = EmailMessage()
    message["From"] = "A finder <finder@example.test>"
    message["To"] = ", ".join(f"receiver-{number}@owner.example.test" for number in range(500))
    message["Subject"] = "seen " * 200
    message.set_content("https://weibo.com/1/abc " + "word " * 4000)
    put(home, message)
    (read,) = read_inbox(home, now=NOW)
    assert (len(read.posts), read.refused) == (1, "")


def test_no_more_of_a_text_is_decoded_than_may_be_kept(home: Home) -> None:
    from tidemark.records.leaks.inbox import read_inbox
    from tidemark.records.leaks.models import Post

    decoded: list[int] = []

    def decode(data: bytes, errors: str = "strict") -> tuple[str, int]:
        decoded.append(len(data))
        return codecs.latin_1_decode(data, errors)

    def costly(name: str) -> codecs.CodecInfo | None:  # as punycode is: 3 MB would take it minutes
        return codecs.CodecInfo(codecs.latin_1_encode, decode, name=name) if name == "costly" else None

    codecs.register(costly)
    try:
        head = b"From: a@b.example\r\nContent-Type: text/plain; charset=costly\r\n\r\n"
        put(home, head + b"https://weibo.com/1/abc " + b"a" * 3_000_000)
        read_inbox(home, now=NOW)
    finally:
        codecs.unregister(costly)
    assert Post.objects.get().url == "https://weibo.com/1/abc"
    assert decoded == [64 * 1024]


def test_deceiving_names_and_headers_do_no_harm(home: Home) -> None:
    from tidemark.records.leaks.inbox import read_inbox
    from tidemark.records.leaks.models import Post

    hostile = (
        b"From: =?utf-8?b?4oCuZXZpbOKArA==?= <a@b.example>\r\nSubject: =?utf-8?q?a=0D=0AX-Evil=3A_1?=\r\n"
        b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        b'--b\r\nContent-Type: text/plain; charset="no-such"\r\n\r\nbody\r\n'
        b'--b\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename="../../../etc/passwd"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\nPHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==\r\n--b--\r\n"
    )
    put(home, hostile, name="../inbox/b.eml")
    (read,) = read_inbox(home, now=NOW)
    assert read.refused == ""
    post = Post.objects.get()
    assert (post.file_name, post.text, "\n" in post.found) == ("passwd", "body", False)
    assert post.unreadable
    assert "\u202e" not in post.finder


def test_links_and_other_files_in_the_folder_are_left_alone(home: Home, tmp_path: Path) -> None:
    from tidemark.records.leaks.inbox import read_inbox

    elsewhere = tmp_path / "private.eml"
    elsewhere.write_bytes(mail(("front.png", PICTURE)).as_bytes())
    folder = home.path / "inbox"
    folder.mkdir()
    (folder / "link.eml").symlink_to(elsewhere)
    (folder / "note.txt").write_text("not a mail")
    (folder / "folder.eml").mkdir()
    assert read_inbox(home, now=NOW) == []
    assert elsewhere.exists()


def test_one_bad_mail_does_not_keep_the_next_one(home: Home) -> None:
    from tidemark.records.leaks.inbox import read_inbox

    put(home, b"", name="a.eml")
    put(home, mail(("front.png", PICTURE)), name="b.eml")
    assert [bool(read.refused) for read in read_inbox(home, now=NOW)] == [True, False]


def test_a_mail_that_a_fault_of_the_database_cuts_off_waits_and_is_read_again(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tidemark.records.leaks import receive
    from tidemark.records.leaks.inbox import read_inbox
    from tidemark.records.leaks.models import Post

    really, asked = receive.append_post, list[str]()

    def locked_once(post: Post, *, now: datetime) -> object:
        asked.append(post.file_name)
        if len(asked) == 2:
            raise OperationalError("database is locked")
        return really(post, now=now)

    monkeypatch.setattr(receive, "append_post", locked_once)
    put(home, mail(("front.png", PICTURE), ("rear.png", make_draft(32))))
    with pytest.raises(OperationalError):
        read_inbox(home, now=NOW)
    assert (names(home, ""), names(home, "refused")) == (["one.eml"], [])
    read_inbox(home, now=NOW)
    assert sorted(Post.objects.values_list("file_name", flat=True)) == ["front.png", "rear.png"]
    assert (names(home, ""), names(home, "done")) == ([], ["one.eml"])
