"""Lists of recipients as officers have them: out of Excel, in several encodings, with accidents."""

import contextlib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import people
from tidemark.errors import LimitExceeded, TidemarkError, UnreadableFile
from tidemark.limits import MAX_RECIPIENTS_BYTES
from tidemark.records.parties.names import clean_name, fold
from tidemark.records.parties.recipients import Recipient, merge, read_recipients

PLAIN = f"name,city\n{people.SUPPLIER},Leeds\n{people.SUB_VENDOR},霁川\n"
READ = (Recipient(people.SUPPLIER, {"city": "Leeds"}), Recipient(people.SUB_VENDOR, {"city": "霁川"}))


@pytest.mark.parametrize(
    "table",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("\n", "\r").encode(),
        PLAIN.replace(",", ";").encode("utf-8-sig"),
        PLAIN.replace(",", "\t").encode("utf-16"),
        ("sep=;\r\n" + PLAIN.replace(",", ";")).encode(),
        ("\n\n" + PLAIN.replace("\n", "\n,\n\n  \n")).encode(),
        PLAIN.replace("name,", "  NAME ,").encode(),
        PLAIN.replace("Leeds", "Leeds,,,").encode(),
        PLAIN.replace(people.SUPPLIER, f'" {people.SUPPLIER} "').encode(),
    ],
    ids=[
        "plain",
        "bom",
        "crlf",
        "cr",
        "semicolons",
        "utf16 tabs",
        "sep line",
        "blank lines",
        "header",
        "tail",
        "quoted",
    ],
)
def test_a_table_is_read_however_excel_saved_it(table: bytes) -> None:
    assert read_recipients(table) == READ


def test_duplicates_are_merged_whatever_their_case_and_width() -> None:
    table = "name;city;contact\nAcme Mould;Leeds;\nＡＣＭＥ  mould;;Li Na\n"
    assert read_recipients(table.encode()) == (Recipient("Acme Mould", {"city": "Leeds", "contact": "Li Na"}),)


def test_order_is_that_of_the_first_appearance() -> None:
    merged = merge([Recipient("b"), Recipient("a"), Recipient("B", {"x": "1"})])
    assert [recipient.name for recipient in merged] == ["b", "a"]


def test_a_nonce_is_no_data_of_the_party_and_the_last_one_given_counts() -> None:
    table = "name;Nonce;city\nAcme;;Leeds\nAcme;0F 0f" + " 0f" * 14 + ";\nNorthwick;;York\n"
    acme, northwick = read_recipients(table.encode())
    assert acme == Recipient("Acme", {"city": "Leeds"}, b"\x0f" * 16)
    assert northwick.nonce == b""
    assert merge([acme, Recipient("ACME", {}, b"\x01" * 16)])[0].nonce == b"\x01" * 16
    assert merge([acme, Recipient("ACME")])[0].nonce == b"\x0f" * 16


@pytest.mark.parametrize("nonce", ["0f" * 15, "0f" * 33, "0" * 33, "0g" * 16, "é" * 32])
def test_what_is_no_nonce_is_said_with_its_line(nonce: str) -> None:
    with pytest.raises(UnreadableFile, match="line 3: a nonce is 32 to 64 hexadecimal digits"):
        read_recipients(f"name,nonce\nAcme,\nNorthwick,{nonce}\n".encode())


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (b"", "line 1: a header with a column `name`"),
        (b"\n\n\n", "a header with a column `name`"),
        (b"company,city\nAcme,Leeds\n", "line 1: .*'company', 'city'"),
        (b"name\n", "no recipient"),
        (b"name,city\nAcme,Leeds\n,York\n", "line 3: a recipient's name is empty"),
        (b"name,city\nAcme,Leeds,York\n", "line 2: 3 values stand under 2 headings"),
        (b"name,name\nAcme,Leeds\n", "line 1: the column 'name' comes twice"),
        (b'name\n"Acme\nLtd\n', "line 3: unexpected end of data"),
        ("name\nMüller\n".encode("latin-1"), "line 2: this is not UTF-8 text.*CSV UTF-8"),
        ("name\n宁波\n".encode("gbk"), "line 2: this is not UTF-8"),
        (b"name\n" + b"x" * 201 + b"\n", "line 2: .*201 characters"),
        (b"PK\x03\x04\x00\x00", "not a text file"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(table: bytes, said: str) -> None:
    with pytest.raises(UnreadableFile, match=f"(?s){said}"):
        read_recipients(table)


def test_a_table_that_is_too_large_is_not_parsed() -> None:
    with pytest.raises(LimitExceeded):
        read_recipients(b"name\n" + b"x\n" * MAX_RECIPIENTS_BYTES)


@pytest.mark.parametrize(
    "name", ["\u3164", "\u034f", "\u200d", "\ufe0f \u115f", "\U000e0100", "\u2800", "\uffa0\u200c"]
)
def test_a_name_that_looks_empty_is_empty(name: str) -> None:
    with pytest.raises(ValueError, match="empty"):
        clean_name(name)


@pytest.mark.parametrize("hidden", ["\u200d", "\u200b", "\u034f", "\u3164", "\ufe0e", "\u115f", "\U000e0101"])
def test_what_cannot_be_seen_makes_no_other_party(hidden: str) -> None:
    assert fold(f"Ac{hidden}me") == fold("ACME")
    assert len(merge([Recipient("Acme"), Recipient(f"Acme{hidden}")])) == 1


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(table: bytes) -> None:
    with contextlib.suppress(TidemarkError):
        assert read_recipients(table)


@given(st.text(max_size=80))
def test_a_clean_name_stays_as_it_is(text: str) -> None:
    try:
        name = clean_name(text)
    except ValueError:
        return
    assert clean_name(name) == name
    assert not any(unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} for char in name)
    assert not set("\u202e\u200f\ufeff") & set(name)
