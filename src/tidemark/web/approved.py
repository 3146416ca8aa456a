"""How approvals look on a page: each role, who approved in it, and what does not count, with the reason."""

from tidemark.records.accounts.roles import Role
from tidemark.records.cases.counting import Counted


def approval_lines(given: Counted) -> list[dict[str, object]]:
    """Return a line for each role that is needed, as ``parts/approvals.html`` shows it."""
    return [
        {
            "role": Role(role).label,
            "person": given.by_role.get(role),
            "uncounted": [each.why for each in given.uncounted if each.role == role],
        }
        for role in given.needs
    ]
