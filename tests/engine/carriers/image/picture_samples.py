"""Drafts and leaks made on the spot for the tests of pictures, all of one deterministic drawing."""

import base64
import io
from typing import Any

import numpy as np
import numpy.typing as npt
import tifffile
from PIL import Image, ImageCms

PROFILE: bytes = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
CANARY = "Bumper Works Ltd, c/o J. Doe"
"""A phrase that stands in each piece of a draft's metadata, and must stand nowhere in a copy."""

CHANNELS = {"L": 1, "LA": 2, "RGB": 3, "RGBA": 4, "CMYK": 4}

HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAX1tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAACJpbG9jAAAAAERAAAEAAQAA"
    "AAABoQABAAAAAAAAAVgAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABodmMxAAAAAA5waXRtAAAAAAABAAAA/WlwcnAAAADdaXBjbwAAAHZodmNDAQNwAAAA"
    "kAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAqQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAh"
    "YgABAAZEAcFzwIkAAAATY29scm5jbHgAAQANAAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAoY2xhcAAAAEAAAAABAAAAMAAAAAEAAAAAAAAAAv////AAAAACAAAA"
    "EHBpeGkAAAAAAwgICAAAABhpcG1hAAAAAAAAAAEAAQWBAgMFhAAAAWBtZGF0AAABVCgBrwT4cXXhe1tH/vNM9R6Br97+XAep/frfMXMDUR8FZiicqH/p2LP4r58+"
    "mj7W/2YXLzMq5om5KWWuwHXLoLfkOBp7ii2msnqYqPLbYUbJYom4TxpU8Lv/AW/r5l1WJhqD9FbRV2gm8P36VPUHQ9DYLQPUSu6pN83pIidPAWOB49FU+r8xtBdh"
    "rzjUrPHLOw6YN62cRrF8h6qzJEr8MDAqBVvnvn3uq7hnM86TdfBTi7RGM7FugPGIPBp3vFuvGfYmeM//mR7tONqXSKPP8KtofuPW8byiBwQU9Ra6BGr2cf2rVwjq"
    "vMYbBalBCo3tcpodxzDixuvSIOcjitAMOvMWF178laKH3A1IJn97Z4x7iwEokPwnBJYZ/O/nl3FDckYNkEEkeVdgOtmRZUG2BEiTu0HVDOqsI80MdKhnCbh9tMSZ"
    "y2YNOSGyMi7pcTYYRCYi/MA="
)
"""A HEIC file of 64 × 48 pixels: R = 4 x, G = 5 y, B = 2 (x + y). Written by libheif, whose encoder we do not need."""


def drawn(height: int, width: int, mode: str = "RGB", *, dtype: type = np.uint8, seed: int = 1) -> npt.NDArray[Any]:
    """Draw gradients, edges and a little grain: (height, width, C), alpha from clear to opaque."""
    white = np.iinfo(dtype).max
    y, x = np.mgrid[:height, :width].astype(np.float64)
    grain = np.random.default_rng(seed).normal(0, 0.01, (height, width))
    planes = []
    for channel in range(CHANNELS[mode]):
        wave = 0.5 + 0.3 * np.sin(x / (17 + 5 * channel)) * np.cos(y / (23 + 3 * channel))
        edge = 0.12 * ((x + (channel + 1) * y) % 90 < 30)
        planes.append(wave + edge + grain)
    if mode in ("LA", "RGBA"):
        planes[-1] = x / (width - 1)
    return np.clip(np.rint(np.stack(planes, axis=-1) * white), 0, white).astype(dtype)


def image(pixels: npt.NDArray[Any], mode: str) -> Image.Image:
    return Image.fromarray(pixels[..., 0] if mode == "L" else pixels, mode)


def saved(picture: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def deep_tiff(pixels: npt.NDArray[Any], **options: Any) -> bytes:
    out = io.BytesIO()
    colour = pixels.shape[2] > 2
    settings: dict[str, Any] = {"photometric": "rgb" if colour else "minisblack", "metadata": None, **options}
    if pixels.shape[2] in (2, 4):
        settings["extrasamples"] = ["unassalpha"]
    tifffile.imwrite(out, pixels[..., 0] if pixels.shape[2] == 1 else pixels, **settings)
    return out.getvalue()


def telltale_exif(*, orientation: int = 1) -> Image.Exif:
    """EXIF as a phone writes it: maker, place and an orientation."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = CANARY
    exif[0x013B] = CANARY
    exif.get_ifd(0x8825)[0x001D] = "2024:05:17"
    exif.get_ifd(0x8825)[0x001B] = CANARY.encode()
    return exif


def noise(height: int, width: int, *, rms: float, seed: int = 2) -> npt.NDArray[np.float32]:
    """Gaussian noise of wavelengths 6 to 100 pixels, like a mark: (height, width), in levels of 255."""
    spectrum = np.fft.rfft2(np.random.default_rng(seed).standard_normal((height, width)))
    frequency = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None])
    pattern = np.fft.irfft2(spectrum * ((frequency >= 1 / 100) & (frequency <= 1 / 6)), s=(height, width))
    return (pattern * rms / pattern.std()).astype(np.float32)


def seen(data: bytes) -> npt.NDArray[np.float64]:
    """What an ordinary viewer shows."""
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(np.float64)


def psnr_db(one: npt.NDArray[Any], other: npt.NDArray[Any], *, white: float = 255) -> float:
    error = float(np.mean((one.astype(np.float64) - other.astype(np.float64)) ** 2))
    return float("inf") if error == 0 else 10 * np.log10(white**2 / error)
