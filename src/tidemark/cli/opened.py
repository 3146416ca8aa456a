"""The way from the command line to the records: which folder, what time, opened once."""

import os
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from tidemark.cli.faults import tell
from tidemark.cli.show import progress
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
    from tidemark.records.connect import database_errors, open_records

    folder = path or default_path()
    home = make_home(folder) if make else find_home(folder)
    os.environ["TIDEMARK_HOME"] = str(home.path)  # the one that Django's settings will name
    with ExitStack() as shown:
        unsettled = open_records(
            home,
            before_migrating=lambda: shown.enter_context(progress()).add_task(
                "Making the tables of the data folder, once", total=None
            ),
        )
    for each in unsettled:
        tell(each)
    from tidemark.records.ledger.log import slow_clock

    with database_errors(home):
        if slow := slow_clock(current_time()):
            tell(slow)
    return home


def open_secret(home: Home, *, now: datetime | None = None) -> bytes:
    """Return the master secret of the open records, and say so if others may read it.

    Parameters
    ----------
    home : Home
    now : datetime, optional
        The time, if a secret may be made where there was never one.

    Raises
    ------
    WrongKey, HomeUnusable
        If it is missing, another one, or cannot be read or made.
    """
    from tidemark.records.copies.secret import is_exposed, master_secret

    secret = master_secret(home, now=now)
    if is_exposed(home):
        tell(f"Others may read the master secret, and so make and unmake marks: chmod go= {home.secret}")
    return secret


def current_time() -> datetime:
    """Return the time now: the one clock of the program. Everything below is told the time."""
    return datetime.now(UTC)
