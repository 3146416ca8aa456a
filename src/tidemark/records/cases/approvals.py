"""Approvals of what needs several persons: an override, a sanction, a statement.

An approval binds to the SHA-256 of what was approved. Whoever changes one letter of it afterwards voids every approval,
without anybody having to think of it. Two roles are two persons: each approves the same content once, in one role.
Which of them count is told by :mod:`~tidemark.records.cases.counting`.
"""

import hashlib
from collections.abc import Collection, Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.ledger import canonical
from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act, Role, allowed
from tidemark.records.cases.counting import Counted, count
from tidemark.records.cases.models import Approval, Case
from tidemark.records.cases.timeline import tell, writing
from tidemark.records.home import Home
from tidemark.records.ledger.log import append

APPROVING = tuple(role for role in Role if Act.APPROVE in allowed((role,)))
"""Roles in which somebody can approve."""


def approve(
    home: Home,
    subject: str,
    content: Mapping[str, JSON],
    *,
    by: Person,
    now: datetime,
    role: str = "",
    case: Case | None = None,
    seen: str = "",
) -> Approval:
    """Approve ``content`` as it is now. Approving the same a second time changes nothing, unless in another role once
    the one of before is lost.

    Parameters
    ----------
    subject : str
        What it is of, such as ``sanction:ID``.
    content : mapping of str to JSON
        All that is approved; see :func:`content_sha256`.
    role : str
        In which of the person's roles; by default the first one that nobody has approved in yet.
    case : Case or None
        In whose timeline it is told.
    seen : str
        SHA-256 of the content that the person has read; ``""`` for whatever it is now.

    Raises
    ------
    Refused
        If the person does not have the role, or no role that approves, or it was changed since it was read.
    """
    own = [each for each in APPROVING if each in by.roles]
    if not by.may(Act.APPROVE) or not own or (role and role not in own):
        raise Refused(_("Only an officer, legal or communications can approve, each in a role of their own."))
    sha256 = content_sha256(content)
    refuse_unread(seen, sha256)
    with writing(home):
        known = Approval.objects.filter(subject=subject, content_sha256=sha256, person=by).first()
        if known is not None and known.role in by.roles:
            return known
        given = approved_by(subject, content)
        chosen = role or next((each for each in own if each not in given), own[0])
        made = known or Approval(subject=subject, content_sha256=sha256, person=by)
        made.role, made.time = str(chosen), now
        made.save()
        said: dict[str, JSON] = {"subject": subject, "content_sha256": sha256, "role": str(chosen)}
        if case is None:
            append(Kind.APPROVAL_GIVEN, {"by": by.pk, **said}, subject=subject, now=now)
        else:
            tell(home, case, Kind.APPROVAL_GIVEN, by=by, now=now, detail=said)
    return made


def refuse_unread(seen: str, sha256: str) -> None:
    """Raise Refused if what was read is not the content of this hash; ``""`` stands for whatever it is now."""
    if seen and seen != sha256:
        raise Refused(_("It was changed since you read it. Read it again."))


def approvals_of(subject: str, content: Mapping[str, JSON], *, is_over: bool = False) -> Counted:
    """Return the approvals of this very content; a change of it leaves none. ``is_over`` is as for :func:`count`."""
    rows = Approval.objects.filter(subject=subject, content_sha256=content_sha256(content))
    return count(rows.with_givers(), is_over=is_over)


def approved_by(subject: str, content: Mapping[str, JSON]) -> Mapping[str, Person]:
    """Return the roles in which this very content is approved, each with who did."""
    return approvals_of(subject, content).by_role


def lacking(subject: str, content: Mapping[str, JSON], needs: Collection[str]) -> list[str]:
    """Return the roles in which the content is not approved yet, of those that it needs."""
    given = approved_by(subject, content)
    return [role for role in needs if role not in given]


def why_missing(subject: str, content: Mapping[str, JSON], needs: Collection[str]) -> list[str]:
    """Return, in sentences, why approvals do not count that were given in roles in which one is missing."""
    return approvals_of(subject, content).why_missing(needs)


def why_not_approved(subject: str, content: Mapping[str, JSON], needs: Collection[str]) -> list[str]:
    """Return, in sentences, in which roles the content is not approved, and why what was given in them does not count.

    Empty if it is approved in all that it needs.
    """
    given = approvals_of(subject, content)
    missing = [role for role in needs if role not in given.by_role]
    if not missing:
        return []
    names = _(", ").join(str(Role(role).label) for role in missing)
    return [_("It is not approved as it stands; missing: %(roles)s.") % {"roles": names}, *given.why_missing(missing)]


def content_sha256(content: Mapping[str, JSON]) -> str:
    """Return what an approval binds to: the SHA-256 of the content as canonical JSON."""
    return hashlib.sha256(canonical.dumps(dict(content))).hexdigest()
