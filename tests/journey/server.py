"""A real ``tidemark serve``, with its worker, on a free port and a fresh data folder."""

import contextlib
import email
import email.policy
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
_RUN = "from tidemark.cli import run; run()"
_FIRST = r"(http://\S+/first/\S+)"
_START_S = 90
_WAIT_S = 60


@dataclass(frozen=True, slots=True)
class Served:
    """A server that runs: where it is, where its data lies, and the link that it printed."""

    home: Path
    address: str
    first_link: str
    log: deque[str] = field(repr=False)
    """The last lines that the server and its worker wrote."""

    def mails(self, to: str) -> list[str]:
        """Return the texts of the mails to an address, the oldest first."""
        found = []
        for path in sorted((self.home / "mail").glob("*"), key=lambda path: path.stat().st_mtime_ns):
            for raw in path.read_bytes().split(b"-" * 79 + b"\n"):
                mail = email.message_from_bytes(raw, policy=email.policy.default)
                if to in str(mail["to"]):
                    found.append(str(mail.get_content()))
        return found

    def link(self, to: str, path: str) -> str:
        """Return the newest link below a path, such as ``/invitations/``, that was mailed to an address."""
        pattern = re.compile(re.escape(self.address + path) + r"\S+")

        def newest() -> str:
            return next((found[0] for text in reversed(self.mails(to)) if (found := pattern.search(text))), "")

        return wait_for(newest, what=f"a mail with a link to {path}")


def wait_for(look: Callable[[], T], *, what: str, seconds: float = _WAIT_S) -> T:
    """Look until something is there, and return it."""
    ends = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < ends, f"{what} did not come within {seconds:g} s"
        time.sleep(0.1)
    return found


def environment(home: Path) -> dict[str, str]:
    """Return the environment of a machine on which nothing of Tidemark is set but its data folder."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("TIDEMARK_")}
    return plain | {"TIDEMARK_HOME": str(home), "PYTHONUNBUFFERED": "1", "COLUMNS": "200"}


@contextlib.contextmanager
def serving(home: Path, *, has_officer: bool = False, **settings: str) -> Iterator[Served]:
    """Run the server, with these variables set, until the block ends; its whole tree of processes ends with it."""
    process = subprocess.Popen(
        [sys.executable, "-c", _RUN, "serve", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment(home) | settings,
    )
    log: deque[str] = deque(maxlen=400)
    threading.Thread(target=_read, args=(process, log), daemon=True).start()
    try:
        address = wait_for(lambda: _printed(process, log, r"at (http://[\w.]+:\d+)"), what="the address")
        link = "" if has_officer else wait_for(lambda: _printed(process, log, _FIRST), what="the first officer's link")
        yield Served(home, address, link, log)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(_WAIT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _read(process: "subprocess.Popen[str]", log: deque[str]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        log.append(line)


def _printed(process: "subprocess.Popen[str]", log: deque[str], pattern: str) -> str:
    assert process.poll() is None, "the server ended: " + "".join(log)
    found = re.search(pattern, "".join(log))
    return found[1] if found else ""


def run(served: Served, *args: object) -> "subprocess.CompletedProcess[str]":
    """Run a command of the command line on the server's data folder, or on none that it knows."""
    return subprocess.run(
        [sys.executable, "-c", _RUN, *map(str, args)],
        capture_output=True,
        text=True,
        env=environment(served.home),
        timeout=300,
        check=False,
    )
