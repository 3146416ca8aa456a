import io

import numpy as np
import pytest
from PIL import Image

from tidemark.engine.drill import encoding, geometry
from tidemark.engine.drill.leak import Pixels


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def alike(a: Pixels, b: Pixels) -> float:
    """Pearson's correlation of two pictures of one shape."""
    return float(np.corrcoef(a.ravel().astype(float), b.ravel().astype(float))[0, 1])


def test_resized_has_the_long_side_it_is_named_for_and_never_grows(copy: Pixels, rng: np.random.Generator) -> None:
    assert opened(geometry.resized(copy, rng, long_px=120, quality=80)).size == (120, 90)
    assert opened(geometry.resized(copy, rng, long_px=1600, quality=80)).size == (240, 180)


def test_upscaled_squeezed_and_nearest_have_their_sizes(copy: Pixels, rng: np.random.Generator) -> None:
    assert opened(geometry.upscaled(copy, rng, scale=1.5)).size == (360, 270)
    assert opened(geometry.squeezed(copy, rng, share=0.05)).size == (228, 180)
    assert opened(geometry.nearest_resized(copy, rng, scale=0.7)).size == (168, 126)


@pytest.mark.parametrize("share", [0.5, 0.25, 0.1, 0.05])
def test_crop_has_the_share_of_the_area_it_is_named_for(share: float) -> None:
    copy = np.random.default_rng(1).integers(0, 256, (1080, 1920, 3), np.uint8)
    for seed in range(6):
        with opened(geometry.cropped(copy, np.random.default_rng(seed), share=share)) as picture:
            assert picture.width * picture.height == pytest.approx(share * 1080 * 1920, rel=0.005)


def test_crop_is_placed_on_what_is_worth_leaking() -> None:
    copy = np.full((300, 600, 3), 250, np.uint8)
    copy[:, 300:] = np.random.default_rng(2).integers(0, 256, (300, 300, 3), np.uint8)
    spread = [geometry.crop_of(copy, 0.05, np.random.default_rng(seed)).std() for seed in range(20)]
    assert min(spread) > 60


def test_mirrored_is_mirrored(copy: Pixels, rng: np.random.Generator) -> None:
    leak = encoding.decoded(geometry.mirrored(copy, rng))
    assert alike(leak, copy[:, ::-1]) > 0.95
    assert alike(leak, copy) < 0.7


def test_quarter_turn_is_clockwise(copy: Pixels, rng: np.random.Generator) -> None:
    leak = encoding.decoded(geometry.quarter_turned(copy, rng))
    assert leak.shape == (240, 180, 3)
    assert alike(leak[:, ::-1].transpose(1, 0, 2), copy) > 0.95


def test_turned_inside_shows_nothing_but_the_picture() -> None:
    white = np.full((180, 240, 3), 255, np.uint8)
    framed = encoding.decoded(geometry.turned(white, np.random.default_rng(0), degrees=17, inside=False))
    inside = encoding.decoded(geometry.turned(white, np.random.default_rng(0), degrees=17, inside=True))
    assert framed.min() < 20
    assert inside.min() > 245
    assert inside.shape[1] / inside.shape[0] == pytest.approx(240 / 180, rel=0.02)


@pytest.mark.parametrize("share", [0.08, 0.02])
def test_askew_moves_corners_inward_by_at_most_the_inset(share: float) -> None:
    ramp = np.repeat(np.linspace(0, 255, 400)[None, :, None], 300, 0).repeat(3, 2).astype(np.uint8)
    leak = encoding.decoded(geometry.askew(ramp, np.random.default_rng(4), inset=share)).astype(float)
    assert 0 <= leak[:, :3].mean() <= 255 * share + 3
    assert 255 * (1 - share) - 3 <= leak[:, -3:].mean() <= 255


def test_lens_keeps_the_centre_and_moves_the_corners(rng: np.random.Generator) -> None:
    """A horizontal ramp of one level a pixel shows where each pixel came from."""
    ramp = np.repeat(np.arange(240, dtype=np.uint8)[None, :, None], 180, 0).repeat(3, 2)
    leak = encoding.decoded(geometry.lens_bent(ramp, rng, k1=-0.06)).astype(float)
    assert leak[80:100, 115:125].mean() == pytest.approx(119.5, abs=1)
    assert leak[:3, :3].mean() - ramp[:3, :3].mean() == pytest.approx(0.06 * 119.5, abs=1)


def test_local_bending_moves_by_its_amplitude() -> None:
    """A horizontal ramp of one level a pixel shows how far each pixel was moved."""
    ramp = np.repeat(np.arange(250, dtype=np.uint8)[None, :, None], 200, 0).repeat(3, 2)
    leak = encoding.decoded(geometry.locally_bent(ramp, np.random.default_rng(5), amplitude=0.02)).astype(float)
    shift = (leak - ramp)[20:-20, 20:-20].mean(axis=2)
    assert 2.0 < np.sqrt(np.mean(shift**2)) < 8.0
    assert np.abs(np.diff(shift, axis=1)).mean() < 1.0  # smooth
