"""Lies, made systematically, each in up to four ways: what a stranger changes without the key, what the owner seals
anew over the ledger as it is, what the owner makes the whole ledger agree with, and what is sealed by another key.

Every one is found, and the step that fails is the one that speaks of it. Here is what the tables of lies share.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from tests.evidence.affair import FIRST_COPY, TRACE, Story, story, told, unsealed
from tests.evidence.test_verify import fails_at
from tests.ledger.workshop import VKEY
from tidemark.evidence.verify import verify

ACCUSED = FIRST_COPY + 2  # the place of "copy 2"


@cache
def honest() -> Story:
    return story("copy 2")


@cache
def honest_file() -> bytes:
    return told(honest())


def check(false: bytes, step: int, *, sealed: bool = True) -> None:
    """Assert that a lie is found in its step, and, where it was sealed anew, without the new seal in the second."""
    found = verify(false, vkey=VKEY)
    assert fails_at(found) == step, [each.detail for each in found.steps if not each.holds]
    assert not found.valid
    assert found.steps[step - 1].detail
    if sealed and step > 2:
        assert fails_at(verify(unsealed(honest_file(), false), vkey=VKEY)) == 2


def first_named() -> dict[str, Any]:
    """Return what the trace in the ledger says of the accused copy."""
    named: Any = honest().entries[TRACE].body["accused"]
    return dict(named[0])


def both(index: int, body: Mapping[str, Any], **said: Any) -> Story:
    return honest().with_body(index, **body).saying(**said)


def flipped(data: bytes, at: int = 0) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
