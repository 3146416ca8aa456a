"""Who writes these rows, what every file in them is, and how a case's timeline and the ledger tell of them."""

import hashlib

from benchmarks.desk.issued import Log
from benchmarks.desk.rows import an_id

from tests.desk import NOW
from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind
from tidemark.records.cases.models import Case, CaseEvent

OFFICER, LEGAL, CONTACT = an_id("officer"), an_id("owner", "legal", 0), an_id("person", 0)
"""Persons, by their ids; the contact is of the first supplier."""

KEPT = b"%PDF-1.7\ntrailer\n%%EOF\n"
KEPT_SHA256 = hashlib.sha256(KEPT).hexdigest()
"""What every file is that lies beside a case, or that a party handed in."""


def tell(log: Log, case: Case, kind: Kind, detail: dict[str, JSON]) -> None:
    """Add something to a case's timeline."""
    index = log.append(kind, {"case": case.pk, "number": case.number, "by": OFFICER, **detail}, case.pk)
    CaseEvent.objects.create(case=case, kind=kind, by_id=OFFICER, time=NOW, detail=detail, leaf_index=index)
