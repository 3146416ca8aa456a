"""Names of copies are readable to people and safe on every system."""

import string
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidemark.records.copies.names import copy_file_name, slug


@pytest.mark.parametrize(
    ("draft", "recipient", "expected"),
    [
        ("front.png", "Acme Mould", "front--acme-mould.png"),
        ("Front Bumper v2.1.PNG", "Acme", "Front Bumper v2.1--acme.png"),
        ("front.png", "宁波华锐模塑（上海）", "front--宁波华锐模塑-上海.png"),
        ("保险杠.png", "Müller & Söhne GmbH", "保险杠--müller-söhne-gmbh.png"),
        ("front.png", "../../etc/passwd", "front--etc-passwd.png"),
        ("con.png", "Acme", "_con--acme.png"),
        ("LPT1.v2.png", "Acme", "_LPT1.v2--acme.png"),
        ("-rf.png", "Acme", "rf--acme.png"),
        (".hidden.png", "Acme", "hidden--acme.png"),
        ("a:b|c?.png", "Acme", "a-b-c---acme.png"),
        ("evil\u202egnp.png", "Acme", "evilgnp--acme.png"),
        ("front", "Acme", "front--acme.png"),
    ],
)
def test_a_copy_is_named_after_draft_and_recipient(draft: str, recipient: str, expected: str) -> None:
    assert copy_file_name(draft, recipient, extension="png") == expected


def test_a_taken_name_gets_the_copys_id() -> None:
    assert copy_file_name("a.png", "Acme", extension="png", copy="1f2e") == "a--acme--1f2e.png"


def test_parties_of_one_slug_are_told_apart_by_their_names() -> None:
    names = [copy_file_name("a.png", party, extension="png", apart=True) for party in ("A+B", "A-B", "a+b")]
    assert names[0] == names[2] != names[1]
    assert all(name.startswith("a--a-b-") for name in names)


def test_names_of_symbols_only_stay_apart() -> None:
    assert slug("!!!", fallback="party") != slug("???", fallback="party")
    assert slug("!!!", fallback="party").startswith("party-")


@given(st.text(), st.text(), st.sampled_from(["png", "jpg", "tiff"]), st.booleans())
def test_no_name_can_leave_the_folder_or_be_refused_by_a_system(
    draft: str, recipient: str, extension: str, apart: bool
) -> None:
    name = copy_file_name(draft, recipient, extension=extension, apart=apart, copy="0123456789abcdef")
    assert len(name.encode()) <= 143
    assert not set(name) & set('<>:"/\\|?*')
    assert not any(unicodedata.category(char) in {"Cc", "Cf", "Cs"} for char in name)
    assert not name.startswith((".", "-", " "))
    assert name.split(".")[0].lower() not in {"con", "nul", "prn", "aux", "com1"}


@given(st.text(alphabet=string.ascii_letters + string.digits, min_size=1, max_size=50))
def test_a_slug_of_plain_words_is_the_words(text: str) -> None:
    assert slug(text, fallback="party") == text.lower()
