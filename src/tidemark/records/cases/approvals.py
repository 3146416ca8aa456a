"""Approvals of what needs several persons: an override, a sanction, a statement.

An approval binds to the SHA-256 of what was approved. Whoever changes one letter of it afterwards voids every approval,
without anybody having to think of it. Two roles are two persons: each approves the same content once, in one of the
roles that it needs, and may move the approval to another of them. Which of them count is told by
:mod:`~tidemark.records.cases.counting`.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.ledger import canonical
from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act, Role
from tidemark.records.accounts.sponsors import Origins
from tidemark.records.cases.counting import Counted, count
from tidemark.records.cases.models import Approval, Case
from tidemark.records.cases.timeline import tell
from tidemark.records.home import Home


def approve(
    home: Home,
    subject: str,
    content: Mapping[str, JSON],
    needs: Sequence[str],
    *,
    by: Person,
    now: datetime,
    case: Case,
    role: str = "",
    seen: str = "",
) -> Approval:
    """Approve ``content`` as it is now. The caller is within ``timeline.writing``, and has read there what it is.

    Approving the same a second time changes nothing, unless another role is asked for or one more is approved by it:
    see :meth:`~tidemark.records.cases.counting.Counted.role_for`.

    Parameters
    ----------
    subject : str
        What it is of, such as ``sanction:ID``.
    content : mapping of str to JSON
        All that is approved; see :func:`content_sha256`.
    needs : sequence of str
        The roles in which it has to be approved.
    case : Case
        In whose timeline it is told.
    role : str
        In which of the person's roles; by default the one by which the most are approved.
    seen : str
        SHA-256 of the content that the person has read; ``""`` for whatever it is now.

    Raises
    ------
    Refused
        If the person does not have the role, or none of those that it needs, or it was changed since it was read.
    """
    own = [each for each in needs if each in by.roles]
    if not by.may(Act.APPROVE) or not own or (role and role not in own):
        names = _(" or ").join(str(Role(each).label) for each in needs)
        raise Refused(_("Only %(roles)s can approve this, each in a role of their own.") % {"roles": names})
    sha256 = content_sha256(content)
    refuse_unread(seen, sha256)
    known = Approval.objects.filter(subject=subject, content_sha256=sha256, person=by).first()
    chosen = approvals_of(subject, content, needs).role_for(by, now=now, asked=role)
    if known is not None and not chosen:
        return known
    made = known or Approval(subject=subject, content_sha256=sha256, person=by)
    made.role, made.time = chosen, now
    made.save()
    said: dict[str, JSON] = {"subject": subject, "content_sha256": sha256, "role": chosen}
    tell(home, case, Kind.APPROVAL_GIVEN, by=by, now=now, detail=said)
    return made


def refuse_unread(seen: str, sha256: str) -> None:
    """Raise Refused if what was read is not the content of this hash; ``""`` stands for whatever it is now."""
    if seen and seen != sha256:
        raise Refused(_("It was changed since you read it. Read it again."))


class Approvals:
    """What was approved of several things, loaded at once: five questions to the database, however many they are."""

    def __init__(self, subjects: Collection[str]) -> None:
        self._rows: dict[tuple[str, str], list[Approval]] = {}
        for row in Approval.objects.filter(subject__in=subjects).with_givers() if subjects else ():
            self._rows.setdefault((row.subject, row.content_sha256), []).append(row)
        self._origins = Origins()

    def of(self, subject: str, content: Mapping[str, JSON], needs: Sequence[str], *, is_over: bool = False) -> Counted:
        """Return the approvals of this very content in the roles that it needs; a change of it leaves none.

        ``is_over`` is as for :func:`~tidemark.records.cases.counting.count`.
        """
        rows = self._rows.get((subject, content_sha256(content)), ())
        return count(rows, needs, is_over=is_over, origins=self._origins)


def approvals_of(subject: str, content: Mapping[str, JSON], needs: Sequence[str], *, is_over: bool = False) -> Counted:
    """Return the approvals of one thing: see :meth:`Approvals.of`."""
    return Approvals([subject]).of(subject, content, needs, is_over=is_over)


def why_not_approved(subject: str, content: Mapping[str, JSON], needs: Sequence[str]) -> list[str]:
    """Return, in sentences, in which roles the content is not approved, and why what was given in them does not count.

    Empty if it is approved in all that it needs.
    """
    given = approvals_of(subject, content, needs)
    if not given.missing:
        return []
    names = _(", ").join(str(Role(role).label) for role in given.missing)
    return [_("It is not approved as it stands; missing: %(roles)s.") % {"roles": names}, *given.why_missing()]


def content_sha256(content: Mapping[str, JSON]) -> str:
    """Return what an approval binds to: the SHA-256 of the content as canonical JSON."""
    return hashlib.sha256(canonical.dumps(dict(content))).hexdigest()
