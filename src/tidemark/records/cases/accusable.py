"""What may be put to whom: the copies that the traces of a case accuse, by the party that answers for each.

Only an *accused* copy leads to an allegation by itself; a suspected one is a lead, and of an inconclusive trace there
is nothing to put at all. The owner's own copies concern nobody outside. Bidders who mixed their copies answer each for
their own, and none of them learns of the other; a party answers for each copy under the agreement of that copy, so what
it owes under one agreement is put in one allegation.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from tidemark.records.agreements.models import Agreement
from tidemark.records.cases.answering import signed_for
from tidemark.records.cases.caveats import Caveats, caveats, times_of
from tidemark.records.cases.models import Allegation, Case
from tidemark.records.copies.models import Copy
from tidemark.records.leaks.glance import traces_that_speak
from tidemark.records.leaks.models import NamedCopy, Post, Trace
from tidemark.records.parties.models import Party


@dataclass(frozen=True, slots=True)
class Accusable:
    """A party that answers under an agreement, and for which copies.

    Attributes
    ----------
    party : Party
        Who answers.
    named : tuple of NamedCopy
        The strongest naming of each copy.
    agreement : Agreement or None
        Under which it answers; None if none on record says so.
    allegation : Allegation or None
        The one that is in the case already and was not withdrawn.
    caveats : Caveats
        What speaks against putting it to the party all the same.
    """

    party: Party
    named: tuple[NamedCopy, ...]
    agreement: Agreement | None
    allegation: Allegation | None
    caveats: Caveats


def speaking(case: Case) -> list[Trace]:
    """Return the traces that speak for the files of the case's leaks, as far as they are done."""
    return speaking_in([case.pk])[case.pk]


def speaking_in(cases: Collection[str]) -> dict[str, list[Trace]]:
    """Return the same by case, of cases by their ids. Four queries, however many they are."""
    posts = Post.objects.filter(leak__cases__in=cases)
    files: dict[str, set[str]] = {case: set() for case in cases}
    for case, file in posts.order_by().values_list("leak__cases", "file_sha256").distinct():
        files[case].add(file)
    found = traces_that_speak(posts)
    done = {file: trace for file, trace in found.items() if trace.state == Trace.State.DONE}
    return {case: [trace for file, trace in done.items() if file in files[case]] for case in cases}


def namings(case: Case, *, is_accused: bool) -> tuple[NamedCopy, ...]:
    """Return the copies that the case's traces accuse, or merely suspect, each with its strongest naming."""
    found: dict[str, NamedCopy] = {}
    accused = set()
    for trace in speaking(case):
        for named in trace.named.all():
            if named.is_accused:
                accused.add(named.copy_id)
            if named.is_accused is is_accused:
                best = found.get(named.copy_id)
                if best is None or named.log10_bound < best.log10_bound:
                    found[named.copy_id] = named
    return tuple(named for copy, named in found.items() if is_accused or copy not in accused)


def accusables(case: Case, *, is_accused: bool = True) -> list[Accusable]:
    """Return the parties to which an allegation can be put in the case, by the copies accused, or suspected."""
    found = [named for named in namings(case, is_accused=is_accused) if not is_own(named.copy)]
    signed = signed_for((answers_for(named.copy), named.copy) for named in found)
    grounds: dict[tuple[Party, Agreement | None], list[NamedCopy]] = {}
    for named in found:
        party = answers_for(named.copy)
        grounds.setdefault((party, signed.of(party, named.copy)), []).append(named)
    made = case.allegations.exclude(state=Allegation.State.WITHDRAWN).order_by("created")
    standing = {(row.party_id, row.agreement_id): row for row in made}
    times = times_of(found)
    return [
        Accusable(
            party,
            tuple(named),
            agreement,
            standing.get((party.pk, agreement.pk if agreement else None)),
            caveats(agreement, named, times),
        )
        for (party, agreement), named in grounds.items()
    ]


def own_copies(case: Case) -> tuple[NamedCopy, ...]:
    """Return the accused copies that are the owner's own: then the leak came from the owner's house."""
    return tuple(named for named in namings(case, is_accused=True) if is_own(named.copy))


def is_own(copy: Copy) -> bool:
    """Whether a copy is the owner's own."""
    return copy.is_master or copy.holder.is_owner


def answers_for(copy: Copy) -> Party:
    """Return who answers for a copy: by the agreements if they were recorded with it, else whoever holds it."""
    return copy.responsible or copy.holder


def first_seen(case: Case) -> datetime:
    """Return since when what leaked was out, as far as is known: its earliest post; of a case without, its opening."""
    posts = Post.objects.filter(leak__in=case.leaks.all()).values_list("posted", "received")
    return min((time for both in posts for time in both if time), default=case.opened)


def strongest(named: Sequence[NamedCopy]) -> NamedCopy | None:
    """Return the naming with the smallest bound; None of none."""
    return min(named, key=lambda each: each.log10_bound, default=None)
