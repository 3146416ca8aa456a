"""The last recompression of a leak, repeated on the unmarked draft: the host as a pilot for JPEG.

A JPEG file says how coarsely it was quantised. The draft, brought into the leak's frame and quantised on the same 8 × 8
blocks with the same steps, shows most of the leak's artefacts, which are then no longer noise. What quantisation does
to a sinusoid of the host it does to the draft's as well; only where the mark tips a rounding do the two differ, and
that difference is the mark's.
"""

import io
import struct

import numpy as np
import numpy.typing as npt
from PIL.JpegImagePlugin import JpegImageFile
from scipy.fft import dctn, idctn

from tidemark.engine.carriers.image.kinds import kind_of
from tidemark.errors import UnreadableFile

Array = npt.NDArray[np.float32]

_BLOCK = 8


def luma_steps(data: bytes) -> Array | None:
    """Return the quantisation steps of a JPEG file's luma, shape (8, 8), rows of rising vertical frequency.

    None for any other kind of file, whose last compression cannot be repeated.
    """
    try:
        if kind_of(data) != "JPEG":
            return None
        with JpegImageFile(io.BytesIO(data)) as header:
            tables, layers, mode = header.quantization, header.layer, header.mode
    except (UnreadableFile, OSError, ValueError, SyntaxError, IndexError, struct.error):
        return None
    if mode not in ("L", "RGB") or not layers or layers[0][3] not in tables:
        return None
    steps = np.array(tables[layers[0][3]], np.float32)
    if steps.size != _BLOCK * _BLOCK or steps.min() < 1:  # a step of 0 is no JPEG, and would divide by zero
        return None
    return steps.reshape(_BLOCK, _BLOCK)


def quantised(luma: Array, steps: Array) -> Array:
    """Quantise a picture's luminance as a JPEG encoder with these steps would.

    Parameters
    ----------
    luma : ndarray of float32, shape (H, W)
        Levels of 255, in the pixel frame of the leak, since blocks start at its corner.
    steps : ndarray of float32, shape (8, 8)

    Returns
    -------
    ndarray of float32, shape (H, W)
    """
    rows, columns = luma.shape
    padded = np.pad(luma, ((0, -rows % _BLOCK), (0, -columns % _BLOCK)), mode="edge") - 128
    blocks = padded.reshape(padded.shape[0] // _BLOCK, _BLOCK, padded.shape[1] // _BLOCK, _BLOCK).transpose(0, 2, 1, 3)
    spectrum = dctn(blocks, axes=(2, 3), norm="ortho")
    spectrum = np.rint(spectrum / steps) * steps
    restored = idctn(spectrum, axes=(2, 3), norm="ortho").transpose(0, 2, 1, 3).reshape(padded.shape) + 128
    return np.asarray(np.clip(restored[:rows, :columns], 0, 255), np.float32)
