"""Share drafts with named persons: plan a copy for each pair that an agreement covers, and enqueue the making.

Planning is one transaction: the release, its rows and its tasks become durable together or not at all, so a planned
copy always has a task that will make it. What may not be planned is returned with the reason, beside what may.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tidemark.engine.keys import VERSION as MARK_VERSION
from tidemark.errors import Refused
from tidemark.limits import MAX_COPIES_A_REQUEST
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.agreements.releasable import Permit, Refusal, releasable_many, why_choose
from tidemark.records.connect import database_errors
from tidemark.records.copies.models import Copy, Release
from tidemark.records.copies.release import new_copy_id
from tidemark.records.home import Home
from tidemark.records.parties.foreign import refuse_foreign
from tidemark.records.parties.models import Party
from tidemark.records.projects.models import Draft, Engagement, Project
from tidemark.records.projects.telling import refuse_telling
from tidemark.records.visible import readable

_ROWS_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class RefusedCopy:
    """A pair that gets no copy, and why."""

    draft: Draft
    person: Person
    reason: str


@dataclass(frozen=True, slots=True)
class Shared:
    """What came of one action.

    Attributes
    ----------
    release : Release or None
        None if nothing could be planned.
    planned : tuple of Copy
    refusals : tuple of RefusedCopy
    """

    release: Release | None
    planned: tuple[Copy, ...]
    refusals: tuple[RefusedCopy, ...]


def share(
    home: Home,
    pairs: Collection[tuple[Draft, Person]],
    *,
    project: Project,
    by: Person,
    now: datetime,
    has_overlay: bool = False,
    expires: datetime | None = None,
    note: str = "",
    again: bool = False,
    places: Collection[str] = (),
) -> Shared:
    """Plan a copy for each pair whose person may have the draft, and for no other pair of them.

    Parameters
    ----------
    pairs : collection of (Draft, Person)
        Drafts of the project. A pair that is named twice counts once.
    has_overlay : bool
        Whether the copies say visibly whose they are.
    expires : datetime, optional
        From when on they cannot be downloaded any more.
    note : str
        What the receivers read beside their copies.
    again : bool
        Whether somebody who holds an open copy of a draft gets a second one.
    places : collection of str
        Ids of engagements: where a party has several at which different parties answer, the one that was chosen.

    Raises
    ------
    Refused
        If ``by`` may not release, what is asked for makes no sense, or the note or the name of a draft names a party to
        another. Pairs that no agreement covers do not raise.
    """
    if not by.may(Act.RELEASE):
        raise Refused(_("Copies are released by the owner's officers. Ask one of them."))
    pairs = tuple(dict.fromkeys(pairs))
    _refuse_senseless(pairs, project=project, expires=expires, now=now)
    refuse_foreign(note, {person.party for _draft, person in pairs})
    readers_of: dict[Draft, set[Party]] = {}
    for draft, person in pairs:
        readers_of.setdefault(draft, set()).add(person.party)
    refuse_telling(readers_of)
    release = Release(
        project=project, has_overlay=has_overlay, expires=expires, note=readable(note), created=now, created_by=by
    )
    wanted = [(draft, person, None) for draft, person in pairs]
    return plan(home, release, wanted, again=again, chosen=places, now=now)


def plan(
    home: Home,
    release: Release,
    wanted: Collection[tuple[Draft, Person, Copy | None]],
    *,
    again: bool = False,
    chosen: Collection[str] = (),
    now: datetime,
) -> Shared:
    """Plan copies under a release that is not on record yet: draft, person, and the copy that it is a child of.

    Whether somebody may ask for that is the caller's to check; whether the person may have it is checked here.
    """
    persons = tuple(dict.fromkeys(person for _, person, _ in wanted))
    drafts = tuple(dict.fromkeys(draft for draft, _, _ in wanted))
    with database_errors(home), transaction.atomic():
        Project.objects.select_for_update().get(pk=release.project_id)  # or two at once would plan the same copy twice
        permits = _permits(release.project, wanted, chosen, now=now)
        held = frozenset() if again else holding(drafts, persons, now=now)
        refusals = tuple(_refused(wanted, permits, held))
        refused = {(each.draft.pk, each.person.pk) for each in refusals}
        planned = tuple(
            _planned(release, draft, person, parent, permits)
            for draft, person, parent in wanted
            if (draft.pk, person.pk) not in refused
        )
        if not planned:
            return Shared(None, (), refusals)
        release.save(force_insert=True)
        Copy.objects.bulk_create(planned, batch_size=_ROWS_AT_ONCE)
        _enqueue(release, {copy.draft_id for copy in planned})
    return Shared(release, planned, refusals)


def _enqueue(release: Release, drafts: Collection[str]) -> None:
    """Enqueue the making, one task a draft. The queue lies in the same database: its rows are part of the plan."""
    from tidemark.records.copies.make import make_copies

    for draft in sorted(drafts):
        make_copies.enqueue(release.pk, draft)


def refuse_too_many(count: int) -> None:
    """Refuse to plan so many copies at once; to be asked before the pairs are made of many drafts and persons.

    Raises
    ------
    Refused
        If it is more than :data:`~tidemark.limits.MAX_COPIES_A_REQUEST`.
    """
    if count > MAX_COPIES_A_REQUEST:
        raise Refused(
            _("At most %(limit)s copies are released at once; these would be %(count)s. Choose fewer.")
            % {"limit": f"{MAX_COPIES_A_REQUEST:,}", "count": f"{count:,}"}
        )


def _refuse_senseless(
    pairs: Collection[tuple[Draft, Person]], *, project: Project, expires: datetime | None, now: datetime
) -> None:
    if not pairs:
        raise Refused(_("Choose at least one draft and one person."))
    if any(draft.project_id != project.pk for draft, _person in pairs):
        raise Refused(_("All drafts of a release belong to one project. Choose them there."))
    refuse_too_many(len(pairs))
    if expires is not None and expires <= now:
        raise Refused(_("The day on which the copies expire has passed. Choose a later one."))


def holding(drafts: Sequence[Draft], persons: Sequence[Person], *, now: datetime) -> frozenset[tuple[str, str]]:
    """Return who holds, or is about to get, an open copy of what: (draft, person)."""
    rows = Copy.objects.filter(draft__in=drafts, person__in=persons).open_at(now, or_planned=True)
    return frozenset(
        (draft, person) for draft, person in rows.values_list("draft_id", "person_id") if person is not None
    )


_Permits = Mapping[str, Mapping[tuple[str, str], Permit | Refusal]]
"""By the place that the copy comes from ('' for the owner itself), then by person and status."""


def _place_of(parent: Copy | None) -> str:
    return parent.engagement_id or "" if parent is not None else ""


def _permits(
    project: Project,
    wanted: Collection[tuple[Draft, Person, Copy | None]],
    chosen: Collection[str],
    *,
    now: datetime,
) -> _Permits:
    """Decide on all that is wanted. A child copy is let through right below its parent's place, and nowhere else."""
    found = {}
    for place in {_place_of(parent) for _draft, _person, parent in wanted}:
        pairs = {(draft.status, person) for draft, person, parent in wanted if _place_of(parent) == place}
        below = Engagement.objects.filter(parent=place).values_list("pk", flat=True) if place else None
        found[place] = releasable_many(
            project,
            {status for status, _person in pairs},
            tuple({person for _status, person in pairs}),
            at=now,
            places=None if below is None else frozenset(below),
            chosen=chosen if below is None else (),
        )
    return found


def _refused(
    wanted: Collection[tuple[Draft, Person, Copy | None]],
    permits: "_Permits",
    held: frozenset[tuple[str, str]],
) -> Iterator[RefusedCopy]:
    for draft, person, parent in wanted:
        permit = permits[_place_of(parent)][person.pk, draft.status]
        if not isinstance(permit, Permit):
            yield RefusedCopy(draft, person, permit.reason)
        elif why := why_choose(permit):
            yield RefusedCopy(draft, person, why)
        elif (draft.pk, person.pk) in held:
            yield RefusedCopy(draft, person, _("This person has an open copy of this draft already."))


def _planned(
    release: Release,
    draft: Draft,
    person: Person,
    parent: Copy | None,
    permits: "_Permits",
) -> Copy:
    permit = permits[_place_of(parent)][person.pk, draft.status]
    assert isinstance(permit, Permit)  # the others were refused
    return Copy(
        id=new_copy_id(),
        draft=draft,
        holder_id=person.party_id,
        person=person,
        engagement=permit.engagement,
        agreement=permit.agreement,
        responsible=permit.responsible,
        answers_under=permit.answers_under,
        parent=parent,
        release=release,
        nonce=bytes(person.nonce),
        mark_version=MARK_VERSION,
        # A child copy is as its parent is: it bears an overlay if that does, and expires with it.
        has_overlay=release.has_overlay or (parent is not None and parent.has_overlay),
        created=release.created,
        expires=parent.expires if parent is not None else release.expires,
    )
