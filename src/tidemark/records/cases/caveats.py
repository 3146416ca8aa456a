"""What speaks against putting an allegation though its copies are accused: when the leak was first seen, duties had
ended, no file had left, or the copy was not even issued; or it was so until a day was corrected.

None of it clears anybody, and nothing passes over it: it is said wherever the claim stands, and decided by two persons.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import time_text
from tidemark.records.agreements.models import Agreement
from tidemark.records.cases.as_put import told_as_put
from tidemark.records.cases.corrected import Caveat, Corrected, corrected
from tidemark.records.cases.ended import Ended, ended
from tidemark.records.cases.first_seen import FirstSeen, first_seen_of
from tidemark.records.cases.issued_after import IssuedAfter, issued_after
from tidemark.records.cases.models import Allegation
from tidemark.records.cases.named import named_of
from tidemark.records.cases.undownloaded import Undownloaded, first_downloads, undownloaded
from tidemark.records.leaks.models import NamedCopy
from tidemark.records.sentences import joined


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
    corrected : Corrected or None
        That one of these was to be said until a day was corrected.
    """

    ended: Ended | None = None
    undownloaded: Undownloaded | None = None
    issued_after: IssuedAfter | None = None
    corrected: Corrected | None = None

    def __bool__(self) -> bool:
        return bool(self.each())

    def each(self) -> tuple[Caveat | Corrected, ...]:
        """Return those that there are."""
        known = (self.ended, self.undownloaded, self.issued_after, self.corrected)
        return tuple(each for each in known if each is not None)

    def said(self) -> tuple[str, ...]:
        """Return the sentences, for either side."""
        return tuple(str(each) for each in self.each())

    def unsaid(self, told: Collection[str]) -> "Caveats":
        """Return those that say something besides these facts.

        An earlier day of the same is nothing new, nor is that it was said before a correction.
        """
        known = {*told, *(f"corrected:{fact}" for fact in told)}
        kinds = ("ended", "undownloaded", "issued_after", "corrected")
        news = {kind: each for kind in kinds if (each := getattr(self, kind)) and not each.facts.keys() <= known}
        return Caveats(**news)

    def facts(self) -> dict[str, JSON]:
        """Return the same in no language: what is said of which day or copy → when the leak was first seen."""
        return {fact: time_text(seen) for each in self.each() for fact, seen in each.facts.items()}


@dataclass(frozen=True, slots=True)
class Times:
    """When what named copies leaked was first seen, by naming, and when each copy was first downloaded, by copy."""

    seen: Mapping[int, FirstSeen]
    downloads: Mapping[str, datetime]


def caveats(agreement: Agreement | None, named: Collection[NamedCopy], times: Times) -> Caveats:
    """Return what is to be said of named copies for which somebody answers under an agreement. Pure."""
    now = {each.pk: times.seen[each.pk].now for each in named}
    earliest = {each.pk: times.seen[each.pk].earliest for each in named}
    known = (ended(agreement, now.values()), undownloaded(named, now, times.downloads), issued_after(named, now))
    before = (
        ended(agreement, [times.seen[each.pk].latest for each in named]),
        undownloaded(named, earliest, times.downloads),
        issued_after(named, earliest),
    )
    return Caveats(*known, corrected(known, before))


def caveats_of(allegation: Allegation) -> Caveats:
    """Return the same of an allegation, by what is known of its leaks now."""
    return caveats_of_each([allegation], named_of([allegation]))[allegation.pk]


def caveats_of_each(
    allegations: Collection[Allegation], named: Mapping[str, Collection[NamedCopy]]
) -> dict[str, Caveats]:
    """Return the same by allegation, by its id; of all that they name at once.

    Parameters
    ----------
    named : mapping of str to collection of NamedCopy
        From :func:`~tidemark.records.cases.named.named_of`.
    """
    times = times_of(list({each.pk: each for row in allegations for each in named[row.pk]}.values()))
    return {row.pk: caveats(row.agreement, named[row.pk], times) for row in allegations}


@dataclass(frozen=True, slots=True)
class Untold:
    """What is to be said of an allegation and was not told when it was put; nothing goes on from it then.

    For the party answers what it was told, and not what two persons never decided.
    """

    unsaid: Caveats

    @property
    def facts(self) -> tuple[str, ...]:
        """What it says, in no language, whether it was corrected away since or not."""
        return tuple(sorted({fact.removeprefix("corrected:") for fact in self.unsaid.facts()}))

    def __str__(self) -> str:
        return _(
            "Since it was put it became known: %(said)s Withdraw it, and put it anew by an override that two persons "
            "approve."
        ) % {"said": joined(self.unsaid.said())}


def untold(allegations: Collection[Allegation], named: Mapping[str, Collection[NamedCopy]]) -> dict[str, Untold]:
    """Return those that were put and of which something is to be said now that was not told then, by their ids.

    Where no caveats were told because none were kept yet, what was put by override was put in spite of them. The number
    of queries does not grow with them. ``named`` is as for :func:`caveats_of_each`.
    """
    rows = list(allegations)
    prefetch_related_objects(rows, "agreement")
    found, as_put = caveats_of_each(rows, named), told_as_put(rows)
    unsaid = {}
    for row in rows:
        told = as_put.get(row.pk, {}).get("caveats")
        if isinstance(told, Mapping):
            unsaid[row.pk] = found[row.pk].unsaid(told)
        elif not row.override_reason:
            unsaid[row.pk] = found[row.pk]
    return {pk: Untold(each) for pk, each in unsaid.items() if each}


def times_of(named: Collection[NamedCopy]) -> Times:
    """Return the times of named copies. Six queries."""
    return Times(first_seen_of(named), first_downloads({each.copy_id for each in named}))
