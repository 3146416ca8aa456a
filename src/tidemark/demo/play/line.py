"""A person's line to the API: plain HTTP with a personal token, as any program would call it."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from tidemark.errors import TidemarkError

_PATIENCE_S = 600
"""For one answer; what takes longer is done in the background."""


class Astray(TidemarkError):
    """The play met something that the truth does not allow: an answer, a verdict, a door that should be closed."""


@dataclass(frozen=True, slots=True)
class File:
    """A file that is sent with a form."""

    name: str
    data: bytes


class Line:
    """What one person can say to the server.

    Parameters
    ----------
    address : str
        Of the server, such as ``http://localhost:8000``.
    token : str
        A personal token of the person.
    """

    def __init__(self, address: str, token: str) -> None:
        where = urlsplit(address)
        self._host, self._port = where.hostname or "", where.port
        self._token = token

    def get(self, path: str, **query: object) -> Any:
        """Return what a ``GET`` answers."""
        return self._done("GET", f"{path}?{urlencode(query)}" if query else path)

    def post(self, path: str, body: object = None, *, file: File | None = None) -> Any:
        """Return what a ``POST`` answers; with a file, the body's values are sent as a form."""
        return self._done("POST", path, body, file=file)

    def put(self, path: str, body: object) -> Any:
        """Return what a ``PUT`` answers."""
        return self._done("PUT", path, body)

    def fetch(self, path: str, *, method: str = "GET") -> bytes:
        """Return the bytes of a file."""
        status, data = self._said(method, path, {} if method == "POST" else None)
        if status >= 400:
            raise Astray(f"{method} {path} was answered with {status}: {_detail(data)}")
        return data

    def refused(self, path: str, body: object = None, *, method: str = "POST", status: int = 409) -> str:
        """Do what must be refused; return the reason that is given.

        Raises
        ------
        Astray
            If it is not.
        """
        seen, data = self._said(method, path, None if method == "GET" else body or {})
        if seen != status:
            raise Astray(f"{method} {path} must be refused with {status}, and was answered with {seen}.")
        return _detail(data)

    def _done(self, method: str, path: str, body: object = None, *, file: File | None = None) -> Any:
        status, data = self._said(method, path, None if method == "GET" else body or {}, file=file)
        if status >= 400:
            raise Astray(f"{method} {path} was answered with {status}: {_detail(data)}")
        return json.loads(data) if data else None

    def _said(self, method: str, path: str, body: object, *, file: File | None = None) -> tuple[int, bytes]:
        headers = {"Authorization": f"Bearer {self._token}", "Accept-Language": "en"}
        sent = b""
        if file is not None and isinstance(body, Mapping):
            headers["Content-Type"], sent = form(body, file)
        elif body is not None:
            headers["Content-Type"], sent = "application/json", json.dumps(body).encode()
        connection = HTTPConnection(self._host, self._port, timeout=_PATIENCE_S)
        try:
            connection.request(method, f"/api/v1{quote(path, safe='/?&=%+')}", sent, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, HTTPException) as error:
            raise Astray(f"{method} {path} was not answered: {error}.") from error
        finally:
            connection.close()


def form(values: Mapping[str, object], file: File) -> tuple[str, bytes]:
    """Return the media type and the bytes of a form with one file; values that are None are left out."""
    border = secrets.token_hex(16)
    parts = [
        f'--{border}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in values.items()
        if value is not None
    ]
    name = file.name.replace('"', "'")
    head = f'--{border}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
    end = f"\r\n--{border}--\r\n".encode()
    return f"multipart/form-data; boundary={border}", b"".join([*parts, head, file.data, end])


def _detail(data: bytes) -> str:
    try:
        said = json.loads(data)
    except ValueError:
        return data[:200].decode(errors="replace")
    return f"{said.get('detail', '')} {json.dumps(said['errors']) if said.get('errors') else ''}".strip()
