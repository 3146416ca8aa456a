"""The gate: under which conditions a party's access returns, which of them hold, and who must act for the rest. Pure.

The facts are loaded elsewhere (:mod:`tidemark.records.plans.facts`); here is only the list, so that both sides can read
it aloud, and a test can go through it fact by fact.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


class Side(StrEnum):
    """Who must act."""

    NOBODY = ""
    PARTY = "party"
    OWNER = "owner"


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of the gate.

    Attributes
    ----------
    key : str
        Which one it is, for programs and approvals.
    claim : str
        What must be so.
    holds : bool
        Whether it is.
    detail : str
        By what it holds, or what is missing.
    who_acts : Side
        Who must act; nobody if it holds.
    """

    key: str
    claim: str
    holds: bool
    detail: str
    who_acts: Side


@dataclass(frozen=True, slots=True)
class Checked:
    """How far a sub-vendor's check is. ``verdict`` is '', ``stated``, ``confirmed`` or ``returned``.

    One that works no more, and holds nothing, has nothing to be bound for.
    """

    name: str
    is_bound: bool
    verdict: str = ""
    is_sound: bool = False
    is_recent: bool = False
    works: bool = True


@dataclass(frozen=True, slots=True)
class Debt:
    """What of a sanction's money and measures is open. ``balance`` is '' if nothing is owed."""

    is_prepared: bool = False
    is_appealed: bool = False
    balance: str = ""
    agreed_until: date | None = None
    owed: int = 0
    reported: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the gate of one allegation rests on.

    Attributes
    ----------
    on : date
        Today, UTC.
    is_withdrawn : bool
        Whether the allegation was withdrawn: then nothing is held.
    plan : str
        State of the plan; '' if none was asked for.
    late, unread : sequence of int
        Numbers of accepted actions that are due by now: not reported as done, or reported and not verified.
    sub_vendors : sequence of Checked
        Whoever is below the party.
    debt : Debt or None
        Of the sanction; None if none was prepared or imposed.
    unbound : sequence of str
        Projects in which the party has no agreement in force that it accepted.
    """

    on: date
    is_withdrawn: bool = False
    plan: str = ""
    late: Sequence[int] = ()
    unread: Sequence[int] = ()
    sub_vendors: Sequence[Checked] = ()
    debt: Debt | None = None
    unbound: Sequence[str] = field(default=())


def conditions(facts: Facts) -> tuple[Condition, ...]:
    """Return the gate's conditions, in the order in which they are cleared away."""
    if facts.is_withdrawn:
        said = _("It was withdrawn. Nothing of it is held against the party.")
        return (Condition("withdrawn", _("The allegation does not stand any more"), True, said, Side.NOBODY),)
    return (_plan(facts), _actions(facts), _sub_vendors(facts), _money(facts), _measures(facts), _agreement(facts))


def open_ones(found: Sequence[Condition]) -> list[Condition]:
    """Return the conditions that do not hold."""
    return [each for each in found if not each.holds]


def _plan(facts: Facts) -> Condition:
    said, side = {
        "": (_("No plan was asked for yet."), Side.OWNER),
        "asked": (_("The plan was asked for and is not submitted yet."), Side.PARTY),
        "submitted": (_("The plan was submitted and is not judged yet."), Side.OWNER),
        "returned": (_("Some of the plan was returned and is not revised yet."), Side.PARTY),
        "accepted": (_("It is accepted."), Side.NOBODY),
    }[facts.plan]
    return Condition("plan", _("The rectification plan is accepted"), facts.plan == "accepted", said, side)


def _actions(facts: Facts) -> Condition:
    claim = _("Every action that is due by now is verified")
    if facts.late:
        said = ngettext(
            "Action %(numbers)s is due and not reported as done.",
            "Actions %(numbers)s are due and not reported as done.",
            len(facts.late),
        )
        return Condition("actions", claim, False, said % {"numbers": _numbers(facts.late)}, Side.PARTY)
    if facts.unread:
        said = ngettext(
            "Action %(numbers)s is reported as done and not verified yet.",
            "Actions %(numbers)s are reported as done and not verified yet.",
            len(facts.unread),
        )
        return Condition("actions", claim, False, said % {"numbers": _numbers(facts.unread)}, Side.OWNER)
    return Condition("actions", claim, True, _("None is open."), Side.NOBODY)


def _sub_vendors(facts: Facts) -> Condition:
    claim = _("Every sub-vendor is bound and checked")
    if not facts.sub_vendors:
        return Condition("sub-vendors", claim, True, _("There are no sub-vendors in this project."), Side.NOBODY)
    working = [each for each in facts.sub_vendors if each.works]
    if not working:
        return Condition("sub-vendors", claim, True, _("No sub-vendor works in this project any more."), Side.NOBODY)
    faults = [(each, *_lack(each)) for each in working]
    open_faults = [(each, said, side) for each, said, side in faults if said]
    if not open_faults:
        said = ngettext("%(n)d is bound and checked.", "%(n)d are bound and checked.", len(working))
        return Condition("sub-vendors", claim, True, said % {"n": len(working)}, Side.NOBODY)
    side = Side.PARTY if any(side == Side.PARTY for _each, _said, side in open_faults) else Side.OWNER
    told = " ".join(said % {"name": each.name} for each, said, _side in open_faults)
    return Condition("sub-vendors", claim, False, told, side)


def _lack(one: Checked) -> tuple[str, Side]:
    """Return what lacks at a sub-vendor, and who acts; '' if nothing."""
    if not one.is_bound:
        return _("%(name)s has no flow-down agreement that is in force and accepted."), Side.PARTY
    if not one.verdict:
        return _("%(name)s was not checked yet."), Side.PARTY
    if one.verdict == "returned":
        return _("The check of %(name)s was returned."), Side.PARTY
    if not one.is_sound:
        return _("The check of %(name)s found gaps."), Side.PARTY
    if not one.is_recent:
        return _("%(name)s was last checked before the allegation was put."), Side.PARTY
    if one.verdict == "stated":
        return _("The check of %(name)s is not confirmed yet."), Side.OWNER
    return "", Side.NOBODY


def _money(facts: Facts) -> Condition:
    claim, debt = _("What is owed is paid, agreed or waived"), facts.debt
    if debt is None:
        return Condition("money", claim, True, _("No sanction was imposed."), Side.NOBODY)
    if debt.is_prepared:
        return Condition("money", claim, False, _("It is not decided yet whether anything is owed."), Side.OWNER)
    if debt.is_appealed:
        return Condition("money", claim, False, _("The appeal is not decided yet."), Side.OWNER)
    if not debt.balance:
        return Condition("money", claim, True, _("Nothing is owed."), Side.NOBODY)
    facts_said = {"amount": debt.balance, "day": debt.agreed_until}
    if debt.agreed_until is not None and facts.on <= debt.agreed_until:
        said = _("%(amount)s is agreed to be paid until %(day)s.") % facts_said
        return Condition("money", claim, True, said, Side.NOBODY)
    if debt.agreed_until is not None:
        said = _("%(amount)s was agreed to be paid until %(day)s, and is not.") % facts_said
        return Condition("money", claim, False, said, Side.PARTY)
    return Condition("money", claim, False, _("%(amount)s is still to be paid.") % facts_said, Side.PARTY)


def _measures(facts: Facts) -> Condition:
    claim, debt = _("Obligations and actions with persons are done"), facts.debt or Debt()
    if debt.owed:
        said = ngettext("%(n)d is still to be done.", "%(n)d are still to be done.", debt.owed)
        return Condition("measures", claim, False, said % {"n": debt.owed}, Side.PARTY)
    if debt.reported:
        said = ngettext(
            "%(n)d is reported as done and not judged.", "%(n)d are reported as done and not judged.", debt.reported
        )
        return Condition("measures", claim, False, said % {"n": debt.reported}, Side.OWNER)
    return Condition("measures", claim, True, _("None is open."), Side.NOBODY)


def _agreement(facts: Facts) -> Condition:
    claim = _("The agreement is in force and accepted")
    if facts.unbound:
        said = _("There is none in %(projects)s: one must be registered, put in force and accepted.")
        told = said % {"projects": _(", ").join(facts.unbound)}
        return Condition("agreement", claim, False, told, Side.OWNER)
    return Condition("agreement", claim, True, _("It is."), Side.NOBODY)


def _numbers(numbers: Sequence[int]) -> str:
    return _(", ").join(str(each) for each in numbers)
