"""The outsider's check of an evidence bundle: every figure computed again from the bytes, every proof followed.

Pure, and it needs nothing but the file: no records, no network, no clock, no key but those that the bundle reveals. It
does not say that the owner tells the truth where nobody can check it (what a holder is called, where a leak was found);
it says what follows from what.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from tidemark import limits
from tidemark.engine import detect, keys
from tidemark.engine.accuse import log10_bound
from tidemark.engine.carriers import image
from tidemark.engine.retrace import Named, Retrace, retrace
from tidemark.errors import EvidenceInvalid, TidemarkError
from tidemark.evidence import bundle as bundles
from tidemark.evidence.bundle import Bundle, Sealed
from tidemark.evidence.figures import least_z, same_bound, same_null, same_share, same_z
from tidemark.evidence.finding import Finding
from tidemark.evidence.log import Log, open_log
from tidemark.ledger import note
from tidemark.ledger.receipt import Receipt


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
    """

    step: str
    holds: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Verification:
    """The argument as far as it could be followed; it ends at the first step without which the rest means nothing."""

    steps: tuple[Step, ...]

    @property
    def valid(self) -> bool:
        """Whether every step holds, to the last one."""
        return all(step.holds for step in self.steps) and len(self.steps) == len(_CLAIMS)


def verify(
    data: bytes,
    *,
    vkey: str | None = None,
    receipt: Receipt | None = None,
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
    sealed = argument.holds_only_if(lambda: bundles.read(data), lambda found: f"{len(found.members)} parts")
    if sealed is None:
        return argument.ended()

    # (2) Nothing in it was changed since it was sealed with the ledger's key.
    opened = argument.holds_only_if(lambda: _unsealed(sealed), lambda found: f"sealed by {_short(found.proofs.vkey)}")
    if opened is None:
        return argument.ended()

    # (3) That key is the one that the reader knows as the owner's.
    argument.holds(lambda: _known_key(opened, vkey, receipt))

    # (4) The ledger holds, in this order: the draft, the copies of the accused, the leak, the trace.
    log = argument.holds_only_if(lambda: open_log(opened.proofs, opened.finding), lambda found: found.summary())
    if log is None:
        return argument.ended()

    # (5) The ledger only ever grew: what it held when the copies were issued, it holds unchanged.
    argument.holds(lambda: log.only_grew(receipt))

    # (6) Where an authority stamped it, the ledger is as old as the stamps say.
    argument.holds(lambda: log.stamps(roots))

    # (7) The leak and the draft are the files that the ledger speaks of.
    argument.holds(lambda: _files(opened, log))

    # (8) Each revealed key was committed to before its copy was released, to the holder who is named.
    argument.holds(lambda: _commitments(opened, log))

    # (9) The threshold, no higher than Tidemark's own, was laid down with the draft; copies, hypotheses and decoys are
    #     those of the logged trace.
    if argument.holds_only_if(lambda: _terms(opened, log), str) is None:
        return argument.ended()

    # (10) The leak shows the draft.
    seen = argument.holds_only_if(lambda: _seen(opened, threads), _registration)
    if seen is None:
        return argument.ended()

    # (11) Each accused copy's mark scores as stated, when nothing but the leak, the draft and the key is used.
    argument.holds(lambda: _scores(opened, seen))

    # (12) From each stated score the stated bound follows, and the bound of the score found here is within the
    #      threshold.
    argument.holds(lambda: _bounds(opened, seen))

    # (13) Keys that nobody holds score by the normal law on this very leak, and no few coefficients decide a score.
    argument.holds(lambda: _null(opened, seen))

    # (14) What the finding says of other explanations agrees with its own figures.
    argument.holds(lambda: _rivals(opened, log))
    return argument.ended()


_CLAIMS = (
    "the file is an evidence bundle, to the last byte",
    "nothing in it was changed since it was sealed",
    "it was sealed by the owner of the ledger",
    "the ledger holds the draft, the accused copies, the leak and the trace, in this order",
    "the ledger only ever grew",
    "the ledger is as old as its time-stamps say",
    "the leak and the draft are the files that the ledger speaks of",
    "the revealed keys were committed to before the copies were released, to the holders who are named",
    "threshold, copies, hypotheses and decoys are those laid down in the ledger",
    "the leak shows the draft",
    "each accused copy's mark scores as stated",
    "the stated bounds follow, and are within the threshold",
    "keys that nobody holds score by the normal law on this leak",
    "what is said of other explanations agrees with the figures",
)


T = TypeVar("T")


class _Argument:
    """The steps so far; each is one of the claims, in their order."""

    def __init__(self) -> None:
        self._steps: list[Step] = []

    def holds(self, step: Callable[[], str]) -> None:
        """Take one step: ``step`` returns what it rests on, or raises what it fails for."""
        self.holds_only_if(step, lambda detail: detail)

    def holds_only_if(self, step: Callable[[], T], detail: Callable[[T], str]) -> T | None:
        """Take one step that the following need the result of; None if it fails."""
        claim = _CLAIMS[len(self._steps)]
        try:
            found = step()
            self._steps.append(Step(claim, True, detail(found)))
        except TidemarkError as fault:
            self._steps.append(Step(claim, False, str(fault)))
            return None
        except Exception as fault:  # what cannot be followed does not hold; the steps before it are still worth saying
            self._steps.append(Step(claim, False, f"This step could not be followed ({type(fault).__name__})."))
            return None
        return found

    def ended(self) -> Verification:
        return Verification(tuple(self._steps))


def _unsealed(sealed: Sealed) -> Bundle:
    if changed := sealed.broken():
        raise EvidenceInvalid(f"Not the bytes that were sealed: {changed}.")
    opened = sealed.opened()
    sealed.check_signature(opened.proofs.vkey)
    return opened


def _known_key(opened: Bundle, vkey: str | None, receipt: Receipt | None) -> str:
    own = opened.proofs.vkey
    for known in (vkey, receipt.vkey if receipt is not None else None):
        if known is not None and note.parse_vkey(known) != note.parse_vkey(own):
            raise EvidenceInvalid(f"The key expected is {_short(known)}; the bundle is sealed with {_short(own)}.")
    if vkey is None and receipt is None:
        return f"by its own word only: compare {own} with what the owner publishes, or with a holder's receipt"
    return f"the key {'given' if vkey is not None else 'of the receipt'}, {_short(own)}"


def _files(opened: Bundle, log: Log) -> str:
    finding = opened.finding
    for what, data, stated, logged in (
        ("leak", opened.leak, finding.leak.sha256, log.leak["leak"]),
        ("draft", opened.draft, finding.draft.sha256, log.draft["sha256"]),
    ):
        seen = hashlib.sha256(data).hexdigest()
        if not seen == stated == logged:
            raise EvidenceInvalid(f"The {what}'s SHA-256 is {seen}; stated is {stated}, logged {logged}.")
    if log.leak["size_bytes"] != len(opened.leak) or finding.draft.draft != log.draft["draft"]:
        raise EvidenceInvalid("The finding speaks of another leak or another draft than the ledger.")
    stated_draft = (finding.draft.file_name, finding.draft.revision, finding.draft.project)
    if stated_draft != tuple(log.draft[name] for name in ("file_name", "revision", "project")):
        raise EvidenceInvalid("The finding gives another file name, revision or project than the ledger.")
    return f"leak {finding.leak.sha256[:16]}…, draft {finding.draft.sha256[:16]}…"


def _commitments(opened: Bundle, log: Log) -> str:
    accused = opened.finding.accused
    if not accused or set(opened.keys) != {each.copy for each in accused} or len(opened.keys) != len(accused):
        raise EvidenceInvalid("The keys of the accused copies should be revealed, each once, and no others.")
    if len(set(opened.keys.values())) != len(accused):
        raise EvidenceInvalid("Two of the accused copies have one key; each copy has its own.")
    for each in accused:
        issued = log.copies[each.copy]
        if keys.key_commitment(opened.keys[each.copy]).hex() != issued["key_commitment"]:
            raise EvidenceInvalid(f"The key revealed for copy {each.copy} is not the one that the ledger commits to.")
        if issued["mark_version"] != keys.VERSION:
            raise EvidenceInvalid(
                f"Copy {each.copy} has a mark of version {issued['mark_version']}. Use the newer one."
            )
        if (issued["draft"], issued["draft_sha256"]) != (log.draft["draft"], log.draft["sha256"]):
            raise EvidenceInvalid(f"Copy {each.copy} was made of another draft, {issued['draft']}.")
        stated = (each.draft, each.holder, each.issued, each.agreement)
        logged = (issued["draft"], issued["holder"], log.times[each.copy], issued["agreement"])
        if stated != logged:
            raise EvidenceInvalid(f"Copy {each.copy}: stated is {stated}, the ledger says {logged}.")
        if each.responsible and not each.agreement:
            raise EvidenceInvalid(f"Copy {each.copy}: without an agreement nobody is said to be responsible.")
    return "; ".join(f"copy {each.copy}, issued to {each.holder} at {each.issued}" for each in accused)


def _terms(opened: Bundle, log: Log) -> str:
    finding, traced = opened.finding, log.trace
    laid_down = (log.draft["accused_bound"], log.draft["suspected_bound"])
    if (finding.thresholds.accused, finding.thresholds.suspected) != laid_down:
        raise EvidenceInvalid(f"The thresholds stated are not those laid down with the draft, {laid_down}.")
    if finding.thresholds.accused > limits.ACCUSED_BOUND:
        raise EvidenceInvalid(f"Nobody is accused at a bound above {limits.ACCUSED_BOUND:g}, whatever was laid down.")
    fewest = max(log.draft["decoys"], limits.MIN_DECOYS)
    if not fewest <= finding.decoys.count == traced["decoys"] <= limits.MOST_DECOYS:
        raise EvidenceInvalid(
            f"At least {fewest} decoys should be scored, as many as the trace did, {traced['decoys']}; "
            f"{finding.decoys.count} are stated."
        )
    if finding.decoys.seed != hashlib.sha256(opened.leak).hexdigest():
        raise EvidenceInvalid("The decoys' seed should be the leak's SHA-256, so that nobody could choose it.")
    stated = (finding.verdict, finding.tested.copies, finding.tested.hypotheses)
    if stated != (traced["verdict"], traced["copies"], traced["hypotheses"]) or finding.verdict != "accused":
        raise EvidenceInvalid("Verdict, copies or hypotheses stated are not those of the trace in the ledger.")
    named = [each for each in traced["accused"] if each["draft"] == finding.draft.draft]
    if [(each["copy"], each["round"]) for each in named] != [(each.copy, each.round) for each in finding.accused]:
        raise EvidenceInvalid("The copies accused are not those of the trace in the ledger.")
    if not all(same_z(each["z"], said.z) for each, said in zip(named, finding.accused, strict=True)):
        raise EvidenceInvalid("The scores stated are not those of the trace in the ledger.")
    if traced["copies"] < len(traced["accused"]) or traced["hypotheses"] < 2 * len(traced["drafts"]):
        raise EvidenceInvalid("The trace accuses more copies than it tested, or counts less than two for each draft.")
    if sorted(traced["drafts"]) != sorted(each.draft for each in (finding.draft, *finding.rivals.other_revisions)):
        raise EvidenceInvalid("The drafts that the leak is said to fit are not those of the trace in the ledger.")
    return (
        f"{finding.tested.copies} copies × {finding.tested.hypotheses} hypotheses, bound at most "
        f"{finding.thresholds.accused:g}, {finding.decoys.count:,} decoys"
    )


def _seen(opened: Bundle, threads: int) -> Retrace:
    finding = opened.finding
    found = retrace(
        opened.leak,
        opened.draft,
        tuple(Named(opened.keys[each.copy], each.round) for each in finding.accused if each.copy in opened.keys),
        copies=finding.tested.copies,
        hypotheses=finding.tested.hypotheses,
        decoy_seed=hashlib.sha256(opened.leak).digest(),
        decoys=finding.decoys.count,
        threads=threads,
    )
    if isinstance(found, image.NotRegistered):
        raise EvidenceInvalid(f"The leak does not fit the draft: {found.reason}.")
    stated = finding.draft
    for what, ours, theirs in (
        ("correlation", found.observation.correlation, stated.correlation),
        ("coverage", found.observation.coverage, stated.coverage),
    ):
        if not same_share(ours, theirs):
            raise EvidenceInvalid(f"The {what} is {ours:.3f}; stated is {theirs:.3f}.")
    if found.observation.mirrored != stated.mirrored:
        raise EvidenceInvalid("The leak is said to be mirrored and is not, or the other way round.")
    return found


def _registration(found: Retrace) -> str:
    return (
        f"registered anew: {found.observation.coverage:.0%} of the draft is seen, correlation "
        f"{found.observation.correlation:.3f}"
    )


def _scores(opened: Bundle, seen: Retrace) -> str:
    accused = opened.finding.accused
    if len(seen.named) != len(accused):
        raise EvidenceInvalid("Not every accused copy's key is in the bundle.")
    for each, found in zip(accused, seen.named, strict=True):
        if not same_z(found.z, each.z):
            raise EvidenceInvalid(f"Copy {each.copy} scores z = {found.z:.2f}; stated is {each.z:.2f}.")
    return "; ".join(f"copy {each.copy}: z = {found.z:.2f}" for each, found in zip(accused, seen.named, strict=True))


def _bounds(opened: Bundle, seen: Retrace) -> str:
    finding = opened.finding
    if len(seen.named) != len(finding.accused):
        raise EvidenceInvalid("Not every accused copy's key is in the bundle.")
    for each, found in zip(finding.accused, seen.named, strict=True):
        follows = log10_bound(each.z, **_counted(finding), naming=each.round)
        if not same_bound(follows, each.log10_bound):
            raise EvidenceInvalid(
                f"Copy {each.copy}: K·T·Q(z) is 10^{follows:.2f}; stated is 10^{each.log10_bound:.2f}."
            )
        if 10.0 ** max(found.log10_bound, limits.LEAST_LOG10_BOUND) > finding.thresholds.accused:
            raise EvidenceInvalid(f"Copy {each.copy}: the bound is above the threshold {finding.thresholds.accused:g}.")
    return "; ".join(
        f"copy {each.copy}: at most 10^{max(each.log10_bound, limits.LEAST_LOG10_BOUND):.2f}"
        for each in finding.accused
    )


def _counted(finding: Finding) -> dict[str, int]:
    return {"copies": finding.tested.copies, "hypotheses": finding.tested.hypotheses}


def _null(opened: Bundle, seen: Retrace) -> str:
    stated = opened.finding.decoys
    if not same_null(seen.decoys_max_z, seen.decoys_ks_p, stated.max_z, stated.ks_p):
        raise EvidenceInvalid(
            f"Their highest z is {seen.decoys_max_z:.2f} (stated {stated.max_z:.2f}), Kolmogorov–Smirnov p "
            f"{seen.decoys_ks_p:.3f} (stated {stated.ks_p:.3f})."
        )
    extreme = log10_bound(seen.decoys_max_z, copies=stated.count, hypotheses=1)
    if seen.decoys_ks_p < limits.DECOY_KS_P or 10.0**extreme < limits.DECOY_MAX_P:
        raise EvidenceInvalid("The decoys do not confirm the normal law, so nobody may be accused.")
    spread = detect.effective_count(seen.observation.vector)
    if spread < limits.MIN_EFFECTIVE_COUNT:
        raise EvidenceInvalid(f"The evidence rests on {spread:.0f} coefficients, too few for a normal score.")
    return (
        f"{stated.count:,} decoys: highest z {seen.decoys_max_z:.2f}, p = {seen.decoys_ks_p:.2f}; the evidence is "
        f"spread over {spread:,.0f} coefficients"
    )


def _rivals(opened: Bundle, log: Log) -> str:
    finding = opened.finding
    tested, rivals = finding.tested, finding.rivals
    scores = tested.scores
    if not 0 < len(scores) <= tested.copies or list(scores) != sorted(scores):
        raise EvidenceInvalid("The scores of all copies of the draft should be listed, ascending, none too many.")
    if len(scores) != tested.copies and not rivals.other_revisions:
        raise EvidenceInvalid(
            f"{tested.copies} copies of this draft alone were tested; {len(scores)} scores are listed."
        )
    for each in finding.accused:
        if each.round == 1 and not same_z(each.z, scores[-1]):
            raise EvidenceInvalid(f"Copy {each.copy} is accused first, but its score is not the highest listed.")
    if rivals.master_z not in (0.0, *scores):
        raise EvidenceInvalid("The score of the owner's own copy is not among those listed.")
    following = len(log.trace["accused"]) + 1
    bound = log10_bound(rivals.next_copy_z, **_counted(finding), naming=following)
    master = log10_bound(rivals.master_z, copies=1, hypotheses=tested.hypotheses)
    if not same_bound(bound, rivals.next_copy_log10_bound) or not same_bound(master, rivals.master_log10_bound):
        raise EvidenceInvalid("A bound stated for another explanation does not follow from its score.")
    if (
        10.0 ** log10_bound(least_z(rivals.next_copy_z), **_counted(finding), naming=following)
        <= finding.thresholds.accused
    ):
        raise EvidenceInvalid("A further copy is within the threshold and should have been named.")
    return f"next copy z = {rivals.next_copy_z:.2f}, the owner's own z = {rivals.master_z:.2f}"


def _short(vkey: str) -> str:
    name, _, rest = vkey.partition("+")
    return f"{name}+{rest.partition('+')[0]}"
