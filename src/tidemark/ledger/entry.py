"""An entry of the ledger: what happened, when, and its canonical bytes, which are the leaf.

Each entry carries a salt of 16 random bytes. A proof shows the hash of a neighbouring leaf to whoever holds the proof;
without the salt, that holder could try the few copies and parties that come into question until one hashes to it.

An entry is what the owner stated. That it is in the log does not make it true.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from tidemark import limits
from tidemark.errors import LimitExceeded, UnreadableFile
from tidemark.ledger import canonical
from tidemark.ledger.canonical import JSON

SCHEME = "tidemark-ledger"
VERSION = 1
SALT_BYTES = 16

_FIELDS = frozenset({"scheme", "version", "kind", "time", "salt", "body"})
_KIND = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_SALT = re.compile(rf"[0-9a-f]{{{2 * SALT_BYTES}}}")


class Kind(StrEnum):
    """What may happen. A reader accepts kinds of later releases too, as long as they are written like these."""

    DRAFT_REGISTERED = "draft-registered"
    DRAFT_CHANGED = "draft-changed"
    COPY_ISSUED = "copy-issued"
    COPY_DOWNLOADED = "copy-downloaded"
    COPY_REVOKED = "copy-revoked"
    NONCE_GIVEN = "nonce-given"
    PERSON_READMITTED = "person-readmitted"
    AGREEMENT_REGISTERED = "agreement-registered"
    AGREEMENT_ACCEPTED = "agreement-accepted"
    AGREEMENT_TERMINATED = "agreement-terminated"
    ONWARD_DECIDED = "onward-decided"
    ROUND_OPENED = "round-opened"
    ROUND_CLOSED = "round-closed"
    ROUND_AWARDED = "round-awarded"
    DESTRUCTION_CERTIFIED = "destruction-certified"
    ENGAGEMENT_SUSPENDED = "engagement-suspended"
    ENGAGEMENT_RESUMED = "engagement-resumed"
    LEAK_RECEIVED = "leak-received"
    POST_RECEIVED = "post-received"
    POST_CHANGED = "post-changed"
    LEAK_CLUSTERED = "leak-clustered"
    LEAK_REGROUPED = "leak-regrouped"
    SOURCE_NOTED = "source-noted"
    TRACE_RUN = "trace-run"
    TRACE_FAILED = "trace-failed"
    CASE_OPENED = "case-opened"
    CASE_CHANGED = "case-changed"
    CASE_MERGED = "case-merged"
    CASE_ESCALATED = "case-escalated"
    CASE_EXPORTED = "case-exported"
    ALLEGATION_PUT = "allegation-put"
    REPLY_RECEIVED = "reply-received"
    ALLEGATION_FINAL = "allegation-final"
    ALLEGATION_WITHDRAWN = "allegation-withdrawn"
    EVIDENCE_ASKED = "evidence-asked"
    EVIDENCE_GRANTED = "evidence-granted"
    EVIDENCE_HANDED_OVER = "evidence-handed-over"
    INTENT_JUDGED = "intent-judged"
    APPROVAL_GIVEN = "approval-given"
    SANCTION = "sanction"
    SANCTION_APPEALED = "sanction-appealed"
    SANCTION_DECIDED = "sanction-decided"
    SANCTION_PAID = "sanction-paid"
    SANCTION_PAYMENT_TAKEN_BACK = "sanction-payment-taken-back"
    SANCTION_SETTLED = "sanction-settled"
    SANCTION_WAIVED = "sanction-waived"
    SANCTION_WITHDRAWN = "sanction-withdrawn"
    MEASURE_REPORTED = "measure-reported"
    MEASURE_JUDGED = "measure-judged"
    PLAN_ASKED = "plan-asked"
    PLAN_SUBMITTED = "plan-submitted"
    ACTION_JUDGED = "action-judged"
    PLAN_ACCEPTED = "plan-accepted"
    ACTION_VERIFIED = "action-verified"
    FLOW_DOWN_CHECKED = "flow-down-checked"
    ACCESS_RETURNED = "access-returned"
    SIGHTING_RECORDED = "sighting-recorded"
    SIGHTING_CHANGED = "sighting-changed"
    SIGHTING_MATCHED = "sighting-matched"
    SIGHTING_MATCH_FAILED = "sighting-match-failed"
    SIGHTING_TURNED = "sighting-turned"
    STATEMENT_ISSUED = "statement-issued"
    STATEMENT_CORRECTED = "statement-corrected"
    STATEMENT_WITHDRAWN = "statement-withdrawn"


@dataclass(frozen=True, slots=True)
class Entry:
    """What one leaf says.

    Attributes
    ----------
    kind : str
        A :class:`Kind`, or a later release's.
    time : str
        When, as :func:`time_text` writes it.
    body : mapping of str to JSON
        What the kind calls for.
    salt : bytes
        16 bytes of the caller's random generator, fresh for every entry.
    """

    kind: str
    time: str
    body: Mapping[str, JSON]
    salt: bytes = field(repr=False)


def time_text(time: datetime) -> str:
    """Write a time in the ledger's only form: RFC 3339, UTC, microseconds (``2031-03-07T09:30:00.000000Z``).

    Raises
    ------
    ValueError
        If the time has no zone.
    """
    if time.utcoffset() is None:
        raise ValueError("a time without a zone cannot be written into the ledger")
    return time.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def time_of(text: str) -> datetime:
    """Read what :func:`time_text` wrote.

    Raises
    ------
    ValueError
        If it is in any other form, or no such time exists.
    """
    if not text.endswith("Z") or time_text(time := datetime.fromisoformat(text)) != text:
        raise ValueError("not of the form YYYY-MM-DDTHH:MM:SS.ffffffZ")
    return time


def encode(entry: Entry) -> bytes:
    """Return an entry's bytes, the leaf: canonical JSON (RFC 8785). What is written can be read by :func:`decode`.

    Raises
    ------
    LimitExceeded
        If it has more than ``limits.MAX_ENTRY_BYTES``.
    ValueError
        If the kind, the time, the salt or something in the body cannot be written.
    """
    data = canonical.dumps(
        {
            "scheme": SCHEME,
            "version": VERSION,
            "kind": str(entry.kind),
            "time": entry.time,
            "salt": entry.salt.hex(),
            "body": dict(entry.body),
        }
    )
    if len(data) > limits.MAX_ENTRY_BYTES:
        raise LimitExceeded(
            f"An entry of the ledger has at most {limits.MAX_ENTRY_BYTES:,} bytes; this has {len(data):,}. Shorten it."
        )
    try:
        decode(data)
    except UnreadableFile as fault:
        raise ValueError(str(fault)) from None
    return data


def decode(data: bytes) -> Entry:
    """Read an entry, and refuse whatever :func:`encode` would not have written byte for byte.

    Raises
    ------
    UnreadableFile
        If these bytes are no entry, or one of a newer Tidemark. Whether they are the bytes that were logged is for
        a proof to show, not for this function.
    """
    fields = canonical.loads(
        data, what="ledger entry", max_bytes=limits.MAX_ENTRY_BYTES, max_depth=limits.MAX_ENTRY_DEPTH
    )
    _check_version(fields.get("scheme"), fields.get("version"))
    canonical.check_fields(fields, _FIELDS, what="ledger entry")
    kind, time, salt, body = (fields[name] for name in ("kind", "time", "salt", "body"))
    if not isinstance(kind, str) or len(kind) > limits.MAX_KIND_CHARS or not _KIND.fullmatch(kind):
        raise UnreadableFile("A ledger entry's kind is words of a-z and 0-9 with hyphens between; this one's is not.")
    if not _is_time(time):
        raise UnreadableFile("A ledger entry's time is UTC, YYYY-MM-DDTHH:MM:SS.ffffffZ; this one's is not.")
    if not isinstance(salt, str) or not _SALT.fullmatch(salt):
        raise UnreadableFile(f"A ledger entry's salt is {SALT_BYTES} bytes in lower-case hex; this one's is not.")
    if not isinstance(body, dict):
        raise UnreadableFile("A ledger entry's body is a JSON object; this one's is not.")
    return Entry(kind, time, body, bytes.fromhex(salt))


def _check_version(scheme: object, version: object) -> None:
    if scheme != SCHEME:
        raise UnreadableFile(f"A ledger entry says that its scheme is {SCHEME}; this one does not. Give another file.")
    if type(version) is not int or version < 1:
        raise UnreadableFile("A ledger entry's version is a whole number from 1; this one's is not.")
    if version > VERSION:
        raise UnreadableFile(
            f"This ledger entry is of version {version}; this Tidemark reads up to {VERSION}. Use the newer Tidemark."
        )


def _is_time(text: object) -> bool:
    try:
        return isinstance(text, str) and bool(time_of(text))
    except ValueError:
        return False
