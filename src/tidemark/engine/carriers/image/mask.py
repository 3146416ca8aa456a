"""The perceptual mask: how much change a person does not see, at each place of the draft.

Two effects of vision, both textbook models: contrast masking (texture hides change) and luminance adaptation (flat,
very dark areas show it more; pure white is looked after by the head-room of marking). Computed from the draft alone, so
that tracing can repeat it.
"""

import cv2
import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]

TEXTURE_SIGMA_GRID_PX = 3.0
FLAT = 0.9
PER_LEVEL = 0.05
TEXTURE_CEILING = 20.0
"""Local standard deviation, in levels of 255, beyond which texture hides no more."""
SMOOTH_TEXTURE_LEVELS = 1.0
"""Local standard deviation, in levels of 255, below which an area is smooth: shading and 8-bit rounding reach it."""
SMOOTH_END_LEVELS = 2.0
"""Local standard deviation at which an area has ceased to be smooth; between the two it is so in part."""
DETAIL_SIGMA_PX = 1.0
"""Pixels of the grid or, where it enlarges the draft, of the draft. What is finer is detail. The slower rest is
shading, which hides nothing, however steep it is."""
DETAIL_REACH_PX = 5
"""How far about a place the least detail is looked for: there an edge has left the window, and grain has not."""
BARE_DETAIL_LEVELS = 0.2
"""Rms of the least detail, in levels of 255, below which a place is bare, as rendered paint is: without any grain. The
rounding of a picture that is twice as large as the grid leaves 0.1."""
BARE_END_LEVELS = 0.3
"""Rms of the least detail at which a place is bare no more."""
PAPER_LEVELS = 235.0
"""Local mean, in levels of 255, from which a smooth area is paper rather than paint."""
PAPER_END_LEVELS = 245.0
"""Local mean at which nothing of it is paint any more."""
DARK_LEVELS = 40.0
"""Local mean, in levels of 255, up to which paint is dark and bears least."""
MIDDLE_LEVELS = 128.0
"""Local mean from which paint bears as much as it can."""
DARK_SHARE = 0.7
"""Of what middle grey bears that dark paint does."""
SMOOTH_SIGMA_GRID_PX = 4.0
"""Softness of the edge between paint and the rest: a mark that ends at once shows where it ends."""
PAINT_SHARE = 0.7
"""Of its strength elsewhere that tracing expects a mark to have on paint. Marking measures it; most drafts lie near."""

_SIZE = (0, 0)  # of a blur's kernel: chosen by OpenCV from the sigma


def perceptual_mask(luma: Array) -> Array:
    """Return the relative amplitude that each pixel of the canonical grid may carry.

    Parameters
    ----------
    luma : ndarray of float32, shape (rows, columns)
        The draft on its canonical grid, levels of 255.

    Returns
    -------
    ndarray of float32, shape (rows, columns)
        Between about 0.7 (flat, very dark) and 1.9 (strong texture).
    """
    mean, texture = _mean_and_texture(luma)
    adaptation = 1 - 0.2 * np.clip((30 - mean) / 30, 0, 1)
    relative = (FLAT + PER_LEVEL * np.minimum(texture, TEXTURE_CEILING)) * adaptation
    return cv2.GaussianBlur(relative, _SIZE, 2.0).astype(np.float32)


def expected_mask(luma: Array, *, enlarged: float = 1.0) -> Array:
    """Return the relative amplitude that tracing expects of a mark: the mask, and less of it on paint."""
    less = smoothness(luma, enlarged=enlarged) * (1 - np.float32(PAINT_SHARE) * bearing(luma))
    return np.asarray(perceptual_mask(luma) * (1 - less), np.float32)


def smoothness(luma: Array, *, enlarged: float = 1.0) -> Array:
    """Return how far each pixel of the grid lies in smooth paint: 0 to 1, with soft edges.

    Paint is without texture, and not so bright that a level more or less is nothing. A level is 2 % of the luminance of
    a middle grey and 0.9 % of that of white (the display's exponent of 2.2 over the level). On white paper a mark of
    one level is not seen; on smooth paint it is, as a faint mottle. Where a draft is bare, paint reaches up to its
    edges: they hide nothing beside them there.

    Parameters
    ----------
    luma : ndarray of float32, shape (rows, columns)
        The draft on its canonical grid, levels of 255.
    enlarged : float
        How many pixels of the grid a pixel of the draft covers, at least 1.
    """
    mean, texture = _mean_and_texture(luma)
    plain = np.maximum(
        _fall(texture, SMOOTH_TEXTURE_LEVELS, SMOOTH_END_LEVELS),
        _fall(_least_detail(luma, enlarged), BARE_DETAIL_LEVELS, BARE_END_LEVELS),
    )
    paint = plain * _fall(mean, PAPER_LEVELS, PAPER_END_LEVELS)
    return cv2.GaussianBlur(paint, _SIZE, SMOOTH_SIGMA_GRID_PX).astype(np.float32)


def smooth(luma: Array) -> npt.NDArray[np.bool_]:
    """Return where the draft is paint beyond doubt: where the ceiling for paint is measured."""
    mean, texture = _mean_and_texture(luma)
    return (texture < SMOOTH_TEXTURE_LEVELS) & (mean < PAPER_LEVELS)


def bearing(luma: Array) -> Array:
    """Return how large a change paint bears at each pixel of the grid, as a share of what middle grey bears.

    A level is 3.4 % of the luminance of a dark grey of 40 levels and 1.6 % of that of a middle one, if the display
    reflects a hundredth of white's luminance from the room.
    """
    mean, _ = _mean_and_texture(luma)
    dark = _fall(mean, DARK_LEVELS, MIDDLE_LEVELS)
    return np.asarray(1 - np.float32(1 - DARK_SHARE) * dark, np.float32)


def _fall(values: Array, first: float, last: float) -> Array:
    """Return 1 up to `first`, 0 from `last`, and a straight line between."""
    return np.asarray(np.clip((last - values) / (last - first), 0, 1), np.float32)


def _mean_and_texture(luma: Array) -> tuple[Array, Array]:
    """Return local mean and local standard deviation, levels of 255."""
    mean = cv2.GaussianBlur(luma, _SIZE, TEXTURE_SIGMA_GRID_PX)
    variance = cv2.GaussianBlur(luma * luma, _SIZE, TEXTURE_SIGMA_GRID_PX) - mean * mean
    return np.asarray(mean), np.sqrt(np.maximum(variance, 0))


def _least_detail(luma: Array, enlarged: float) -> Array:
    """Return the rms of detail where it is least within reach of a place, levels of 255."""
    sigma, reach = DETAIL_SIGMA_PX * enlarged, round(DETAIL_REACH_PX * enlarged)
    detail = luma - cv2.GaussianBlur(luma, _SIZE, sigma)
    rms = np.sqrt(cv2.GaussianBlur(detail * detail, _SIZE, sigma))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    return np.asarray(cv2.erode(rms, disc), np.float32)
