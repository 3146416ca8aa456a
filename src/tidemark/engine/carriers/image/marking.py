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
from tidemark.engine.carriers.image.grid import BAND_HIGH, Band, band, enlargement, to_grid
from tidemark.engine.carriers.image.mask import bearing, perceptual_mask, smooth, smoothness
from tidemark.engine.carriers.image.picture import Picture, brought_to
from tidemark.engine.carriers.image.reading import read_picture
from tidemark.engine.carriers.image.writing import CopyWriter, add_pattern, copy_writer
from tidemark.engine.keys import gaussians
from tidemark.errors import Unmarkable

Array = npt.NDArray[np.float32]

TARGET_PSNR_DB = 46.08
"""Of a copy against its draft. 46 dB is what is promised; the rest covers how copies of one draft differ."""
FLAT_RMS_CEILING = 1.12
"""Levels of 255. In flat areas the mark's rms stays below it; the ceiling that was set for copies as decoded is 1.2."""
SMOOTH_RMS_CEILING = 0.75
"""Levels of 255 on middle grey. The same for smooth paint and sky: at 1.1 a faint mottle is seen there when a copy is
enlarged twice (docs/adr/0007). Only paint gives way to it; the rest of the draft keeps its strength."""

HEAD_ROOM = 0.4
"""By how many times the local amplitude pure white is lowered and pure black raised before the mark is added."""

_FLAT_TEXTURE = 1.3  # times the mask's least value: what counts as flat
_PROBE_KEY = hashlib.sha256(b"tidemark probe of strength").digest()
_LEAST_SHARE = 0.01  # of the picture, from which a flat or smooth area is looked after
_PAINTED = 0.05  # of smoothness, from which an area counts as paint and not as flat
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


@dataclass(frozen=True, slots=True, eq=False)
class _Host:
    """What the draft's luma says of how strongly it may be marked; all but ``luma`` on the canonical grid."""

    luma: Array
    mask: Array
    smoothness: Array
    bearing: Array
    flat: npt.NDArray[np.bool_]
    paint: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, luma: Array) -> "_Host":
        grid = to_grid(luma)
        mask, softly = perceptual_mask(grid), smoothness(grid, enlarged=enlargement(*luma.shape))
        flat = (mask < _FLAT_TEXTURE * mask.min()) & (softly < _PAINTED)
        return cls(luma, mask, softly, bearing(grid), flat, smooth(grid))

    def amplitude(self, strength: float, on_paint: float = np.inf) -> Array:
        """Return the mask at a strength; on paint of middle grey at most `on_paint` levels, on dark paint less."""
        full = self.mask * np.float32(strength)
        excess = np.maximum(full - self.bearing * np.float32(on_paint), 0)
        return np.asarray(full - self.smoothness * excess, np.float32)


@dataclass(frozen=True, slots=True)
class _Measured:
    """How a probe copy differs from the draft: mean square error, and the change's rms in flat areas and, in what would
    be as visible on middle grey, on paint.
    """

    noise: float
    flat_rms: float
    paint_rms: float


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
    host = _Host.of(luma)
    shortest = max(picture.height_px, picture.width_px) / BAND_HIGH
    writer = copy_writer(picture, shortest_wavelength_px=shortest)
    rows, columns = host.mask.shape
    blank = Plate(picture, band((rows, columns)), host.mask, np.zeros_like(host.mask), writer, 0.0)
    return _calibrated(blank, host)


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


def _calibrated(plate: Plate, host: _Host) -> Plate:
    """Find the greatest strength that keeps a probe copy within PSNR and the ceiling of flat areas, then mend paint.

    Clipping and the rounding of JPEG make noise fall slower than strength squared, so a few rounds are needed; the
    last of them never ends above a limit. What paint gives up is not given to the rest: the mask stays nearly flat.
    """
    most = 255.0**2 * 10 ** (-TARGET_PSNR_DB / 10)
    strength = 1.0
    for _ in range(_CALIBRATION_ROUNDS):
        trial = _with_amplitude(plate, host, host.amplitude(strength))
        found = _measure(trial, host)
        excess = max(found.noise / most, (found.flat_rms / FLAT_RMS_CEILING) ** 2)
        if _ENOUGH <= excess <= 1.0:
            break
        strength *= (_AIM / excess) ** 0.5
    else:
        if 1.0 < excess != found.noise / most:
            raise _too_coarse_for("its flat areas")
        if excess > 1.0:
            raise Unmarkable(
                f"A copy must keep a PSNR of {TARGET_PSNR_DB:.1f} dB, and encoding this draft anew alone leaves "
                f"{_decibel(found.noise):.1f} dB. Export it with a higher quality, or as PNG."
            )
    if found.paint_rms > SMOOTH_RMS_CEILING:
        trial, found = _with_fainter_paint(plate, host, strength)
    return replace(trial, psnr_db=_decibel(found.noise))


def _with_fainter_paint(plate: Plate, host: _Host, strength: float) -> tuple[Plate, _Measured]:
    """Lower the mark on paint alone, until its rms there is what paint bears."""
    level = SMOOTH_RMS_CEILING
    for _ in range(_CALIBRATION_ROUNDS):
        trial = _with_amplitude(plate, host, host.amplitude(strength, level))
        found = _measure(trial, host)
        share = found.paint_rms / SMOOTH_RMS_CEILING
        if _ENOUGH <= share <= 1.0:
            break
        level *= _AIM / share
    else:
        if share > 1.0:
            raise _too_coarse_for("its smooth areas")
    return trial, found


def _too_coarse_for(areas: str) -> Unmarkable:
    return Unmarkable(
        f"Encoding this draft anew alone changes {areas} by more than a copy may. "
        "Export it with a higher quality, or as PNG."
    )


def _with_amplitude(plate: Plate, host: _Host, amplitude: Array) -> Plate:
    room = brought_to(amplitude, host.luma.shape) * np.float32(HEAD_ROOM)
    shift = np.minimum(255 - room - host.luma, 0) + np.maximum(room - host.luma, 0)
    return replace(plate, amplitude=amplitude, shift=brought_to(shift, amplitude.shape))


def _measure(plate: Plate, host: _Host) -> _Measured:
    """Mark a probe copy and compare it with the draft."""
    picture = plate.picture
    pattern = _pattern(plate, _PROBE_KEY)
    if picture.format == "JPEG":
        pixels = read_picture(plate.writer.copy(pattern)).pixels
    else:  # lossless: what is added is what is decoded
        pixels = add_pattern(picture, pattern)
    marked = replace(picture, pixels=pixels)
    change = marked.luma() - host.luma
    seen = change / brought_to(host.bearing, change.shape)
    return _Measured(_mean_square(picture, marked), _rms_within(change, host.flat), _rms_within(seen, host.paint))


def _rms_within(change: Array, area: npt.NDArray[np.bool_]) -> float:
    """Return the rms of a change within an area of the canonical grid; 0 if that is too small a share to be seen."""
    inside = brought_to(area.astype(np.float32), change.shape) > 0.99
    return float(np.sqrt(np.mean(change[inside] ** 2))) if inside.mean() > _LEAST_SHARE else 0.0


def _mean_square(picture: Picture, marked: Picture) -> float:
    """Return the mean square difference over all channels as seen, levels of 255 squared."""
    before, after = (side.rgb().reshape(picture.height_px, -1) for side in (picture, marked))
    total = float(cv2.norm(before, after, cv2.NORM_L2SQR))
    return total / (3 * picture.height_px * picture.width_px) * (255 / picture.white) ** 2


def _decibel(mean_square: float) -> float:
    return float(10 * np.log10(255.0**2 / max(mean_square, 1e-12)))
