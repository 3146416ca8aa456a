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
from tidemark.engine.carriers.image.grid import BAND_HIGH, Band, band, to_grid
from tidemark.engine.carriers.image.mask import perceptual_mask, smooth
from tidemark.engine.carriers.image.picture import Picture, add_luma, brought_to
from tidemark.engine.carriers.image.reading import read_picture
from tidemark.engine.carriers.image.writing import CopyWriter, copy_writer
from tidemark.engine.keys import gaussians
from tidemark.errors import Unmarkable

Array = npt.NDArray[np.float32]

TARGET_PSNR_DB = 46.08
"""Of a copy against its draft. 46 dB is what is promised; the rest covers how copies of one draft differ."""
FLAT_RMS_CEILING = 1.12
"""Levels of 255. In flat areas the mark's rms stays below it; the ceiling that was set for copies as decoded is 1.2."""
SMOOTH_RMS_CEILING = 0.75
"""Levels of 255. The same for smooth paint and sky: at 1.1 a faint mottle is seen there when a copy is enlarged twice,
and at 0.6 twenty colluders get away on such drafts (docs/adr/0007)."""

HEAD_ROOM = 0.4
"""By how many times the local amplitude pure white is lowered and pure black raised before the mark is added."""

_FLAT_TEXTURE = 1.3  # times the mask's least value: what counts as flat
_PROBE_KEY = hashlib.sha256(b"tidemark probe of strength").digest()
_LEAST_FLAT_SHARE = 0.01
_LEAST_SMOOTH_SHARE = 0.05
_CALIBRATION_ROUNDS = 12
_ENOUGH, _AIM = 0.985, 0.993  # of what a limit allows; 0.015 of it is 0.07 dB


@dataclass(frozen=True, slots=True, eq=False)
class Plate:
    """A draft made ready for marking any number of copies.

    Attributes
    ----------
    picture : Picture
    band : Band
    amplitude : ndarray of float32, shape (rows, columns)
        Of the mark on the canonical grid, levels of 255.
    shift : ndarray of float32, shape (rows, columns)
        What gives white and black their head-room, levels of 255.
    writer : CopyWriter
        Holds the draft ready for adding a change of luma and encoding the result.
    psnr_db : float
        Of a probe copy against the draft, both decoded from their files.
    """

    picture: Picture
    band: Band
    amplitude: Array
    shift: Array
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
            "The draft is blank: a leak of it could not be told from any other blank picture. "
            "Give one that shows something."
        )
    mask = perceptual_mask(to_grid(luma))
    shortest = max(picture.height_px, picture.width_px) / BAND_HIGH
    writer = copy_writer(picture, shortest_wavelength_px=shortest)
    blank = Plate(picture, band((mask.shape[0], mask.shape[1])), mask, np.zeros_like(mask), writer, 0.0)
    return _calibrated(blank, mask, luma)


def mark(plate: Plate, key: bytes) -> MarkedCopy:
    """Make the copy that belongs to a key.

    Parameters
    ----------
    plate : Plate
    key : bytes
        32 bytes, of this copy alone.
    """
    data = plate.writer.copy(_pattern(plate, key))
    return MarkedCopy(data, plate.psnr_db, hashlib.sha256(data).hexdigest())


def _pattern(plate: Plate, key: bytes) -> Array:
    """Return what is added to luma, on the canonical grid, levels of 255. Its energy is the same for every key."""
    numbers = gaussians(key, len(plate.band.index))
    pattern = plate.band.field(numbers * plate.band.amplitude)
    pattern *= plate.amplitude
    pattern *= np.float32(np.sqrt(np.vdot(plate.amplitude, plate.amplitude) / np.vdot(pattern, pattern)))
    pattern += plate.shift
    return pattern


def _calibrated(plate: Plate, mask: Array, luma: Array) -> Plate:
    """Find the greatest strength that keeps a probe copy within every limit.

    Clipping and the rounding of JPEG make noise fall slower than strength squared, so a few rounds are needed; the
    last of them never ends above a limit.
    """
    most = 255.0**2 * 10 ** (-TARGET_PSNR_DB / 10)
    paint = smooth(to_grid(luma))
    strength = 1.0
    for _ in range(_CALIBRATION_ROUNDS):
        trial = _with_strength(plate, mask, luma, strength)
        noise, flat_rms, smooth_rms = _measure(trial, mask, paint)
        excess = max(noise / most, (flat_rms / FLAT_RMS_CEILING) ** 2, (smooth_rms / SMOOTH_RMS_CEILING) ** 2)
        if _ENOUGH <= excess <= 1.0:
            break
        strength *= (_AIM / excess) ** 0.5
    else:
        if 1.0 < excess != noise / most:
            raise Unmarkable(
                "Encoding this draft anew alone changes its smooth areas by more than a copy may. "
                "Export it with a higher quality, or as PNG."
            )
        if excess > 1.0:
            raise Unmarkable(
                f"A copy must keep a PSNR of {TARGET_PSNR_DB:.1f} dB, and encoding this draft anew alone leaves "
                f"{_decibel(noise):.1f} dB. Export it with a higher quality, or as PNG."
            )
    return replace(trial, psnr_db=_decibel(noise))


def _with_strength(plate: Plate, mask: Array, luma: Array, strength: float) -> Plate:
    amplitude = mask * np.float32(strength)
    room = brought_to(amplitude, luma.shape) * np.float32(HEAD_ROOM)
    shift = np.minimum(255 - room - luma, 0) + np.maximum(room - luma, 0)
    return replace(plate, amplitude=amplitude, shift=brought_to(shift, amplitude.shape))


def _measure(plate: Plate, mask: Array, paint: npt.NDArray[np.bool_]) -> tuple[float, float, float]:
    """Mark a probe copy; return its mean square error and the change's rms in flat and in smooth areas, in levels."""
    picture = plate.picture
    pattern = _pattern(plate, _PROBE_KEY)
    if picture.format == "JPEG":
        pixels = read_picture(plate.writer.copy(pattern)).pixels
    else:  # lossless: what is added is what is decoded
        pixels = add_luma(picture, brought_to(pattern, picture.pixels.shape))
    marked = replace(picture, pixels=pixels)
    change = marked.luma() - picture.luma()
    flat_rms = _rms_within(change, mask < _FLAT_TEXTURE * mask.min(), least_share=_LEAST_FLAT_SHARE)
    smooth_rms = _rms_within(change, paint, least_share=_LEAST_SMOOTH_SHARE)
    return _mean_square(picture, marked), flat_rms, smooth_rms


def _rms_within(change: Array, area: npt.NDArray[np.bool_], *, least_share: float) -> float:
    """Return the rms of a change within an area of the canonical grid; 0 if that is too small a share to be seen."""
    inside = brought_to(area.astype(np.float32), change.shape) > 0.99
    return float(np.sqrt(np.mean(change[inside] ** 2))) if inside.mean() > least_share else 0.0


def _mean_square(picture: Picture, marked: Picture) -> float:
    """Return the mean square difference over all channels as seen, levels of 255 squared."""
    before, after = (side.rgb().reshape(picture.height_px, -1) for side in (picture, marked))
    total = float(cv2.norm(before, after, cv2.NORM_L2SQR))
    return total / (3 * picture.height_px * picture.width_px) * (255 / picture.white) ** 2


def _decibel(mean_square: float) -> float:
    return float(10 * np.log10(255.0**2 / max(mean_square, 1e-12)))
