"""Who posted something, and where: one record for each account and each channel of a platform, however it is spelled.

Leaks and sightings meet there.
"""

from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind
from tidemark.limits import MAX_NAME_CHARS
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.connect import exclusively
from tidemark.records.home import Home
from tidemark.records.leaks.models import Channel, Leak, Poster
from tidemark.records.ledger.key import signing_key
from tidemark.records.ledger.log import append, hash_of, sign
from tidemark.records.parties.names import clean_name, fold
from tidemark.records.reasons import storable

MAX_NOTE_CHARS = 4_000

_Source = TypeVar("_Source", Poster, Channel)


def poster_of(platform: str, handle: str, *, now: datetime) -> Poster | None:
    """Return the record of an account, made if there is none; None if no account is named.

    Raises
    ------
    Refused
        If a name is too long or has nothing in it that can be seen.
    """
    if not handle.strip():
        return None
    platform = one_line(platform, what=_("The platform")) or "–"
    handle = one_line(handle, what=_("The account"))
    folded = _folded(platform, handle)
    known = Poster.objects.filter(folded=folded).first()
    return known or Poster.objects.create(platform=platform, handle=handle, folded=folded, created=now)


def channel_of(platform: str, name: str, *, now: datetime) -> Channel | None:
    """Return the record of a channel, made if there is none; None if none is named.

    Raises
    ------
    Refused
        If a name is too long or has nothing in it that can be seen.
    """
    if not name.strip():
        return None
    platform = one_line(platform, what=_("The platform")) or "–"
    name = one_line(name, what=_("The channel"))
    folded = _folded(platform, name)
    known = Channel.objects.filter(folded=folded).first()
    return known or Channel.objects.create(platform=platform, name=name, folded=folded, created=now)


def note_source(home: Home, source: Poster | Channel, note: str, *, by: Person, now: datetime) -> None:
    """Write down what is known of an account or a channel, in place of what was written before.

    Raises
    ------
    Refused
        If the person may not, or the note is too long.
    """
    if not by.may(Act.HANDLE_LEAKS):
        raise Refused(_("Notes on accounts and channels are written by officers and investigators. Ask one of them."))
    kept = storable(note)
    if len(kept) > MAX_NOTE_CHARS:
        raise Refused(_("A note has at most %(most)d characters. Shorten it.") % {"most": MAX_NOTE_CHARS})
    with exclusively(home), transaction.atomic():
        seen = type(source).objects.select_for_update().get(pk=source.pk)
        if kept != seen.note:
            seen.note = kept
            seen.save(update_fields=["note"])
            what = "poster" if isinstance(seen, Poster) else "channel"
            body: dict[str, JSON] = {what: seen.pk, "by": by.pk, "note_sha256": hash_of(kept)}
            append(Kind.SOURCE_NOTED, body, subject=seen.pk, now=now)
            sign(home, signing_key(home))
    source.note = kept


def counted(sources: QuerySet[_Source]) -> QuerySet[_Source]:
    """Return accounts or channels with their ``leak_count`` and ``sighting_count``, those with most leaks first.

    They are those that the lists of leaks and of sightings show, narrowed down to the account or channel: what goes on
    as the other is counted as that only.
    """
    leaks = Count("posts__leak", filter=Q(posts__leak__in=Leak.objects.standing()), distinct=True)
    sightings = Count("sightings", filter=Q(sightings__turned_into=None), distinct=True)
    rows = sources.annotate(leak_count=leaks, sighting_count=sightings)
    return rows.order_by("-leak_count", *(sources.model._meta.ordering or ()), "pk")


def one_line(text: str, *, what: str) -> str:
    """Return a name as it is kept; '' if none was given."""
    if not text.strip():
        return ""
    try:
        return clean_name(text)
    except ValueError:
        raise Refused(
            _("%(what)s has no visible characters, or more than %(limit)d.") % {"what": what, "limit": MAX_NAME_CHARS}
        ) from None


def _folded(platform: str, name: str) -> str:
    return f"{fold(platform)}\n{fold(name).removeprefix('@')}"
