"""JPEG copies: as like the draft as a decoder can tell, but for the mark, and written as fast as a plain encoding.

What a JPEG draft decodes to are exact multiples of its quantisation steps. Encoded again with the same tables, a
faint mark is rounded away; encoded with a table of one's own ("quality 95"), the whole picture is rounded anew, and
that alone can cost more than the mark. So a copy keeps the draft's own table, in which the draft is exact for free,
and only where the mark has its energy, in the lowest frequencies, are the steps replaced by small divisors of them:
there the draft stays exact, and the mark is kept. Chroma is encoded with its own table and sampling from the samples
that the draft itself holds, so it comes out as it went in.

A mark that is the same in R, G and B is a change of Y alone. :class:`JpegCopyWriter` therefore holds the draft as
Y, Cb and Cr, and a copy costs one addition and one encoding.

Not guaranteed: what cannot be kept so is rounded anew with the finest steps, and such copies are up to seven times as
large. That befalls drafts that stand upright only after a turn by which their 8 × 8 blocks lose their places; the
chroma of rare samplings and of turned 4:2:2; and CMYK drafts stored as YCCK. Mirrored 4:2:0 chroma is kept, but
decoders smooth it with another rounding, which is as much as 0.3 squared levels of difference.

The copy is one interleaved baseline scan. Luma in a scan of its own would be twice as fast (chroma could be encoded
once for all copies), and the standard allows it, but decoders in use do not all follow: zune-jpeg silently showed
wrong colours (etemesi254/zune-image, issues 419 and 422), and Photoshop CS6 could not open progressive files whose
first scan held luma alone (mozilla/mozjpeg, issue 29).
"""

import io
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from tidemark.engine.carriers.image.picture import Picture, Pixels, brought_to, turned

DEFAULT_SHORTEST_WAVELENGTH_PX = 6.0
"""Marks of ordinary pictures hold nothing shorter; see the reach of the fine steps below."""

_REACH_MARGIN = 0.85
"""A wave of λ pixels peaks at 16/λ in an 8 × 8 block's DCT, and leaks into its neighbours. Measured on noise of 6-100
pixels: with this margin 99 % of what survives steps of 1 everywhere survives."""

_COARSE_DRAFT_STEP = 8
"""Mean step of the draft's table within reach from which copies use steps of 2 and not of 1. Such drafts (quality 75
and below) are small files; steps of 1 would make copies four times their size for 0.15 dB."""

_OCTETS_PER_LEVEL = 12
"""Fineness of a pattern in eight bits: it reaches ±10 levels, four times what a mark's strongest places carry."""

_FINEST = (1,) * 64
_TRANSPOSED, _MIRRORED_X, _MIRRORED_Y = (5, 6, 7, 8), (2, 3, 7, 8), (3, 4, 6, 7)
"""EXIF orientations in which the stored axes are exchanged, and in which a stored axis is reversed."""

_SAMPLINGS = {((1, 1), (1, 1), (1, 1)): 0, ((2, 1), (1, 1), (1, 1)): 1, ((2, 2), (1, 1), (1, 1)): 2}
"""What Pillow can write: 4:4:4, 4:2:2 and 4:2:0, by its numbers for them."""


@dataclass(frozen=True, slots=True)
class JpegLayout:
    """How a copy is encoded.

    Attributes
    ----------
    tables
        One of 64 steps, in natural order, per component.
    subsampling
        0 for 4:4:4, 1 for 4:2:2, 2 for 4:2:0.
    coded_as
        "L", "YCbCr", "RGB" or "CMYK": what the components are.
    says_adobe
        Whether the draft holds Adobe's marker, by which readers of CMYK files know that ink is stored inverted.
    """

    tables: tuple[tuple[int, ...], ...]
    subsampling: int
    coded_as: str
    says_adobe: bool


def layout_of(picture: Picture, *, shortest_wavelength_px: float = DEFAULT_SHORTEST_WAVELENGTH_PX) -> JpegLayout:
    """Choose the tables and the sampling of the copies of a JPEG draft.

    Parameters
    ----------
    picture
        A picture read from a JPEG file.
    shortest_wavelength_px
        The shortest wavelength, in pixels of the draft, that the mark holds. Longer is better: fewer coefficients
        need fine steps, so copies are smaller.
    """
    header = JpegImageFile(io.BytesIO(picture.encoding.source))
    orientation = picture.encoding.orientation
    coded_as, says_adobe = _coded_as(header), "adobe" in header.info
    samplings = [(layer[1], layer[2]) for layer in header.layer]
    tables = [np.array(header.quantization[layer[3]]).reshape(8, 8) for layer in header.layer]
    if coded_as == "YCCK" or max(table.max() for table in tables) > 255:  # more than a baseline file can hold
        coded_as = {"YCCK": "CMYK"}.get(coded_as, coded_as)
        return JpegLayout((_FINEST,) * len(tables), 0, coded_as, says_adobe)
    if orientation in _TRANSPOSED:
        tables = [table.T for table in tables]
    subsampling = _subsampling(header.size, samplings, orientation)
    reach = 16 / shortest_wavelength_px + _REACH_MARGIN
    marked = {"L": 1, "YCbCr": 1, "RGB": 3, "CMYK": 3}[coded_as]
    steps = []
    for i, (table, sampling) in enumerate(zip(tables, samplings, strict=True)):
        is_exact = (sampling == samplings[0] or subsampling is not None) and _blocks_stay(header.size, 8, orientation)
        kept = _fine_steps(table, reach) if i < marked else table
        steps.append(tuple(map(int, kept.ravel())) if is_exact else _FINEST)
    return JpegLayout(tuple(steps), subsampling or 0, coded_as, says_adobe)


def encode(planes: Image.Image, layout: JpegLayout, *, picture: Picture) -> bytes:
    """Encode `planes` (in mode L, RGB, YCbCr or CMYK) by `layout`, with the picture's profile and resolution only."""
    options: dict[str, Any] = {"icc_profile": picture.profile} if picture.profile else {}
    if picture.dpi and layout.coded_as != "RGB":
        # A resolution stands in a JFIF header, and that declares the components to be YCbCr.
        options["dpi"] = picture.dpi
    out = io.BytesIO()
    planes.save(
        out,
        "JPEG",
        qtables=[list(table) for table in layout.tables],
        subsampling=layout.subsampling,
        keep_rgb=layout.coded_as == "RGB",
        **options,
    )
    copy = out.getvalue()
    return copy if layout.coded_as != "CMYK" or layout.says_adobe else _without_adobe(copy)


def encode_pixels(picture: Picture, pixels: Pixels) -> bytes:
    """Encode any pixels of the draft's shape and mode as the draft's JPEG copy.

    Copies of YCbCr drafts are better and faster made by :class:`JpegCopyWriter`: pixels that went through RGB have
    lost the draft's chroma samples, which costs PSNR (53 dB at quality 80) even where nothing was changed.
    """
    planes = Image.fromarray(pixels[..., 0] if picture.mode == "L" else pixels, picture.mode)
    return encode(planes, layout_of(picture), picture=picture)


@dataclass(frozen=True, slots=True, eq=False)
class JpegCopyWriter:
    """A YCbCr draft held ready for its copies. Made by :func:`jpeg_copy_writer`.

    Attributes
    ----------
    luma
        (H, W) uint8, the draft's Y, upright.
    chroma
        Cb and Cr, as large as the luma. Where the copy is subsampled, each sample that the draft's file stores stands
        in all the pixels that it covers, so that the encoder's averaging gives it back.
    """

    picture: Picture
    layout: JpegLayout
    luma: npt.NDArray[np.uint8] = field(repr=False)
    chroma: tuple[Image.Image, Image.Image] = field(repr=False)

    def copy(self, pattern: npt.NDArray[np.float32]) -> bytes:
        """Encode the draft with `pattern` added to R, G and B alike.

        The pattern, in levels of 255, may be smaller than the draft and is enlarged here: in eight bits of 1/12 level,
        which is three times as fast as in float and adds 0.0006 squared levels of rounding.
        """
        bounded = np.maximum(pattern, np.float32(-128 / _OCTETS_PER_LEVEL))  # convertScaleAbs would fold what is below
        octets = np.asarray(cv2.convertScaleAbs(bounded, alpha=_OCTETS_PER_LEVEL, beta=128), np.uint8)
        enlarged = brought_to(octets, self.luma.shape)
        marked = cv2.addWeighted(self.luma, 1, enlarged, 1 / _OCTETS_PER_LEVEL, -128 / _OCTETS_PER_LEVEL)
        return encode(Image.merge("YCbCr", (Image.fromarray(marked), *self.chroma)), self.layout, picture=self.picture)


def jpeg_copy_writer(picture: Picture, *, shortest_wavelength_px: float) -> JpegCopyWriter | None:
    """Hold a JPEG draft ready for its copies, or give None for one that is not stored as YCbCr."""
    layout = layout_of(picture, shortest_wavelength_px=shortest_wavelength_px)
    if layout.coded_as != "YCbCr":
        return None
    stored = _decoded(picture.encoding.source)
    width, height = stored.size
    luma, *chroma = (np.asarray(band) for band in stored.split())
    # Without subsampling in the copy, chroma stays as the decoder smoothed it to full size.
    if layout.subsampling == 2:
        # At half size, libjpeg takes luma from 4 × 4 coefficients and chroma from all of its own: the stored samples.
        chroma = [np.asarray(band) for band in _decoded(picture.encoding.source, halved=True).split()[1:]]
        chroma = [band.repeat(2, axis=0).repeat(2, axis=1)[:height, :width] for band in chroma]
    elif layout.subsampling == 1:
        chroma = [_stored_from_smoothed(band).repeat(2, axis=1)[:, :width] for band in chroma]
    orientation = picture.encoding.orientation
    blue, red = (Image.fromarray(turned(band, orientation)) for band in chroma)
    return JpegCopyWriter(picture, layout, turned(luma, orientation), (blue, red))


def _coded_as(header: JpegImageFile) -> str:
    """Tell what a file's components are, by the rules of libjpeg (jdapimin.c, default_decompress_parms)."""
    if header.layers == 1:
        return "L"
    transform = header.info.get("adobe_transform")
    if header.layers == 4:
        return "YCCK" if transform == 2 else "CMYK"
    if "jfif" in header.info:
        return "YCbCr"
    if transform is not None:
        return "RGB" if transform == 0 else "YCbCr"
    return "RGB" if bytes(layer[0] for layer in header.layer) == b"RGB" else "YCbCr"


def _subsampling(size: tuple[int, int], samplings: list[tuple[int, int]], orientation: int) -> int | None:
    """Give Pillow's number of the sampling of the upright copy, or None where it would not look like the draft.

    Pillow cannot write all samplings. Stored chroma samples of a mirrored axis must begin at its other end. And
    libjpeg's smoothing of 4:2:2 rounds left and right neighbours differently: mirrored, the chroma of every second
    pixel would be one level off, which costs as much as a third of a mark.
    """
    if len(set(samplings)) == 1:
        return 0
    if len(samplings) != 3 or not _blocks_stay(size, 16, orientation):
        return None
    if orientation in _TRANSPOSED:
        samplings = [(down, across) for across, down in samplings]
    subsampling = _SAMPLINGS.get((samplings[0], samplings[1], samplings[2]))
    return None if subsampling == 1 and orientation in _MIRRORED_X else subsampling


def _blocks_stay(size: tuple[int, int], unit_px: int, orientation: int) -> bool:
    """Tell whether turning a picture of `size` (width, height) upright maps its coded units onto coded units.

    Units are counted from the left and from the top. Along a mirrored axis whose length is no multiple of the unit,
    they would be counted from the other end, where a part of one stands.
    """
    return (orientation not in _MIRRORED_X or size[0] % unit_px == 0) and (
        orientation not in _MIRRORED_Y or size[1] % unit_px == 0
    )


def _fine_steps(table: npt.NDArray[np.int64], reach: float) -> npt.NDArray[np.int64]:
    """Replace the steps within `reach` of zero frequency by divisors of them: 1, or 2 in coarse tables."""
    within = np.hypot(*np.mgrid[:8, :8]) <= reach
    fine = np.ones_like(table)
    if table[within].mean() >= _COARSE_DRAFT_STEP:
        fine[table % 2 == 0] = 2
    return np.where(within, fine, table)


def _decoded(source: bytes, *, halved: bool = False) -> Image.Image:
    """Decode a draft that was read before to its stored colours, without conversion to RGB; in half size if asked."""
    stored = JpegImageFile(io.BytesIO(source))
    width, height = stored.size
    stored.draft("YCbCr", (width // 2, height // 2) if halved else None)
    stored.load()
    return stored


def _stored_from_smoothed(plane: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Give the stored samples of a plane (H, W) whose width libjpeg doubled on decoding: (H, ceil(W / 2)).

    libjpeg makes two pixels of each sample s[i], (3 s[i] + s[i−1]) / 4 and (3 s[i] + s[i+1]) / 4. Their sum is
    (6 s[i] + s[i−1] + s[i+1]) / 4; Jacobi's iteration solves that for s, with an error that falls to a third each
    time. What rounding leaves (below one level) vanishes in the quantisation.
    """
    if plane.shape[1] % 2:
        plane = np.hstack([plane, plane[:, -1:]])
    sums = 2 * (plane[:, 0::2].astype(np.float32) + plane[:, 1::2])
    samples = sums / 4
    for _ in range(8):
        padded = np.pad(samples, ((0, 0), (1, 1)), mode="edge")
        samples = (2 * sums - padded[:, :-2] - padded[:, 2:]) / 6
    return np.clip(np.rint(samples), 0, 255).astype(np.uint8)


def _without_adobe(copy: bytes) -> bytes:
    """Leave out Adobe's marker, which libjpeg adds to every CMYK file.

    A CMYK draft without it is read as inverted by some programs and as plain by others. Its copy must be ambiguous in
    the same way, or the two would look like each other's negatives.
    """
    at = copy.find(b"\xff\xee\x00\x0eAdobe")
    return copy if at < 0 else copy[:at] + copy[at + 16 :]
