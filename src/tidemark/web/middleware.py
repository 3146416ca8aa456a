"""What happens around every request: the person's language, nothing for caches, a second factor if one is due."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation

from tidemark.records.accounts.models import Person

Respond = Callable[[HttpRequest], HttpResponse]


class PersonsLanguageMiddleware:
    """Use the language that the person has chosen; for who is not signed in, the browser's."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.user.language if request.user.is_authenticated else ""
        with translation.override(chosen or translation.get_language_from_request(request)):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or "en")
        return response


class NoNulMiddleware:
    """Refuse a NUL in an address or a field: no text that people write has one, and PostgreSQL cannot store it.

    The API's own forms refuse it, and say where it is.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        """Look at the fields once the check of the CSRF token has read them."""
        if request.path.startswith("/api/"):
            return
        fields = (value for sent in (request.GET, request.POST) for _, values in sent.lists() for value in values)
        if "\0" in request.path or any("\0" in value for value in fields):
            raise BadRequest("a NUL in the address or in a field")


class PrivatePagesMiddleware:
    """Let no cache keep what was made for one person, unless the view has said how long it may."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if is_page or (request.user.is_authenticated and "Cache-Control" not in response.headers):
            response.headers["Cache-Control"] = "no-store, private"
        return response


class SecondFactorMiddleware:
    """Send whoever must have a second factor and has none to the page where one is set up.

    Who that is, ``TIDEMARK_REQUIRE_MFA`` says. Requests with a token are not of a session and pass.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = request.user
        if isinstance(person, Person) and must_have_second_factor(person) and not _is_on_the_way(request.path):
            if request.path.startswith("/api/"):
                return HttpResponse("A second factor is required.\n", status=403, content_type="text/plain")
            return redirect("second_factor_due")
        return self.get_response(request)


def must_have_second_factor(person: Person) -> bool:
    """Whether the person has to set up a second factor before anything else."""
    rule = settings.REQUIRE_MFA
    is_asked = rule == "all" or (rule == "owner" and person.is_owners)
    return is_asked and not is_mfa_enabled(person)


def _is_on_the_way(path: str) -> bool:
    """Whether a page is needed to set a second factor up, or to leave."""
    ways = (reverse("mfa_index"), reverse("account_logout"), reverse("account_reauthenticate"))
    return path == reverse("second_factor_due") or path.startswith((*ways, "/static/"))
