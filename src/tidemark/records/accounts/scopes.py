"""What a personal token may be used for: the one place where scopes are defined. Pure: no database, no request.

A scope takes away, it never gives: a token can do what its person's roles allow *and* one of its scopes covers. No
scope includes another.
"""

from collections.abc import Iterable
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tidemark.records.accounts.roles import Act


class Scope(StrEnum):
    """What a token may be used for."""

    READ = "read"
    WRITE = "write"
    RELEASE = "release"
    ADMIN = "admin"


MEANINGS: dict[Scope, Promise] = {
    Scope.READ: _("See what you may see, and download your own copies."),
    Scope.WRITE: _("Change projects, drafts, agreements, rounds and cases; accept, bid, answer, and share onward."),
    Scope.RELEASE: _("Release and revoke copies, and decide on onward sharing."),
    Scope.ADMIN: _("Manage parties, persons, roles and invitations."),
}
"""Said to the person who makes a token."""

_NEEDED: dict[Act, Scope] = {
    Act.SEE_ORIGINALS: Scope.READ,
    Act.SEE_LEDGER: Scope.READ,
    Act.DOWNLOAD: Scope.READ,
    Act.MANAGE_PROJECTS: Scope.WRITE,
    Act.MANAGE_AGREEMENTS: Scope.WRITE,
    Act.MANAGE_ROUNDS: Scope.WRITE,
    Act.SEE_LEAKS: Scope.READ,
    Act.SEE_EVIDENCE: Scope.READ,
    Act.HANDLE_LEAKS: Scope.WRITE,
    Act.SEE_CASES: Scope.READ,
    Act.HANDLE_CASES: Scope.WRITE,
    Act.EXPORT_CASES: Scope.WRITE,
    Act.NOTE_CASES: Scope.WRITE,
    Act.ALLEGE: Scope.WRITE,
    Act.RECTIFY: Scope.WRITE,
    Act.APPROVE: Scope.WRITE,
    Act.STATE: Scope.WRITE,
    Act.ANSWER: Scope.WRITE,
    Act.ACCEPT_FOR_PARTY: Scope.WRITE,
    Act.BID: Scope.WRITE,
    Act.SHARE_ONWARD: Scope.WRITE,
    Act.RELEASE: Scope.RELEASE,
    Act.MANAGE_PEOPLE: Scope.ADMIN,
    Act.INVITE_COLLEAGUES: Scope.ADMIN,
}


def scope_for(act: Act) -> Scope:
    """Return the scope that a token needs for an act. What is only looked at needs :attr:`Scope.READ`."""
    return _NEEDED[act]


def known_scopes(names: Iterable[str]) -> tuple[Scope, ...]:
    """Return scopes by their names, each once, in the order of their definition.

    Raises
    ------
    ValueError
        If a name is no scope's.
    """
    wanted = {Scope(name) for name in names}
    return tuple(scope for scope in Scope if scope in wanted)
