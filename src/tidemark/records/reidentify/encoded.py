"""Letters and digits that are written in code, as pages and addresses may have them: ``&#72;``, ``%48``, ``\\u0048``.

Whatever shows the text later may show the letters. The check compares what is written, so it wants them written.
"""

import html
import re
from collections.abc import Iterator
from urllib.parse import unquote

_CODED = re.compile(r"(?:&#?[0-9a-z]{1,32};)+|(?:%[0-9a-f]{2})+|(?:\\u[0-9a-f]{4}|\\x[0-9a-f]{2})+", re.IGNORECASE)
_ESCAPE = re.compile(r"\\[ux]([0-9a-f]+)", re.IGNORECASE)


def encoded_letters(text: str) -> Iterator[tuple[int, int]]:
    """Yield where letters or digits are written in code. A coded blank or sign is none."""
    for match in _CODED.finditer(text):
        if any(map(str.isalnum, _decoded(match[0]))):
            yield match.start(), match.end()


def _decoded(code: str) -> str:
    """Return what a run of code means; '' if it means nothing."""
    if code.startswith("&"):
        known = (html.unescape(each) for each in re.findall("&[^;]+;", code))
        return "".join(each for each in known if not each.startswith("&"))
    if code.startswith("%"):
        return unquote(code, errors="replace")
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), code)
