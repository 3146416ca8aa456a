"""Posts: where a leak was seen, and the file that was found there, unchanged."""

from datetime import datetime
from typing import Annotated

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Schema
from pydantic import Field, StringConstraints

from tidemark.api.callers import caller, refuse_unless
from tidemark.api.files import attachment
from tidemark.api.operations import FILE, Subject
from tidemark.api.pages import Id, Line, Moment, find
from tidemark.api.problems import missing
from tidemark.api.sent import Sent
from tidemark.api.sources import ChannelRef, PosterRef
from tidemark.limits import MAX_FOUND_CHARS
from tidemark.records import blobs
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.blobs import Shelf
from tidemark.records.connect import current_home
from tidemark.records.leaks.correct import Known, correct
from tidemark.records.leaks.journal import origin_sha256
from tidemark.records.leaks.models import Leak, LeakQuerySet, Post
from tidemark.records.leaks.receive import MAX_URL_CHARS

posts = Subject("leaks")

Url = Annotated[str, StringConstraints(max_length=MAX_URL_CHARS, pattern=r"^[^\x00-\x1f\x7f]*$")]
Found = Annotated[str, StringConstraints(max_length=MAX_FOUND_CHARS, pattern=r"^[^\x00]*$")]


class CorrectionIn(Sent):
    """What is known of a post now, all of it, and why it differs from what was said."""

    url: Url = ""
    platform: Line = ""
    handle: Line = Field("", description="The account that posted it.")
    channel: Line = Field("", description="The group, board or channel of the platform.")
    posted: Moment | None = None
    why: Annotated[Found, Field(min_length=1)]
    shown: Line = Field("", description="The post's origin_sha256 as it was read: refused if it differs by now.")


class PostOut(Schema):
    """One place where a leak was seen."""

    id: str
    leak: str
    file_sha256: str
    file_name: str
    size_bytes: int
    url: str
    platform: str
    poster: PosterRef | None
    channel: ChannelRef | None
    text: str
    posted: datetime | None
    origin_sha256: str = Field(description="Of where, by whom and when it was posted, as it is known now.")
    found: str
    finder: str
    via: str
    received: datetime
    ledger_index: int
    unreadable: str = Field(description="Why the file cannot be read as a picture; '' if it can.")
    joined: str = Field(description="Why it is in its leak: first, bytes, looks (checked by nobody yet), hand.")
    likeness: float | None

    @classmethod
    def of(cls, row: Post) -> "PostOut":
        return cls(
            id=row.pk,
            leak=row.leak_id,
            file_sha256=row.file_sha256,
            file_name=row.file_name,
            size_bytes=row.size_bytes,
            url=row.url,
            platform=row.platform,
            poster=PosterRef.of(row.poster) if row.poster else None,
            channel=ChannelRef.of(row.channel) if row.channel else None,
            text=row.text,
            posted=row.posted,
            origin_sha256=origin_sha256(row),
            found=row.found,
            finder=row.finder,
            via=row.via,
            received=row.received,
            ledger_index=row.leaf_index,
            unreadable=row.unreadable,
            joined=row.joined,
            likeness=row.likeness,
        )


def seen_leaks(person: Person) -> LeakQuerySet:
    """Return the leaks that a person may see.

    Raises
    ------
    Problem 403
        If it is one of the owner's people whose roles do not show leaks.
    """
    if person.is_owners:
        refuse_unless(person, Act.SEE_LEAKS)
    return Leak.objects.visible_to(person)


def seen_posts(person: Person) -> QuerySet[Post]:
    """Return the posts that a person may see, with what an answer shows of them."""
    return Post.objects.filter(leak__in=seen_leaks(person)).select_related("leak", "poster", "channel")


@posts.reads("/posts/{post_id}", PostOut)
def get_post(request: HttpRequest, post_id: Id) -> PostOut:
    """One post."""
    return PostOut.of(find(seen_posts(caller(request).person), post_id))


@posts.does("PUT", "/posts/{post_id}", Act.HANDLE_LEAKS, PostOut)
def change_post(request: HttpRequest, post_id: Id, sent: CorrectionIn) -> PostOut:
    """Correct where, by whom and when it was posted. What is left out is not known. What was said before is kept."""
    who = caller(request)
    post = find(seen_posts(who.person), post_id)
    who.must(Act.HANDLE_LEAKS)
    said = sent.dict()
    why, shown = said.pop("why"), said.pop("shown")
    correct(current_home(), post, Known(**said), why=why, by=who.person, now=timezone.now(), shown=shown)
    return PostOut.of(find(seen_posts(who.person), post_id))


@posts.reads("/posts/{post_id}/file", None, media_type=FILE)
def download_found_file(request: HttpRequest, post_id: Id) -> HttpResponse:
    """The file as it was found, byte by byte."""
    who = caller(request)
    post = find(seen_posts(who.person), post_id)
    who.must(Act.SEE_EVIDENCE)
    return attachment(blobs.get(current_home(), Shelf.LEAKS, post.file_sha256), file_name=post.file_name)


@posts.reads("/posts/{post_id}/preview", None, media_type=FILE)
def get_post_preview(request: HttpRequest, post_id: Id) -> HttpResponse:
    """A JPEG of what was found, drawn here, without any metadata."""
    post = find(seen_posts(caller(request).person), post_id)
    if not post.preview_sha256:
        raise missing()
    return attachment(blobs.get(current_home(), Shelf.TRACES, post.preview_sha256), file_name="preview.jpg")
