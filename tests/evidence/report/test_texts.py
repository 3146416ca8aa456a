"""Both languages: the same sentences with the same figures in them."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from string import Formatter
from typing import Any

from tidemark.evidence.report import LANGUAGES
from tidemark.ledger.entry import Kind

_FIELDS_OF_WORDS = {"months", "small_numbers"}


def _sentences(table: Any, where: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(table, str):
        yield where, table
        return
    items = table.items() if isinstance(table, Mapping) else enumerate(table)
    for key, each in items:
        if key not in _FIELDS_OF_WORDS:
            yield from _sentences(each, f"{where}.{key}")


def _placeholders(sentence: str) -> list[str]:
    return sorted({name for _, name, _, _ in Formatter().parse(sentence) if name})


def test_both_languages_say_the_same_things() -> None:
    tables = [dict(_sentences(asdict(each))) for each in LANGUAGES.values()]
    assert tables[0].keys() == tables[1].keys()
    for where in tables[0]:
        assert _placeholders(tables[0][where]) == _placeholders(tables[1][where]), where


def test_emphasis_that_begins_also_ends() -> None:
    for text in LANGUAGES.values():
        for where, sentence in _sentences(asdict(text)):
            literal = "".join(part for part, *_ in Formatter().parse(sentence))
            assert literal.count("**") % 2 == 0, where
            assert literal.count("_") % 2 == 0, where


def test_every_kind_of_ledger_entry_is_put_into_words() -> None:
    for text in LANGUAGES.values():
        assert set(text.custody_kinds) == {str(kind) for kind in Kind}
