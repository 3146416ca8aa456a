"""Overlays and screenshots: the copy is where it should be, and what hides it hides what it should."""

import io

import numpy as np
import pytest
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from tidemark.engine.drill import canvas, encoding, overlays, screenshots
from tidemark.engine.drill.geometry import scaled
from tidemark.engine.drill.leak import Pixels

SEED = 20240611


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def difference(a: Pixels, b: Pixels) -> float:
    """Root mean square in levels."""
    return float(np.sqrt(np.mean((a.astype(float) - b) ** 2)))


def test_redaction_hides_the_share_it_is_named_for() -> None:
    white = np.full((400, 600, 3), 255, np.uint8)
    for seed in range(5):
        leak = encoding.decoded(overlays.redacted(white, np.random.default_rng(seed), share=0.2))
        assert 0.19 < (leak.max(axis=2) < 128).mean() < 0.25


def test_collage_leaves_the_copy_whole_at_its_share(copy: Pixels, rng: np.random.Generator) -> None:
    leak = encoding.decoded(overlays.collage(copy, rng, share=0.6))
    assert copy.shape[0] / leak.shape[0] == pytest.approx(0.6, abs=0.005)
    assert difference(leak[: copy.shape[0]], copy) < 10


def test_logo_and_stickers_leave_most_of_the_copy(copy: Pixels) -> None:
    for make in (overlays.signed, lambda c, r: overlays.stickered(c, r, count=14)):
        leak = encoding.decoded(make(copy, np.random.default_rng(SEED)))
        changed = (np.abs(leak.astype(int) - copy).max(axis=2) > 60).mean()
        assert 0.01 < changed < 0.5


def test_slide_shows_the_whole_copy(copy: Pixels, rng: np.random.Generator) -> None:
    leak = encoding.decoded(overlays.slide(copy, rng))
    assert leak.shape == (1080, 1920, 3)
    shown = leak[220:980, 700 + 58 : 700 + 58 + 1013]
    assert difference(shown, scaled(copy, 1013, 760)) < 8


def test_desktop_screenshot_holds_the_copy_without_loss_but_resizing(copy: Pixels, rng: np.random.Generator) -> None:
    data = screenshots.desktop_screenshot(copy, rng)
    assert opened(data).format == "PNG"
    assert opened(data).size == screenshots.DESKTOP_PX
    assert np.array_equal(encoding.decoded(data)[160:800, 160:1013], scaled(copy, 853, 640))


def test_phone_screenshot_is_letterboxed(copy: Pixels, rng: np.random.Generator) -> None:
    leak = encoding.decoded(screenshots.phone_screenshot(copy, rng))
    assert leak.shape == (2532, 1170, 3)
    top = (2532 - 878) // 2
    assert difference(leak[top : top + 878], scaled(copy, 1170, 878)) < 8
    assert leak[top - 100 : top - 10].max() < 30


def test_messenger_shrinks_to_1280_and_compresses_to_70(rng: np.random.Generator) -> None:
    large = canvas.landscape(1500, 700, rng)
    with JpegImageFile(io.BytesIO(screenshots.reposted(large, rng))) as picture:
        assert picture.size == (1280, 597)
        assert picture.quantization[0][0] == (16 * 60 + 50) // 100


def test_caption_stands_above_the_picture(copy: Pixels, rng: np.random.Generator) -> None:
    leak = encoding.decoded(screenshots.captioned(copy, rng))
    assert leak.shape[1] == 1080
    assert leak[:20].min() > 240


def test_writing_outside_the_picture_is_cut_off() -> None:
    out = canvas.blank(50, 30, canvas.WHITE)
    canvas.write(out, "long text that leaves", -20, -5, px=20, colour=canvas.BLACK)
    canvas.write(out, "gone", 200, 200, px=20, colour=canvas.BLACK)
    assert out.min() < 60
    assert out.shape == (30, 50, 3)
