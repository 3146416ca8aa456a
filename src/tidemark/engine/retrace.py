"""Tracing again with what an outsider has: the leak, one draft, and the revealed keys of the accused copies alone.

A trace tests every copy on record; whoever checks an accusation is given no key but those of the accused. Each of the
figures that accuse them (the feature vector, z, the bound with the stated K and T, the decoys) needs no other.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tidemark.engine import detect, keys
from tidemark.engine.accuse import log10_bound
from tidemark.engine.carriers import image


@dataclass(frozen=True, slots=True)
class Named:
    """A key to be scored: in which round of the trace its copy was named, from 1."""

    key: bytes
    round: int


@dataclass(frozen=True, slots=True)
class Rescored:
    """Score and bound of one key, in its round."""

    z: float
    log10_bound: float


@dataclass(frozen=True, slots=True, eq=False)
class Retrace:
    """What a leak shows of a draft, and how the revealed keys and the decoys score on it.

    Attributes
    ----------
    observation : image.Observation
    named : tuple of Rescored
        In the order of the keys.
    least_count : float
        Over how many coefficients the evidence is spread, in the round where they are fewest.
    decoys_max_z, decoys_ks_p : float
    """

    observation: image.Observation
    named: tuple[Rescored, ...]
    least_count: float
    decoys_max_z: float
    decoys_ks_p: float


def retrace(
    leak: bytes,
    draft: bytes,
    named: Sequence[Named],
    *,
    copies: int,
    hypotheses: int,
    decoy_seed: bytes,
    decoys: int,
    threads: int = 2,
) -> Retrace | image.NotRegistered:
    """Register a leak to a draft again and score the revealed keys.

    Parameters
    ----------
    leak, draft : bytes
        The files.
    named : sequence of Named
        In the order of naming, all of this draft.
    copies, hypotheses : int
        K and T of the trace.
    decoy_seed : bytes
    decoys : int
        How many.
    threads : int

    Returns
    -------
    Retrace or NotRegistered

    Raises
    ------
    UnreadableFile, LimitExceeded
        If one of the files cannot be read.
    """
    reference = image.reference(draft, image.describe(image.read(draft)))
    observed = image.observe(reference, image.look(leak))
    if isinstance(observed, image.NotRegistered):
        return observed
    rescored = []
    vector = observed.vector
    least_count = detect.effective_count(vector)
    for each in named:
        least_count = min(least_count, detect.effective_count(vector))
        z = float(detect.scores(vector, [each.key])[0])
        bound = log10_bound(z, copies=copies, hypotheses=hypotheses, naming=each.round)
        rescored.append(Rescored(z, bound))
        vector = detect.without(vector, each.key)
    null = detect.scores(observed.vector, list(keys.decoy_keys(decoy_seed, decoys)), threads=threads)
    return Retrace(observed, tuple(rescored), least_count, float(null.max()), detect.normality(null))
