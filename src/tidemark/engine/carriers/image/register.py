"""Registration: the geometric fit of a leak to the unmarked draft, from nothing to fractions of a pixel.

Coarse placements come from local features (both ways round, since leaks are mirrored to evade search) and, where lines
or plain paint starve these, from an exhaustive search over scale and place. The best one is refined. The choice between
them looks at correlation with the unmarked draft only, never at a score of any mark, so it costs no hypothesis: see
docs/statistics.md.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from tidemark.engine.carriers.image.features import Features, extract, locally_normalised
from tidemark.engine.carriers.image.refine import Anvil, Placement, Warper, refine

Array = npt.NDArray[np.float32]
Matrix = npt.NDArray[np.float64]

MIN_INLIERS = 8
ENOUGH_CORRELATION = 0.6
"""Held-out correlation from which a placement from features is believed without an exhaustive search."""

SURE_CORRELATION = 0.85
"""Correlation from which no other placement is tried."""

LEAST_CORRELATION = 0.12
LEAST_SIGNIFICANCE = 50.0
"""Correlation² × √(grid pixels seen) below which a placement is taken for chance. Unrelated photographs reach 42 on the
MS11 drafts, by fitting a smooth scrap of themselves to a smooth scrap of a draft, and other MS11 drafts 47 by their
title block; crops to 2 % reach 54, all of a draft after a far phone photo 400."""

_RATIO = 0.85
_INLIER_PX = 3.0
_SEARCH_SIDE_PX = 448
_SEARCH_SCALES = np.geomspace(0.16, 1.0, 44)
_SEARCH_KEPT = 4


@dataclass(frozen=True, slots=True)
class Registration:
    """A leak placed on a draft.

    Attributes
    ----------
    placement : Placement
        Where the grid's pixels lie in the leak.
    warper : Warper
        The leak, ready to be warped.
    correlation : float
        Of held-out tiles under the placement.
    coverage : float
        Share of the draft that the leak shows.
    mirrored : bool
    """

    placement: Placement
    warper: Warper
    correlation: float
    coverage: float
    mirrored: bool


@dataclass(frozen=True, slots=True)
class NotRegistered:
    """The leak fits nowhere on this draft; falsy, with the reason."""

    reason: str

    def __bool__(self) -> bool:
        return False


def register(
    draft: Array,
    draft_features: Features,
    leak: Array,
    leak_features: Features,
    *,
    mirrored: Callable[[], Features] | None = None,
    search: bool = True,
) -> Registration | NotRegistered:
    """Place a leak on the unmarked draft.

    Parameters
    ----------
    draft : ndarray of float32, shape (rows, columns)
        The draft on its canonical grid, levels of 255.
    draft_features, leak_features : Features
    leak : ndarray of float32, shape (H, W)
        The leak's luminance.
    mirrored : callable or None
        Returns the features of the leak's mirror image, if they are at hand.
    search : bool
        Whether to search exhaustively where features do not lead to a fit.
    """
    anvil = Anvil.of(draft)
    mirrored_features = mirrored or (lambda: leak_features.mirrored(leak))
    best, score = _best(anvil, leak, _from_features(draft, draft_features, leak_features, mirrored_features))
    if search and score < ENOUGH_CORRELATION:
        searched, searched_score = _best(anvil, leak, _from_search(draft, leak))
        if searched_score > score:
            best, score = searched, searched_score
    if best is None or score < LEAST_CORRELATION:
        return NotRegistered(
            f"the leak correlates with the draft by {max(score, 0):.2f} at most; {LEAST_CORRELATION} is needed"
        )
    warper = Warper.of(leak, best, draft.shape)
    placement, correlation = refine(anvil, warper, best)
    seen = warper.warp(placement)[1]
    significance = correlation**2 * float(np.sqrt(seen.sum()))
    if significance < LEAST_SIGNIFICANCE:
        found = f"{significance:.0f}; {LEAST_SIGNIFICANCE:.0f} is needed"
        return NotRegistered(f"the best fit is no better than chance: {found}")
    coverage = float(seen.mean())
    turned_over = bool(np.linalg.det(placement.leak_from_grid) < 0)
    return Registration(placement, warper, correlation, coverage, turned_over)


def _best(anvil: Anvil, leak: Array, placements: Iterator[Placement]) -> tuple[Placement | None, float]:
    """Refine each coarse placement without bending it and return the one that fits best."""
    best, score = None, -1.0
    for coarse in placements:
        warper = Warper.of(leak, coarse, anvil.shape)
        placement, correlation = refine(anvil, warper, coarse, bend=False)
        if correlation > score:
            best, score = placement, correlation
        if score >= SURE_CORRELATION:
            break
    return best, score


def _from_features(
    draft: Array, features: Features, leak_features: Features, mirrored_features: Callable[[], Features]
) -> Iterator[Placement]:
    to_grid = _grid_from_draft(features.size, draft.shape)
    # Both ways round, since symmetrical parts agree with their mirror image; the second is rarely asked for.
    if (direct := homography(features, leak_features)) is not None:
        yield Placement(direct[0] @ np.linalg.inv(to_grid))
    if (mirrored := homography(features, mirrored_features())) is not None:
        yield Placement(mirrored[0] @ np.linalg.inv(to_grid))


def homography(draft: Features, leak: Features) -> tuple[Matrix, int] | None:
    """Return the homography from draft pixels to leak pixels that most features agree on, and how many do."""
    if len(draft) < MIN_INLIERS or len(leak) < MIN_INLIERS:
        return None
    likeness = leak.descriptors @ draft.descriptors.T
    rows = np.arange(len(leak))
    partner = np.argmax(likeness, axis=1)
    first = likeness[rows, partner]
    likeness[rows, partner] = -1
    second = np.max(likeness, axis=1)
    good = np.sqrt(np.maximum(2 - 2 * first, 0)) < _RATIO * np.sqrt(np.maximum(2 - 2 * second, 1e-9))
    if good.sum() < MIN_INLIERS:
        return None
    source, target = draft.points_xy[partner[good]], leak.points_xy[good]
    scale = max(leak.size) / 1024  # the tolerance is meant in pixels of a picture of ordinary size
    cv2.setRNGSeed(1)
    found, inlier = cv2.findHomography(
        source, target, cv2.USAC_MAGSAC, _INLIER_PX * max(scale, 0.5), maxIters=10_000, confidence=0.9999
    )
    if found is None or not _sane(found, draft.size):
        return None
    count = len(np.unique(np.rint(target[inlier.ravel() > 0] / 3), axis=0))  # one feature found twice counts once
    return (found.astype(np.float64), count) if count >= MIN_INLIERS else None


def _sane(matrix: Matrix, size: tuple[int, int]) -> bool:
    """Tell whether the horizon of the homography stays outside the draft and nothing is folded."""
    rows, columns = size
    corners = np.array([[0, 0, 1], [columns, 0, 1], [columns, rows, 1], [0, rows, 1]]) @ matrix.T
    if np.any(corners[:, 2] * np.sign(corners[0, 2]) < 1e-3 * np.abs(corners[:, 2]).max()):
        return False
    quad = corners[:, :2] / corners[:, 2:]
    along, onward = np.roll(quad, -1, axis=0) - quad, np.roll(quad, -2, axis=0) - np.roll(quad, -1, axis=0)
    turns = along[:, 0] * onward[:, 1] - along[:, 1] * onward[:, 0]
    return bool(np.all(turns > 0) or np.all(turns < 0))


def _grid_from_draft(size: tuple[int, int], shape: tuple[int, ...]) -> Matrix:
    sy, sx = shape[0] / size[0], shape[1] / size[1]
    return np.array([[sx, 0, 0.5 * sx - 0.5], [0, sy, 0.5 * sy - 0.5], [0, 0, 1.0]])


def _from_search(draft: Array, leak: Array) -> Iterator[Placement]:
    """Yield the best upright placements (mirrored too) of an exhaustive search over scale and place.

    Normalised cross-correlation of edge strength, which survives blur and tone, at each of a geometric run of scales.
    """
    shrink = _SEARCH_SIDE_PX / max(draft.shape)
    stage = _edges(cv2.resize(draft, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA))  # type: ignore[arg-type]
    offset = 0.5 / shrink - 0.5
    grid_from_stage = np.array([[1 / shrink, 0, offset], [0, 1 / shrink, offset], [0, 0, 1.0]])
    found: list[tuple[float, Placement]] = []
    for mirrored in (False, True):
        picture = np.ascontiguousarray(leak[:, ::-1]) if mirrored else leak
        largest = min(stage.shape[0] / picture.shape[0], stage.shape[1] / picture.shape[1])
        for share in _SEARCH_SCALES:
            hit = _slide(stage, picture, scale=largest * share)
            if hit is None:
                continue
            score, (x, y), (sx, sy) = hit
            stage_from_leak = np.array([[sx, 0, x + 0.5 * sx - 0.5], [0, sy, y + 0.5 * sy - 0.5], [0, 0, 1.0]])
            if mirrored:
                stage_from_leak = stage_from_leak @ np.array([[-1, 0, leak.shape[1] - 1], [0, 1, 0], [0, 0, 1.0]])
            found.append((score, Placement(np.linalg.inv(grid_from_stage @ stage_from_leak))))
    found.sort(key=lambda hit: -hit[0])
    yield from (placement for _, placement in found[:_SEARCH_KEPT])


def _slide(stage: Array, picture: Array, *, scale: float) -> tuple[float, tuple[int, int], tuple[float, float]] | None:
    """Slide the picture over the stage: best score, its place and the exact scales; None if it is too small."""
    rows, columns = round(picture.shape[0] * scale), round(picture.shape[1] * scale)
    if min(rows, columns) < 24 or rows > stage.shape[0] or columns > stage.shape[1]:
        return None
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    template = _edges(cv2.resize(picture, (columns, rows), interpolation=how))  # type: ignore[arg-type]
    if float(template.std()) < 1e-4:
        return None
    likeness = np.nan_to_num(cv2.matchTemplate(stage, template, cv2.TM_CCOEFF_NORMED))
    _, peak, _, place = cv2.minMaxLoc(likeness)
    # a large window that fits by 0.6 is worth more than a small one that does: significance grows with its side
    return peak * (rows * columns) ** 0.25, (place[0], place[1]), (columns / picture.shape[1], rows / picture.shape[0])


def _edges(luma: Array) -> Array:
    normal = locally_normalised(luma, radius_px=10, floor=4.0)
    gx, gy = cv2.Sobel(normal, cv2.CV_32F, 1, 0, scale=1 / 8), cv2.Sobel(normal, cv2.CV_32F, 0, 1, scale=1 / 8)
    return cv2.GaussianBlur(np.hypot(gx, gy), (0, 0), 1.2)  # type: ignore[return-value]


def fit(draft: Array, features: Features, leak: Array) -> Registration | NotRegistered:
    """Place a leak whose features have not been taken yet."""
    return register(draft, features, leak, extract(leak))


__all__ = ["NotRegistered", "Registration", "fit", "homography", "register"]
