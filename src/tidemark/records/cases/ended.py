"""Whether the duties of an agreement had ended before what leaked was first seen.

When a copy leaked nobody knows, only since when it was out at the latest. If the duties had ended by then, it may have
leaked before or after: that is said, and decided by two persons, never passed over.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.utils.translation import gettext_lazy

from tidemark.records.agreements.models import Agreement

SAID = gettext_lazy(
    "The duties ended on %(day)s, before this leak was first seen on %(seen)s; when the copy leaked is not known."
)
"""Of duties that had ended: to either side, in these words."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The last day of the duties (UTC), and when a leak was first seen that was seen only after it."""

    on: date
    seen: datetime

    @property
    def facts(self) -> dict[str, datetime]:
        """What it says, in no language, and the time at which the leak was first seen."""
        return {f"duties_ended:{self.on.isoformat()}": self.seen}

    def __str__(self) -> str:
        return SAID % {"day": self.on.isoformat(), "seen": f"{self.seen.astimezone(UTC):%Y-%m-%d}"}


def ended(agreement: Agreement | None, seen: Collection[datetime]) -> Ended | None:
    """Return what is to be said of duties that had ended by one of these times; None if they had not. Pure."""
    on = agreement.duties_until() if agreement is not None else None
    late = [] if on is None else [time for time in seen if time.astimezone(UTC).date() > on]
    return Ended(on, min(late)) if on is not None and late else None
