"""Ours behind functions of the same shape as the peers': mark a copy, trace a leak."""

import hashlib
from dataclasses import dataclass

from benchmarks.peers.codewords import COPIES
from tidemark.engine import keys
from tidemark.engine.carriers import image
from tidemark.engine.match import Candidate
from tidemark.engine.trace import trace

NAME = "Tidemark"

DECOYS = 1_000
"""As many as the drill takes; they check the null and name nobody."""

_SECRET = hashlib.sha256(b"tidemark bench against peers").digest()
_DRAFT = "bench"


@dataclass(frozen=True, slots=True)
class Named:
    """Copies accused at a bound of 10⁻⁶, and those named at 10⁻³: accused or suspected."""

    accused: frozenset[int]
    at_least_suspected: frozenset[int]


def key(copy: int) -> bytes:
    """The key of a copy."""
    return keys.copy_key(_SECRET, draft=_DRAFT, copy=str(copy))


def named(leak: bytes, draft: bytes, description: bytes) -> Named:
    """Trace a leak among :data:`COPIES` copies, on one thread."""
    issued = {str(copy): key(copy) for copy in range(COPIES)}
    candidate = Candidate(_DRAFT, description, lambda: draft, lambda: issued)
    found = trace(leak, [candidate], decoy_seed=b"bench", decoys=DECOYS, threads=1)
    accused = frozenset(int(accusation.copy) for accusation in found.accused)
    return Named(accused, accused | {int(accusation.copy) for accusation in found.suspected})


def described(draft: bytes) -> bytes:
    """What matching keeps of a draft."""
    return image.describe(image.read(draft))
