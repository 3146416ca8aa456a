"""A line to the API says who speaks, and never takes a refusal for an answer, nor an answer for a refusal."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tidemark.demo.play.line import Astray, File, Line, form


class _Server(BaseHTTPRequestHandler):
    """Answers with what it was asked; refuses what is asked below /refused."""

    def _answer(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        said = {"path": self.path, "token": self.headers["Authorization"], "body": self.rfile.read(size).decode()}
        is_refused = "/refused" in self.path
        self.send_response(409 if is_refused else 200)
        self.end_headers()
        self.wfile.write(json.dumps({"detail": "Because."} if is_refused else said).encode())

    do_GET = do_POST = do_PUT = _answer  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def line() -> Iterator[Line]:
    server = HTTPServer(("127.0.0.1", 0), _Server)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Line(f"http://127.0.0.1:{server.server_port}", "tdmk_x")
    server.shutdown()
    thread.join()
    server.server_close()


def test_each_call_is_below_the_apis_address_with_the_token(line: Line) -> None:
    assert line.get("/copies", limit=1) == {"path": "/api/v1/copies?limit=1", "token": "Bearer tdmk_x", "body": ""}
    assert line.post("/cases", {"title": "a"})["body"] == '{"title": "a"}'


def test_a_refusal_that_is_expected_is_told_and_any_other_is_raised(line: Line) -> None:
    assert line.refused("/refused") == "Because."
    with pytest.raises(Astray, match="must be refused"):
        line.refused("/granted")
    with pytest.raises(Astray, match=r"POST /refused was answered with 409: Because\."):
        line.post("/refused")


def test_a_server_that_is_not_there_is_told() -> None:
    with pytest.raises(Astray, match="was not answered"):
        Line("http://127.0.0.1:9", "tdmk_x").get("/me")


def test_a_form_leaves_out_what_is_not_said() -> None:
    kind, data = form({"a": "b", "c": None}, File('x".png', b"\x89PNG"))
    border = kind.partition("boundary=")[2].encode()
    assert data.count(border) == 3
    assert b'name="a"\r\n\r\nb\r\n' in data
    assert b'name="c"' not in data
    assert b'filename="x\'.png"' in data
