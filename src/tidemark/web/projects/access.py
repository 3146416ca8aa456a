"""Who asks, and what of it he or she may see: the first lines of every view of projects, drafts and copies."""

import logging
from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from tidemark.errors import LimitExceeded, Refused, TidemarkError, Unmarkable, UnreadableFile
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.projects.models import Draft, Project
from tidemark.web.accounts.signed_in import signed_in

PAGE_ROWS = 50

_log = logging.getLogger(__name__)

_Row = TypeVar("_Row", bound=Model)


def owners_person(request: HttpRequest) -> Person:
    """Return who asks, if of the owner's; to everybody else the page does not exist."""
    person = signed_in(request)
    if not person.is_owners:
        raise Http404
    return person


def owners_project(request: HttpRequest, pk: int) -> Project:
    """Return a project for a page of the owner's."""
    return get_object_or_404(Project.objects.visible_to(owners_person(request)), pk=pk)


def owners_draft(request: HttpRequest, pk: str) -> Draft:
    """Return a draft for a page of the owner's."""
    rows = Draft.objects.visible_to(owners_person(request)).select_related("project", "uploaded_by")
    return get_object_or_404(rows, pk=pk)


def require(person: Person, act: Act) -> None:
    """Raise unless a role of the person allows it: a colleague is told that he or she may not."""
    if not person.may(act):
        raise PermissionDenied


def page_of(
    rows: QuerySet[_Row], request: HttpRequest, *, size: int = PAGE_ROWS, parameter: str = "page"
) -> "Page[_Row]":
    """Return the page that the address asks for by a parameter of it; the nearest one if there is no such."""
    return Paginator(rows, size).get_page(request.GET.get(parameter))


def as_told(error: TidemarkError) -> str:
    """Return what a person is told of an error: all of what was asked amiss; of the store, only that it has a fault.

    Those messages name the server's folders and say how to mend them: they are for the log and ``tidemark check``.
    """
    if isinstance(error, Refused | UnreadableFile | LimitExceeded | Unmarkable):
        said = str(error)
        return said[:1].upper() + said[1:]
    _log.error("%s: %s", type(error).__name__, error)
    return _("Tidemark’s own store has a fault; nothing was changed. Tell whoever runs it: tidemark check says more.")


def rights(person: Person) -> dict[str, bool]:
    """Return what the person may do, by the names that templates ask for. The records decide anew at each action."""
    return {
        "may_manage": person.may(Act.MANAGE_PROJECTS),
        "may_release": person.may(Act.RELEASE),
        "sees_originals": person.may(Act.SEE_ORIGINALS),
        "sees_ledger": person.may(Act.SEE_LEDGER),
    }
