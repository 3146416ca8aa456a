"""Text that strangers chose, made fit to be printed: what a court reads must be what the record says."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

_T = TypeVar("_T")

_ISOLATE, _END_ISOLATE, _MAY_BREAK = "\u2068", "\u2069", "\u200b"
_JOINERS = "\u200c\u200d"
"""Two format characters that Persian, Indic scripts and emoji cannot be written without."""

_WHOLE = re.compile(r"[0-9a-f]{64}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
"""A hash has its line to itself, and is copied from there; a time is put into words."""

_LONG_WORD = re.compile(r"[!-~¡-\u058f]{25,}")
"""Alphabets whose letters stand apart; others cannot be cut anywhere, or can be already."""

_BREAKS_AFTER, _UNBROKEN = "-_./\\", 12
_MOST_MARKS = 4
"""Combining characters on one letter: Vietnamese has two. More of them only cover what stands beside."""

_BLANK = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u180f\u3164\uffa0"
    + "".join(map(chr, range(0xFE00, 0xFE0F)))
    + "".join(map(chr, range(0xE0100, 0xE01F0)))
)
"""Letters and marks by Unicode's categories that show nothing: between two letters they hide that there is anything."""


def legible(value: _T, *, without: Collection[str] = ()) -> _T:
    """Return a value in which every text, however deep, can be printed as it is.

    Controls, reordering and private characters, and those in ``without``, are replaced by their code points. A text
    that is read from the right is isolated from the words around it, and a word that fills a line may break.

    Parameters
    ----------
    value : str, number, mapping, tuple or dataclass of these
    without : collection of str
        Characters that cannot be shown.
    """
    return _made_legible(value, frozenset(without))  # type: ignore[no-any-return]


def _made_legible(value: Any, without: frozenset[str]) -> Any:
    if isinstance(value, str):
        return _legible_text(value, without)
    if isinstance(value, tuple):
        return tuple(_made_legible(each, without) for each in value)
    if isinstance(value, Mapping):
        return {_made_legible(key, without): _made_legible(each, without) for key, each in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value, **{each.name: _made_legible(getattr(value, each.name), without) for each in fields(value)}
        )
    return value


def _legible_text(text: str, without: frozenset[str]) -> str:
    text = _without_heaps("".join(_shown(character, without) for character in " ".join(text.split())))
    if not _WHOLE.fullmatch(text):
        text = _LONG_WORD.sub(lambda word: _breakable(word[0]), text)
    text = text.replace("›‹", f"›{_MAY_BREAK}‹")
    if any(unicodedata.bidirectional(character) in ("R", "AL", "AN") for character in text):
        return _ISOLATE + text + _END_ISOLATE
    return text


def _shown(character: str, without: frozenset[str]) -> str:
    hidden = unicodedata.category(character) in ("Cc", "Cf", "Cn", "Co", "Cs") and character not in _JOINERS
    is_blank = hidden or character in _BLANK
    return _code(character) if is_blank or character in without else character


def _code(character: str) -> str:
    return f"‹U+{ord(character):04X}›"


def _without_heaps(text: str) -> str:
    """Show by their code points the combining characters of a letter that has more than any language puts on one."""
    shown, marks = [], 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        shown.append(_code(character) if marks > _MOST_MARKS else character)
    return "".join(shown)


def _breakable(word: str) -> str:
    """Let a long word break after a sign that parts it, and at the latest after so many characters. None is lost."""
    pieces, since = [], 0
    for character, following in zip(word, [*word[1:], ""], strict=True):
        pieces.append(character)
        since += 1
        is_end = not following or unicodedata.combining(following)
        if not is_end and (since >= _UNBROKEN or character in _BREAKS_AFTER):
            pieces.append(_MAY_BREAK)
            since = 0
    return "".join(pieces)
