"""The last JPEG compression repeated: the same artefacts as a real encoder makes, within its rounding."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from tests.engine import workshop
from tests.engine.workshop import Pixels, Plane, jpeg, png
from tidemark.engine.carriers.image.recompress import luma_steps, quantised


def grey_picture(rows: int = 200, columns: int = 312) -> Pixels:
    return np.asarray(Image.fromarray(workshop.bumper("A")).convert("L"))[60 : 60 + rows, 100 : 100 + columns]


def encoder_tables(data: bytes) -> dict[int, list[int]]:
    return JpegImageFile(io.BytesIO(data)).quantization


@pytest.mark.parametrize("quality", [95, 75, 40, 10])
def test_steps_are_those_that_the_encoder_used(quality: int) -> None:
    rgb = workshop.bumper("A")[:64, :64]
    for pixels in (rgb, rgb[..., 0].copy()):
        data = jpeg(pixels, quality)
        steps = luma_steps(data)
        assert steps is not None
        assert steps.shape == (8, 8)
        assert steps.ravel().tolist() == encoder_tables(data)[0]


def test_rows_of_steps_are_vertical_frequencies() -> None:
    table = list(range(1, 65))  # Pillow takes and gives tables row by row
    stream = io.BytesIO()
    Image.fromarray(grey_picture()).save(stream, "JPEG", qtables=[table])
    steps = luma_steps(stream.getvalue())
    assert steps is not None
    assert steps[0].tolist() == list(range(1, 9))


@pytest.mark.parametrize("data", [b"", b"no picture", b"\xff\xd8\xff\xe0" + bytes(40), png(grey_picture())])
def test_what_is_no_jpeg_has_no_steps(data: bytes) -> None:
    assert luma_steps(data) is None


def test_cmyk_has_no_luma_to_repeat() -> None:
    stream = io.BytesIO()
    Image.new("CMYK", (32, 32), (9, 99, 30, 7)).save(stream, "JPEG")
    assert luma_steps(stream.getvalue()) is None


@pytest.mark.parametrize("quality", [90, 60, 30, 8])
@pytest.mark.parametrize("size", [(200, 312), (197, 301), (8, 8), (17, 5)])
def test_artefacts_are_those_of_a_real_encoder(quality: int, size: tuple[int, int]) -> None:
    """Both start from the same integers; they may differ where libjpeg's integer transforms round the other way."""
    pixels = grey_picture(*size)
    data = jpeg(pixels, quality)
    real = np.asarray(Image.open(io.BytesIO(data))).astype(np.float32)
    steps = luma_steps(data)
    assert steps is not None
    repeated = quantised(pixels.astype(np.float32), steps)
    assert repeated.shape == size
    difference = repeated - real
    artefacts = float((real - pixels).std())
    assert float(np.sqrt(np.mean(difference**2))) < max(0.6, 0.15 * artefacts)  # rounding to whole levels alone is 0.29
    assert np.mean(np.abs(difference) > 1) < 0.08
    if min(size) > 50 and quality < 90:
        assert float(difference.std()) < 0.35 * artefacts


def test_quantising_finely_changes_nothing() -> None:
    luma = grey_picture().astype(np.float32)
    assert quantised(luma, np.full((8, 8), 1e-3, np.float32)) == pytest.approx(luma, abs=2e-3)


def test_quantising_coarsely_leaves_the_blocks_means() -> None:
    luma = grey_picture(64, 64).astype(np.float32)
    steps = np.full((8, 8), 1e6, np.float32)
    steps[0, 0] = 1e-3
    means = luma.reshape(8, 8, 8, 8).mean(axis=(1, 3))
    assert quantised(luma, steps) == pytest.approx(np.kron(means, np.ones((8, 8))), abs=1e-2)


@settings(max_examples=30, deadline=None)
@given(
    hnp.arrays(np.float32, st.tuples(st.integers(1, 20), st.integers(1, 20)), elements=st.floats(0, 255, width=32)),
    st.integers(1, 60),
)
def test_quantising_stays_within_levels_and_within_its_steps(luma: Plane, step: int) -> None:
    out = quantised(luma, np.full((8, 8), step, np.float32))
    assert out.shape == luma.shape
    assert 0 <= float(out.min()) <= float(out.max()) <= 255
    assert float(np.abs(out - luma).max()) <= 4 * step + 1e-3  # 64 coefficients, each off by half a step, add up to 4
