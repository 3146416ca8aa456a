"""Tracing: one leak, from its bytes to a verdict. Match → register → detect → accuse, each in its own module."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tidemark import limits
from tidemark.engine import keys
from tidemark.engine.accuse import Accusation, Decision, Decoys, Hypothesis, Scored, Verdict, accuse
from tidemark.engine.carriers import image
from tidemark.engine.match import Candidate, shortlist


@dataclass(frozen=True, slots=True)
class Registered:
    """How a leak lies on a draft, for people to read."""

    draft: str
    correlation: float
    coverage: float
    mirrored: bool
    observation: image.Observation | None = field(default=None, compare=False, repr=False)  # for drawing it


@dataclass(frozen=True, slots=True)
class Trace:
    """What one trace of one leak found.

    Attributes
    ----------
    verdict : Verdict
    draft : str or None
        The draft that the leak shows; that of the first accused copy if several fit.
    reason : str
    accused, suspected : tuple of Accusation
    copies_tested, hypotheses : int
        K and T of the false-accusation bound.
    decoys : Decoys or None
    registered : tuple of Registered
        Every draft that the leak was registered to, best first.
    scored : tuple of Scored
        How every copy scored.
    next_best : Accusation or None
        The strongest copy that is not accused; nothing is claimed of it.
    """

    verdict: Verdict
    draft: str | None
    reason: str
    accused: tuple[Accusation, ...]
    suspected: tuple[Accusation, ...]
    copies_tested: int
    hypotheses: int
    decoys: Decoys | None
    registered: tuple[Registered, ...]
    scored: tuple[Scored, ...] = field(default=(), compare=False, repr=False)
    next_best: Accusation | None = field(default=None, compare=False, repr=False)


def trace(
    leak: bytes,
    candidates: Sequence[Candidate],
    *,
    decoy_seed: bytes,
    decoys: int = limits.DECOYS,
    threads: int = 2,
    told: Callable[[str, int, int], None] | None = None,
) -> Trace:
    """Trace a leak to the copies that it was made from.

    Parameters
    ----------
    leak : bytes
        The found file.
    candidates : sequence of Candidate
        The drafts that it may show.
    decoy_seed : bytes
        Determines the decoys; anything that nobody's key was derived from.
    decoys : int
        How many never-issued keys to score beside the real ones.
    threads : int
    told : callable, optional
        Is told what is being done, for whoever waits: ``match``, ``register`` or ``accuse``, how many of its parts are
        done, and how many there are; 0 if nobody can tell.

    Raises
    ------
    UnreadableFile, LimitExceeded
        If the leak cannot be read.
    """
    if not candidates:
        return _unmatched("no draft is on record")
    tell = told or _tell_nobody
    tell("match", 0, 0)
    seen = image.look(leak)
    many = len(candidates) > limits.MANY_DRAFTS
    listed = shortlist(candidates, lambda description: image.likeness(seen, description, among_many=many))
    evidence: list[Hypothesis] = []
    registered: list[Registered] = []
    refused: list[str] = []
    for number, candidate in enumerate(listed):
        tell("register", number, len(listed))
        observed = image.observe(image.reference(candidate.original(), candidate.description), seen)
        if isinstance(observed, image.NotRegistered):
            refused.append(observed.reason)
            continue
        evidence.append(Hypothesis(candidate.draft, observed.vector, candidate.keys()))
        fit = observed.correlation, observed.coverage, observed.mirrored
        registered.append(Registered(candidate.draft, *fit, observation=observed))
    if not evidence:
        if len(candidates) == 1:
            return _unmatched(f"the leak does not fit the draft: {refused[0]}")
        return _unmatched("the leak fits none of the drafts on record")
    tell("accuse", 0, 0)
    decision = accuse(evidence, list(keys.decoy_keys(decoy_seed, decoys)), threads=threads)
    return _concluded(decision, sorted(registered, key=lambda fit: -fit.correlation))


def _tell_nobody(step: str, done: int, parts: int) -> None:
    """Where nobody waits."""


def _concluded(decision: Decision, registered: list[Registered]) -> Trace:
    named = [*decision.accused, *decision.suspected]
    return Trace(
        verdict=decision.verdict,
        draft=named[0].draft if named else registered[0].draft,
        reason=decision.reason,
        accused=decision.accused,
        suspected=decision.suspected,
        copies_tested=decision.copies_tested,
        hypotheses=decision.hypotheses,
        decoys=decision.decoys,
        registered=tuple(registered),
        scored=decision.scored,
        next_best=decision.next_best,
    )


def _unmatched(reason: str) -> Trace:
    return Trace(Verdict.UNMATCHED, None, reason, (), (), 0, 0, None, ())
