"""Marking: from a draft and a key to a copy that looks the same.

What does not depend on the key is done once, in :func:`prepare`: the mask, the strength, the head-room of white and
black. A copy then costs one inverse DCT, one resize, one addition and the encoding of its file.
"""

import hashlib
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from tidemark import limits
from tidemark.engine.carriers.image.grid import BAND_HIGH, LONG_SIDE, Band, band, to_grid
from tidemark.engine.carriers.image.mask import perceptual_mask
from tidemark.engine.carriers.image.picture import Picture, add_luma
from tidemark.engine.carriers.image.reading import read_picture
from tidemark.engine.carriers.image.writing import CopyWriter, copy_writer
from tidemark.engine.keys import gaussians
from tidemark.errors import Unmarkable

Array = npt.NDArray[np.float32]

TARGET_PSNR_DB = 46.08
FLAT_RMS_CEILING = 1.12
"""Levels of 255. In flat areas the mark's rms stays below it; 1.2 is where a trained eye begins to see it."""

HEAD_ROOM = 0.4
"""By how many times the local amplitude pure white is lowered and pure black raised before the mark is added."""

_FLAT_TEXTURE = 1.3  # of the mask's value on plain paper
_PROBE_KEY = hashlib.sha256(b"tidemark probe of strength").digest()
_CALIBRATION_ROUNDS = 4


@dataclass(frozen=True, slots=True, eq=False)
class Plate:
    """A draft made ready for marking any number of copies.

    Attributes
    ----------
    picture : Picture
    band : Band
    amplitude : ndarray of float32, shape (rows, columns)
        Of the mark on the canonical grid, levels of 255.
    shift : ndarray of float32, shape (H, W), or None
        What gives white and black their head-room, levels of 255.
    writer : CopyWriter
        Holds the draft ready for adding a change of luma and encoding the result.
    psnr_db : float
        Of a probe copy against the draft, both decoded from their files.
    """

    picture: Picture
    band: Band
    amplitude: Array
    shift: Array | None
    writer: CopyWriter
    psnr_db: float


@dataclass(frozen=True, slots=True)
class MarkedCopy:
    """The file of one copy.

    Attributes
    ----------
    data : bytes
        In the draft's format, size, depth and profile, without its metadata.
    psnr_db : float
        Against the draft, both decoded: that of the plate's probe copy. Every copy's mark has the probe's energy to the
        last digit, and what rounding adds differs between copies by less than 0.01 dB (a test holds it).
    sha256 : str
        Of ``data``, hexadecimal.
    """

    data: bytes
    psnr_db: float
    sha256: str


def prepare(picture: Picture) -> Plate:
    """Do what marking needs once per draft.

    Raises
    ------
    Unmarkable
        If the draft is too small or too plain to carry a mark, or of a format that copies cannot be written in.
    """
    if min(picture.height_px, picture.width_px) < limits.MIN_DRAFT_SIDE_PX:
        raise Unmarkable(
            f"A draft must measure at least {limits.MIN_DRAFT_SIDE_PX} pixels on its short side; this one is "
            f"{picture.width_px} × {picture.height_px}. Export it larger."
        )
    luma = picture.luma()
    if float(luma.std()) < limits.MIN_DRAFT_STD_LEVELS:
        raise Unmarkable(
            "The draft is blank: a leak of it could not be told from any other blank picture. Give one that shows something."
        )
    mask = perceptual_mask(to_grid(luma))
    shortest = max(picture.height_px, picture.width_px) / BAND_HIGH
    writer = copy_writer(picture, shortest_wavelength_px=shortest)
    plate = Plate(picture, band(mask.shape), mask, None, writer, 0.0)  # type: ignore[arg-type]
    strength = 1.0
    for _ in range(_CALIBRATION_ROUNDS):
        trial = _with_strength(plate, mask, luma, strength)
        noise, flat_rms = _measure(trial, mask)
        wanted = 255.0**2 * 10 ** (-TARGET_PSNR_DB / 10)
        excess = max(noise / wanted, (flat_rms / FLAT_RMS_CEILING) ** 2)
        if 0.985 <= excess <= 1.0:
            break
        strength /= excess**0.5 * (1.002 if excess > 1 else 1.0)
    return replace(trial, psnr_db=_decibel(noise))


def mark(plate: Plate, key: bytes) -> MarkedCopy:
    """Make the copy that belongs to a key.

    Parameters
    ----------
    plate : Plate
    key : bytes
        32 bytes, of this copy alone.
    """
    delta = _delta(plate, key)
    data = plate.writer.copy(delta)
    return MarkedCopy(data, plate.psnr_db, hashlib.sha256(data).hexdigest())


def _delta(plate: Plate, key: bytes) -> Array:
    """Return what is added to luma: (H, W) float32, levels of 255. Its energy is the same for every key."""
    numbers = gaussians(key, len(plate.band.index))
    pattern = plate.band.field(numbers * plate.band.amplitude) * plate.amplitude
    pattern *= np.sqrt(np.mean(plate.amplitude**2) / np.mean(pattern**2))
    size = plate.picture.width_px, plate.picture.height_px
    shrinks = max(size) < LONG_SIDE
    full = cv2.resize(pattern, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC)
    if plate.shift is not None:
        full += plate.shift
    return full  # type: ignore[return-value]


def _with_strength(plate: Plate, mask: Array, luma: Array, strength: float) -> Plate:
    amplitude = mask * np.float32(strength)
    full = cv2.resize(amplitude, luma.shape[::-1], interpolation=cv2.INTER_LINEAR) * np.float32(HEAD_ROOM)
    shift = np.minimum(255 - full - luma, 0) + np.maximum(full - luma, 0)
    return replace(plate, amplitude=amplitude, shift=shift if np.any(shift) else None)


def _measure(plate: Plate, mask: Array) -> tuple[float, float]:
    """Mark a probe copy; return its mean square error and the mark's rms in flat areas, levels of 255."""
    picture = plate.picture
    delta = _delta(plate, _PROBE_KEY)
    lossy = picture.format == "JPEG"
    pixels = read_picture(plate.writer.copy(delta)).pixels if lossy else add_luma(picture, delta)
    change = replace(picture, pixels=pixels).luma() - picture.luma()
    flat = cv2.resize((mask < _FLAT_TEXTURE * mask.min()).astype(np.float32), change.shape[::-1]) > 0.99
    flat_rms = float(np.sqrt(np.mean(change[flat] ** 2))) if flat.mean() > 0.01 else 0.0
    return _mean_square(picture, pixels), flat_rms


def _mean_square(picture: Picture, pixels: npt.NDArray[np.uint8] | npt.NDArray[np.uint16]) -> float:
    """Return the mean square difference from the draft over all channels as seen, levels of 255 squared."""
    seen, original = replace(picture, pixels=pixels).rgb(), picture.rgb()
    total = cv2.norm(np.ascontiguousarray(seen), np.ascontiguousarray(original), cv2.NORM_L2SQR)
    return float(total) / seen.size * (255 / picture.white) ** 2


def _decibel(mean_square: float) -> float:
    return float(10 * np.log10(255.0**2 / max(mean_square, 1e-12)))
