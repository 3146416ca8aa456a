"""What every operation of the API has in common, so that none can be written without it.

An operation names the act that it is (and by it the scope that a token needs). Around its function, from outside in:

    1. the body's media type      415
    2. who calls                  401, scope or CSRF 403
    3. the allowance              429
    4. the request's form         422
    5. the idempotency key        a kept answer, 409, 422
    6. the function itself        404 for what the caller may not see, 403 for what no role of his allows, 409
"""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from ninja import Router
from ninja.decorators import decorate_view

from tidemark.api import problems
from tidemark.api.callers import Allowance, PersonalToken, SignedIn, caller
from tidemark.api.sent import exactly
from tidemark.limits import MAX_IDEMPOTENCY_KEY_CHARS
from tidemark.records.accounts.roles import Act
from tidemark.records.accounts.scopes import Scope, scope_for
from tidemark.records.requests.once import Answer, begin, give_up, keep

F = TypeVar("F", bound=Callable[..., Any])

JSON = "application/json"
FORM = "multipart/form-data"
FILE = "application/octet-stream"
_KEY = "Idempotency-Key"


class Subject(Router):
    """The operations on one subject."""

    def __init__(self, name: str) -> None:
        super().__init__(tags=[name])

    def reads(self, path: str, response: Any, *, media_type: str = JSON) -> Callable[[F], F]:
        """Offer a look at something: ``GET``, with the scope ``read``."""
        return self._offers("GET", path, Scope.READ, {200: response}, media_type=media_type)

    def does(
        self,
        method: str,
        path: str,
        act: Act,
        response: Any,
        *,
        status: int = 200,
        body: str = JSON,
        media_type: str = JSON,
    ) -> Callable[[F], F]:
        """Offer an act. A ``POST`` that answers with JSON may carry an idempotency key."""
        return self._offers(method, path, scope_for(act), {status: response}, body=body, media_type=media_type)

    def changes(
        self, method: str, path: str, scope: Scope, response: Any, *, status: int = 200, body: str = JSON
    ) -> Callable[[F], F]:
        """Offer a change that needs no role, only the right person."""
        return self._offers(method, path, scope, {status: response}, body=body)

    def _offers(
        self,
        method: str,
        path: str,
        scope: Scope,
        response: dict[int, Any],
        *,
        body: str = JSON,
        media_type: str = JSON,
    ) -> Callable[[F], F]:
        is_once = method == "POST" and media_type == JSON

        def offer(function: F) -> F:
            told = exactly(_once(function) if is_once else function, path)
            checked: Any = decorate_view(_checking(body, is_once=is_once))(told)
            self.api_operation(
                [method],
                path,
                auth=[PersonalToken(scope), SignedIn()],
                throttle=[Allowance()],
                response={status: None if media_type != JSON else form for status, form in response.items()},
                operation_id=function.__name__,
                summary=(function.__doc__ or "").partition("\n")[0].rstrip("."),
                description=_description(function, scope),
                openapi_extra=_described(response, media_type=media_type, is_once=is_once, scope=scope),
            )(checked)
            return function

        return offer


def _checking(body: str, *, is_once: bool) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Check the media type before anything else; keep the answer after everything else."""

    def around(run: Any) -> Callable[..., HttpResponse]:
        takes_body = any(model.__ninja_param_source__ in ("body", "form", "file") for model in run.__self__.models)

        @wraps(run)
        def checked(request: HttpRequest, **values: Any) -> HttpResponse:
            if takes_body and request.content_type != body:
                return problems.answer(415, gettext("Send the body as %(type)s.") % {"type": body})
            response: HttpResponse = run(request, **values)
            if is_once:
                _keep(request, response)
            return response

        return checked

    return around


def _once(function: F) -> F:
    """Answer a request whose key is known with what was answered before."""

    @wraps(function)
    def once(request: HttpRequest, **values: Any) -> Any:
        key = request.headers.get(_KEY)
        if key is None:
            return function(request, **values)
        if not 1 <= len(key) <= MAX_IDEMPOTENCY_KEY_CHARS or not key.isascii() or not key.isprintable():
            raise problems.invalid(
                f"header.{_KEY}",
                gettext("1 to %(most)d printable ASCII characters are expected.") % {"most": MAX_IDEMPOTENCY_KEY_CHARS},
            )
        before = begin(caller(request).person, key, _fingerprint(request), now=timezone.now())
        if before is not None:
            return HttpResponse(
                before.body,
                status=before.status,
                content_type=before.content_type,
                headers={"Idempotent-Replay": "true"},
            )
        request.kept_under = key  # type: ignore[attr-defined]
        return function(request, **values)

    return once  # type: ignore[return-value]


def _keep(request: HttpRequest, response: HttpResponse) -> None:
    key = getattr(request, "kept_under", None)
    if key is None:
        return
    person = caller(request).person
    if response.status_code >= 500 or response.status_code == 429:
        give_up(person, key)
    else:
        keep(person, key, Answer(response.status_code, response.headers["Content-Type"], response.content))


def _fingerprint(request: HttpRequest) -> str:
    """Return what two requests with one key must have in common: method, address, and every byte of what was sent."""
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if request.content_type != FORM:
        digest.update(request.body)
        return digest.hexdigest()
    for name, value in sorted((name, value) for name, values in request.POST.lists() for value in values):
        digest.update(repr((name, value)).encode(errors="replace"))
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            content = hashlib.sha256()
            for chunk in file.chunks():
                content.update(chunk)
            file.seek(0)
            digest.update(repr((name, file.name, content.hexdigest())).encode(errors="replace"))
    return digest.hexdigest()


def _description(function: Callable[..., Any], scope: Scope) -> str:
    said = " ".join((function.__doc__ or "").partition("\n")[2].split())
    return f"{said} Needs the scope `{scope}`.".strip()


def _described(response: dict[int, Any], *, media_type: str, is_once: bool, scope: Scope) -> dict[str, Any]:
    """Return what the OpenAPI description says of an operation beside its function's signature."""
    responses: dict[Any, Any] = {"default": {"$ref": "#/components/responses/Problem"}}
    if media_type != JSON:
        form = {"type": "string", "contentMediaType": FILE}
        responses.update({status: {"content": {FILE: {"schema": form}}} for status in response})
    extra: dict[str, Any] = {"responses": responses, "x-scope": str(scope)}
    if is_once:
        extra["parameters"] = [{"$ref": "#/components/parameters/IdempotencyKey"}]
    return extra
