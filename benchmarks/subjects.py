"""The pictures that benchmarks mark and leak: the MS11 drafts, scikit-image's photos, and a folder of one's own."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import skimage
from PIL import Image

from tidemark.demo import drafts

SKIMAGE_PHOTOS = (
    "astronaut.png",
    "camera.png",
    "chelsea.png",
    "coffee.png",
    "coins.png",
    "hubble_deep_field.jpg",
    "ihc.png",
    "moon.png",
    "motorcycle_left.png",
    "retina.jpg",
    "rocket.jpg",
)
"""The photographs inside scikit-image's wheel that show something (textures and test charts are left out)."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A draft to be measured. ``kind`` is "draft", "scikit-image" or "photo"."""

    name: str
    kind: str
    data: bytes

    @property
    def size(self) -> tuple[int, int]:
        """Width and height, pixels."""
        with Image.open(io.BytesIO(self.data)) as picture:
            return picture.size


def subjects(photos: Path | None = None) -> Iterator[Subject]:
    """Yield every picture: four drafts, what lies in ``photos`` if it is given, and eleven photographs."""
    for name in drafts.DRAFTS:
        yield Subject(name, "draft", drafts.png(name))
    for path in sorted(photos.iterdir()) if photos else ():
        if path.suffix.lower() in (".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff"):
            yield Subject(path.stem, "photo", path.read_bytes())
    bundled = Path(skimage.__file__).parent / "data"
    for name in SKIMAGE_PHOTOS:
        yield Subject(Path(name).stem, "scikit-image", (bundled / name).read_bytes())


def png(rgb: npt.NDArray[np.uint8]) -> bytes:
    """Write pixels, shape (H, W, 3), as a PNG file, fast rather than small."""
    stream = io.BytesIO()
    Image.fromarray(rgb).save(stream, "PNG", compress_level=1)
    return stream.getvalue()


def jpeg(rgb: npt.NDArray[np.uint8], quality: int) -> bytes:
    """Write pixels, shape (H, W, 3), as a JPEG file of Pillow's ``quality``."""
    stream = io.BytesIO()
    Image.fromarray(rgb).save(stream, "JPEG", quality=quality)
    return stream.getvalue()
