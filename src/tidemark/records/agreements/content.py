"""What exactly is accepted: an agreement's terms as canonical JSON, with the hash of the signed document in them.

It is written once, when the agreement comes into force, and kept; the ledger's leaves of registration and of every
acceptance hold its SHA-256. Names are written as they were then: a project that is renamed later changes nothing.
"""

import hashlib
from decimal import Decimal

from djmoney.money import Money

from tidemark.ledger import canonical
from tidemark.ledger.canonical import JSON
from tidemark.records.agreements.models import Agreement

SCHEME = "tidemark-agreement"
VERSION = 1


def content_of(agreement: Agreement) -> str:
    """Return the terms of an agreement as canonical JSON (RFC 8785)."""
    fields: dict[str, JSON] = {
        "scheme": SCHEME,
        "version": VERSION,
        "agreement": agreement.pk,
        "reference": agreement.reference,
        "discloser": agreement.discloser.name,
        "recipient": agreement.recipient.name,
        "under": agreement.under_id or "",
        "projects": "all" if agreement.covers_all_projects else sorted(str(each) for each in agreement.projects.all()),
        "kinds": sorted(agreement.kinds),
        "valid_from": agreement.valid_from.isoformat(),
        "valid_until": agreement.valid_until.isoformat() if agreement.valid_until else "",
        "survival_months": agreement.survival_months,
        "flow_down": agreement.flow_down,
        "standing_approval": agreement.standing_approval,
        "liable_downstream": agreement.liable_downstream,
        "damages": _money(agreement.damages),
        "damages_formula": agreement.damages_formula,
        "damages_cap": _money(agreement.damages_cap),
        "clause": agreement.clause,
        "governing_law": agreement.governing_law,
        "document_sha256": agreement.document_sha256,
    }
    return canonical.dumps(fields).decode()


def sha256_of(content: str) -> str:
    """Return the hash that acceptances bind to."""
    return hashlib.sha256(content.encode()).hexdigest()


def _money(money: Money | None) -> str:
    """Write an amount as ``1000000.00 CNY``; '' if there is none."""
    return "" if money is None else f"{money.amount.quantize(Decimal('0.01'))} {money.currency}"
