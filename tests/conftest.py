"""What many tests need: a draft that can carry a mark, an open data folder, and the command line in two ways."""

import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scipy import ndimage
from typer.testing import CliRunner, Result

from tidemark.records.home import Home

NOW = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _no_real_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep every test away from the data folder of whoever runs it."""
    monkeypatch.setenv("TIDEMARK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("TIDEMARK_DEBUG", raising=False)


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
        code = _DRIVER.format(before=f"{WITHOUT_TRIAL}\n{before}")
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
