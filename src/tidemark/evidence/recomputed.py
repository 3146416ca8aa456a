"""The last five steps of the outsider's check: every figure that accuses, computed again from leak, draft and keys.

Each returns what the step rests on with the figures that it compares, or raises what it fails for. :mod:`.verify` puts
them into their order; :mod:`.arithmetic` tells whether figures must be the same to the last digit, which is ``exact``.
"""

import hashlib
import math
from dataclasses import dataclass
from typing import TypedDict

from tidemark import limits
from tidemark.engine import detect
from tidemark.engine.accuse import log10_bound
from tidemark.engine.carriers import image
from tidemark.engine.retrace import Named, Retrace, retrace
from tidemark.errors import EvidenceInvalid
from tidemark.evidence.arithmetic import Arithmetic
from tidemark.evidence.bundle import Bundle
from tidemark.evidence.figures import (
    Figure,
    bound_figure,
    bound_from_stated,
    bound_may_follow,
    null_figures,
    share_figure,
    stated_z,
    z_figure,
)
from tidemark.evidence.finding import Accused, Finding
from tidemark.evidence.log import Log


@dataclass(frozen=True, slots=True)
class Compared:
    """What a step rests on in words, and the figures that it compares."""

    words: str
    figures: tuple[Figure, ...]

    def __str__(self) -> str:
        """Say which figures do not agree, or, if all do, everything."""
        if differing := [str(each) for each in self.figures if not each.agrees]:
            return "; ".join(differing)
        return "; ".join([*([self.words] if self.words else []), *map(str, self.figures)])


class _Counted(TypedDict):
    copies: int
    hypotheses: int


def registered_anew(opened: Bundle, threads: int) -> Retrace:
    """Register the leak to the draft again and score the revealed keys and the decoys."""
    finding = opened.finding
    found = retrace(
        opened.leak,
        opened.draft,
        tuple(Named(opened.keys[each.copy], each.round) for each in finding.accused if each.copy in opened.keys),
        **_counted(finding),
        decoy_seed=hashlib.sha256(opened.leak).digest(),
        decoys=finding.decoys.count,
        threads=threads,
    )
    if isinstance(found, image.NotRegistered):
        raise EvidenceInvalid(f"The leak does not fit the draft: {found.reason}.")
    figures = (found.decoys_max_z, found.decoys_ks_p, *(each.z for each in found.named))
    if not all(map(math.isfinite, figures)):
        raise EvidenceInvalid("The leak gives figures that are no numbers.")
    if found.observation.mirrored != finding.draft.mirrored:
        raise EvidenceInvalid("The leak is said to be mirrored and is not, or the other way round.")
    return found


def registration(opened: Bundle, seen: Retrace, arithmetic: Arithmetic) -> Compared:
    """Compare how the leak lies on the draft."""
    found, stated, exact = seen.observation, opened.finding.draft, arithmetic.same
    figures = (
        share_figure("correlation", found.correlation, stated.correlation, exact=exact),
        share_figure("share of the draft that is seen", found.coverage, stated.coverage, exact=exact),
    )
    return Compared(str(arithmetic), figures)


def scores(opened: Bundle, seen: Retrace, *, exact: bool) -> Compared:
    """Compare the scores of the accused, each in its round."""
    accused = _all_scored(opened, seen)
    figures = (
        z_figure(f"z of copy {each.copy}", found.z, each.z, exact=exact)
        for each, found in zip(accused, seen.named, strict=True)
    )
    return Compared("", tuple(figures))


def bounds(opened: Bundle, seen: Retrace, *, exact: bool) -> Compared:
    """Compare the bounds, hold each against the score that it is stated with, and against the threshold."""
    finding = opened.finding
    figures = []
    for each, found in zip(_all_scored(opened, seen), seen.named, strict=True):
        if not bound_may_follow(each.log10_bound, each.z, **_counted(finding), naming=each.round):
            follows = log10_bound(each.z, **_counted(finding), naming=each.round)
            raise EvidenceInvalid(
                f"Copy {each.copy}: K·T·Q(z) of the z stated is 10^{follows:.2f}; stated is 10^{each.log10_bound}."
            )
        if 10.0 ** max(found.log10_bound, limits.LEAST_LOG10_BOUND) > finding.thresholds.accused:
            raise EvidenceInvalid(
                f"Copy {each.copy}: the bound computed is 10^{found.log10_bound:.2f}, stated is 10^{each.log10_bound}; "
                f"that computed is above the threshold {finding.thresholds.accused:g}."
            )
        figures.append(
            bound_figure(
                f"log10 of K·T·Q(z) of copy {each.copy}",
                found.log10_bound,
                each.log10_bound,
                z=each.z,
                **_counted(finding),
                naming=each.round,
                exact=exact,
            )
        )
    least = f"no bound is said to be below 10^{limits.LEAST_LOG10_BOUND:g}"
    return Compared(f"at most the threshold, {finding.thresholds.accused:g}; {least}", tuple(figures))


def null(opened: Bundle, seen: Retrace, *, exact: bool) -> Compared:
    """Check that the decoys' scores are those stated and confirm the normal law, and that the evidence is spread."""
    stated = opened.finding.decoys
    figures = null_figures(seen.decoys_max_z, seen.decoys_ks_p, stated.max_z, stated.ks_p, exact=exact)
    extreme = log10_bound(seen.decoys_max_z, copies=stated.count, hypotheses=1)
    if seen.decoys_ks_p < limits.DECOY_KS_P or 10.0**extreme < limits.DECOY_MAX_P:
        raise EvidenceInvalid(
            f"The decoys do not confirm the normal law, so nobody may be accused: {_joined(figures)}."
        )
    if seen.least_count < limits.MIN_EFFECTIVE_COUNT:
        raise EvidenceInvalid(f"The evidence rests on {seen.least_count:.0f} coefficients, too few for a normal score.")
    words = f"{stated.count:,} decoys; the evidence is spread over {seen.least_count:,.0f} coefficients or more"
    return Compared(words, figures)


def rivals(opened: Bundle, seen: Retrace, log: Log, *, exact: bool) -> Compared:
    """Check what is said of other explanations: the keys revealed against the listed scores, those against the rest."""
    finding = opened.finding
    said = finding.rivals
    _check_listed(finding)
    next_bound = bound_from_stated(said.next_copy_z, **_counted(finding), naming=len(log.trace["accused"]) + 1)
    if said.next_copy_log10_bound != next_bound:
        raise EvidenceInvalid(
            f"From the next copy's score follows the bound 10^{next_bound}; stated is 10^{said.next_copy_log10_bound}."
        )
    _check_master(finding)
    if 10.0**next_bound <= finding.thresholds.accused:
        raise EvidenceInvalid("A further copy is within the threshold and should have been named.")
    listed = finding.tested.scores
    figures = []
    for each in _all_scored(opened, seen):
        first = float(detect.scores(seen.observation.vector, [opened.keys[each.copy]])[0])
        nearest = min(listed, key=lambda z, first=first: abs(z - first))  # type: ignore[misc]
        figures.append(z_figure(f"listed z of copy {each.copy}", first, nearest, exact=exact))
    own = "none of the owner's own" if said.master_z is None else f"the owner's own z = {said.master_z}"
    return Compared(f"next copy z = {said.next_copy_z}, {own}, as stated", tuple(figures))


def _check_listed(finding: Finding) -> None:
    """Check the listed scores against K and against the scores that are stated elsewhere in the finding."""
    tested, listed = finding.tested, finding.tested.scores
    if not 0 < len(listed) <= tested.copies or list(listed) != sorted(listed):
        raise EvidenceInvalid("The scores of all copies of the draft should be listed, ascending, none too many.")
    if listed != tuple(map(stated_z, listed)):
        raise EvidenceInvalid("The scores of all copies of the draft should be listed with two decimals.")
    if len(listed) != tested.copies and not finding.rivals.other_revisions:
        raise EvidenceInvalid(
            f"{tested.copies} copies of this draft alone were tested; {len(listed)} scores are listed."
        )
    for each in finding.accused:
        if each.round == 1 and each.z != listed[-1]:
            raise EvidenceInvalid(
                f"Copy {each.copy} is accused first with z = {each.z}, but the highest score listed is {listed[-1]}."
            )
    if finding.rivals.master_z == 0.0 and 0.0 not in listed:
        raise EvidenceInvalid(
            "The owner's own copy is said to have scored 0.0, which is not among the scores listed. Tidemark wrote 0.0 "
            "before version 1 of the format was final where no copy of the owner's own was tested, and null since. Ask "
            "the owner to trace the leak again and to make the bundle anew."
        )
    if finding.rivals.master_z not in (None, *listed):
        raise EvidenceInvalid("The score of the owner's own copy is not among those listed.")


def _check_master(finding: Finding) -> None:
    """Check the bound of the owner's own copy against its score; without the one there is none of the other."""
    z, stated = finding.rivals.master_z, finding.rivals.master_log10_bound
    follows = None if z is None else bound_from_stated(z, copies=1, hypotheses=finding.tested.hypotheses)
    if stated != follows:
        raise EvidenceInvalid(
            f"From the score of the owner's own copy, {'none' if z is None else z}, follows "
            f"{'no bound' if follows is None else f'the bound 10^{follows}'}; stated is "
            f"{'none' if stated is None else f'10^{stated}'}."
        )


def _all_scored(opened: Bundle, seen: Retrace) -> tuple[Accused, ...]:
    """Return the accused, if each one's key was there to be scored."""
    accused = opened.finding.accused
    if len(seen.named) != len(accused):
        raise EvidenceInvalid("Not every accused copy's key is in the bundle.")
    return accused


def _counted(finding: Finding) -> _Counted:
    return {"copies": finding.tested.copies, "hypotheses": finding.tested.hypotheses}


def _joined(figures: tuple[Figure, ...]) -> str:
    return "; ".join(map(str, figures))
