"""What is found outside, as rows: leaks with their posts and traces, posters, channels, sightings.

Number 0 of everything is the one that addresses name: it has as many of all that can hang on it as there are numbers.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from benchmarks.desk.issued import Log, copy_id
from benchmarks.desk.rows import an_id

from tests.conftest import make_draft
from tests.desk import NOW
from tests.web.counted.written import OFFICER
from tidemark.ledger.entry import Kind
from tidemark.records import blobs
from tidemark.records.copies.models import Copy
from tidemark.records.home import Home
from tidemark.records.leaks.journal import origin_of
from tidemark.records.leaks.models import Channel, Correction, Leak, Match, NamedCopy, Post, Poster, Regrouping, Trace
from tidemark.records.ledger.log import hash_of
from tidemark.records.projects.models import Draft, Project
from tidemark.records.sightings.models import Sighting, SightingEvent, SightingMatch, SightingRun

PICTURES = ("leak", "draft", "difference", "where")
PICTURE = make_draft(7, size=(30, 40), form="JPEG")
PICTURE_SHA256 = hashlib.sha256(PICTURE).hexdigest()
SEALED = b"sealed"
DRAFTS = 5
"""So many drafts there are at the smaller desk."""
HOLDERS = (0, 2, 3)
"""Persons of the party that answers for most."""


def keep(home: Home) -> None:
    """Keep the bytes of what all these have in common."""
    blobs.put(home, blobs.Shelf.TRACES, PICTURE)
    blobs.put(home, blobs.Shelf.TRACES, SEALED)
    blobs.put(home, blobs.Shelf.CASES, PICTURE)


def sources(numbers: Iterable[object]) -> None:
    """Put accounts and places on record where things are posted."""
    for number in numbers:
        handle, name = f"@poster{number}", f"group {number}"
        Poster.objects.create(
            id=an_id("poster", number), platform="Forum", handle=handle, folded=f"forum {handle}", created=NOW
        )
        Channel.objects.create(
            id=an_id("channel", number), platform="Forum", name=name, folded=f"forum {name}", created=NOW
        )


def own_copy(number: int) -> Copy:
    """Return one of the copies for which the first party answers."""
    return Copy.objects.get(pk=copy_id(HOLDERS[number // DRAFTS % len(HOLDERS)], number % DRAFTS))


def leak(name: str) -> Leak:
    """Put a leak on record that has no post yet."""
    return Leak.objects.create(id=an_id("leak", name), title=f"Leak {name}", created=NOW)


def post(
    home: Home, log: Log, of: Leak, number: int, copies: Sequence[Copy], *, verdict: str = "accused", by: object = None
) -> Post:
    """Put a post of a leak on record: received, traced, corrected, and put from leak to leak."""
    sha256 = blobs.put(home, blobs.Shelf.LEAKS, f"file {number} of {of.pk}".encode())
    body = {"leak": sha256, "size_bytes": 1, "name": "found.jpg", "found": "a forum"}
    made = Post(
        id=an_id("post", of.pk, number),
        leak=of,
        file_sha256=sha256,
        file_name="found.jpg",
        size_bytes=1,
        platform="Forum",
        url=f"https://forum.example/{of.pk}/{number}",
        poster_id=an_id("poster", number if by is None else by),
        channel_id=an_id("channel", number if by is None else by),
        posted=NOW,
        found="a forum",
        finder="a friend",
        received=NOW + timedelta(minutes=number),
        received_by_id=OFFICER,
        preview_sha256=PICTURE_SHA256,
        thumb_sha256=PICTURE_SHA256,
        joined=Post.Joined.LOOKS if number else Post.Joined.FIRST,
        compared=NOW,
        leaf_index=log.append(Kind.LEAK_RECEIVED, body, sha256),
    )
    made.save()
    hashed = {"text_sha256": hash_of(""), "found_sha256": hash_of(made.found), "finder_sha256": hash_of(made.finder)}
    told = {"post": made.pk, "leak": sha256, **origin_of(made), **hashed, "via": "web", "by": OFFICER}
    log.append(Kind.POST_RECEIVED, told, sha256)
    Correction.objects.create(
        post=made,
        before={},
        why="Read anew.",
        by_id=OFFICER,
        time=NOW,
        leaf_index=log.append(Kind.POST_CHANGED, told, sha256),
    )
    regrouped = {"post": made.pk, "from": of.pk, "to": of.pk, "by": OFFICER}
    Regrouping.objects.create(
        post=made,
        from_leak=of,
        to_leak=of,
        why="It is one.",
        by_id=OFFICER,
        time=NOW,
        leaf_index=log.append(Kind.LEAK_REGROUPED, regrouped, sha256),
    )
    trace(log, made, copies, verdict=verdict)
    return made


def trace(log: Log, of: Post, copies: Sequence[Copy], *, verdict: str = "accused", hours: int = 0) -> Trace:
    """Put a finished trace of a post on record that names these copies, with pictures and sealed evidence."""
    at = NOW + timedelta(hours=hours)
    run = {
        "leak": of.file_sha256,
        "verdict": verdict,
        "drafts": [],
        "only_draft": "",
        "found": of.found,
        "copies": 9,
        "hypotheses": 2,
        "decoys": 9,
        "accused": [],
        "tidemark": "0",
    }
    made = Trace.objects.create(
        id=an_id("trace", of.pk, hours),
        post=of,
        state=Trace.State.DONE,
        requested=at,
        started=at,
        finished=at,
        verdict=verdict,
        copies_tested=9,
        hypotheses=2,
        decoys={"count": 1000, "max_z": 3.1, "ks_p": 0.5},
        scores={copy.draft_id: [-0.4, 0.3, 1.2, 30.0] for copy in copies},
        leaf_index=log.append(Kind.TRACE_RUN, run, of.file_sha256),
    )
    for copy in copies:
        name(made, copy)
    return made


def name(by: Trace, copy: Copy) -> NamedCopy:
    """Let a trace name one more copy, and match its draft."""
    laid = {
        "correlation": 0.9,
        "coverage": 0.5,
        "mirrored": False,
        "pictures": dict.fromkeys(PICTURES, PICTURE_SHA256),
        "bundle_sha256": hashlib.sha256(SEALED).hexdigest(),
    }
    Match.objects.get_or_create(trace=by, draft=copy.draft, defaults=laid)
    is_accused, round_ = by.verdict == "accused", by.named.count() + 1
    return NamedCopy.objects.create(
        trace=by, copy=copy, is_accused=is_accused, z=30.0, log10_bound=-190.0 + round_, round=round_
    )


def sightings(home: Home, log: Log, numbers: range, project: Project) -> None:
    """Put sightings on record; the first has a run for each number, its last run a match for each."""
    for number in numbers:
        file = blobs.put(home, blobs.Shelf.LEAKS, f"car {number}".encode())
        made = Sighting.objects.create(
            id=an_id("sighting", number),
            vehicle=f"car {number}",
            project=project,
            place="Arjeplog",
            seen=NOW,
            file_sha256=file,
            file_name="car.jpg",
            size_bytes=1,
            preview_sha256=PICTURE_SHA256,
            thumb_sha256=PICTURE_SHA256,
            platform="Forum",
            poster_id=an_id("poster", number),
            channel_id=an_id("channel", number),
            finder="a friend",
            received=NOW,
            received_by_id=OFFICER,
        )
        _looked(log, made, 0)
        if number:
            _looked(log, Sighting.objects.get(pk=an_id("sighting", 0)), number)
    last = SightingRun.objects.get(pk=an_id("run", an_id("sighting", 0), "last")) if numbers[0] else None
    last = last or SightingRun.objects.create(
        id=an_id("run", an_id("sighting", 0), "last"),
        sighting_id=an_id("sighting", 0),
        state=SightingRun.State.DONE,
        requested=NOW + timedelta(days=9),
        finished=NOW + timedelta(days=9),
    )
    for number in numbers:
        SightingMatch.objects.create(run=last, draft=draft(number), correlation=0.9, coverage=0.5)


def _looked(log: Log, of: Sighting, number: int) -> None:
    at: datetime = NOW + timedelta(hours=number)
    run = SightingRun.objects.create(
        id=an_id("run", of.pk, number), sighting=of, state=SightingRun.State.DONE, requested=at, finished=at
    )
    SightingMatch.objects.create(run=run, draft=draft(number), correlation=0.9, coverage=0.5)
    body = {"sighting": of.pk, "file": of.file_sha256, "by": OFFICER}
    SightingEvent.objects.create(
        sighting=of,
        kind=Kind.SIGHTING_RECORDED,
        by_id=OFFICER,
        time=at,
        detail={"embargo": "unclear"},
        leaf_index=log.append(Kind.SIGHTING_RECORDED, body, of.pk),
    )


def draft(number: int) -> Draft:
    """Return one of the drafts of both desks."""
    return Draft.objects.get(pk=f"part-{number % DRAFTS}-{an_id('draft', number % DRAFTS)[:8]}")
