"""The residual: what a leak's tone, blur and last fraction of a pixel do to the host is explained, and nothing else."""

import cv2
import numpy as np
import pytest

from tests.engine import workshop
from tests.engine.workshop import Plane
from tidemark.engine.carriers.image.residual import explained, host_features

EVERYWHERE = np.ones((288, 420), bool)


@pytest.fixture(scope="module")
def host() -> Plane:
    return workshop.grey(workshop.bumper("A")[:, 150:570])


def left(leak: Plane, host: Plane) -> float:
    """Return the rms of what the host does not explain of a leak, levels, away from the border."""
    residual = leak - explained(leak, EVERYWHERE, host_features(host))
    return float(np.sqrt(np.mean(residual[10:-10, 10:-10] ** 2)))


def blurred(luma: Plane, sigma: float) -> Plane:
    return np.asarray(cv2.GaussianBlur(luma, (0, 0), sigma), np.float32)


def test_host_explains_itself(host: Plane) -> None:
    assert left(host, host) < 0.1


@pytest.mark.parametrize(("gain", "offset"), [(0.5, 60), (1.3, -30), (-1.0, 255), (0.1, 200)])
def test_tone_is_explained(host: Plane, gain: float, offset: float) -> None:
    assert left(host * np.float32(gain) + np.float32(offset), host) < 0.5


def test_light_that_falls_off_is_explained(host: Plane) -> None:
    y, x = np.mgrid[:288, :420].astype(np.float32)
    vignette = (1.1 - ((x - 200) / 420) ** 2 - ((y - 150) / 300) ** 2).astype(np.float32)
    leak = host * vignette + x / 20
    assert left(leak, host) < 0.1 * float(np.std(leak - host))


@pytest.mark.parametrize("sigma", [0.7, 1.5, 4.0])
def test_blur_is_explained(host: Plane, sigma: float) -> None:
    leak = blurred(host, sigma)
    assert left(leak, host) < 0.4 * float(np.std((leak - host)[10:-10, 10:-10]))


def test_sharpening_is_explained(host: Plane) -> None:
    leak = host + np.float32(0.6) * (host - blurred(host, 1.5))
    assert left(leak, host) < 0.1 * float(np.std(leak - host))


@pytest.mark.parametrize("shift", [(0.2, 0.0), (0.0, -0.3), (0.15, 0.15)])
def test_a_fraction_of_a_pixel_is_explained(host: Plane, shift: tuple[float, float]) -> None:
    matrix = np.array([[1, 0, shift[0]], [0, 1, shift[1]]], np.float32)
    leak = np.asarray(
        cv2.warpAffine(host, matrix, (420, 288), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT), np.float32
    )
    assert left(leak, host) < 0.5 * float(np.std((leak - host)[10:-10, 10:-10]))


def test_a_mark_is_not_explained_away(host: Plane) -> None:
    """Of faint noise of middle frequencies laid over a toned host, nearly all must remain."""
    noise = np.random.default_rng(0).standard_normal(host.shape).astype(np.float32)
    mark = blurred(noise, 1.5) - blurred(noise, 8)
    mark *= np.float32(1.5 / mark.std())
    leak = host * np.float32(0.8) + 20 + mark
    residual = leak - explained(leak, EVERYWHERE, host_features(host))
    inner = np.s_[10:-10, 10:-10]
    assert float(np.corrcoef(residual[inner].ravel(), mark[inner].ravel())[0, 1]) > 0.97
    assert float(residual[inner].std()) == pytest.approx(1.5, rel=0.06)


def test_explanation_is_linear_in_what_a_mark_adds(host: Plane) -> None:
    """Twice the mark leaves twice the residual: nothing clips, so extreme collusion gains nothing here."""
    mark = np.random.default_rng(1).standard_normal(host.shape).astype(np.float32)
    one, ten = (
        leak - explained(leak, EVERYWHERE, host_features(host)) for leak in (host + mark, host + np.float32(10) * mark)
    )
    inner = np.s_[10:-10, 10:-10]
    assert float(np.corrcoef(one[inner].ravel(), ten[inner].ravel())[0, 1]) > 0.995
    assert float(ten[inner].std()) == pytest.approx(10 * float(one[inner].std()), rel=0.02)


def test_what_is_not_seen_does_not_count(host: Plane) -> None:
    seen = EVERYWHERE.copy()
    seen[:, 250:] = False
    leak = host * np.float32(0.7) + 10
    garbled = leak.copy()
    garbled[~seen] = 255 * np.random.default_rng(0).random(int((~seen).sum())).astype(np.float32)
    one, other = (
        explained(each, seen, host_features(np.where(seen, host, 0).astype(np.float32))) for each in (leak, garbled)
    )
    assert other[:, :245] == pytest.approx(one[:, :245], abs=0.05)


@pytest.mark.parametrize("shape", [(16, 16), (17, 400), (49, 50)])
def test_small_leaks_are_no_trouble(shape: tuple[int, int]) -> None:
    host = np.random.default_rng(0).uniform(0, 255, shape).astype(np.float32)
    fit = explained(host * np.float32(0.5) + 9, np.ones(shape, bool), host_features(host))
    assert fit.shape == shape
    assert fit == pytest.approx(host * 0.5 + 9, abs=3)


@pytest.mark.parametrize("level", [0.0, 255.0])
def test_blank_leaks_and_hosts_leave_numbers_not_nans(host: Plane, level: float) -> None:
    blank = np.full_like(host, level)
    assert explained(blank, EVERYWHERE, host_features(host)) == pytest.approx(level, abs=0.1)
    assert np.all(np.isfinite(explained(host, EVERYWHERE, host_features(blank))))
    assert np.all(np.isfinite(explained(host, np.zeros_like(EVERYWHERE), host_features(host))))


def test_features_of_a_ramp_are_its_slope_and_no_detail() -> None:
    y, x = np.mgrid[:60, :80].astype(np.float32)
    own, across, down, fine, coarse = (each[20:-20, 20:-20] for each in host_features(3 * x + 2 * y))
    assert across == pytest.approx(3, abs=1e-3)
    assert down == pytest.approx(2, abs=1e-3)
    assert fine == pytest.approx(0, abs=1e-2)
    assert coarse == pytest.approx(0, abs=1e-2)
    assert own.shape == across.shape
