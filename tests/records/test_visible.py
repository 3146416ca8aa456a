"""A text says something if one of its characters can be seen."""

import pytest

from tidemark.errors import Refused
from tidemark.records.reasons import reason_of
from tidemark.records.visible import readable


@pytest.mark.parametrize("text", ["a", "对", "7", "?", "€", "👍", "\u202e.", "e\u0301", "می\u200cخواهم"])
def test_letters_digits_punctuation_and_symbols_are_seen(text: str) -> None:
    assert readable(f" {text}\n") == text


@pytest.mark.parametrize(
    "text",
    ["", " \n\t", "\u202e", "\u200b\u200d", "\ufeff", "\x00\x1b", "\u3000", "\u0301", "\ufe0f", "\u3164", "\u2800"],
    ids=ascii,
)
def test_marks_that_steer_or_fill_are_not(text: str) -> None:
    assert readable(text) == ""
    assert readable(f"{text}Sorry.{text}").strip() != ""
    with pytest.raises(Refused, match="Give a reason"):
        reason_of(text, most=10)
    assert reason_of(text, most=10, is_needed=False) == ""
