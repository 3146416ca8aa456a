"""The canonical grid of a draft and the band of DCT coefficients in it that a mark occupies.

Everything that tracing measures is measured on this grid: the draft's luminance, its long side brought to ``LONG_SIDE``
pixels. The mark's numbers are coefficients of the orthonormal two-dimensional DCT on it. The order of the coefficients
is part of the format (docs/formats/mark.md): ascending frequency, so that a prefix of a mark is its robust part.
"""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt
from scipy.fft import dctn, idctn

LONG_SIDE = 1024
"""Pixels. Leaks on social media are rarely larger, and 1024 samples hold the band with an octave to spare."""

BAND_LOW = 6.0
BAND_HIGH = 240.0
"""Cycles per long side. Below the band, tone and light live; above it, little survives a resize."""

SLOPE_KNEE = 60.0
SLOPE = 1.2
"""Amplitude falls as (1 + (f / SLOPE_KNEE)²)^(−SLOPE / 2): robust low frequencies get more."""

Array = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Band:
    """The coefficients of one grid shape that bear the mark, in the mark's order.

    Attributes
    ----------
    shape : (int, int)
        Rows and columns of the grid.
    index : ndarray of intp, shape (N,)
        Flat positions in the grid's DCT.
    frequency : ndarray of float32, shape (N,)
        Cycles per long side, ascending.
    amplitude : ndarray of float32, shape (N,)
        Relative amplitude that marking gives each coefficient; mean square 1.
    """

    shape: tuple[int, int]
    index: npt.NDArray[np.intp]
    frequency: Array
    amplitude: Array

    def spectrum(self, field: Array) -> Array:
        """Return the band's DCT coefficients of a field on the grid."""
        return dctn(field, norm="ortho").ravel()[self.index]  # type: ignore[no-any-return]

    def field(self, coefficients: Array) -> Array:
        """Return the field on the grid that has these coefficients in the band and none elsewhere."""
        spectrum = np.zeros(self.shape[0] * self.shape[1], np.float32)
        spectrum[self.index[: len(coefficients)]] = coefficients
        return idctn(spectrum.reshape(self.shape), norm="ortho", overwrite_x=True, workers=2)  # type: ignore[no-any-return]


def grid_shape(height_px: int, width_px: int) -> tuple[int, int]:
    """Return rows and columns of the canonical grid for a picture of this size."""
    scale = LONG_SIDE / max(height_px, width_px)
    return max(8, round(height_px * scale)), max(8, round(width_px * scale))


def enlargement(height_px: int, width_px: int) -> float:
    """Return how many pixels of the canonical grid a pixel of the picture covers, at least 1."""
    return max(1.0, LONG_SIDE / max(height_px, width_px))


@lru_cache(maxsize=8)
def band(shape: tuple[int, int]) -> Band:
    """Return the band of a grid shape. The order is decided in whole numbers, so that it is the same everywhere."""
    rows, columns = shape
    long_side = max(shape)
    ky, kx = np.meshgrid(np.arange(rows, dtype=np.int64), np.arange(columns, dtype=np.int64), indexing="ij")
    # f = (long side / 2) · √((ky/rows)² + (kx/columns)²); compare 4·f²·(rows·columns)² as integers
    key = (long_side * columns * ky) ** 2 + (long_side * rows * kx) ** 2
    unit = (2 * rows * columns) ** 2
    inside = (key >= BAND_LOW**2 * unit) & (key < BAND_HIGH**2 * unit)
    index = np.flatnonzero(inside.ravel())
    index = index[np.argsort(key.ravel()[index], kind="stable")]
    frequency = np.sqrt(key.ravel()[index] / unit).astype(np.float32)
    amplitude = (1 + (frequency / SLOPE_KNEE) ** 2) ** (-SLOPE / 2)
    amplitude = (amplitude / np.sqrt(np.mean(amplitude**2))).astype(np.float32)
    return Band(shape, index, frequency, amplitude)


def to_grid(luma: Array) -> Array:
    """Bring a picture's luminance to its canonical grid: area means when it shrinks, cubic when it grows.

    Parameters
    ----------
    luma : ndarray of float32, shape (H, W)
        Levels of 255.

    Returns
    -------
    ndarray of float32, shape ``grid_shape(H, W)``
    """
    rows, columns = grid_shape(*luma.shape)
    shrinks = max(luma.shape) > LONG_SIDE
    return cv2.resize(luma, (columns, rows), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC)  # type: ignore[return-value]
