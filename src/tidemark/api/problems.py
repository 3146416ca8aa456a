"""Errors as problem documents (RFC 9457): one form for whatever goes wrong, from whichever layer.

``type`` is what a program decides by and never changes; ``title`` and ``detail`` are for people, in their language.
A problem says nothing of what the asker may not see: an object of somebody else and one that does not exist give the
same one, and what broke inside is told to the log alone, under a number that the answer has too.
"""

import json
import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.core.exceptions import (
    BadRequest,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext
from ninja import NinjaAPI
from ninja.errors import HttpError, Throttled, ValidationError

from tidemark.errors import (
    LimitExceeded,
    Refused,
    TidemarkError,
    UnknownCheckpoint,
    UnknownCopy,
    Unmarkable,
    UnreadableFile,
)
from tidemark.records.requests.once import OtherRequest

MEDIA_TYPE = "application/problem+json"
PREFIX = "/api/"
_TYPE = "urn:tidemark:problem:"
NAMES = {
    400: "malformed",
    401: "unauthenticated",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    409: "refused",
    413: "too-large",
    415: "wrong-media-type",
    422: "invalid",
    429: "too-many-requests",
    503: "unavailable",
}

log = logging.getLogger("tidemark.api")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a request: where in it, and what was expected there."""

    at: str
    what: str


class Problem(Exception):
    """Raised by an operation to answer with a problem."""

    def __init__(self, status: int, detail: str, *, name: str = "", faults: tuple[Fault, ...] = ()) -> None:
        super().__init__(detail)
        self.status, self.detail, self.name, self.faults = status, detail, name, faults


def forbidden(detail: str, *, name: str = "") -> Problem:
    return Problem(403, detail, name=name)


def missing() -> Problem:
    return Problem(404, gettext("There is no such thing here, or it is not yours to see."))


def invalid(at: str, what: str) -> Problem:
    """Return the problem of a value in the body that names nothing that its sender may use."""
    return invalid_at(Fault(at, what))


def invalid_at(*faults: Fault) -> Problem:
    return Problem(422, gettext("The request is not as it should be."), faults=faults)


def unknown_name() -> str:
    return gettext("There is no such name here.")


def answer(
    status: int, detail: str, *, name: str = "", faults: tuple[Fault, ...] = (), more: Mapping[str, str] | None = None
) -> HttpResponse:
    """Return a problem document."""
    body: dict[str, object] = {
        "type": _TYPE + (name or NAMES.get(status, "broken" if status >= 500 else "malformed")),
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        **(more or {}),
    }
    if faults:
        body["errors"] = [{"at": fault.at, "what": fault.what} for fault in faults]
    response = HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type=MEDIA_TYPE)
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="Tidemark"'
    return response


def install(api: NinjaAPI) -> None:
    """Have the API answer every exception with a problem."""
    for kind in (Exception, Http404, HttpError, ValidationError):  # the last three have handlers of ninja's own
        api.add_exception_handler(kind, _answer_to)


def _answer_to(request: HttpRequest, said: Any) -> HttpResponse:
    if isinstance(said, Problem):
        return _of(said)
    if isinstance(said, Http404):
        return _of(missing())
    if isinstance(said, ValidationError):
        return _invalid(said)
    if isinstance(said, HttpError):
        return _http(said)
    if isinstance(said, SuspiciousOperation):
        return _suspicious(said)
    if isinstance(said, (MultiPartParserError, UnreadablePostError, BadRequest)):
        return answer(400, gettext("The body cannot be read. Send JSON in UTF-8, or the form that is asked for."))
    for kind, status, name in OWN:
        if isinstance(said, kind):
            return answer(status, str(said), name=name)
    number = secrets.token_hex(6)
    log.error("Fault %s at %s %s", number, request.method, request.path, exc_info=said)
    return broken(number)


def _of(problem: Problem) -> HttpResponse:
    return answer(problem.status, problem.detail, name=problem.name, faults=problem.faults)


def _invalid(said: ValidationError) -> HttpResponse:
    return _of(invalid_at(*(Fault(_place(error["loc"]), _what(error)) for error in said.errors)))


def _place(loc: Sequence[str | int]) -> str:
    """Return where a fault is, in the sender's words: a body has no name there, only in the operation's signature."""
    source, *within = loc
    return ".".join(str(part) for part in (source, *(within[1:] if source == "body" else within)))


def _what(error: Mapping[str, Any]) -> str:
    return unknown_name() if error["type"] == "extra_forbidden" else str(error["msg"])


def _http(said: HttpError) -> HttpResponse:
    if said.status_code == 401:
        return answer(401, gettext("Sign in, or send a valid token: Authorization: Bearer tdmk_…"))
    if isinstance(said, Throttled):
        return answer(429, gettext("Too many requests. Wait as long as Retry-After says."))
    if isinstance(said.__cause__, RequestDataTooBig):
        return _suspicious(said.__cause__)
    if said.status_code == 400:
        return answer(400, gettext("The body cannot be read. Send JSON in UTF-8, or the form that is asked for."))
    return answer(said.status_code, said.message)


def _suspicious(said: SuspiciousOperation) -> HttpResponse:
    if isinstance(said, (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)):
        return answer(413, gettext("The request is too large."))
    return answer(400, gettext("The request cannot be read."))


OWN: tuple[tuple[type[TidemarkError], int, str], ...] = (
    (OtherRequest, 422, "idempotency-key-reused"),
    (Refused, 409, "refused"),
    (LimitExceeded, 413, "too-large"),
    (UnreadableFile, 422, "unreadable-file"),
    (Unmarkable, 422, "unmarkable"),
    (UnknownCopy, 404, "not-found"),
    (UnknownCheckpoint, 404, "not-found"),
)
"""Errors that their reader can do something about. Of all others the message speaks of the server's own folders."""


def broken(number: str) -> HttpResponse:
    return answer(
        500,
        gettext(
            "Something broke here. Tell the operator the fault's number, and look what was done before you try again."
        ),
        more={"fault": number},
    )


class ProblemsMiddleware:
    """Turn whatever error leaves the server under ``/api/`` into a problem, and keep answers out of caches.

    What no operation answers for comes through here: unknown addresses, methods that are not offered, requests that
    Django itself refuses.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        try:
            response = self.get_response(request)
        except Exception as said:  # the page that tells of errors has failed itself
            response = _answer_to(request, said)
        if response.status_code >= 400 and response.headers.get("Content-Type") != MEDIA_TYPE:
            allow = response.headers.get("Allow")
            response = _plain(response.status_code)
            if allow:
                response.headers["Allow"] = allow
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


def _plain(status: int) -> HttpResponse:
    if status == 404:
        return _of(missing())
    if status == 405:
        return answer(405, gettext("This address does not offer this method; Allow says which it offers."))
    if status == 403:
        return answer(403, gettext("Set up a second factor on the pages first, or use a token."), name="second-factor")
    if status >= 500:
        return broken("-")
    return answer(status, gettext("The request cannot be read."))
