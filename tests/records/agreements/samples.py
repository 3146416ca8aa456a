"""What tests of agreements are made of: terms that hold, and a file that is a PDF."""

from dataclasses import replace
from datetime import date
from typing import Any

from djmoney.money import Money

from tests.desk import Desk
from tidemark.records.agreements.documents import Document
from tidemark.records.agreements.terms import Terms
from tidemark.records.ledger.models import Leaf

PDF = b"%PDF-1.7\n1 0 obj << >> endobj\ntrailer << >>\n%%EOF\n"
PAPER = Document("NDA 2026-07 signed.pdf", PDF)


def terms(desk: Desk, **changes: Any) -> Terms:
    """Terms that hold, between any two parties of the desk, and no weaker than those of its agreements."""
    plain = Terms(
        reference="NDA 2026-07",
        kinds=("bidding", "development"),
        valid_from=date(2026, 2, 1),
        valid_until=date(2027, 6, 30),
        projects=(desk.project,),
        survival_months=60,
        damages=Money("1000000", "CNY"),
        clause="For every breach the recipient pays 1,000,000 CNY.",
        governing_law="PRC",
    )
    return replace(plain, **changes)


def kinds_logged(subject: str) -> list[str]:
    """The kinds of the ledger's leaves on one subject, in order."""
    return list(Leaf.objects.filter(subject=subject).order_by("index").values_list("kind", flat=True))
