"""The screen, the lens and the sensor, each against what physics says."""

import numpy as np
import pytest

from tidemark.engine.drill import camera, encoding, optics, screen_photo
from tidemark.engine.drill.leak import Colours, Pixels
from tidemark.engine.drill.optics import Fineness, View


class Flat:
    """A scene of one colour everywhere."""

    def __init__(self, *colour: float) -> None:
        self.colour = colour

    def fineness(self, _footprint: tuple[float, float], _x: range, _y: range) -> Fineness:
        return 1, 1

    def radiance(self, x: range, y: range, _fineness: Fineness) -> Colours:
        return np.broadcast_to(np.array(self.colour, np.float32), (len(y), len(x), 3)).copy()


def head_on(width: int, height: int, units_per_px: float, *, origin: float = 0.0, psf_px: float = 0.5) -> View:
    scale = np.array([[units_per_px, 0, origin], [0, units_per_px, origin], [0, 0, 1]])
    return View(width, height, scale, k1=0.0, psf_px=psf_px)


def grey_screen(level: int = 186) -> screen_photo.Screen:
    return screen_photo.shown(np.full((1080, 1920, 3), level, np.uint8))


PLAIN = camera.Finish(chroma_blur_px=0.0, sharpening=0.0, curve=0.0)


def test_stripes_carry_each_colour_apart_and_the_mean_light_of_the_pixel() -> None:
    screen = grey_screen()
    for fineness in ((3, 2), (6, 4), (12, 10)):
        light = screen.radiance(range(10, 20), range(30, 40), fineness)
        assert np.allclose(light.mean(axis=(0, 1)), screen.glow[0, 0], rtol=1e-4)
        assert (np.count_nonzero(light, axis=2) <= 1).all()
    red = screen.radiance(range(1), range(1), (6, 4))[:, :, 0]
    assert (red[:, 2:] == 0).all()


def test_screen_glows_with_the_power_of_the_value() -> None:
    assert grey_screen(255).glow.max() == pytest.approx(1.0)
    assert grey_screen(186).glow[0, 0, 0] == pytest.approx(0.5, abs=0.005)


@pytest.mark.parametrize(("units_per_px", "alias"), [(1.25, 0.25), (0.75, 0.25), (1.1, 0.1)])
def test_stripes_finer_than_the_pixels_fold_over_to_moire(units_per_px: float, alias: float) -> None:
    """One cycle a screen pixel is ``units_per_px`` cycles a photo's pixel, and appears at the distance to a whole."""
    view = head_on(240, 240, units_per_px, origin=100.0, psf_px=0.35)
    light = optics.seen(grey_screen(), view, slice(0, 240), slice(0, 240))
    row = light[..., 1].mean(axis=0)
    spectrum = np.abs(np.fft.rfft((row - row.mean()) * np.hanning(240)))
    peak = np.fft.rfftfreq(240)[spectrum.argmax()]
    assert peak == pytest.approx(alias, abs=0.006)
    assert spectrum.max() > 50 * np.median(spectrum)
    stripe = 2 * np.sinc(screen_photo.SUBPIXEL_WIDTH / 3)  # amplitude of the first harmonic over the mean
    lens = np.exp(-2 * (np.pi * 0.35 * units_per_px) ** 2)
    amplitude = stripe * abs(np.sinc(units_per_px)) * lens
    assert row.std() * np.sqrt(2) / row.mean() == pytest.approx(amplitude, rel=0.15)


def test_a_lens_out_of_focus_shows_no_moire() -> None:
    sharp, soft = (
        optics.seen(grey_screen(), head_on(120, 120, 1.25, origin=100.0, psf_px=psf), slice(0, 120), slice(0, 120))
        for psf in (0.35, 1.0)
    )
    assert soft[..., 1].std() < 0.1 * sharp[..., 1].std()


def test_tiles_join_without_a_seam() -> None:
    view = View(90, 60, optics.pose((90, 60), (800, 400, 110, 70), fill=0.9, yaw=4), k1=0.01, psf_px=0.6)
    screen = screen_photo.shown(np.random.default_rng(0).integers(0, 256, (540, 960, 3), np.uint8))
    whole = optics.seen(screen, view, slice(0, 60), slice(0, 90))
    part = optics.seen(screen, view, slice(20, 60), slice(30, 90))
    assert np.abs(whole[20:, 30:] - part).mean() < 0.01


def test_pose_looks_at_the_middle_and_fills_what_it_says() -> None:
    view = View(800, 600, optics.pose((800, 600), (0, 0, 1920, 1080), fill=0.5), k1=0.0, psf_px=0.5)
    x, y = view.points(np.array([[400, 600]], np.float32) - 0.5, np.array([[300, 300]], np.float32) - 0.5)
    assert np.allclose(x, [[960, 1920]])
    assert np.allclose(y, [[540, 540]])


@pytest.mark.parametrize("colour", [(0.6, 0.1, 0.1), (0.1, 0.6, 0.1), (0.1, 0.1, 0.6), (0.4, 0.4, 0.4)])
def test_camera_shows_the_colour_that_it_saw(colour: tuple[float, float, float]) -> None:
    light = camera.Light(exposure=1.0, vignetting=0.0, veil=0.0)
    photo = camera.photographed(Flat(*colour), head_on(64, 64, 1.0), light, PLAIN, np.random.default_rng(0))
    wanted = 255 * camera.srgb_from_linear(np.array([[colour]], np.float32))[0, 0]
    assert np.abs(photo[8:-8, 8:-8].mean(axis=(0, 1)) - wanted).max() < 6


def test_noise_is_that_of_photons_and_reading() -> None:
    light, sensor = camera.Light(exposure=1.0, vignetting=0.0, veil=0.0), camera.Sensor(4000, 5)
    raw = camera.exposed(Flat(0.5, 0.5, 0.5), head_on(256, 256, 1.0), light, sensor, np.random.default_rng(0))
    electrons = raw[1::2, 0::2] / camera.SENSOR_WHITE * 4000
    assert electrons.mean() == pytest.approx(2000, rel=0.01)
    assert electrons.var() == pytest.approx(2000 + 25, rel=0.05)


def test_corners_are_darker_than_the_middle() -> None:
    light = camera.Light(exposure=1.0, vignetting=0.3, veil=0.0)
    raw = camera.exposed(Flat(0.5, 0.5, 0.5), head_on(256, 256, 1.0), light, camera.Sensor(), np.random.default_rng(0))
    assert raw[:4, :4].mean() / raw[120:136, 120:136].mean() == pytest.approx(0.7, abs=0.03)


@pytest.mark.usefixtures("small_studio")
def test_far_photo_shows_the_screen_in_a_third_of_its_width() -> None:
    white = np.full((180, 320, 3), 255, np.uint8)
    leak = encoding.decoded(
        screen_photo.screen_photo(white, np.random.default_rng(1), fill=0.34, whole_screen=True, yaw=0.0, quality=90)
    )
    lit = leak.min(axis=2) > 150
    assert np.flatnonzero(lit.any(axis=0)).size / leak.shape[1] == pytest.approx(0.34, abs=0.02)


@pytest.mark.usefixtures("small_studio")
def test_tall_picture_is_photographed_with_the_phone_held_upright(copy: Pixels) -> None:
    tall = np.ascontiguousarray(copy.transpose(1, 0, 2))
    leak = encoding.decoded(
        screen_photo.screen_photo(tall, np.random.default_rng(1), fill=0.97, whole_screen=False, yaw=0.0, quality=90)
    )
    assert leak.shape == (544, 408, 3)
