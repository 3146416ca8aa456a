"""Which approvals count, of those that were given to the same content.

An approval is worth what its giver is worth at the moment when it is needed: whoever was shut out since, or lost the
role in which he or she approved, approves nothing any more. It stays on record, with the reason why it does not count.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Role
from tidemark.records.cases.models import Approval


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


NONE = Counted({})
"""Of what nobody has approved, or nobody needs to."""


def count(rows: Iterable[Approval], *, is_over: bool = False) -> Counted:
    """Return which approvals count.

    Parameters
    ----------
    rows : iterable of Approval
        Of one content, in the order in which they were given, each with its person and that person's grants.
    is_over : bool
        Whether what they were needed for is done: what became of their givers since takes nothing from it.
    """
    rows = list(rows)
    lapsed = {} if is_over else {row.pk: why for row in rows if (why := _why_lapsed(row))}
    found: dict[str, Person] = {}
    for row in rows:
        if row.pk not in lapsed:
            found.setdefault(row.role, row.person)
    return Counted(
        by_role=found,
        uncounted=tuple(Uncounted(row.role, row.person, lapsed[row.pk]) for row in rows if row.pk in lapsed),
        givers=frozenset(row.person_id for row in rows if row.role in row.person.roles),
    )


def _why_lapsed(row: Approval) -> str:
    """Return why an approval does not count any more, whoever else approved; '' if it does."""
    said = {"name": row.person.name, "role": Role(row.role).label}
    if not row.person.is_active:
        return _("%(name)s, %(role)s, is deactivated: this approval does not count.") % said
    if row.role not in row.person.roles:
        return _("%(name)s is not %(role)s any more: this approval does not count.") % said
    return ""
