"""Commit a copy to the ledger, before its first byte is written anywhere outside.

The leaf binds the draft, the copy's bytes, the copy's key, its holder and the time together, so that the owner can
neither change one of them later nor make up a copy after a leak. The draft's own leaf comes before those of its copies
and lays down the thresholds by which leaks of it will be judged.
"""

from collections.abc import Mapping
from datetime import datetime

from tidemark import limits
from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind
from tidemark.records.copies.models import Copy
from tidemark.records.home import Home
from tidemark.records.ledger.key import signing_key
from tidemark.records.ledger.log import append, sign
from tidemark.records.ledger.models import Leaf
from tidemark.records.parties.models import Party
from tidemark.records.projects.models import Draft


def commit_copy(home: Home, copy: Copy, *, key_commitment: str, now: datetime) -> Leaf:
    """Append the leaf of a copy, and of its draft if that has none, and sign the log.

    The caller is in a transaction and holds the home's lock.
    """
    key = signing_key(home)
    leaf = log_copy(copy, key_commitment=key_commitment, now=now)
    sign(home, key)
    return leaf


def log_copy(copy: Copy, *, key_commitment: str, now: datetime) -> Leaf:
    """Append the leaf of a copy, and of its draft if that has none. The caller signs, before the transaction ends."""
    _register(copy.draft, now=now)
    body: dict[str, JSON] = {
        "draft": copy.draft_id,
        "draft_sha256": copy.draft.sha256,
        "copy": copy.id,
        "copy_sha256": copy.sha256,
        "key_commitment": key_commitment,
        "mark_version": copy.mark_version,
        "holder": copy.holder.name,
        "is_master": copy.is_master,
        "nonce": bytes(copy.nonce).hex(),
        "agreement": copy.agreement.reference if copy.agreement else "",
    }
    if copy.agreement is not None:
        body["agreement_id"] = copy.agreement.id
        body["responsible"] = copy.responsible.name if copy.responsible else ""
        body["person"] = copy.person_id or ""
        body["parent"] = copy.parent_id or ""
    if copy.answers_under_id is not None:
        body["answers_under"] = copy.answers_under_id
    return append(Kind.COPY_ISSUED, body, subject=copy.id, now=now)


def commit_draft(home: Home, draft: Draft, *, now: datetime) -> None:
    """Append the leaf of a draft that is kept before any copy of it is made, and sign the log.

    The caller is in a transaction and holds the home's lock.
    """
    _register(draft, now=now)
    sign(home, signing_key(home))


def commit_renamed(home: Home, draft: Draft, *, now: datetime) -> None:
    """Append one more leaf of a draft that has another name than in its last, before any copy of it is made, and sign.

    The caller is in a transaction and holds the home's lock.
    """
    append(Kind.DRAFT_REGISTERED, _draft_body(draft), subject=draft.id, now=now)
    sign(home, signing_key(home))


def _register(draft: Draft, *, now: datetime) -> None:
    if leaf_of_draft(draft.id) is None:
        append(Kind.DRAFT_REGISTERED, _draft_body(draft), subject=draft.id, now=now)


def leaf_of_draft(draft: str) -> Leaf | None:
    """Return the leaf that registered a draft under its last name, None if there is none."""
    return Leaf.objects.filter(subject=draft, kind=Kind.DRAFT_REGISTERED).order_by("index").last()


def leaf_of_copy(copy: str) -> Leaf | None:
    """Return the leaf that issued a copy, None if there is none."""
    return Leaf.objects.filter(subject=copy, kind=Kind.COPY_ISSUED).first()


def is_issued_to(holder: Party, issued: Mapping[str, JSON]) -> bool:
    """Whether the body of the leaf that issued a copy names this party as the copy's holder.

    A master is the owner's own, whatever the owner was called when it was made: copies made on the command line may
    come before the owner is given its company's name.
    """
    return holder.is_owner if issued.get("is_master") is True else issued.get("holder") == holder.name


def _draft_body(draft: Draft) -> dict[str, JSON]:
    return {
        "draft": draft.id,
        "sha256": draft.sha256,
        "file_name": draft.file_name,
        "revision": draft.revision,
        "project": draft.project.code_name if draft.project else "",
        "accused_bound": limits.ACCUSED_BOUND,
        "suspected_bound": limits.SUSPECTED_BOUND,
        "decoys": limits.DECOYS,
    }
