"""What many tests need: a draft that can carry a mark, an open data folder, and the command line in two ways."""

import hashlib
import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import numpy as np
import pytest
from PIL import Image
from scipy import ndimage
from typer.testing import CliRunner, Result

import tidemark.records
from tests import postgresql
from tidemark import limits
from tidemark.records.home import Home

if TYPE_CHECKING:
    from django.test import Client

    from tests.desk import Desk

NOW = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)

# How long an example takes says how busy the machine is, and nothing of what is claimed of it.
hypothesis.settings.register_profile("claims", deadline=None)
hypothesis.settings.load_profile("claims")


@pytest.fixture(autouse=True)
def _no_real_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep every test away from the data folder of whoever runs it."""
    monkeypatch.setenv("TIDEMARK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("TIDEMARK_DEBUG", raising=False)


@pytest.fixture(autouse=True)
def _few_decoys(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Score few decoys in a trace: that a trace has as many as are laid down is tested where it is marked so."""
    if not request.node.get_closest_marker("all_decoys"):
        monkeypatch.setattr(limits, "DECOYS", 300)


@pytest.fixture(autouse=True)
def _drafts_prepared_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Describe and prepare each draft once in this process, where a test is about what is done with its copies."""
    if request.path.relative_to(request.config.rootpath).parts[1] not in {"records", "web", "api", "security"}:
        return
    from tests import prepared

    monkeypatch.setattr("tidemark.engine.carriers.image.describe", prepared.describe)
    monkeypatch.setattr("tidemark.engine.carriers.image.prepare", prepared.prepare)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """An empty database with all tables. To make one takes seconds, so it is kept for as long as no table changes."""
    assert request.config.cache is not None
    kept = request.config.cache.mkdir("migrated") / f"{_tables_version()}.sqlite3"
    if not kept.exists():
        from tidemark.records.connect import close_records, open_records
        from tidemark.records.home import make_home

        made = make_home(tmp_path_factory.mktemp("migrated"))
        open_records(made)
        close_records()
        made.database.replace(kept)  # whole or not at all, for the other workers of this run
    return kept


def _tables_version() -> str:
    """Return a digest of all that the tables depend on: our migrations, and the packages that bring their own."""
    seen = hashlib.sha256()
    for migration in sorted(Path(tidemark.records.__path__[0]).glob("*/migrations/*.py")):
        seen.update(str(migration.parent.parent.name).encode() + migration.name.encode() + migration.read_bytes())
    for package in ("django", "django-allauth", "django-tasks-db"):
        seen.update(version(package).encode())
    return seen.hexdigest()[:16]


# Named at once, since folders' own conftests may load the settings before anything else happens; started below.
_SERVER = postgresql.Server() if postgresql.is_wanted() else None


def pytest_configure(config: pytest.Config) -> None:
    """Start PostgreSQL if it is wanted, in each process that runs tests."""
    config.addinivalue_line("markers", "sqlite: the test is about SQLite's file")
    config.addinivalue_line("markers", "slow: it takes minutes; `make test-slow` runs it")
    config.addinivalue_line("markers", "all_decoys: traces score as many decoys as are laid down")
    spreads_tests = getattr(config.option, "numprocesses", None) and not hasattr(config, "workerinput")
    if _SERVER is not None and not spreads_tests:
        _SERVER.start()


_SHARERS = ("tests/journey/", "tests/demo/test_play.py", "tests/demo/test_drafts.py", "tests/cli/test_evidence.py")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Give what shares something dear to one worker, as all journeys do a server; everything else to whoever is free.

    (pytest-xdist has groups for this. With pytest 9.2 they have no effect.)
    """
    from xdist.scheduler import LoadScopeScheduling

    class SharersTogether(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return next((sharers for sharers in _SHARERS if nodeid.startswith(sharers)), nodeid)

    return SharersTogether(config, log)


def pytest_unconfigure() -> None:
    if _SERVER is not None:
        _SERVER.stop()


@pytest.fixture(autouse=True)
def _fresh_database(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test a database with all tables and no rows, without migrating it anew."""
    exec(FILES_DO_NOT_WAIT, {"patch": monkeypatch.setattr})
    if _SERVER is not None:
        if request.node.get_closest_marker("sqlite"):
            pytest.skip("it is about SQLite's file")
        from tidemark.records.connect import close_records

        close_records()  # what another fixture has opened leads to the database that goes now
        _SERVER.renew()
        return
    monkeypatch.setenv("TIDEMARK_TEST_MIGRATED", str(request.getfixturevalue("migrated")))
    exec(MIGRATED_BY_COPYING, {"patch": monkeypatch.setattr})


# For this process and for those that tests start: a new SQLite database is a copy of the migrated one, and neither
# files nor commits wait for the disk. (Tests kill processes, not the machine.)
FILES_DO_NOT_WAIT = "import os; patch(os, 'fsync', lambda _file: None)"
MIGRATED_BY_COPYING = """
import os, shutil
import tidemark.records.connect as connected

def copied(home, before_migrating, really=connected._migrate):
    if connected.connection.vendor != "sqlite":
        return really(home, before_migrating)
    options = connected.connection.settings_dict["OPTIONS"]
    options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    connected.connection.close()
    if home.database.stat().st_size or shutil.disk_usage(home.path).free < 8_000_000:  # full on purpose
        return really(home, before_migrating)
    connected._refuse_used(home)
    shutil.copyfile(os.environ["TIDEMARK_TEST_MIGRATED"], home.database)

patch(connected, "_migrate", copied)
"""


@cache
def make_draft(seed: int, *, size: tuple[int, int] = (480, 640), form: str = "PNG") -> bytes:
    """Return the file of a picture with detail of every size, (rows, columns) large."""
    rng = np.random.default_rng(seed)
    levels = sum(
        (rng.normal(0, 9 * width**0.5, (*size, 3)) if width == 1 else _blobs(rng, size, width))
        for width in (1, 4, 16, 60)
    )
    buffer = io.BytesIO()
    Image.fromarray(np.clip(128 + np.asarray(levels), 0, 255).astype(np.uint8)).save(buffer, form)
    return buffer.getvalue()


def _blobs(rng: np.random.Generator, size: tuple[int, int], width: int) -> np.ndarray:
    noise = ndimage.gaussian_filter(rng.normal(0, 1, (*size, 3)), (width, width, 0), mode="wrap")
    return np.asarray(noise * 18 / noise.std())


@pytest.fixture(scope="session")
def draft() -> bytes:
    """The file of a draft that can carry a mark."""
    return make_draft(1)


@pytest.fixture
def draft_path(draft: bytes, tmp_path: Path) -> Path:
    """The same on the disk."""
    path = tmp_path / "Front Bumper v2.png"
    path.write_bytes(draft)
    return path


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """A new data folder whose records are open."""
    from tidemark.records.connect import close_records, open_records
    from tidemark.records.home import make_home

    made = make_home(tmp_path / "home")
    open_records(made)
    yield made
    close_records()


@pytest.fixture
def desk(home: Home) -> "Desk":  # noqa: ARG001
    """The open records with people, a supply tree and agreements in them."""
    from tests.desk import populate

    return populate()


@pytest.fixture
def browse(desk: "Desk") -> Callable[..., "Client"]:
    """Return a client of the web in which the named person of the desk is signed in; '' for nobody."""
    from django.test import Client

    def client(who: str = "") -> "Client":
        made = Client(headers={"host": "127.0.0.1"})
        if who:
            made.force_login(desk[who], backend="allauth.account.auth_backends.AuthenticationBackend")
        return made

    return client


@pytest.fixture
def no_trial(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spare the seconds of the trial leaks where a test is about something else."""
    monkeypatch.setattr("tidemark.engine.drill.run.quick", lambda _data, *, secret: iter(()))  # noqa: ARG005


@pytest.fixture
def cli() -> Iterator[Callable[..., Result]]:
    """Run the command line in this process."""
    from tidemark.cli.main import app
    from tidemark.records.connect import close_records

    yield lambda *args: CliRunner().invoke(app, [str(arg) for arg in args])
    close_records()


# The command line with a stand-in for what its first statements name, in a process of its own.
# A shell that starts tests in the background has them ignore SIGINT; the process must hear it all the same.
_DRIVER = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
{before}
from tidemark.cli import run
sys.argv = ["tidemark", *sys.argv[1:]]
run()
"""

WITHOUT_TRIAL = "import tidemark.engine.drill.run as drilled; drilled.quick = lambda *_, **__: iter(())"


@pytest.fixture
def spawn(tmp_path: Path) -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """Start the command line in a process of its own, without trial leaks."""
    started: list[subprocess.Popen[str]] = []

    def start(*args: object, before: str = "", **env: str) -> "subprocess.Popen[str]":
        befores = ("patch = setattr", FILES_DO_NOT_WAIT, MIGRATED_BY_COPYING, WITHOUT_TRIAL, before)
        code = _DRIVER.format(before="\n".join(befores))
        process = subprocess.Popen(
            [sys.executable, "-c", code, *map(str, args)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
            env={**os.environ, **env},
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()
