"""Entries: one text for one value, and nothing else is read."""

import json
import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from tests.ledger.workshop import TIME, issued
from tests.people import SUB_VENDOR
from tidemark import limits
from tidemark.errors import LimitExceeded, UnreadableFile
from tidemark.ledger import entry
from tidemark.ledger.entry import Entry, Kind, decode, encode, time_of, time_text

SALT = bytes(range(16))
SOUND = Entry(Kind.COPY_ISSUED, TIME, {"copy": "c1", "holder": SUB_VENDOR}, SALT)

scalars = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=20)
numbers = st.floats(allow_nan=False, allow_infinity=False).filter(lambda x: abs(x) < 2**53)
bodies = st.dictionaries(
    st.text(max_size=8),
    st.recursive(
        scalars | numbers, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner), max_leaves=8
    ),
    max_size=5,
)


def written(**changes: Any) -> bytes:
    """Return a sound entry's canonical bytes with fields changed; a field that is None is left out."""
    fields = json.loads(encode(SOUND)) | changes
    return rfc8785.dumps({name: value for name, value in fields.items() if value is not None})


def test_an_entry_is_written_as_documented() -> None:
    assert encode(SOUND).decode() == (
        '{"body":{"copy":"c1","holder":"霁川喷涂 Jichuan Coatings"},"kind":"copy-issued",'
        '"salt":"000102030405060708090a0b0c0d0e0f","scheme":"tidemark-ledger",'
        '"time":"2031-03-07T09:30:00.000000Z","version":1}'
    )


@given(bodies, st.binary(min_size=16, max_size=16), st.sampled_from(Kind), st.datetimes(timezones=st.just(UTC)))
def test_what_is_written_is_read_back(body: dict[str, Any], salt: bytes, kind: Kind, time: datetime) -> None:
    made = Entry(kind, time_text(time), body, salt)
    data = encode(made)
    assert decode(data) == made
    assert encode(decode(data)) == data


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_other_bytes_are_refused_and_break_nothing(data: bytes) -> None:
    with pytest.raises(UnreadableFile):
        decode(data)


def test_no_flipped_bit_reads_as_the_same_entry() -> None:
    data = encode(SOUND)
    for at in range(8 * len(data)):
        changed = bytearray(data)
        changed[at // 8] ^= 1 << at % 8
        try:
            assert encode(decode(bytes(changed))) == changed != data
        except UnreadableFile:
            continue


def test_a_later_release_s_kind_is_read() -> None:
    assert decode(written(kind="prototype-seen-2")).kind == "prototype-seen-2"


@pytest.mark.parametrize(
    "kind", ["", "Copy-issued", "copy issued", "copy_issued", "-copy", "copy-", "a--b", "é", "a" * 65, 3]
)
def test_a_kind_of_another_shape_is_refused(kind: object) -> None:
    with pytest.raises(UnreadableFile, match="kind"):
        decode(written(kind=kind))


@pytest.mark.parametrize(
    "time",
    [
        "2031-03-07T09:30:00Z",
        "2031-03-07T09:30:00.000Z",
        "2031-03-07T09:30:00.000000+00:00",
        "2031-03-07T09:30:00.000000",
        "2031-03-07 09:30:00.000000Z",
        "2031-03-07T09:30:00.000000z",
        "2031-02-30T09:30:00.000000Z",
        "2031-03-07T09:30:60.000000Z",
        "0001-01-01T00:00:00.000000+23:00",
        "٢٠٣١-03-07T09:30:00.000000Z",
        "Z",
        7,
    ],
)
def test_a_time_in_another_form_is_refused(time: object) -> None:
    with pytest.raises(UnreadableFile, match="time"):
        decode(written(time=time))


@pytest.mark.parametrize("salt", ["", "00" * 15, "00" * 17, "0G" * 16, "AA" * 16, 0])
def test_a_salt_of_another_form_is_refused(salt: object) -> None:
    with pytest.raises(UnreadableFile, match="salt"):
        decode(written(salt=salt))


def test_missing_and_unknown_fields_are_refused() -> None:
    for name in ("kind", "time", "salt", "body"):
        with pytest.raises(UnreadableFile, match=f"lacks {name}"):
            decode(written(**{name: None}))
    with pytest.raises(UnreadableFile, match="fields that version 1 does not know"):
        decode(written(comment="no harm meant"))


@pytest.mark.parametrize("body", [[], "text", 1])
def test_a_body_that_is_no_object_is_refused(body: object) -> None:
    with pytest.raises(UnreadableFile, match="body"):
        decode(written(body=body))


def test_a_newer_version_asks_for_the_newer_tidemark_whatever_else_it_holds() -> None:
    with pytest.raises(UnreadableFile, match=r"version 2; this Tidemark reads up to 1\. Use the newer Tidemark"):
        decode(written(version=2, body=None, novelty=True))


@pytest.mark.parametrize("version", [0, -1, True, "1", 1.5, None])
def test_a_version_that_is_no_version_is_refused(version: object) -> None:
    with pytest.raises(UnreadableFile, match="version"):
        decode(written(version=version))


@pytest.mark.parametrize("scheme", ["tidemark-mark", "", 1, None])
def test_another_scheme_is_refused(scheme: object) -> None:
    with pytest.raises(UnreadableFile, match="scheme"):
        decode(written(scheme=scheme))


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b'"version":1', b'"version":1.0', "not as canonical JSON"),
        (b'"version":1', b'"version":1e0', "not as canonical JSON"),
        (b'"version":1', b'"version":1,"version":1', "a key occurs twice"),
        (b'{"copy"', b'{"copy":"c2","copy"', "a key occurs twice"),
        (b'"kind":', b'"kind": ', "from byte 70 on"),
        (b"c1", b"\\u0063\\u0031", "not as canonical JSON"),
        (b'"c1"', b"NaN", "NaN"),
        (b'"c1"', b"-Infinity", "Infinity"),
        (b'"c1"', b"1e400", "beyond double precision"),
        (b'"c1"', b"9007199254740992", "beyond 2"),
        (b'"c1"', b"1" * 5000, "beyond 2"),
        (b'"c1"', b"-0", "not as canonical JSON"),
        (b'"c1"', b'"\\ud800"', "lone surrogate|non-UTF-8"),
        (b'"c1"', b'"\xff"', "not UTF-8"),
        (b'"c1"', b'{"\\ud800":1}', "lone surrogate|non-UTF-8"),
    ],
)
def test_what_is_not_canonical_is_refused_with_its_reason(old: bytes, new: bytes, reason: str) -> None:
    data = encode(SOUND).replace(old, new, 1)
    assert data != encode(SOUND)
    with pytest.raises(UnreadableFile, match=reason):
        decode(data)


@pytest.mark.parametrize("tail", [b"\n", b" ", b"x", b"\x00"])
def test_bytes_around_an_entry_are_refused(tail: bytes) -> None:
    for data in (encode(SOUND) + tail, tail + encode(SOUND), b"\xef\xbb\xbf" + encode(SOUND)):
        with pytest.raises(UnreadableFile):
            decode(data)


@pytest.mark.parametrize("bomb", [b"[" * 60_000, b'{"a":' * 12_000, b'["\\"",' * 9_000 + b"1" + b"]" * 9_000])
def test_a_nesting_bomb_is_refused_before_it_is_read(bomb: bytes) -> None:
    with pytest.raises(UnreadableFile, match="nests at most 16"):
        decode(bomb)


def test_brackets_inside_texts_are_no_nesting() -> None:
    made = Entry(Kind.TRACE_RUN, TIME, {"note": '[{"\\[' * 100}, SALT)
    assert decode(encode(made)) == made


def test_an_entry_may_nest_sixteen_deep_and_no_deeper() -> None:
    def nested(depth: int) -> Entry:
        inner: Any = 1
        for _ in range(depth):
            inner = [inner]
        return Entry(Kind.TRACE_RUN, TIME, {"a": inner}, SALT)

    assert decode(encode(nested(14)))
    with pytest.raises(ValueError, match="nests at most 16"):
        encode(nested(15))


def test_an_entry_beyond_the_limit_is_neither_written_nor_read() -> None:
    room = limits.MAX_ENTRY_BYTES - len(encode(Entry(Kind.TRACE_RUN, TIME, {"a": ""}, SALT)))
    largest = encode(Entry(Kind.TRACE_RUN, TIME, {"a": "x" * room}, SALT))
    assert len(largest) == limits.MAX_ENTRY_BYTES
    assert decode(largest)
    with pytest.raises(LimitExceeded, match="65,536 bytes; this has 65,537"):
        encode(Entry(Kind.TRACE_RUN, TIME, {"a": "x" * (room + 1)}, SALT))
    with pytest.raises(UnreadableFile, match="65,536 bytes; this has 65,537"):
        decode(largest + b" ")


@pytest.mark.parametrize(
    "changes",
    [
        {"body": {"a": float("nan")}},
        {"body": {"a": float("inf")}},
        {"body": {"a": 2**53}},
        {"body": {"a": 1e16}},  # canonical, but a whole number that cannot be read back exactly
        {"body": {"a": {1, 2}}},
        {"body": {"a": b"bytes"}},
        {"body": {1: "a"}},
        {"body": {"a": "\ud800"}},
        {"kind": "Not A Kind"},
        {"time": "yesterday"},
        {"salt": b"short"},
    ],
)
def test_what_could_not_be_read_back_is_not_written(changes: dict[str, Any]) -> None:
    fields = {"kind": Kind.TRACE_RUN, "time": TIME, "body": {}, "salt": SALT} | changes
    with pytest.raises(ValueError):  # noqa: PT011 - each has its own words
        encode(Entry(**fields))


def test_refusals_do_not_quote_the_entry() -> None:
    for data in (encode(SOUND)[:-1], encode(SOUND) + b"x", written(kind=SUB_VENDOR), written(secret_name=1)):
        with pytest.raises(UnreadableFile) as refused:
            decode(data)
        assert "Jichuan" not in str(refused.value)
        assert "secret_name" not in str(refused.value)


def test_equal_events_with_other_salts_have_unrelated_leaves() -> None:
    assert encode(issued(1)) != encode(Entry(issued(1).kind, issued(1).time, issued(1).body, SALT))
    assert SALT.hex() not in repr(SOUND)


def test_times_are_written_in_utc_to_the_microsecond() -> None:
    east = timezone(timedelta(hours=8))
    assert time_text(datetime(2031, 3, 7, 17, 30, tzinfo=east)) == "2031-03-07T09:30:00.000000Z"
    assert time_text(datetime(2031, 3, 7, 9, 30, 0, 7, tzinfo=UTC)) == "2031-03-07T09:30:00.000007Z"
    assert time_of(TIME) == datetime(2031, 3, 7, 9, 30, tzinfo=UTC)
    with pytest.raises(ValueError, match="zone"):
        time_text(datetime(2031, 3, 7))  # noqa: DTZ001 - a time without a zone is the point


def test_kinds_are_words_with_hyphens() -> None:
    assert {
        *("draft-registered", "copy-issued", "copy-downloaded", "nonce-given", "agreement-accepted"),
        *("leak-received", "trace-run", "sanction"),
    } <= {str(kind) for kind in Kind}
    assert all(re.fullmatch("[a-z]+(-[a-z]+)*", kind) for kind in Kind)
    assert max(map(len, Kind)) <= limits.MAX_KIND_CHARS
    assert (entry.SCHEME, entry.VERSION) == ("tidemark-ledger", 1)
