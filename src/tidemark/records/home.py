"""The data folder (``TIDEMARK_HOME``): where things lie in it, its layout version, and its lock. Knows no Django.

    home.json        {"scheme": "tidemark-home", "version": 1}
    home.lock        held while the folder is changed
    records.sqlite3  what is remembered
    master.secret    the 32 bytes that every mark derives from
    ledger.key       the 32 bytes that sign the ledger's checkpoints
    ledger.head      the last checkpoint that was signed: records that are older than it were restored from a backup
    originals/       the drafts' bytes, by SHA-256; descriptions/ what matching needs of each
    masters/         the owner's own marked copy of each draft that was marked on the command line
    copies/          marked copies that holders download; documents/ bids/ previews/ likewise by SHA-256
    leaks/           found files, unchanged; traces/ what was made of them; likewise
    inbox/           e-mails with leaks, whole messages as *.eml; done/ and refused/ in it where they go

Files are made 0600 and folders 0700: whoever can read the originals and the secret can make and unmake marks.
"""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from tidemark.errors import HomeUnusable
from tidemark.records.files import TEMPORARY_PREFIX, write_durably

SCHEME = "tidemark-home"
VERSION = 1

DATABASE = "records.sqlite3"
_LAYOUT = "home.json"
_LOCK = "home.lock"
_SHELVES = ("originals", "descriptions", "copies", "documents", "bids", "previews")  # records/blobs.py


def default_path() -> Path:
    """Return the folder that is used when neither ``--home`` nor ``TIDEMARK_HOME`` names one."""
    return platformdirs.user_data_path("tidemark")


@dataclass(frozen=True, slots=True)
class Home:
    """A data folder of a layout that this version knows."""

    path: Path

    @property
    def database(self) -> Path:
        return self.path / DATABASE

    @property
    def secret(self) -> Path:
        return self.path / "master.secret"

    @property
    def ledger_key(self) -> Path:
        return self.path / "ledger.key"

    @property
    def ledger_head(self) -> Path:
        return self.path / "ledger.head"

    @property
    def originals(self) -> Path:
        return self.path / "originals"

    @property
    def masters(self) -> Path:
        return self.path / "masters"

    @property
    def descriptions(self) -> Path:
        return self.path / "descriptions"

    def temporary_files(self) -> list[Path]:
        """Return the files that are being written; to the holder of the lock, those that a killed run has left."""
        name = f"{TEMPORARY_PREFIX}*"
        return [*self.path.glob(name), *(path for shelf in _SHELVES for path in self.path.glob(f"{shelf}/*/{name}"))]

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder's lock, waiting for it. Not to be nested.

        Whoever holds it knows that no other process is in the middle of releasing a copy: what looks half-done then
        was left by one that died.
        """
        try:
            handle = os.open(self.path / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise HomeUnusable(f"The data folder {self.path} cannot be locked: {error.strerror}.") from error
        try:
            _lock(handle)
            yield
        finally:
            os.close(handle)  # which gives the lock back, even if the process dies


def find_home(path: Path) -> Home:
    """Return the existing data folder at ``path``.

    Raises
    ------
    HomeUnusable
        If there is none, or it is of a newer version, or its layout file cannot be read.
    """
    home = Home(path.absolute())
    try:
        text = (home.path / _LAYOUT).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise HomeUnusable(
            f"There is no Tidemark data folder at {home.path}. `tidemark mark` makes one; "
            "if yours is elsewhere, name it with --home or TIDEMARK_HOME."
        ) from None
    except OSError as error:
        raise HomeUnusable(f"The data folder {home.path} cannot be read: {error.strerror}.") from error
    _check_layout(home, text)
    return home


def make_home(path: Path) -> Home:
    """Return the data folder at ``path``, making it first if there is none.

    Raises
    ------
    HomeUnusable
        As :func:`find_home`; and if the folder cannot be made, or holds something else.
    """
    home = Home(path.absolute())
    try:
        home.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        strangers = [name for name in os.listdir(home.path) if name != _LOCK and not name.startswith(TEMPORARY_PREFIX)]
    except FileExistsError:
        raise HomeUnusable(f"The data folder {home.path} is a file. Name a folder with --home.") from None
    except OSError as error:
        raise HomeUnusable(f"The data folder {home.path} cannot be used: {error.strerror}.") from error
    # Listed before the layout file is looked for: it is the first file that a new home gets, so another process that
    # is making the same home at this moment is never mistaken for a stranger.
    layout = home.path / _LAYOUT
    if layout.exists():
        return find_home(path)
    if strangers:
        raise HomeUnusable(
            f"The folder {home.path} holds other files ({strangers[0]}, …) and is not a Tidemark data folder. "
            "Name an empty or a new folder."
        )
    with home.locked():
        if not layout.exists():
            write_durably(layout, json.dumps({"scheme": SCHEME, "version": VERSION}).encode() + b"\n")
    return find_home(path)


def _check_layout(home: Home, text: bytes) -> None:
    """Raise HomeUnusable unless ``text`` says that this version knows the layout."""
    try:
        layout = json.loads(text)
        scheme, version = layout["scheme"], layout["version"]
    except (ValueError, KeyError, TypeError):
        scheme = version = None
    if scheme != SCHEME or type(version) is not int or version < 1:
        raise HomeUnusable(f"{home.path / _LAYOUT} is damaged: it should say scheme {SCHEME!r} and a version.")
    if version > VERSION:
        raise HomeUnusable(
            f"The data folder {home.path} has version {version}; this Tidemark knows versions up to {VERSION}. "
            "Use the newer Tidemark that it was made with."
        )


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        """Take the exclusive lock of an open file; it goes when the handle is closed."""
        while True:
            try:
                msvcrt.locking(handle, msvcrt.LK_LOCK, 1)
            except OSError:
                continue  # LK_LOCK gives up after ten seconds; a large copy may take longer to write
            return

else:
    import fcntl

    def _lock(handle: int) -> None:
        """Take the exclusive lock of an open file; it goes when the handle is closed."""
        fcntl.flock(handle, fcntl.LOCK_EX)
