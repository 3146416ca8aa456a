"""What the ledger costs as it grows: hashes and lookups counted, times as ratios to those of a ledger of 10³ entries.

python -m benchmarks.ledger [--most 1000000]
"""

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from unittest import mock

from benchmarks import pages
from tidemark.ledger import merkle

SIZES = (10**3, 10**4, 10**5, 10**6)
TRIED = 256
ROUNDS = 25

Operation = Callable[[], object]


@dataclass
class Store:
    """The hashes of complete subtrees in memory, and how many were looked up."""

    held: dict[tuple[int, int], bytes] = field(default_factory=dict)
    size: int = 0
    lookups: int = 0

    def nodes(self, level: int, index: int) -> bytes:
        """Look a hash up."""
        self.lookups += 1
        return self.held[level, index]

    def grow(self, size: int) -> None:
        """Append until the ledger has this many entries."""
        for at in range(self.size, size):
            for node in merkle.appended(at, leaf(at), self.nodes):
                self.held[node.level, node.index] = node.hash
        self.size = size


def main() -> None:
    """Let a ledger grow to a million entries, measure at each power of ten, write docs/benchmarks/ledger.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=SIZES[-1], help="entries at the end (default: a million)")
    most = parser.parse_args().most
    store = Store()
    counts: list[list[str]] = []
    seconds: list[list[float]] = []
    for size in (size for size in SIZES if size <= most):
        store.grow(size)
        tried = operations(store)
        counts.append([f"{size:,}", *(counted(store, each) for each in tried.values())])
        seconds.append([least(each) for each in tried.values()])
    ratios = [[count[0], *ratio(row, seconds[0])] for count, row in zip(counts, seconds, strict=True)]
    header = ("entries", *tried)
    pages.write(
        "ledger",
        "python -m benchmarks.ledger",
        "# What the ledger costs as it grows",
        f"Hashes computed + hashes looked up in the store, at most, over {TRIED} of each: the last appends, and proofs "
        "for entries (inclusion) and earlier sizes (consistency) spread through the ledger. The leaf's own hash is not "
        "counted.",
        pages.table(header, counts),
        f"Time for the same, as a ratio to a ledger of {SIZES[0]:,} entries; the least of {ROUNDS} rounds. The store "
        "is a dictionary, so what a database would add per lookup is not in it.",
        pages.table(header, ratios),
    )


def operations(store: Store) -> dict[str, Sequence[Operation]]:
    """Return what is measured in a ledger of the store's present size, by name."""
    size, nodes = store.size, store.nodes
    at = [size * i // TRIED for i in range(TRIED)]
    root = merkle.root(size, nodes)
    olds = [merkle.root(i, nodes) for i in at]
    inclusion = [merkle.inclusion_proof(i, size, nodes) for i in at]
    consistency = [merkle.consistency_proof(i, size, nodes) for i in at]
    leaves = [leaf(i) for i in at]
    found = {
        "append": [lambda i=i: merkle.appended(size - 1 - i, b"\0" * 32, nodes) for i in range(TRIED)],
        "root": [lambda: merkle.root(size, nodes)] * TRIED,
        "prove inclusion": [lambda i=i: merkle.inclusion_proof(i, size, nodes) for i in at],
        "verify inclusion": [
            lambda i=i, own=own, proof=proof: merkle.holds_inclusion(own, i, size, proof, root)
            for i, own, proof in zip(at, leaves, inclusion, strict=True)
        ],
        "prove consistency": [lambda i=i: merkle.consistency_proof(i, size, nodes) for i in at],
        "verify consistency": [
            lambda i=i, old=old, proof=proof: merkle.holds_consistency(i, old, size, root, proof)
            for i, old, proof in zip(at, olds, consistency, strict=True)
        ],
    }
    assert all(verify() for name in ("verify inclusion", "verify consistency") for verify in found[name])
    return found


def counted(store: Store, tried: Sequence[Operation]) -> str:
    """Return the most hashes computed and the most looked up by one of the operations."""
    computed = looked_up = 0
    with mock.patch.object(merkle, "node_hash", side_effect=merkle.node_hash) as node_hash:
        for operation in tried:
            node_hash.call_count = store.lookups = 0
            operation()
            computed, looked_up = max(computed, node_hash.call_count), max(looked_up, store.lookups)
    return f"{computed} + {looked_up}"


def least(tried: Sequence[Operation]) -> float:
    """Return the least time, in seconds, that all the operations took."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for operation in tried:
            operation()
        best = min(best, time.perf_counter() - start)
    return best


def ratio(row: Sequence[float], first: Sequence[float]) -> list[str]:
    """Write times as ratios to the first row's."""
    return [f"{now / then:.2f} ×" for now, then in zip(row, first, strict=True)]


def leaf(at: int) -> bytes:
    """Return the hash of a made-up leaf."""
    return merkle.leaf_hash(at.to_bytes(8))


if __name__ == "__main__":
    main()
