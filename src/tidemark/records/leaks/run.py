"""Trace posts in the background: one run of the engine, its leaf in the ledger, its rows, its pictures, its evidence.

    1. the row `running`
    2. the engine's trace, and the pictures of it, which lie under their own hashes and harm nobody if they stay alone
    3. the leaf, the log's signature and all rows of what was found, committed together
    4. the sealed evidence, if the trace accuses somebody
    5. the row `done`; nothing about it changes any more

A worker may be killed anywhere, and two may be at one trace at once: each step looks at the row again under its lock.
Cut off after 3, the engine is run again; it finds the same, and the leaf stays the only one. If what is on record has
changed meanwhile (a copy more), then it was run twice with two outcomes, and the ledger says just that.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from tidemark import limits
from tidemark.errors import HomeUnusable, Refused, TidemarkError
from tidemark.records import blobs
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.blobs import Shelf
from tidemark.records.connect import current_home, database_errors, exclusively
from tidemark.records.copies.secret import master_secret
from tidemark.records.home import Home
from tidemark.records.leaks.evidence import evidence
from tidemark.records.leaks.failing import failing, given_up
from tidemark.records.leaks.journal import Journal, append_failed, append_journal, words_to_seal
from tidemark.records.leaks.models import Match, NamedCopy, Post, Trace
from tidemark.records.leaks.pictures import draw
from tidemark.records.leaks.tracing import TracedLeak, candidates, trace_leak
from tidemark.records.ledger.checkpoints import refuse_unready
from tidemark.records.ledger.key import signing_key
from tidemark.records.ledger.log import sign
from tidemark.records.ledger.models import Leaf
from tidemark.records.sentences import joined
from tidemark.records.work.queue import waiting_arguments

QUEUE = "traces"
LANGUAGES = ("en", "zh")
"""Of the reports in the evidence."""

_UNDER_WAY = (Trace.State.QUEUED, Trace.State.RUNNING)


def traces_of(post: Post) -> QuerySet[Trace]:
    """Return the traces of a post's file, the latest first: the same bytes at another place are the same file."""
    return Trace.objects.filter(post__file_sha256=post.file_sha256)


def request_trace(home: Home, post: Post, *, by: Person, now: datetime) -> Trace:
    """Have a post's file traced in the background; return the trace that is under way already, if there is one.

    Raises
    ------
    Refused
        If the person may not, or the file cannot be read as a picture.
    """
    if not by.may(Act.HANDLE_LEAKS):
        raise Refused(_("Traces are asked for by officers and investigators. Ask one of them."))
    if post.unreadable:
        raise Refused(_("This file is kept as evidence, but it cannot be read as a picture, so it cannot be traced."))
    with exclusively(home), transaction.atomic():
        under_way = traces_of(post).select_related("post").filter(state__in=_UNDER_WAY).first()
        if under_way is not None and (under_way.pk,) in waiting_arguments(run_trace):
            return under_way
        if under_way is not None:  # its workers died too often, or somebody emptied the queue
            _end(home, under_way, given_up(), now=now)
        return queue_trace(post, by=by, now=now)


def queue_trace(post: Post, *, by: Person | None, now: datetime) -> Trace:
    """Have a file traced of which no trace is under way. The caller is in a transaction and holds the home's lock."""
    trace = Trace.objects.create(post=post, requested=now, requested_by=by)
    run_trace.enqueue(trace.pk)  # the queue lies in the same database: no trace waits without its task
    return trace


@task(queue_name=QUEUE)
def run_trace(trace_id: str) -> None:
    """Carry a trace out, or what is left of it."""
    trace = Trace.objects.select_related("post").filter(pk=trace_id).first()
    if trace is not None:
        carry_out(current_home(), trace, clock=timezone.now)


def carry_out(home: Home, trace: Trace, *, clock: Callable[[], datetime]) -> Trace:
    """Run a trace to its end; one that is over stays as it is.

    Raises
    ------
    HomeUnusable, DatabaseError
        If something that passes keeps it from going on; it is to be tried again.
    """
    if not trace.start(now=clock()):
        return trace
    with failing(
        lambda fault: _fail(home, trace, fault, now=clock()),
        lambda fault: trace.fail(fault, now=clock()),
    ):
        _carry_out(home, trace, clock)
    trace.refresh_from_db()
    return trace


def _fail(home: Home, trace: Trace, fault: str, *, now: datetime) -> None:
    with exclusively(home), transaction.atomic():
        _end(home, trace, fault, now=now)


def _end(home: Home, trace: Trace, fault: str, *, now: datetime) -> None:
    """End a trace without a verdict, with its leaf. The caller is in a transaction and holds the home's lock."""
    if trace.fail(fault, now=now):
        append_failed(trace, now=now)
        sign(home, signing_key(home))


def _carry_out(home: Home, trace: Trace, clock: Callable[[], datetime]) -> None:
    refuse_unready(home, now=clock())
    leak = blobs.get(home, Shelf.LEAKS, trace.post.file_sha256)
    secret = master_secret(home, now=clock())
    found = trace_leak(leak, candidates(home, secret=secret), decoys=limits.DECOYS, told=trace.report)
    trace.report(Trace.Step.DRAW)
    pictures = draw(home, found, leak, secret=secret)
    journal = _write_down(home, trace, leak, found, pictures, now=clock())
    if journal is not None:
        trace.report(Trace.Step.SEAL)
        unsealed = _seal(home, trace, leak, found, journal, secret=secret, now=clock())
        trace.finish(now=clock(), unsealed=unsealed)


def _write_down(
    home: Home, trace: Trace, leak: bytes, found: TracedLeak, pictures: Mapping[str, dict[str, str]], *, now: datetime
) -> Journal | None:
    """Append the trace's leaf and replace its rows; None if somebody else has ended it meanwhile."""
    with exclusively(home), database_errors(home), transaction.atomic():
        row = Trace.objects.select_for_update().select_related("post").get(pk=trace.pk)
        if row.is_over:
            return None
        name, where = words_to_seal(row.post.file_name, row.post.found, via=row.post.via)
        journal = append_journal(
            leak,
            found,
            name=name,
            where=where,
            only_draft=None,
            now=now,
            earlier=Leaf.objects.filter(index=row.leaf_index).first() if row.leaf_index is not None else None,
        )
        sign(home, signing_key(home))
        _fill(row, found, pictures)
        row.leaf_index = journal.run.index
        row.save()
    return journal


def _fill(row: Trace, found: TracedLeak, pictures: Mapping[str, dict[str, str]]) -> None:
    """Put what was found into a trace's rows, in place of what an earlier run of it put there."""
    result = found.trace
    row.verdict, row.reason = str(result.verdict), result.reason
    row.copies_tested, row.hypotheses = result.copies_tested, result.hypotheses
    row.scores = {each.draft: sorted(round(float(z), 2) for z in each.z) for each in result.scored}
    row.decoys = {}
    if result.decoys is not None:
        figures = {"max_z": round(result.decoys.max_z, 3), "ks_p": result.decoys.ks_p}
        row.decoys = {"count": result.decoys.count, **figures, "seed": found.decoy_seed.hex()}
    row.matches.all().delete()
    row.named.all().delete()
    for fit in sorted(result.registered, key=lambda fit: (fit.draft != result.draft, -fit.correlation)):
        Match.objects.create(
            trace=row,
            draft_id=fit.draft,
            correlation=round(fit.correlation, 4),
            coverage=round(fit.coverage, 4),
            mirrored=fit.mirrored,
            pictures=pictures.get(fit.draft, {}),
        )
    for is_accused, named in ((True, result.accused), (False, result.suspected)):
        for each in named:
            NamedCopy.objects.create(
                trace=row,
                copy_id=each.copy,
                is_accused=is_accused,
                z=round(each.z, 2),
                log10_bound=round(each.log10_bound, 3),
                round=each.round,
            )


def _seal(
    home: Home, trace: Trace, leak: bytes, found: TracedLeak, journal: Journal, *, secret: bytes, now: datetime
) -> str:
    """Keep a bundle of each draft whose copies are accused; return why something of it is missing, '' if nothing is.

    The verdict stands in the ledger by now: it is shown also where its evidence cannot be sealed.
    """
    missing: list[str] = []
    try:
        for sealed in evidence(home, leak, found, journal, secret=secret, now=now, languages=LANGUAGES):
            sha256 = blobs.put(home, Shelf.TRACES, sealed.data)
            Match.objects.filter(trace=trace, draft_id=sealed.draft).update(bundle_sha256=sha256)
            missing += sealed.unreported
    except HomeUnusable:
        raise
    except TidemarkError as error:
        missing.append(str(error))
    return joined(missing)
