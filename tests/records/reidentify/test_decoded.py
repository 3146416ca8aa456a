"""A name in base64 or in hexadecimal digits is found wherever it stands; ordinary words and hashes are no names."""

import base64
import hashlib
import random
import time
from collections.abc import Callable

import pytest

from tests.people import SUB_VENDOR, SUPPLIER
from tidemark.records.reidentify.check import compiled
from tidemark.records.reidentify.decoded import decoded
from tidemark.records.reidentify.known import Known, KnownParty
from tidemark.records.reidentify.objection import Rule, Severity

CHECK = compiled(
    Known(
        parties=(
            KnownParty("1", (f"{SUPPLIER} Ltd",), persons=("Anneke Petrov",)),
            KnownParty("2", (SUB_VENDOR,)),
            KnownParty("3", ("Acme GmbH",)),
        )
    )
)
NAMES = ["Northwick", "northwick mouldings ltd", "霁川", "Anneke Petrov", "Acme", "It was Northwick, we know."]
CODES: dict[str, Callable[[bytes], str]] = {
    "base64": lambda data: base64.b64encode(data).decode(),
    "base64 of addresses": lambda data: base64.urlsafe_b64encode(data).decode().rstrip("="),
    "hex": lambda data: data.hex(),
    "capitals": lambda data: data.hex().upper(),
    "colons": lambda data: data.hex(":"),
    "blanks": lambda data: data.hex(" "),
    "0x": lambda data: f"0x{data.hex()}",
    "0x each": lambda data: ", ".join(f"0x{each:02x}" for each in data),
}

INVISIBLE = (0xAD, 0x34F, *range(0x200B, 0x2010), *range(0x2060, 0x2065), 0xFEFF)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("code", CODES)
def test_a_name_in_code_is_refused(code: str, encoding: str) -> None:
    for name in NAMES:
        said = CODES[code](name.encode(encoding))
        text = f"What we know of it is this: {said} and no more."
        found = CHECK.text("t", text)
        assert Severity.REFUSES in {each.severity for each in found}, (name, said)
        for each in found:
            assert each.said == text[each.start : each.end]
            assert each.said[:6] in said


@pytest.mark.parametrize("before", ["", "x", "xy", "xyz", "see "])
def test_it_is_found_wherever_its_code_begins_and_is_broken(before: str) -> None:
    code = base64.b64encode(b"Northwick").decode()
    for said in (code, f"{code[:5]} {code[5:]}", f"{code[:3]}\n{code[3:]}", b"Northwick".hex()):
        assert [each.rule for each in CHECK.text("t", f"Look: {before}{said}.")] == [Rule.NAME], said


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("char", [*map(chr, INVISIBLE)], ids=[f"U+{each:04X}" for each in INVISIBLE])
def test_invisible_characters_within_the_code_hide_no_name(char: str, code: str) -> None:
    for name in ("Northwick", "霁川", "Acme"):
        written = CODES[code](name.encode())
        for said in (char.join(written), (5 * char).join(written), f"{written[:3]}{char}{written[3:]}"):
            text = f"Look: {said} . No more."
            found = [each for each in CHECK.text("t", text) if each.severity == Severity.REFUSES]
            assert found, (name, said)
            for each in found:
                assert each.said == text[each.start : each.end]
                assert each.said in said


def test_an_invisible_character_may_stand_where_a_code_begins() -> None:
    for said in ("see\u200b41636d65", "see\u200bQWNtZQ==", "4e6f7274687769636b\u200bsee"):
        assert [each.rule for each in CHECK.text("t", f"Look: {said}.")] == [Rule.NAME], said


@pytest.mark.parametrize("code", CODES)
def test_code_of_full_width_hides_no_name(code: str) -> None:
    wide = {ord(each): ord(each) + 0xFEE0 for each in map(chr, range(0x21, 0x7F))}
    for name in ("Northwick", "霁川", "Acme"):
        said = CODES[code](name.encode()).translate(wide)
        for written in (said, "\u200b".join(said)):
            found = [each for each in CHECK.text("t", f"Look: {written} . No more.") if each.rule == Rule.NAME]
            assert found, (name, written)
            assert all(each.said in written for each in found), (name, written)


def test_ordinary_words_ids_and_hashes_are_no_names() -> None:
    dice = random.Random(7)
    digests = [hashlib.sha256(bytes([each])) for each in range(100)]
    words = [
        "The supplier was ordered to strengthen its information security and the control of its sub-vendors.",
        "A decade of facade, defaced beef and dead cafe: 020 7946 0958, #ff8800; 2026-03-14 10:00:00, deadbeef.",
        "InternationalMouldingAndCoating/TheAcmeOfSuccess+BarbaraLicht camelCaseWords_and-others https://example.org/a/b",
        " ".join(digest.hexdigest()[:31] for digest in digests),
        " ".join(base64.b64encode(digest.digest()).decode() for digest in digests),
        base64.b64encode(b"The footer of a mail that speaks of nobody at all.").decode(),
        "".join(dice.choice("abcdefghijklmnopqrstuvwxyz ABCDEF0123456789") for _ in range(20_000)),
    ]
    for text in words:
        assert [each for each in CHECK.text("t", text) if each.rule not in (Rule.CODE, Rule.ALMOST)] == []


@pytest.mark.parametrize(
    "part",
    [
        *("a", "a ", "4e ", "a-", "aaaaaaaz ", "0x", "4e6f7274687769636b20", "Tm9ydGh3aWNr", "AAAA", "%", "6Zz3"),
        *("a\u200b", "z\u200b", "4\u200b\u00ad e", "a \u200b", "\u200b", "Ａ\u2060"),
    ],
)
def test_a_long_text_takes_no_longer_by_the_character(part: str) -> None:
    began = time.process_time()
    for _each in decoded(part * (400_000 // len(part))):
        pass
    assert time.process_time() - began < 6  # it is below one second


def test_letters_and_invisible_characters_by_turns_are_looked_at_quickly() -> None:
    began = time.process_time()
    CHECK.text("t", "T\u200b" * 10_000)
    assert time.process_time() - began < 2
