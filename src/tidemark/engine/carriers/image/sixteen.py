"""Pictures of 16 bits a channel, which Pillow does not hold in colour: OpenCV decodes them, this module writes them.

Pillow has read the header before, and decoded the file to 8 bits, so that damage is found and reported there; OpenCV
alone would not tell a damaged file from one that it does not support.
"""

import io
import struct
import zlib
from typing import Any, cast

import cv2
import numpy as np
import numpy.typing as npt
import tifffile

from tidemark.engine.carriers.image.picture import Picture
from tidemark.errors import UnreadableFile

Deep = npt.NDArray[np.uint16]

_PNG_COLOUR_TYPES = {"L": 0, "RGB": 2, "LA": 4, "RGBA": 6}
_FILTER_UP = 2
_ZLIB_LEVEL = 4
"""Beyond it, noise-like low bytes, which are most of a 16-bit file, cost time and give less than 1 %."""


def decode(data: bytes, *, mode: str, size: tuple[int, int]) -> Deep:
    """Decode a 16-bit PNG or TIFF to (H, W, C) in `mode` (L, LA, RGB or RGBA). TIFF comes out upright.

    Parameters
    ----------
    size
        (width, height) that the header said, for checking.

    Raises
    ------
    UnreadableFile
        OpenCV does not read this layout.
    """
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    channels = 1 if decoded is None or decoded.ndim == 2 else decoded.shape[2]
    has_channels = channels == 4 if "A" in mode else channels >= len(mode)
    if decoded is None or decoded.dtype != np.uint16 or decoded.shape[1::-1] != size or not has_channels:
        raise UnreadableFile(
            "Expected 16-bit samples, interleaved, as grey or RGB with or without alpha; this file lays them out in "
            "another way. Export it again as PNG, or as TIFF with interleaved channels."
        )
    # OpenCV gives B, G, R, A, and grey with alpha as if it were coloured.
    wanted = {"L": [0], "LA": [0, 3], "RGB": [2, 1, 0], "RGBA": [2, 1, 0, 3]}[mode]
    return np.ascontiguousarray(cast(Deep, decoded.reshape(*decoded.shape[:2], channels))[..., wanted])


def png(picture: Picture, pixels: Deep) -> bytes:
    """Write (H, W, C) pixels as a 16-bit PNG with the picture's colour definition and resolution, and nothing else."""
    height, width, channels = pixels.shape
    header = struct.pack(">IIBBBBB", width, height, 16, _PNG_COLOUR_TYPES[picture.mode], 0, 0, 0)
    rows = pixels.astype(">u2").view(np.uint8).reshape(height, width * channels * 2)
    filtered = np.empty((height, rows.shape[1] + 1), np.uint8)
    filtered[:, 0] = _FILTER_UP
    filtered[0, 1:] = rows[0]
    np.subtract(rows[1:], rows[:-1], out=filtered[1:, 1:])
    chunks = [(b"IHDR", header), *picture.encoding.colour_chunks]
    if picture.profile:
        chunks.append((b"iCCP", b"ICC Profile\0\0" + zlib.compress(picture.profile)))
    if picture.dpi:
        across, down = (round(dpi / 0.0254) for dpi in picture.dpi)
        chunks.append((b"pHYs", struct.pack(">IIB", across, down, 1)))
    packer = zlib.compressobj(_ZLIB_LEVEL, zlib.DEFLATED, 15, 9, zlib.Z_FILTERED)
    chunks += [(b"IDAT", packer.compress(filtered.data) + packer.flush()), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(body, zlib.crc32(name)))
        for name, body in chunks
    )


def tiff(picture: Picture, pixels: Deep) -> bytes:
    """Write (H, W, C) pixels as a 16-bit TIFF with the picture's profile and resolution, and nothing else.

    Files without compression stay so; all others become deflate, which every reader of LZW also reads.
    """
    options: dict[str, Any] = {}
    if picture.has_alpha:
        options["extrasamples"] = ["unassalpha"]
    if picture.dpi:
        options |= {"resolution": picture.dpi, "resolutionunit": "inch"}
    is_packed = picture.encoding.compression != "raw"
    out = io.BytesIO()
    tifffile.imwrite(
        out,
        pixels[..., 0] if picture.mode == "L" else pixels,
        photometric="rgb" if picture.mode.startswith("RGB") else "minisblack",
        planarconfig=None if picture.mode == "L" else "contig",
        compression="zlib" if is_packed else None,
        predictor=is_packed,
        iccprofile=picture.profile,
        metadata=None,
        software=False,
        **options,
    )
    return out.getvalue()
