"""Detection: how strongly a feature vector speaks for each key.

With x the feature vector and w the Gaussian numbers of a key, z = ⟨x, w⟩ / ‖x‖. For a key that had no part in making
the leak, w is independent of x, and z is N(0, 1) whatever the draft, the attack or the registration did. This module
knows nothing of pixels: any carrier's vector is tested the same way.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt
from scipy import stats

from tidemark import limits
from tidemark.engine.keys import gaussians

Vector = npt.NDArray[np.float32]
Scores = npt.NDArray[np.float64]

_KEYS_A_TASK = 256


def scores(vector: Vector, keys: Sequence[bytes], *, threads: int = 1) -> Scores:
    """Score keys against a feature vector.

    Parameters
    ----------
    vector : ndarray of float32, shape (n,)
    keys : sequence of bytes
        32 bytes each.
    threads : int
        Expanding keys releases the interpreter's lock, so threads help.

    Returns
    -------
    ndarray of float64, shape (len(keys),)
        z of each key; all zero if the vector is zero.
    """
    length = float(np.linalg.norm(vector.astype(np.float64)))
    if length == 0 or not len(keys):
        return np.zeros(len(keys))
    unit = (vector / length).astype(np.float32)

    def task(first: int) -> list[float]:
        return [float(unit @ gaussians(key, len(unit))) for key in keys[first : first + _KEYS_A_TASK]]

    starts = range(0, len(keys), _KEYS_A_TASK)
    if threads == 1:
        return np.concatenate([task(first) for first in starts])
    with ThreadPoolExecutor(threads) as pool:
        return np.concatenate(list(pool.map(task, starts)))


def without(vector: Vector, key: bytes) -> Vector:
    """Project a key's numbers out of a vector, so that another colluder's mark can be seen behind it."""
    numbers = gaussians(key, len(vector)).astype(np.float64)
    return (vector - numbers * (float(numbers @ vector) / float(numbers @ numbers))).astype(np.float32)


def effective_count(vector: Vector) -> float:
    """Return over how many coefficients the evidence is spread: ‖x‖⁴ / Σ x⁴, between 1 and n."""
    squares = vector.astype(np.float64) ** 2
    total = float((squares**2).sum())
    return float(squares.sum()) ** 2 / total if total > 0 else 0.0


def has_normal_score(vector: Vector) -> bool:
    """Tell whether enough coefficients share in a vector for its scores to be normal; if not, it may accuse nobody."""
    return effective_count(vector) >= limits.MIN_EFFECTIVE_COUNT


def normality(z: Scores) -> float:
    """Return the Kolmogorov–Smirnov p of the claim that scores come from N(0, 1)."""
    return float(stats.kstest(z, "norm").pvalue)
