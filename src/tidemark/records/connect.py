"""Open the records of a home folder: the one place where Django is started.

Models, and every module that imports them, may be imported only after :func:`open_records` has returned.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import django
from django.apps import apps
from django.db import DatabaseError, connection, connections, transaction

from tidemark.errors import HomeUnusable, RecordsDamaged, TidemarkError
from tidemark.records import files
from tidemark.records.home import Home

_SETTINGS = "tidemark.records.settings"
_ADVISORY_LOCK = 0x7469_6465  # "tide": any number that nobody else in the database uses
_opened: list[Home] = []
# SQLite's words for what the owner of the folder can mend; anything else that it reports is damage.
_OF_THE_DISK = ("disk is full", "disk i/o")
_UNUSABLE = (*_OF_THE_DISK, "readonly", "unable to open", "locked", "permission denied")


def open_records(home: Home, *, before_migrating: Callable[[], object] = lambda: None) -> tuple[str, ...]:
    """Make ``home`` the folder that the models speak of, bringing its tables up to date and ending what was cut off.

    It may be called again for another folder: the one before is closed, in this thread. A server's threads keep theirs.

    Parameters
    ----------
    home : Home
    before_migrating : callable
        Called if tables are made or changed, which takes seconds, before they are.

    Returns
    -------
    tuple of str
        Warnings to people about what was cut off and cannot be ended yet.

    Raises
    ------
    HomeUnusable
        If the database cannot be opened or written, or was made by a newer version.
    RecordsDamaged
        If it is not a database, or is gone or empty in a folder that has been used.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", _SETTINGS)
    django.setup()
    connections["default"].close()
    if connection.vendor == "sqlite":
        connections["default"].settings_dict["NAME"] = home.database
    _opened.append(home)
    # Under the lock: else what another first run makes at this moment would look like the rest of a lost database.
    with database_errors(home), exclusively(home):
        if connection.vendor == "sqlite":
            if not home.database.exists() or home.database.stat().st_size == 0:
                _refuse_used(home)
            _make_private(home)
        _migrate(home, before_migrating)
        from tidemark.records.copies.release import settle_all

        return settle_all(home)


def current_home() -> Home:
    """Return the folder whose records are open: what a page or a task works on."""
    return _opened[-1]


@contextmanager
def exclusively(home: Home) -> Iterator[None]:
    """Be the only one, on any machine, who appends to the ledger or changes the data folder. Not to be nested.

    The folder's lock keeps out the other processes of this machine. On PostgreSQL, which several machines may share,
    an advisory lock of the session keeps out the others too.
    """
    with home.locked():
        if connection.vendor != "postgresql":
            yield
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_ADVISORY_LOCK])
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_ADVISORY_LOCK])


@contextmanager
def database_errors(home: Home) -> Iterator[None]:
    """Turn what the database raises into Tidemark's own errors."""
    try:
        yield
    except DatabaseError as error:
        raise _as_own(error, home) from error


def _as_own(error: DatabaseError, home: Home) -> TidemarkError:
    text = str(error)
    if any(words in text.lower() for words in _UNUSABLE):
        is_disk = any(words in text.lower() for words in _OF_THE_DISK)
        advice = " The disk is full or fails: free some space, and try again." if is_disk else ""
        return HomeUnusable(f"The records {home.database} cannot be used: {text}.{advice}")
    return RecordsDamaged(f"The records {home.database} are damaged: {text}. Restore them from a backup.")


def _make_private(home: Home) -> None:
    """Make the database's file 0600 before SQLite makes it anything else (its -wal and -shm take the same mode)."""
    try:
        os.close(os.open(home.database, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise HomeUnusable(f"The records {home.database} cannot be opened: {error.strerror}.") from error


def _refuse_used(home: Home) -> None:
    """Raise if a folder without a database has been used: an empty one in its place would hide that all is lost."""
    if home.secret.exists() or any(files.stored(home.originals)):
        raise RecordsDamaged(
            f"The database {home.database} is gone or empty, but the folder has been used. Restore it from a backup: "
            "without it no copy can be traced, and a new one is never made in its place."
        )


def _migrate(home: Home, before_migrating: Callable[[], object]) -> None:
    """Bring the tables up to this version; refuse those of a newer one."""
    from django.core.management import call_command
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if not executor.loader.applied_migrations:
        _refuse_used(home)
    unknown = set(executor.loader.applied_migrations) - set(executor.loader.disk_migrations)
    if unknown:
        raise HomeUnusable(
            f"The records {home.database} were made by a newer Tidemark (they know {sorted(unknown)[0][1]}). "
            "Use that one."
        )
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        before_migrating()
        with _at_once():
            call_command("migrate", verbosity=0, interactive=False)


@contextmanager
def _at_once() -> Iterator[None]:
    """Change all tables or none: a migration whose tables are made but that is not recorded could never be taken up."""
    connection.disable_constraint_checking()  # SQLite makes tables anew then, and cannot leave it to the transaction
    try:
        with transaction.atomic():
            if connection.vendor == "postgresql":  # it alters no table of which it has rows to check at the commit
                with connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            yield
    finally:
        connection.enable_constraint_checking()


def close_records() -> None:
    """Close the database, if one is open."""
    if apps.ready:
        connections.close_all()
