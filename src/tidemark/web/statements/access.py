"""Who may look at statements: the owner's people who work on cases. To everybody else there are none."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.statements.models import Statement
from tidemark.web.cases.access import worker


def statements_for(person: Person) -> QuerySet[Statement]:
    """Return the statements that somebody may see."""
    rows = Statement.objects.visible_to(person)
    return rows.select_related("case__project", "follows", "created_by", "issued_by")


def statement_for(request: HttpRequest, pk: str, *acts: Act) -> tuple[Person, Statement]:
    """Return the person who asks, and the statement with which a role of the person allows one of these acts."""
    person = worker(request, *acts)
    return person, get_object_or_404(statements_for(person), pk=pk)
