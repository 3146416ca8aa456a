"""Pictures for people: how a leak lies on its draft, and where in it a copy's mark was found.

They show what the figures say and are no part of them. This is the one module beside marking that lies behind the
decision and therefore may be given a key's numbers: what makes the feature vector never sees it.
"""

import io
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from tidemark.engine.carriers.image.feature import FeatureVector
from tidemark.engine.carriers.image.grid import band, to_grid
from tidemark.engine.carriers.image.observe import Observation
from tidemark.engine.carriers.image.picture import Picture
from tidemark.engine.carriers.image.reading import read_picture
from tidemark.engine.carriers.image.refine import Warper
from tidemark.engine.keys import gaussians

Array = npt.NDArray[np.float32]
Rgb = npt.NDArray[np.uint8]

_LONG_SIDE_AS_FOUND_PX = 1400
_AMPLIFICATION = 8.0
"""Of the difference: a mark of one level becomes eight, which print shows."""
_HEAT_SIGMA_PX = 18.0
"""Of the blur that turns single pixels' contributions, most of them chance, into a map."""
_NOTHING = np.array((236, 236, 238), np.float32)
_AMBER = np.array((255, 205, 90), np.float32)
_RED = np.array((200, 30, 20), np.float32)
_FAINT = 0.35
_SURE = 0.92  # of the sorted map, what the colour scale ends at


@dataclass(frozen=True, slots=True)
class Illustration:
    """PNG files. All but the first have the frame of the draft, its long side 1024 pixels.

    Attributes
    ----------
    leak_as_found : bytes
        The leak in its own frame, at most 1400 pixels long.
    leak : bytes
        The leak brought onto the draft; light grey where it shows nothing.
    draft : bytes
    difference : bytes
        What the draft does not explain of the leak, eight times; middle grey is none.
    where : bytes
        The share of each place in the score of the key, warm where it speaks for it, over the faint draft.
    """

    leak_as_found: bytes
    leak: bytes
    draft: bytes
    difference: bytes
    where: bytes


def illustrate(draft: bytes, leak: bytes, observation: Observation, key: bytes) -> Illustration:
    """Draw what was observed.

    Parameters
    ----------
    draft, leak : bytes
        The files that ``observation`` was made of.
    observation : Observation
    key : bytes
        Of the copy that the leak is traced to.
    """
    of_draft, of_leak = read_picture(draft), read_picture(leak, animated="first")
    drawn = np.stack([to_grid(plane) for plane in _planes(of_draft)], axis=-1)
    shape = (drawn.shape[0], drawn.shape[1])
    planes = [255 - plane if observation.inverted else plane for plane in _planes(of_leak)]
    warpers = [Warper.of(plane, observation.placement, shape) for plane in planes]
    warped = np.stack([warper.warp(observation.placement)[0] for warper in warpers], axis=-1)
    seen = warpers[0].warp(observation.placement)[1]
    share = contributions(observation.feature, gaussians(key, len(observation.vector)))
    return Illustration(
        leak_as_found=_png(_as_found(of_leak)),
        leak=_png(_levels(np.where(seen[..., None], warped, _NOTHING))),
        draft=_png(_levels(drawn)),
        difference=_png(_levels(np.where(seen, 128 + _AMPLIFICATION * observation.residual, 128))),
        where=_png(_heat(drawn, share, seen)),
    )


def contributions(feature: FeatureVector, numbers: Array) -> Array:
    """Return how much each pixel of the grid adds to the score of a key's numbers; the sum is z.

    Parameters
    ----------
    feature : FeatureVector
    numbers : ndarray of float32, shape (n,) or longer

    Returns
    -------
    ndarray of float32, shape (rows, columns)
        ⟨x, w⟩ = ⟨spectrum(weighted) · filter, w⟩ = ⟨weighted, field(filter · w)⟩, the DCT being orthonormal.
    """
    shape = (feature.weighted.shape[0], feature.weighted.shape[1])
    pattern = band(shape).field(feature.filter * numbers[: len(feature.filter)])
    return feature.weighted * pattern / max(float(np.linalg.norm(feature.vector)), 1e-20)


def _heat(draft: Array, contributions: Array, seen: npt.NDArray[np.bool_]) -> Rgb:
    """Lay the smoothed contributions over the faint draft: from its grey (nothing) over amber to red."""
    smooth = cv2.GaussianBlur(contributions, (0, 0), _HEAT_SIGMA_PX)
    inside = smooth[seen & (smooth > 0)]
    most = float(np.quantile(inside, _SURE)) if inside.size else 1.0
    share = np.clip(smooth / most, 0, 1)[..., None]
    grey = draft.mean(axis=-1, keepdims=True)
    faint = 255 - _FAINT * (255 - grey)
    colour = (1 - share) * _AMBER + share * _RED
    opacity = 0.8 * np.sqrt(share) * seen[..., None]
    return _levels(faint * (1 - opacity) + colour * opacity)


def _planes(picture: Picture) -> list[Array]:
    """Return red, green and blue as float32 planes, levels of 255."""
    rgb = picture.rgb()
    scale = np.float32(255 / picture.white)
    return [np.ascontiguousarray(rgb[..., channel], np.float32) * scale for channel in range(3)]


def _as_found(picture: Picture) -> Rgb:
    rgb = np.stack(_planes(picture), axis=-1)
    by = _LONG_SIDE_AS_FOUND_PX / max(rgb.shape[:2])
    if by < 1:
        size = max(1, round(rgb.shape[1] * by)), max(1, round(rgb.shape[0] * by))
        rgb = np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA))
    return _levels(rgb)


def _levels(values: npt.NDArray[np.floating]) -> Rgb:
    return np.asarray(np.clip(np.rint(values), 0, 255), np.uint8)


def _png(pixels: Rgb) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()
