"""The tree, against the RFCs' text written down a second time and against the vectors that everybody has."""

import math
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ledger import naive
from tests.ledger.workshop import log_of
from tidemark.ledger import merkle
from tidemark.ledger.merkle import (
    EMPTY_ROOT,
    consistency_proof,
    holds_consistency,
    holds_inclusion,
    inclusion_proof,
    leaf_hash,
    root_from_inclusion,
)

MOST = 40
LEAVES = [b"leaf %d" % number for number in range(MOST)]
LOG = log_of(LEAVES)
ROOTS = [naive.mth(LEAVES[:size]) for size in range(MOST + 1)]
SIZES = range(MOST + 1)

# The eight leaves of Certificate Transparency's reference implementation (RFC 6962), and the roots of their prefixes.
REFERENCE = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
REFERENCE_ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


@pytest.mark.parametrize(("size", "root"), REFERENCE_ROOTS.items())
def test_roots_are_those_of_the_reference_vectors(size: int, root: str) -> None:
    assert log_of(REFERENCE[:size]).root().hex() == root
    assert naive.mth(REFERENCE[:size]).hex() == root


@pytest.mark.parametrize("size", SIZES)
def test_root_of_every_beginning_is_the_rfc_s(size: int) -> None:
    assert LOG.root(size) == ROOTS[size]


@pytest.mark.parametrize("size", SIZES)
def test_what_is_stored_of_a_tree_can_be_made_of_its_leaves_at_once(size: int) -> None:
    assert merkle.subtrees(map(leaf_hash, LEAVES[:size])) == log_of(LEAVES[:size]).held


@pytest.mark.parametrize("size", SIZES)
def test_inclusion_proofs_are_the_rfc_s_and_hold(size: int) -> None:
    for index in range(size):
        proof = inclusion_proof(index, size, LOG.nodes)
        assert list(proof) == naive.path(index, LEAVES[:size])
        assert root_from_inclusion(leaf_hash(LEAVES[index]), index, size, proof) == ROOTS[size]
        assert holds_inclusion(leaf_hash(LEAVES[index]), index, size, proof, ROOTS[size])


@pytest.mark.parametrize("new", SIZES)
def test_consistency_proofs_are_the_rfc_s_and_hold(new: int) -> None:
    for old in range(new + 1):
        proof = consistency_proof(old, new, LOG.nodes)
        assert list(proof) == (naive.proof(old, LEAVES[:new]) if old else [])
        assert holds_consistency(old, ROOTS[old], new, ROOTS[new], proof)


def test_every_complete_subtree_is_remembered_and_nothing_else() -> None:
    expected = {
        (level, index): naive.mth(LEAVES[index << level : (index + 1) << level])
        for level in range(MOST.bit_length())
        for index in range(MOST >> level)
    }
    assert LOG.held == expected


def test_an_append_returns_the_leaf_and_what_it_completes() -> None:
    log = log_of(LEAVES[:7])
    new = log.append(LEAVES[7])
    assert [(node.level, node.index) for node in new] == [(0, 7), (1, 3), (2, 1), (3, 0)]
    assert new[0].hash == leaf_hash(LEAVES[7])
    assert new[-1].hash == naive.mth(LEAVES[:8])


def test_a_proof_for_another_leaf_does_not_hold() -> None:
    for size in (1, 2, 7, 8, 13):
        for index, other in product(range(size), range(MOST)):
            proof = inclusion_proof(index, size, LOG.nodes)
            assert holds_inclusion(leaf_hash(LEAVES[other]), index, size, proof, ROOTS[size]) == (other == index)


def test_a_proof_holds_at_no_other_index_or_size() -> None:
    """Another size may only hold if it is that of a tree in which the leaf has the same way to the same root."""
    for size in range(1, 18):
        for index in range(size):
            proof = inclusion_proof(index, size, LOG.nodes)
            leaf = leaf_hash(LEAVES[index])
            assert [i for i in range(-2, 40) if holds_inclusion(leaf, i, size, proof, ROOTS[size])] == [index]
            assert not any(holds_inclusion(leaf, index, other, proof, ROOTS[other]) for other in SIZES if other != size)


def test_a_proof_with_a_hash_too_many_or_too_few_or_swapped_does_not_hold() -> None:
    for size in (2, 3, 7, 8, 21, 40):
        for index in range(size):
            proof = inclusion_proof(index, size, LOG.nodes)
            leaf = leaf_hash(LEAVES[index])
            wrong = [proof[1:], proof[:-1], (*proof, proof[0]), (proof[0], *proof), (*proof[:-1], proof[-1][:31])]
            if len(proof) > 1:
                wrong.append(proof[::-1])
            assert not any(holds_inclusion(leaf, index, size, each, ROOTS[size]) for each in wrong)


def test_an_inner_node_is_no_leaf() -> None:
    """The two prefixes keep a leaf that is written like a node from hashing to it."""
    written_like_a_node = b"\x01" + LOG.held[0, 0] + LOG.held[0, 1]
    assert leaf_hash(written_like_a_node) != LOG.held[1, 0]
    assert leaf_hash(written_like_a_node[1:]) != LOG.held[1, 0]


@given(st.data())
def test_a_flipped_bit_in_a_proof_or_root_is_found(data: st.DataObject) -> None:
    new = data.draw(st.integers(2, MOST))
    old = data.draw(st.integers(1, new - 1))
    proof = list(consistency_proof(old, new, LOG.nodes))
    parts = [ROOTS[old], ROOTS[new], *proof]
    at, bit = data.draw(st.integers(0, len(parts) - 1)), data.draw(st.integers(0, 255))
    parts[at] = (int.from_bytes(parts[at]) ^ 1 << bit).to_bytes(32)
    assert not holds_consistency(old, parts[0], new, parts[1], parts[2:])
    index = data.draw(st.integers(0, new - 1))
    path = [leaf_hash(LEAVES[index]), *inclusion_proof(index, new, LOG.nodes)]
    at = data.draw(st.integers(0, len(path) - 1))
    path[at] = (int.from_bytes(path[at]) ^ 1 << bit).to_bytes(32)
    assert not holds_inclusion(path[0], index, new, path[1:], ROOTS[new])


def test_a_rewritten_history_is_not_consistent() -> None:
    for old in range(1, 20):
        for changed in range(old):
            rewritten = list(LEAVES)
            rewritten[changed] = b"rewritten"
            log = log_of(rewritten[:23])
            proof = consistency_proof(old, 23, log.nodes)
            assert not holds_consistency(old, ROOTS[old], 23, log.root(), proof)


def test_a_consistency_proof_holds_for_no_other_pair_of_sizes() -> None:
    for old, new in product(range(1, 14), repeat=2):
        if old < new:
            proof = consistency_proof(old, new, LOG.nodes)
            held = {
                (o, n)
                for o, n in product(range(1, 20), repeat=2)
                if o != n and holds_consistency(o, ROOTS[o], n, ROOTS[n], proof)
            }
            assert held == {(old, new)}


def test_every_tree_begins_with_the_empty_one_and_with_itself() -> None:
    assert consistency_proof(0, 0, LOG.nodes) == consistency_proof(0, 9, LOG.nodes) == ()
    assert consistency_proof(9, 9, LOG.nodes) == ()
    assert holds_consistency(0, EMPTY_ROOT, 0, EMPTY_ROOT, ())
    assert holds_consistency(0, EMPTY_ROOT, 9, ROOTS[9], ())
    assert not holds_consistency(0, ROOTS[1], 9, ROOTS[9], ())
    assert not holds_consistency(0, EMPTY_ROOT, 9, ROOTS[9], (ROOTS[1],))
    assert not holds_consistency(9, ROOTS[9], 9, ROOTS[9], (ROOTS[9],))
    assert not holds_consistency(9, ROOTS[9], 9, ROOTS[8], ())
    assert not holds_consistency(8, ROOTS[8], 9, ROOTS[9], ())


def test_malformed_arguments_do_not_hold() -> None:
    proof = inclusion_proof(3, 7, LOG.nodes)
    leaf = leaf_hash(LEAVES[3])
    assert not holds_inclusion(leaf, 7, 7, proof, ROOTS[7])
    assert not holds_inclusion(leaf, -1, 7, proof, ROOTS[7])
    assert not holds_inclusion(leaf, 0, 0, (), ROOTS[0])
    assert not holds_inclusion(leaf[:31], 3, 7, proof, ROOTS[7])
    assert not holds_inclusion(leaf, 3, 7, proof, ROOTS[7][:31])
    assert not holds_inclusion(leaf, 1, 10**30, proof, ROOTS[7])
    assert not holds_consistency(7, ROOTS[7], 3, ROOTS[3], ())
    assert not holds_consistency(-1, ROOTS[0], 3, ROOTS[3], ())
    assert not holds_consistency(3, ROOTS[3][:31], 7, ROOTS[7], consistency_proof(3, 7, LOG.nodes))


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 1), (-1, 4), (4, 4), (9, 4)])
def test_no_proof_is_made_for_a_leaf_that_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        inclusion_proof(index, size, LOG.nodes)
    with pytest.raises(ValueError, match="no leaf"):
        root_from_inclusion(leaf_hash(b""), index, size, ())


def test_no_proof_is_made_for_a_tree_that_is_no_beginning() -> None:
    for old, new in ((5, 4), (-1, 4)):
        with pytest.raises(ValueError, match="not the beginning"):
            consistency_proof(old, new, LOG.nodes)
    with pytest.raises(ValueError, match="no -1 leaves"):
        merkle.root(-1, LOG.nodes)
    with pytest.raises(ValueError, match="32 bytes"):
        merkle.appended(0, b"not a hash", LOG.nodes)


def test_proofs_and_roots_cost_a_logarithm_of_lookups() -> None:
    """In a log of 10⁹ leaves, with a store that makes up its hashes: nothing enumerates the leaves."""
    size = 10**9 - 1
    made = {"lookups": 0}

    def nodes(level: int, index: int) -> bytes:
        made["lookups"] += 1
        assert (index + 1) << level <= size, "an incomplete subtree was asked for"
        return naive.sha(b"%d %d" % (level, index))

    bound = 2 * math.ceil(math.log2(size))
    for work in (
        lambda: merkle.appended(size, naive.sha(b""), nodes),
        lambda: merkle.root(size, nodes),
        lambda: inclusion_proof(size // 3, size, nodes),
        lambda: consistency_proof(size // 3, size, nodes),
    ):
        made["lookups"] = 0
        work()
        assert made["lookups"] <= bound
    leaf = nodes(0, size // 3)
    proof = inclusion_proof(size // 3, size, nodes)
    assert len(proof) == 30
    assert len(root_from_inclusion(leaf, size // 3, size, proof)) == 32
