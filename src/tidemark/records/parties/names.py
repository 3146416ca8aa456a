"""Names of parties: how they are kept, and when two spellings are one name. Knows no Django."""

import unicodedata

from tidemark.limits import MAX_NAME_CHARS
from tidemark.records.visible import BLANK, FILLERS

OWNER = "The owner"
"""Name of the party that drafts belong to, until it is given another."""

_JOINERS = "\u200c\u200d"  # invisible, but part of the spelling in Persian and in Indian scripts
# Default-ignorable in Unicode's sense though their category is not Cf: joiners, fillers, variation selectors.
_IGNORABLE = frozenset(
    map(
        chr,
        (
            *(0x034F, 0x17B4, 0x17B5),
            *range(0x180B, 0x1810),
            *range(0xFE00, 0xFE10),
            *range(0xE0100, 0xE01F0),
        ),
    )
)


def clean_name(name: str) -> str:
    """Return a name as it is kept: composed, on one line, without outer blanks or control and direction marks.

    Raises
    ------
    ValueError
        If nothing is left that can be seen, or too much.
    """
    kept = " ".join("".join(map(_visible, unicodedata.normalize("NFC", name))).split())
    if not fold(kept).replace(BLANK, "").strip():
        raise ValueError("a recipient's name is empty.")
    if len(kept) > MAX_NAME_CHARS:
        raise ValueError(f"a recipient's name has {len(kept)} characters; at most {MAX_NAME_CHARS} are kept.")
    return kept


def fold(name: str) -> str:
    """Return what two spellings of one name have in common: "ACME  Ｍould" and "Acme Mould" are one party.

    What cannot be seen makes no difference either.
    """
    seen = "".join(char for char in unicodedata.normalize("NFKC", name) if not _is_ignorable(char))
    return " ".join(seen.split()).casefold()


def _is_ignorable(char: str) -> bool:
    return char in _IGNORABLE or char in FILLERS or unicodedata.category(char) == "Cf"


def _visible(char: str) -> str:
    """Return the character, a blank for a control, nothing for what only steers how text is laid out."""
    if char in _JOINERS:
        return char
    return {"Cc": " ", "Cf": "", "Cs": "\N{REPLACEMENT CHARACTER}"}.get(unicodedata.category(char), char)
