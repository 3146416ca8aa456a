"""A picture that has nothing to do with any draft: ridges in the snow, one behind the other, fading into the haze."""

import numpy as np
import numpy.typing as npt

_SIZE = (1200, 1800)  # rows, columns: what a phone's photo is cut down to when it is posted
_RIDGES = 7
_SKY = np.array([[88, 124, 168], [238, 214, 190]], np.float32)  # top, horizon
_NEAR, _FAR = np.array([38, 52, 64], np.float32), np.array([206, 204, 206], np.float32)


def snowy_ridges(rng: np.random.Generator) -> npt.NDArray[np.uint8]:
    """Draw the picture.

    Parameters
    ----------
    rng : numpy.random.Generator
        Every state of it gives another landscape.

    Returns
    -------
    ndarray of uint8, shape (1200, 1800, 3)
        sRGB.
    """
    rows, columns = _SIZE
    height = np.linspace(0, 1, rows, dtype=np.float32)[:, None, None]
    picture = _SKY[0] + (_SKY[1] - _SKY[0]) * np.minimum(1, height * 1.9) ** 1.4 + np.zeros((rows, columns, 3))
    down = np.arange(rows)[:, None]
    for index in range(_RIDGES):
        near = index / (_RIDGES - 1)
        crest = rows * (0.30 + 0.48 * near) - rows * (0.05 + 0.10 * near) * _ridge(rng, columns)
        below = (down - crest[None, :]) / rows
        haze = _FAR + (_NEAR - _FAR) * near**0.8
        snow = np.clip(1 - below * (14 - 8 * near), 0, 1)[..., None]
        ground = haze + (np.array([244, 246, 250]) - haze) * snow * (0.25 + 0.6 * near)
        ground = ground + (_FAR - ground) * np.clip(below * 2.2, 0, 0.55)[..., None] * (1 - near)
        edge = np.clip(below * rows + 0.5, 0, 1)[..., None]
        picture = picture + (ground - picture) * edge
    grain = rng.normal(0, 1.6, (rows, columns, 1))
    return np.asarray(np.clip(np.rint(picture + grain), 0, 255), np.uint8)


def _ridge(rng: np.random.Generator, columns: int) -> npt.NDArray[np.float64]:
    """Return a skyline, about −1..1: noise whose slopes grow gentler with their width."""
    across = np.arange(columns) / columns
    waves = 0.83 * 1.87 ** np.arange(10)
    heights = waves**-0.95 * rng.normal(1, 0.4, waves.size)
    phases = rng.uniform(0, 1, waves.size)
    folded = np.abs(((across[:, None] * waves + phases) % 1) * 2 - 1) * 2 - 1  # triangles: rock, not water
    return np.asarray((folded * heights).sum(axis=1) * 0.8)
