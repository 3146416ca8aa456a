"""Releases: one action that gives copies of some drafts to some persons, and how far it has come."""

from datetime import datetime
from itertools import product

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import Field

from tidemark.api.callers import caller
from tidemark.api.forms import PersonRef, ProjectRef
from tidemark.api.operations import Subject
from tidemark.api.pages import Asked, Id, Moment, Page, RowId, Text, find, named, named_all, page
from tidemark.api.problems import invalid
from tidemark.api.sent import Sent
from tidemark.limits import MAX_COPIES_A_REQUEST
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.connect import current_home
from tidemark.records.copies.models import Copy, Release
from tidemark.records.copies.share import refuse_too_many, share
from tidemark.records.projects.foresee import foresee
from tidemark.records.projects.models import Draft, Engagement, Project

releases = Subject("releases")


class PairIn(Sent):
    """One draft for one person."""

    draft: Id
    person: Id


class ReleaseIn(Sent):
    """Whom to give copies of what: each of the drafts for each of the persons, or these pairs and no others."""

    project: RowId
    drafts: list[Id] = Field([], max_length=MAX_COPIES_A_REQUEST)
    persons: list[Id] = Field([], max_length=MAX_COPIES_A_REQUEST)
    pairs: list[PairIn] = Field(
        [], max_length=MAX_COPIES_A_REQUEST, description="In place of `drafts` and `persons`, which are left out then."
    )
    has_overlay: bool = Field(False, description="Whether the copies say visibly whose they are.")
    expires: Moment | None = Field(None, description="From when on they cannot be downloaded any more.")
    note: Text = Field("", description="What the receivers read beside their copies.")
    again: bool = Field(False, description="Whether who holds an open copy of a draft gets a second one.")
    places: list[Id] = Field(
        [],
        max_length=MAX_COPIES_A_REQUEST,
        description="Engagements: for a party with several places at which different parties answer, the chosen one.",
    )


class ReleaseOut(Schema):
    """One release, and how far it has come: each copy is counted once."""

    id: str
    project: ProjectRef
    has_overlay: bool
    expires: datetime | None
    note: str
    created: datetime
    created_by: PersonRef
    planned: int = Field(description="Still being made.")
    released: int = Field(description="Ready to be downloaded.")
    revoked: int
    faulted: int = Field(description="Could not be made.")

    @classmethod
    def of(cls, release: Release) -> "ReleaseOut":
        return cls(
            id=release.id,
            project=ProjectRef.of(release.project),
            has_overlay=release.has_overlay,
            expires=release.expires,
            note=release.note,
            created=release.created,
            created_by=PersonRef.of(release.created_by),
            **{name: getattr(release, f"{name}_count") for name in ("planned", "released", "revoked", "faulted")},
        )


class RefusedOut(Schema):
    """Somebody gets no copy of a draft, and why."""

    draft: str
    person: str
    reason: str


class ForeseenRefusalOut(Schema):
    """Somebody would get less than everything, and why."""

    person: str
    reason: str


class SharedOut(Schema):
    """What came of a release: copies are being made, or are refused by a rule, one by one."""

    release: ReleaseOut | None = Field(description="Null if nobody may have any of it.")
    refusals: list[RefusedOut]


class ForeseenOut(Schema):
    """What a release would do now; the release itself decides anew."""

    copies: int
    persons: int
    holding: int = Field(description="Pairs that are left out because the person holds an open copy already.")
    refusals: list[ForeseenRefusalOut]


def seen_releases(person: Person) -> QuerySet[Release]:
    """Return the releases that a person may see: they are the owner's own."""
    rows = Release.objects.all() if person.is_owners else Release.objects.none()
    is_released = Q(copies__state=Copy.State.RELEASED)
    return rows.select_related("project", "created_by").annotate(
        planned_count=Count("copies", filter=Q(copies__state__in=[Copy.State.PLANNED, Copy.State.WRITING])),
        released_count=Count("copies", filter=is_released & Q(copies__revoked=None)),
        revoked_count=Count("copies", filter=is_released & Q(copies__revoked__isnull=False)),
        faulted_count=Count("copies", filter=Q(copies__state__in=[Copy.State.FAULTED, Copy.State.UNDELIVERED])),
    )


@releases.reads("/releases", Page[ReleaseOut])
def list_releases(request: HttpRequest, asked: Asked, project: RowId | None = None) -> object:
    """Releases and how far each has come, for the owner's people."""
    rows = seen_releases(caller(request).person)
    if project is not None:
        rows = rows.filter(project_id=project)
    return page(request, rows.order_by("-created", "pk"), asked, ReleaseOut.of)


@releases.reads("/releases/{release_id}", ReleaseOut)
def get_release(request: HttpRequest, release_id: Id) -> ReleaseOut:
    """One release and how far it has come, for the owner's people."""
    return ReleaseOut.of(find(seen_releases(caller(request).person), release_id))


@releases.does("POST", "/foreseen-releases", Act.RELEASE, ForeseenOut)
def foresee_release(request: HttpRequest, sent: ReleaseIn) -> ForeseenOut:
    """Say what a release would do, and release nothing."""
    who = caller(request)
    who.must(Act.RELEASE)
    project, pairs = _chosen(sent, who.person)
    places = _places(sent, project, who.person)
    seen = foresee(project, pairs, at=timezone.now(), again=sent.again, places=places)
    return ForeseenOut(
        copies=seen.copies,
        persons=seen.persons,
        holding=seen.holding,
        refusals=[ForeseenRefusalOut(person=person.pk, reason=reason) for person, reason in seen.refused],
    )


@releases.does("POST", "/releases", Act.RELEASE, SharedOut)
def release_copies(request: HttpRequest, sent: ReleaseIn) -> SharedOut:
    """Have a copy made of each draft for each person, or of each pair, as far as the person may have it.

    The copies are made in the background: ask for the release until none is planned any more.
    """
    who = caller(request)
    who.must(Act.RELEASE)
    project, pairs = _chosen(sent, who.person)
    shared = share(
        current_home(),
        pairs,
        project=project,
        by=who.person,
        now=timezone.now(),
        has_overlay=sent.has_overlay,
        expires=sent.expires,
        note=sent.note,
        again=sent.again,
        places=_places(sent, project, who.person),
    )
    release = find(seen_releases(who.person), shared.release.pk) if shared.release else None
    return SharedOut(
        release=ReleaseOut.of(release) if release else None,
        refusals=[
            RefusedOut(draft=each.draft.pk, person=each.person.pk, reason=each.reason) for each in shared.refusals
        ],
    )


def _places(sent: ReleaseIn, project: Project, by: Person) -> list[str]:
    known = Engagement.objects.visible_to(by).filter(project=project)
    return [place.pk for place in named_all(known, sent.places, at="places")]


def _chosen(sent: ReleaseIn, by: Person) -> tuple[Project, list[tuple[Draft, Person]]]:
    """Return the project, and the pairs that are meant, each once."""
    given = bool(sent.drafts), bool(sent.persons), bool(sent.pairs)
    if given not in ((True, True, False), (False, False, True)):
        raise invalid("body.pairs", _("Name drafts and persons, or pairs of them; not both, and not neither."))
    project = named(Project.objects.visible_to(by), sent.project, at="project")
    all_drafts = Draft.objects.visible_to(by).filter(project=project)
    all_persons = Person.objects.visible_to(by).select_related("party")
    if not sent.pairs:
        drafts, persons = (
            named_all(all_drafts, sent.drafts, at="drafts"),
            named_all(all_persons, sent.persons, at="persons"),
        )
        refuse_too_many(len(drafts) * len(persons))
        return project, list(product(drafts, persons))
    by_draft = {row.pk: row for row in named_all(all_drafts, [pair.draft for pair in sent.pairs], at="pairs")}
    by_person = {row.pk: row for row in named_all(all_persons, [pair.person for pair in sent.pairs], at="pairs")}
    wanted = dict.fromkeys((pair.draft, pair.person) for pair in sent.pairs)
    return project, [(by_draft[draft], by_person[person]) for draft, person in wanted]
