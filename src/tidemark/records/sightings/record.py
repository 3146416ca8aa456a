"""Record a sighting: keep the photograph unchanged, remember what it shows and where, and look for drafts in it.

The bytes lie where those of leaks lie, so that a sighting that turns out to be a leak is the same file there.
"""

from dataclasses import dataclass, fields
from datetime import datetime

from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind
from tidemark.limits import MAX_FOUND_CHARS
from tidemark.records import blobs
from tidemark.records.accounts.models import Person
from tidemark.records.agreements.documents import Document, plain_name
from tidemark.records.blobs import Shelf
from tidemark.records.cases.timeline import writing
from tidemark.records.home import Home
from tidemark.records.leaks.models import Leak, Post
from tidemark.records.leaks.posters import channel_of, one_line, poster_of
from tidemark.records.leaks.receive import MAX_TEXT_CHARS, MAX_URL_CHARS, in_one_line, look_at, refuse_file, within
from tidemark.records.projects.models import Project
from tidemark.records.sightings.embargo import judge
from tidemark.records.sightings.match import request_match
from tidemark.records.sightings.models import Sighting
from tidemark.records.sightings.timeline import locked, refuse_unless_handler, tell


@dataclass(frozen=True, slots=True)
class Shown:
    """What a photograph shows, as far as somebody can tell.

    Attributes
    ----------
    vehicle : str
        In words, such as "estate, plate MS11".
    project : Project or None
    camouflage : str
        One of :class:`Sighting.Camouflage`.
    place : str
    seen : datetime or None
        When it was taken.
    drive : str
        One of :class:`Sighting.Drive`.
    permit : str
        Reference of the test-drive permit.
    """

    vehicle: str
    project: Project | None = None
    camouflage: str = Sighting.Camouflage.UNKNOWN
    place: str = ""
    seen: datetime | None = None
    drive: str = Sighting.Drive.UNKNOWN
    permit: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a photograph comes from."""

    url: str = ""
    platform: str = ""
    handle: str = ""
    channel: str = ""
    posted: datetime | None = None
    text: str = ""
    found: str = ""
    finder: str = ""


def record_sighting(
    home: Home, photograph: Document, shown: Shown, origin: Origin, *, by: Person, now: datetime
) -> Sighting:
    """Record a photograph of a vehicle. What is on record to the letter is returned as it is.

    Raises
    ------
    Refused
        If the person may not, something is over its limit, or the same file is on record as a leak.
    LimitExceeded
        If the file is larger than any that is read.
    """
    refuse_unless_handler(by)
    refuse_file(photograph.data)
    made = _row(home, photograph, checked(shown, now=now), origin, by=by, now=now)
    with writing(home):
        leak = Leak.objects.filter(posts__file_sha256=made.file_sha256, is_sighting=False).first()
        if leak is not None:
            raise Refused(
                _("This file is on record as the leak “%(title)s”. Turn that into a sighting, if it is none.")
                % {"title": leak.title}
            )
        known = Sighting.objects.filter(file_sha256=made.file_sha256, url=made.url, turned_into=None).first()
        return known or remember(home, made, origin, by=by, now=now)


def remember(home: Home, made: Sighting, origin: Origin, *, by: Person, now: datetime, why: str = "") -> Sighting:
    """Put a sighting on record. The caller is within ``cases.timeline.writing``."""
    made.poster = poster_of(made.platform, origin.handle, now=now)
    made.channel = channel_of(made.platform, origin.channel, now=now)
    made.save(force_insert=True)
    detail: dict[str, JSON] = {**_facts(made), "embargo": str(judge(made).outcome), "size_bytes": made.size_bytes}
    tell(home, made, Kind.SIGHTING_RECORDED, by=by, now=now, detail=detail, why=why)
    request_match(home, made, by=by, now=now)
    return made


def change_sighting(home: Home, sighting: Sighting, shown: Shown, *, by: Person, now: datetime) -> Sighting:
    """Write down what is known better now. What was said before stays in the ledger.

    Raises
    ------
    Refused
        If the person may not, or the sighting goes on as a leak.
    """
    refuse_unless_handler(by)
    said = checked(shown, now=now)
    with writing(home):
        row = locked(sighting)
        if not row.is_open:
            raise Refused(_("This sighting goes on as a leak. Turn that into a sighting first."))
        before, words = _facts(row), (row.vehicle, row.place)
        _say(row, said)
        changed = {name: value for name, value in _facts(row).items() if value != before[name]}
        if changed or (row.vehicle, row.place) != words:
            row.save()
            tell(
                home,
                row,
                Kind.SIGHTING_CHANGED,
                by=by,
                now=now,
                detail={**changed, "embargo": str(judge(row).outcome)},
            )
    return row


def checked(shown: Shown, *, now: datetime) -> Shown:
    """Return what a photograph shows as it is kept.

    Raises
    ------
    Refused
        If a word is none of ours, something is too long, or it was taken in the future.
    """
    if shown.camouflage not in Sighting.Camouflage.values or shown.drive not in Sighting.Drive.values:
        raise Refused(_("Choose the camouflage and the kind of drive from the lists."))
    vehicle = one_line(shown.vehicle, what=_("The vehicle"))
    if not vehicle:
        raise Refused(_("Say which vehicle it shows, as far as can be told."))
    if shown.seen is not None and shown.seen > now:
        raise Refused(_("It cannot have been taken in the future. Check the day; times are UTC."))
    return Shown(
        vehicle=vehicle,
        project=shown.project,
        camouflage=shown.camouflage,
        place=one_line(shown.place, what=_("The place")),
        seen=shown.seen,
        drive=shown.drive,
        permit=one_line(shown.permit, what=_("The permit")),
    )


def _row(home: Home, photograph: Document, shown: Shown, origin: Origin, *, by: Person, now: datetime) -> Sighting:
    """Return the row, not saved; the bytes are on their shelf, where they harm nobody if they stay alone."""
    seen = look_at(photograph.data)
    made = Sighting(
        file_sha256=blobs.put(home, Shelf.LEAKS, photograph.data),
        file_name=plain_name(photograph.name, otherwise=_("unnamed")),
        size_bytes=len(photograph.data),
        unreadable=seen.unreadable,
        preview_sha256=blobs.put(home, Shelf.TRACES, seen.preview) if seen.preview else "",
        thumb_sha256=blobs.put(home, Shelf.TRACES, seen.thumb) if seen.thumb else "",
        url=in_one_line(origin.url, MAX_URL_CHARS, _("The address")),
        platform=one_line(origin.platform, what=_("The platform")),
        posted=origin.posted,
        text=within(origin.text.strip(), MAX_TEXT_CHARS, _("The text")),
        found=within(origin.found.strip(), MAX_FOUND_CHARS, _("Where it was found")),
        finder=one_line(origin.finder, what=_("The finder")) or by.name,
        received=now,
        received_by=by,
    )
    _say(made, shown)
    return made


def row_of_post(post: Post, shown: Shown, *, by: Person, now: datetime) -> Sighting:
    """Return the row, not saved, of a sighting that was taken for a leak: with all that is known of its post."""
    kept = ("file_sha256", "file_name", "size_bytes", "unreadable", "preview_sha256", "thumb_sha256", "url")
    more = ("platform", "posted", "text", "found", "finder")
    made = Sighting(received=now, received_by=by, **{name: getattr(post, name) for name in (*kept, *more)})
    _say(made, shown)
    return made


def _say(row: Sighting, shown: Shown) -> None:
    for field in fields(shown):
        setattr(row, field.name, getattr(shown, field.name))


def _facts(row: Sighting) -> dict[str, JSON]:
    """Return what the ledger has of a sighting: no words of people."""
    return {
        "project": row.project.code_name if row.project else "",
        "camouflage": str(row.camouflage),
        "drive": str(row.drive),
        "permit": row.permit,
        "seen": row.seen.isoformat() if row.seen else "",
    }
