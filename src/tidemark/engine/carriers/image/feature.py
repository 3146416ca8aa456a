"""The feature vector: the residual of a leak, weighted so that the mark stands out of it as far as it can.

The channel is measured, not assumed: the cross-spectrum of leak and draft in each radial band is the gain H(f) that the
leak's journey left at frequency f, and the mark went through the same channel as the host. Each pixel is weighted by
the mark's mask over the residual's local variance, each coefficient by amplitude × H(f) / noise(f): the matched filter.
Nothing is clipped: clipping would hand the win to extreme collusion attacks.
"""

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from tidemark.engine.carriers.image.grid import BAND_HIGH, BAND_LOW, Band, band
from tidemark.engine.carriers.image.mask import expected_mask

Array = npt.NDArray[np.float32]

_RADIAL_BANDS = 24
_VARIANCE_SIGMA_PX = 8.0
_BORDER_PX = 9
_TAPER_SIGMA_PX = 6.0
_LINE = 6.0  # standard deviations of its radial band from which a coefficient is a line and not noise
_MEDIAN_OF_NORMAL = 0.6745  # of |N(0, 1)|
_MOST_GAIN = 2.0
_LEAST_GAIN = 0.01
_LEAST_SHARE = 2e-4
"""A radial band whose weighted energy would be below this share of the strongest one's is left out."""


@dataclass(frozen=True, slots=True)
class Channel:
    """What the leak's journey did to the picture, as far as the draft shows it.

    Attributes
    ----------
    frequency : ndarray of float32, shape (b,)
        Centres of the radial bands, cycles per long side.
    gain : ndarray of float32, shape (b,)
        H(f): 1 where a frequency came through unharmed.
    """

    frequency: Array
    gain: Array


@dataclass(frozen=True, slots=True, eq=False)
class FeatureVector:
    """The vector that keys are tested against, and what it was made of.

    Attributes
    ----------
    vector : ndarray of float32, shape (n,)
        One number for each of the mark's first n coefficients: the spectrum of ``weighted``, times ``filter``.
    weighted : ndarray of float32, shape (rows, columns)
        The residual on the canonical grid, each pixel weighted.
    filter : ndarray of float32, shape (n,)
    channel : Channel
    """

    vector: Array
    weighted: Array
    filter: Array
    channel: Channel


def feature_vector(
    draft: Array,
    warped: Array,
    residual: Array,
    seen: npt.NDArray[np.bool_],
    *,
    jpeg_steps: Array | None = None,
    enlarged: float = 1.0,
) -> FeatureVector:
    """Weigh a residual into the vector that is tested against each copy's mark.

    Parameters
    ----------
    draft, warped, residual : ndarray of float32, shape (rows, columns)
        The unmarked draft, the leak and its residual on the canonical grid, levels of 255.
    seen : ndarray of bool, shape (rows, columns)
        Where the leak shows the draft.
    jpeg_steps : ndarray of float32, shape (8, 8), or None
        How coarsely the leak's luma was last quantised.
    enlarged : float
        How many pixels of the grid a pixel of the draft covers, at least 1.

    Returns
    -------
    FeatureVector
        It depends on the leak and the unmarked draft only.
    """
    bands = band(draft.shape)
    edges = np.geomspace(BAND_LOW, BAND_HIGH, _RADIAL_BANDS + 1)
    member = np.clip(np.searchsorted(edges, bands.frequency, side="right") - 1, 0, _RADIAL_BANDS - 1)
    gain = _channel_gain(bands, member, draft, warped, seen)
    weight = seen.astype(np.float32)
    spread = cv2.GaussianBlur(weight, (0, 0), _VARIANCE_SIGMA_PX)
    power = cv2.GaussianBlur(residual * residual * weight, (0, 0), _VARIANCE_SIGMA_PX)
    variance = np.asarray(power / np.maximum(spread, 1e-3), np.float32)
    floor = _variance_floor(variance[seen], jpeg_steps)
    weighted = residual * weight * expected_mask(draft, enlarged=enlarged) / (variance + floor)
    weighted = np.asarray(weighted, np.float32)
    spectrum = bands.spectrum(weighted)
    lines = _lines(spectrum, member)
    coefficients = np.where(lines, np.float32(0), spectrum)
    noise = np.maximum(_radial_mean(coefficients**2, member), 1e-20)
    factor = gain / noise
    energy = np.bincount(member, (coefficients * bands.amplitude) ** 2, _RADIAL_BANDS) * factor**2
    factor = np.where(energy < _LEAST_SHARE * energy.max(), 0, factor)
    matched = np.where(lines, 0, factor[member] * bands.amplitude)
    vector = spectrum * matched
    used = int(np.max(np.flatnonzero(vector), initial=-1)) + 1
    centres = np.sqrt(edges[1:] * edges[:-1])
    channel = Channel(centres.astype(np.float32), gain.astype(np.float32))
    return FeatureVector(vector[:used].astype(np.float32), weighted, matched[:used].astype(np.float32), channel)


def _lines(coefficients: Array, member: npt.NDArray[np.intp]) -> npt.NDArray[np.bool_]:
    """Return which coefficients stand out of their radial band as no mark does; they are left out.

    A few added sinusoids, moiré or a halftone screen put so much into single coefficients that the evidence would rest
    on them alone. A mark spreads: none of its coefficients lies six standard deviations out.
    """
    size = np.abs(coefficients)
    order = np.argsort(member, kind="stable")
    starts = np.searchsorted(member[order], np.arange(_RADIAL_BANDS + 1))
    typical = np.array([np.median(size[order[a:b]]) if b > a else 0.0 for a, b in pairwise(starts)]) / _MEDIAN_OF_NORMAL
    return np.asarray(size > _LINE * typical[member])


def _variance_floor(variance: Array, jpeg_steps: Array | None) -> float:
    """Return what is added to local variance, levels squared, before it divides.

    Plain areas of a coarse JPEG have next to no residual, because their blocks were rounded to nothing, and the mark
    with them: they must not be trusted for their quiet. The coarser the steps, the more the picture's mean counts.
    """
    if not variance.size:
        return 0.01
    coarseness = 0.0 if jpeg_steps is None else float(np.clip((jpeg_steps.mean() - 20) / 10, 0, 2))
    return 0.1 * float(np.median(variance)) + coarseness * float(variance.mean()) + 0.01


def _channel_gain(
    bands: Band, member: npt.NDArray[np.intp], draft: Array, warped: Array, seen: npt.NDArray[np.bool_]
) -> npt.NDArray[np.float64]:
    """Return H(f) per radial band: cross-spectrum over the draft's own power, both tapered at the leak's border."""
    border = np.ones((_BORDER_PX, _BORDER_PX), np.uint8)
    eroded = cv2.erode(seen.astype(np.uint8), border, borderType=cv2.BORDER_CONSTANT, borderValue=0)
    taper = cv2.GaussianBlur(eroded.astype(np.float32), (0, 0), _TAPER_SIGMA_PX)
    total = max(float(taper.sum()), 1.0)

    def spectrum(luma: Array) -> Array:
        return bands.spectrum((luma - float((luma * taper).sum()) / total) * taper)

    of_draft, of_leak = spectrum(draft), spectrum(warped)
    own = np.maximum(_radial_mean(of_draft**2, member), 1e-9)
    return np.clip(_radial_mean(of_draft * of_leak, member) / own, _LEAST_GAIN, _MOST_GAIN)


def _radial_mean(values: Array, member: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
    sums = np.bincount(member, values, _RADIAL_BANDS)
    return sums / np.maximum(np.bincount(member, minlength=_RADIAL_BANDS), 1)
