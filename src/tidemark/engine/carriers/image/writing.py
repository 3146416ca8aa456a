"""Writing copies: the draft's kind of file, size, depth, profile and resolution, and none of its metadata.

Whatever the draft's file said besides its colours (EXIF with place and camera, XMP, IPTC, comments, text, thumbnails,
layers, tool names) is gone, because a copy is encoded from the pixels alone and the few fields of a
:class:`~.picture.Picture`.

Not the same as in the draft: palettes become RGB and 1-bit pictures grey, since a mark needs shades; interlaced and
progressive files become plain ones; lossy WebP becomes lossless (see :func:`_webp`); JPEG inside TIFF becomes deflate.
"""

import io
import struct
from dataclasses import dataclass
from typing import Any, Protocol, cast

import numpy as np
import numpy.typing as npt
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tidemark.engine.carriers.image import jpeg, sixteen
from tidemark.engine.carriers.image.picture import Picture, Pixels, add_luma, brought_to
from tidemark.errors import Unmarkable

_PNG_COMPRESS_LEVEL = 4
_WEBP_EFFORT, _WEBP_METHOD = 25, 1
"""Of lossless WebP. Marked pictures end in noise: at full effort they take ten times as long and shrink by 8 %."""

DITHER_LEVELS = 0.28
"""Half its range. With 0.375 rounding would be even: good against the mean of copies, bad against the modified negative
(docs/adr/0007)."""
_DITHER = np.array([[-1, 1 / 3], [1, -1 / 3]], np.float32) * np.float32(DITHER_LEVELS)

_KEPT_TIFF_COMPRESSIONS = ("raw", "tiff_lzw", "tiff_adobe_deflate", "tiff_deflate", "packbits")


class CopyWriter(Protocol):
    """A draft held ready for its copies."""

    def copy(self, pattern: npt.NDArray[np.float32]) -> bytes:
        """Encode the draft with `pattern` added as :func:`~.picture.add_luma` says.

        The pattern is in levels of 255 and of any size; it is brought to the draft's.
        """


@dataclass(frozen=True, slots=True, eq=False)
class PixelCopyWriter:
    """Makes copies of drafts of any kind from their pixels."""

    picture: Picture

    def copy(self, pattern: npt.NDArray[np.float32]) -> bytes:
        return write_picture(self.picture, add_pattern(self.picture, pattern))


def add_pattern(picture: Picture, pattern: npt.NDArray[np.float32]) -> Pixels:
    """Give the picture's pixels with a pattern of any size added, dithered where it would be rounded to whole levels.

    A faint mark rounded to whole levels takes three or four values. Twenty colluders who keep the extreme of the
    minority then cancel it, and their mean rounds to nothing. The dither is the same for all copies: it moves the
    thresholds of rounding from pixel to pixel, finer than any number of the mark.
    """
    delta = brought_to(pattern, picture.pixels.shape)
    if picture.pixels.dtype == np.uint8:
        for row, column in np.ndindex(_DITHER.shape):
            delta[row::2, column::2] += _DITHER[row, column]
    return add_luma(picture, delta)


def copy_writer(picture: Picture, *, shortest_wavelength_px: float = jpeg.DEFAULT_SHORTEST_WAVELENGTH_PX) -> CopyWriter:
    """Hold a draft ready for its copies: what depends on the draft alone is done here, once.

    Parameters
    ----------
    shortest_wavelength_px
        The shortest wavelength, in pixels of the draft, that the mark holds. JPEG copies keep what is longer.

    Raises
    ------
    Unmarkable
        No copies can be written in the draft's format.
    """
    _check_writable(picture)
    writer = None
    if picture.format == "JPEG":
        writer = jpeg.jpeg_copy_writer(picture, shortest_wavelength_px=shortest_wavelength_px)
    return writer or PixelCopyWriter(picture)


def write_picture(picture: Picture, pixels: Pixels) -> bytes:
    """Write `pixels`, of the picture's own shape and dtype, as the picture's kind of file.

    Raises
    ------
    Unmarkable
        The picture came as GIF, HEIF or AVIF, which are read as leaks only.
    """
    _check_writable(picture)
    if pixels.shape != picture.pixels.shape or pixels.dtype != picture.pixels.dtype:
        raise ValueError(
            f"expected {picture.pixels.dtype} pixels of {picture.pixels.shape}, got {pixels.dtype} of {pixels.shape}"
        )
    return _WRITERS[picture.format](picture, pixels)


def _check_writable(picture: Picture) -> None:
    if picture.format not in _WRITERS:
        raise Unmarkable(
            f"Expected a draft as {', '.join(_WRITERS)}; {picture.format} files are read as leaks only, since writing "
            "one would lose more than a mark may cost. Export the draft as PNG."
        )


def _png(picture: Picture, pixels: Pixels) -> bytes:
    if pixels.dtype == np.uint16:
        return sixteen.png(picture, cast(sixteen.Deep, pixels))
    chunks = PngInfo()
    for name, body in picture.encoding.colour_chunks:
        chunks.add(name, body)
    return _saved(picture, pixels, compress_level=_PNG_COMPRESS_LEVEL, pnginfo=chunks)


def _webp(picture: Picture, pixels: Pixels) -> bytes:
    """Write lossless WebP, of lossy drafts too.

    Lossy WebP stores 8-bit, limited-range YCbCr with a quarter of the chroma. Encoding a decoded draft again, at
    quality 100, costs more than a whole mark: 42.6 to 44.8 dB were measured where 46.2 went in. The price is size:
    three to seven times that of a draft of quality 95, up to sixteen times that of one of quality 80.
    """
    return _saved(picture, pixels, lossless=True, quality=_WEBP_EFFORT, method=_WEBP_METHOD, exact=True)


def _tiff(picture: Picture, pixels: Pixels) -> bytes:
    if pixels.dtype == np.uint16:
        return sixteen.tiff(picture, cast(sixteen.Deep, pixels))
    compression = picture.encoding.compression
    return _saved(
        picture,
        pixels,
        compression=compression if compression in _KEPT_TIFF_COMPRESSIONS else "tiff_adobe_deflate",
    )


def _bmp(picture: Picture, pixels: Pixels) -> bytes:
    """Write BMP. Pillow's has no place for alpha, so RGBA gets the header that has (BITMAPV4HEADER)."""
    if picture.mode != "RGBA":
        return _saved(picture, pixels)
    height, width = pixels.shape[:2]
    across, down = (round(dpi / 0.0254) for dpi in picture.dpi or (0, 0))
    body = pixels[::-1, :, [2, 1, 0, 3]].tobytes()
    masks = struct.pack("<4I", 0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    info = struct.pack("<IiiHHIIiiII", 108, width, height, 1, 32, 3, len(body), across, down, 0, 0)
    colours = masks + b"BGRs" + bytes(48)  # the sRGB colour space, whose end points and gammas are not read
    offset = 14 + len(info) + len(colours)
    return struct.pack("<2sIHHI", b"BM", offset + len(body), 0, 0, offset) + info + colours + body


_WRITERS = {"PNG": _png, "JPEG": jpeg.encode_pixels, "WEBP": _webp, "TIFF": _tiff, "BMP": _bmp}


def _saved(picture: Picture, pixels: Pixels, **options: Any) -> bytes:
    """Save by Pillow, from nothing but the pixels, the profile and the resolution."""
    if picture.profile:
        options["icc_profile"] = picture.profile
    if picture.dpi:
        options["dpi"] = picture.dpi
    out = io.BytesIO()
    flat = pixels[..., 0] if picture.mode == "L" else pixels
    Image.fromarray(flat, picture.mode).save(out, picture.format, **options)
    return out.getvalue()
