"""Which approvals count, of those that were given to the same content.

An approval is worth what its giver is worth at the moment when it is needed: whoever was shut out since, or lost the
role in which he or she approved, approves nothing any more. And two persons are two only if neither brought the other
for the occasion, and nobody brought both: who could invite a second address of his or her own, or give somebody the
role that is lacking, would be both. Such approvals stay on record, with the reason why they do not count.

Each giver has sponsors (:mod:`~tidemark.records.accounts.sponsors`): who invited him or her, gave the role, or let
him or her in again, less than :data:`NEWCOMER_DAYS` before the approval, who brought that one within the same days, and
so on. Two approvals count as one if one's giver is a sponsor of the other's, or both have a sponsor in common who is no
founder. Whom a founder has invited are persons of their own at once, else nobody at a new desk could approve anything;
so two addresses that a founder invites are not told from two persons. Nor are two whom somebody brought longer ago than
that.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import combinations, product

from django.utils.translation import gettext as _

from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Role
from tidemark.records.accounts.sponsors import Origins, Sponsor
from tidemark.records.cases.models import Approval

NEWCOMER_DAYS = 30
"""Days from somebody's arrival, or a new role, in which his or her approval does not count beside that of a sponsor.
Longer would leave a small company without two persons: a few have brought everybody."""


@dataclass(frozen=True, slots=True)
class Uncounted:
    """An approval on record that does not count, and why, in a sentence."""

    role: str
    person: Person
    why: str


@dataclass(frozen=True, slots=True)
class Counted:
    """The approvals of one content, in the roles that it needs.

    Attributes
    ----------
    by_role : mapping of str to Person
        The roles in which it is approved, each with who did.
    uncounted : tuple of Uncounted
        In the order in which they were given.
    needs : tuple of str
        The roles in which it has to be approved, in the order in which they are filled.
    """

    by_role: Mapping[str, Person]
    uncounted: tuple[Uncounted, ...] = ()
    needs: tuple[str, ...] = ()
    _rows: tuple[Approval, ...] = field(default=(), repr=False, compare=False)
    _origins: Origins = field(default_factory=Origins, repr=False, compare=False)

    @property
    def missing(self) -> list[str]:
        """The roles in which it is not approved yet."""
        return [role for role in self.needs if role not in self.by_role]

    def role_for(self, person: Person, *, now: datetime, asked: str = "") -> str:
        """Return in which role an approval of this person would be recorded now; '' if it would change nothing.

        It is the role by which the most are approved, of those the first that is missing. Whoever has approved already
        does so again, or moves to another role, only if one more role is approved by it, or to the one that is asked
        for.

        Parameters
        ----------
        asked : str
            The role in which the person wants to approve; by default whichever of the person's is needed.
        """
        own = [role for role in self.needs if role in person.roles and asked in ("", role)]
        known = next((row.role for row in self._rows if row.person_id == person.pk and row.role in person.roles), "")
        if not own or (asked and known and asked != known):
            return own[0] if own else ""
        others = [row for row in self._rows if row.person_id != person.pk and not _why_lapsed(row)]

        def reached(role: str) -> int:
            given = Approval(person=person, role=role, time=now)
            return len(_most([*others, given], self._origins))

        best = max(own, key=lambda role: (reached(role), role == known, role not in self.by_role))
        return best if not known or reached(best) > len(self.by_role) else ""

    def why_missing(self) -> list[str]:
        """Return, in sentences, why approvals do not count that were given in roles in which one is missing."""
        return [each.why for each in self.uncounted if each.role in self.missing]


UNAPPROVED = Counted({})
"""Of what nobody has approved, or nobody needs to."""


def count(
    rows: Iterable[Approval], needs: Iterable[str], *, is_over: bool = False, origins: Origins | None = None
) -> Counted:
    """Return which approvals count: those by which the most roles are approved, of them the earliest.

    Parameters
    ----------
    rows : iterable of Approval
        Of one content, in the order in which they were given; see :meth:`ApprovalQuerySet.with_givers`.
    needs : iterable of str
        The roles in which it has to be approved. What was approved in others is nothing here.
    is_over : bool
        Whether what they were needed for is done: what became of their givers since takes nothing from it.
    origins : Origins or None
        From whom people came; by default as it is on record now.
    """
    needs, origins = tuple(str(role) for role in needs), origins or Origins()
    rows = [row for row in rows if row.role in needs]
    why = {} if is_over else {row.pk: said for row in rows if (said := _why_lapsed(row))}
    chosen = _most([row for row in rows if row.pk not in why], origins, is_over=is_over)
    for row in rows:
        if row.pk not in why and row.role not in {each.role for each in chosen}:
            reasons = (_why_one(row, other, origins, is_over=is_over) for other in chosen)
            why[row.pk] = next(said for said in reasons if said)
    return Counted(
        by_role={row.role: row.person for row in chosen},
        uncounted=tuple(Uncounted(row.role, row.person, why[row.pk]) for row in rows if row.pk in why),
        needs=needs,
        _rows=tuple(rows),
        _origins=origins,
    )


def _most(rows: Sequence[Approval], origins: Origins, *, is_over: bool = False) -> list[Approval]:
    """Return one approval for as many roles as can be, such that no two of their givers count as one."""
    roles = dict.fromkeys(row.role for row in rows)
    choices = ([*(row for row in rows if row.role == role), None] for role in roles)
    sets = ([row for row in choice if row is not None] for choice in product(*choices))
    two = (
        each
        for each in sets
        if not any(_why_one(one, other, origins, is_over=is_over) for one, other in combinations(each, 2))
    )
    return max(two, key=len)


def _why_lapsed(row: Approval) -> str:
    """Return why an approval does not count any more, whoever else approved; '' if it does."""
    said = {"name": row.person.name, "role": Role(row.role).label}
    if not row.person.is_active:
        return _("%(name)s, %(role)s, is deactivated: this approval does not count.") % said
    if row.role not in row.person.roles:
        return _("%(name)s is not %(role)s any more: this approval does not count.") % said
    return ""


def _why_one(one: Approval, other: Approval, origins: Origins, *, is_over: bool) -> str:
    """Return why the givers of two approvals count as one person; '' if they are two."""
    ones, others = (_sponsors(row, origins, is_over=is_over) for row in (one, other))
    if other.person_id in ones:
        return _why_sponsored(one, ones[other.person_id])
    if one.person_id in others:
        return _why_sponsored(other, others[one.person_id])
    both = [each for each in ones if each in others and each not in origins.founders]
    common = next((ones[each] for each in both if ones[each].brought.time and others[each].brought.time), None)
    if common is None:
        return ""
    return _(
        "%(sponsor)s invited both %(name)s and %(other)s or gave them the role, directly or through others, less than "
        "%(days)d days before they approved, so their approvals count as one. Somebody else has to approve."
    ) % {
        "sponsor": common.brought.name,
        "name": one.person.name,
        "other": other.person.name,
        "days": NEWCOMER_DAYS,
    }


def _sponsors(row: Approval, origins: Origins, *, is_over: bool) -> Mapping[str, Sponsor]:
    """Return the sponsors of an approval's giver. Of what is over, only those whom he or she had by then."""
    since = row.time - timedelta(days=NEWCOMER_DAYS)
    return origins.sponsors(row.person_id, row.role, since=since, until=row.time if is_over else None)


def _why_sponsored(row: Approval, by: Sponsor) -> str:
    said = {"name": row.person.name, "other": by.brought.name, "days": NEWCOMER_DAYS}
    if not by.is_direct:
        return (
            _(
                "%(other)s brought %(name)s through others, by invitations or roles less than %(days)d days before "
                "this approval, so their approvals count as one. Somebody else has to approve."
            )
            % said
        )
    if by.brought.is_again:
        return (
            _(
                "%(other)s let %(name)s in again less than %(days)d days before this approval, so their approvals "
                "count as one. Somebody else has to approve."
            )
            % said
        )
    if not by.brought.role:
        return (
            _(
                "%(other)s invited %(name)s less than %(days)d days before this approval, so their approvals count as "
                "one. Somebody else has to approve whom neither invited."
            )
            % said
        )
    return _(
        "%(other)s made %(name)s %(role)s less than %(days)d days before this approval, or on a day that is not on "
        "record, so their approvals count as one. An administrator who does not approve takes the role away and gives "
        "it again, or somebody else approves."
    ) % {**said, "role": Role(by.brought.role).label}
