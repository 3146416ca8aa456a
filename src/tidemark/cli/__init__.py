"""The command line: it parses, calls, and shows. :func:`run` is what the command ``tidemark`` starts."""

import signal
import sys
from types import FrameType

INTERRUPTED = 130
"""Exit code after Ctrl-C or a termination signal, as shells expect it (128 + SIGINT)."""


def run() -> None:
    """Run the command line and exit."""
    signal.signal(signal.SIGTERM, _interrupt)  # `kill` leaves no half-written copy either
    try:
        from tidemark.cli.main import app  # Ctrl-C while the libraries load is told like any other

        app()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
