"""From a leak and a draft to a feature vector: the image carrier's half of a trace, in three verbs.

``look`` at a leak once, ask its ``likeness`` to each draft on record, and ``observe`` it against the likely ones.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from tidemark import limits
from tidemark.engine.carriers.image.feature import FeatureVector, feature_vector
from tidemark.engine.carriers.image.features import Features, extract
from tidemark.engine.carriers.image.grid import enlargement, to_grid
from tidemark.engine.carriers.image.leak_frame import look_at
from tidemark.engine.carriers.image.reading import read_picture
from tidemark.engine.carriers.image.recompress import luma_steps
from tidemark.engine.carriers.image.refine import Placement
from tidemark.engine.carriers.image.register import (
    ENOUGH_CORRELATION,
    NotRegistered,
    Registration,
    homography,
    register,
)

Array = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """A leak, read and ready to be compared with drafts.

    Attributes
    ----------
    luma : ndarray of float32, shape (h, w)
    features : Features
    jpeg_steps : ndarray of float32, shape (8, 8), or None
        Quantisation of its luma, if the leak is a JPEG.
    """

    luma: Array
    features: Features
    jpeg_steps: Array | None

    def negative(self) -> "Look":
        """Return the look of the inverted picture. Its JPEG blocks are not those of the file any more."""
        inverted = 255 - self.luma
        return Look(inverted, extract(inverted), None)


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """The unmarked draft that a leak is measured against: luminance at full size, and on the grid."""

    luma: Array
    grid: Array
    features: Features


@dataclass(frozen=True, slots=True, eq=False)
class Observation:
    """What a leak shows of a draft.

    Attributes
    ----------
    feature : FeatureVector
    residual : ndarray of float32, shape (rows, columns)
        What the draft does not explain of the leak, on the canonical grid, levels of 255.
    placement : Placement
        Of the draft's canonical grid in the leak.
    inverted : bool
        Whether the leak is a negative of the draft.
    correlation : float
        Of leak and draft once registered.
    coverage : float
        Share of the draft that the leak shows.
    mirrored : bool
    """

    feature: FeatureVector
    residual: Array
    placement: Placement
    inverted: bool
    correlation: float
    coverage: float
    mirrored: bool

    @property
    def vector(self) -> Array:
        """To be scored against the draft's copies: ndarray of float32, shape (n,)."""
        return self.feature.vector


def look(data: bytes) -> Look:
    """Read a leak; the first frame of an animated one. Raises UnreadableFile or LimitExceeded."""
    luma = read_picture(data, animated="first").luma()
    return Look(luma, extract(luma), luma_steps(data))


@lru_cache(maxsize=2)
def reference(draft: bytes, description: bytes) -> Reference:
    """Read a draft that leaks are measured against. The last two are kept: one call often traces several leaks."""
    luma = read_picture(draft).luma()
    return Reference(luma, to_grid(luma), Features.from_bytes(description))


def likeness(leak: Look, description: bytes, *, among_many: bool = False) -> int:
    """Return how many local features of the leak, or of its mirror image, agree on one placement on the draft.

    Parameters
    ----------
    leak : Look
    description : bytes
        What ``describe`` returned for the draft.
    among_many : bool
        Whether there are so many drafts that the strongest features must do.
    """
    draft = Features.from_bytes(description)
    votes = 0
    for mirrored in (False, True):
        features = _mirrored(leak) if mirrored else leak.features
        pair = (draft.strongest(), features.strongest()) if among_many else (draft, features)
        found = homography(*pair)
        votes = max(votes, found[1] if found is not None else 0)
        if votes >= limits.CLEAR_MATCH_FEATURES:
            break
    return votes


@lru_cache(maxsize=2)
def _mirrored(leak: Look) -> Features:
    """Take the features of a leak's mirror image, once for all drafts."""
    return leak.features.mirrored(leak.luma)


def observe(draft: Reference, leak: Look) -> Observation | NotRegistered:
    """Register a leak to an unmarked draft and take its feature vector."""
    inverted = False
    placed = register(draft.grid, draft.features, leak.luma, leak.features, mirrored=lambda: _mirrored(leak))
    if _fit(placed) < ENOUGH_CORRELATION:
        negative = leak.negative()  # inverted pictures have the same edges, but no feature in common
        of_negative = register(draft.grid, draft.features, negative.luma, negative.features, search=False)
        if _fit(of_negative) > _fit(placed):
            placed, leak, inverted = of_negative, negative, True
    if isinstance(placed, NotRegistered):
        return placed
    seen = look_at(draft.luma, leak.luma, placed.placement, jpeg_steps=leak.jpeg_steps)
    feature = feature_vector(
        draft.grid,
        seen.warped,
        seen.residual,
        seen.where,
        jpeg_steps=leak.jpeg_steps,
        enlarged=enlargement(*draft.luma.shape),
    )
    return Observation(
        feature, seen.residual, placed.placement, inverted, placed.correlation, placed.coverage, placed.mirrored
    )


def _fit(placed: Registration | NotRegistered) -> float:
    return placed.correlation if isinstance(placed, Registration) else -1.0
