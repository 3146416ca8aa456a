"""Leaks: handed in as files or as the text of a link, traced in the background, put together and apart.

They are the owner's alone. What a trace says is in :mod:`.traces`.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import File, Form, Schema
from ninja.files import UploadedFile
from pydantic import Field, StringConstraints

from tidemark.api.callers import caller, refuse_unless
from tidemark.api.files import document_of
from tidemark.api.forms import DraftRef
from tidemark.api.operations import FORM, Subject
from tidemark.api.pages import Asked, Id, Line, Moment, Page, Text, find, named, page
from tidemark.api.posts import Found, PostOut, Url, seen_leaks, seen_posts
from tidemark.api.sent import Sent
from tidemark.api.traces import TraceOut, shown_traces
from tidemark.limits import MAX_FILE_BYTES
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.connect import current_home
from tidemark.records.leaks.glance import Glance, glance, similar
from tidemark.records.leaks.links import paste
from tidemark.records.leaks.looks import confirm, join, split
from tidemark.records.leaks.models import Leak, Post
from tidemark.records.leaks.receive import MAX_TEXT_CHARS, Received, receive
from tidemark.records.leaks.search import filtered
from tidemark.records.leaks.told_mails import ToldMail, told_mails

leaks = Subject("leaks")

Words = Annotated[str, StringConstraints(max_length=MAX_TEXT_CHARS, pattern=r"^[^\x00]*$")]


class Standing(StrEnum):
    """How a leak's strongest trace stands."""

    ACCUSED = "accused"
    SUSPECTED = "suspected"
    INCONCLUSIVE = "inconclusive"
    UNMATCHED = "unmatched"
    WAITING = "waiting"


class OriginIn(Sent):
    """Where something comes from. Nothing of it is required, because the bytes are what must not be lost."""

    found: Found = Field("", description="Where and when it was found, in words. It goes into the ledger as written.")
    finder: Line = Field("", description="The caller, if it is left out.")
    url: Url = ""
    platform: Line = ""
    handle: Line = Field("", description="The account that posted it.")
    channel: Line = Field("", description="The group, board or channel of the platform.")
    posted: Moment | None = None


class FileOriginIn(OriginIn):
    """Where a file comes from, and what was written with it."""

    text: Words = ""


class LinkIn(OriginIn):
    """The text of a link, as it was passed on."""

    text: Annotated[Words, Field(min_length=1)]


class WhyIn(Sent):
    """Why posts are put together or apart."""

    why: Annotated[Found, Field(min_length=1)]


class JoinIn(WhyIn):
    """Into which leak all posts go."""

    into: Id


class ReceivedOut(Schema):
    """What was kept."""

    leak: str
    post: str
    file_sha256: str
    is_new: bool = Field(description="Whether the same bytes were never seen before.")
    unreadable: str = Field(description="Why it cannot be traced; '' if it is.")

    @classmethod
    def of(cls, made: Received) -> "ReceivedOut":
        post = made.post
        return cls(
            leak=made.leak.pk,
            post=post.pk,
            file_sha256=post.file_sha256,
            is_new=made.is_new,
            unreadable=post.unreadable,
        )


class LeakRef(Schema):
    """One leaked picture, in however many posts it was seen."""

    id: str
    title: str
    created: datetime
    standing: str = Field(description="Of its strongest trace; also failed, and unreadable.")
    is_divided: bool = Field(description="Whether its files accuse different copies.")
    drafts: list[DraftRef]
    posts: int
    cases: list[str]
    joined_into: str | None

    @classmethod
    def of(cls, seen: Glance) -> "LeakRef":
        return cls(**_of(seen), posts=len(seen.posts))


class LeakFileOut(Schema):
    """One file of a leak: where it was seen, and the trace that speaks for it."""

    file_sha256: str
    posts: list[PostOut]
    trace: TraceOut | None


class LeakOut(Schema):
    """A leak with its files. Each is traced for itself, and no trace speaks for another file."""

    id: str
    title: str
    created: datetime
    standing: str
    is_divided: bool
    drafts: list[DraftRef]
    cases: list[str]
    joined_into: str | None
    files: list[LeakFileOut]


class SimilarOut(Schema):
    """Another leak, and what it has in common."""

    id: str
    title: str
    created: datetime
    common: list[str] = Field(description="copy, draft, poster, channel")


class MailOut(Schema):
    """An e-mail of which something was not taken in."""

    file_name: str = Field(description="Of the message, in the folder inbox/refused or inbox/done.")
    time: datetime
    is_refused: bool = Field(description="Whether nothing of it was taken in.")
    why: str

    @classmethod
    def of(cls, told: ToldMail) -> "MailOut":
        return cls(file_name=told.file_name, time=told.time, is_refused=told.is_refused, why=told.why)


def _of(seen: Glance) -> dict[str, Any]:
    return {
        "id": seen.leak.pk,
        "title": seen.leak.title,
        "created": seen.leak.created,
        "standing": seen.standing,
        "is_divided": seen.is_divided,
        "drafts": [DraftRef.of(draft) for draft in seen.drafts],
        "cases": sorted(case.pk for case in seen.leak.cases.all()),
        "joined_into": seen.leak.joined_into_id,
    }


def shown_leak(person: Person, leak_id: str) -> LeakOut:
    """Return one leak as the person may see it."""
    (seen,) = glance([find(seen_leaks(person).prefetch_related("cases"), leak_id)])
    said: Mapping[str, TraceOut] = dict(zip(seen.traces, shown_traces(seen.traces.values()), strict=True))
    by_file: dict[str, list[PostOut]] = {}
    for post in seen.posts:
        by_file.setdefault(post.file_sha256, []).append(PostOut.of(post))
    files = [LeakFileOut(file_sha256=each, posts=found, trace=said.get(each)) for each, found in by_file.items()]
    return LeakOut(**_of(seen), files=files)


@leaks.reads("/leaks", Page[LeakRef])
def list_leaks(
    request: HttpRequest,
    asked: Asked,
    standing: Standing | None = None,
    draft: Id | None = None,
    poster: Id | None = None,
    channel: Id | None = None,
    q: Text = "",
) -> object:
    """Leaks that were not joined to another, the latest first; for other parties' people none."""
    rows = filtered(
        seen_leaks(caller(request).person).standing(),
        standing=standing.value if standing else "",
        draft=draft or "",
        poster=poster or "",
        channel=channel or "",
        q=q.strip(),
    )
    found = page(request, rows.prefetch_related("cases").order_by("-created", "pk"), asked, lambda row: row)
    seen = glance(row for row in found["items"] or () if isinstance(row, Leak))
    return {"items": [LeakRef.of(each) for each in seen], "next": found["next"]}


@leaks.reads("/inbox", list[MailOut])
def list_mails(request: HttpRequest) -> list[MailOut]:
    """E-mails that were not, or not wholly, taken in, the latest first; for other parties' people none."""
    person = caller(request).person
    if not person.is_owners:
        return []
    refuse_unless(person, Act.SEE_LEAKS)
    return [MailOut.of(each) for each in told_mails(current_home())]


@leaks.does("POST", "/leaks", Act.HANDLE_LEAKS, ReceivedOut, status=201, body=FORM)
def receive_leak(request: HttpRequest, file: File[UploadedFile], sent: Form[FileOriginIn]) -> ReceivedOut:
    """Hand in a found file. It is kept unchanged, put into the ledger, and traced if it is a picture."""
    who = caller(request)
    who.must(Act.HANDLE_LEAKS)
    document = document_of(file, most_bytes=MAX_FILE_BYTES)
    made = receive(
        current_home(),
        document.data,
        file_name=document.name,
        via=Post.Via.API,
        by=who.person,
        now=timezone.now(),
        **sent.dict(),
    )
    return ReceivedOut.of(made)


@leaks.does("POST", "/leaks/links", Act.HANDLE_LEAKS, ReceivedOut, status=201)
def receive_link(request: HttpRequest, sent: LinkIn) -> ReceivedOut:
    """Hand in the text of a link, where nobody has the file yet. Nothing is fetched."""
    who = caller(request)
    who.must(Act.HANDLE_LEAKS)
    said = sent.dict()
    text = said.pop("text")
    return ReceivedOut.of(paste(current_home(), text, via=Post.Via.API, by=who.person, now=timezone.now(), **said))


@leaks.reads("/leaks/{leak_id}", LeakOut)
def get_leak(request: HttpRequest, leak_id: Id) -> LeakOut:
    """One leak, with each of its files and what the trace of it says."""
    return shown_leak(caller(request).person, leak_id)


@leaks.reads("/leaks/{leak_id}/similar", list[SimilarOut])
def list_similar(request: HttpRequest, leak_id: Id) -> list[SimilarOut]:
    """Other leaks that have something in common with it."""
    (seen,) = glance([find(seen_leaks(caller(request).person), leak_id)])
    return [
        SimilarOut(id=leak.pk, title=leak.title, created=leak.created, common=list(common))
        for leak, common in similar(seen)
    ]


@leaks.does("POST", "/leaks/{leak_id}/join", Act.HANDLE_LEAKS, LeakOut)
def join_leaks(request: HttpRequest, leak_id: Id, sent: JoinIn) -> LeakOut:
    """Put all posts of a leak into another; return that one. Each post keeps its own trace."""
    who = caller(request)
    leak = find(seen_leaks(who.person), leak_id)
    who.must(Act.HANDLE_LEAKS)
    into = named(seen_leaks(who.person), sent.into, at="into")
    return shown_leak(who.person, join(current_home(), leak, into, by=who.person, why=sent.why, now=timezone.now()).pk)


@leaks.does("POST", "/posts/{post_id}/split", Act.HANDLE_LEAKS, LeakOut)
def split_off(request: HttpRequest, post_id: Id, sent: WhyIn) -> LeakOut:
    """Make a post a leak of its own, with all posts of the same file; return it."""
    return _regrouped(
        request,
        post_id,
        lambda post, by: split(current_home(), post, by=by, why=sent.why, now=timezone.now()),
    )


@leaks.does("POST", "/posts/{post_id}/confirm", Act.HANDLE_LEAKS, LeakOut)
def confirm_place(request: HttpRequest, post_id: Id, sent: WhyIn) -> LeakOut:
    """Confirm that a post belongs to the leak that its looks put it into."""

    def do(post: Post, by: Person) -> Leak:
        confirm(current_home(), post, by=by, why=sent.why, now=timezone.now())
        return post.leak

    return _regrouped(request, post_id, do)


def _regrouped(request: HttpRequest, post_id: str, do: Callable[[Post, Person], Leak]) -> LeakOut:
    who = caller(request)
    post = find(seen_posts(who.person), post_id)
    who.must(Act.HANDLE_LEAKS)
    return shown_leak(who.person, do(post, who.person).pk)
