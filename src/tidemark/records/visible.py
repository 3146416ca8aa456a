"""What can be seen of a text. Pure: whoever owes a reason or an apology owes something that can be read."""

import unicodedata

FILLERS = frozenset(map(chr, (0x115F, 0x1160, 0x3164, 0xFFA0)))
"""Letters, to Unicode, that stand for one that is not there."""
BLANK = "\u2800"
"""A Braille pattern without dots: a symbol, but nothing to see."""

_SEEN = frozenset("LNPS")
"""Letters, digits, punctuation, symbols: the first letters of their categories in Unicode."""


def is_visible(text: str) -> bool:
    """Whether a text has at least one character that can be seen by itself."""
    return any(unicodedata.category(char)[0] in _SEEN and char not in FILLERS and char != BLANK for char in text)


def readable(text: str) -> str:
    """Return a text without outer blanks; '' if nothing of it can be seen."""
    return text.strip() if is_visible(text) else ""
