"""Whether a copy was issued only after what leaked was first seen.

A file that was out before a copy was made cannot come from it, unless a day is wrong or an older file was put into its
leak: that is said, and decided by two persons.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.translation import gettext_lazy

from tidemark.records.cases.first_seen import was_before
from tidemark.records.leaks.models import NamedCopy
from tidemark.records.sentences import joined

SAID = gettext_lazy(
    "By the ledger, copy %(copy)s was issued on %(issued)s, only after this leak was first seen on %(seen)s."
)
"""Of a copy that was issued later: to either side, in these words."""


@dataclass(frozen=True, slots=True)
class Later:
    """A copy, when it was issued, and since when the leak was out."""

    copy: str
    issued: datetime
    seen: datetime

    def __str__(self) -> str:
        issued, seen = _told(self.issued, to="minutes"), _told(self.seen, to="minutes")
        if issued == seen:
            issued, seen = _told(self.issued, to="seconds"), _told(self.seen, to="seconds")
        return SAID % {"copy": self.copy, "issued": issued, "seen": seen}


@dataclass(frozen=True, slots=True)
class IssuedAfter:
    """The copies that were issued later than the leak was first seen, each once."""

    copies: tuple[Later, ...]

    @property
    def facts(self) -> dict[str, datetime]:
        """What it says, in no language, and the times at which the leak was first seen."""
        return {f"issued_after:{each.copy}": each.seen for each in self.copies}

    def __str__(self) -> str:
        return joined(str(each) for each in self.copies)


def issued_after(named: Collection[NamedCopy], seen: Mapping[int, datetime]) -> IssuedAfter | None:
    """Return what is to be said of named copies that were issued after they were seen; None if none was. Pure.

    Parameters
    ----------
    seen : mapping of int to datetime
        By naming, from :func:`~tidemark.records.cases.first_seen.first_seen_of`.
    """
    late: dict[str, Later] = {}
    for each in sorted(named, key=lambda each: (each.copy_id, seen[each.pk])):
        if was_before(seen[each.pk], each.copy.issued):
            late.setdefault(each.copy_id, Later(each.copy_id, each.copy.issued, seen[each.pk]))
    return IssuedAfter(tuple(late.values())) if late else None


def _told(time: datetime, *, to: str) -> str:
    return f"{time.astimezone(UTC).replace(tzinfo=None).isoformat(' ', to)} UTC"
