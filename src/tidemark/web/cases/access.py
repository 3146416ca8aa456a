"""Who may look at cases, and who may do what there. To everybody else there are no cases."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.cases.models import Allegation, Case
from tidemark.web.accounts.signed_in import signed_in


def worker(request: HttpRequest, *acts: Act) -> Person:
    """Return the person who asks, if he or she works on cases and a role of the person allows one of these acts.

    To other parties' people there is no such page; the owner's without the role are told that they may not.
    """
    person = signed_in(request)
    if not person.is_owners:
        raise Http404
    if not person.may(Act.SEE_CASES) or not any(person.may(act) for act in acts or (Act.SEE_CASES,)):
        raise PermissionDenied
    return person


def case_or_404(person: Person, pk: str) -> Case:
    """Return the case if the person may see it."""
    known = Case.objects.visible_to(person).select_related("project", "assignee", "opened_by", "merged_into")
    return get_object_or_404(known, pk=pk)


def case_for(request: HttpRequest, pk: str, *acts: Act) -> tuple[Person, Case]:
    """Return the person who asks, and the case in which a role of the person allows one of these acts."""
    person = worker(request, *acts)
    return person, case_or_404(person, pk)


def allegations_for(person: Person) -> QuerySet[Allegation]:
    """Return the allegations that somebody may see.

    Raises
    ------
    PermissionDenied
        If it is one of the owner's people who does not work on cases.
    """
    if person.is_owners and not person.may(Act.SEE_CASES):
        raise PermissionDenied
    rows = Allegation.objects.visible_to(person)
    return rows.select_related("case__project", "case__assignee", "party", "agreement", "created_by")


def allegation_or_404(person: Person, pk: str) -> Allegation:
    """Return the allegation if the person may see it."""
    return get_object_or_404(allegations_for(person), pk=pk)


def allegation_for(request: HttpRequest, pk: str, *acts: Act) -> tuple[Person, Allegation]:
    """Return the person who asks, and the allegation with which a role of the person allows one of these acts."""
    person = worker(request, *acts)
    return person, allegation_or_404(person, pk)
