"""The gate: under which conditions a party's access returns, which of them hold, and who must act for the rest. Pure.

The facts are loaded elsewhere (:mod:`tidemark.records.plans.facts`); here is only the list, so that both sides can read
it aloud, and a test can go through it fact by fact.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from djmoney.money import Money

from tidemark.records.sentences import joined


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
    lacks : tuple of str
        Each single thing that is missing, with its size, in no language: an override passes over just these.
    """

    key: str
    claim: str
    holds: bool
    detail: str
    who_acts: Side
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """How far a sub-vendor's check is. ``verdict`` is '', ``stated``, ``confirmed`` or ``returned``.

    ``is_bound`` is by the records, ``says_bound`` by the party's own statement. One that works no more, and holds
    nothing, has nothing to be bound for. ``place`` is its engagement's id.
    """

    place: str
    name: str
    is_bound: bool
    verdict: str = ""
    says_bound: bool = True
    is_sound: bool = False
    is_recent: bool = False
    works: bool = True


@dataclass(frozen=True, slots=True)
class Debt:
    """What of a sanction's money and measures is open. ``owed`` and ``reported`` are the measures' ids."""

    is_prepared: bool = False
    is_appealed: bool = False
    balance: Money | None = None
    agreed_until: date | None = None
    owed: Sequence[str] = ()
    reported: Sequence[str] = ()


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
        return (_holds("withdrawn", _("The allegation does not stand any more"), said),)
    return (_plan(facts), _actions(facts), _sub_vendors(facts), _money(facts), _measures(facts), _agreement(facts))


def open_ones(found: Sequence[Condition]) -> list[Condition]:
    """Return the conditions that do not hold."""
    return [each for each in found if not each.holds]


def lacks_of(found: Sequence[Condition]) -> list[str]:
    """Return each single thing that is missing, as ``condition: thing``."""
    return [f"{each.key}: {lack}" for each in found for lack in each.lacks]


def _holds(key: str, claim: str, detail: str) -> Condition:
    return Condition(key, claim, True, detail, Side.NOBODY)


def _is_open(key: str, claim: str, detail: str, who_acts: Side, *lacks: str) -> Condition:
    return Condition(key, claim, False, detail, who_acts, lacks)


def _plan(facts: Facts) -> Condition:
    claim = _("The rectification plan is accepted")
    if facts.plan == "accepted":
        return _holds("plan", claim, _("It is accepted."))
    said, side = {
        "": (_("No plan was asked for yet."), Side.OWNER),
        "asked": (_("The plan was asked for and is not submitted yet."), Side.PARTY),
        "submitted": (_("The plan was submitted and is not judged yet."), Side.OWNER),
        "returned": (_("Some of the plan was returned and is not revised yet."), Side.PARTY),
    }[facts.plan]
    return _is_open("plan", claim, said, side, facts.plan or "none")


def _actions(facts: Facts) -> Condition:
    claim = _("Every action that is due by now is verified")
    lacks = [*(f"{each} late" for each in facts.late), *(f"{each} unread" for each in facts.unread)]
    if facts.late:
        said = ngettext(
            "Action %(numbers)s is due and not reported as done.",
            "Actions %(numbers)s are due and not reported as done.",
            len(facts.late),
        )
        return _is_open("actions", claim, said % {"numbers": _numbers(facts.late)}, Side.PARTY, *lacks)
    if facts.unread:
        said = ngettext(
            "Action %(numbers)s is reported as done and not verified yet.",
            "Actions %(numbers)s are reported as done and not verified yet.",
            len(facts.unread),
        )
        return _is_open("actions", claim, said % {"numbers": _numbers(facts.unread)}, Side.OWNER, *lacks)
    return _holds("actions", claim, _("None is open."))


def _sub_vendors(facts: Facts) -> Condition:
    claim = _("Every sub-vendor is bound and checked")
    if not facts.sub_vendors:
        return _holds("sub-vendors", claim, _("There are no sub-vendors in this project."))
    working = [each for each in facts.sub_vendors if each.works]
    if not working:
        return _holds("sub-vendors", claim, _("No sub-vendor works in this project any more."))
    faults = [(each, fault) for each in working if (fault := _fault(each)) is not None]
    if not faults:
        said = ngettext("%(n)d is bound and checked.", "%(n)d are bound and checked.", len(working))
        return _holds("sub-vendors", claim, said % {"n": len(working)})
    side = Side.PARTY if any(fault.who_acts == Side.PARTY for _each, fault in faults) else Side.OWNER
    told = joined(fault.said % {"name": each.name} for each, fault in faults)
    return _is_open("sub-vendors", claim, told, side, *(f"{each.place} {fault.key}" for each, fault in faults))


@dataclass(frozen=True, slots=True)
class _Fault:
    """What lacks at a sub-vendor: in no language, in the reader's, and who acts."""

    key: str
    said: str
    who_acts: Side


def _fault(one: Checked) -> _Fault | None:
    if not one.is_bound:
        return _Fault("unbound", _("%(name)s has no flow-down agreement that is in force and accepted."), Side.PARTY)
    if not one.verdict:
        return _Fault("unchecked", _("%(name)s was not checked yet."), Side.PARTY)
    if one.verdict == "returned":
        return _Fault("returned", _("The check of %(name)s was returned."), Side.PARTY)
    if not one.says_bound:
        return _Fault("denied", _("By what was stated of the check, %(name)s is not bound."), Side.PARTY)
    if not one.is_sound:
        return _Fault("gaps", _("The check of %(name)s found gaps."), Side.PARTY)
    if not one.is_recent:
        return _Fault("old", _("%(name)s was last checked before the allegation was put."), Side.PARTY)
    if one.verdict == "stated":
        return _Fault("unconfirmed", _("The check of %(name)s is not confirmed yet."), Side.OWNER)
    return None


def _money(facts: Facts) -> Condition:
    claim, debt = _("What is owed is paid, agreed or waived"), facts.debt
    if debt is None:
        return _holds("money", claim, _("No sanction was imposed."))
    if debt.is_prepared:
        said = _("It is not decided yet whether anything is owed.")
        return _is_open("money", claim, said, Side.OWNER, "undecided")
    if debt.is_appealed:
        return _is_open("money", claim, _("The appeal is not decided yet."), Side.OWNER, "appealed")
    if debt.balance is None:
        return _holds("money", claim, _("Nothing is owed."))
    amount = f"{number_format(debt.balance.amount, 2, force_grouping=True)} {debt.balance.currency}"
    named = {"amount": amount, "day": debt.agreed_until}
    if debt.agreed_until is not None and facts.on <= debt.agreed_until:
        return _holds("money", claim, _("%(amount)s is agreed to be paid until %(day)s.") % named)
    if debt.agreed_until is not None:
        said = _("%(amount)s was agreed to be paid until %(day)s, and is not.") % named
    else:
        said = _("%(amount)s is still to be paid.") % named
    return _is_open("money", claim, said, Side.PARTY, f"{debt.balance.amount:.2f} {debt.balance.currency}")


def _measures(facts: Facts) -> Condition:
    claim, debt = _("Obligations and actions with persons are done"), facts.debt or Debt()
    lacks = [*(f"{each} owed" for each in debt.owed), *(f"{each} reported" for each in debt.reported)]
    if debt.owed:
        said = ngettext("%(n)d is still to be done.", "%(n)d are still to be done.", len(debt.owed))
        return _is_open("measures", claim, said % {"n": len(debt.owed)}, Side.PARTY, *lacks)
    if debt.reported:
        said = ngettext(
            "%(n)d is reported as done and not judged.",
            "%(n)d are reported as done and not judged.",
            len(debt.reported),
        )
        return _is_open("measures", claim, said % {"n": len(debt.reported)}, Side.OWNER, *lacks)
    return _holds("measures", claim, _("None is open."))


def _agreement(facts: Facts) -> Condition:
    claim = _("The agreement is in force and accepted")
    if facts.unbound:
        said = _("There is none in %(projects)s: one must be registered, put in force and accepted.")
        told = said % {"projects": _(", ").join(facts.unbound)}
        return _is_open("agreement", claim, told, Side.OWNER, *facts.unbound)
    return _holds("agreement", claim, _("It is."))


def _numbers(numbers: Sequence[int]) -> str:
    return _(", ").join(str(each) for each in numbers)
