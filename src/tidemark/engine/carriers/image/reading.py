"""Reading drafts and leaks: the only place where the bytes of a stranger become a picture.

Nothing is believed about the bytes. Their kind is told by content; sizes are checked in the header, before anything
is decoded; whatever a decoder raises becomes one of two errors that say what was expected, what was seen and what to
do. A truncated file is refused, never filled up with grey: what is missing would be searched for a mark.

Metadata is not read, but for the orientation, the ICC profile, the resolution and PNG's definitions of colour.
"""

import io
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal

import numpy as np
from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageFile,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from tidemark import limits
from tidemark.engine.carriers.image import sixteen
from tidemark.engine.carriers.image.kinds import kind_of
from tidemark.engine.carriers.image.picture import Encoding, Picture, Pixels, turned
from tidemark.errors import LimitExceeded, TidemarkError, UnreadableFile


def _open_heif(file: io.BytesIO) -> ImageFile.ImageFile:
    from pi_heif import HeifImageFile  # loads libheif, which few files need

    opened: ImageFile.ImageFile = HeifImageFile(file)
    return opened


# The plugin for the kind that we told, not Image.open: that one would try what the content does not say, and join the
# pictures of a phone's depth map or burst into one "MPO".
_OPENERS: dict[str, Callable[[io.BytesIO], ImageFile.ImageFile]] = {
    "PNG": PngImagePlugin.PngImageFile,
    "JPEG": JpegImagePlugin.JpegImageFile,
    "WEBP": WebPImagePlugin.WebPImageFile,
    "TIFF": TiffImagePlugin.TiffImageFile,
    "BMP": BmpImagePlugin.BmpImageFile,
    "GIF": GifImagePlugin.GifImageFile,
    "AVIF": AvifImagePlugin.AvifImageFile,
    "HEIF": _open_heif,
}

_MODES = {
    "1": "L",
    "L": "L",
    "LA": "LA",
    "La": "LA",
    "P": "RGB",
    "PA": "RGBA",
    "RGB": "RGB",
    "RGBX": "RGB",
    "RGBA": "RGBA",
    "RGBa": "RGBA",
    "YCbCr": "RGB",
    "CMYK": "CMYK",
    "I;16": "L",
    "I;16B": "L",
    "I;16L": "L",
}
"""What each of Pillow's modes is read as. Those not here (floats, 32 bits, Lab) are refused."""

_WITH_ALPHA = {"L": "LA", "RGB": "RGBA"}
_PNG_MODES = {0: "L", 2: "RGB", 4: "LA", 6: "RGBA"}
_PNG_COLOUR_CHUNKS = (b"cHRM", b"gAMA", b"sRGB", b"cICP")
_MAX_COLOUR_CHUNK_BYTES = 32

_TIFF_BITS, _TIFF_PHOTOMETRIC, _TIFF_PLANES, _TIFF_ORIENTATION, _TIFF_SAMPLE_FORMAT = 258, 262, 284, 274, 339


def read_picture(data: bytes, *, animated: Literal["refuse", "first"] = "refuse") -> Picture:
    """Read a picture file.

    Parameters
    ----------
    data
        The whole file.
    animated
        What to do with files of several frames or pages: "refuse" drafts, whose other frames would go out unmarked;
        of leaks take the "first".

    Raises
    ------
    UnreadableFile
        The bytes are no picture that is read here, or a damaged one.
    LimitExceeded
        The picture is larger than a limit of :mod:`tidemark.limits`; it was not decoded.
    """
    if len(data) > limits.MAX_FILE_BYTES:
        raise LimitExceeded(
            f"Expected a file of at most {limits.MAX_FILE_BYTES >> 20} MiB, got {len(data) >> 20} MiB. "
            "Export the picture smaller or compressed."
        )
    kind = kind_of(data)
    with _decoder_errors_as_ours(kind):
        opened = _OPENERS[kind](io.BytesIO(data))
        _check_size(opened.size)
        if animated == "refuse":
            _refuse_frames(opened, kind)
        return _decode(opened, kind, data)


@contextmanager
def _decoder_errors_as_ours(kind: str) -> Iterator[None]:
    try:
        with warnings.catch_warnings():
            # Pillow warns of odd metadata, which we do not use, and of many pixels, for which we have our own limit.
            warnings.filterwarnings("ignore", module=r"PIL\.")
            yield
    except TidemarkError:
        raise
    except (MemoryError, Image.DecompressionBombError) as error:
        raise LimitExceeded(
            f"Expected a picture of at most {limits.MAX_PIXELS // 1_000_000} megapixels; this {kind} file wants more "
            "memory than there is to decode. Export it smaller."
        ) from error
    except Exception as error:
        # Decoders of damaged files raise nearly everything: OSError, SyntaxError, ValueError, EOFError, KeyError,
        # struct.error, zlib.error, cv2.error, OverflowError, RuntimeError. For a reader of files, all mean the same.
        raise UnreadableFile(
            f"Expected a complete {kind} file, which this begins as, but it is truncated, damaged or of an unusual "
            f"variety ({type(error).__name__}: {str(error)[:120]}). Export or fetch it again."
        ) from error


def _check_size(size: tuple[int, int]) -> None:
    width, height = size
    if width * height > limits.MAX_PIXELS:
        raise LimitExceeded(
            f"Expected at most {limits.MAX_PIXELS // 1_000_000} megapixels, but the file says {width} × {height}, "
            f"{width * height // 1_000_000} megapixels. Export the picture smaller."
        )
    if max(size) > limits.MAX_SIDE_PX:
        raise LimitExceeded(
            f"Expected at most {limits.MAX_SIDE_PX:,} pixels either way, but the file says {width} × {height}. "
            "Export the picture smaller, or in parts."
        )
    if min(size) < limits.MIN_PICTURE_SIDE_PX:
        raise UnreadableFile(
            f"Expected a picture of at least {limits.MIN_PICTURE_SIDE_PX} pixels either way, but the file says "
            f"{width} × {height}. Give the whole picture."
        )


def _refuse_frames(opened: ImageFile.ImageFile, kind: str) -> None:
    if _tiff_has_second_page(opened) if kind == "TIFF" else getattr(opened, "is_animated", False):
        raise UnreadableFile(
            f"Expected a single picture, but this {kind} file holds several frames or pages. Only the first would be "
            "marked and the others would go out without a mark; export each as a file of its own."
        )


def _tiff_has_second_page(opened: ImageFile.ImageFile) -> bool:
    """Look for one page more; is_animated would walk through all of them, and there may be a million."""
    try:
        opened.seek(1)
    except EOFError:
        opened.seek(0)
        return False
    return True


def _decode(opened: ImageFile.ImageFile, kind: str, data: bytes) -> Picture:
    mode, is_deep = _mode_and_depth(opened, kind, data)
    profile, dpi, encoding = _profile(opened), _dpi(opened), _encoding(opened, kind, data)
    photometric = _tiff_tag(opened, _TIFF_PHOTOMETRIC, 1)
    opened.load()
    # The orientation of PNG and WebP may stand behind the pixels, so it is known only now.
    orientation = _orientation(opened, kind)
    pixels: Pixels
    if is_deep:
        pixels = sixteen.decode(data, mode=mode, size=opened.size)
        if photometric == 0:
            pixels = np.invert(pixels)  # stored as "white is zero"
    else:
        converted = opened if opened.mode == mode else opened.convert(mode)
        pixels = np.array(converted).reshape(converted.height, converted.width, -1)
    return Picture(
        pixels=turned(pixels, orientation),
        mode=mode,
        format=kind,
        profile=profile,
        dpi=dpi,
        encoding=Encoding(encoding.source, orientation, encoding.compression, encoding.colour_chunks),
    )


def _mode_and_depth(opened: ImageFile.ImageFile, kind: str, data: bytes) -> tuple[str, bool]:
    """Tell the mode to read in, and whether samples have 16 bits; refuse what would lose bits or colours."""
    mode = _MODES.get(opened.mode)
    is_deep = opened.mode.startswith("I;16")
    if kind == "PNG" and data[24] == 16:
        mode, is_deep = _PNG_MODES.get(data[25]), True
    elif kind == "TIFF":
        bits, formats = _tiff_tag(opened, _TIFF_BITS, (1,)), _tiff_tag(opened, _TIFF_SAMPLE_FORMAT, (1,))
        if set(bits) == {16} and mode in ("L", "RGB", "RGBA") and _tiff_tag(opened, _TIFF_PLANES, 1) == 1:
            is_deep = True
        elif max(bits) > 8:
            mode = None
        if set(formats) - {1}:
            mode = None
    if mode is None:
        raise UnreadableFile(
            "Expected 8 or 16 bits a channel, interleaved, in grey, RGB or 8-bit CMYK; this "
            f"{kind} file has other samples (Pillow calls them {opened.mode!r}). Export it as 16-bit PNG."
        )
    if "transparency" in opened.info:
        mode = _WITH_ALPHA.get(mode, mode)
    return mode, is_deep


def _tiff_tag(opened: ImageFile.ImageFile, tag: int, default: Any) -> Any:
    if not isinstance(opened, TiffImagePlugin.TiffImageFile):
        return default
    return opened.tag_v2.get(tag, default)


def _orientation(opened: ImageFile.ImageFile, kind: str) -> int:
    if kind in ("TIFF", "HEIF"):
        return 1  # Pillow, OpenCV and libheif have turned these themselves
    try:
        orientation = opened.getexif().get(_TIFF_ORIENTATION, 1)
    except Exception:  # damaged metadata is no reason to refuse sound pixels
        return 1
    return orientation if orientation in range(1, 9) else 1


def _profile(opened: ImageFile.ImageFile) -> bytes | None:
    """Give the ICC profile if it is one: of sane length, and with the signature at its place (ICC.1:2022, 7.2.9)."""
    profile = opened.info.get("icc_profile")
    if not isinstance(profile, bytes) or not 132 <= len(profile) <= limits.MAX_PROFILE_BYTES:
        return None
    return profile if profile[36:40] == b"acsp" else None


def _dpi(opened: ImageFile.ImageFile) -> tuple[float, float] | None:
    try:
        across, down = (float(value) for value in opened.info["dpi"])
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    # Written so that NaN, which compares false with everything, is dropped too.
    return (across, down) if 1 <= across <= limits.MAX_DPI and 1 <= down <= limits.MAX_DPI else None


def _encoding(opened: ImageFile.ImageFile, kind: str, data: bytes) -> Encoding:
    if kind == "JPEG":
        return Encoding(source=data)
    if kind == "TIFF":
        return Encoding(compression=str(opened.info.get("compression", "raw")))
    if kind == "PNG":
        return Encoding(colour_chunks=_png_colour_chunks(data))
    return Encoding()


def _png_colour_chunks(data: bytes) -> tuple[tuple[bytes, bytes], ...]:
    """Collect the chunks that define colours. They stand before the pixels; a chunk of a wrong length ends the walk."""
    found, at = [], 8
    while at + 12 <= len(data):
        length, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if name == b"IDAT":
            break
        if name in _PNG_COLOUR_CHUNKS and length <= _MAX_COLOUR_CHUNK_BYTES:
            found.append((name, data[at + 8 : at + 8 + length]))
        at += 12 + length
    return tuple(found)
