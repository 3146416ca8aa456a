"""Write into the ledger that a leak was received and traced, whatever came of it.

Every run is there, also those that accused nobody: whoever is accused can see how often it was tried, and with what.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tidemark import __version__
from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind
from tidemark.records.connect import database_errors
from tidemark.records.home import Home
from tidemark.records.leaks.tracing import TracedLeak
from tidemark.records.ledger.key import signing_key
from tidemark.records.ledger.log import append, sign
from tidemark.records.ledger.models import Leaf


@dataclass(frozen=True, slots=True)
class Journal:
    """The leaves of one trace."""

    received: Leaf
    run: Leaf


def write_journal(
    home: Home, leak: bytes, found: TracedLeak, *, name: str, where: str, only_draft: str | None, now: datetime
) -> Journal:
    """Append the leaf of the leak, the first time that it is seen, and the leaf of this trace; sign the log.

    Parameters
    ----------
    home : Home
    leak : bytes
        The file as it was found.
    found : TracedLeak
    name : str
        Its file name.
    where : str
        What the finder says of where and when it was found.
    only_draft : str or None
        The draft that the trace was confined to.
    now : datetime
    """
    sha256 = hashlib.sha256(leak).hexdigest()
    with home.locked(), database_errors(home), transaction.atomic():
        received = Leaf.objects.filter(subject=sha256, kind=Kind.LEAK_RECEIVED).first()
        if received is None:
            said: dict[str, JSON] = {"leak": sha256, "size_bytes": len(leak), "name": name, "found": where}
            received = append(Kind.LEAK_RECEIVED, said, subject=sha256, now=now)
        run = append(Kind.TRACE_RUN, _run_body(sha256, found, only_draft, where), subject=sha256, now=now)
        sign(home, signing_key(home))
    return Journal(received, run)


def _run_body(sha256: str, found: TracedLeak, only_draft: str | None, where: str) -> dict[str, JSON]:
    trace = found.trace
    return {
        "leak": sha256,
        "verdict": str(trace.verdict),
        "drafts": [each.draft for each in trace.registered],
        "only_draft": only_draft or "",
        "found": where,
        "copies": trace.copies_tested,
        "hypotheses": trace.hypotheses,
        "decoys": trace.decoys.count if trace.decoys else 0,
        "accused": [
            {"draft": each.draft, "copy": each.copy, "round": each.round, "z": round(each.z, 2)}
            for each in trace.accused
        ],
        "tidemark": __version__,
    }
