"""Whether this process was asked to stop. Long tasks ask between two steps, and enqueue what is left of them."""

from threading import Event

_asked = Event()


def is_stopping() -> bool:
    """Return whether the worker was asked to stop."""
    return _asked.is_set()


def ask_to_stop() -> None:
    _asked.set()
