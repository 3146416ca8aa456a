"""The distribution matrix: a compact table that ``matrix.js`` draws, a paginated one without it, a list on phones."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tidemark.records.accounts.models import Person
from tidemark.records.projects.matrix import OPEN, Column, Matrix, Row, Standing, distribution
from tidemark.records.projects.models import Draft
from tidemark.web.accounts.signed_in import signed_in
from tidemark.web.copies.standings import TONES, words
from tidemark.web.projects.access import owners_project, rights

_HOLDERS_A_PAGE, _DRAFTS_A_PAGE, _DRAFTS_OF_A_HOLDER = 25, 12, 100


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as it is shown; `word` says how things stand with the copy."""

    standing: Standing
    word: str
    is_barred: bool
    children: int
    column: Column

    @property
    def is_empty(self) -> bool:
        """Whether the holder never had the draft."""
        return self.standing == Standing.NONE

    @property
    def tone(self) -> str:
        """The class of its badge."""
        return "is-bad" if self.is_barred else TONES[self.standing]

    @property
    def status(self) -> str:
        """What the draft's status is called."""
        return str(Draft.Status(self.column.status).label)


@login_required
@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole matrix for the script, and a page of it for who has none."""
    project = owners_project(request, pk)
    matrix, said = distribution(project, at=timezone.now()), words()
    holders = Paginator(matrix.rows, _HOLDERS_A_PAGE).get_page(request.GET.get("page"))
    drafts = Paginator(range(len(matrix.columns)), _DRAFTS_A_PAGE).get_page(request.GET.get("drafts"))
    context = {
        "project": project,
        "tab": "matrix",
        "matrix": as_json(matrix),
        "words": said,
        "statuses": dict(Draft.Status.choices),
        "holders": holders,
        "drafts": drafts,
        "shown_columns": [matrix.columns[column] for column in drafts],
        "lines": [(row, _cells(matrix, row, drafts, said), _counts(matrix, row)) for row in holders],
        "row_count": len(matrix.rows),
        "column_count": len(matrix.columns),
    } | rights(signed_in(request))
    return render(request, "projects/matrix.html", context)


@login_required
@require_safe
def holder(request: HttpRequest, pk: int, person: str) -> HttpResponse:
    """One holder's row, lying down: a list of drafts, for phones and for selecting without a script."""
    project = owners_project(request, pk)
    found = get_object_or_404(Person.objects.select_related("party"), pk=person)
    matrix = distribution(project, at=timezone.now(), holder=found)
    row = matrix.rows[0] if matrix.rows else None
    cells = _cells(matrix, row, range(len(matrix.columns)), words()) if row else []
    context = {
        "project": project,
        "person": found,
        "row": row,
        "page": Paginator(cells, _DRAFTS_OF_A_HOLDER).get_page(request.GET.get("page")),
    } | rights(signed_in(request))
    return render(request, "projects/holder.html", context)


def as_json(matrix: Matrix) -> dict[str, Any]:
    """Return the matrix as the script reads it: 60 kB for 200 × 300, names apart."""
    return {
        "columns": [[column.id, column.name, column.revision, column.status] for column in matrix.columns],
        "rows": [
            {
                "id": row.person,
                "name": row.name,
                "party": row.party,
                "tier": row.tier,
                "no": row.refusals,
                "lapses": row.lapses.isoformat() if row.lapses else "",
                "cells": row.cells,
                "children": row.children,
            }
            for row in matrix.rows
        ],
    }


def _cells(matrix: Matrix, row: Row, numbers: Iterable[int], said: Mapping[Standing, str]) -> list[Cell]:
    """Return the cells of a row in the columns of these numbers."""
    found = []
    for number in numbers:
        column, standing = matrix.columns[number], Standing(row.cells[number])
        is_barred = standing in OPEN and column.status in row.refusals
        found.append(Cell(standing, said[standing], is_barred, row.children.get(number, 0), column))
    return found


def _counts(matrix: Matrix, row: Row) -> dict[str, int]:
    return {
        "open": sum(row.cells.count(standing) for standing in OPEN),
        "opened": row.cells.count(Standing.OPENED),
        "ended": row.cells.count(Standing.REVOKED) + row.cells.count(Standing.EXPIRED),
        "waiting": row.cells.count(Standing.MAKING),
        "faulty": row.cells.count(Standing.FAULTY),
        "barred": sum(
            letter in OPEN and column.status in row.refusals
            for letter, column in zip(row.cells, matrix.columns, strict=True)
        ),
    }
