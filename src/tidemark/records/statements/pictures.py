"""Pictures that go out with a statement: kept as they came, and compared with what is on record before they may.

The same bytes are told at once. What looks like a draft, a leak or a sighting is told in the background, by the
machinery of traces without any key: it says which draft it shows, never whose copy. Until then the check refuses the
picture, so that one whose comparison fails never goes out.
"""

import hashlib
import io
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

import numpy as np
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task
from PIL import Image

from tidemark import limits
from tidemark.engine.carriers import image
from tidemark.engine.match import Candidate, shortlist
from tidemark.errors import LimitExceeded, Refused, UnreadableFile
from tidemark.ledger.entry import Kind
from tidemark.records import blobs
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.agreements.documents import Document, plain_name
from tidemark.records.blobs import Shelf
from tidemark.records.cases.merged import together
from tidemark.records.cases.notes import refuse_unless
from tidemark.records.cases.status import locked
from tidemark.records.cases.timeline import tell, writing
from tidemark.records.connect import current_home, exclusively
from tidemark.records.home import Home
from tidemark.records.leaks.models import Post
from tidemark.records.projects.models import Draft
from tidemark.records.reidentify.pictures import metadata_of
from tidemark.records.sightings.models import Sighting
from tidemark.records.statements.kept import is_kept
from tidemark.records.statements.models import OPEN, Statement, StatementPicture

QUEUE = "slow"
_FEWEST_FEATURES = 12
"""Local features that agree before two pictures are laid on one another, as for leaks."""

_LONGEST_RECEPTION = timedelta(minutes=10)
"""What is received bears the time of its arrival, and may be on record only so much later."""


def attach_picture(
    home: Home, statement: Statement, document: Document, *, by: Person, now: datetime
) -> StatementPicture:
    """Lay a picture to a statement, and have it compared with the drafts, leaks and sightings on record.

    Raises
    ------
    Refused
        If the person may not, or the file is no picture that can be read.
    """
    refuse_unless(by, Act.STATE)
    if not 0 < len(document.data) <= limits.MAX_CASE_FILE_BYTES:
        raise Refused(_("A file has 1 byte to %(most)d MB. Give another.") % {"most": limits.MAX_CASE_FILE_BYTES >> 20})
    try:
        metadata = metadata_of(document.data)
        image.read(document.data, animated="first")
    except (ValueError, UnreadableFile, LimitExceeded) as error:
        raise Refused(_("This is no picture that can be read. Give it as PNG or JPEG.")) from error
    with writing(home):
        locked(statement.case)
        statement.lock(*OPEN)
        if statement.pictures.count() >= limits.MAX_STATEMENT_PICTURES:
            raise Refused(_("A statement has at most %(most)d pictures.") % {"most": limits.MAX_STATEMENT_PICTURES})
        made = StatementPicture.objects.create(
            statement=statement,
            file_sha256=hashlib.sha256(document.data).hexdigest(),
            file_name=plain_name(document.name, otherwise="picture"),
            metadata=list(metadata),
            person=by,
            time=now,
        )
        statement.state = Statement.State.PREPARED
        statement.save(update_fields=["state"])
        said = {"statement": statement.pk, "kind": str(statement.kind), "picture_sha256": made.file_sha256}
        tell(home, statement.case, Kind.CASE_CHANGED, by=by, now=now, detail=said)
        blobs.put(home, Shelf.CASES, document.data)
        compare_picture.enqueue(made.pk)
    return made


def remove_picture(home: Home, statement: Statement, picture: StatementPicture, *, by: Person, now: datetime) -> None:
    """Take a picture away from a statement that is not issued."""
    refuse_unless(by, Act.STATE)
    with writing(home):
        locked(statement.case)
        statement.lock(*OPEN)
        statement.pictures.filter(pk=picture.pk).delete()
        statement.state = Statement.State.PREPARED
        statement.save(update_fields=["state"])
        said = {"statement": statement.pk, "kind": str(statement.kind), "picture_removed": picture.file_sha256}
        tell(home, statement.case, Kind.CASE_CHANGED, by=by, now=now, detail=said)
    with exclusively(home):  # after the row is gone for good, and nobody puts the same bytes there meanwhile
        if not is_kept(picture.file_sha256):
            blobs.forget(home, Shelf.CASES, picture.file_sha256)


@task(queue_name=QUEUE)
def compare_picture(picture_id: str) -> None:
    """Compare a picture with all that is on record, unless that was done or it was taken away meanwhile."""
    picture = StatementPicture.objects.select_related("statement__case").filter(pk=picture_id, compared=None).first()
    if picture is not None:
        compare(current_home(), picture, now=timezone.now())


def compare(home: Home, picture: StatementPicture, *, now: datetime) -> None:
    """Compare a picture with all that is on record; if it was compared before, with all that has come since."""
    since = picture.compared - _LONGEST_RECEPTION if picture.compared else None
    found = _shown(home, picture, since=since)
    shows = list(dict.fromkeys([*picture.shows, *found]))
    StatementPicture.objects.filter(pk=picture.pk).update(shows=shows, compared=now)


def compare_again(home: Home, statement: Statement, *, now: datetime) -> None:
    """Compare a statement's pictures with what has come on record since they were compared."""
    for picture in statement.pictures.exclude(compared=None):
        compare(home, picture, now=now)


def _looks(data: bytes) -> tuple[image.Look, image.Look]:
    """Read a picture, and its mirror image."""
    seen = image.look(data)
    turned = io.BytesIO()
    Image.fromarray(np.clip(seen.luma[:, ::-1], 0, 255).astype(np.uint8)).save(turned, "PNG")
    return seen, image.look(turned.getvalue())


def _shown(home: Home, picture: StatementPicture, *, since: datetime | None) -> list[str]:
    """Return which of ``draft``, ``leak`` and ``sighting`` a picture shows, of what has come since a time."""
    drafts, posts = Draft.objects.filter(carrier=image.NAME), Post.objects.filter(unreadable="").exclude(look_sha256="")
    sightings = Sighting.objects.exclude(preview_sha256="")
    if since is not None:
        drafts, posts = drafts.filter(created__gt=since), posts.filter(received__gt=since)
        sightings = sightings.filter(received__gt=since)
        if not (drafts.exists() or posts.exists() or sightings.exists()):
            return []
    looks = _looks(blobs.get(home, Shelf.CASES, picture.file_sha256))
    likely = {
        "draft": _likely_drafts(home, looks[0], drafts),
        "leak": _likely_leaks(home, looks[0], posts),
        "sighting": _photographs(home, sightings, together(picture.statement.case)),
    }
    return [kind for kind, files in likely.items() if any(_is_one_of(looks, data) for data in files)]


def _likely_drafts(home: Home, seen: image.Look, rows: QuerySet[Draft]) -> Iterator[bytes]:
    drafts = {each.pk: each for each in rows}
    candidates = [
        Candidate(each.pk, blobs.get(home, Shelf.DESCRIPTIONS, each.description_sha256), bytes, dict)
        for each in drafts.values()
    ]
    many = len(candidates) >= limits.MANY_DRAFTS
    likeliest = shortlist(candidates, lambda description: image.likeness(seen, description, among_many=many))
    return (blobs.get(home, Shelf.ORIGINALS, drafts[each.draft].sha256) for each in likeliest)


def _likely_leaks(home: Home, seen: image.Look, rows: QuerySet[Post]) -> Iterator[bytes]:
    for post in rows.order_by("-leaf_index")[: limits.MOST_COMPARED]:
        known = blobs.get(home, Shelf.TRACES, post.look_sha256)
        if image.likeness(seen, known, among_many=True) >= _FEWEST_FEATURES:
            yield blobs.get(home, Shelf.LEAKS, post.file_sha256)


def _photographs(home: Home, rows: QuerySet[Sighting], cases: Collection[str]) -> Iterator[bytes]:
    """Return the small pictures of the cases' sightings and of the latest others."""
    latest = rows.order_by("-received", "pk").values_list("preview_sha256", flat=True)
    own = list(latest.filter(case__in=cases)[: limits.MOST_SIGHTINGS_COMPARED])
    others = latest.exclude(case__in=cases)[: limits.MOST_SIGHTINGS_COMPARED - len(own)]
    return (blobs.get(home, Shelf.TRACES, each) for each in dict.fromkeys([*own, *others]))


def _is_one_of(looks: tuple[image.Look, image.Look], data: bytes) -> bool:
    """Whether a picture, or its mirror image, shows what a file shows."""
    known = image.look(data)
    return any(image.same_picture(known, each) for each in looks)
