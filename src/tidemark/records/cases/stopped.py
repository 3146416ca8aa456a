"""Whether nothing goes on from an allegation that was put: it has fallen, or a caveat became known since.

The party answered what it was told, and two persons decided on no more than that. So once something else is known that
speaks against it, or it has not any more what it rests on, no step follows from it, whoever takes it: it is not
concluded, sanctioned, upheld, rectified, or called final in public, and no access is suspended for it. The owner's
people are told of it, and reminders of what follows from it rest; the party is never told by either.
"""

from collections.abc import Iterable
from typing import TypeAlias

from tidemark.errors import Refused
from tidemark.records.cases.caveats import Untold, untold
from tidemark.records.cases.fallen import Fallen, fallen
from tidemark.records.cases.models import Allegation
from tidemark.records.cases.named import named_of
from tidemark.records.cases.stoppable import stoppable

Stopped: TypeAlias = Fallen | Untold
"""What stopped an allegation; as text it says why nothing goes on from it, and what to do about it, for the owner's
people."""


def stopped(allegations: Iterable[Allegation]) -> dict[str, Stopped]:
    """Return those from which nothing goes on, by their ids; what was withdrawn is over, and not stopped.

    The number of queries does not grow with them.
    """
    rows = [each for each in allegations if each.state != Allegation.State.WITHDRAWN]
    if not rows:  # as on most days: nothing more is asked
        return {}
    named = named_of(rows)
    gone = fallen(rows, named)
    since = untold([each for each in rows if each.put is not None and each.pk not in gone], named)
    return {**gone, **since}


def stopped_now() -> dict[str, Stopped]:
    """Return all that are stopped, by their ids. Only those are loaded of which there is news."""
    return stopped(stoppable().select_related("party", "agreement"))


def why_stopped(allegation: Allegation) -> str:
    """Return why nothing goes on from an allegation, and what to do about it, for the owner's people; '' if it may."""
    return str(stopped([allegation]).get(allegation.pk, ""))


def refuse_stopped(allegation: Allegation) -> None:
    """Raise Refused if nothing goes on from an allegation. The caller is in the transaction that acts."""
    if reason := why_stopped(allegation):
        raise Refused(reason)
