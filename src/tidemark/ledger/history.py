"""One history or two: what a reader holds from before, against the ledger that is shown now.

An owner who changes, takes out or cuts off entries and signs again leaves a ledger that holds together by itself. What
finds it is a state that was signed earlier and that somebody else kept: the checkpoint in a receipt, a published
checkpoint, or both ends of a proof of consistency.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tidemark.errors import LedgerTampered
from tidemark.ledger import consistency, receipt
from tidemark.ledger.checkpoint import Checkpoint, open_checkpoint
from tidemark.ledger.consistency import Between


@dataclass(frozen=True, slots=True)
class Held:
    """What a reader holds: states that the owner signed, and proofs between two of them, followed already."""

    states: tuple[Checkpoint, ...] = ()
    proofs: tuple[Between, ...] = ()

    def everything(self) -> tuple[Checkpoint, ...]:
        """Return the states, both ends of each proof among them."""
        return (*self.states, *(end for each in self.proofs for end in (each.older, each.newer)))


def read_held(files: Sequence[bytes], vkey: str) -> Held:
    """Read and verify what a reader holds of the ledger with this key: receipts, checkpoints, proofs of consistency.

    Raises
    ------
    LedgerTampered
        If one of them does not hold, or is of another key.
    UnreadableFile
        If a receipt or a proof is malformed.
    """
    states, proofs = [], []
    for data in files:
        if data.startswith(f"{consistency.SCHEME} ".encode()):
            proofs.append(consistency.verify(consistency.decode(data), vkey))
        elif data.startswith(f"{receipt.SCHEME} ".encode()):
            held = receipt.decode(data)
            receipt.verify(held, vkey)
            states.append(open_checkpoint(held.checkpoint, vkey))
        else:
            states.append(_noted(data, vkey))
    return Held(tuple(states), tuple(proofs))


def compare(shown: Mapping[int, bytes], held: Sequence[Checkpoint], proofs: Sequence[Between] = ()) -> None:
    """Check that every state held is of the history shown.

    Parameters
    ----------
    shown : mapping of int to bytes
        Roots by size, each of them a beginning of the one of the largest size.
    held : sequence of Checkpoint
    proofs : sequence of Between
        What leads from one to the other.

    Raises
    ------
    LedgerTampered
        If one has another root than the state of its size that is shown or proven, or none leads to it.
    """
    known = comparable(shown, proofs)
    for state in held:
        if not has_state(known, state):
            last = max(shown)
            raise LedgerTampered(
                f"The checkpoint of {state.size} entries that you hold cannot be compared with that of {last}: no "
                f"proof leads from the one to the other. {ask_for_proof(state.size, last)}"
            )


def comparable(shown: Mapping[int, bytes], proofs: Sequence[Between]) -> Mapping[int, bytes]:
    """Return roots by size: those shown, those that continue the last of them, and the beginnings of any of these.

    A continuation of a mere beginning is left out: two histories can begin alike.

    Raises
    ------
    LedgerTampered
        If two states of one size have different roots.
    """
    signed = dict(shown)
    for each in proofs:
        for end in (each.older, each.newer):
            if not has_state(signed, end):
                signed[end.size] = end.root
    continuations = _reached({max(shown)}, [(each.older.size, each.newer.size) for each in proofs])
    sizes = _reached({*shown, *continuations}, [(each.newer.size, each.older.size) for each in proofs])
    return {size: signed[size] for size in sizes}


def has_state(known: Mapping[int, bytes], state: Checkpoint) -> bool:
    """Tell whether a state is among those whose roots are known by size.

    Raises
    ------
    LedgerTampered
        If the one of its size has another root.
    """
    if known.get(state.size, state.root) != state.root:
        raise two_histories(f"the first {state.size} entries that you hold a signed checkpoint of are others")
    return state.size in known


def two_histories(difference: str) -> LedgerTampered:
    """Return the error to raise where two things that the owner signed cannot be of one history."""
    return LedgerTampered(
        f"The owner signed two histories: {difference}. Nothing innocent explains this; keep both files."
    )


def ask_for_proof(size: int, other: int) -> str:
    """Say what to ask the owner for where states of two sizes cannot be compared without it."""
    older, newer = sorted((size, other))
    return f"Ask the owner for a proof of consistency, and give it: tidemark ledger prove --from {older} --to {newer}"


def _reached(start: set[int], steps: Sequence[tuple[int, int]]) -> set[int]:
    """Return what the steps lead to from any of the start, the start included."""
    reached = set(start)
    for _ in steps:
        reached |= {there for here, there in steps if here in reached}
    return reached


def _noted(data: bytes, vkey: str) -> Checkpoint:
    try:
        return open_checkpoint(data, vkey)
    except LedgerTampered as fault:
        raise LedgerTampered(f"What you hold is no receipt, proof or checkpoint of this ledger: {fault}") from None
