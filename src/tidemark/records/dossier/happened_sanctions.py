"""What happened to a sanction, in the words of the reader's language."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from djmoney.money import Money

from tidemark.ledger.entry import Kind
from tidemark.records.sanctions.clause import plain
from tidemark.records.sanctions.models import Decision, MeasureReport


def changed(detail: Mapping[str, Any]) -> str:
    """Say what was changed in a sanction before it was imposed, or is proposed after."""
    if detail.get("prepared"):
        return _("A sanction on %(party)s was prepared.") % detail
    if detail.get("given_up"):
        return _("The sanction on %(party)s was given up before it was imposed.") % detail
    if "proposed" in detail:
        said = _("Proposed for the sanction on %(party)s: %(outcome)s.")
        return said % {"party": detail["party"], "outcome": Decision.Outcome(detail["outcome"]).label}
    return _("The sanction on %(party)s was changed.") % detail


def _paid(detail: Mapping[str, Any]) -> str:
    facts = {name: _money(detail, name) for name in ("amount", "balance")} | {"party": detail["party"]}
    if detail["is_repayment"]:
        return _("%(amount)s were paid back to %(party)s.") % facts
    return _("%(party)s paid %(amount)s; %(balance)s are left.") % facts


def _taken_back(detail: Mapping[str, Any]) -> str:
    facts = {name: _money(detail, name) for name in ("amount", "balance")} | {"party": detail["party"]}
    if detail["is_repayment"]:
        return _("A repayment of %(amount)s to %(party)s, recorded by mistake, was taken back.") % facts
    said = _("A payment of %(amount)s by %(party)s, recorded by mistake, was taken back; %(balance)s are left.") % facts
    if detail["was_settled"]:
        said += " " + _("The sanction is settled no more.")
    return said


def _withdrawn(detail: Mapping[str, Any]) -> str:
    said = _("The sanction on %(party)s is void.") % detail
    if detail.get("pay_back") and Decimal(detail["pay_back"]) > 0:
        said += " " + _("%(amount)s are to be paid back.") % {"amount": _money(detail, "pay_back")}
    return said


def _imposed(detail: Mapping[str, Any]) -> str:
    if not detail.get("amount"):
        return _("Measures were imposed on %(party)s.") % detail
    facts = {"amount": _money(detail, "amount"), "party": detail["party"]}
    return _("A sanction of %(amount)s was imposed on %(party)s.") % facts


def _judged(detail: Mapping[str, Any]) -> str:
    is_accepted = detail["verdict"] == MeasureReport.Verdict.ACCEPTED
    return (_("A measure was accepted as done.") if is_accepted else _("A report on a measure was returned.")) % detail


def _money(detail: Mapping[str, Any], name: str) -> str:
    return plain(Money(detail[name], detail["currency"]))


SAID: dict[str, Callable[[Mapping[str, Any]], str]] = {
    Kind.SANCTION: _imposed,
    Kind.SANCTION_APPEALED: lambda d: _("%(party)s appeals against the sanction.") % d,
    Kind.SANCTION_DECIDED: lambda d: (
        _("It was decided on the sanction on %(party)s: %(outcome)s.")
        % {"party": d["party"], "outcome": Decision.Outcome(d["outcome"]).label}
    ),
    Kind.SANCTION_PAID: _paid,
    Kind.SANCTION_PAYMENT_TAKEN_BACK: _taken_back,
    Kind.SANCTION_SETTLED: lambda d: _("The sanction on %(party)s is settled.") % d,
    Kind.SANCTION_WAIVED: lambda d: _("The sanction on %(party)s was waived.") % d,
    Kind.SANCTION_WITHDRAWN: _withdrawn,
    Kind.MEASURE_REPORTED: lambda d: _("%(party)s reported that a measure is done.") % d,
    Kind.MEASURE_JUDGED: _judged,
}
"""By kind of the ledger's entry."""
