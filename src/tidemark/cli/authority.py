"""The time-stamp authority: where it is, and one request to it. The only place where Tidemark uses the network."""

import http.client
import os
import time
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from tidemark import limits
from tidemark.cli.inputs import read_file
from tidemark.errors import AuthorityUnreachable

_TIMEOUT_S = 30


@dataclass(frozen=True, slots=True)
class Authority:
    """Where the authority is asked, and the certificates (PEM) that its answers must lead to."""

    address: str = field(repr=False)
    roots: bytes

    @property
    def host(self) -> str:
        """What may be shown of the address: the rest may hold a password."""
        return urllib.parse.urlsplit(self.address).hostname or "?"


def configured() -> Authority:
    """Return the authority that TIDEMARK_TIMESTAMP_URL and TIDEMARK_TIMESTAMP_ROOTS name.

    Raises
    ------
    AuthorityUnreachable
        If one of them is not set, or the address is not of HTTP.
    UnreadableFile
        If the roots cannot be read.
    """
    address, roots = os.environ.get("TIDEMARK_TIMESTAMP_URL", ""), os.environ.get("TIDEMARK_TIMESTAMP_ROOTS", "")
    if not address.startswith(("http://", "https://")) or not roots:
        raise AuthorityUnreachable(
            "No time-stamp authority is set. Give its address in TIDEMARK_TIMESTAMP_URL (http:// or https://) and a "
            "file with its root certificate in TIDEMARK_TIMESTAMP_ROOTS."
        )
    return Authority(address, read_file(Path(roots), limit_bytes=limits.MAX_CERTIFICATE_BYTES))


def ask(authority: Authority, request: bytes) -> bytes:
    """Send a request (RFC 3161, section 3.4) and return the answer's bytes, nothing of it checked.

    Raises
    ------
    AuthorityUnreachable
        If there is no answer, or it is too long.
    """
    sent = urllib.request.Request(
        authority.address, data=request, headers={"Content-Type": "application/timestamp-query"}
    )
    try:
        with urllib.request.urlopen(sent, timeout=_TIMEOUT_S) as answer:
            data = _read(answer)
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise AuthorityUnreachable(
            f"The time-stamp authority {authority.host} does not answer ({type(error).__name__}). The checkpoint is "
            "signed; stamp it later with tidemark ledger checkpoint --stamp."
        ) from error
    if len(data) > limits.MAX_STAMP_BYTES:
        raise AuthorityUnreachable(f"The time-stamp authority {authority.host} answers with too many bytes.")
    return data


def _read(answer: http.client.HTTPResponse) -> bytes:
    """Read an answer of limited length in limited time: each single read may take as long as the timeout."""
    ends, data = time.monotonic() + 2 * _TIMEOUT_S, b""
    while len(data) <= limits.MAX_STAMP_BYTES:
        piece = answer.read1(8192)
        if not piece:
            break
        data += piece
        if time.monotonic() > ends:
            raise TimeoutError
    return data
