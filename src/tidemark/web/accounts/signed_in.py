"""Who asks. For views behind ``login_required``, where the type checker cannot know it."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from tidemark.records.accounts.models import Person


def signed_in(request: HttpRequest) -> Person:
    """Return the person who asks."""
    if not isinstance(request.user, Person):
        raise PermissionDenied
    return request.user
