"""How a run in the background ends without a result: the trace of a leak, and the comparison of a sighting."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import DatabaseError
from django.utils.translation import gettext as _

from tidemark.errors import HomeUnusable, RecordsDamaged, TidemarkError


@contextmanager
def failing(in_ledger: Callable[[str], object], in_row: Callable[[str], object]) -> Iterator[None]:
    """End a run with its fault if what is done within fails. What is unexpected is raised again, too.

    Parameters
    ----------
    in_ledger : callable
        Ends the run, with its leaf.
    in_row : callable
        Ends the run where the ledger is what is damaged: the row alone says so.

    Raises
    ------
    HomeUnusable, DatabaseError
        If something that passes keeps the run from going on; it is not ended, and is to be tried again.
    """
    try:
        yield
    except (HomeUnusable, DatabaseError):
        raise
    except TidemarkError as error:
        _end(str(error), in_ledger, in_row)
    except Exception as error:
        fault = _("Something unexpected happened: %(what)s.") % {"what": type(error).__name__}
        _end(fault, in_ledger, in_row)
        raise


def _end(fault: str, in_ledger: Callable[[str], object], in_row: Callable[[str], object]) -> None:
    try:
        in_ledger(fault)
    except RecordsDamaged as damage:
        in_row(fault if str(damage) in fault else f"{fault} {damage}")


def given_up() -> str:
    """Return the fault of a run whose workers died too often, or whose queue somebody emptied."""
    return _("It was given up: no worker brought it to its end.")
