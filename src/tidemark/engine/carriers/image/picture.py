"""A picture as the carrier works on it: upright pixels, and what it takes to write the same kind of file again.

Between the file and the mark: :mod:`.reading` makes pictures out of bytes, :mod:`.writing` makes bytes out of them.
Nothing here reads or writes a file. A picture holds no metadata: what the file said about its author, place, device
or history is never read into it.
"""

from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar, cast

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

Pixels: TypeAlias = npt.NDArray[np.uint8] | npt.NDArray[np.uint16]

_Level = TypeVar("_Level", np.float32, np.uint8)

_STRIP_ROWS = 64
"""Rows worked on at once: a 4K strip of floats then stays in the processor's second-level cache, which is twice as
fast as whole-picture passes, and no temporary is as large as the picture."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """What the writer must know of the draft's file, beyond its pixels. None of it says anything about people.

    Attributes
    ----------
    source
        JPEG only: the draft's file, for its quantisation tables and its untouched chroma.
    orientation
        EXIF orientation (1-8) by which the file's pixels were turned to stand upright.
    compression
        TIFF only: the compression scheme, in Pillow's words.
    colour_chunks
        PNG only: (name, body) of the chunks that define colours: gAMA, cHRM, sRGB, cICP.
    """

    source: bytes = field(default=b"", repr=False)
    orientation: int = 1
    compression: str = ""
    colour_chunks: tuple[tuple[bytes, bytes], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """One still picture, upright.

    Attributes
    ----------
    pixels
        (H, W, C), uint8 or uint16. C is 1 for L, 2 for LA, 3 for RGB, 4 for RGBA and CMYK. Alpha is not premultiplied.
        CMYK counts ink: 0 is none.
    mode
        "L", "LA", "RGB", "RGBA" or "CMYK". Palettes have become RGB or RGBA, and 1-bit pictures L.
    format
        "PNG", "JPEG", "WEBP", "TIFF", "BMP", "GIF", "HEIF" or "AVIF", by content.
    profile
        The ICC profile, unread.
    dpi
        Horizontal and vertical resolution, pixels per inch.
    """

    pixels: Pixels
    mode: str
    format: str
    profile: bytes | None = field(default=None, repr=False)
    dpi: tuple[float, float] | None = None
    encoding: Encoding = Encoding()

    @property
    def height_px(self) -> int:
        return int(self.pixels.shape[0])

    @property
    def width_px(self) -> int:
        return int(self.pixels.shape[1])

    @property
    def has_alpha(self) -> bool:
        return self.mode in ("LA", "RGBA")

    @property
    def white(self) -> int:
        """The level of white: 255, or 65535."""
        return int(np.iinfo(self.pixels.dtype).max)

    def rgb(self) -> Pixels:
        """Give the picture as it is seen on white paper: (H, W, 3), in its own depth.

        Alpha is composited on white. CMYK is converted without its profile, R = (1 − C)(1 − K), as ordinary viewers
        and Pillow do; the result serves for looking, registering and PSNR, not for proofing.
        """
        if self.mode == "CMYK":
            return np.asarray(Image.fromarray(self.pixels, "CMYK").convert("RGB"))
        colours = self.pixels[..., :-1] if self.has_alpha else self.pixels
        if colours.shape[2] == 1:
            colours = cast(Pixels, np.repeat(colours, 3, axis=2))
        return _on_white(colours, self.pixels[..., -1:], self.white) if self.has_alpha else colours

    def luma(self) -> npt.NDArray[np.float32]:
        """Give the Rec. 601 luma of :meth:`rgb`: (H, W), 0..255 whatever the depth, not rounded."""
        seen = self.pixels if self.mode == "L" else self.rgb()
        luma = np.empty(seen.shape[:2], np.float32)
        for rows in strips(len(seen)):
            levels = seen[rows].astype(np.float32)
            luma[rows] = levels[..., 0] if self.mode == "L" else cv2.cvtColor(levels, cv2.COLOR_RGB2GRAY)
        if self.white != 255:
            luma *= np.float32(255 / self.white)
        return luma


def add_luma(picture: Picture, delta: npt.NDArray[np.float32]) -> Pixels:
    """Give the picture's pixels with `delta` added equally to R, G and B.

    In grey pictures it is added to L. In CMYK it is *subtracted* from C, M and Y, which makes R, G and B lighter by
    delta · (1 − K): black ink is never touched, so text and lines printed in pure black stay pure. Alpha is kept.

    Parameters
    ----------
    picture
        Whose pixels; they are not changed.
    delta
        (H, W), in levels of 255 whatever the picture's depth.

    Returns
    -------
    (H, W, C) array of the same dtype and mode, rounded to nearest and clipped.
    """
    check_delta(delta, picture.pixels.shape[:2])
    marked = np.empty_like(picture.pixels)
    unchanged = np.zeros((_STRIP_ROWS, picture.width_px), np.float32)
    # The sum is made in float and converted once, by OpenCV, so there is one rounding and it saturates.
    depth = cv2.CV_8U if picture.white == 255 else cv2.CV_16U
    scale = (-1.0 if picture.mode == "CMYK" else 1.0) * picture.white / 255
    for rows in strips(picture.height_px):
        step = delta[rows] if scale == 1 else delta[rows] * np.float32(scale)
        planes = {
            "L": [step],
            "LA": [step, unchanged[: len(step)]],
            "RGB": [step, step, step],
            "RGBA": [step, step, step, unchanged[: len(step)]],
            "CMYK": [step, step, step, unchanged[: len(step)]],
        }[picture.mode]
        # OpenCV drops an axis of length 1; reshaping puts it back.
        source = picture.pixels[rows]
        summed = cv2.add(source, cv2.merge(planes).reshape(source.shape), dtype=depth)
        marked[rows] = summed.reshape(source.shape)
    return marked


def brought_to(pattern: npt.NDArray[_Level], shape: tuple[int, ...]) -> npt.NDArray[_Level]:
    """Bring a smooth pattern to a picture's height and width: cubic when it grows, area means when it shrinks."""
    height, width = shape[:2]
    how = cv2.INTER_CUBIC if max(height, width) >= max(pattern.shape) else cv2.INTER_AREA
    return cv2.resize(pattern, (width, height), interpolation=how)  # type: ignore[return-value]


def check_delta(delta: npt.NDArray[np.float32], shape: tuple[int, ...]) -> None:
    """Refuse a delta that is not float32 of the picture's height and width: a mistake of the caller, so ValueError."""
    if delta.dtype != np.float32 or delta.shape != shape:
        raise ValueError(f"expected a float32 delta of {shape}, got {delta.dtype} of {delta.shape}")


def turned(pixels: npt.NDArray[Any], orientation: int) -> npt.NDArray[Any]:
    """Turn stored pixels (H, W, …) upright, by their EXIF orientation (1-8; others count as 1)."""
    if orientation in (5, 6, 7, 8):
        pixels = np.swapaxes(pixels, 0, 1)
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    return np.ascontiguousarray(pixels)


def strips(rows: int) -> list[slice]:
    """Cut `rows` into slices of a size that the processor's cache likes."""
    return [slice(top, min(top + _STRIP_ROWS, rows)) for top in range(0, rows, _STRIP_ROWS)]


def _on_white(colours: Pixels, alpha: Pixels, white: int) -> Pixels:
    """Composite (H, W, 3) colours on white by (H, W, 1) alpha, both of the same depth."""
    seen = np.empty_like(colours)
    for rows in strips(len(colours)):
        cover = alpha[rows].astype(np.float32) / np.float32(white)
        seen[rows] = np.rint(white + (colours[rows].astype(np.float32) - white) * cover)
    return seen
