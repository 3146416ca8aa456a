"""Who may look at leaks: the owner's people with a role for it. To everybody else there are none."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.leaks.models import Leak, Match, Post
from tidemark.web.accounts.signed_in import signed_in


def reader(request: HttpRequest, act: Act = Act.SEE_LEAKS) -> Person:
    """Return the person who asks; 404 for other parties' people, 403 for the owner's without the role."""
    person = signed_in(request)
    if not person.is_owners:
        raise Http404
    if not person.may(act):
        raise PermissionDenied
    return person


def posts_for(person: Person) -> QuerySet[Post]:
    """Return the posts that somebody may see."""
    return Post.objects.filter(leak__in=Leak.objects.visible_to(person))


def matches_for(person: Person) -> QuerySet[Match]:
    """Return the matches of traces that somebody may see."""
    return Match.objects.filter(trace__post__in=posts_for(person))
