"""The residual: what the unmarked draft does not explain of the leak.

In overlapping windows the leak is regressed on the draft, its derivatives, two blurs of it and, where the leak is a
JPEG, the artefacts that its compression makes of the draft. The fit absorbs tone, blur, sharpening and the last
fraction of a pixel; what is left is the mark and noise.
"""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]

WINDOW_RADIUS_PX = 24
"""Half the side of a window. Smaller follows local tone better but swallows the mark's low frequencies."""

_STRIDE_PX = 4
_RIDGE_LEVEL = 1e-3
_RIDGE_HOST = 1e-2
_RIDGE_OTHER = 0.3


def host_features(host: Array) -> list[Array]:
    """Return the regressors that a host gives: itself, its two derivatives and two differences of blurs."""
    return [
        host,
        cv2.Sobel(host, cv2.CV_32F, 1, 0, scale=1 / 8),  # type: ignore[list-item]
        cv2.Sobel(host, cv2.CV_32F, 0, 1, scale=1 / 8),  # type: ignore[list-item]
        cv2.GaussianBlur(host, (0, 0), 1.5) - host,
        cv2.GaussianBlur(host, (0, 0), 4.0) - host,
    ]


def explained(leak: Array, seen: npt.NDArray[np.bool_], regressors: Sequence[Array]) -> Array:
    """Return the part of the leak that a windowed linear regression on the regressors (and 1) explains.

    Parameters
    ----------
    leak : ndarray of float32, shape (H, W)
    seen : ndarray of bool, shape (H, W)
        Where the regressors are known; elsewhere the result is not meaningful.
    regressors : sequence of ndarray of float32, shape (H, W)
        The host first: it is held by a weaker ridge than the others.

    Returns
    -------
    ndarray of float32, shape (H, W)
    """
    weight = seen.astype(np.float32)
    middle = float((leak * weight).sum() / max(float(weight.sum()), 1.0))
    terms = [np.ones_like(leak), *regressors]
    terms[1] = terms[1] - middle  # keeps the normal equations well conditioned; the constant term takes up the rest
    count = len(terms)
    inner = np.empty((*leak[::_STRIDE_PX, ::_STRIDE_PX].shape, count, count), np.float32)
    right = np.empty((*inner.shape[:2], count), np.float32)
    for i in range(count):
        weighted = terms[i] * weight
        right[..., i] = _window_means(weighted * (leak - middle))
        for j in range(i, count):
            inner[..., i, j] = inner[..., j, i] = _window_means(weighted * terms[j])
    ridge = np.array([_RIDGE_LEVEL, _RIDGE_HOST] + [_RIDGE_OTHER] * (count - 2), np.float32)
    inner += np.diag(ridge) * np.maximum(inner[..., :1, :1], 1e-4)
    inner += np.eye(count, dtype=np.float32) * 1e-6
    coefficients = np.linalg.solve(inner, right[..., None])[..., 0]
    fit = np.full_like(leak, middle)
    for i, term in enumerate(terms):
        fit += cv2.resize(np.ascontiguousarray(coefficients[..., i]), leak.shape[::-1]) * term
    return fit


def _window_means(field: Array) -> Array:
    side = 2 * WINDOW_RADIUS_PX + 1
    means = cv2.blur(field, (side, side), borderType=cv2.BORDER_CONSTANT)
    return np.asarray(means[::_STRIDE_PX, ::_STRIDE_PX], np.float32)
