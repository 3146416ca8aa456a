"""Copies of one draft in two holders' hands, and the ways in which the tests find them again."""

import io
from dataclasses import dataclass
from typing import Any

from PIL import Image

from tests.conftest import NOW
from tests.desk import Desk
from tests.records.copies.desk_copies import put_draft
from tidemark.records.copies.models import Copy
from tidemark.records.home import Home
from tidemark.records.leaks.models import Trace
from tidemark.records.leaks.receive import Received
from tidemark.records.projects.models import Draft


@dataclass(frozen=True, slots=True)
class Held:
    """A draft, and the copies that the supplier's and the sub-vendor's contacts hold of it."""

    draft: Draft
    suppliers: Copy
    sub_vendors: Copy
    file_of: dict[str, bytes]


def hold(home: Home, desk: Desk) -> Held:
    """Share a draft with the supplier's contact and the sub-vendor's."""
    from tidemark.records import blobs
    from tidemark.records.blobs import Shelf
    from tidemark.records.copies.make import make_copy
    from tidemark.records.copies.share import share

    draft = put_draft(home, desk)
    persons = [desk["contact"], desk["sub_vendor_contact"]]
    shared = share(home, [(draft, each) for each in persons], project=desk.project, by=desk["officer"], now=NOW)
    made = {copy.person_id: make_copy(home, copy.pk, now=NOW) for copy in shared.planned}
    suppliers, sub_vendors = (made[person.pk] for person in persons)
    files = {copy.pk: blobs.get(home, Shelf.COPIES, copy.sha256 or "") for copy in made.values()}
    return Held(draft, suppliers, sub_vendors, files)


def repost(data: bytes, *, quality: int = 70, box: tuple[float, float, float, float] = (0, 0, 1, 1)) -> bytes:
    """Compress a picture again, or a part of it: left, top, right and bottom as shares of its sides."""
    with Image.open(io.BytesIO(data)) as picture:
        width, height = picture.size
        left, top, right, bottom = box
        cut = (round(left * width), round(top * height), round(right * width), round(bottom * height))
        stream = io.BytesIO()
        picture.convert("RGB").crop(cut).save(stream, "JPEG", quality=quality)
    return stream.getvalue()


def hand_in(home: Home, desk: Desk, data: bytes, **more: Any) -> Received:
    from tidemark.records.leaks.receive import receive

    said = {"file_name": "found.jpg", "found": "a forum, 12 March 2026", "finder": "", "via": "web", "now": NOW}
    return receive(home, data, **{**said, "by": desk["investigator"], **more})


def traced(home: Home, received: Received) -> Trace:
    """Carry out the trace that waits for a post."""
    from tidemark.records.leaks.run import carry_out, traces_of

    trace = traces_of(received.post).filter(state__in=("queued", "running")).get()
    return carry_out(home, trace, clock=lambda: NOW)
