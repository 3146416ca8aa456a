"""Keys and the numbers that they stand for, against standards and against computations made another way."""

import hashlib
import math

import numpy as np
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tidemark.engine import keys
from tidemark.engine.keys import copy_key, decoy_keys, gaussians, normal_table
from tidemark.errors import WrongKey

SECRET = bytes(range(32))
TABLE_SHA256 = "b61f46ed2cc5fe2f493140353b52fcce3d8c1dab1111594931acc1cea3500782"

ids = st.text(max_size=12)
triples = st.tuples(ids, ids, st.binary(max_size=12))


def test_key_is_what_rfc_5869_derives_from_the_documented_fields() -> None:
    info = (
        b"\x00\x00\x00\x0dtidemark-mark"
        b"\x00\x00\x00\x04\x00\x00\x00\x01"
        b"\x00\x00\x00\x0cfront-bumper"
        b"\x00\x00\x00\x07\xe9\x9c\x81\xe5\xb7\x9d1"
        b"\x00\x00\x00\x02\x00\xff"
    )
    expected = HKDF(SHA256(), 32, salt=b"tidemark-mark", info=info).derive(SECRET)
    assert copy_key(SECRET, draft="front-bumper", copy="霁川1", nonce=b"\x00\xff") == expected


@given(triples, triples)
def test_different_fields_never_give_the_same_key(one: tuple[str, str, bytes], other: tuple[str, str, bytes]) -> None:
    first = copy_key(SECRET, draft=one[0], copy=one[1], nonce=one[2])
    second = copy_key(SECRET, draft=other[0], copy=other[1], nonce=other[2])
    assert (first == second) == (one == other)


def test_fields_cannot_run_together() -> None:
    split = {("ab", "c", b""), ("a", "bc", b""), ("", "abc", b""), ("abc", "", b""), ("ab", "", b"c"), ("", "", b"abc")}
    assert len({copy_key(SECRET, draft=draft, copy=copy, nonce=nonce) for draft, copy, nonce in split}) == len(split)


def test_another_secret_gives_another_key() -> None:
    changed = bytes([SECRET[0] ^ 1]) + SECRET[1:]
    assert copy_key(SECRET, draft="d", copy="c") != copy_key(changed, draft="d", copy="c")


@pytest.mark.parametrize("length", [0, 16, 31, 33, 64])
def test_secret_of_another_length_is_refused_without_being_shown(length: int) -> None:
    with pytest.raises(WrongKey, match=rf"\b{length}\b") as refused:
        copy_key(b"\xaa" * length, draft="d", copy="c")
    assert "aa" not in str(refused.value)


def test_decoys_are_determined_by_their_seed_alone() -> None:
    few, many = list(decoy_keys(b"seed", 3)), list(decoy_keys(b"seed", 50))
    assert few == many[:3]
    assert len(set(many)) == 50
    assert all(len(key) == keys.KEY_BYTES for key in many)
    assert not set(many) & set(decoy_keys(b"seed2", 50))
    assert list(decoy_keys(b"seed", 0)) == []


def test_no_decoy_is_a_copy_of_the_same_names() -> None:
    issued = {copy_key(SECRET, draft="d", copy=f"c{number}") for number in range(100)}
    assert not issued & set(decoy_keys(SECRET, 100))


def test_numbers_are_the_table_read_at_aes_blocks_of_a_counter() -> None:
    """Counter mode put together from single blocks, so that no mode of the library is trusted."""
    key = copy_key(SECRET, draft="d", copy="c")
    block = Cipher(algorithms.AES256(key), modes.ECB()).encryptor()
    stream = b"".join(block.update(counter.to_bytes(16, "big")) for counter in range(3))
    expected = [normal_table()[stream[at] + 256 * stream[at + 1]] for at in range(0, 48, 2)]
    assert gaussians(key, 24).tolist() == expected


@given(st.binary(min_size=32, max_size=32), st.integers(0, 300), st.integers(0, 300))
def test_a_shorter_run_is_a_prefix_of_a_longer_one(key: bytes, one: int, other: int) -> None:
    short, long = sorted((one, other))
    run = gaussians(key, long)
    assert run.dtype == np.float32
    assert run.shape == (long,)
    assert np.array_equal(gaussians(key, short), run[:short])


def test_a_run_of_numbers_is_normal_and_uncorrelated() -> None:
    run = gaussians(copy_key(SECRET, draft="d", copy="c"), 400_000).astype(np.float64)
    other = gaussians(copy_key(SECRET, draft="d", copy="c2"), 400_000).astype(np.float64)
    assert stats.kstest(run, "norm").pvalue > 1e-3
    lags = [float(run[:-lag] @ run[lag:]) / len(run) for lag in (1, 2, 7, 8, 1024)]
    assert max(map(abs, [*lags, float(run @ other) / len(run)])) < 5 / math.sqrt(len(run))


def test_table_is_the_one_that_copies_were_made_with() -> None:
    assert hashlib.sha256(normal_table().astype("<f4").tobytes()).hexdigest() == TABLE_SHA256


def test_table_can_neither_be_changed_nor_is_it_read_from_the_platform() -> None:
    table = normal_table()
    with pytest.raises(ValueError, match="read-only"):
        table[0] = 0
    assert len(table) == 65_536
    assert np.array_equal(table, -table[::-1])
    assert np.all(np.diff(table) >= 0)
    assert np.array_equal(table * 8192, np.rint(table * 8192))


def test_no_entry_of_the_table_is_near_the_edge_of_its_rounding() -> None:
    """SciPy's quantiles differ from Python's in the last digits; the nearest edge is 30 times as far away as that."""
    edges = stats.norm.isf(np.arange(32_768, -1, -1) / 65_536)
    density = stats.norm.pdf(edges)
    means_in_steps = (density[:-1] - density[1:]) * 65_536 * 8192
    assert np.array_equal(np.floor(means_in_steps), normal_table()[32_768:] * 8192)
    assert np.min(np.abs(means_in_steps - np.rint(means_in_steps))) > 5e-6


def test_table_is_below_the_normal_law_in_the_convex_order() -> None:
    """X is smaller in the convex order if E (X − a)⁺ never exceeds the normal law's and the means agree.

    Between entries E (X − a)⁺ is linear in a and the normal one is convex, so the entries alone are not enough; the
    middle of every two entries is looked at too, and the tails beyond the last entry, where X's is 0.
    """
    table = normal_table().astype(np.float64)
    at = np.unique(np.concatenate([table, (table[1:] + table[:-1]) / 2]))
    above = np.searchsorted(table, at, side="right")
    sums = np.concatenate([np.cumsum(table[::-1])[::-1], [0.0]])
    of_table = (sums[above] - at * (len(table) - above)) / len(table)
    of_normal = stats.norm.pdf(at) - at * stats.norm.sf(at)
    assert table.sum() == 0
    assert np.all(of_table <= of_normal + 1e-12)
    assert 0.9998 < float(np.mean(table**2)) < 1


@pytest.mark.parametrize("rate", [0.1, 0.5, 1, 2, 3, 4, 6, 10, 30])
def test_exponential_moments_stay_below_the_normal_ones(rate: float) -> None:
    table = normal_table().astype(np.float64)
    assert np.log(np.mean(np.exp(rate * table - rate**2 / 2))) <= 1e-12
