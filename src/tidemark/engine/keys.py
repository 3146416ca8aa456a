"""Keys of copies, and the Gaussian numbers that a key stands for: the first stage of the data's path.

A copy's key is derived from the owner's master secret; the mark of the copy is a run of Gaussian numbers w that the key
expands to. Whoever has the key of one copy learns nothing of the master secret or of any other copy's key.

The numbers are the same on every platform and forever: AES-256 in counter mode gives 16-bit indices, and a fixed table
turns an index into a number. An entry of the table is the mean of the normal law over one of 65,536 equally probable
bins, rounded toward zero to a multiple of 2⁻¹³. Such a variable is smaller than a normal one in the convex order, hence
E exp(λw) ≤ exp(λ²/2) for every λ: a score built from it never has heavier exponential tails than the normal law.
"""

import hashlib
import hmac
from collections.abc import Iterator
from functools import cache
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from tidemark.errors import WrongKey

SCHEME = "tidemark-mark"
VERSION = 1

KEY_BYTES = 32
_TABLE_BITS = 16
_TABLE_STEP = 2.0**-13  # float32 holds every multiple of it below 2¹¹ exactly


def copy_key(master_secret: bytes, *, draft: str, copy: str, nonce: bytes = b"") -> bytes:
    """Derive the key of one copy: HKDF-SHA-256 (RFC 5869) bound to scheme, version, draft, copy and holder's nonce.

    Parameters
    ----------
    master_secret : bytes
        The owner's secret, 32 bytes.
    draft, copy : str
        Their ids. A key is never shared between drafts.
    nonce : bytes
        What the holder contributed, if anything, so that the owner cannot have chosen the key alone.

    Returns
    -------
    bytes
        32 bytes.

    Raises
    ------
    WrongKey
        If the master secret is not 32 bytes long.
    """
    if len(master_secret) != KEY_BYTES:
        raise WrongKey(
            f"A master secret has {KEY_BYTES} bytes; the one given has {len(master_secret)}. Restore the right one."
        )
    info = _fields(SCHEME.encode(), VERSION.to_bytes(4, "big"), draft.encode(), copy.encode(), nonce)
    extracted = hmac.digest(SCHEME.encode(), master_secret, "sha256")
    return hmac.digest(extracted, info + b"\x01", "sha256")


def key_commitment(key: bytes) -> bytes:
    """Return the 32 bytes that bind the owner to a copy's key before it is revealed.

    The SHA-256 of a key of 256 unpredictable bits tells nothing of it, and no other key can be found for it.
    """
    return hashlib.sha256(_fields(SCHEME.encode(), b"commitment", key)).digest()


def decoy_keys(seed: bytes, count: int) -> Iterator[bytes]:
    """Yield ``count`` keys that were never issued to anyone, all determined by ``seed``."""
    for index in range(count):
        yield hashlib.sha256(_fields(SCHEME.encode(), b"decoy", seed, index.to_bytes(8, "big"))).digest()


def gaussians(key: bytes, count: int) -> npt.NDArray[np.float32]:
    """Expand a key into the first ``count`` of its independent N(0, 1) numbers.

    Parameters
    ----------
    key : bytes
        32 bytes.
    count : int
        How many. A shorter run is a prefix of a longer one.

    Returns
    -------
    ndarray of float32, shape (count,)
    """
    stream = Cipher(algorithms.AES256(key), modes.CTR(bytes(16))).encryptor()
    indices = np.frombuffer(stream.update(bytes(2 * count)), dtype="<u2")
    return np.asarray(normal_table()[indices])


@cache
def normal_table() -> npt.NDArray[np.float32]:
    """Return the 65,536 means of the normal law over equally probable bins, ascending, odd-symmetric.

    The mean over the bin (a, b) of probability p is (φ(a) − φ(b)) / p. Tests pin the table's SHA-256.
    """
    bins = 1 << _TABLE_BITS
    normal = NormalDist()
    edges = [normal.inv_cdf(index / bins) for index in range(bins // 2 + 1, bins)]
    densities = np.array([normal.pdf(0.0), *(normal.pdf(edge) for edge in edges), 0.0])
    upper = np.floor((densities[:-1] - densities[1:]) * bins / _TABLE_STEP) * _TABLE_STEP
    table = np.concatenate([-upper[::-1], upper]).astype(np.float32)
    table.setflags(write=False)
    return table


def _fields(*fields: bytes) -> bytes:
    """Join fields so that no two different lists give the same bytes: each is preceded by its length."""
    return b"".join(len(field).to_bytes(4, "big") + field for field in fields)
