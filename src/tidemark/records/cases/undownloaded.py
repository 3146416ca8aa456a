"""Whether a copy's file had left the owner's desk before what leaked was first seen.

A copy that is kept on the desk leaves it by a download, and each is in the ledger. Until then its person can see a
small picture of it there, and whoever reaches the desk's store has the file: that is said, and decided by two persons.
The same holds for a file that was to be handed out and never was.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Min
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tidemark.records.cases.first_seen import was_before
from tidemark.records.copies.models import Copy, Download
from tidemark.records.leaks.models import NamedCopy

SAID = gettext_lazy("By the ledger, nobody had downloaded copy %(copies)s when this leak was first seen on %(seen)s.")
"""Of copies that nobody had downloaded: to either side, in these words."""


_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Undownloaded:
    """The copies whose files had not left, and since when the leak was out."""

    copies: tuple[str, ...]
    seen: datetime

    @property
    def facts(self) -> dict[str, datetime]:
        """What it says, in no language, and the time at which the leak was first seen."""
        return {f"not_downloaded:{copy}": self.seen for copy in self.copies}

    def __str__(self) -> str:
        return SAID % {"copies": _(", ").join(self.copies), "seen": f"{self.seen.astimezone(UTC):%Y-%m-%d %H:%M} UTC"}


def undownloaded(
    named: Collection[NamedCopy], seen: Mapping[int, datetime], downloads: Mapping[str, datetime]
) -> Undownloaded | None:
    """Return what is to be said of named copies whose files had not left when they were seen; None if all had. Pure.

    Parameters
    ----------
    seen : mapping of int to datetime
        By naming, from :func:`~tidemark.records.cases.first_seen.first_seen_of`.
    downloads : mapping of str to datetime
        By copy, from :func:`first_downloads`.
    """
    kept = [
        each
        for each in named
        if _leaves_by_download(each.copy) and was_before(seen[each.pk], downloads.get(each.copy_id, _NEVER))
    ]
    kept += [each for each in named if each.copy.state == Copy.State.UNDELIVERED]
    if not kept:
        return None
    return Undownloaded(tuple(sorted({each.copy_id for each in kept})), min(seen[each.pk] for each in kept))


def first_downloads(copies: Collection[str]) -> dict[str, datetime]:
    """Return by copy when it was first downloaded, if it ever was. One query."""
    rows = Download.objects.filter(copy__in=copies).order_by().values_list("copy").annotate(Min("time"))
    return dict(rows.values_list("copy", "time__min"))


def _leaves_by_download(copy: Copy) -> bool:
    """Whether a copy leaves by a download, and not as a file that a command wrote."""
    return not copy.path and not copy.is_master
