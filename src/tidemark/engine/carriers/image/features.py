"""Local features of drafts and leaks: what matching and coarse registration compare.

RootSIFT (Arandjelović and Zisserman, CVPR 2012, doi:10.1109/CVPR.2012.6248018) on locally normalised luminance, so that
smooth paint and thin lines give features too, at two sizes, so that both a thumbnail and a small crop find a partner.
"""

import io
import zipfile
import zlib
from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np
import numpy.typing as npt

from tidemark.errors import RecordsDamaged

Array = npt.NDArray[np.float32]

SIDES_PX = (1920, 800)
"""Long sides at which features are taken. The larger sees detail of crops, the smaller the layout of thumbnails."""

KEPT = (5000, 2500)
"""Strongest features kept at each size."""

_RANKING = 3000  # features by which many drafts are ranked

_NORMAL_RADIUS = 16  # px at the size at hand: a few times a SIFT patch's cell
_NORMAL_FLOOR = 2.0  # levels: below it a flat area is noise, which must not be blown up into features
_CONTRAST = 0.012  # SIFT's threshold; its default of 0.04 starves on paint


@dataclass(frozen=True, slots=True)
class Features:
    """Local features of one picture.

    Attributes
    ----------
    size : (int, int)
        Rows and columns of the picture, pixels.
    points_xy : ndarray of float32, shape (n, 2)
        In the picture's own pixels.
    descriptors : ndarray of float32, shape (n, 128)
        RootSIFT, of unit length.
    """

    size: tuple[int, int]
    points_xy: Array
    descriptors: Array

    def __len__(self) -> int:
        return len(self.points_xy)

    def strongest(self) -> "Features":
        """Return a part that ranks drafts fast: the strongest of both sizes stand first."""
        return Features(self.size, self.points_xy[:_RANKING], self.descriptors[:_RANKING])

    def to_bytes(self) -> bytes:
        """Serialise: descriptors in eight bits (RootSIFT entries lie between 0 and 1)."""
        stream = io.BytesIO()
        octets = np.rint(self.descriptors * 255).astype(np.uint8)
        np.savez_compressed(stream, version=1, size=np.array(self.size), points_xy=self.points_xy, descriptors=octets)
        return stream.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read what :meth:`to_bytes` wrote; raise RecordsDamaged if it is not that."""
        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as stored:
                rows, columns = (int(side) for side in stored["size"])
                descriptors = stored["descriptors"].astype(np.float32)
                points_xy = stored["points_xy"].astype(np.float32)
        except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
            message = "A stored description of a draft cannot be read. Run `tidemark check`, which names the file."
            raise RecordsDamaged(message) from error
        descriptors /= np.maximum(np.linalg.norm(descriptors, axis=1, keepdims=True), 1e-6)
        return cls((rows, columns), points_xy, descriptors)

    def mirrored(self, luma: Array) -> "Features":
        """Return the features of the mirror image of ``luma``, with points still in the unmirrored picture's pixels."""
        flipped = extract(np.ascontiguousarray(luma[:, ::-1]))
        points = flipped.points_xy.copy()
        points[:, 0] = luma.shape[1] - 1 - points[:, 0]
        return Features(self.size, points, flipped.descriptors)


def extract(luma: Array) -> Features:
    """Take the features of a picture.

    Parameters
    ----------
    luma : ndarray of float32, shape (H, W)
        Levels of 255.
    """
    points: list[Array] = []
    descriptors: list[Array] = []
    ranks: list[npt.NDArray[np.intp]] = []
    for side, kept in zip(SIDES_PX, KEPT, strict=True):
        scale = min(1.0, side / max(luma.shape))
        if points and scale == 1.0:
            break  # the picture is smaller than both sizes: the first pass has seen all there is
        small = resized(luma, scale)
        sift = cv2.SIFT.create(kept, contrastThreshold=_CONTRAST)
        found, described = sift.detectAndCompute(_normalised_8bit(small), None)
        if not found:
            continue
        ratio = np.array([luma.shape[1] / small.shape[1], luma.shape[0] / small.shape[0]], np.float32)
        centres = np.array([point.pt for point in found], np.float32)
        ranks.append(np.argsort(np.argsort([-point.response for point in found], kind="stable")))
        points.append((centres + 0.5) * ratio - 0.5)
        descriptors.append(_root(np.asarray(described, np.float32)))
    if not points:
        return Features(luma.shape[:2], np.empty((0, 2), np.float32), np.empty((0, 128), np.float32))
    order = np.argsort(np.concatenate(ranks), kind="stable")
    return Features(luma.shape[:2], np.concatenate(points)[order], np.concatenate(descriptors)[order])


def resized(luma: Array, scale: float) -> Array:
    """Shrink by area means; a scale of 1 or more returns the picture itself."""
    if scale >= 1:
        return luma
    rows, columns = (max(8, round(side * scale)) for side in luma.shape)
    return cv2.resize(luma, (columns, rows), interpolation=cv2.INTER_AREA)  # type: ignore[return-value]


def locally_normalised(luma: Array, *, radius_px: int, floor: float) -> Array:
    """Subtract the local mean and divide by the local standard deviation (plus ``floor`` levels).

    Means are taken over squares of 2 · ``radius_px`` + 1 pixels, which costs the same for every radius.
    """
    size = (2 * radius_px + 1, 2 * radius_px + 1)
    mean = cv2.blur(luma, size)
    variance = cv2.sqrBoxFilter(luma, cv2.CV_32F, size) - mean * mean
    return ((luma - mean) / (np.sqrt(np.maximum(variance, 0)) + floor)).astype(np.float32)


def _normalised_8bit(luma: Array) -> npt.NDArray[np.uint8]:
    normal = locally_normalised(luma, radius_px=_NORMAL_RADIUS, floor=_NORMAL_FLOOR)
    return np.clip(128 + 50 * normal, 0, 255).astype(np.uint8)


def _root(descriptors: Array) -> Array:
    sums = np.maximum(descriptors.sum(axis=1, keepdims=True), 1e-6)
    return np.asarray(np.sqrt(descriptors / sums))
