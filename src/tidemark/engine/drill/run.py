"""Running the drill: mark copies of a draft, leak them on purpose, trace the leaks, and say which would be traced."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tidemark.engine import keys
from tidemark.engine.accuse import Verdict
from tidemark.engine.carriers import image
from tidemark.engine.drill.leak import Leak, Pixels
from tidemark.engine.drill.leaks import LEAKS, QUICK
from tidemark.engine.match import Candidate
from tidemark.engine.trace import Trace, trace

_DRAFT = "drilled"


@dataclass(frozen=True, slots=True)
class Drilled:
    """What became of one drilled leak.

    Attributes
    ----------
    leak : Leak
    verdict : Verdict
    z : float
        Of the weakest holder who was named, or of the strongest score if nobody was: NaN if the leak did not match.
    log10_bound : float
        Of the same holder.
    named, wrong : int
        How many of the leak's holders were accused, and how many others.
    reason : str
    """

    leak: Leak
    verdict: Verdict
    z: float
    log10_bound: float
    named: int
    wrong: int
    reason: str

    @property
    def traced(self) -> bool:
        """Whether everyone who leaked was named, and nobody else."""
        return self.named == self.leak.holders and self.wrong == 0


def quick(original: bytes, *, secret: bytes) -> Iterator[Drilled]:
    """Drill the handful of cheap leaks that stand for the rest."""
    by_name = {leak.name: leak for leak in LEAKS}
    return drill(original, secret=secret, leaks=[by_name[name] for name in QUICK])


def drill(
    original: bytes,
    *,
    secret: bytes,
    leaks: Sequence[Leak] = LEAKS,
    on_record: int = 200,
    decoys: int = 1_000,
) -> Iterator[Drilled]:
    """Leak copies of a draft on purpose and trace them.

    Parameters
    ----------
    original : bytes
        The draft's file.
    secret : bytes
        32 bytes from which the drill's own keys are derived; never the owner's master secret.
    leaks : sequence of Leak
    on_record : int
        How many copies tracing has to choose from.
    decoys : int

    Yields
    ------
    Drilled
        One for each leak, in order. Everything is determined by ``original`` and ``secret``.
    """
    picture = image.read(original)
    plate = image.prepare(picture)
    issued = {
        f"copy-{number}": keys.copy_key(secret, draft=_DRAFT, copy=f"copy-{number}") for number in range(on_record)
    }
    candidate = Candidate(_DRAFT, image.describe(picture), lambda: original, lambda: issued)
    copies: dict[str, Pixels] = {}
    for leak in leaks:
        holders = [f"copy-{number}" for number in range(leak.holders)]
        for holder in holders:
            if holder not in copies:
                copies[holder] = _as_seen(image.mark(plate, issued[holder]).data)
        seed = int.from_bytes(hashlib.sha256(leak.name.encode()).digest()[:8], "big")
        generator = np.random.default_rng(seed)  # of the leak's accidents; keys never come from NumPy
        mixed = [copies[holder] for holder in holders]
        found = leak.make(mixed[0] if leak.holders == 1 else mixed, generator)
        yield _judged(leak, trace(found, [candidate], decoy_seed=b"drill", decoys=decoys), set(holders))


def _as_seen(copy: bytes) -> Pixels:
    """Decode a copy as a viewer shows it: (H, W, 3) uint8."""
    rgb = image.read(copy).rgb()
    return np.asarray(rgb if rgb.dtype == np.uint8 else rgb // 257, np.uint8)


def _judged(leak: Leak, found: Trace, holders: set[str]) -> Drilled:
    named = [accusation for accusation in found.accused if accusation.copy in holders]
    shown = min(named, key=lambda accusation: accusation.z, default=None) or next(iter(found.suspected), None)
    return Drilled(
        leak=leak,
        verdict=found.verdict,
        z=shown.z if shown else float("nan"),
        log10_bound=shown.log10_bound if shown else 0.0,
        named=len(named),
        wrong=len(found.accused) - len(named),
        reason=found.reason,
    )
