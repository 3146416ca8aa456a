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
"""Half the side of a window, in pixels of the grid. Smaller follows local tone better but swallows the mark's low
frequencies."""

_WINDOWS_A_RADIUS = 6  # how often the fit is made anew along one radius
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


def explained(
    leak: Array, seen: npt.NDArray[np.bool_], regressors: Sequence[Array], *, radius_px: int = WINDOW_RADIUS_PX
) -> Array:
    """Return the part of the leak that a windowed linear regression on the regressors (and 1) explains.

    Parameters
    ----------
    leak : ndarray of float32, shape (H, W)
    seen : ndarray of bool, shape (H, W)
        Where the regressors are known; elsewhere the result is not meaningful.
    regressors : sequence of ndarray of float32, shape (H, W)
        The host first: it is held by a weaker ridge than the others.
    radius_px : int
        Half the side of a window, in the leak's own pixels.

    Returns
    -------
    ndarray of float32, shape (H, W)
    """
    weight = seen.astype(np.float32)
    middle = float((leak * weight).sum() / max(float(weight.sum()), 1.0))
    terms = [np.ones_like(leak), *regressors]
    terms[1] = terms[1] - middle  # keeps the normal equations well conditioned; the constant term takes up the rest
    count = len(terms)
    stride = max(2, radius_px // _WINDOWS_A_RADIUS)
    inner = np.empty((*leak[::stride, ::stride].shape, count, count), np.float32)
    right = np.empty((*inner.shape[:2], count), np.float32)
    for i in range(count):
        weighted = terms[i] * weight
        right[..., i] = _window_means(weighted * (leak - middle), radius_px, stride)
        for j in range(i, count):
            inner[..., i, j] = inner[..., j, i] = _window_means(weighted * terms[j], radius_px, stride)
    ridge = np.array([_RIDGE_LEVEL, _RIDGE_HOST] + [_RIDGE_OTHER] * (count - 2), np.float32)
    inner += np.diag(ridge) * np.maximum(inner[..., :1, :1], 1e-4)
    inner += np.eye(count, dtype=np.float32) * 1e-6
    coefficients = np.linalg.solve(inner, right[..., None])[..., 0]
    fit = np.full_like(leak, middle)
    for i, term in enumerate(terms):
        fit += cv2.resize(np.ascontiguousarray(coefficients[..., i]), leak.shape[::-1]) * term
    return fit


def _window_means(field: Array, radius_px: int, stride: int) -> Array:
    side = 2 * radius_px + 1
    means = cv2.blur(field, (side, side), borderType=cv2.BORDER_CONSTANT)
    return np.asarray(means[::stride, ::stride], np.float32)
