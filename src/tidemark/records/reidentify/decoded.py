"""What stands in a text as base64 or as hexadecimal digits, decoded: it may be a name, and any tool shows it.

Only what decodes to letters is given: of ordinary words, hashes and ids next to nothing is left. Each character of a
text is decoded a fixed number of times, so that a long text takes no longer by the character than a short one.

Invisible characters within the code and letters of full width do not hide it: the text is read as it is written, and
once more without them. Letters in any other dress are not taken for code.
"""

import re
import unicodedata
from base64 import b64decode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tidemark.records.reidentify.folded import is_ideograph

LEAST_RUN = 6
"""Letters in a row that are one by chance next to never, wherever the code begins; fewer only if all of it decodes."""

_LEAST_WHOLE, _LEAST_WHOLE_ZH = 4, 2
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]+(?:\s+[A-Za-z0-9+/_-]+)*")
_DIGITS = r"[0-9a-f](?:(?:[\s:_.,;|/-]{1,3}(?:0x|\\x)?|0x)?[0-9a-f]){7,}"
_HEX = re.compile(_DIGITS, re.IGNORECASE)
_HEX_ALONE = re.compile(rf"(?<![^\W_])(?:0x)?{_DIGITS}(?![^\W_])", re.IGNORECASE)
_HEX_DIGIT = re.compile(r"0x|([0-9a-f])", re.IGNORECASE)
_NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
"""Signs of full width, one for one: places stay."""
_INVISIBLE = frozenset(("Cf", "Mn", "Me"))
"""Categories of what has no place of its own in a line: soft hyphens, joiners, marks of direction, accents."""
_ORDINARY_ALPHABET = str.maketrans("-_", "+/")
_UTF8 = re.compile(
    rb"(?:[\x20-\x7e]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}){%d,}|(?:[\xe3-\xe9][\x80-\xbf]{2}){2,}"
    % LEAST_RUN
)
_UTF16 = {
    "utf-16-le": re.compile(rb"(?:[\x20-\x7e]\x00){%d,}" % LEAST_RUN),
    "utf-16-be": re.compile(rb"(?:\x00[\x20-\x7e]){%d,}" % LEAST_RUN),
}


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a piece of a text means.

    Attributes
    ----------
    text : str
    start, end : int
        Where its code stands.
    is_whole : bool
        Whether all of the code, from blank to blank, means letters: else it may be chance.
    """

    text: str
    start: int
    end: int
    is_whole: bool


def decoded(text: str) -> Iterator[Decoded]:
    """Yield what stands in code in a text. It may overlap: where a code begins, only a name that is found tells."""
    plain = text.translate(_NARROW)
    yield from _decoded(plain)
    kept = [place for place, char in enumerate(plain) if char.isascii() or not _is_invisible(char)]
    if len(kept) < len(plain):
        for each in _decoded("".join(plain[place] for place in kept)):
            yield replace(each, start=kept[each.start], end=kept[each.end - 1] + 1)


def _is_invisible(char: str) -> bool:
    return unicodedata.category(char) in _INVISIBLE


def _decoded(text: str) -> Iterator[Decoded]:
    for chunk in _BASE64.finditer(text):
        if len(chunk[0]) < LEAST_RUN:
            continue
        places = [place for place in range(*chunk.span()) if not text[place].isspace()]
        yield from _aligned(text, places, per_byte=(4, 3))
        for token in re.finditer(r"\S+", chunk[0]):
            if len(token[0]) >= LEAST_RUN:
                first = chunk.start() + token.start()
                yield from _whole(_from_base64(token[0]), first, first + len(token[0]))
    for chunk in _HEX.finditer(text):
        yield from _aligned(text, _digits_in(chunk), per_byte=(2, 1))
    for chunk in _HEX_ALONE.finditer(text):
        places = _digits_in(chunk)
        if len(places) % 2 == 0:
            yield from _whole(bytes.fromhex("".join(text[place] for place in places)), places[0], places[-1] + 1)


def _digits_in(chunk: "re.Match[str]") -> list[int]:
    return [chunk.start() + each.start() for each in _HEX_DIGIT.finditer(chunk[0]) if each[1]]


def _aligned(text: str, places: Sequence[int], *, per_byte: tuple[int, int]) -> Iterator[Decoded]:
    """Yield the runs of letters, wherever in this row of characters their code begins."""
    chars, count = per_byte
    row = "".join(text[place] for place in places)
    for skip in range(chars):
        code = row[skip:]
        data = _from_base64(code) if chars == 4 else bytes.fromhex(code[: len(code) // 2 * 2])
        for run, encoding in _runs(data):
            first = skip + run.start() * chars // count
            last = min(skip - (-run.end() * chars // count), len(places)) - 1
            yield Decoded(run[0].decode(encoding, errors="replace"), places[first], places[last] + 1, is_whole=False)


def _runs(data: bytes) -> Iterator[tuple["re.Match[bytes]", str]]:
    yield from ((run, "utf-8") for run in _UTF8.finditer(data))
    if b"\0" in data:
        for encoding, runs in _UTF16.items():
            yield from ((run, encoding) for run in runs.finditer(data))


def _whole(data: bytes, start: int, end: int) -> Iterator[Decoded]:
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        try:
            said = data.decode(encoding).removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
        is_chinese = any(map(is_ideograph, said))
        is_long = len(said.strip()) >= (_LEAST_WHOLE_ZH if is_chinese else _LEAST_WHOLE)
        if is_long and said.replace("\n", " ").strip().isprintable():
            yield Decoded(said, start, end, is_whole=True)


def _from_base64(code: str) -> bytes:
    """Decode base64 of either alphabet, without its end if it is cut off."""
    usable = code if len(code) % 4 != 1 else code[:-1]
    return b64decode(usable.translate(_ORDINARY_ALPHABET) + "=" * (-len(usable) % 4))
