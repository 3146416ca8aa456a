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
    size = (0, 0)  # chosen by OpenCV from the sigma
    mean = cv2.GaussianBlur(luma, size, TEXTURE_SIGMA_GRID_PX)
    variance = cv2.GaussianBlur(luma * luma, size, TEXTURE_SIGMA_GRID_PX) - mean * mean
    texture = np.minimum(np.sqrt(np.maximum(variance, 0)), TEXTURE_CEILING)
    adaptation = 1 - 0.2 * np.clip((30 - mean) / 30, 0, 1)
    return cv2.GaussianBlur((FLAT + PER_LEVEL * texture) * adaptation, size, 2.0).astype(np.float32)
