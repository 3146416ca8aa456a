"""What a person may do, by role. Pure: no database, no request.

A role belongs to one side: the owner's people have the owner's roles, a supplier's people a supplier's. What somebody
may *see* is told by each model's ``visible_to``; a role adds what may be *done* with what is seen.
"""

from collections.abc import Iterable
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    ADMINISTRATOR = "administrator", _("administrator")
    OFFICER = "officer", _("officer")
    INVESTIGATOR = "investigator", _("investigator")
    LEGAL = "legal", _("legal")
    COMMUNICATIONS = "communications", _("communications")
    CONTACT = "contact", _("contact")
    MEMBER = "member", _("member")


OWNER_ROLES = frozenset({Role.ADMINISTRATOR, Role.OFFICER, Role.INVESTIGATOR, Role.LEGAL, Role.COMMUNICATIONS})
SUPPLIER_ROLES = frozenset({Role.CONTACT, Role.MEMBER})


class Act(StrEnum):
    """What may be done."""

    MANAGE_PEOPLE = "manage people"  # parties, persons, roles and invitations, of every party
    INVITE_COLLEAGUES = "invite colleagues"  # of one's own party
    MANAGE_PROJECTS = "manage projects"  # projects, drafts, engagements
    MANAGE_AGREEMENTS = "manage agreements"
    MANAGE_ROUNDS = "manage rounds"
    RELEASE = "release copies"  # and revoke them, and decide on onward sharing
    SEE_ORIGINALS = "see originals"  # the draft's own picture and its master
    SEE_LEDGER = "see the ledger"
    SEE_CASES = "see cases"
    HANDLE_CASES = "handle cases"  # open, assign, change, merge and close them
    EXPORT_CASES = "export cases"  # all of one in one file, with its evidence, which holds the original
    NOTE_CASES = "note cases"  # notes, files, and what one was asked to do
    ALLEGE = "allege"  # prepare, put, withdraw an allegation, grant its evidence
    RECTIFY = "rectify"  # ask for a plan, judge and verify it, confirm checks, open the gate
    APPROVE = "approve"  # what needs two persons in two roles
    STATE = "state in public"  # prepare, write and issue statements
    ANSWER = "answer"  # an allegation, for the party
    SEE_LEAKS = "see leaks"  # and what their traces say
    SEE_EVIDENCE = "see evidence"  # the draft beside a leak; the sealed bundles, which hold the original
    HANDLE_LEAKS = "handle leaks"
    ACCEPT_FOR_PARTY = "accept for the party"  # agreements, invitations to bid; certify destruction
    BID = "bid"
    SHARE_ONWARD = "share onward"
    DOWNLOAD = "download copies"  # one's own


_ALLOWED: dict[Role, frozenset[Act]] = {
    Role.ADMINISTRATOR: frozenset({Act.MANAGE_PEOPLE, Act.SEE_LEDGER}),
    Role.OFFICER: frozenset(
        {
            Act.MANAGE_PEOPLE,
            Act.MANAGE_PROJECTS,
            Act.MANAGE_AGREEMENTS,
            Act.MANAGE_ROUNDS,
            Act.RELEASE,
            Act.SEE_ORIGINALS,
            Act.SEE_LEDGER,
            Act.SEE_LEAKS,
            Act.SEE_EVIDENCE,
            Act.HANDLE_LEAKS,
            Act.SEE_CASES,
            Act.HANDLE_CASES,
            Act.EXPORT_CASES,
            Act.NOTE_CASES,
            Act.ALLEGE,
            Act.RECTIFY,
            Act.APPROVE,
            Act.STATE,
        }
    ),
    Role.INVESTIGATOR: frozenset(
        {
            Act.SEE_ORIGINALS,
            Act.SEE_LEDGER,
            Act.SEE_LEAKS,
            Act.SEE_EVIDENCE,
            Act.HANDLE_LEAKS,
            Act.SEE_CASES,
            Act.HANDLE_CASES,
            Act.EXPORT_CASES,
            Act.NOTE_CASES,
        }
    ),
    Role.LEGAL: frozenset(
        {
            Act.MANAGE_AGREEMENTS,
            Act.SEE_LEDGER,
            Act.SEE_LEAKS,
            Act.SEE_EVIDENCE,
            Act.SEE_CASES,
            Act.EXPORT_CASES,
            Act.NOTE_CASES,
            Act.ALLEGE,
            Act.APPROVE,
            Act.STATE,
        }
    ),
    Role.COMMUNICATIONS: frozenset({Act.SEE_LEAKS, Act.SEE_CASES, Act.NOTE_CASES, Act.APPROVE, Act.STATE}),
    Role.CONTACT: frozenset(
        {Act.INVITE_COLLEAGUES, Act.ACCEPT_FOR_PARTY, Act.BID, Act.SHARE_ONWARD, Act.DOWNLOAD, Act.ANSWER}
    ),
    Role.MEMBER: frozenset({Act.DOWNLOAD}),
}


def allowed(roles: Iterable[str]) -> frozenset[Act]:
    """Return all that a person with these roles may do."""
    return frozenset(act for role in roles for act in _ALLOWED[Role(role)])
