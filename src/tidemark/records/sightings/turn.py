"""Turn a sighting into a leak, and a leak into a sighting, with the history kept.

Nothing moves but what it is taken for: the file is the same, the sighting points to the leak as which it goes on, a
leak that was none is set aside, and the ledger has both steps with the hash of the reason.
"""

from datetime import datetime

from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.ledger.entry import Kind
from tidemark.limits import MAX_FOUND_CHARS
from tidemark.records import blobs
from tidemark.records.accounts.models import Person
from tidemark.records.blobs import Shelf
from tidemark.records.cases.models import Case
from tidemark.records.cases.timeline import writing
from tidemark.records.home import Home
from tidemark.records.leaks.models import Leak, NamedCopy, Post, Trace
from tidemark.records.leaks.receive import receive
from tidemark.records.leaks.resting import why_whole
from tidemark.records.leaks.run import queue_trace, traces_of
from tidemark.records.reasons import reason_of
from tidemark.records.sightings.models import Sighting
from tidemark.records.sightings.record import Origin, Shown, checked, remember, row_of_post
from tidemark.records.sightings.timeline import locked, refuse_unless_handler, tell


def turn_into_leak(home: Home, sighting: Sighting, *, why: str, by: Person, now: datetime) -> Leak:
    """Go on with a sighting as a leak: what was photographed is a file. It is traced there.

    Raises
    ------
    Refused
        If the person may not, there is no reason, or it goes on as a leak already.
    """
    refuse_unless_handler(by)
    words = reason_of(why, most=MAX_FOUND_CHARS)
    _refuse_turned(sighting)
    post = _handed_in(home, sighting, by=by, now=now)
    with writing(home):
        row = locked(sighting)
        _refuse_turned(row)
        Leak.objects.filter(pk=post.leak_id).update(is_sighting=False)
        row.turned_into_id = post.leak_id
        row.save(update_fields=["turned_into"])
        tell(home, row, Kind.SIGHTING_TURNED, by=by, now=now, detail={"into_leak": post.leak_id}, why=words)
        if not post.unreadable and not traces_of(post).exists():
            queue_trace(post, by=by, now=now)
    return Leak.objects.get(pk=post.leak_id)


def turn_into_sighting(home: Home, leak: Leak, shown: Shown, *, why: str, by: Person, now: datetime) -> Sighting:
    """Go on with a leak as a sighting: it is no file but a photograph of a vehicle.

    A leak whose trace accuses a copy is a leaked file, whatever it looks like, and one that a case rests on is changed
    by taking it out of the case first.

    Raises
    ------
    Refused
        If the person may not, there is no reason, a trace accuses or is under way, a case holds it, an allegation rests
        on it, or it has several files.
    """
    refuse_unless_handler(by)
    words, said = reason_of(why, most=MAX_FOUND_CHARS), checked(shown, now=now)
    with writing(home):
        row = Leak.objects.select_for_update().get(pk=leak.pk)
        post = _only_file(row)
        before = Sighting.objects.filter(turned_into=row).order_by("received").first()
        row.is_sighting = True
        row.save(update_fields=["is_sighting"])
        if before is None:
            made = row_of_post(post, said, by=by, now=now)
            made.turned_from = row
            handle = post.poster.handle if post.poster else ""
            origin = Origin(handle=handle, channel=post.channel.name if post.channel else "")
            made = remember(home, made, origin, by=by, now=now)
        else:  # it was a sighting once, and is that one again
            made = locked(before)
            made.turned_into, made.turned_from = None, made.turned_from or row
            made.save(update_fields=["turned_into", "turned_from"])
        tell(home, made, Kind.SIGHTING_TURNED, by=by, now=now, detail={"from_leak": row.pk}, why=words)
    return made


def _handed_in(home: Home, sighting: Sighting, *, by: Person, now: datetime) -> Post:
    """Return the post of a sighting's file: where it is on record as a leak's, that one."""
    known = Post.objects.filter(file_sha256=sighting.file_sha256, url=sighting.url).first()
    if known is not None:
        return known
    received = receive(
        home,
        blobs.get(home, Shelf.LEAKS, sighting.file_sha256),
        file_name=sighting.file_name,
        found=sighting.found or sighting.place,
        finder=sighting.finder,
        via=Post.Via.WEB,
        by=by,
        now=now,
        url=sighting.url,
        platform=sighting.platform,
        handle=sighting.poster.handle if sighting.poster else "",
        channel=sighting.channel.name if sighting.channel else "",
        posted=sighting.posted,
        text=sighting.text,
        title=sighting.vehicle,
    )
    return received.post


def _only_file(leak: Leak) -> Post:
    """Return the first post of a leak that may become a sighting; the caller holds its lock."""
    posts = list(leak.posts.select_related("poster", "channel"))
    files = {post.file_sha256 for post in posts}
    if leak.joined_into_id or leak.is_sighting or not posts:
        raise Refused(_("This leak was joined to another, or goes on as a sighting already. Reload the page."))
    if len(files) > 1:
        raise Refused(_("This leak has several files. Split off the one that shows a vehicle, and turn that."))
    if Case.objects.exclude(status=Case.Status.CLOSED).filter(leaks=leak).exists():
        raise Refused(_("A case rests on this leak. Take it out of the case first."))
    if why := why_whole(leak, posts[0].file_sha256):  # an allegation stands also in a case that is closed
        raise Refused(why)
    traces = Trace.objects.filter(post__file_sha256__in=files)
    if NamedCopy.objects.filter(trace__in=traces, is_accused=True).exists():
        raise Refused(_("A trace found a copy’s mark in this file, so it is a leaked file and no sighting."))
    if traces.filter(state__in=(Trace.State.QUEUED, Trace.State.RUNNING)).exists():
        raise Refused(_("A trace of this file is under way. Wait for its end."))
    return posts[0]


def _refuse_turned(sighting: Sighting) -> None:
    if not sighting.is_open:
        raise Refused(_("This sighting goes on as a leak already."))
