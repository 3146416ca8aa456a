"""The key that signs sessions and one-time links: a 0600 file in the data folder, made on first use. Knows no Django.

Losing it signs everybody out and does no other harm; it protects nothing that was marked or logged.
"""

import secrets
from pathlib import Path

from tidemark.records.files import write_durably

_FILE = "session.key"


def session_key(home: Path) -> str:
    """Return the key of a data folder. Where there is no folder (yet), one for this process alone."""
    path = home / _FILE
    try:
        return path.read_text("ascii")
    except OSError:
        key = secrets.token_urlsafe(48)
    try:
        if (home / "home.json").exists():
            write_durably(path, key.encode("ascii"))
    except OSError:
        pass  # a folder that cannot be written is told of when the records are opened
    return key
