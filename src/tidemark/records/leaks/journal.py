"""Write into the ledger that a leak was received, where it was seen, and that it was traced, whatever came of it.

Every run is there, also those that accused nobody and those that failed: whoever is accused can see how often it was
tried, and with what. Of what people wrote, and of who posted and found it, the ledger has the hash.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tidemark import __version__
from tidemark.evidence.figures import stated_z
from tidemark.ledger.canonical import JSON, dumps
from tidemark.ledger.entry import Kind, decode, time_text
from tidemark.records.connect import database_errors, exclusively
from tidemark.records.home import Home
from tidemark.records.leaks.models import Post, Trace
from tidemark.records.leaks.tracing import TracedLeak
from tidemark.records.ledger.key import signing_key
from tidemark.records.ledger.log import append, hash_of, sign
from tidemark.records.ledger.models import Leaf

_MAILED = "sent by e-mail"
"""In no language but this: what is logged does not depend on who reads it."""


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
    with exclusively(home), database_errors(home), transaction.atomic():
        journal = append_journal(leak, found, name=name, where=where, only_draft=only_draft, now=now)
        sign(home, signing_key(home))
    return journal


def append_journal(
    leak: bytes,
    found: TracedLeak,
    *,
    name: str,
    where: str,
    only_draft: str | None,
    now: datetime,
    earlier: Leaf | None = None,
) -> Journal:
    """As :func:`write_journal`, within the caller's transaction and lock; the caller signs.

    Parameters
    ----------
    earlier : Leaf, optional
        What this same trace appended before its worker was killed. If it says the same, it stays the only one.
    """
    received = append_received(leak, name=name, where=where, now=now)
    body = _run_body(received.subject, found, only_draft, where)
    if earlier is not None and decode(bytes(earlier.data)).body == body:
        return Journal(received, earlier)
    return Journal(received, append(Kind.TRACE_RUN, body, subject=received.subject, now=now))


def words_to_seal(name: str, where: str, *, via: str) -> tuple[str, str]:
    """Return a file's name and where it was found, as they may stand in the ledger and in sealed evidence.

    The accused read that, so nothing in it is said by whoever sends an e-mail: anybody could have another party named.
    """
    return (_MAILED, _MAILED) if via == Post.Via.MAIL else (name, where)


def append_received(leak: bytes, *, name: str, where: str, now: datetime) -> Leaf:
    """Append the leaf of a leak's bytes, or return it: there is one for each file, whoever finds it how often.

    The caller is in a transaction, holds the home's lock, and signs.
    """
    sha256 = hashlib.sha256(leak).hexdigest()
    known = Leaf.objects.filter(subject=sha256, kind=Kind.LEAK_RECEIVED).first()
    if known is not None:
        return known
    said: dict[str, JSON] = {"leak": sha256, "size_bytes": len(leak), "name": name, "found": where}
    return append(Kind.LEAK_RECEIVED, said, subject=sha256, now=now)


def append_post(post: Post, *, now: datetime) -> Leaf:
    """Append the leaf of one place where a file was seen. The caller is as for :func:`append_received`."""
    body: dict[str, JSON] = {
        "post": post.pk,
        "leak": post.file_sha256,
        **origin_of(post),
        "text_sha256": hash_of(post.text),
        "found_sha256": hash_of(post.found),
        "finder_sha256": hash_of(post.finder),
        "via": str(post.via),
        "by": post.received_by_id or "",
    }
    return append(Kind.POST_RECEIVED, body, subject=post.file_sha256, now=now)


def origin_of(post: Post) -> dict[str, JSON]:
    """Return what the ledger has of where and by whom something was posted, and when."""
    return {
        "platform": post.platform,
        "poster_sha256": hash_of(post.poster.handle if post.poster else ""),
        "channel_sha256": hash_of(post.channel.name if post.channel else ""),
        "url_sha256": hash_of(post.url),
        "posted": time_text(post.posted) if post.posted else "",
    }


def origin_sha256(post: Post) -> str:
    """Return the hash of all of that: whoever changes it says with it what he has seen."""
    return hash_of(dumps(origin_of(post)).decode())


def append_failed(trace: Trace, *, now: datetime) -> Leaf:
    """Append the leaf of a trace that failed. The caller is as for :func:`append_received`."""
    sha256 = trace.post.file_sha256
    body: dict[str, JSON] = {
        "leak": sha256,
        "trace": trace.pk,
        "fault_sha256": hash_of(trace.fault),
        "tidemark": __version__,
    }
    return append(Kind.TRACE_FAILED, body, subject=sha256, now=now)


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
            {"draft": each.draft, "copy": each.copy, "round": each.round, "z": stated_z(each.z)}
            for each in trace.accused
        ],
        "tidemark": __version__,
    }
