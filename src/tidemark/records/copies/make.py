"""Make planned copies: mark, keep the bytes, and release each in the one transaction that also appends its leaf.

    1. mark the draft with the copy's key; id and key are the row's, so whoever does it again gets the same bytes
    2. the row names the hash of its bytes
    3. the bytes lie on the shelf, durably; nobody may have them, because the row is only planned
    4. in one transaction, under the lock: the row is still planned, the agreement still allows it, the copy that it is
       a child of was not revoked; the leaf is appended, the log signed, the row released

Cut off anywhere before the end of 4, the copy is planned as before, and whoever takes the task up goes on. Two workers
at once make the same bytes, and only the first finds the row planned. Bytes are handed out of released rows only
(:mod:`.download`), so none leaves before its leaf is durable. ADR 13 says why this differs from :mod:`.release`.

What needs the draft alone is done once for all of a release's copies of it, and several copies share one transaction:
that changes how many are made again after a power cut, never what is true after it.
"""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop
from django_tasks import task

from tidemark.engine.carriers import image
from tidemark.engine.carriers.image import Plate
from tidemark.engine.keys import VERSION as MARK_VERSION
from tidemark.engine.keys import copy_key, key_commitment
from tidemark.errors import LimitExceeded, RecordsDamaged, UnknownCopy, Unmarkable, UnreadableFile
from tidemark.records import blobs
from tidemark.records.accounts.models import Person
from tidemark.records.agreements.releasable import Permit, Refusal, releasable_many
from tidemark.records.blobs import Shelf
from tidemark.records.connect import current_home, database_errors, exclusively
from tidemark.records.copies.commit import log_copy
from tidemark.records.copies.models import Copy
from tidemark.records.copies.names import copy_file_name, extension_of
from tidemark.records.copies.overlay import overlay_lines, overlay_typeface
from tidemark.records.copies.release import master_of, new_copy_id
from tidemark.records.copies.secret import master_secret
from tidemark.records.home import Home
from tidemark.records.ledger.key import signing_key
from tidemark.records.ledger.log import sign
from tidemark.records.parties.models import Party
from tidemark.records.parties.names import OWNER
from tidemark.records.projects.models import Draft

QUEUE = "copies"

_log = logging.getLogger(__name__)

# Of one transaction: whichever is reached first. A killed worker makes at most this much again.
_BATCH_COPIES = 32
_BATCH_BYTES = 64 * 2**20
_BATCH_SECONDS = 3.0


@task(queue_name=QUEUE)
def make_copies(release_id: str, draft_id: str) -> int:
    """Make what is still planned of one draft in one release; return how many copies were released."""
    from tidemark.records.work.stopping import is_stopping

    planned = _planned().filter(release_id=release_id, draft_id=draft_id)
    made = _make(current_home(), planned, clock=timezone.now, should_stop=is_stopping)
    if is_stopping() and planned.exists():
        make_copies.enqueue(release_id, draft_id)
    return made


def make_copy(home: Home, copy_id: str, *, now: datetime) -> Copy:
    """Make one planned copy at once. One that is released already is returned as it is; a refused one has its fault.

    Raises
    ------
    UnknownCopy
        If there is none of this id.
    """
    _make(home, _planned().filter(pk=copy_id), clock=lambda: now)
    copy = Copy.objects.filter(pk=copy_id).first()
    if copy is None:
        raise UnknownCopy(f"No copy {copy_id!r} is on record. Look its id up.")
    return copy


def _planned() -> QuerySet[Copy]:
    rows = Copy.objects.filter(state=Copy.State.PLANNED, path="").order_by("id")
    return rows.select_related("draft__project", "holder", "person", "engagement", "agreement", "responsible", "parent")


def _make(
    home: Home,
    planned: QuerySet[Copy],
    *,
    clock: Callable[[], datetime],
    should_stop: Callable[[], bool] = lambda: False,
) -> int:
    copies = list(planned)
    if not copies:
        return 0
    draft = copies[0].draft
    try:
        press = _Press.of(home, draft)
    except (UnreadableFile, LimitExceeded, Unmarkable) as fault:
        _give_up(copies, str(fault))
        return 0
    except RecordsDamaged as fault:  # its words name the server's folders; the fault of a copy is read by its holder
        _log.error("Draft %s: %s", draft.pk, fault)
        _give_up(
            copies,
            gettext_noop(  # said in the reader's language where it is shown
                "The stored draft is damaged or cannot be read. Tell whoever runs the server: tidemark check says more."
            ),
        )
        return 0
    released = 0
    master = _planned_master(home, draft, now=clock())
    for batch in _batches(press, [*([master] if master else []), *copies]):
        for copy in batch:  # the rows first: whatever is cut off, no bytes lie on the shelf that no row names
            Copy.objects.filter(pk=copy.copy, state=Copy.State.PLANNED).update(sha256=copy.sha256)
        for copy in batch:
            blobs.put(home, Shelf.COPIES, copy.data)
        released += _released(home, batch, draft, now=clock())
        if should_stop():
            break
    return released


@dataclass(frozen=True, slots=True)
class _Marked:
    """A copy's bytes before they are released."""

    copy: str
    data: bytes
    sha256: str
    psnr_db: float
    file_name: str
    key_commitment: str


@dataclass(frozen=True, slots=True)
class _Press:
    """A draft made ready for its copies, and the secret that their keys come from."""

    draft: Draft
    plate: Plate
    secret: bytes

    @classmethod
    def of(cls, home: Home, draft: Draft) -> "_Press":
        original = blobs.get(home, Shelf.ORIGINALS, draft.sha256)
        return cls(draft, image.prepare(image.read(original)), master_secret(home))

    def mark(self, copy: Copy) -> _Marked:
        key = copy_key(self.secret, draft=copy.draft_id, copy=copy.id, nonce=bytes(copy.nonce))
        plate = self.plate
        if copy.has_overlay:
            lines = overlay_lines(copy)
            plate = image.overlaid(plate, lines, typeface=overlay_typeface(lines))
        marked = image.mark(plate, key)
        extension = extension_of(self.draft.file_name, self.plate.picture.format)
        name = copy_file_name(self.draft.file_name, copy.holder.name, extension=extension, copy=copy.id)
        return _Marked(copy.id, marked.data, marked.sha256, marked.psnr_db, name, key_commitment(key).hex())


def _batches(press: _Press, copies: Sequence[Copy]) -> Iterator[list[_Marked]]:
    """Mark the copies; yield as many at a time as share one transaction."""
    batch: list[_Marked] = []
    began = time.monotonic()
    for copy in copies:
        batch.append(press.mark(copy))
        is_full = len(batch) >= _BATCH_COPIES or sum(len(each.data) for each in batch) >= _BATCH_BYTES
        if is_full or time.monotonic() - began >= _BATCH_SECONDS:
            yield batch
            batch, began = [], time.monotonic()
    if batch:
        yield batch


def _released(home: Home, batch: Sequence[_Marked], draft: Draft, *, now: datetime) -> int:
    """Release what of a batch is still planned and still allowed; return how many holders' copies that were."""
    refused: list[_Marked] = []
    released = 0
    with exclusively(home), database_errors(home), transaction.atomic():
        ids = [each.copy for each in batch]
        rows = {copy.pk: copy for copy in _planned().filter(pk__in=ids).select_for_update(of=("self",))}
        others = Copy.objects.filter(pk__in=ids, state=Copy.State.RELEASED, revoked=None)
        taken = set(others.values_list("pk", flat=True))  # another worker was faster
        permits = _permits(draft, list(rows.values()), now=now)
        key = signing_key(home)
        for marked in batch:
            copy = rows.get(marked.copy)
            if copy is None:
                if marked.copy not in taken:  # revoked meanwhile: its bytes came to the shelf after they were forgotten
                    refused.append(marked)
                continue
            if copy.is_master and master_of(draft.pk) is not None:
                copy.delete()
                refused.append(marked)
                continue
            permit = None if copy.is_master else permits[copy.pk]
            if why := _obstacle(copy, permit):
                copy.give_up(why)
                refused.append(marked)
                continue
            assert not isinstance(permit, Refusal)  # it would be an obstacle
            _fill(copy, marked, permit)
            copy.become_released(now=now)
            log_copy(copy, key_commitment=marked.key_commitment, now=now)
            released += not copy.is_master
        sign(home, key)
    for marked in refused:
        blobs.forget(home, Shelf.COPIES, marked.sha256)
    return released


def _obstacle(copy: Copy, permit: Permit | Refusal | None) -> str:
    """Return why a planned copy may not be released, '' if it may."""
    if copy.parent is not None and copy.parent.revoked is not None:
        return gettext_noop("The copy that this one was to be a child of was revoked.")
    return permit.reason if isinstance(permit, Refusal) else ""


def _fill(copy: Copy, marked: _Marked, permit: Permit | None) -> None:
    copy.sha256, copy.size_bytes = marked.sha256, len(marked.data)
    copy.psnr_db, copy.file_name = marked.psnr_db, marked.file_name
    if permit is not None:  # the agreement in force now may be another one than when the copy was planned
        copy.engagement, copy.agreement = permit.engagement, permit.agreement
        copy.responsible, copy.answers_under = permit.responsible, permit.answers_under


def _permits(draft: Draft, copies: Sequence[Copy], *, now: datetime) -> dict[str, Permit | Refusal]:
    """Return, by copy, whether its person may still have it at the place that it was planned for, and nowhere else."""
    if draft.project is None:
        return {}
    status = Draft.objects.values_list("status", flat=True).get(pk=draft.pk)
    asked: dict[str | None, dict[str, Person]] = {}
    for copy in copies:
        if copy.person is not None:
            asked.setdefault(copy.engagement_id, {})[copy.pk] = copy.person
    permits: dict[str, Permit | Refusal] = {}
    for place, persons in asked.items():
        places = {place} if place else ()
        found = releasable_many(draft.project, {status}, set(persons.values()), at=now, places=places)
        permits |= {copy: found[person.pk, status] for copy, person in persons.items()}
    return permits


def _planned_master(home: Home, draft: Draft, *, now: datetime) -> Copy | None:
    """Return the owner's own copy if it is still to be made: it is released with the draft's first batch."""
    with exclusively(home), database_errors(home), transaction.atomic():
        if master_of(draft.pk) is not None:
            return None
        planned = _planned().filter(draft=draft, is_master=True).first()
        return planned or Copy.objects.create(
            id=new_copy_id(),
            draft=draft,
            holder=Party.owner(OWNER, now=now),
            mark_version=MARK_VERSION,
            is_master=True,
            created=now,
        )


def _give_up(copies: Sequence[Copy], why: str) -> None:
    with transaction.atomic():
        for copy in Copy.objects.filter(pk__in=[copy.pk for copy in copies], state=Copy.State.PLANNED):
            copy.give_up(why)


def give_up_abandoned() -> int:
    """Say so of every planned copy that no task will make any more, because its task failed; return how many."""
    from tidemark.records.work.queue import waiting_arguments

    with transaction.atomic():
        waiting = waiting_arguments(make_copies)
        left = Copy.objects.filter(state=Copy.State.PLANNED, path="", is_master=False)
        pairs = set(left.values_list("release_id", "draft_id").distinct())
        abandoned = [pair for pair in pairs if pair not in waiting]
        why = gettext_noop(  # said in the reader's language where it is shown
            "The work on it was cut off three times, or failed. Share the draft again."
        )
        for release_id, draft_id in abandoned:
            left.filter(release_id=release_id, draft_id=draft_id).update(state=Copy.State.FAULTED, fault=why)
    return len(abandoned)
