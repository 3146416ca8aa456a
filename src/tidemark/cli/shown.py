"""What others have written (paths, names, what libraries say), made fit to be shown on a terminal."""

import unicodedata

_JOINERS = "\u200c\u200d"  # invisible, but part of the spelling in Persian and in Indian scripts
_STEERING = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def shown(text: str) -> str:
    """Return ``text`` on one line, with U+FFFD for every character that could steer the terminal or the reading order.

    An ESC would start a colour or worse, a line break could fake a line of ours, and a direction override the order
    of a name's letters.
    """
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if char not in _JOINERS and unicodedata.category(char) in _STEERING else char
        for char in text
    )
