"""Whether something spoke against a claim until a post of its leak was corrected, or a file put into another leak.

A wrong day must stay correctable, by one person; but what then does not speak against a claim any more is still said,
and decided by two persons, so that nobody takes it away who puts the claim.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from django.utils.translation import gettext_lazy

from tidemark.records.cases.ended import Ended
from tidemark.records.cases.issued_after import IssuedAfter
from tidemark.records.cases.undownloaded import Undownloaded
from tidemark.records.sentences import joined

SAID = gettext_lazy("Before a post of this leak was corrected, taken out or put in, this was on record: %(said)s")
"""Of what was to be said before: to either side, in these words."""

Caveat: TypeAlias = Ended | Undownloaded | IssuedAfter
"""What can be said of a claim by the time at which a leak was first seen."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """What was to be said by what was on record before a correction."""

    before: tuple[Caveat, ...]

    @property
    def facts(self) -> dict[str, datetime]:
        """What it says, in no language, and the times at which the leak was first seen by what was on record."""
        return {f"corrected:{fact}": seen for each in self.before for fact, seen in each.facts.items()}

    def __str__(self) -> str:
        return SAID % {"said": joined(str(each) for each in self.before)}


def corrected(now: Iterable[Caveat | None], before: Iterable[Caveat | None]) -> Corrected | None:
    """Return what was to be said before and is not now; None if nothing. Pure."""
    said = {fact for each in now if each is not None for fact in each.facts}
    gone = tuple(each for each in before if each is not None and not each.facts.keys() <= said)
    return Corrected(gone) if gone else None
