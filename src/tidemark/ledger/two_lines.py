"""Files of two lines, as receipts and proofs of consistency are: what the file is, then one object of canonical JSON.

There is one way to write such a file, so no byte of it can be changed without the object becoming another one.
"""

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from typing import Any

from tidemark import limits
from tidemark.errors import UnreadableFile
from tidemark.ledger import canonical, merkle


def encode(scheme: str, version: int, fields: Mapping[str, Any]) -> bytes:
    """Return the file.

    Raises
    ------
    ValueError
        If the fields cannot be written as canonical JSON.
    """
    return f"{scheme} {version}\n".encode() + canonical.dumps(fields) + b"\n"


def decode(data: bytes, scheme: str, version: int, fields: frozenset[str], *, what: str) -> Mapping[str, Any]:
    """Read the object of such a file, which has exactly these fields.

    Raises
    ------
    UnreadableFile
        If these bytes are not written as :func:`encode` does, or are of a newer Tidemark. ``what`` names the file.
    """
    if len(data) > limits.MAX_RECEIPT_BYTES:
        raise UnreadableFile(f"A {what} has at most {limits.MAX_RECEIPT_BYTES:,} bytes; this has {len(data):,}.")
    header, _, rest = data.partition(b"\n")
    said = re.fullmatch(rf"{scheme} ([1-9][0-9]{{0,8}})".encode(), header)
    if not said:
        raise UnreadableFile(f'A {what} begins with the line "{scheme} {version}"; this does not. Give another file.')
    if int(said[1]) > version:
        raise UnreadableFile(
            f"This {what} is of version {int(said[1])}; this Tidemark reads up to {version}. Use the newer Tidemark."
        )
    if not rest.endswith(b"\n"):
        raise UnreadableFile(f"A {what} ends in a newline; this does not. Give the file whole.")
    found = canonical.loads(
        rest[:-1], what=what, max_bytes=limits.MAX_RECEIPT_BYTES, max_depth=limits.MAX_ENTRY_DEPTH + 1
    )
    canonical.check_fields(found, fields, what=what)
    return found


def hashes_text(hashes: Sequence[bytes]) -> str:
    """Write the hashes of a proof one after another, in base64url without padding."""
    return base64.urlsafe_b64encode(b"".join(hashes)).decode().rstrip("=")


def hashes_of(text: object) -> tuple[bytes, ...] | None:
    """Read what :func:`hashes_text` wrote; None unless it is written in the one canonical way."""
    if not isinstance(text, str) or not text.isascii() or "=" in text:
        return None
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error:
        return None
    hashes = tuple(data[at : at + merkle.HASH_BYTES] for at in range(0, len(data), merkle.HASH_BYTES))
    whole = len(data) % merkle.HASH_BYTES == 0
    return hashes if whole and hashes_text(hashes) == text else None
