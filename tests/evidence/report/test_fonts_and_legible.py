"""Typefaces are looked for by name; texts of strangers are made fit to be printed."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.evidence.report.exhibits import a_finding
from tidemark.errors import ReportFontMissing
from tidemark.evidence.report.fonts import CHINESE_SANS, SERIF, faces, has_chinese, unusual
from tidemark.evidence.report.legible import legible


def test_a_missing_typeface_is_named_with_what_to_install() -> None:
    with pytest.raises(ReportFontMissing, match=r"Noto Serif CJK SC.*fonts-noto-cjk"):
        faces({"DejaVu Sans"}, chinese=True)


@pytest.mark.parametrize("family", CHINESE_SANS)
def test_one_chinese_typeface_is_enough(family: str) -> None:
    chosen = faces({family}, chinese=True)
    assert chosen.body == chosen.heading == (SERIF, family)


def test_an_english_report_needs_no_typeface_of_the_machine() -> None:
    assert faces(frozenset(), chinese=False).body == (SERIF,)
    assert unusual("Ångström Ж Ω – “z” ≤ 10⁻⁶ 1.000 €") == ""


def test_chinese_is_recognised() -> None:
    assert has_chinese("A 澄石模具")
    assert not has_chinese("Müller, Łódź 🚗")


def test_hidden_characters_are_shown_by_their_code_points() -> None:
    assert legible("a\u202eb\u0007c\ud800") == "a‹U+202E›b‹U+0007›c‹U+D800›"
    assert legible("line\n two") == "line two"
    assert legible("a🚗", without={"🚗"}) == "a‹U+1F697›"


def test_a_long_word_may_break_and_keeps_its_letters() -> None:
    word = "MS11_front_bumper_final_really_final_v2.png"
    broken = legible(word)
    assert "\u200b" in broken
    assert broken.replace("\u200b", "") == word


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("abc_-\u034f\u0301\u0489\ufe0f")), max_size=200))
def test_nothing_of_a_text_is_lost(text: str) -> None:
    """The paper is what two persons approve and a court reads: no character goes without a trace."""
    shown = legible(text).replace("\u200b", "").strip("\u2068\u2069")
    assert _decoded(shown) == _decoded(" ".join(text.split()))


def _decoded(text: str) -> str:
    return re.sub(r"‹U\+([0-9A-F]{4,6})›", lambda code: chr(int(code[1], 16)), text)


@pytest.mark.parametrize(
    "word",
    [
        "We do n" + "\u034f" * 13 + "ot accept",
        "9" + "\u034f" * 25 + "1000000.00 CNY",
        "a" * 40 + "\u0301" * 30 + "bc" * 20,
    ],
)
def test_what_is_heaped_on_a_letter_hides_no_letter(word: str) -> None:
    shown = legible(word)
    assert "‹U+" in shown
    assert _decoded(shown.replace("\u200b", "")) == word


@pytest.mark.parametrize("word", ["Việt", "e\u0302\u0301", "Škoda", "हिन्दी", "🚗\ufe0f"])
def test_what_languages_put_on_letters_stays(word: str) -> None:
    assert legible(word) == word


def test_text_from_the_right_is_isolated() -> None:
    assert legible("תבניות") == "\u2068תבניות\u2069"


def test_texts_are_reached_however_deep_and_figures_kept() -> None:
    finding = a_finding(40.0)
    odd = replace(finding, accused=(replace(finding.accused[0], holder="x\u0000"),), versions={"a\u0001": "b"})
    shown = legible(odd)
    assert shown.accused[0].holder == "x‹U+0000›"
    assert shown.versions == {"a‹U+0001›": "b"}
    assert shown.tested == finding.tested
