"""Which approvals count, of those that were given to the same content.

An approval is worth what its giver is worth at the moment when it is needed: whoever was shut out since, or lost the
role in which he or she approved, approves nothing any more. And two persons are two only if neither brought the other
for the occasion: who could invite a second address of his or her own, or give somebody the role that is lacking, would
be both. Such approvals stay on record, with the reason why they do not count.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations, product

from django.utils.translation import gettext as _

from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Role
from tidemark.records.cases.models import Approval

NEWCOMER_DAYS = 30
"""Days from somebody's arrival in which no approval of his or hers counts beside that of who invited him or her. Longer
would leave a small company without two persons: whoever set the desk up has invited everybody."""


@dataclass(frozen=True, slots=True)
class Uncounted:
    """An approval on record that does not count, and why, in a sentence."""

    role: str
    person: Person
    why: str


@dataclass(frozen=True, slots=True)
class Counted:
    """The approvals of one content.

    Attributes
    ----------
    by_role : mapping of str to Person
        The roles in which it is approved, each with who did.
    uncounted : tuple of Uncounted
        In the order in which they were given.
    givers : frozenset of str
        Ids of those whose approval is on record and who have nothing to add: another of theirs would change nothing.
    """

    by_role: Mapping[str, Person]
    uncounted: tuple[Uncounted, ...] = ()
    givers: frozenset[str] = frozenset()

    def why_missing(self, roles: Iterable[str]) -> list[str]:
        """Return, in sentences, why approvals do not count that were given in these roles."""
        wanted = set(roles) - self.by_role.keys()
        return [each.why for each in self.uncounted if each.role in wanted]


UNAPPROVED = Counted({})
"""Of what nobody has approved, or nobody needs to."""


def count(rows: Iterable[Approval], *, is_over: bool = False) -> Counted:
    """Return which approvals count: those by which the most roles are approved, of them the earliest.

    Parameters
    ----------
    rows : iterable of Approval
        Of one content, in the order in which they were given; see :meth:`ApprovalQuerySet.with_givers`.
    is_over : bool
        Whether what they were needed for is done: what became of their givers since takes nothing from it.
    """
    rows = list(rows)
    why = {} if is_over else {row.pk: said for row in rows if (said := _why_lapsed(row))}
    chosen = _most([row for row in rows if row.pk not in why])
    for row in rows:
        if row.pk not in why and row.role not in {each.role for each in chosen}:
            why[row.pk] = next(said for other in chosen if (said := _why_one(row, other)))
    return Counted(
        by_role={row.role: row.person for row in chosen},
        uncounted=tuple(Uncounted(row.role, row.person, why[row.pk]) for row in rows if row.pk in why),
        givers=frozenset(row.person_id for row in rows if row.role in row.person.roles),
    )


def _most(rows: Sequence[Approval]) -> list[Approval]:
    """Return one approval for as many roles as can be, such that nobody among their givers vouches for another."""
    roles = dict.fromkeys(row.role for row in rows)
    choices = ([*(row for row in rows if row.role == role), None] for role in roles)
    sets = ([row for row in choice if row is not None] for choice in product(*choices))
    return max((each for each in sets if not any(_why_one(*pair) for pair in combinations(each, 2))), key=len)


def _why_lapsed(row: Approval) -> str:
    """Return why an approval does not count any more, whoever else approved; '' if it does."""
    said = {"name": row.person.name, "role": Role(row.role).label}
    if not row.person.is_active:
        return _("%(name)s, %(role)s, is deactivated: this approval does not count.") % said
    if row.role not in row.person.roles:
        return _("%(name)s is not %(role)s any more: this approval does not count.") % said
    return ""


def _why_one(one: Approval, other: Approval) -> str:
    """Return why the givers of two approvals count as one person; '' if neither vouches for the other."""
    return _why_vouched(one, by=other.person) or _why_vouched(other, by=one.person)


def _why_vouched(row: Approval, *, by: Person) -> str:
    said = {"name": row.person.name, "role": Role(row.role).label, "other": by.name, "days": NEWCOMER_DAYS}
    invitation = getattr(row.person, "invitation", None)
    if invitation is not None and invitation.invited_by == by:
        if invitation.accepted is not None and row.time - invitation.accepted >= timedelta(days=NEWCOMER_DAYS):
            return ""
        return (
            _(
                "%(other)s invited %(name)s less than %(days)d days before this approval, so their approvals count as "
                "one. Somebody else has to approve whom neither invited."
            )
            % said
        )
    if any(grant.role == row.role and grant.granted_by == by for grant in row.person.grants.all()):
        return (
            _(
                "%(other)s made %(name)s %(role)s, so their approvals count as one. An administrator who does not "
                "approve takes the role away and gives it again, or somebody else approves."
            )
            % said
        )
    return ""
