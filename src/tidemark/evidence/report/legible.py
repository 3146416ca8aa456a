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
_PIECE = re.compile(r"[!-~¡-\u058f]{1,11}[-_./\\]|[!-~¡-\u058f]{1,12}(?![\u0300-\u036f])")
"""Alphabets whose letters stand apart; others cannot be cut anywhere, or can be already."""


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
    text = "".join(_shown(character, without) for character in " ".join(text.split()))
    if not _WHOLE.fullmatch(text):
        text = _LONG_WORD.sub(lambda word: _MAY_BREAK.join(_PIECE.findall(word[0])), text)
    text = text.replace("›‹", f"›{_MAY_BREAK}‹")
    if any(unicodedata.bidirectional(character) in ("R", "AL", "AN") for character in text):
        return _ISOLATE + text + _END_ISOLATE
    return text


def _shown(character: str, without: frozenset[str]) -> str:
    hidden = unicodedata.category(character) in ("Cc", "Cf", "Cn", "Co", "Cs") and character not in _JOINERS
    return f"‹U+{ord(character):04X}›" if hidden or character in without else character
