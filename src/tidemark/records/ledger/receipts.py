"""Receipts of copies, for their holders."""

from django.db import transaction

from tidemark.errors import RecordsDamaged, UnknownCopy
from tidemark.ledger.entry import Kind
from tidemark.records.connect import database_errors
from tidemark.records.home import Home
from tidemark.records.ledger.key import signing_key
from tidemark.records.ledger.log import receipt_for
from tidemark.records.ledger.models import Leaf


def receipt_of_copy(home: Home, copy: str) -> bytes:
    """Return the receipt file of a copy.

    Raises
    ------
    UnknownCopy
        If the ledger has no copy of this id.
    RecordsDamaged
        If the ledger's hashes are gone or do not fit together.
    """
    with home.locked(), database_errors(home), transaction.atomic():
        leaf = Leaf.objects.filter(subject=copy, kind=Kind.COPY_ISSUED).first()
        if leaf is None:
            raise UnknownCopy(f"The ledger has no copy {copy!r}. `tidemark mark --json` and `trace` print copies' ids.")
        try:
            return receipt_for(leaf, signing_key(home)).encode()
        except ValueError as fault:
            raise RecordsDamaged(f"The ledger's entry {leaf.index} cannot be proven: {fault}.") from None
