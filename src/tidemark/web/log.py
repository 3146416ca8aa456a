"""What the server writes to stderr: one line a request, and the traceback of what broke. No query, no secret, no name.

Python's tracebacks hold lines of source and the error's own message, never the values of variables.
"""

import logging
import logging.config
import time
from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from django.http import HttpRequest

from tidemark.web.shown_path import shown_path

_requests = logging.getLogger("tidemark.requests")

_CONFIGURATION: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"masked": {"()": "tidemark.web.log.MaskedPath"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["masked"]}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "tidemark": {"level": "INFO"},
        "django.request": {"level": "ERROR"},  # each 4xx has its line already
        "django.security": {"level": "CRITICAL"},  # so has a wrong host, whose name anybody may choose
    },
}


def start_logging() -> None:
    """Send what is logged to stderr."""
    logging.config.dictConfig(_CONFIGURATION)


class MaskedPath(logging.Filter):
    """Put the path of Django's own lines as :func:`shown_path` has it."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest) and isinstance(record.args, tuple):
            record.args = tuple(shown_path(request.path) if each == request.path else each for each in record.args)
        return True


class Logged:
    """A WSGI application that writes a line for each request that it has answered."""

    def __init__(self, application: Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]) -> None:
        self._application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        started = time.perf_counter()

        def noting(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            _requests.info(
                "%s %s %s %.0f ms",
                environ.get("REQUEST_METHOD", "?"),
                shown_path(environ.get("PATH_INFO", "").encode("latin-1", "replace").decode("utf-8", "replace")),
                status.partition(" ")[0],
                1000 * (time.perf_counter() - started),
            )
            return start_response(status, headers, *rest)

        return self._application(environ, noting)
