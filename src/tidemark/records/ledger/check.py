"""Check the ledger against itself, and every copy on record against the ledger."""

from collections.abc import Iterator

from tidemark.engine.keys import copy_key, key_commitment
from tidemark.errors import TidemarkError, WrongKey
from tidemark.ledger import merkle, timestamp, whole
from tidemark.ledger.entry import Kind, decode
from tidemark.ledger.export import SignedState
from tidemark.records.connect import exclusively
from tidemark.records.copies.commit import is_issued_to
from tidemark.records.copies.models import Copy
from tidemark.records.copies.secret import master_secret
from tidemark.records.home import Home
from tidemark.records.ledger.key import public_key_text, signing_key
from tidemark.records.ledger.log import refuse_other_history
from tidemark.records.ledger.models import Leaf, Node, SignedCheckpoint
from tidemark.records.parties.models import Party


def log_faults(home: Home) -> Iterator[str]:
    """Yield what is wrong with the log: an entry, a hash or a checkpoint that does not fit the others."""
    with exclusively(home):
        entries = [bytes(data) for data in Leaf.objects.order_by("index").values_list("data", flat=True)]
        states = [SignedState(bytes(row.note)) for row in SignedCheckpoint.objects.order_by("size")]
        stored = {
            (level, index): bytes(value) for level, index, value in Node.objects.values_list("level", "index", "hash")
        }
        rows = list(Leaf.objects.order_by("index").values_list("index", "kind", "time"))
        if not entries and not states:
            return
        key = signing_key(home)
        vkey = public_key_text(key)
        refuse_other_history(home, key)
        is_watched = home.ledger_head.exists() or not states
    if not is_watched:
        yield (
            f"{home.ledger_head} is gone: records from an older backup would not be noticed. Write it again: "
            "tidemark ledger checkpoint"
        )
    yield from _verified_faults(vkey, entries, states)
    for at, ((index, kind, time), data) in enumerate(zip(rows, entries, strict=True)):
        try:
            entry = decode(data)
        except TidemarkError:
            continue  # told above
        if (index, kind, time) != (at, entry.kind, entry.time):
            yield f"entry {at} is listed as {index}, {kind}, {time}, which is not what it says"
    if stored != merkle.subtrees(map(merkle.leaf_hash, entries)):
        yield "the stored hashes are not those of the entries: proofs would fail"


def stamp_faults(home: Home) -> Iterator[str]:
    """Yield the checkpoints of which the time-stamp on record does not hold for the certificates beside it."""
    with exclusively(home):
        rows = list(SignedCheckpoint.objects.exclude(stamp=None, stamp_roots=None).order_by("size"))
    for row in rows:
        try:
            timestamp.verify(bytes(row.stamp or b""), bytes(row.note), [bytes(row.stamp_roots or b"")])
        except TidemarkError as fault:
            yield f"checkpoint of {row.size} entries: {fault}"


def copy_faults(home: Home) -> Iterator[str]:
    """Yield the copies that the records and the ledger do not agree on."""
    if not Copy.objects.exists() and not Leaf.objects.exists():
        return
    try:
        secret = master_secret(home)
    except WrongKey:
        return  # told by the check of the secret
    with exclusively(home):
        leaves = Leaf.objects.filter(kind=Kind.COPY_ISSUED).values_list("subject", "data")
        issued = {subject: decode(bytes(data)).body for subject, data in leaves}
        parties = Party.objects.in_bulk()
        unmade = (Copy.State.PLANNED, Copy.State.FAULTED)
        copies = list(Copy.objects.exclude(state__in=unmade).select_related("draft", "agreement", "responsible"))
    for copy in copies:
        said = issued.pop(copy.id, None)
        if said is None:
            yield f"copy {copy.id} is on record, but the ledger has no entry of it"
            continue
        key = copy_key(secret, draft=copy.draft_id, copy=copy.id, nonce=bytes(copy.nonce))
        known = {
            "draft": copy.draft_id,
            "draft_sha256": copy.draft.sha256,
            "copy_sha256": copy.sha256,
            "key_commitment": key_commitment(key).hex(),
            "mark_version": copy.mark_version,
            "is_master": copy.is_master,
            "agreement": copy.agreement.reference if copy.agreement else "",
            "answers_under": copy.answers_under_id,  # None on both sides where it was not kept
        }
        if copy.agreement is not None:
            known["responsible"] = copy.responsible.name if copy.responsible else ""
            known |= {"agreement_id": copy.agreement_id, "person": copy.person_id, "parent": copy.parent_id or ""}
        others = [name for name, value in known.items() if said.get(name) != value]
        holder = parties.get(copy.holder_id)
        if holder is not None and not is_issued_to(holder, said):  # a missing party is told elsewhere
            others.append("holder")
        for name in others:
            yield f"copy {copy.id}: the ledger has another {name} than the records"
    for copy_id in issued:
        yield f"copy {copy_id} is in the ledger, but not on record: it could not be traced"


def _verified_faults(vkey: str, entries: list[bytes], states: list[SignedState]) -> Iterator[str]:
    try:
        whole.verify_log(vkey, entries, states)
    except TidemarkError as fault:
        yield str(fault)
