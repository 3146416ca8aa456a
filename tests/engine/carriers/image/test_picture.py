"""A picture in memory: adding a delta, seeing it, turning it."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from tidemark.engine.carriers.image.picture import Picture, add_luma, turned

from .picture_samples import CHANNELS, drawn

DEEP_MODES = ("L", "LA", "RGB", "RGBA")
MODES_AND_DEPTHS = [(mode, np.uint8) for mode in CHANNELS] + [(mode, np.uint16) for mode in DEEP_MODES]


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(MODES_AND_DEPTHS),
    st.integers(1, 140),
    st.integers(1, 40),
    st.floats(0.1, 300),
    st.integers(0, 2**32 - 1),
)
def test_a_delta_is_added_to_every_colour_and_to_nothing_else(mode_and_depth, height, width, strength, seed):
    mode, dtype = mode_and_depth
    random = np.random.default_rng(seed)
    white = np.iinfo(dtype).max
    pixels = random.integers(0, white, (height, width, CHANNELS[mode]), dtype=dtype, endpoint=True)
    delta = random.normal(0, strength, (height, width)).astype(np.float32)
    before = pixels.copy()

    marked = add_luma(Picture(pixels, mode, "PNG"), delta)

    step = delta.astype(np.float64)[..., None] * white / 255
    expected = pixels + (-step if mode == "CMYK" else step)
    if mode in ("LA", "RGBA", "CMYK"):  # alpha, or black ink
        expected[..., -1] = pixels[..., -1]
    assert marked.dtype == dtype
    assert marked.shape == pixels.shape
    # Half a level of rounding, and what 24 bits of a float lose at 16-bit levels.
    assert np.abs(marked - np.clip(expected, 0, white)).max() <= 0.5 + white * 1e-6
    assert np.array_equal(pixels, before)


def test_levels_saturate_instead_of_wrapping_round():
    pixels = np.array([[[0], [255]]], np.uint8)
    marked = add_luma(Picture(pixels, "L", "PNG"), np.array([[-3, 3]], np.float32))
    assert marked.ravel().tolist() == [0, 255]


def test_less_ink_makes_cmyk_lighter_by_the_delta():
    picture = Picture(np.full((64, 64, 4), (120, 90, 60, 0), np.uint8), "CMYK", "TIFF")
    lighter = Picture(add_luma(picture, np.full((64, 64), 5, np.float32)), "CMYK", "TIFF")
    assert np.array_equal(lighter.rgb().astype(int) - picture.rgb(), np.full((64, 64, 3), 5))


@pytest.mark.parametrize("wrong", [np.zeros((8, 9), np.float32), np.zeros((8, 8)), np.zeros((8, 8, 1), np.float32)])
def test_a_delta_of_another_shape_or_type_is_a_mistake_of_the_caller(wrong):
    with pytest.raises(ValueError, match="float32"):
        add_luma(Picture(drawn(8, 8), "RGB", "PNG"), wrong)


@pytest.mark.parametrize(("mode", "dtype"), MODES_AND_DEPTHS)
def test_a_picture_is_seen_on_white_paper(mode, dtype):
    pixels = drawn(70, 80, mode, dtype=dtype)
    picture = Picture(pixels, mode, "PNG")
    white = np.iinfo(dtype).max
    rgb = picture.rgb()
    assert rgb.shape == (70, 80, 3)
    assert rgb.dtype == dtype
    if picture.has_alpha:
        assert (rgb[:, 0] == white).all()
        assert np.array_equal(rgb[:, -1], np.broadcast_to(pixels[:, -1, :-1], (70, 3)))


@pytest.mark.parametrize(("mode", "dtype"), MODES_AND_DEPTHS)
def test_luma_runs_from_0_to_255_whatever_the_depth(mode, dtype):
    picture = Picture(drawn(70, 80, mode, dtype=dtype), mode, "PNG")
    luma = picture.luma()
    expected = picture.rgb().astype(np.float64) @ (0.299, 0.587, 0.114) * 255 / np.iinfo(dtype).max
    assert luma.dtype == np.float32
    assert luma == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_turning_agrees_with_exif(orientation):
    stored = drawn(20, 30)
    exif = Image.Exif()
    exif[0x0112] = orientation
    out = io.BytesIO()
    Image.fromarray(stored).save(out, "PNG", exif=exif)
    upright = ImageOps.exif_transpose(Image.open(out))
    assert np.array_equal(turned(stored, orientation), np.asarray(upright))
