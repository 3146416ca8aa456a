"""Letters and digits that are written in code, as pages and addresses may have them: ``&#72;``, ``%48``, ``\\u0048``.

Whatever shows the text later may show the letters. The check compares what is written, so it wants them written. What
decodes them is lenient, so this is too: a reference without its semicolon counts, and code of code.
"""

import html
import re
from collections.abc import Iterator
from urllib.parse import unquote

_REFERENCE = r"&(?:#0*[0-9]{1,7}|#[xX]0*[0-9a-fA-F]{1,6}|[a-zA-Z][0-9a-zA-Z]{1,31});?"
_ESCAPE = r"\\(?:[uU]\{0*[0-9a-fA-F]{1,6}\}|U[0-9a-fA-F]{8}|[uU][0-9a-fA-F]{4}|[xX][0-9a-fA-F]{2})"
_PERCENT = r"(?:%[uU][0-9a-fA-F]{4})+|(?:%[0-9a-fA-F]{2})+"
_CODED = re.compile(f"(?:{_REFERENCE})+|{_PERCENT}|(?:{_ESCAPE})+")
_EACH_REFERENCE, _EACH_ESCAPE = re.compile(_REFERENCE), re.compile(r"[\\%][uUxX]\{?([0-9a-fA-F]+)\}?")
_TIMES = 8
"""Whatever is still code after so many times is code on purpose."""


def encoded_letters(text: str) -> Iterator[tuple[int, int]]:
    """Yield where letters or digits are written in code. A coded blank or sign is none."""
    for word in re.finditer(r"\S+", text):
        if any(sign in word[0] for sign in "&%\\"):
            found = [match.span() for match in _CODED.finditer(word[0]) if _is_lettered(match[0])]
            if not found and _is_coded_again(word[0]):
                found = [(0, len(word[0]))]
            yield from ((word.start() + first, word.start() + last) for first, last in found)


def _is_coded_again(word: str) -> bool:
    """Whether what a word means, once it is decoded, has letters in code."""
    for _ in range(_TIMES):
        before, word = word, _CODED.sub(lambda code: "".join(_decoded(code[0])), word)
        if word == before:
            return False
        if any(_is_lettered(match[0]) for match in _CODED.finditer(word)):
            return True
    return True


def _is_lettered(code: str) -> bool:
    """Whether a run of code means a letter. What follows a reference that lacks its semicolon is not of the code."""
    return any(each[:1].isalnum() for each in _decoded(code))


def _decoded(code: str) -> list[str]:
    """Return what each part of a run of code means; a reference that means nothing stays as it is."""
    if code.startswith("&"):
        return [html.unescape(re.sub(r"(#[xX]?)0+", r"\1", each[0])) for each in _EACH_REFERENCE.finditer(code)]
    if code.startswith("%") and code[1] not in "uU":
        return [*unquote(code, errors="replace")]
    return [_character(int(each[1], 16)) for each in _EACH_ESCAPE.finditer(code)]


def _character(number: int) -> str:
    return chr(number) if number <= 0x10FFFF else ""
