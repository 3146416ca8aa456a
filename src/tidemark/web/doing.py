"""The shape of a view that does something: find the row, do it, tell what came of it, go to a page.

Who may see the row, and whether a role of the person allows it at all, is settled before: each subject's ``…_for``
raises 404 or 403. Whether it can be done now, the action decides, and its refusal is told in its own words.
"""

from collections.abc import Callable
from typing import TypeVar

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tidemark.errors import Refused
from tidemark.records.accounts.models import Person

Made = TypeVar("Made")
Row = TypeVar("Row", bound=Model)


def told(request: HttpRequest, act: Callable[[], object], said: str) -> bool:
    """Do it, and tell that it was done, or why not; return whether it was. Of '' nothing is told."""
    try:
        act()
    except Refused as refused:
        messages.error(request, str(refused))
        return False
    if said:
        messages.success(request, said)
    return True


def made(request: HttpRequest, act: Callable[[], Made], said: str) -> Made | None:
    """Make something, and tell that it was made, or why not; return it, None if it was refused."""
    kept = list[Made]()
    return kept[0] if told(request, lambda: kept.append(act()), said) else None


def do(
    request: HttpRequest, found: tuple[Person, Row], act: Callable[[Row, Person], object], said: str, page: str
) -> HttpResponse:
    """Do something with a row that was found for a person, tell, and go to the row's page.

    Parameters
    ----------
    found : tuple of Person and Row
        Who asks, and the row.
    act : callable
        What is done with the row, by the person.
    said : str
        What the person is told once it is done; '' for nothing.
    page : str
        Name of the address of the row's page.
    """
    person, row = found
    told(request, lambda: act(row, person), said)
    return redirect(page, row.pk)
