"""Who posts, and where: accounts and channels of platforms. Leaks and sightings meet there."""

from typing import Annotated

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from ninja import Schema
from pydantic import StringConstraints

from tidemark.api.callers import caller, refuse_unless
from tidemark.api.operations import Subject
from tidemark.api.pages import Asked, Id, Page, find, page
from tidemark.api.sent import Sent
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.connect import current_home
from tidemark.records.leaks.models import Channel, Poster
from tidemark.records.leaks.posters import MAX_NOTE_CHARS, counted, note_source

sources = Subject("leaks")


class SourceNote(Sent):
    """What is known of an account or a channel."""

    note: Annotated[str, StringConstraints(max_length=MAX_NOTE_CHARS, pattern=r"^[^\x00]*$")]


class PosterRef(Schema):
    """An account on a platform."""

    id: str
    platform: str
    handle: str

    @classmethod
    def of(cls, row: Poster) -> "PosterRef":
        return cls(id=row.pk, platform=row.platform, handle=row.handle)


class ChannelRef(Schema):
    """A group, board or channel of a platform."""

    id: str
    platform: str
    name: str

    @classmethod
    def of(cls, row: Channel) -> "ChannelRef":
        return cls(id=row.pk, platform=row.platform, name=row.name)


class PosterOut(PosterRef):
    """An account, and in how many leaks and sightings it had a part."""

    note: str
    leaks: int
    sightings: int

    @classmethod
    def counted(cls, row: Poster) -> "PosterOut":
        counts = {"leaks": row.leak_count, "sightings": row.sighting_count}  # type: ignore[attr-defined]
        return cls(**PosterRef.of(row).dict(), note=row.note, **counts)


class ChannelOut(ChannelRef):
    """A channel, and how many leaks and sightings were found there."""

    note: str
    leaks: int
    sightings: int

    @classmethod
    def counted(cls, row: Channel) -> "ChannelOut":
        counts = {"leaks": row.leak_count, "sightings": row.sighting_count}  # type: ignore[attr-defined]
        return cls(**ChannelRef.of(row).dict(), note=row.note, **counts)


def _posters(person: Person) -> QuerySet[Poster]:
    _refuse_blind(person)
    rows = Poster.objects.all() if person.is_owners else Poster.objects.none()
    return counted(rows)


def _channels(person: Person) -> QuerySet[Channel]:
    _refuse_blind(person)
    rows = Channel.objects.all() if person.is_owners else Channel.objects.none()
    return counted(rows)


def _refuse_blind(person: Person) -> None:
    if person.is_owners:
        refuse_unless(person, Act.SEE_LEAKS)


@sources.reads("/posters", Page[PosterOut])
def list_posters(request: HttpRequest, asked: Asked) -> object:
    """Accounts, those with most leaks first; for other parties' people none."""
    return page(request, _posters(caller(request).person), asked, PosterOut.counted)


@sources.reads("/posters/{poster_id}", PosterOut)
def get_poster(request: HttpRequest, poster_id: Id) -> PosterOut:
    """One account."""
    return PosterOut.counted(find(_posters(caller(request).person), poster_id))


@sources.does("PUT", "/posters/{poster_id}", Act.HANDLE_LEAKS, PosterOut)
def note_poster(request: HttpRequest, poster_id: Id, sent: SourceNote) -> PosterOut:
    """Write down what is known of an account."""
    who = caller(request)
    known = find(_posters(who.person), poster_id)
    who.must(Act.HANDLE_LEAKS)
    note_source(current_home(), known, sent.note, by=who.person, now=timezone.now())
    return PosterOut.counted(known)


@sources.reads("/channels", Page[ChannelOut])
def list_channels(request: HttpRequest, asked: Asked) -> object:
    """Channels, those with most leaks first; for other parties' people none."""
    return page(request, _channels(caller(request).person), asked, ChannelOut.counted)


@sources.reads("/channels/{channel_id}", ChannelOut)
def get_channel(request: HttpRequest, channel_id: Id) -> ChannelOut:
    """One channel."""
    return ChannelOut.counted(find(_channels(caller(request).person), channel_id))


@sources.does("PUT", "/channels/{channel_id}", Act.HANDLE_LEAKS, ChannelOut)
def note_channel(request: HttpRequest, channel_id: Id, sent: SourceNote) -> ChannelOut:
    """Write down what is known of a channel."""
    who = caller(request)
    known = find(_channels(who.person), channel_id)
    who.must(Act.HANDLE_LEAKS)
    note_source(current_home(), known, sent.note, by=who.person, now=timezone.now())
    return ChannelOut.counted(known)
