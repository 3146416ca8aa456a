"""JPEG copies: as like the draft as a decoder can tell, but for the mark, and written as fast as a plain encoding.

What a JPEG draft decodes to are exact multiples of its quantisation steps. Encoded again with the same tables, a
faint mark is rounded away; encoded with a table of one's own ("quality 95"), the whole picture is rounded anew, and
that alone can cost more than the mark. So a copy keeps the draft's own table, in which the draft is exact for free,
and only where the mark has its energy, in the lowest frequencies, are the steps replaced by small divisors of them:
there the draft stays exact, and the mark is kept. Chroma is encoded with its own table and sampling from the samples
that the draft itself holds, so it comes out as it went in.

A mark that is the same in R, G and B is a change of Y alone. :class:`JpegCopyWriter` therefore holds the draft as
Y, Cb and Cr, and a copy costs one addition and one encoding.

Not guaranteed: drafts that stand upright only after a turn by which their 8 × 8 blocks lose their places, and CMYK
drafts that were stored as YCCK, are rounded anew with the finest steps. Their copies are up to five times as large.

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

from tidemark.engine.carriers.image.picture import Picture, Pixels, check_delta, turned

DEFAULT_SHORTEST_WAVELENGTH_PX = 6.0
"""Marks of ordinary pictures hold nothing shorter; see the reach of the fine steps below."""

_REACH_MARGIN = 0.85
"""A wave of λ pixels peaks at 16/λ in an 8 × 8 block's DCT, and leaks into its neighbours. Measured on noise of 6-100
pixels: with this margin 99 % of what survives steps of 1 everywhere survives."""

_COARSE_DRAFT_STEP = 8
"""Mean step of the draft's table within reach from which copies use steps of 2 and not of 1. Such drafts (quality 75
and below) are small files; steps of 1 would make copies four times their size for 0.15 dB."""

_FINEST = (1,) * 64
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
    reuses_draft
        Whether the draft's coefficients are exact multiples of `tables`, sample for sample.
    says_adobe
        Whether the draft holds Adobe's marker, by which readers of CMYK files know that ink is stored inverted.
    """

    tables: tuple[tuple[int, ...], ...]
    subsampling: int
    coded_as: str
    reuses_draft: bool
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
    components = [(layer[1], layer[2]) for layer in header.layer]
    tables = [np.array(header.quantization[layer[3]]).reshape(8, 8) for layer in header.layer]
    coded_as = _coded_as(header)
    says_adobe = "adobe" in header.info
    subsampling = _subsampling(components, picture.encoding.orientation)
    exact = (
        subsampling is not None
        and coded_as != "YCCK"
        and _blocks_keep_their_places(header.size, components, picture.encoding.orientation)
        and all(table.max() <= 255 for table in tables)  # what a baseline file can hold
    )
    if not exact or subsampling is None:
        kept = picture.mode if picture.mode != "RGB" else "YCbCr"
        return JpegLayout((_FINEST,) * len(tables), 0, kept, reuses_draft=False, says_adobe=says_adobe)
    if picture.encoding.orientation in (5, 6, 7, 8):
        tables = [table.T for table in tables]
    reach = 16 / shortest_wavelength_px + _REACH_MARGIN
    marked = {"L": 1, "YCbCr": 1, "RGB": 3, "CMYK": 3}[coded_as]
    steps = tuple(
        tuple(map(int, (_fine_steps(table, reach) if i < marked else table).ravel())) for i, table in enumerate(tables)
    )
    return JpegLayout(steps, subsampling, coded_as, reuses_draft=True, says_adobe=says_adobe)


def encode(planes: Image.Image, layout: JpegLayout, *, picture: Picture) -> bytes:
    """Encode `planes` (in mode L, RGB, YCbCr or CMYK) by `layout`, with the picture's profile and resolution only."""
    options: dict[str, Any] = {"icc_profile": picture.profile} if picture.profile else {}
    if picture.dpi:
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
        (H, W) float32, the draft's Y in levels of 255, upright. Float, because OpenCV adds floats to floats three
        times as fast as floats to bytes.
    chroma
        Cb and Cr, as large as the luma; each stored sample stands in all the pixels that it covers.
    """

    picture: Picture
    layout: JpegLayout
    luma: npt.NDArray[np.float32] = field(repr=False)
    chroma: tuple[Image.Image, Image.Image] = field(repr=False)

    def copy(self, delta: npt.NDArray[np.float32]) -> bytes:
        """Encode the draft with `delta`, (H, W) float32 in levels of 255, added to R, G and B alike."""
        check_delta(delta, self.luma.shape)
        marked = cv2.add(self.luma, delta, dtype=cv2.CV_8U)
        return encode(Image.merge("YCbCr", (Image.fromarray(marked), *self.chroma)), self.layout, picture=self.picture)


def jpeg_copy_writer(picture: Picture, *, shortest_wavelength_px: float) -> JpegCopyWriter | None:
    """Hold a JPEG draft ready for its copies, or give None where its stored samples cannot be used again."""
    layout = layout_of(picture, shortest_wavelength_px=shortest_wavelength_px)
    if not layout.reuses_draft or layout.coded_as != "YCbCr":
        return None
    stored = _decoded(picture.encoding.source)
    width, height = stored.size
    luma, *chroma = (np.asarray(band) for band in stored.split())
    if layout.subsampling == 2:
        # At half size, libjpeg takes luma from 4 × 4 coefficients and chroma from all of its own: the stored samples.
        chroma = [np.asarray(band) for band in _decoded(picture.encoding.source, halved=True).split()[1:]]
        chroma = [band.repeat(2, axis=0).repeat(2, axis=1)[:height, :width] for band in chroma]
    elif layout.subsampling == 1:
        chroma = [_stored_from_smoothed(band).repeat(2, axis=1)[:, :width] for band in chroma]
    orientation = picture.encoding.orientation
    blue, red = (Image.fromarray(turned(band, orientation)) for band in chroma)
    return JpegCopyWriter(picture, layout, turned(luma, orientation).astype(np.float32), (blue, red))


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


def _subsampling(components: list[tuple[int, int]], orientation: int) -> int | None:
    """Give Pillow's number of the sampling of the upright copy, or None where Pillow cannot write it."""
    if len(set(components)) == 1:
        return 0
    if len(components) != 3:
        return None
    if orientation in (5, 6, 7, 8):
        components = [(down, across) for across, down in components]
    return _SAMPLINGS.get((components[0], components[1], components[2]))


def _blocks_keep_their_places(size: tuple[int, int], components: list[tuple[int, int]], orientation: int) -> bool:
    """Tell whether turning a picture of `size` (width, height) upright maps its coded blocks onto coded blocks.

    Blocks are counted from the left and from the top. A mirrored axis whose length is no multiple of the largest unit
    would count them from the other end, where a part of a block stands.
    """
    unit_x, unit_y = (8 * max(axis) for axis in zip(*components, strict=True))
    mirrored_x = orientation in (2, 3, 7, 8)
    mirrored_y = orientation in (3, 4, 6, 7)
    return (not mirrored_x or size[0] % unit_x == 0) and (not mirrored_y or size[1] % unit_y == 0)


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
