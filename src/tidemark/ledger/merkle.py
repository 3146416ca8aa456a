"""The Merkle tree over the ledger's leaves: its root, and proofs of inclusion and consistency.

RFC 6962 section 2.1 and RFC 9162 section 2.1, with SHA-256. The store remembers the hash of every complete subtree of
2**level leaves; from these an append, a root and a proof cost O(log n) hashes and lookups in a log of n leaves.

``leaf`` is always what :func:`leaf_hash` gives of an entry's bytes. Whoever verifies must compute it from the entry:
a hash that came with the proof could be that of an inner node.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hmac import compare_digest

HASH_BYTES = 32
LEAF_PREFIX = b"\x00"
NODE_PREFIX = b"\x01"
EMPTY_ROOT = hashlib.sha256().digest()

Nodes = Callable[[int, int], bytes]
"""(level, index) → hash of the complete subtree of 2**level leaves that begins at leaf index · 2**level."""


@dataclass(frozen=True, slots=True)
class Node:
    """A complete subtree of 2**level leaves, number ``index`` at its level, and its hash."""

    level: int
    index: int
    hash: bytes


def leaf_hash(data: bytes) -> bytes:
    """Hash a leaf's bytes: SHA-256(00 ‖ data)."""
    return hashlib.sha256(LEAF_PREFIX + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees into the one above them: SHA-256(01 ‖ left ‖ right)."""
    return hashlib.sha256(NODE_PREFIX + left + right).digest()


def appended(size: int, leaf: bytes, nodes: Nodes) -> tuple[Node, ...]:
    """Return the nodes that an append completes, lowest first; all of them must be stored.

    Parameters
    ----------
    size : int
        Leaves before the append, hence the new leaf's index.
    leaf : bytes
        The new leaf's hash.
    nodes : Nodes
        Of the tree before the append.

    Raises
    ------
    ValueError
        If the size is negative or the leaf is not a hash.
    """
    _check(size >= 0, f"a tree has no {size} leaves")
    _check(len(leaf) == HASH_BYTES, f"a leaf's hash has {HASH_BYTES} bytes, not {len(leaf)}")
    completed = [Node(0, size, leaf)]
    while completed[-1].index % 2:
        last = completed[-1]
        above = node_hash(nodes(last.level, last.index - 1), last.hash)
        completed.append(Node(last.level + 1, last.index // 2, above))
    return tuple(completed)


def subtrees(leaves: Iterable[bytes]) -> dict[tuple[int, int], bytes]:
    """Return what is stored of a tree of these leaves: the hash of each complete subtree, by level and index.

    Raises
    ------
    ValueError
        If a leaf is not a hash.
    """
    held: dict[tuple[int, int], bytes] = {}
    for size, leaf in enumerate(leaves):
        made = appended(size, leaf, lambda level, index: held[level, index])
        held.update({(node.level, node.index): node.hash for node in made})
    return held


def root(size: int, nodes: Nodes) -> bytes:
    """Return the root of a tree's first ``size`` leaves; SHA-256 of nothing for an empty tree.

    Raises
    ------
    ValueError
        If the size is negative.
    """
    _check(size >= 0, f"a tree has no {size} leaves")
    return _subtree(0, size, nodes) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, nodes: Nodes) -> tuple[bytes, ...]:
    """Return the hashes that lead from a leaf to the root: PATH(index, D[size]) of RFC 9162 section 2.1.3.1.

    Raises
    ------
    ValueError
        Unless 0 ≤ index < size.
    """
    _check(0 <= index < size, f"a tree of {size} leaves has no leaf {index}")
    start, count, proof = 0, size, []
    while count > 1:
        left = _left(count)
        if index < start + left:
            proof.append(_subtree(start + left, count - left, nodes))
            count = left
        else:
            proof.append(_subtree(start, left, nodes))
            start, count = start + left, count - left
    return tuple(reversed(proof))


def consistency_proof(old: int, new: int, nodes: Nodes) -> tuple[bytes, ...]:
    """Return the hashes that show a tree to be the beginning of a larger one: PROOF(old, D[new]), section 2.1.4.1.

    It is empty if ``old`` is ``new`` (nothing to show) or 0 (every tree begins with the empty one).

    Raises
    ------
    ValueError
        Unless 0 ≤ old ≤ new.
    """
    _check(0 <= old <= new, f"a tree of {old} leaves is not the beginning of one of {new}")
    if old == 0:
        return ()
    start, count, kept, proof = 0, new, old, []
    while kept != count:
        left = _left(count)
        if kept <= left:
            proof.append(_subtree(start + left, count - left, nodes))
            count = left
        else:
            proof.append(_subtree(start, left, nodes))
            start, count, kept = start + left, count - left, kept - left
    if start:  # else the verifier has this hash already: it is the old root
        proof.append(_subtree(start, kept, nodes))
    return tuple(reversed(proof))


def root_from_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """Return the root that a proof leads to: RFC 9162 section 2.1.3.2.

    Parameters
    ----------
    leaf : bytes
        The leaf's hash, computed from the entry by whoever verifies.
    index, size : int
        The leaf's index in the tree, and the tree's leaves.
    proof : sequence of bytes
        Nearest to the leaf first.

    Raises
    ------
    ValueError
        Unless 0 ≤ index < size and the proof has as many hashes as such a leaf needs.
    """
    _check(0 <= index < size, f"a tree of {size} leaves has no leaf {index}")
    _check(_are_hashes((leaf, *proof)), f"a hash has {HASH_BYTES} bytes")
    at, last, reached = index, size - 1, leaf
    for sibling in proof:
        _check(last > 0, f"{len(proof)} hashes are too many for leaf {index} of {size}")
        if at % 2 or at == last:
            reached = node_hash(sibling, reached)
            while at and not at % 2:
                at, last = at // 2, last // 2
        else:
            reached = node_hash(reached, sibling)
        at, last = at // 2, last // 2
    _check(last == 0, f"{len(proof)} hashes are too few for leaf {index} of {size}")
    return reached


def holds_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Tell whether a proof shows that the tree of this size and root has this leaf at this index.

    Malformed arguments do not hold; nothing is raised.
    """
    try:
        return compare_digest(root_from_inclusion(leaf, index, size, proof), root)
    except ValueError:
        return False


def holds_consistency(old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Tell whether a proof shows that one tree is the beginning of another: RFC 9162 section 2.1.4.2.

    Two trees of one size must have one root, and every tree begins with the empty one; both need an empty proof.
    Malformed arguments do not hold; nothing is raised.
    """
    if not 0 <= old_size <= new_size or not _are_hashes((old_root, new_root, *proof)):
        return False
    if old_size == new_size:
        return not proof and compare_digest(old_root, new_root)
    if old_size == 0:
        return not proof and compare_digest(old_root, EMPTY_ROOT)
    if not proof:
        return False
    path = list(proof) if old_size & (old_size - 1) else [old_root, *proof]  # a complete old tree is its own first hash
    at, last = old_size - 1, new_size - 1
    while at % 2:
        at, last = at // 2, last // 2
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if at % 2 or at == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while at and not at % 2:
                at, last = at // 2, last // 2
        else:
            new = node_hash(new, sibling)
        at, last = at // 2, last // 2
    return last == 0 and compare_digest(old, old_root) and compare_digest(new, new_root)


def _left(count: int) -> int:
    """Return the largest power of two below ``count`` (at least 2): the leaves left of the split."""
    return 1 << ((count - 1).bit_length() - 1)


def _subtree(start: int, count: int, nodes: Nodes) -> bytes:
    """Return MTH(D[start:start + count]), for a range that the tree's splits lead to: complete subtrees, joined."""
    level = (count & -count).bit_length() - 1
    count -= 1 << level
    joined = nodes(level, (start + count) >> level)
    while count:
        level = (count & -count).bit_length() - 1
        count -= 1 << level
        joined = node_hash(nodes(level, (start + count) >> level), joined)
    return joined


def _are_hashes(hashes: Sequence[bytes]) -> bool:
    return all(len(each) == HASH_BYTES for each in hashes)


def _check(holds: bool, otherwise: str) -> None:
    if not holds:
        raise ValueError(otherwise)
