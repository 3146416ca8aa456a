"""Who brought somebody to the desk, or to a role: those by whose word he or she is a person of one's own there.

Somebody comes by an invitation, has a role from who gave it, and comes again, once shut out, by who lets him or her in.
Whoever did one of these, not long ago, is a *sponsor*; and so is whoever brought that one, and so on: an address of
one's own that invites another address of one's own is no second person. A *founder* came without an invitation and has
a role that nobody gave: somebody made on the machine that keeps the records, where who made him or her could do
anything anyway.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from tidemark.records.accounts.models import Grant, Invitation, Readmission
from tidemark.records.accounts.roles import Act, Role, allowed

_BRINGING = frozenset(role for role in Role if Act.MANAGE_PEOPLE in allowed((role,)))
"""Roles in which somebody can bring others: who gave one of these to a sponsor is behind what the sponsor did."""


@dataclass(frozen=True, slots=True)
class Brought:
    """That somebody invited a person, gave a role, or let the person in again.

    Attributes
    ----------
    by, name : str
        Id and name of who did.
    role : str
        The role that was given; ``""`` if the person was invited or let in again.
    time : datetime or None
        When it was accepted or given, or the person let in; None where that was not kept, which counts as lately.
    is_again : bool
        Whether the person had been deactivated, and was let in again.
    """

    by: str
    name: str
    role: str
    time: datetime | None
    is_again: bool = False

    def is_between(self, since: datetime, until: datetime | None) -> bool:
        """Whether it was after ``since``, and not after ``until``. A time that was not kept may be any lately, and
        is none when it is asked what had happened by then.
        """
        if self.time is None:
            return until is None
        return self.time > since and (until is None or self.time <= until)


@dataclass(frozen=True, slots=True)
class Sponsor:
    """Somebody's sponsor: what he or she did, and whether it was to that very person or to another sponsor."""

    brought: Brought
    is_direct: bool


class Origins:
    """From whom each of the owner's people came, as it is on record. Three questions to the database, if asked."""

    @cached_property
    def _brought(self) -> Mapping[str, Sequence[Brought]]:
        found: dict[str, list[Brought]] = defaultdict(list)
        for person, by, name, time in self._invited:
            if by is not None:
                found[person].append(Brought(by, name, "", time))
        for person, role, by, name, time in self._granted:
            if by is not None:
                found[person].append(Brought(by, name, role, time))
        rows = Readmission.objects.filter(person__party__is_owner=True).order_by("pk")
        for person, by, name, time in rows.values_list("person_id", "by_id", "by__name", "time"):
            found[person].append(Brought(by, name, "", time, is_again=True))
        return found

    @cached_property
    def founders(self) -> frozenset[str]:
        """Ids of those who came without an invitation and have a role that nobody gave."""
        ungiven = {person for person, _, by, _, _ in self._granted if by is None}
        return frozenset(ungiven - {person for person, _, _, _ in self._invited})

    def sponsors(
        self, person: str, role: str, *, since: datetime, until: datetime | None = None
    ) -> Mapping[str, Sponsor]:
        """Return who brought a person, or gave the role, after ``since``, and who brought those; the nearest first.

        Parameters
        ----------
        person : str
            Id.
        until : datetime or None
            What was done later is left out; None for nothing.
        """
        return sponsors(self._brought, person, role, since=since, until=until)

    @cached_property
    def _invited(self) -> list[tuple[str, str | None, str, datetime | None]]:
        rows = Invitation.objects.filter(person__party__is_owner=True).order_by("pk")
        return list(rows.values_list("person_id", "invited_by_id", "invited_by__name", "accepted"))

    @cached_property
    def _granted(self) -> list[tuple[str, str, str | None, str, datetime | None]]:
        rows = Grant.objects.filter(person__party__is_owner=True).order_by("pk")
        return list(rows.values_list("person_id", "role", "granted_by_id", "granted_by__name", "granted"))


def sponsors(
    brought: Mapping[str, Sequence[Brought]], person: str, role: str, *, since: datetime, until: datetime | None = None
) -> Mapping[str, Sponsor]:
    """Return a person's sponsors in a role, by id, the nearest first; see :meth:`Origins.sponsors`."""
    found: dict[str, Sponsor] = {}
    asked: list[tuple[str, Collection[str]]] = [(person, (role,))]
    for one, roles in asked:
        for each in brought.get(one, ()):
            if (each.role and each.role not in roles) or not each.is_between(since, until):
                continue
            if each.by not in found:
                found[each.by] = Sponsor(each, is_direct=one == person)
                asked.append((each.by, _BRINGING))
    found.pop(person, None)
    return found
