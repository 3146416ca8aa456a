"""What can be seen of a text. Pure: whoever owes a reason or an apology owes something that can be read."""

import unicodedata

FILLERS = frozenset(map(chr, (0x115F, 0x1160, 0x3164, 0xFFA0)))
"""Letters, to Unicode, that stand for one that is not there."""
BLANK = "\u2800"
"""A Braille pattern without dots: a symbol, but nothing to see."""

_EMPTY_NOTE = "\U0001d159"
"""A note head that is not drawn: a symbol, too."""

_SEEN = frozenset("LNPS")
"""Letters, digits, punctuation, symbols: the first letters of their categories in Unicode."""


def is_visible(text: str) -> bool:
    """Whether a text has at least one character that can be seen by itself."""
    return any(unicodedata.category(char)[0] in _SEEN and char not in FILLERS and char != BLANK for char in text)


def readable(text: str) -> str:
    """Return a text without outer blanks; '' if nothing of it can be seen."""
    return text.strip() if is_visible(text) else ""


def unseen(text: str) -> str:
    """Return the characters of a text that nobody sees and that part nothing: controls, what has no character, fillers.

    What only steers how text is laid out (category Cf) is not among them: some scripts need it.
    """
    return "".join(dict.fromkeys(char for char in text if char not in "\n\t" and _is_unseen(char)))


def _is_unseen(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cn", "Co", "Cs") or char in FILLERS or char in (BLANK, _EMPTY_NOTE)
