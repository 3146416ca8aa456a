import io

import numpy as np
import pytest
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from tidemark.engine.drill import encoding, recompression
from tidemark.engine.drill.leak import Pixels


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def test_as_sent_loses_nothing(copy: Pixels, rng: np.random.Generator) -> None:
    assert np.array_equal(encoding.decoded(recompression.as_sent(copy, rng)), copy)


def base_table_scaled_to(quality: int) -> list[int]:
    """The first row of the JPEG standard's luminance table (Annex K), scaled as the Independent JPEG Group does."""
    percent = 5000 // quality if quality < 50 else 200 - 2 * quality
    return [min(255, max(1, (value * percent + 50) // 100)) for value in (16, 11, 10, 16, 24, 40, 51, 61)]


@pytest.mark.parametrize("quality", [75, 50, 30, 15, 8])
def test_jpeg_has_the_quality_it_is_named_for(copy: Pixels, rng: np.random.Generator, quality: int) -> None:
    with JpegImageFile(io.BytesIO(recompression.recompressed(copy, rng, quality=quality))) as picture:
        assert list(picture.quantization[0])[:8] == base_table_scaled_to(quality)


@pytest.mark.parametrize(("make", "form"), [(encoding.webp, "WEBP"), (encoding.avif, "AVIF")])
def test_modern_formats_lose_more_at_lower_quality(copy: Pixels, make: object, form: str) -> None:
    good, bad = make(copy, 80), make(copy, 20)  # type: ignore[operator]
    assert opened(bad).format == form
    assert len(bad) < len(good)


def test_gif_has_at_most_256_colours(copy: Pixels, rng: np.random.Generator) -> None:
    data = recompression.as_gif(copy, rng)
    assert opened(data).format == "GIF"
    assert len(np.unique(encoding.decoded(data).reshape(-1, 3), axis=0)) <= 256


def test_second_jpeg_grid_never_falls_on_the_first(copy: Pixels) -> None:
    for seed in range(12):
        data = recompression.twice_recompressed(copy, np.random.default_rng(seed), first=90, second=60)
        with opened(data) as picture:
            assert (copy.shape[1] - picture.width) % 2 == 1
            assert (copy.shape[0] - picture.height) % 2 == 1
