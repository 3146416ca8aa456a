"""What speaks against putting an allegation though its copies are accused: when the leak was first seen, duties had
ended, no file had left, or the copy was not even issued.

None of it clears anybody, and nothing passes over it: it is said wherever the claim stands, and decided by two persons.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import time_text
from tidemark.records.agreements.models import Agreement
from tidemark.records.cases.as_put import told_as_put
from tidemark.records.cases.ended import Ended, ended
from tidemark.records.cases.first_seen import first_seen_of
from tidemark.records.cases.issued_after import IssuedAfter, issued_after
from tidemark.records.cases.models import Allegation
from tidemark.records.cases.undownloaded import Undownloaded, first_downloads, undownloaded
from tidemark.records.leaks.models import NamedCopy


@dataclass(frozen=True, slots=True)
class Caveats:
    """What is to be said with a claim; false if there is nothing.

    Attributes
    ----------
    ended : Ended or None
        That the agreement's duties had ended before what leaked was first seen.
    undownloaded : Undownloaded or None
        That files of the copies had not left the owner's desk by then.
    issued_after : IssuedAfter or None
        That copies were issued only after that.
    """

    ended: Ended | None = None
    undownloaded: Undownloaded | None = None
    issued_after: IssuedAfter | None = None

    def __bool__(self) -> bool:
        return bool(self.said())

    def each(self) -> tuple[Ended | Undownloaded | IssuedAfter, ...]:
        """Return those that there are."""
        return tuple(each for each in (self.ended, self.undownloaded, self.issued_after) if each is not None)

    def said(self) -> tuple[str, ...]:
        """Return the sentences, for either side."""
        return tuple(str(each) for each in self.each())

    def unsaid(self, told: Collection[str]) -> tuple[str, ...]:
        """Return the sentences that say something besides these facts; an earlier day of the same is nothing new."""
        return tuple(str(each) for each in self.each() if not each.facts.keys() <= set(told))

    def facts(self) -> dict[str, JSON]:
        """Return the same in no language: what is said of which day or copy → when the leak was first seen."""
        return {fact: time_text(seen) for each in self.each() for fact, seen in each.facts.items()}


@dataclass(frozen=True, slots=True)
class Times:
    """When what named copies leaked was first seen, by naming, and when each copy was first downloaded, by copy."""

    seen: Mapping[int, datetime]
    downloads: Mapping[str, datetime]


def caveats(agreement: Agreement | None, named: Collection[NamedCopy], times: Times) -> Caveats:
    """Return what is to be said of named copies for which somebody answers under an agreement. Pure."""
    return Caveats(
        ended(agreement, [times.seen[each.pk] for each in named]),
        undownloaded(named, times.seen, times.downloads),
        issued_after(named, times.seen),
    )


def caveats_of(allegation: Allegation) -> Caveats:
    """Return the same of an allegation, by what is known of its leaks now."""
    named = list(allegation.named.select_related("trace__post", "copy"))
    return caveats(allegation.agreement, named, times_of(named))


def unsaid_of(allegation: Allegation) -> tuple[str, ...]:
    """Return what is to be said of an allegation now and was not told when it was put.

    Where no caveats were told because none were kept yet, what was put by override was put in spite of them.
    """
    told = told_as_put(allegation).get("caveats")
    if isinstance(told, Mapping):
        return caveats_of(allegation).unsaid(told)
    return () if allegation.override_reason else caveats_of(allegation).said()


def times_of(named: Collection[NamedCopy]) -> Times:
    """Return the times of named copies. Three queries."""
    return Times(first_seen_of(named), first_downloads({each.copy_id for each in named}))
