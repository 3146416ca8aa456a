"""The distribution matrix of a project: who holds which draft, and how things stand with it.

Rows are holders in the order of the supply tree, columns are drafts. A row is one string with a letter for each draft,
so that 200 holders × 300 drafts are 60 kB and not 60,000 objects. The number of queries does not grow with either.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, Value, When

from tidemark.records.accounts.models import Person
from tidemark.records.agreements.releasable import Permit, releasable_many
from tidemark.records.copies.expire import WHY as EXPIRED
from tidemark.records.copies.models import Copy, CopyQuerySet, Download
from tidemark.records.projects.models import Draft, Engagement, Project
from tidemark.records.projects.tree import LAPSES_SOON


class Standing(StrEnum):
    """How things stand with one draft and one holder. Of several copies, the one that comes first here is shown."""

    OPENED = "o"
    RELEASED = "r"
    MAKING = "m"
    FAULTY = "f"
    EXPIRED = "e"
    REVOKED = "x"
    NONE = "."


_RANK = {standing.value: rank for rank, standing in enumerate(Standing)}
OPEN = frozenset({Standing.OPENED, Standing.RELEASED})
_NO_PLACE = "~"  # sorts behind every id: holders that are in no place of the tree come last


@dataclass(frozen=True, slots=True)
class Column:
    """One draft."""

    id: str
    name: str
    revision: int
    status: str


@dataclass(frozen=True, slots=True)
class Row:
    """One holder.

    Attributes
    ----------
    person : str
        The person's id; '' for copies that were made for a party without naming a person.
    name, party : str
    tier : int
        In the supply tree; 0 if the party is not in it.
    refusals : mapping of str to str
        For each status of draft that the person may not get now, why not.
    lapses : date or None
        When the agreement ends by which the person gets drafts, if that is soon.
    cells : str
        A :class:`Standing` for each column.
    children : mapping of int to int
        For each column of which there are any, the number of child copies.
    """

    person: str
    name: str
    party: str
    tier: int
    refusals: dict[str, str]
    lapses: date | None
    cells: str
    children: dict[int, int]


@dataclass(frozen=True, slots=True)
class Matrix:
    """All of it."""

    columns: list[Column]
    rows: list[Row]


def distribution(project: Project, *, at: datetime, holder: Person | None = None) -> Matrix:
    """Return the distribution matrix of a project, or the row of one holder in it."""
    columns = [
        Column(*row)
        for row in Draft.objects.filter(project=project)
        .order_by("file_name", "-revision")
        .values_list("id", "file_name", "revision", "status")
    ]
    place = {column.id: number for number, column in enumerate(columns)}
    standings, nameless = _standings(project, place, at=at, holder=holder)
    children = _children(project, place, holder=holder)
    statuses = sorted({column.status for column in columns})
    persons = _persons(project, standings, holder=holder)
    permits = releasable_many(project, statuses, persons, at=at)
    tree = _places(project)
    soon = at.astimezone(UTC).date() + LAPSES_SOON
    rows = []
    for person in sorted(persons, key=lambda each: (tree.get(each.party_id, (_NO_PLACE, 0))[0], each.name)):
        found = {status: permits[person.pk, status] for status in statuses}
        ends = [permit.agreement.valid_until for permit in found.values() if isinstance(permit, Permit)]
        rows.append(
            Row(
                person=person.pk,
                name=person.name,
                party=person.party.name,
                tier=tree.get(person.party_id, (_NO_PLACE, 0))[1],
                refusals={status: why.reason for status, why in found.items() if not isinstance(why, Permit)},
                lapses=min((end for end in ends if end is not None and end <= soon), default=None),
                cells=_line(standings.get(person.pk, {}), len(columns)),
                children=children.get(person.pk, {}),
            )
        )
    rows += [
        Row("", "", party, 0, {}, None, _line(cells, len(columns)), {}) for party, cells in sorted(nameless.items())
    ]
    return Matrix(columns, rows)


def standing(at: datetime) -> Case:
    """Return the expression by which the database tells how things stand with a copy: a :class:`Standing`.

    It is the database's to tell, so that a matrix of ten thousand copies reads letters only, and no times.
    """
    downloads = Download.objects.filter(copy=OuterRef("pk"))
    return Case(
        When(revoked__isnull=False, revoked_why=EXPIRED, then=Value(Standing.EXPIRED.value)),
        When(revoked__isnull=False, then=Value(Standing.REVOKED.value)),
        When(~Q(fault="") | Q(state=Copy.State.UNDELIVERED), then=Value(Standing.FAULTY.value)),
        When(~Q(state=Copy.State.RELEASED), then=Value(Standing.MAKING.value)),
        When(expires__lte=at, then=Value(Standing.EXPIRED.value)),
        When(Exists(downloads), then=Value(Standing.OPENED.value)),
        default=Value(Standing.RELEASED.value),
        output_field=CharField(),
    )


def _standings(
    project: Project, place: dict[str, int], *, at: datetime, holder: Person | None
) -> tuple[dict[str, dict[int, str]], dict[str, dict[int, str]]]:
    """Return the standings of each person by column; and those of parties whose copies name no person."""
    copies = Copy.objects.filter(draft__project=project, is_master=False).order_by()
    if holder is not None:
        return _by_column(copies.filter(person=holder), "person_id", place, at=at), {}
    named = _by_column(copies.filter(person__isnull=False), "person_id", place, at=at)
    return named, _by_column(copies.filter(person=None), "holder__name", place, at=at)


def _by_column(copies: CopyQuerySet, by: str, place: dict[str, int], *, at: datetime) -> dict[str, dict[int, str]]:
    found: dict[str, dict[int, str]] = {}
    rows = copies.annotate(standing=standing(at)).values_list(by, "draft_id", "standing")
    for who, draft, letter in rows.iterator(chunk_size=5_000):
        cells = found.setdefault(who, {})
        column = place[draft]
        if column not in cells or _RANK[letter] < _RANK[cells[column]]:
            cells[column] = letter
    return found


def _children(project: Project, place: dict[str, int], *, holder: Person | None) -> dict[str, dict[int, int]]:
    counts: dict[str, dict[int, int]] = {}
    held = Q(parent__person__isnull=False) if holder is None else Q(parent__person=holder)
    rows = (
        Copy.objects.filter(held, draft__project=project)
        .order_by()
        .values_list("parent__person_id", "draft_id")
        .annotate(count=Count("pk"))
    )
    for person, draft, count in rows:
        counts.setdefault(str(person), {})[place[str(draft)]] = count
    return counts


def _persons(project: Project, holding: Collection[str], *, holder: Person | None) -> list[Person]:
    """Return the active persons of all parties in the tree, and whoever else holds a copy."""
    engaged = Engagement.objects.filter(project=project).values("party_id")
    known = Person.objects.select_related("party")
    if holder is not None:
        known = known.filter(pk=holder.pk)
    persons = list(known.filter(party__in=engaged, is_active=True))
    others = set(holding).difference(person.pk for person in persons)
    return persons + (list(known.filter(pk__in=others)) if others else [])


def _places(project: Project) -> dict[int, tuple[str, int]]:
    """Return each party's first place in a walk through the supply tree, as something to sort by, and its tier."""
    names = dict[str, str]()
    places: dict[int, tuple[str, int]] = {}
    nodes = list(Engagement.objects.filter(project=project).select_related("party"))
    for node in nodes:
        names[node.pk] = node.party.name
    for node in nodes:
        key = "\0".join(names[ancestor] for ancestor in node.ancestor_ids)
        if node.party_id not in places or (node.tier, key) < (places[node.party_id][1], places[node.party_id][0]):
            places[node.party_id] = (key, node.tier)
    return places


def _line(cells: dict[int, str], length: int) -> str:
    return "".join(cells.get(column, Standing.NONE.value) for column in range(length))
