"""Names of parties: how they are kept, and when two spellings are one name. Knows no Django."""

import unicodedata

from tidemark.limits import MAX_NAME_CHARS

_JOINERS = "\u200c\u200d"  # invisible, but part of the spelling in Persian and in Indian scripts


def clean_name(name: str) -> str:
    """Return a name as it is kept: composed, on one line, without outer blanks or control and direction marks.

    Raises
    ------
    ValueError
        If nothing is left, or too much.
    """
    kept = " ".join("".join(map(_visible, unicodedata.normalize("NFC", name))).split())
    if not kept.strip(_JOINERS):
        raise ValueError("a recipient's name is empty.")
    if len(kept) > MAX_NAME_CHARS:
        raise ValueError(f"a recipient's name has {len(kept)} characters; at most {MAX_NAME_CHARS} are kept.")
    return kept


def fold(name: str) -> str:
    """Return what two spellings of one name have in common: "ACME  Ｍould" and "Acme Mould" are one party."""
    return unicodedata.normalize("NFKC", " ".join(name.split())).casefold()


def _visible(char: str) -> str:
    """Return the character, a blank for a control, nothing for what only steers how text is laid out."""
    if char in _JOINERS:
        return char
    return {"Cc": " ", "Cf": "", "Cs": "\N{REPLACEMENT CHARACTER}"}.get(unicodedata.category(char), char)
