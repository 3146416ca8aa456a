"""The processes beside that of ``tidemark serve``: workers, and further servers at its socket.

They are started with it, started again when one dies, and ended with it.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType

from tidemark.cli import run
from tidemark.cli.faults import tell

_LOOK_EVERY_S = 0.5
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 1.0, 60.0
_LIVED_S = 60.0
"""A process that lived so long did not die of what it is started with, so the next start need not wait."""
_TO_END_S = 20.0


@dataclass(frozen=True, slots=True)
class Command:
    """One process beside the server's.

    Attributes
    ----------
    name : str
        What a person calls it.
    args : tuple of str
        Of the command line.
    inherits : tuple of int
        File descriptors that it is handed, such as the socket that it answers at.
    """

    name: str
    args: tuple[str, ...]
    inherits: tuple[int, ...] = ()


_ATTACHED = "from tidemark.cli.beside import run_attached; run_attached()"


def run_attached() -> None:
    """Run the command line until it ends, or whoever started this process has ended, in whatever way.

    Its stdin is a pipe that nobody writes to: the system closes it when the other end dies, even if it was killed.
    """
    threading.Thread(target=_end_with_parent, daemon=True).start()
    run()


def _end_with_parent() -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


class Beside:
    """Some processes, watched by a thread. A context: on leaving it, they have ended."""

    def __init__(self, commands: Sequence[Command]) -> None:
        self._slots = [_Slot(command) for command in commands]
        self._ending = threading.Event()
        self._watch = threading.Thread(target=self._keep_alive, name="beside", daemon=True)

    def __enter__(self) -> "Beside":
        for slot in self._slots:
            slot.start()
        self._watch.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ending.set()
        self._watch.join()
        for slot in self._slots:
            slot.process.terminate()
        ends = time.monotonic() + _TO_END_S
        for slot in self._slots:
            slot.end(max(0.1, ends - time.monotonic()))

    def _keep_alive(self) -> None:
        while not self._ending.wait(_LOOK_EVERY_S):
            for slot in self._slots:
                slot.mend()


class _Slot:
    """The place of one process, and how long to wait before the next one is started in it."""

    process: "subprocess.Popen[bytes]"

    def __init__(self, command: Command) -> None:
        self._command = command
        self._pause = _FIRST_PAUSE_S
        self._started = self._due = 0.0

    def start(self) -> None:
        self._started, self._due = time.monotonic(), 0.0
        self.process = subprocess.Popen(
            [sys.executable, "-c", _ATTACHED, *self._command.args],
            stdin=subprocess.PIPE,
            pass_fds=self._command.inherits,
        )

    def mend(self) -> None:
        """Start another if the one before has died, after a pause that doubles while they die young."""
        if self.process.poll() is None:
            return
        now = time.monotonic()
        if not self._due:
            lived_long = now - self._started >= _LIVED_S
            self._pause = _FIRST_PAUSE_S if lived_long else min(2 * self._pause, _LONGEST_PAUSE_S)
            self._due = now + self._pause
            tell(
                f"A {self._command.name} ended (exit code {self.process.returncode}); "
                f"another starts in {self._pause:.0f} s."
            )
        elif now >= self._due:
            self.start()

    def end(self, timeout_s: float) -> None:
        try:
            self.process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
