"""Whoever wrote a message, taking it apart costs about what an honest one of its size does."""

import time
from collections.abc import Callable

import pytest

from tidemark.records.leaks import take_apart as subject
from tidemark.records.leaks.take_apart import UnusableMail, take_apart

TOP = b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
TEXT = b"Content-Type: text/plain\r\n\r\n"
LINE = b"A" * 76 + b"\r\n"


def parts(*heads: bytes, body: bytes = b"xx\r\n") -> bytes:
    return TOP + b"".join(b"--b\r\n" + head + b"\r\n\r\n" + body for head in heads) + b"--b--\r\n"


def nested(depth: int, body: bytes) -> bytes:
    opened = b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n'
    return b"From: a@b.example\r\n" + b"".join(opened % (each, each) for each in range(depth)) + TEXT + body


def test_an_honest_message_is_taken_apart_as_it_was_put_together() -> None:
    name = "车头" * 20
    message = take_apart(parts(*(b"Content-Type: image/png; name=%d.png" % n for n in range(50)), body=LINE))
    assert [part.get_filename() for part in message.iter_parts()] == [f"{n}.png" for n in range(50)]
    encoded = "".join(f"%{byte:02X}" for byte in f"{name}.png".encode()).encode()
    fifty = parts(*(b"Content-Disposition: attachment; filename*=utf-8''" + encoded for _ in range(50)))
    assert {part.get_filename() for part in take_apart(fifty).iter_parts()} == {f"{name}.png"}


@pytest.mark.parametrize(
    ("message", "why"),
    [
        (parts(*(b"Content-Type: image/png" + b"; a=b" * 1600 for _ in range(50))), "headers .* more than 128 kB"),
        (parts(*(b"Content-ID: " + b"x" * 4000 for _ in range(40))), "headers .* more than 128 kB"),
        (parts(b"Content-Type: image/png" + b"; a=b" * 1700), "A header .* more than 8 kB"),
        (nested(300, b"\n" * 1_000_000), "more than 20 deep"),
        (b"Content-Type: message/rfc822\r\n\r\n" * 300 + TEXT, "more than 20 deep"),
        (parts(*(b"Content-Type: text/plain" for _ in range(600))), "more than 500 parts"),
        (b"Content-Type: message/delivery-status\r\n\r\n" + b"a: b\r\n\r\n" * 600, "more than 500 parts"),
        (TEXT + b"\n" * 1_300_000, "more than 1200000 lines"),
        (TEXT + b"\r" * 1_300_000, "more than 1200000 lines"),
    ],
    ids=["headers", "ids", "header", "multiparts", "messages", "parts", "status", "lines", "old lines"],
)
def test_more_than_an_honest_message_has_is_refused(message: bytes, why: str) -> None:
    with pytest.raises(UnusableMail, match=why):
        take_apart(message)


def test_each_header_is_read_once_and_never_beyond_the_limit_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []

    class Noted(subject.HeaderRegistry):
        def __call__(self, name: str, value: str) -> object:
            read.append(len(value))
            return super().__call__(name, value)

    monkeypatch.setattr(subject, "HeaderRegistry", Noted)
    monkeypatch.setattr(subject, "MAX_HEADERS_BYTES", 2_000)
    heads = [b"Content-Type: image/png; name=%d.png" % each + b"; a=b" * 10 for each in range(15)]
    for part in take_apart(parts(*heads)).walk():
        part.get_content_type(), part.get_filename()
    assert len(read) == 1 + len(heads)
    read.clear()
    with pytest.raises(UnusableMail):
        take_apart(parts(*(head + b"%d" % again for again in range(9) for head in heads)))
    assert 0 < sum(read) <= 2_000


@pytest.mark.slow
@pytest.mark.parametrize(
    "hostile",
    [
        lambda size: parts(*(b"Content-Type: image/png; n=%d" % n + b";a" * 4000 for n in range(15)), body=b"") + size,
        lambda size: parts(*(b"Content-Type: image/png" + b"; a=b" * 1600 for _ in range(50)), body=b"") + size,
        lambda size: nested(19, b"\n" * 300_000 + size),
        lambda size: nested(300, size),
    ],
    ids=["headers within the limits", "headers", "nested within the limits", "nested"],
)
def test_no_message_costs_five_times_an_honest_one_of_the_same_size(hostile: Callable[[bytes], bytes]) -> None:
    size = LINE * (60_000_000 // len(LINE))
    honest = _cost(parts(b"Content-Type: image/png; name=front.png", body=size))
    assert _cost(hostile(size)) / honest < 5


def _cost(message: bytes) -> float:
    """Return the seconds of processor time in which a message is taken apart and its parts are asked what they are."""
    begun = time.process_time()
    try:
        for part in take_apart(message).walk():
            part.get_content_type(), part.get_filename()
    except UnusableMail:
        pass
    return time.process_time() - begun
