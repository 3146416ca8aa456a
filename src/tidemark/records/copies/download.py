"""Hand a kept copy to the person it was made for, once the ledger says so.

The leaf and its signature are durable before the bytes are returned. A download that is cut off after that is in the
ledger though nobody got the file: the ledger says what the owner let go, not what arrived.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tidemark.errors import RecordsDamaged, Refused
from tidemark.ledger.entry import Kind
from tidemark.records import blobs
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.agreements.releasable import Refusal, releasable
from tidemark.records.blobs import Shelf
from tidemark.records.connect import database_errors, exclusively
from tidemark.records.copies.commit import leaf_of_copy
from tidemark.records.copies.models import Copy, Download
from tidemark.records.home import Home
from tidemark.records.ledger.key import signing_key
from tidemark.records.ledger.log import append, receipt_for, sign

_TYPES = {"png": "image/png", "webp": "image/webp", "bmp": "image/bmp", "dib": "image/bmp"} | {
    **dict.fromkeys(("jpg", "jpeg", "jpe", "jfif"), "image/jpeg"),
    **dict.fromkeys(("tif", "tiff"), "image/tiff"),
}


@dataclass(frozen=True, slots=True)
class Downloaded:
    """A copy on its way to its holder.

    Attributes
    ----------
    file_name : str
        Without folders, control marks or what a system reserves; it may have letters of any script.
    content_type : str
        Of the file; to be sent as an attachment all the same.
    data : bytes
    receipt : bytes
        The receipt file of the copy's entry in the ledger, for the holder to keep.
    """

    file_name: str
    content_type: str
    data: bytes
    receipt: bytes


def download(home: Home, copy: Copy, *, by: Person, now: datetime) -> Downloaded:
    """Log a download and return the file.

    Raises
    ------
    Refused
        If ``by`` is not whom the copy was made for, the copy is not open, or no agreement covers it any more.
    RecordsDamaged, HomeUnusable
        If the bytes are gone or changed, or cannot be reached. Nothing is logged then.
    """
    refuse_download(copy, by=by, now=now)
    data = blobs.get(home, Shelf.COPIES, copy.sha256 or "")
    with exclusively(home), database_errors(home), transaction.atomic():
        current = Copy.objects.select_for_update(of=("self",)).get(pk=copy.pk)
        # While the bytes were read, the copy may have been revoked, or what lets this person have it have ended.
        refuse_download(current, by=Person.objects.get(pk=by.pk), now=now)
        issued = leaf_of_copy(copy.pk)
        if issued is None:
            raise RecordsDamaged(f"The ledger has no entry of copy {copy.pk}. tidemark check says more.")
        key = signing_key(home)
        body = {"copy": copy.pk, "copy_sha256": copy.sha256, "holder": copy.holder.name, "person": by.pk}
        leaf = append(Kind.COPY_DOWNLOADED, body, subject=copy.pk, now=now)
        sign(home, key)
        Download.objects.create(copy=copy, person=by, time=now, leaf_index=leaf.index)
        receipt = receipt_for(issued, key).encode()
    return Downloaded(copy.file_name, content_type(copy.file_name), data, receipt)


def refuse_download(copy: Copy, *, by: Person, now: datetime) -> None:
    """Raise Refused unless a download by this person would be let through now; a page may ask beforehand."""
    if copy.person_id != by.pk or not by.may(Act.DOWNLOAD):
        raise Refused(_("A copy can be downloaded by the person it was made for alone. Ask for one of your own."))
    _refuse_closed(copy, now=now)
    project = copy.draft.project
    if project is None:
        raise Refused(_("The draft belongs to no project, so no agreement covers it."))
    # The place that it was given for: to be engaged elsewhere too does not open what was closed here.
    places = {copy.engagement_id} if copy.engagement_id else None
    permit = releasable(project, copy.draft.status, by, at=now, places=places)
    if isinstance(permit, Refusal):
        raise Refused(permit.reason)


def content_type(file_name: str) -> str:
    """Return the media type of a copy by its name's extension."""
    return _TYPES.get(file_name.rpartition(".")[2].lower(), "application/octet-stream")


def _refuse_closed(copy: Copy, *, now: datetime) -> None:
    if copy.state == Copy.State.PLANNED:
        raise Refused(_("This copy is still being made. Try again in a minute."))
    if copy.revoked is not None:
        raise Refused(_("This copy was revoked on %(day)s.") % {"day": f"{copy.revoked:%Y-%m-%d}"})
    if not copy.is_open_at(now):
        raise Refused(_("This copy cannot be downloaded any more. Ask the owner for a new one."))
    if not copy.is_kept:
        raise Refused(_("This copy was handed out as a file and is not kept here."))
