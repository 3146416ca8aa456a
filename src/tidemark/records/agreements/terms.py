"""The terms of an agreement, and whether they hold. Pure.

Whoever passes a drawing on must bind its sub-vendor at least as tightly as it is bound itself: else the duty would thin
out tier by tier, and the owner would learn of it from a leak.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from djmoney.money import Money

from tidemark.limits import MAX_CLAUSE_CHARS, MAX_NAME_CHARS, MAX_TEXT_CHARS
from tidemark.records.projects.models import Draft, Project
from tidemark.records.visible import readable


@dataclass(frozen=True, slots=True)
class Terms:
    """What two parties agree on.

    Attributes
    ----------
    reference : str
        The number on the paper.
    projects : collection of Project
        Empty if ``covers_all_projects``.
    kinds : collection of str
        Statuses of drafts.
    valid_from, valid_until : date
        Both inclusive; an agreement without an end goes on until it is terminated.
    survival_months : int
        How long the duties outlive the term.
    damages, damages_cap : Money or None
    damages_formula : str
        In place of an amount, or beside it.
    """

    reference: str
    kinds: Collection[str]
    valid_from: date
    valid_until: date | None = None
    covers_all_projects: bool = False
    projects: Collection[Project] = ()
    survival_months: int = 0
    flow_down: bool = True
    standing_approval: bool = False
    liable_downstream: bool = True
    damages: Money | None = None
    damages_formula: str = ""
    damages_cap: Money | None = None
    clause: str = ""
    governing_law: str = ""


def faults(terms: Terms) -> list[str]:
    """Return what is wrong with the terms themselves."""
    found = []
    if not readable(terms.reference) or len(terms.reference) > MAX_NAME_CHARS:
        found.append(_("Give the reference on the paper, at most %(most)d characters.") % {"most": MAX_NAME_CHARS})
    if not terms.covers_all_projects and not terms.projects:
        found.append(_("Choose the projects that it covers, or all."))
    if not terms.kinds or not set(terms.kinds) <= set(Draft.Status.values):
        found.append(_("Choose which drafts it covers: bidding, development, final."))
    if terms.valid_until is not None and terms.valid_until < terms.valid_from:
        found.append(_("It ends before it begins. Check the two dates."))
    if not 0 <= terms.survival_months <= _MOST_MONTHS:
        found.append(_("Duties survive for 0 to %(most)d months.") % {"most": _MOST_MONTHS})
    if len(terms.clause) > MAX_CLAUSE_CHARS or len(terms.damages_formula) > MAX_TEXT_CHARS:
        found.append(_("The clause or the formula is too long. Quote the passage that matters."))
    if len(terms.governing_law) > MAX_NAME_CHARS:
        found.append(_("Name the governing law in at most %(most)d characters.") % {"most": MAX_NAME_CHARS})
    for money in (terms.damages, terms.damages_cap):
        if money is not None and not 0 < money.amount < _MOST_MONEY:
            found.append(_("An amount of money is more than zero and has at most 16 digits before the point."))
    if terms.damages is not None and terms.damages_cap is not None:
        if terms.damages.currency != terms.damages_cap.currency:
            found.append(_("Damages and their cap are in one currency."))
        elif terms.damages_cap.amount < terms.damages.amount:
            found.append(_("The cap is below the damages themselves."))
    return found


def weaker(terms: Terms, than: Terms) -> list[str]:
    """Return in what a flow-down is weaker than the agreement whose duties it passes on; empty if in nothing."""
    found = []
    if not than.flow_down:
        found.append(_("The agreement above does not provide for passing drawings on."))
    if terms.covers_all_projects and not than.covers_all_projects:
        found.append(_("It covers all projects; the agreement above covers some."))
    elif not than.covers_all_projects and {each.pk for each in terms.projects} - {each.pk for each in than.projects}:
        found.append(_("It covers projects that the agreement above does not."))
    if set(terms.kinds) - set(than.kinds):
        found.append(_("It covers drafts of a status that the agreement above does not."))
    if terms.valid_from < than.valid_from:
        found.append(_("It begins before the agreement above, on %(day)s.") % {"day": than.valid_from})
    if than.valid_until is not None and (terms.valid_until is None or terms.valid_until > than.valid_until):
        found.append(_("It lasts longer than the agreement above, until %(day)s.") % {"day": than.valid_until})
    if terms.survival_months < than.survival_months:
        found.append(
            _("Its duties survive for less than the %(months)d months above.") % {"months": than.survival_months}
        )
    if not terms.flow_down:
        found.append(_("It lets the sub-vendor pass drawings on without binding others alike."))
    if terms.standing_approval and not than.standing_approval:
        found.append(_("It approves onward sharing beforehand; the agreement above does not."))
    if than.liable_downstream and not terms.liable_downstream:
        found.append(_("The sub-vendor does not answer for those below it, as the agreement above demands."))
    return found


_MOST_MONTHS = 1200
_MOST_MONEY = 10**16
