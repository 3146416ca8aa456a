"""Originals of drafts, and small pictures of drafts and of one's own copies."""

from enum import IntEnum

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from tidemark.api.callers import caller
from tidemark.api.files import attachment
from tidemark.api.operations import FILE, Subject
from tidemark.api.pages import Id, find
from tidemark.api.problems import missing
from tidemark.records.accounts.roles import Act
from tidemark.records.connect import current_home
from tidemark.records.copies.download import refuse_download
from tidemark.records.copies.models import Copy
from tidemark.records.projects.drafts import load_original
from tidemark.records.projects.models import Draft
from tidemark.records.projects.preview import LARGE_PX, THUMB_PX, copy_preview, preview

pictures = Subject("pictures")

_JPEG = "preview.jpg"


class Side(IntEnum):
    """How many pixels the longest side of a preview has at most."""

    SMALL = THUMB_PX
    LARGE = LARGE_PX


@pictures.reads("/drafts/{draft_id}/original", None, media_type=FILE)
def get_original(request: HttpRequest, draft_id: Id) -> HttpResponse:
    """The draft's own bytes, without a mark, for who may see originals."""
    who = caller(request)
    known = find(Draft.objects.visible_to(who.person), draft_id)
    who.must(Act.SEE_ORIGINALS)
    return attachment(load_original(current_home(), known), file_name=known.file_name)


@pictures.reads("/drafts/{draft_id}/preview", None, media_type=FILE)
def get_draft_preview(request: HttpRequest, draft_id: Id, side_px: Side = Side.LARGE) -> HttpResponse:
    """A JPEG of the draft, without a mark, for who may see originals."""
    who = caller(request)
    known = find(Draft.objects.visible_to(who.person), draft_id)
    who.must(Act.SEE_ORIGINALS)
    home = current_home()
    data = preview(home, known.sha256, side_px=int(side_px), load=lambda: load_original(home, known))
    return attachment(data, file_name=_JPEG)


@pictures.reads("/copies/{copy_id}/preview", None, media_type=FILE)
def get_copy_preview(request: HttpRequest, copy_id: Id) -> HttpResponse:
    """A JPEG of a copy that was made for the caller, made from that very copy, as long as it can be downloaded: a
    quarter of its longer side, at most 640 pixels.
    """
    who = caller(request)
    known = find(Copy.objects.visible_to(who.person).select_related("draft__project"), copy_id)
    if known.person_id != who.person.pk:
        raise missing()
    refuse_download(known, by=who.person, now=timezone.now())
    return attachment(copy_preview(current_home(), known.sha256 or ""), file_name=_JPEG)
