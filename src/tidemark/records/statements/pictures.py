"""Pictures that go out with a statement: kept as they came, and compared with what is on record before they may.

The same bytes are told at once. What looks like a draft, a leak or a sighting is told by the machinery of traces,
without any key: it says which draft it shows, never whose copy.
"""

import hashlib
import io
from datetime import datetime

import numpy as np
from django.utils.translation import gettext as _
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
from tidemark.records.cases.models import Case
from tidemark.records.cases.notes import refuse_unless
from tidemark.records.cases.status import locked
from tidemark.records.cases.timeline import tell, writing
from tidemark.records.connect import exclusively
from tidemark.records.home import Home
from tidemark.records.leaks.models import Post
from tidemark.records.projects.models import Draft
from tidemark.records.reidentify.pictures import metadata_of
from tidemark.records.sightings.models import Sighting
from tidemark.records.statements.kept import is_kept
from tidemark.records.statements.models import OPEN, Statement, StatementPicture

_FEWEST_FEATURES = 12
"""Local features that agree before two pictures are laid on one another, as for leaks."""


def attach_picture(
    home: Home, statement: Statement, document: Document, *, by: Person, now: datetime
) -> StatementPicture:
    """Lay a picture to a statement, and compare it with the drafts, leaks and sightings on record.

    Raises
    ------
    Refused
        If the person may not, or the file is no picture that can be read.
    """
    refuse_unless(by, Act.STATE)
    if not 0 < len(document.data) <= limits.MAX_CASE_FILE_BYTES:
        raise Refused(_("A file has 1 byte to %(most)d MB. Give another.") % {"most": limits.MAX_CASE_FILE_BYTES >> 20})
    try:
        metadata, seen = metadata_of(document.data), _looks(document.data)
    except (ValueError, UnreadableFile, LimitExceeded) as error:
        raise Refused(_("This is no picture that can be read. Give it as PNG or JPEG.")) from error
    shows = _shown(home, seen, statement.case)
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
            shows=shows,
            compared=now,
            person=by,
            time=now,
        )
        statement.state = Statement.State.PREPARED
        statement.save(update_fields=["state"])
        said = {"statement": statement.pk, "kind": str(statement.kind), "picture_sha256": made.file_sha256}
        tell(home, statement.case, Kind.CASE_CHANGED, by=by, now=now, detail=said)
        blobs.put(home, Shelf.CASES, document.data)
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


def compare_again(home: Home, statement: Statement, *, now: datetime) -> None:
    """Compare a statement's pictures anew if a draft, leak or sighting has come on record since they were compared."""
    for picture in statement.pictures.all():
        since = picture.compared
        come = (
            Draft.objects.filter(created__gt=since),
            Post.objects.filter(received__gt=since),
            Sighting.objects.filter(received__gt=since),
        )
        if any(rows.exists() for rows in come):
            seen = _looks(blobs.get(home, Shelf.CASES, picture.file_sha256))
            shows = _shown(home, seen, statement.case)
            StatementPicture.objects.filter(pk=picture.pk).update(shows=shows, compared=now)


def _looks(data: bytes) -> tuple[image.Look, image.Look]:
    """Read a picture, and its mirror image."""
    seen = image.look(data)
    turned = io.BytesIO()
    Image.fromarray(np.clip(seen.luma[:, ::-1], 0, 255).astype(np.uint8)).save(turned, "PNG")
    return seen, image.look(turned.getvalue())


def _shown(home: Home, looks: tuple[image.Look, image.Look], case: Case) -> list[str]:
    """Return what a picture shows: any of ``draft``, ``leak`` and ``sighting``."""
    seen, _mirrored = looks
    found = []
    drafts = {each.pk: each for each in Draft.objects.filter(carrier=image.NAME)}
    candidates = [
        Candidate(each.pk, blobs.get(home, Shelf.DESCRIPTIONS, each.description_sha256), bytes, dict)
        for each in drafts.values()
    ]
    many = len(candidates) >= limits.MANY_DRAFTS
    likeliest = shortlist(candidates, lambda description: image.likeness(seen, description, among_many=many))
    if any(_is_one_of(looks, blobs.get(home, Shelf.ORIGINALS, drafts[each.draft].sha256)) for each in likeliest):
        found.append("draft")
    posts = Post.objects.filter(unreadable="").exclude(look_sha256="").order_by("-leaf_index")
    for post in posts[: limits.MOST_COMPARED]:
        known = blobs.get(home, Shelf.TRACES, post.look_sha256)
        is_like = image.likeness(seen, known, among_many=True) >= _FEWEST_FEATURES
        if is_like and _is_one_of(looks, blobs.get(home, Shelf.LEAKS, post.file_sha256)):
            found.append("leak")
            break
    if any(_is_one_of(looks, blobs.get(home, Shelf.TRACES, each)) for each in _photographs(case)):
        found.append("sighting")
    return found


def _photographs(case: Case) -> list[str]:
    """Return the small pictures of the case's sightings and of the latest others, by their SHA-256."""
    rows, cases = Sighting.objects.exclude(preview_sha256=""), together(case)
    latest = rows.order_by("-received", "pk").values_list("preview_sha256", flat=True)
    own = list(latest.filter(case__in=cases)[: limits.MOST_SIGHTINGS_COMPARED])
    others = latest.exclude(case__in=cases)[: limits.MOST_SIGHTINGS_COMPARED - len(own)]
    return list(dict.fromkeys([*own, *others]))


def _is_one_of(looks: tuple[image.Look, image.Look], data: bytes) -> bool:
    """Whether a picture, or its mirror image, shows what a file shows."""
    known = image.look(data)
    return any(image.same_picture(known, each) for each in looks)
