"""The first nine steps of the outsider's check, one function each: what the bundle says against what the ledger says.

Each returns what the step rests on, or raises what it fails for. :mod:`.verify` puts them into their order, and
:mod:`.recomputed` has the others.
"""

import hashlib
from collections.abc import Sequence

from tidemark import limits
from tidemark.engine import keys
from tidemark.engine.carriers import image
from tidemark.engine.retrace import Named, retrace
from tidemark.errors import EvidenceInvalid, NotOfBundle
from tidemark.evidence.bundle import Bundle, Sealed
from tidemark.evidence.finding import Accused
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
    """Check that the revealed keys are those that the ledger commits to, each with its holder.

    ``held`` are files that the reader takes for accused copies.

    Raises
    ------
    EvidenceInvalid
        If they are not, or if an accused copy that is held does not carry its key.
    NotOfBundle
        If all that is sound, and a file that is held is no accused copy as it was issued.
    """
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
        if each.responsible != issued.get("responsible", each.responsible):
            raise EvidenceInvalid(f"Copy {each.copy}: the ledger names another responsible party.")
    said = [_issued(log, each) for each in accused]
    issued = {log.copies[each.copy]["copy_sha256"]: each for each in accused}
    if len(issued) != len(accused):
        raise EvidenceInvalid("Two of the accused copies are one file; each copy is another one.")
    sums = [hashlib.sha256(copy).hexdigest() for copy in held]
    said += [_carried(opened, issued[of], copy) for of, copy in zip(sums, held, strict=True) if of in issued]
    if others := [of for of in sums if of not in issued]:  # told last: what an accused copy shows counts for more
        raise NotOfBundle(
            f"The copy given, SHA-256 {', '.join(others)}, is none of the accused ones as they were issued, "
            f"{', '.join(issued)}. Another holder's copy, or the accused's own saved anew, says nothing of the bundle. "
            "Give the file as it was received; the receipt that came with it has its SHA-256."
        )
    return "; ".join(said)


def _issued(log: Log, accused: Accused) -> str:
    """Say what the entry of an accused copy says: whose it is, and, if it says so, with which nonce of its holder."""
    issued = log.copies[accused.copy]
    own = ", a master, so the owner's own," if issued["is_master"] else ","
    nonce = f", with its holder's nonce {issued['nonce']}" if issued.get("nonce") else ""
    return f"copy {accused.copy}{own} issued to {accused.holder} at {accused.issued}{nonce}"


def _carried(opened: Bundle, accused: Accused, copy: bytes) -> str:
    """Check that the file of an accused copy carries the key revealed for it."""
    key = Named(opened.keys[accused.copy], 1)
    tested = opened.finding.tested
    found = retrace(
        copy,
        opened.draft,
        [key],
        copies=tested.copies,
        hypotheses=tested.hypotheses,
        decoy_seed=b"",
        decoys=limits.MIN_DECOYS,
    )
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
    for each, said in zip(named, finding.accused, strict=True):
        if each["z"] != said.z:
            raise EvidenceInvalid(
                f"Copy {said.copy}: z = {said.z} is stated; the trace in the ledger says {each['z']}."
            )
    if traced["copies"] < len(traced["accused"]) or traced["hypotheses"] < 2 * len(traced["drafts"]):
        raise EvidenceInvalid("The trace accuses more copies than it tested, or counts less than two for each draft.")
    if sorted(traced["drafts"]) != sorted(each.draft for each in (finding.draft, *finding.rivals.other_revisions)):
        raise EvidenceInvalid("The drafts that the leak is said to fit are not those of the trace in the ledger.")
    return (
        f"{finding.tested.copies} copies × {finding.tested.hypotheses} hypotheses, bound at most "
        f"{finding.thresholds.accused:g}, {finding.decoys.count:,} decoys"
    )


def _short(vkey: str) -> str:
    """Return a public key's name and id."""
    name, _, rest = vkey.partition("+")
    return f"{name}+{rest.partition('+')[0]}"
