"""The application as servers run it: HEAD is answered as GET is, without the body; connections outlive a request."""

from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest
from django.db.backends.signals import connection_created

from tidemark.records.home import Home
from tidemark.web.wsgi import application


def ask(method: str, path: str) -> tuple[str, dict[str, str], bytes]:
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "HTTP_HOST": "127.0.0.1",
        "REMOTE_ADDR": "127.0.0.1",
    }
    setup_testing_defaults(environ)
    said: list[Any] = []
    body = b"".join(application(environ, lambda status, headers, *_rest: said.extend((status, dict(headers)))))  # type: ignore[arg-type, return-value]
    return said[0], said[1], body


@pytest.mark.parametrize("path", ["/accounts/login/", "/nowhere/"])
def test_head_has_no_body(home: Home, path: str) -> None:  # noqa: ARG001
    status, headers, body = ask("GET", path)
    assert body
    head_status, head_headers, head_body = ask("HEAD", path)
    assert (head_status, head_body) == (status, b"")
    assert head_headers["Content-Type"] == headers["Content-Type"]


def test_the_next_request_goes_on_with_the_last_ones_connection(home: Home) -> None:  # noqa: ARG001
    ask("GET", "/accounts/login/")
    opened: list[object] = []
    connection_created.connect(lambda **said: opened.append(said["connection"]), weak=False, dispatch_uid="opened")
    try:
        for _ in range(2):
            assert ask("GET", "/accounts/login/")[0] == "200 OK"
    finally:
        connection_created.disconnect(dispatch_uid="opened")
    assert opened == []
