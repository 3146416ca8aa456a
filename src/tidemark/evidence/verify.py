"""The outsider's check of an evidence bundle: every figure that accuses computed again, every proof followed.

Pure, and it needs nothing but the file: no records, no network, no clock, no key but those that the bundle reveals. It
does not say that the owner tells the truth where nobody can check it (what a holder is called, where a leak was found);
it says what follows from what.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from tidemark.errors import NotOfBundle, TidemarkError
from tidemark.evidence import bundle as bundles
from tidemark.evidence import recomputed, steps
from tidemark.evidence.arithmetic import Arithmetic, compared
from tidemark.evidence.figures import Figure
from tidemark.evidence.log import open_log
from tidemark.evidence.recomputed import Compared
from tidemark.ledger.consistency import Consistency
from tidemark.ledger.receipt import Receipt


class Claim(StrEnum):
    """What each step claims, in the order of the argument."""

    IS_BUNDLE = "the file is an evidence bundle, to the last byte"
    UNCHANGED = "nothing in it was changed since it was sealed"
    OWNERS_SEAL = "it was sealed by the owner of the ledger"
    LOGGED = "the ledger holds the draft, the accused copies, the leak and the trace, in this order"
    ONLY_GREW = "the ledger only ever grew"
    STAMPED = "the ledger is as old as its time-stamps say"
    FILES = "the leak and the draft are the files that the ledger speaks of"
    COMMITTED = "the revealed keys were committed to before the copies were released, to the holders who are named"
    TERMS = "threshold, copies, hypotheses and decoys are those laid down in the ledger"
    SHOWS_DRAFT = "the leak shows the draft"
    SCORES = "each accused copy's mark scores as stated"
    BOUNDS = "the stated bounds follow, and are within the threshold"
    NULL = "keys that nobody holds score by the normal law on this leak"
    RIVALS = "what is said of other explanations agrees with the figures"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the argument.

    Attributes
    ----------
    step : str
        What is claimed.
    holds : bool
    detail : str
        What it rests on, or why it fails.
    figures : tuple of Figure
        What was computed here, beside what is stated.
    by_given : bool
        Whether it fails by a file that the reader gave beside the bundle, and by nothing in the bundle.
    """

    step: str
    holds: bool
    detail: str
    figures: tuple[Figure, ...] = ()
    by_given: bool = False


@dataclass(frozen=True, slots=True)
class Verification:
    """The argument as far as it could be followed; it ends at the first step without which the rest means nothing.

    Attributes
    ----------
    steps : tuple of Step
    arithmetic : Arithmetic or None
        Whether figures had to be the same to the last digit, and why not; None if none was computed.
    """

    steps: tuple[Step, ...]
    arithmetic: Arithmetic | None = None

    @property
    def valid(self) -> bool:
        """Whether every step holds, to the last one."""
        return self.bundle_holds and all(step.holds for step in self.steps)

    @property
    def bundle_holds(self) -> bool:
        """Whether every step holds, or fails only by a file that was given beside the bundle and is none of its own."""
        sound = all(step.holds or step.by_given for step in self.steps)
        return sound and [step.step for step in self.steps] == list(Claim)


def verify(
    data: bytes,
    *,
    vkey: str | None = None,
    receipt: Receipt | None = None,
    proofs: Sequence[Consistency] = (),
    held: Sequence[bytes] = (),
    roots: Sequence[bytes] = (),
    threads: int = 2,
) -> Verification:
    """Check an evidence bundle.

    Parameters
    ----------
    data : bytes
        The file.
    vkey : str, optional
        The ledger's public key, from the owner's publication. Without it the receipt's is taken; without either, the
        bundle is checked against the key that it names itself, and the third step says so.
    receipt : Receipt, optional
        A holder's, best of an accused copy: the ledger that it is of must be the beginning of the bundle's.
    proofs : sequence of Consistency
        The owner's, that the receipt's checkpoint and the bundle's are of one history.
    held : sequence of bytes
        Files of accused copies, from their holders: was this what was issued, and is this its key?
    roots : sequence of bytes
        Certificates of time-stamp authorities (PEM or DER) that the reader trusts, in place of those in the bundle.
        If they are given, the bundle must have a stamp.
    threads : int

    Returns
    -------
    Verification
    """
    argument = _Argument()

    # (1) The file is a bundle, to the last byte of its container, and its parts can be read.
    sealed = argument.holds_only_if(
        Claim.IS_BUNDLE, lambda: bundles.read(data), lambda found: f"{len(found.members)} parts"
    )
    if sealed is None:
        return argument.ended()

    # (2) Nothing in it was changed since it was sealed with the ledger's key.
    opened = argument.holds_only_if(Claim.UNCHANGED, lambda: steps.unsealed(sealed), steps.sealer)
    if opened is None:
        return argument.ended()

    # (3) That key is the one that the reader knows as the owner's.
    argument.holds(Claim.OWNERS_SEAL, lambda: steps.known_key(opened, vkey, receipt))

    # (4) The ledger holds, in this order: the draft, the copies of the accused, the leak, the trace.
    log = argument.holds_only_if(
        Claim.LOGGED, lambda: open_log(opened.proofs, opened.finding), lambda found: found.summary()
    )
    if log is None:
        return argument.ended()

    # (5) The ledger only ever grew: what it held when the copies were issued, it holds unchanged.
    argument.holds(Claim.ONLY_GREW, lambda: log.only_grew(receipt, proofs))

    # (6) Where an authority stamped it, the ledger is as old as the stamps say.
    argument.holds(Claim.STAMPED, lambda: log.stamps(roots))

    # (7) The leak and the draft are the files that the ledger speaks of.
    argument.holds(Claim.FILES, lambda: steps.files(opened, log))

    # (8) Each revealed key was committed to before its copy was released, to the holder who is named.
    #     The copy, if its holder gives it, is that file and carries that key.
    argument.holds(Claim.COMMITTED, lambda: steps.commitments(opened, log, held))

    # (9) The threshold, no higher than Tidemark's own, was laid down with the draft; copies, hypotheses and decoys are
    #     those of the logged trace.
    if argument.holds_only_if(Claim.TERMS, lambda: steps.terms(opened, log), str) is None:
        return argument.ended()

    # (10) The leak shows the draft. From here on figures are computed: where the finding names this very arithmetic,
    #      each must be the stated one to its last digit.
    arithmetic = compared(opened.finding.versions)
    exact = arithmetic.same
    seen = argument.holds_only_if(
        Claim.SHOWS_DRAFT,
        lambda: recomputed.registered_anew(opened, threads),
        lambda found: recomputed.registration(opened, found, arithmetic),
    )
    if seen is None:
        return argument.ended(arithmetic)

    # (11) Each accused copy's mark scores as stated, when nothing but the leak, the draft and the key is used.
    argument.holds(Claim.SCORES, lambda: recomputed.scores(opened, seen, exact=exact))

    # (12) The bound of each score is the stated one and follows from the stated score; the bound of the score found
    #      here is within the threshold.
    argument.holds(Claim.BOUNDS, lambda: recomputed.bounds(opened, seen, exact=exact))

    # (13) Keys that nobody holds score by the normal law on this very leak, and no few coefficients decide a score.
    argument.holds(Claim.NULL, lambda: recomputed.null(opened, seen, exact=exact))

    # (14) What the finding says of other explanations agrees with its own figures, and with the revealed keys' scores.
    argument.holds(Claim.RIVALS, lambda: recomputed.rivals(opened, seen, log, exact=exact))
    return argument.ended(arithmetic)


T = TypeVar("T")


class _Argument:
    """The steps so far."""

    def __init__(self) -> None:
        self._steps: list[Step] = []

    def holds(self, claim: Claim, step: Callable[[], str | Compared]) -> None:
        """Take one step: ``step`` returns what it rests on, or raises what it fails for."""
        self.holds_only_if(claim, step, lambda detail: detail)

    def holds_only_if(self, claim: Claim, step: Callable[[], T], detail: Callable[[T], str | Compared]) -> T | None:
        """Take one step that the following need the result of; None if it fails."""
        try:
            found = step()
            said = detail(found)
        except TidemarkError as fault:
            self._steps.append(Step(claim, False, str(fault), by_given=isinstance(fault, NotOfBundle)))
            return None
        except (MemoryError, ImportError):
            raise  # this machine cannot follow it; that says nothing of the bundle
        except Exception as fault:  # what cannot be followed does not hold; the steps before it are still worth saying
            self._steps.append(Step(claim, False, f"This step could not be followed ({type(fault).__name__})."))
            return None
        figures = said.figures if isinstance(said, Compared) else ()
        agree = all(figure.agrees for figure in figures)
        self._steps.append(Step(claim, agree, str(said), figures))
        return found if agree else None

    def ended(self, arithmetic: Arithmetic | None = None) -> Verification:
        return Verification(tuple(self._steps), arithmetic)
