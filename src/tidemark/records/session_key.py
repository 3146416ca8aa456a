"""The key that signs sessions and one-time links: a 0600 file in the data folder, made on first use. Knows no Django.

Losing it signs everybody out and does no other harm; it protects nothing that was marked or logged. So one that was cut
short, or is no text, is made anew: it would sign what anybody could.
"""

import secrets
from contextlib import suppress
from pathlib import Path

from tidemark.records.files import write_durably

_FILE = "session.key"
_BYTES = 48


def session_key(home: Path) -> str:
    """Return the key of a data folder. Where there is no folder (yet), one for this process alone."""
    path = home / _FILE
    with suppress(OSError, ValueError):
        kept = path.read_text("ascii")
        if len(kept) >= _BYTES:
            return kept
    key = secrets.token_urlsafe(_BYTES)
    try:
        if (home / "home.json").exists():
            write_durably(path, key.encode("ascii"))
    except OSError:
        pass  # a folder that cannot be written is told of when the records are opened
    return key
