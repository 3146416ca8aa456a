"""The timeline of a case: whatever happens in it is told here, as one leaf of the ledger and one row beside it.

An action takes :func:`writing` once, changes its rows, and tells. What is told holds ids, hashes, amounts and names of
parties; what people wrote stays in the records, and the ledger has its hash.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction

from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind
from tidemark.limits import MAX_NAME_CHARS
from tidemark.records.accounts.models import Person
from tidemark.records.cases.models import Case, CaseEvent
from tidemark.records.connect import exclusively
from tidemark.records.home import Home
from tidemark.records.ledger.key import signing_key
from tidemark.records.ledger.log import append, sign
from tidemark.records.ledger.log import hash_of as hash_of


@contextmanager
def writing(home: Home) -> Iterator[None]:
    """Be the only one who writes, in one transaction, at whose end the ledger is signed. Not to be nested."""
    with exclusively(home), transaction.atomic():
        yield
        sign(home, signing_key(home))


def tell(
    home: Home,  # noqa: ARG001 - whose ledger it is; every action that tells has it
    case: Case,
    kind: Kind,
    *,
    by: Person | None,
    now: datetime,
    detail: Mapping[str, JSON] | None = None,
) -> CaseEvent:
    """Add what happened to the timeline and to the ledger. The caller is within :func:`writing`.

    Parameters
    ----------
    by : Person or None
        None if the clock did it.
    detail : mapping of str to JSON
        Ids, hashes, amounts, times as text, names of parties; of what a person wrote, :func:`hash_of`.

    Raises
    ------
    ValueError
        If a text in ``detail`` is longer than any of these is.
    """
    said = dict(detail or {})
    for name, value in said.items():
        if isinstance(value, str) and len(value) > MAX_NAME_CHARS:
            raise ValueError(f"{name} is too long for the ledger: put its hash there")
    body: dict[str, JSON] = {"case": case.pk, "number": case.number, "by": by.pk if by else "", **said}
    leaf = append(kind, body, subject=case.pk, now=now)
    return CaseEvent.objects.create(case=case, kind=kind, by=by, time=now, detail=said, leaf_index=leaf.index)
