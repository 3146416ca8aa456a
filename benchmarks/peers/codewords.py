"""What a decoded payload names: the codebook of the copies on record, and how near a payload must come.

The peers carry a payload of 32 bits (rivaGAN no other number). Every copy on record has a random codeword. A payload
names the copies whose codewords differ from it in at most r bits, with r the largest radius that keeps the peers to the
bound that ours is held to: payloads of fair coins, in so many tries, name anyone at all of K copies with probability at
most K · tries · Σ C(32, i) / 2³², i = 0 … r. At 200 copies and 10⁻⁶ that is r = 0: every bit must be right. The peers
are shown at 10⁻³ besides, which this project calls suspicion and accuses nobody on.
"""

from math import comb

import numpy as np
import numpy.typing as npt

Bits = npt.NDArray[np.bool_]
"""A payload: (32,)."""

COPIES = 200
"""On record, whichever the scheme."""

PAYLOAD_BITS = 32

_SEED = 20_260_314


def codebook() -> Bits:
    """The codeword of every copy: (COPIES, PAYLOAD_BITS)."""
    return np.random.default_rng(_SEED).integers(0, 2, (COPIES, PAYLOAD_BITS)).astype(bool)


def chance(radius: int, *, tries: int) -> float:
    """Probability, at most, that payloads of fair coins come within ``radius`` bits of anyone's codeword."""
    return COPIES * tries * sum(comb(PAYLOAD_BITS, i) for i in range(radius + 1)) / 2**PAYLOAD_BITS


def radius(bound: float, *, tries: int) -> int:
    """The largest radius that keeps :func:`chance` within a bound; −1 if none does."""
    return max((r for r in range(-1, PAYLOAD_BITS) if chance(r, tries=tries) <= bound), default=-1)


def named(payload: Bits, within: int) -> frozenset[int]:
    """The copies whose codewords differ from the payload in at most ``within`` bits."""
    distances = (codebook() != payload).sum(axis=1)
    return frozenset(np.flatnonzero(distances <= within).tolist())


def nearest(payload: Bits) -> tuple[int, int]:
    """Bits in which the nearest codeword differs from the payload, and whose it is: a name without any bound."""
    distances = (codebook() != payload).sum(axis=1)
    copy = int(np.argmin(distances))
    return int(distances[copy]), copy
