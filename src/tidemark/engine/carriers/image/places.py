"""Where a new draft shows older ones: each place of each, also a small one on a large and busy sheet.

A leak that is a crop of the sheet would find them, so they are looked for as such a crop shows them: at full size, with
all their features. A trace of the whole sheet keeps its 7,500 strongest features at most. On a sheet of 3840 × 2160
pixels that is busy all over, too few of a copy of 640 × 480 pixels were among them to place it; among the 112,000 that
are found square by square, 640 agreed on it, and 180 where it was shrunk to a quarter.
"""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy.spatial import cKDTree

from tidemark import limits
from tidemark.engine.carriers.image.features import Features, extract
from tidemark.engine.carriers.image.picture import Picture
from tidemark.engine.carriers.image.register import homography

Array = npt.NDArray[np.float32]
Complex = npt.NDArray[np.complex128]

_SQUARE_PX, _LAP_PX = 448, 48
"""Side of the squares in which features are taken, and how far each looks beyond. The busiest picture has a feature on
72 square pixels, so a square of 544 has 4,100, fewer than are kept of a picture."""
_STRONGEST = 600
"""Features of a draft that are looked for. A quarter-size copy on a busy sheet agreed in 78 of the 500 strongest and in
73 of all, and the cost grows with them."""
_RATIO = 0.85
"""Of the distance to the nearest feature of a draft to that of the second nearest, as in registration."""
_AT_ONCE = 4096
_NEIGHBOURS = 16
_NEAREST_PX = 10.0
"""Least distance of two features that tell scale and angle: half a pixel's error in each then stays below a tenth."""
_SCALE_STEP, _ANGLE_STEP, _CENTRE_STEP = np.log(1.35), np.deg2rad(20), 0.15
"""Cells in which pairs vote: factor of scale, angle, and the draft's centre, in parts of its diagonal as placed."""
_LEAST_PAIRS = 10
_NEAR = 0.08
"""Parts of the placed diagonal within which features agree with a pair's placement; a perspective bends it by less."""
_SHOWN = 0.02
"""The same for a placement that many features agree on: what lies nearer is explained by it."""
_MOST_TRIED = 64
_SAME_PLACE = 0.7
"""Share of the union of two boxes that both cover, from which they are one place: revisions lie on one another."""
_WHOLE = 0.9
"""Share of a picture from which a place is all of it."""


@dataclass(frozen=True, slots=True)
class Place:
    """A part of a picture that shows a draft.

    Attributes
    ----------
    left, top, right, bottom : int
        Of the whole draft's box, cut off at the picture's border; pixels, right and bottom not included.
    drafts : tuple of str
        The drafts that may lie there, revisions of one another as a rule.
    agreeing : int
        Features that agree on it, of the draft with the most.
    """

    left: int
    top: int
    right: int
    bottom: int
    drafts: tuple[str, ...]
    agreeing: int

    def __str__(self) -> str:
        """Say where it is: "the 640 × 480 pixels from 30 to the right and 200 down"."""
        size = f"{self.right - self.left} × {self.bottom - self.top}"
        return f"the {size} pixels from {self.left} to the right and {self.top} down"

    def is_all_of(self, picture: Picture) -> bool:
        return _area(self) >= _WHOLE * picture.width_px * picture.height_px


def places(picture: Picture, descriptions: Mapping[str, bytes]) -> tuple[Place, ...]:
    """Return each place where a picture shows one of the drafts, the surest first.

    Parameters
    ----------
    picture : Picture
    descriptions : mapping of str to bytes
        By the draft's id, as they are stored.

    Raises
    ------
    RecordsDamaged
        If a description cannot be read.
    """
    seen = _all_features(picture.luma())
    found: list[Place] = []
    for draft, description in descriptions.items():
        described = Features.from_bytes(description)
        strongest = replace(
            described,
            points_xy=described.points_xy[:_STRONGEST],
            descriptors=described.descriptors[:_STRONGEST],
        )
        for turned in (strongest, _mirrored(strongest)):
            found.extend(_placed(draft, turned, seen))
    return _grouped(found)


def part(picture: Picture, place: Place) -> bytes | None:
    """Cut a place out of a picture, as a PNG file of 8 bits; None if it is too small to be traced."""
    levels = picture.rgb()[place.top : place.bottom, place.left : place.right]
    if min(levels.shape[:2]) < limits.MIN_PICTURE_SIDE_PX:
        return None
    stream = io.BytesIO()
    octets = np.asarray(levels if picture.white == 255 else levels // 257, np.uint8)
    Image.fromarray(octets).save(stream, "PNG", compress_level=1)
    return stream.getvalue()


def _all_features(luma: Array) -> Features:
    """Take the features of a picture at full size, in squares that are small enough for all of them to be kept."""
    points: list[Array] = [np.empty((0, 2), np.float32)]
    descriptors: list[Array] = [np.empty((0, 128), np.float32)]
    for top in range(0, luma.shape[0], _SQUARE_PX):
        for left in range(0, luma.shape[1], _SQUARE_PX):
            above, before = max(0, top - _LAP_PX), max(0, left - _LAP_PX)
            part = luma[above : top + _SQUARE_PX + _LAP_PX, before : left + _SQUARE_PX + _LAP_PX]
            found = extract(np.ascontiguousarray(part))
            at = found.points_xy + np.array([before, above], np.float32)
            own = np.all((at >= (left, top)) & (at < (left + _SQUARE_PX, top + _SQUARE_PX)), axis=1)
            points.append(at[own])
            descriptors.append(found.descriptors[own])
    rows, columns = luma.shape
    return Features((rows, columns), np.concatenate(points), np.concatenate(descriptors))


def _mirrored(draft: Features) -> Features:
    """Return what the features of a draft's mirror image are: SIFT's cells lie upside down about a feature's own axis,
    and its angles run the other way.
    """
    cells = draft.descriptors.reshape(-1, 4, 4, 8)[:, ::-1][..., -np.arange(8) % 8]
    points = draft.points_xy.copy()
    points[:, 0] = draft.size[1] - 1 - points[:, 0]
    return Features(draft.size, points, np.ascontiguousarray(cells.reshape(-1, 128)))


def _placed(draft: str, described: Features, seen: Features) -> Iterator[Place]:
    """Yield the places of one draft, those that most pairs of neighbouring features vote for first."""
    partner, near = _partners(described, seen)
    of_draft, of_picture = _as_complex(described.points_xy[partner]), _as_complex(seen.points_xy[near])
    pairs, placements, cells = _votes(of_draft, of_picture, described.size)
    diagonal = float(np.hypot(*described.size))
    for _ in range(_MOST_TRIED):
        if len(pairs) < _LEAST_PAIRS:
            return
        _, kind, count = np.unique(cells, axis=0, return_inverse=True, return_counts=True)
        most = int(np.argmax(count))
        if count[most] < _LEAST_PAIRS:
            return
        voted = kind.ravel() == most
        turn, shift = np.median(placements[voted].real, axis=0) + 1j * np.median(placements[voted].imag, axis=0)
        gone = voted
        agrees = np.abs(turn * of_draft + shift - of_picture) < _NEAR * diagonal * abs(turn)
        size = max(1, round(described.size[0] * abs(turn))), max(1, round(described.size[1] * abs(turn)))
        these = near[agrees]
        fit = homography(described, Features(size, seen.points_xy[these], seen.descriptors[these]))
        if fit is not None:
            matrix, agreeing = fit
            place = _box(draft, matrix, described.size, seen.size, agreeing)
            if place is not None:
                yield place
            off = np.abs(_mapped(matrix, described.points_xy[partner]) - of_picture)
            gone = gone | np.any(off[pairs] < _SHOWN * diagonal * abs(turn), axis=1)
        pairs, placements, cells = pairs[~gone], placements[~gone], cells[~gone]


def _partners(draft: Features, seen: Features) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Return pairs of indices into the draft's and the picture's features that look alike, and like no other's."""
    partners: list[npt.NDArray[np.intp]] = [np.empty(0, np.intp)]
    near: list[npt.NDArray[np.intp]] = [np.empty(0, np.intp)]
    for start in range(0, len(seen) if len(draft) > 1 else 0, _AT_ONCE):
        likeness = seen.descriptors[start : start + _AT_ONCE] @ draft.descriptors.T
        rows = np.arange(len(likeness))
        partner = np.argmax(likeness, axis=1)
        first = likeness[rows, partner]
        likeness[rows, partner] = -1
        second = np.max(likeness, axis=1)
        good = np.sqrt(np.maximum(2 - 2 * first, 0)) < _RATIO * np.sqrt(np.maximum(2 - 2 * second, 1e-9))
        partners.append(partner[good])
        near.append(start + rows[good])
    return np.concatenate(partners), np.concatenate(near)


def _votes(
    of_draft: Complex, of_picture: Complex, size: tuple[int, int]
) -> tuple[npt.NDArray[np.intp], Complex, npt.NDArray[np.int64]]:
    """Return what pairs of neighbours in the picture say of the draft's placement w = turn · z + shift.

    Returns
    -------
    ndarray of int, shape (n, 2)
        The pairs.
    ndarray of complex, shape (n, 2)
        turn and shift.
    ndarray of int, shape (n, 4)
        The cell that each votes for.
    """
    count = min(_NEIGHBOURS + 1, len(of_picture))
    if count < 2:
        return np.empty((0, 2), np.intp), np.empty((0, 2), np.complex128), np.empty((0, 4), np.int64)
    _, beside = cKDTree(np.stack([of_picture.real, of_picture.imag], axis=1)).query(
        np.stack([of_picture.real, of_picture.imag], axis=1), k=count
    )
    pairs = np.stack([np.repeat(np.arange(len(of_picture)), count), beside.ravel()], axis=1)
    pairs = np.unique(np.sort(pairs, axis=1), axis=0)
    across = of_picture[pairs[:, 1]] - of_picture[pairs[:, 0]]
    along = of_draft[pairs[:, 1]] - of_draft[pairs[:, 0]]
    apart = (np.abs(across) >= _NEAREST_PX) & (np.abs(along) >= 1)
    pairs, turn = pairs[apart], across[apart] / along[apart]
    shift = of_picture[pairs[:, 0]] - turn * of_draft[pairs[:, 0]]
    centre = turn * (size[1] / 2 + 0.5j * size[0]) + shift
    # a scale of its cell's middle, so that votes of one placement are measured with one step
    scale = np.rint(np.log(np.abs(turn)) / _SCALE_STEP)
    step = _CENTRE_STEP * np.hypot(*size) * np.exp(scale * _SCALE_STEP)
    angle = np.rint(np.angle(turn) / _ANGLE_STEP) % round(2 * np.pi / _ANGLE_STEP)
    cells = np.stack([scale, angle, np.rint(centre.real / step), np.rint(centre.imag / step)], axis=1)
    return pairs, np.stack([turn, shift], axis=1), cells.astype(np.int64)


def _box(
    draft: str, matrix: npt.NDArray[np.float64], size: tuple[int, int], within: tuple[int, int], agreeing: int
) -> Place | None:
    """Return the place of a draft under a homography; None if nothing of it lies in the picture."""
    rows, columns = size
    corners = _mapped(matrix, np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], np.float32))
    left, right = np.clip([corners.real.min(), corners.real.max()], 0, within[1])
    top, bottom = np.clip([corners.imag.min(), corners.imag.max()], 0, within[0])
    place = Place(int(left), int(top), int(np.ceil(right)), int(np.ceil(bottom)), (draft,), agreeing)
    return place if place.right > place.left and place.bottom > place.top else None


def _grouped(found: list[Place]) -> tuple[Place, ...]:
    """Join the places that lie on one another; the surest one's box stands."""
    groups: list[Place] = []
    for place in sorted(found, key=lambda each: (-each.agreeing, each.drafts)):
        for number, group in enumerate(groups):
            if overlap(group, place) >= _SAME_PLACE:
                groups[number] = replace(group, drafts=tuple(dict.fromkeys([*group.drafts, *place.drafts])))
                break
        else:
            groups.append(place)
    return tuple(groups)


def overlap(one: Place, other: Place) -> float:
    """Return the share of the union of two boxes that both cover, 0 to 1."""
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    both = max(0, width) * max(0, height)
    return both / (_area(one) + _area(other) - both)


def _area(place: Place) -> int:
    return (place.right - place.left) * (place.bottom - place.top)


def _as_complex(points_xy: Array) -> Complex:
    return points_xy[:, 0].astype(np.float64) + 1j * points_xy[:, 1]


def _mapped(matrix: npt.NDArray[np.float64], points_xy: Array) -> Complex:
    mapped = cv2.perspectiveTransform(points_xy[:, None].astype(np.float64), matrix)[:, 0]
    return np.asarray(mapped[:, 0] + 1j * mapped[:, 1])
