"""Look in the background which drafts a sighting shows, and whether it shows a leaked file.

The engine is run as on a leak, because a photograph of a screen or of a print can look like one of a car, and then
there is a mark in it. What is kept of a run are the drafts and *whether* a mark was found: no copy is named, and nobody
is accused from a sighting. The ledger has each run with its copies, hypotheses and decoys, so that nobody can try a
file as a sighting first and say nothing of it.
"""

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from tidemark import limits
from tidemark.errors import Refused
from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind
from tidemark.records import blobs
from tidemark.records.accounts.models import Person
from tidemark.records.blobs import Shelf
from tidemark.records.cases.timeline import hash_of, writing
from tidemark.records.connect import current_home
from tidemark.records.copies.secret import master_secret
from tidemark.records.home import Home
from tidemark.records.leaks.failing import failing, given_up
from tidemark.records.leaks.run import QUEUE
from tidemark.records.leaks.tracing import TracedLeak, candidates, trace_leak
from tidemark.records.ledger.checkpoints import refuse_unready
from tidemark.records.sightings.models import Sighting, SightingMatch, SightingRun
from tidemark.records.sightings.timeline import refuse_unless_handler, tell
from tidemark.records.work.queue import waiting_arguments

_UNDER_WAY = (SightingRun.State.QUEUED, SightingRun.State.RUNNING)


def request_match(home: Home, sighting: Sighting, *, by: Person, now: datetime) -> SightingRun | None:
    """Have a sighting compared with the drafts; None if its file cannot be read as a picture.

    The caller is within ``cases.timeline.writing``.

    Raises
    ------
    Refused
        If the person may not.
    """
    refuse_unless_handler(by)
    if sighting.unreadable:
        return None
    under_way = sighting.runs.select_related("sighting").filter(state__in=_UNDER_WAY).first()
    if under_way is not None and (under_way.pk,) in waiting_arguments(run_match):
        return under_way
    if under_way is not None:  # its workers died too often, or somebody emptied the queue
        _end(home, under_way, given_up(), now=now)
    run = SightingRun.objects.create(sighting=sighting, requested=now)
    run_match.enqueue(run.pk)
    return run


def match_again(home: Home, sighting: Sighting, *, by: Person, now: datetime) -> SightingRun:
    """Have a sighting compared with the drafts again, such as after a new one came.

    Raises
    ------
    Refused
        If the person may not, the file cannot be read, or it goes on as a leak.
    """
    if not sighting.is_open:
        raise Refused(_("This sighting goes on as a leak. Turn that into a sighting first."))
    with writing(home):
        run = request_match(home, sighting, by=by, now=now)
    if run is None:
        raise Refused(_("This file is kept as evidence, but it cannot be read as a picture, so it shows no draft."))
    return run


@task(queue_name=QUEUE)
def run_match(run_id: str) -> None:
    """Carry a run out, or what is left of it."""
    run = SightingRun.objects.select_related("sighting").filter(pk=run_id).first()
    if run is not None:
        carry_out(current_home(), run, clock=timezone.now)


def carry_out(home: Home, run: SightingRun, *, clock: Callable[[], datetime]) -> SightingRun:
    """Bring a run to its end; one that is over stays as it is.

    Raises
    ------
    HomeUnusable, DatabaseError
        If something that passes keeps it from going on; it is to be tried again.
    """
    if not SightingRun.objects.filter(pk=run.pk, state__in=_UNDER_WAY).update(state=SightingRun.State.RUNNING):
        run.refresh_from_db()
        return run
    with failing(
        lambda fault: _fail(home, run, fault, now=clock()),
        lambda fault: _failed(run, fault, now=clock()),
    ):
        refuse_unready(home, now=clock())
        data = blobs.get(home, Shelf.LEAKS, run.sighting.file_sha256)
        secret = master_secret(home, now=clock())
        found = trace_leak(data, candidates(home, secret=secret), decoys=limits.DECOYS)
        _write_down(home, run, found, now=clock())
    run.refresh_from_db()
    return run


def _write_down(home: Home, run: SightingRun, found: TracedLeak, *, now: datetime) -> None:
    """Append the leaf and the rows of what was found, unless another worker did."""
    trace = found.trace
    with writing(home):
        row = SightingRun.objects.select_for_update(of=("self",)).select_related("sighting").get(pk=run.pk)
        if row.is_over:
            return
        row.has_mark = bool(trace.accused)
        row.state, row.finished = SightingRun.State.DONE, now
        row.save(update_fields=["has_mark", "state", "finished"])
        for fit in trace.registered:
            SightingMatch.objects.create(
                run=row, draft_id=fit.draft, correlation=round(fit.correlation, 4), coverage=round(fit.coverage, 4)
            )
        detail: dict[str, JSON] = {
            "drafts": [fit.draft for fit in trace.registered],
            "has_mark": row.has_mark,
            "copies": trace.copies_tested,
            "hypotheses": trace.hypotheses,
            "decoys": trace.decoys.count if trace.decoys else 0,
        }
        tell(home, row.sighting, Kind.SIGHTING_MATCHED, by=None, now=now, detail=detail)


def _fail(home: Home, run: SightingRun, fault: str, *, now: datetime) -> None:
    with writing(home):
        _end(home, run, fault, now=now)


def _end(home: Home, run: SightingRun, fault: str, *, now: datetime) -> None:
    """End a run that failed, with its leaf. The caller is within ``cases.timeline.writing``."""
    if _failed(run, fault, now=now):
        detail: dict[str, JSON] = {"run": str(run.pk), "fault_sha256": hash_of(fault)}
        tell(home, run.sighting, Kind.SIGHTING_MATCH_FAILED, by=None, now=now, detail=detail)


def _failed(run: SightingRun, fault: str, *, now: datetime) -> bool:
    """Write that a run failed into its row, unless it is over; return whether it was not."""
    under_way = SightingRun.objects.filter(pk=run.pk, state__in=_UNDER_WAY)
    return bool(under_way.update(state=SightingRun.State.FAILED, finished=now, fault=fault))
