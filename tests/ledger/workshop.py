"""A ledger in memory, with a key of its own, for the tests."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.people import SUPPLIER
from tidemark.ledger import checkpoint, entry, merkle, note
from tidemark.ledger.entry import Entry, Kind
from tidemark.ledger.receipt import Receipt

NAME = "halden.example/ledger"
KEY = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"key of the tests' ledger").digest())
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"another key").digest())
VKEY = note.vkey(NAME, KEY.public_key())
OTHER_VKEY = note.vkey(NAME, OTHER_KEY.public_key())
TIME = "2031-03-07T09:30:00.000000Z"


@dataclass
class Log:
    """Leaves, the hashes of complete subtrees, and how often these were looked up."""

    leaves: list[bytes] = field(default_factory=list)
    held: dict[tuple[int, int], bytes] = field(default_factory=dict)
    lookups: int = 0

    def nodes(self, level: int, index: int) -> bytes:
        self.lookups += 1
        return self.held[level, index]

    def append(self, leaf: bytes) -> tuple[merkle.Node, ...]:
        new = merkle.appended(len(self.leaves), merkle.leaf_hash(leaf), self.nodes)
        self.held |= {(node.level, node.index): node.hash for node in new}
        self.leaves.append(leaf)
        return new

    def root(self, size: int | None = None) -> bytes:
        return merkle.root(len(self.leaves) if size is None else size, self.nodes)

    def note(self, key: Ed25519PrivateKey = KEY, name: str = NAME) -> bytes:
        return checkpoint.sign(checkpoint.Checkpoint(name, len(self.leaves), self.root()), key, name)

    def receipt(self, index: int) -> Receipt:
        proof = merkle.inclusion_proof(index, len(self.leaves), self.nodes)
        return Receipt(self.leaves[index], index, proof, self.note(), VKEY)


def log_of(leaves: Sequence[bytes]) -> Log:
    log = Log()
    for leaf in leaves:
        log.append(leaf)
    return log


def issued(number: int) -> Entry:
    """Return the entry of one copy's issue."""
    body = {"copy": f"copy-{number}", "holder": SUPPLIER, "sha256": hashlib.sha256(b"%d" % number).hexdigest()}
    return Entry(Kind.COPY_ISSUED, TIME, body, hashlib.sha256(b"salt %d" % number).digest()[:16])


def log_of_copies(count: int) -> Log:
    return log_of([entry.encode(issued(number)) for number in range(count)])
