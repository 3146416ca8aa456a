"""The terms of a sanction that is prepared: what is claimed, until when, how it is paid and appealed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from djmoney.money import Money

from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import time_text
from tidemark.limits import MAX_CLAUSE_CHARS, MAX_TEXT_CHARS
from tidemark.records.agreements.models import Agreement
from tidemark.records.cases.foreign import foreign_names
from tidemark.records.parties.models import Party
from tidemark.records.sanctions import clause as clauses
from tidemark.records.sanctions import convert
from tidemark.records.sanctions.clause import Clause, plain
from tidemark.records.sanctions.convert import Rate
from tidemark.records.sanctions.models import Measure, Sanction
from tidemark.records.visible import readable

APPEAL_WITHIN = timedelta(days=14)
"""What a party is given by default to appeal: two weeks, as to answer an allegation."""

LEAST_TO_APPEAL = timedelta(days=7)
"""What it is given at least: a week, in which its lawyers can read the letter."""

PAY_WITHIN = timedelta(days=30)
"""What it is given by default to pay: the usual term of an invoice."""

LEAST_TO_PAY = timedelta(days=7)
"""What it is given at least to pay."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What is claimed from the party.

    Attributes
    ----------
    amount : Money or None
        None if there are measures only.
    calculation : str
        How the amount comes out of the agreement's formula.
    deviation_reason : str
        Why the amount is not the agreement's.
    rate : Rate or None
        At which it is converted for reporting.
    pay_to : str
        The account, and what to quote.
    due_on : date or None
        The last day to pay.
    appeal_until : datetime
    words : str
        What else the letter says.
    """

    amount: Money | None
    appeal_until: datetime
    due_on: date | None = None
    calculation: str = ""
    deviation_reason: str = ""
    rate: Rate | None = None
    pay_to: str = ""
    words: str = ""


def clause_of(agreement: Agreement | None) -> Clause:
    """Return what an agreement says of damages that are owed to the owner."""
    if agreement is None:
        return Clause()
    if not agreement.is_owners:
        return Clause(is_owners=False)
    return Clause(agreement.damages, agreement.damages_cap, agreement.damages_formula.strip())


def kept_clause(sanction: Sanction) -> Clause:
    """Return what the agreement said when the sanction was prepared."""
    agreement = sanction.allegation.agreement
    if agreement is not None and not agreement.is_owners:
        return Clause(is_owners=False)
    return Clause(sanction.damages, sanction.damages_cap, sanction.damages_formula)


def rate_of(sanction: Sanction) -> Rate | None:
    """Return the rate at which a sanction is converted."""
    if sanction.rate is None or sanction.converted is None or sanction.rate_on is None:
        return None
    return Rate(sanction.rate, str(sanction.converted.currency), sanction.rate_on, sanction.rate_source)


def faults(terms: Terms, clause: Clause, party: Party, *, has_agreement: bool, today: date) -> list[str]:
    """Return what is wrong with the terms."""
    found = clauses.faults(terms.amount, clause)
    if terms.amount is not None and not has_agreement:
        found.append(_("No agreement on record binds the party, so no damages are owed under one. Impose measures."))
    if terms.rate is not None:
        found += convert.faults(terms.amount, terms.rate, today=today)
    if clauses.needs_calculation(terms.amount, clause) and not readable(terms.calculation):
        found.append(_("Write down how the amount comes out of the formula."))
    if not found and clauses.deviation(terms.amount, clause) and not readable(terms.deviation_reason):
        found.append(_("It deviates from the agreement. Give the reason in writing; the party reads it too."))
    texts = (terms.calculation, terms.deviation_reason, terms.pay_to)
    if any(len(text) > MAX_TEXT_CHARS for text in texts) or len(terms.words) > MAX_CLAUSE_CHARS:
        found.append(_("A text is too long: at most %(most)d characters.") % {"most": MAX_TEXT_CHARS})
    foreign = foreign_names("\n".join((*texts, terms.words, terms.rate.source if terms.rate else "")), party)
    if foreign:
        found.append(
            _("The text names %(others)s. A party learns of no other party: take the name out.")
            % {"others": _(", ").join(foreign)}
        )
    return found


def apply(terms: Terms, sanction: Sanction) -> None:
    """Write terms into the row at hand; the caller saves it."""
    deviates = bool(clauses.deviation(terms.amount, kept_clause(sanction)))
    sanction.amount, sanction.appeal_until = terms.amount, terms.appeal_until
    sanction.due_on = terms.due_on if terms.amount is not None else None
    sanction.calculation, sanction.words = readable(terms.calculation), readable(terms.words)
    sanction.deviation_reason = readable(terms.deviation_reason) if deviates else ""
    sanction.pay_to = readable(terms.pay_to) if terms.amount is not None else ""
    rate = terms.rate
    sanction.rate, sanction.rate_on = (rate.per_unit, rate.on) if rate else (None, None)
    sanction.rate_source = readable(rate.source) if rate else ""
    sanction.converted = convert.convert(terms.amount, rate) if rate and terms.amount is not None else None


def content_of(sanction: Sanction) -> dict[str, JSON]:
    """Return all that an approval of the sanction binds to: whatever the letter says."""
    allegation, rate = sanction.allegation, rate_of(sanction)
    return {
        "sanction": sanction.pk,
        "allegation": allegation.pk,
        "party": allegation.party_id,
        "agreement": allegation.agreement_id or "",
        "clause": allegation.clause,
        "summary": allegation.summary,
        "agreed": _money(sanction.damages),
        "cap": _money(sanction.damages_cap),
        "formula": sanction.damages_formula,
        "amount": _money(sanction.amount),
        "calculation": sanction.calculation,
        "deviates": bool(clauses.deviation(sanction.amount, kept_clause(sanction))),
        "deviation_reason": sanction.deviation_reason,
        "rate": f"{rate.per_unit.normalize():f}" if rate else "",
        "rate_on": rate.on.isoformat() if rate else "",
        "rate_source": rate.source if rate else "",
        "converted": _money(sanction.converted),
        "pay_to": sanction.pay_to,
        "due_on": sanction.due_on.isoformat() if sanction.due_on else "",
        "appeal_until": time_text(sanction.appeal_until),
        "words": sanction.words,
        "measures": [_measure(each) for each in sorted(sanction.measures.all(), key=lambda row: (row.created, row.pk))],
    }


def _money(money: Money | None) -> str:
    return plain(money) if money is not None else ""


def _measure(measure: Measure) -> dict[str, JSON]:
    return {
        "id": measure.pk,
        "kind": measure.kind,
        "text": measure.text,
        "due": time_text(measure.due) if measure.due else "",
        "project": measure.project_id or "",
    }
