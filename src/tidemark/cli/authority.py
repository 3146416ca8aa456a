"""The time-stamp authority: where it is, and one request to it. The only place where Tidemark uses the network."""

import http.client
import os
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from tidemark import limits
from tidemark.cli.inputs import read_file
from tidemark.errors import AuthorityUnreachable

_TIMEOUT_S = 30
_MAX_ROOTS_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Authority:
    """Where the authority is asked, and the certificates (PEM) that its answers must lead to."""

    address: str
    roots: bytes


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
    return Authority(address, read_file(Path(roots), limit_bytes=_MAX_ROOTS_BYTES))


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
            data: bytes = answer.read(limits.MAX_STAMP_BYTES + 1)
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise AuthorityUnreachable(
            f"The time-stamp authority at {authority.address} does not answer: {error}. The checkpoint is signed; "
            "stamp it later with tidemark ledger checkpoint --stamp."
        ) from error
    if len(data) > limits.MAX_STAMP_BYTES:
        raise AuthorityUnreachable(f"The time-stamp authority at {authority.address} answers with too many bytes.")
    return data
