"""What is said of e-mails that were not, or not wholly, taken in: the reasons that lie beside them (:mod:`.inbox`)."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tidemark.errors import HomeUnusable
from tidemark.records.home import Home
from tidemark.records.leaks.inbox import REASON, inbox_folder, is_plain

MOST_TOLD = 50
"""Mails, the latest: a page that anybody can lengthen with an e-mail must end."""

_MOST_WHY_BYTES = 10_000


@dataclass(frozen=True, slots=True)
class ToldMail:
    """A message that was not, or not wholly, taken in.

    Attributes
    ----------
    file_name : str
        Of the message, in the folder that it lies in.
    time : datetime
        When it was read.
    is_refused : bool
        Whether nothing of it was taken in.
    why : str
    """

    file_name: str
    time: datetime
    is_refused: bool
    why: str


def told_mails(home: Home) -> list[ToldMail]:
    """Return the messages that were not, or not wholly, taken in, the latest first, at most :data:`MOST_TOLD`.

    A reason that somebody removes meanwhile is left out.

    Raises
    ------
    HomeUnusable
        If the folder cannot be read.
    """
    try:
        paths = [path for where in ("done", "refused") for path in (inbox_folder(home) / where).glob(f"*{REASON}")]
        times = {path: time for path in paths if is_plain(path) and (time := _time_of(path)) is not None}
        latest = sorted(times, key=lambda path: (times[path], path.name), reverse=True)[:MOST_TOLD]
        return [
            ToldMail(_message_of(path), datetime.fromtimestamp(times[path], UTC), path.parent.name == "refused", why)
            for path in latest
            if (why := _first_words(path)) is not None
        ]
    except OSError as error:
        raise HomeUnusable(f"The inbox {inbox_folder(home)} cannot be read: {error.strerror}.") from error


def _time_of(path: Path) -> float | None:
    """Return when a file was written, in seconds; None if it is gone."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return None


def _message_of(reason: Path) -> str:
    """Return the name of the message that a reason stands beside, as it can be shown; it may be gone."""
    return os.fsencode(f"{reason.name.removesuffix(REASON)}.eml").decode(errors="replace")


def _first_words(path: Path) -> str | None:
    """Return how a reason begins; None if it is gone."""
    try:
        with path.open("rb") as file:
            return file.read(_MOST_WHY_BYTES).decode(errors="replace").strip()
    except FileNotFoundError:
        return None
