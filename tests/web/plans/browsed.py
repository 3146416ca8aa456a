"""Going to pages by their names, as somebody."""

from collections.abc import Callable

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

Browse = Callable[..., Client]


def get(browse: Browse, who: str, name: str, *args: object) -> str:
    """Return the text of a page."""
    answer = browse(who).get(reverse(name, args=args))
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def post(browse: Browse, who: str, name: str, *args: object, **data: object) -> HttpResponse:
    """Send a form."""
    return browse(who).post(reverse(name, args=args), data)  # type: ignore[return-value]
