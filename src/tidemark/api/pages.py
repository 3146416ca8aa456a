"""Lists in pages, and objects by their ids, as far as the caller may see them."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Annotated, Any, Generic, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from ninja import Query, Schema
from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints

from tidemark.api.problems import invalid, missing
from tidemark.limits import MAX_JSON_WHOLE, MAX_NAME_CHARS, MAX_NOTE_CHARS, MAX_PAGE_ITEMS, YEARS

M = TypeVar("M", bound=Model)
Row = TypeVar("Row")
Out = TypeVar("Out")
When = TypeVar("When", bound=date)

_NO_CONTROLS = r"^[^\x00-\x1f\x7f]*$"
_NO_NUL = r"^[^\x00]*$"

Id = Annotated[str, StringConstraints(min_length=1, max_length=MAX_NAME_CHARS, pattern=_NO_CONTROLS)]
"""An id as it comes in an address or a body. What is none of ours is simply not found."""

Index = Annotated[int, Field(ge=0, le=MAX_JSON_WHOLE)]
RowId = Annotated[int, Field(ge=1, le=MAX_JSON_WHOLE)]
Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_NAME_CHARS, pattern=_NO_CONTROLS)
]
Line = Annotated[str, StringConstraints(max_length=MAX_NAME_CHARS, pattern=_NO_CONTROLS)]
"""One line of words, which may be empty."""
Text = Annotated[str, StringConstraints(max_length=4000, pattern=_NO_NUL)]
"""Words of people: several lines, and no NUL, which PostgreSQL cannot store."""
Reason = Annotated[Text, Field(min_length=1)]
"""Words of people that cannot be left out: why something is done."""
LongText = Annotated[str, StringConstraints(max_length=MAX_NOTE_CHARS, pattern=_NO_NUL)]
"""The same, as long as a note or a reply may be."""


def _in_our_years(day: When) -> When:
    if day.year not in YEARS:
        raise ValueError(f"a year from {YEARS[0]} to {YEARS[-1]} is expected")
    return day


Moment = Annotated[AwareDatetime, AfterValidator(_in_our_years)]
"""A time with its offset, in years in which every offset can be turned into UTC."""
Day = Annotated[date, AfterValidator(_in_our_years)]
"""A day, in the same years."""


class Paging(Schema):
    """Which part of a list is asked for."""

    limit: int = Field(50, ge=1, le=MAX_PAGE_ITEMS)
    offset: int = Field(0, ge=0, le=10_000_000)


Asked = Annotated[Paging, Query(...)]


class Page(Schema, Generic[Out]):
    """A part of a list."""

    items: list[Out]
    next: str | None = Field(description="Address of the next page; null at the end.")


def page(
    request: HttpRequest, rows: QuerySet[M], asked: Paging, show: Callable[[M], Out]
) -> dict[str, list[Out] | str | None]:
    """Return one page of rows, which have a total order."""
    found = list(rows[asked.offset : asked.offset + asked.limit + 1])
    return part(request, found, asked, show)


def part(
    request: HttpRequest, found: Sequence[Row], asked: Paging, show: Callable[[Row], Out]
) -> dict[str, list[Out] | str | None]:
    """Return a page of what was found for it: as many as are asked for, and one more if the list goes on."""
    following = None
    if len(found) > asked.limit:
        query = request.GET.copy()
        query["limit"], query["offset"] = str(asked.limit), str(asked.offset + asked.limit)
        following = f"{request.path}?{query.urlencode()}"
    return {"items": [show(row) for row in found[: asked.limit]], "next": following}


def find(rows: QuerySet[M], pk: str | int) -> M:
    """Return the row of this id among those that the caller may see; to anybody else it does not exist."""
    try:
        return rows.get(pk=pk)
    except (ObjectDoesNotExist, ValueError):
        raise missing() from None


def named(rows: QuerySet[M], pk: str | int, *, at: str) -> M:
    """Return the row that a field of the body names, among those that the caller may see."""
    return named_all(rows, [pk], at=at)[0]


def named_all(rows: QuerySet[M], pks: list[Any], *, at: str) -> list[M]:
    """Return the rows that a field of the body names, each once, in that order. One query, however many."""
    found = {row.pk: row for row in rows.filter(pk__in=pks)}
    for pk in pks:
        if pk not in found:
            raise invalid(f"body.{at}", f"{pk}: there is no such thing here, or it is not yours to see.")
    return [found[pk] for pk in dict.fromkeys(pks)]
