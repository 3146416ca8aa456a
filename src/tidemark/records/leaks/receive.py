"""Take in a found file: keep its bytes unchanged, remember where it comes from, and have it traced.

Steps, in this order:

    1. whether this person may, and what is said of the file, within limits
    2. read: a file that is no picture is evidence all the same; it is kept, and why it cannot be traced is told
    3. bytes, the file's one leaf in the ledger, poster, post and the post's leaf, committed together
    4. after that, in the background: a trace of the file, and a look for leaks that show the same picture

The same bytes are the same leak, beyond doubt. Whether other bytes show the same picture is a matter of looks, takes
seconds, and is decided later (:mod:`.looks`).
"""

import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tidemark.engine.carriers import image
from tidemark.errors import LimitExceeded, Refused, UnreadableFile
from tidemark.limits import MAX_FILE_BYTES, MAX_FOUND_CHARS
from tidemark.records import blobs
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.agreements.documents import plain_name
from tidemark.records.blobs import Shelf
from tidemark.records.connect import exclusively
from tidemark.records.home import Home
from tidemark.records.leaks.addresses import filled_in
from tidemark.records.leaks.journal import append_post, append_received, words_to_seal
from tidemark.records.leaks.looks import enqueue_comparison
from tidemark.records.leaks.models import Leak, Post
from tidemark.records.leaks.pictures import THUMB_PX, preview
from tidemark.records.leaks.posters import channel_of, one_line, poster_of
from tidemark.records.leaks.run import queue_trace
from tidemark.records.ledger.key import signing_key
from tidemark.records.ledger.log import sign
from tidemark.records.reasons import storable

MAX_URL_CHARS = 2_000
MAX_TEXT_CHARS = 20_000


@dataclass(frozen=True, slots=True)
class Received:
    """A post, the leak that it belongs to for now, and whether its bytes were never seen before."""

    post: Post
    leak: Leak
    is_new: bool


@dataclass(frozen=True, slots=True)
class _Origin:
    """What is said of where a file comes from, as it is kept."""

    file_name: str
    found: str
    finder: str
    url: str
    platform: str
    handle: str
    channel: str
    posted: datetime | None
    text: str
    title: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What was read of a file: its features and small pictures of it, or why it is no picture."""

    features: bytes
    preview: bytes
    thumb: bytes
    unreadable: str


def receive(
    home: Home,
    data: bytes,
    *,
    file_name: str,
    found: str,
    finder: str,
    via: str,
    by: Person | None,
    now: datetime,
    url: str = "",
    platform: str = "",
    handle: str = "",
    channel: str = "",
    posted: datetime | None = None,
    text: str = "",
    title: str = "",
    is_text: bool = False,
) -> Received:
    """Remember one post and keep its file. A post that is on record to the letter is returned as it is.

    Parameters
    ----------
    home : Home
    data : bytes
        The file as it was found.
    file_name : str
    found : str
        Where and when, in the finder's words. It goes into the ledger the first time that these bytes are seen, and
        from there into evidence; of an e-mail, which anybody can send, it does not.
    finder : str
        Who found it; the person who hands it in, if it is empty.
    via : str
        One of :class:`Post.Via`.
    by : Person or None
        Who hands it in; None for what came by e-mail.
    now : datetime
    url, platform, handle, channel : str
        Where it was posted: by which account, in which group or channel of the platform. What is empty is read from
        the address; of what came by e-mail, the platform alone.
    posted : datetime or None
    text : str
        What was written with it.
    title : str
        What a new leak is called; by default as the file is.
    is_text : bool
        Whether the bytes are the text of a link, and no file was found yet (:mod:`.links`).

    Raises
    ------
    Refused
        If the person may not, something said of the file is over its limit, or it was posted later than now.
    LimitExceeded
        If the file is larger than any that is read.
    """
    if by is not None and not by.may(Act.HANDLE_LEAKS):
        raise Refused(_("Leaks are handed in by officers and investigators. Ask one of them."))
    refuse_file(data)
    refuse_posted_after(posted, now)
    seen_at = filled_in(url, platform=platform, handle=handle, channel=channel, by_stranger=via == Post.Via.MAIL)
    origin = _Origin(
        file_name=plain_name(file_name, otherwise=_("unnamed")),
        found=within(found.strip() or url.strip() or platform.strip(), MAX_FOUND_CHARS, _("Where it was found")),
        finder=one_line(finder, what=_("The finder")) or (by.name if by else "–"),
        url=in_one_line(url, MAX_URL_CHARS, _("The address")),
        platform=one_line(seen_at.platform, what=_("The platform")),
        handle=seen_at.handle,
        channel=seen_at.channel,
        posted=posted,
        text=within(text.strip(), MAX_TEXT_CHARS, _("The text")),
        title=title,
    )
    seen = Seen(b"", b"", b"", _no_file()) if is_text else look_at(data)
    with exclusively(home), transaction.atomic():
        return _remembered(home, data, origin, seen, via=via, by=by, now=now)


def refuse_posted_after(posted: datetime | None, received: datetime) -> None:
    """Raise Refused if something was posted later than it was handed in: from when it was out depends on both."""
    if posted is not None and posted > received:
        raise Refused(_("It cannot have been posted after it was handed in. Check the day; times are UTC."))


def refuse_file(data: bytes) -> None:
    """Raise Refused if there is nothing in a file, LimitExceeded if it is larger than any that is read."""
    if not data:
        raise Refused(_("The file is empty. Fetch it again."))
    if len(data) > MAX_FILE_BYTES:
        raise LimitExceeded(
            _("The file has %(size)d MB; at most %(limit)d MB are kept.")
            % {"size": len(data) >> 20, "limit": MAX_FILE_BYTES >> 20}
        )


def _remembered(
    home: Home, data: bytes, origin: _Origin, seen: Seen, *, via: str, by: Person | None, now: datetime
) -> Received:
    """Write everything down; the caller is in a transaction and holds the lock."""
    sha256 = hashlib.sha256(data).hexdigest()
    poster = poster_of(origin.platform, origin.handle, now=now)
    channel = channel_of(origin.platform, origin.channel, now=now)
    same_file = Post.objects.filter(file_sha256=sha256).select_related("leak")
    known = same_file.filter(
        url=origin.url,
        platform=origin.platform,
        poster=poster,
        channel=channel,
        found=origin.found,
        posted=origin.posted,
    ).first()
    if known is not None:
        return Received(known, known.leak, is_new=False)
    first = same_file.first()
    name, where = words_to_seal(origin.file_name, origin.found, via=via)
    leaf = append_received(data, name=name, where=where, now=now)
    blobs.put(home, Shelf.LEAKS, data)
    leak = first.leak if first else Leak.objects.create(title=origin.title or origin.file_name, created=now)
    post = Post.objects.create(
        leak=leak,
        file_sha256=sha256,
        file_name=origin.file_name,
        size_bytes=len(data),
        url=origin.url,
        platform=origin.platform,
        poster=poster,
        channel=channel,
        text=origin.text,
        posted=origin.posted,
        found=origin.found,
        finder=origin.finder,
        via=Post.Via(via),
        received=now,
        received_by=by,
        leaf_index=leaf.index,
        unreadable=seen.unreadable,
        preview_sha256=_put(home, seen.preview),
        thumb_sha256=_put(home, seen.thumb),
        look_sha256=_put(home, seen.features),
        joined=Post.Joined.BYTES if first else Post.Joined.FIRST,
        compared=now if first or seen.unreadable else None,
    )
    append_post(post, now=now)
    sign(home, signing_key(home))
    if first is None and not seen.unreadable:
        queue_trace(post, by=by, now=now)
        enqueue_comparison(post)
    return Received(post, leak, is_new=first is None)


def _put(home: Home, made: bytes) -> str:
    return blobs.put(home, Shelf.TRACES, made) if made else ""


def look_at(data: bytes) -> Seen:
    """Read a found file: what cannot be read as a picture is told so, and kept all the same."""
    try:
        picture = image.read(data, animated="first")
        return Seen(image.describe(picture), preview(picture), preview(picture, side_px=THUMB_PX), "")
    except (UnreadableFile, LimitExceeded) as error:
        return Seen(b"", b"", b"", _("It cannot be read as a picture: %(why)s") % {"why": error})


def _no_file() -> str:
    return _("Only the text of a link was handed in. Hand in the file, too, where it can still be had.")


def in_one_line(text: str, most: int, what: str) -> str:
    """Return an address as it is kept: without what cannot be seen; Refused if it is too long."""
    return within(_visible(text.strip()), most, what)


def _visible(text: str) -> str:
    normal = unicodedata.normalize("NFC", text)
    return "".join(char for char in normal if unicodedata.category(char) not in ("Cc", "Cf", "Cs"))


def within(text: str, most: int, what: str) -> str:
    """Return what somebody wrote as it is kept; Refused if it is too long."""
    text = storable(text)
    if len(text) > most:
        raise Refused(
            _("%(what)s has %(seen)d characters; at most %(limit)d are kept. Shorten it.")
            % {"what": what, "seen": len(text), "limit": most}
        )
    return text
