"""How approvals look on a page: each role, who approved in it, and what does not count, with the reason."""

from collections.abc import Iterable

from tidemark.records.accounts.roles import Role
from tidemark.records.cases.counting import Counted


def approval_lines(given: Counted, roles: Iterable[Role]) -> list[dict[str, object]]:
    """Return a line for each role, as ``parts/approvals.html`` shows it."""
    return [
        {
            "role": role.label,
            "person": given.by_role.get(role.value),
            "uncounted": [each.why for each in given.uncounted if each.role == role.value],
        }
        for role in roles
    ]
