"""What rests on leaks: it is asked before people put posts together or apart, and told of it when they have.

Cases rest on leaks, and leaks know nothing of cases. So whoever rests on leaks says so here when the records are
started (its ``AppConfig.ready``), and :mod:`.looks` asks and tells.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from tidemark.records.accounts.models import Person
from tidemark.records.home import Home
from tidemark.records.leaks.models import Leak


@dataclass(frozen=True, slots=True)
class Regrouped:
    """What people did with a leak. What is done about it is part of the same transaction.

    Attributes
    ----------
    leak : Leak
        Whose posts were moved.
    into : Leak
        Where they are now: all of them, or, if the leak was split, those of one file.
    file_sha256 : str
        The file that was split off; '' if the two were joined.
    """

    home: Home
    leak: Leak
    into: Leak
    file_sha256: str
    by: Person
    now: datetime


@dataclass(frozen=True, slots=True)
class Rest:
    """One that rests on leaks.

    Attributes
    ----------
    why_whole : callable
        Says why a file cannot be split off from a leak; '' if it can. It takes the leak and the file's SHA-256.
    why_apart : callable
        Says why a leak cannot be joined to another; '' if it can.
    regrouped : callable
        Is told of what was done.
    """

    why_whole: Callable[[Leak, str], str]
    why_apart: Callable[[Leak, Leak], str]
    regrouped: Callable[[Regrouped], None]


_resting: list[Rest] = []


def keep(rest: Rest) -> None:
    """Have it asked and told from now on. Keeping it twice is keeping it once."""
    if rest not in _resting:
        _resting.append(rest)


def why_whole(leak: Leak, file_sha256: str) -> str:
    """Return why a file cannot be split off from a leak; '' if it can."""
    return next((said for rest in _resting if (said := rest.why_whole(leak, file_sha256))), "")


def why_apart(leak: Leak, into: Leak) -> str:
    """Return why a leak cannot be joined to another; '' if it can."""
    return next((said for rest in _resting if (said := rest.why_apart(leak, into))), "")


def tell(done: Regrouped) -> None:
    """Tell all that rests on leaks what was done. The caller is in a transaction, holds the home's lock, and signs."""
    for rest in _resting:
        rest.regrouped(done)
