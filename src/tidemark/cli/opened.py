"""The way from the command line to the records: which folder, what time, opened once."""

import os
from datetime import UTC, datetime
from pathlib import Path

from tidemark.records.home import Home, default_path, find_home, make_home


def open_home(path: Path | None, *, make: bool) -> Home:
    """Open the records of the data folder.

    Parameters
    ----------
    path : Path or None
        What ``--home`` or ``TIDEMARK_HOME`` says.
    make : bool
        Whether to make the folder if there is none.

    Raises
    ------
    HomeUnusable, RecordsDamaged
        If it cannot be opened.
    """
    from tidemark.records.connect import open_records

    folder = path or default_path()
    home = make_home(folder) if make else find_home(folder)
    os.environ["TIDEMARK_HOME"] = str(home.path)  # the one that Django's settings will name
    open_records(home)
    return home


def current_time() -> datetime:
    """Return the time now: the one clock of the program. Everything below is told the time."""
    return datetime.now(UTC)
