"""The steps of the outsider's check, one function each: it returns what the step rests on, or raises what it fails for.

:mod:`.verify` puts them into their order.
"""

import hashlib
from collections.abc import Sequence

from tidemark import limits
from tidemark.engine import detect, keys
from tidemark.engine.accuse import log10_bound
from tidemark.engine.carriers import image
from tidemark.engine.retrace import Named, Retrace, retrace
from tidemark.errors import EvidenceInvalid
from tidemark.evidence.bundle import Bundle, Sealed
from tidemark.evidence.figures import least_z, same_bound, same_null, same_share, same_z
from tidemark.evidence.finding import Finding
from tidemark.evidence.log import Log
from tidemark.ledger import note
from tidemark.ledger.receipt import Receipt


def unsealed(sealed: Sealed) -> Bundle:
    """Open a bundle whose members are those that its manifest names and its own key signed."""
    if changed := sealed.broken():
        raise EvidenceInvalid(f"Not the bytes that were sealed: {changed}.")
    opened = sealed.opened()
    sealed.check_signature(opened.proofs.vkey)
    return opened


def sealer(opened: Bundle) -> str:
    """Say which key sealed a bundle."""
    return f"sealed by {_short(opened.proofs.vkey)}"


def known_key(opened: Bundle, vkey: str | None, receipt: Receipt | None) -> str:
    """Compare the bundle's key with what the reader knows; say what was compared."""
    own = opened.proofs.vkey
    for known in (vkey, receipt.vkey if receipt is not None else None):
        if known is not None and note.parse_vkey(known) != note.parse_vkey(own):
            raise EvidenceInvalid(f"The key expected is {_short(known)}; the bundle is sealed with {_short(own)}.")
    if vkey is None and receipt is None:
        return f"by its own word only: compare {own} with what the owner publishes, or with a holder's receipt"
    return f"the key {'given' if vkey is not None else 'of the receipt'}, {_short(own)}"


def files(opened: Bundle, log: Log) -> str:
    """Compare leak and draft with their hashes in the ledger, and what is stated of them with its entries."""
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


def commitments(opened: Bundle, log: Log, held: Sequence[bytes]) -> str:
    """Check that the revealed keys are those that the ledger commits to, each with its holder."""
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
    said = [f"copy {each.copy}, issued to {each.holder} at {each.issued}" for each in accused]
    return "; ".join([*said, *(_held_copy(opened, log, copy) for copy in held)])


def _held_copy(opened: Bundle, log: Log, copy: bytes) -> str:
    """Check that the file somebody holds is an accused copy as it was issued, and carries the key revealed for it."""
    sha256 = hashlib.sha256(copy).hexdigest()
    issued = [each for each in opened.finding.accused if log.copies[each.copy]["copy_sha256"] == sha256]
    if not issued:
        raise EvidenceInvalid(
            f"The copy given is none of the accused ones as they were issued: its SHA-256 is {sha256}."
        )
    (accused,) = issued
    key = Named(opened.keys[accused.copy], 1)
    found = retrace(copy, opened.draft, [key], **_counted(opened.finding), decoy_seed=b"", decoys=limits.MIN_DECOYS)
    if isinstance(found, image.NotRegistered) or 10.0 ** found.named[0].log10_bound > limits.ACCUSED_BOUND:
        raise EvidenceInvalid(
            f"The file issued as copy {accused.copy} does not carry the key that is revealed for it: another's mark is "
            "held against its holder."
        )
    return f"the copy given is {accused.copy} as it was issued, and carries this key: z = {found.named[0].z:.2f}"


def terms(opened: Bundle, log: Log) -> str:
    """Check what is stated of threshold, copies, hypotheses, decoys and names against the ledger."""
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


def registered_anew(opened: Bundle, threads: int) -> Retrace:
    """Register the leak to the draft again and score the revealed keys and the decoys."""
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


def registration(found: Retrace) -> str:
    """Say how the leak lies on the draft."""
    return (
        f"registered anew: {found.observation.coverage:.0%} of the draft is seen, correlation "
        f"{found.observation.correlation:.3f}"
    )


def scores(opened: Bundle, seen: Retrace) -> str:
    """Compare the scores with those stated."""
    accused = opened.finding.accused
    if len(seen.named) != len(accused):
        raise EvidenceInvalid("Not every accused copy's key is in the bundle.")
    for each, found in zip(accused, seen.named, strict=True):
        if not same_z(found.z, each.z):
            raise EvidenceInvalid(f"Copy {each.copy} scores z = {found.z:.2f}; stated is {each.z:.2f}.")
    return "; ".join(f"copy {each.copy}: z = {found.z:.2f}" for each, found in zip(accused, seen.named, strict=True))


def bounds(opened: Bundle, seen: Retrace) -> str:
    """Compute the bounds and hold them against the threshold."""
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


def null(opened: Bundle, seen: Retrace) -> str:
    """Check that the decoys' scores are those stated and confirm the normal law, and that the evidence is spread."""
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


def rivals(opened: Bundle, log: Log) -> str:
    """Check what is said of other explanations against the listed scores and the threshold."""
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
    """Return a public key's name and id."""
    name, _, rest = vkey.partition("+")
    return f"{name}+{rest.partition('+')[0]}"
