"""Whether a statement's picture shows something on record: a draft, a leak, or a sighting's photograph.

The same bytes are told at once. What only looks like it is told in the background, by the machinery of traces without
any key: it says that a draft is shown, never whose copy. Until then the check refuses the picture, so that one whose
comparison fails never goes out.

A picture remembers with what it was compared, one by one, and not only when: what was received in a long batch, linked
to the case later or merged into it is looked at all the same.
"""

import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

import numpy as np
from django.db import transaction
from django.utils import timezone
from django_tasks import task
from PIL import Image

from tidemark import limits
from tidemark.engine.carriers import image
from tidemark.engine.match import Candidate, shortlist
from tidemark.records import blobs
from tidemark.records.blobs import Shelf
from tidemark.records.cases.merged import together
from tidemark.records.cases.models import Case
from tidemark.records.connect import current_home, exclusively
from tidemark.records.home import Home
from tidemark.records.leaks.failing import failing
from tidemark.records.leaks.looks import FEWEST_FEATURES, QUEUE
from tidemark.records.leaks.models import Post
from tidemark.records.projects.models import Draft
from tidemark.records.sightings.models import Sighting
from tidemark.records.statements.models import OPEN, Statement, StatementPicture
from tidemark.records.work.queue import waiting_arguments

PRIORITY = 10
"""Before traces and drills: somebody waits for it."""

Keys: TypeAlias = Mapping[str, Sequence[str]]
"""Of what is on record: ids of drafts and of posts of leaks, SHA-256 of sightings' pictures."""


@task(queue_name=QUEUE, priority=PRIORITY)
def compare_picture(picture_id: str) -> None:
    """Compare a picture with what is on record, unless that was done or it was taken away meanwhile."""
    picture = StatementPicture.objects.select_related("statement__case").filter(pk=picture_id, compared=None).first()
    if picture is None:
        return

    def fail(fault: str) -> None:
        StatementPicture.objects.filter(pk=picture_id, compared=None).update(fault=fault)

    with failing(fail, fail):
        compare(current_home(), picture, now=timezone.now())


def compare(home: Home, picture: StatementPicture, *, now: datetime) -> None:
    """Compare a picture with what is on record and it was not compared with yet; remember with what, and what it shows.

    It may be run twice, and by two at once: what either has found stays found, and whatever one of them did not know is
    still to be compared.
    """
    there = on_record(picture.statement.case)
    new = _new(picture, there)
    found = _shown(home, picture, new) if any(new.values()) else []
    with transaction.atomic():
        row = StatementPicture.objects.select_for_update(of=("self",)).filter(pk=picture.pk).first()
        if row is None or not row.statement.is_open:
            return
        row.shows = list(dict.fromkeys([*row.shows, *found]))
        row.known, row.compared, row.fault = there, now, ""
        row.save(update_fields=["shows", "known", "compared", "fault"])


def compare_again(home: Home, statement: Statement) -> bool:
    """Have a statement's pictures compared with what they were not compared with; return whether there is any such.

    Those of one that is issued are left as they went out.
    """
    with exclusively(home), transaction.atomic():
        behind = _behind(statement)
        waiting = waiting_arguments(compare_picture) if behind else set()
        StatementPicture.objects.filter(pk__in=[each.pk for each in behind]).update(compared=None, fault="")
        for picture in behind:
            if (picture.pk,) not in waiting:
                compare_picture.enqueue(picture.pk)
    return bool(behind)


def are_compared(statement: Statement) -> bool:
    """Whether each picture of a statement that is open was compared with all that is on record."""
    return not _behind(statement)


def _behind(statement: Statement) -> list[StatementPicture]:
    pictures = list(statement.pictures.filter(statement__state__in=OPEN))
    there = on_record(statement.case) if pictures else {}
    return [each for each in pictures if each.compared is None or any(_new(each, there).values())]


def on_record(case: Case) -> Keys:
    """Return with what a picture that goes out in a case is compared: of very many, the latest."""
    posts = Post.objects.filter(unreadable="").exclude(look_sha256="").order_by("-leaf_index")
    return {
        "draft": list(Draft.objects.filter(carrier=image.NAME).values_list("pk", flat=True)),
        "leak": list(posts.values_list("pk", flat=True)[: limits.MOST_COMPARED]),
        "sighting": _photographs(together(case)),
    }


def _photographs(cases: Collection[str]) -> list[str]:
    """Return the small pictures of the cases' sightings and of the latest others, by their SHA-256."""
    rows = Sighting.objects.exclude(preview_sha256="")
    latest = rows.order_by("-received", "pk").values_list("preview_sha256", flat=True)
    own = list(latest.filter(case__in=cases)[: limits.MOST_SIGHTINGS_COMPARED])
    others = latest.exclude(case__in=cases)[: limits.MOST_SIGHTINGS_COMPARED - len(own)]
    return list(dict.fromkeys([*own, *others]))


def _new(picture: StatementPicture, there: Keys) -> Keys:
    return {kind: sorted(set(keys).difference(picture.known.get(kind, ()))) for kind, keys in there.items()}


def _shown(home: Home, picture: StatementPicture, keys: Keys) -> list[str]:
    """Return which of ``draft``, ``leak`` and ``sighting`` a picture shows."""
    looks = _looks(blobs.get(home, Shelf.CASES, picture.file_sha256))
    likely = {
        "draft": _likely_drafts(home, looks[0], keys["draft"]),
        "leak": _likely_leaks(home, looks[0], keys["leak"]),
        "sighting": (blobs.get(home, Shelf.TRACES, each) for each in keys["sighting"]),
    }
    return [kind for kind, files in likely.items() if any(_is_one_of(looks, data) for data in files)]


def _looks(data: bytes) -> tuple[image.Look, image.Look]:
    """Read a picture, and its mirror image."""
    seen = image.look(data)
    turned = io.BytesIO()
    Image.fromarray(np.clip(seen.luma[:, ::-1], 0, 255).astype(np.uint8)).save(turned, "PNG")
    return seen, image.look(turned.getvalue())


def _likely_drafts(home: Home, seen: image.Look, keys: Sequence[str]) -> Iterator[bytes]:
    with exclusively(home):  # no draft is half remembered
        drafts = {each.pk: each for each in Draft.objects.filter(pk__in=keys)}
        candidates = [
            Candidate(each.pk, blobs.get(home, Shelf.DESCRIPTIONS, each.description_sha256), bytes, dict)
            for each in drafts.values()
        ]
    many = len(candidates) >= limits.MANY_DRAFTS
    likeliest = shortlist(candidates, lambda description: image.likeness(seen, description, among_many=many))
    return (blobs.get(home, Shelf.ORIGINALS, drafts[each.draft].sha256) for each in likeliest)


def _likely_leaks(home: Home, seen: image.Look, keys: Sequence[str]) -> Iterator[bytes]:
    for post in Post.objects.filter(pk__in=keys).order_by("-leaf_index"):
        known = blobs.get(home, Shelf.TRACES, post.look_sha256)
        if image.likeness(seen, known, among_many=True) >= FEWEST_FEATURES:
            yield blobs.get(home, Shelf.LEAKS, post.file_sha256)


def _is_one_of(looks: tuple[image.Look, image.Look], data: bytes) -> bool:
    """Whether a picture, or its mirror image, shows what a file shows."""
    known = image.look(data)
    return any(image.same_picture(known, each) for each in looks)
