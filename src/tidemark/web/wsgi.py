"""The WSGI application, for a server of one's own choice; ``tidemark serve`` runs the same one."""

from collections.abc import Callable, Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

from django.core.wsgi import get_wsgi_application

Application = Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]


def without_bodies_for_head(inner: Application) -> Application:
    """Answer HEAD with the headers alone.

    Django leaves it to the server, and not every server does it: a proxy that keeps the connection open would take the
    body for its next answer, which may be another person's.
    """

    def outer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        answer = inner(environ, start_response)
        if environ.get("REQUEST_METHOD") != "HEAD":
            return answer
        if hasattr(answer, "close"):
            answer.close()
        return ()

    return outer


application = without_bodies_for_head(get_wsgi_application())
