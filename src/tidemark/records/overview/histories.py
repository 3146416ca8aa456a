"""Parties by case history: what was put to each, what became of it, what is still open.

Never an innocent. Whoever is named by a trace alone, accused or suspected, does not appear: only what was put to a
party does. An allegation that was withdrawn is told apart, with the apology that came with it; it counts in no total,
and a party is ranked by none.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q
from django.db.models.fields.json import KT

from tidemark.records.cases.models import OPEN, Allegation, Case, CaseEvent, Reply
from tidemark.records.parties.models import Party
from tidemark.records.plans.models import Action, Plan
from tidemark.records.projects.models import Engagement
from tidemark.records.sanctions.models import Sanction


@dataclass(frozen=True, slots=True)
class History:
    """What was put to one party, and what became of it.

    Attributes
    ----------
    party : Party
    put, final, open : int
        Allegations that were put and not withdrawn; those of them that are final; that are not concluded.
    disputed : int
        Those whose last reply disputes them.
    withdrawn : int
        Allegations that were put and taken back with an apology. They are in none of the other numbers.
    sanctions : int
        Sanctions that were imposed and are not void.
    plans_open : int
        Plans that were asked for, and are not accepted or not wholly verified.
    suspended : int
        Places in supply trees where its access is suspended.
    cases : tuple of Case
        Those in which it was put; of a party of whom nothing stands, those in which it was taken back.
    last : datetime
        When something last happened in its matters.
    """

    party: Party
    put: int
    final: int
    open: int
    disputed: int
    withdrawn: int
    sanctions: int
    plans_open: int
    suspended: int
    cases: tuple[Case, ...]
    last: datetime

    @property
    def is_cleared(self) -> bool:
        """Whether everything that was put to it was taken back."""
        return self.put == 0


def histories() -> list[History]:
    """Return the parties to which anything was put; those of whom nothing stands come last, by their names alone.

    Eight queries, however many there are.
    """
    rows = list(
        Allegation.objects.filter(put__isnull=False).order_by("put", "pk").only("party", "state", "case", "put")
    )
    standing = [row for row in rows if row.state != Allegation.State.WITHDRAWN]
    puts = {row.party_id: row.put for row in rows if row.put is not None}
    put = Counter(row.party_id for row in standing)
    final = Counter(row.party_id for row in standing if row.state == Allegation.State.FINAL)
    unconcluded = Counter(row.party_id for row in standing if row.state in OPEN)
    withdrawn = Counter(row.party_id for row in rows) - put
    answers = _last_answers()
    disputed = Counter(row.party_id for row in standing if answers.get(row.pk) == Reply.Answer.DISPUTES)
    parties = Party.objects.in_bulk({row.party_id for row in rows})
    sanctions, plans, suspended = _sanctions(), _plans(), _suspended()
    cases = _cases([row for row in rows if row.party_id not in put] + standing)
    last = _last({party.name: pk for pk, party in parties.items()})
    found = [
        History(
            party=party,
            put=put[pk],
            final=final[pk],
            open=unconcluded[pk],
            disputed=disputed[pk],
            withdrawn=withdrawn[pk],
            sanctions=sanctions[pk],
            plans_open=plans[pk],
            suspended=suspended[pk],
            cases=cases[pk],
            last=max(last[pk], puts[pk]) if pk in last else puts[pk],
        )
        for pk, party in parties.items()
    ]
    return sorted(found, key=_rank)


def _rank(history: History) -> tuple[bool, int, int, int, str]:
    """Return by what a party is ranked: by nothing that was taken back."""
    return history.is_cleared, -history.open, -history.final, -history.put, history.party.name


def _cases(rows: Sequence[Allegation]) -> dict[int, tuple[Case, ...]]:
    """Return each party's cases, the latest first."""
    known = Case.objects.in_bulk({row.case_id for row in rows})
    found: dict[int, set[Case]] = {}
    for row in rows:
        found.setdefault(row.party_id, set()).add(known[row.case_id])
    return {pk: tuple(sorted(each, key=lambda case: case.number, reverse=True)) for pk, each in found.items()}


def _last_answers() -> dict[str, str]:
    rows = Reply.objects.order_by("time", "pk").values_list("allegation_id", "answer")
    return {str(allegation): answer for allegation, answer in rows}


def _sanctions() -> Counter[int]:
    """Return how many were imposed on each party and are not taken back, waived ones included in nothing."""
    gone = (Sanction.State.WITHDRAWN, Sanction.State.WAIVED)
    rows = Sanction.objects.filter(imposed__isnull=False).exclude(state__in=gone).order_by()
    return Counter(dict(rows.values_list("allegation__party_id").annotate(Count("pk"))))


def _plans() -> Counter[int]:
    unverified = Q(actions__state=Action.State.ACCEPTED) & ~Q(actions__progress=Action.Progress.VERIFIED)
    rows = Plan.objects.exclude(allegation__state=Allegation.State.WITHDRAWN).order_by()
    rows = rows.filter(~Q(state=Plan.State.ACCEPTED) | unverified)
    return Counter(dict(rows.values_list("allegation__party_id").annotate(Count("pk", distinct=True))))


def _suspended() -> Counter[int]:
    """Return in how many places a case's gate holds each party; what an officer suspended by hand is no history."""
    rows = Engagement.objects.filter(state=Engagement.State.SUSPENDED).exclude(held_by="").order_by()
    return Counter(dict(rows.values_list("party_id").annotate(Count("pk"))))


def _last(names: dict[str, int]) -> dict[int, datetime]:
    """Return when something last happened in each party's matters: events of cases name the party that they concern."""
    rows = CaseEvent.objects.annotate(party=KT("detail__party")).order_by().values_list("party").annotate(Max("time"))
    return {names[name]: last for name, last in rows if name in names}
