"""Local features: stable under what leaks go through, and their stored form."""

import io

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine import workshop
from tests.engine.workshop import Plane
from tidemark.engine.carriers.image.features import Features, extract, locally_normalised, resized
from tidemark.errors import RecordsDamaged


@pytest.fixture(scope="module")
def luma() -> Plane:
    return workshop.grey(workshop.bumper("A"))


@pytest.fixture(scope="module")
def features(luma: Plane) -> Features:
    return extract(luma)


def agreeing(one: Features, other: Features, expected_xy: Plane) -> float:
    """Return the share of features whose nearest neighbour in ``other`` lies within 2 px of the expected place."""
    nearest = np.argmax(one.descriptors @ other.descriptors.T, axis=1)
    return float(np.mean(np.linalg.norm(other.points_xy[nearest] - expected_xy, axis=1) < 2))


def test_features_have_unit_length_and_lie_in_the_picture(features: Features, luma: Plane) -> None:
    assert len(features) > 200
    assert np.linalg.norm(features.descriptors, axis=1) == pytest.approx(1, abs=1e-4)
    assert features.descriptors.min() >= 0
    assert features.size == luma.shape
    assert np.all(features.points_xy >= -1)
    assert np.all(features.points_xy <= np.array(luma.shape[::-1]))


def test_features_survive_tone(luma: Plane, features: Features) -> None:
    darker = extract(luma * np.float32(0.6) + 20)
    assert agreeing(features, darker, features.points_xy) > 0.6


def test_features_follow_a_shift(luma: Plane, features: Features) -> None:
    shifted = extract(np.ascontiguousarray(luma[30:, 50:]))
    inside = np.all(features.points_xy > [80, 60], axis=1)
    part = Features(features.size, features.points_xy[inside], features.descriptors[inside])
    assert agreeing(part, shifted, part.points_xy - np.array([50, 30], np.float32)) > 0.6


def test_smaller_size_gives_places_in_the_picture_s_own_pixels(luma: Plane) -> None:
    """Of a large picture features are taken twice; the second lot, at 800 px, must land on the first."""
    large = np.asarray(cv2.resize(luma, None, fx=2.5, fy=2.5, interpolation=cv2.INTER_CUBIC), np.float32)
    both, small = extract(large), extract(resized(large, 800 / max(large.shape)))
    factor = np.array([large.shape[1] / small.size[1], large.shape[0] / small.size[0]], np.float32)
    assert agreeing(small, both, (small.points_xy + 0.5) * factor - 0.5) > 0.8


def test_mirrored_features_look_like_the_mirror_image_and_lie_on_the_picture_itself(
    luma: Plane, features: Features
) -> None:
    """Of a leak that is the mirror image of the draft: they look like the draft's, and lie where the leak has them."""
    leak = np.ascontiguousarray(luma[:, ::-1])
    expected = np.stack([luma.shape[1] - 1 - features.points_xy[:, 0], features.points_xy[:, 1]], axis=1)
    assert agreeing(features, extract(leak).mirrored(leak), expected) > 0.9
    assert agreeing(features, extract(leak), expected) < 0.4


@pytest.mark.parametrize("size", [(16, 16), (40, 700), (300, 400)])
def test_plain_pictures_have_no_features(size: tuple[int, int]) -> None:
    nothing = extract(np.full(size, 128, np.float32))
    assert len(nothing) == 0
    assert nothing.descriptors.shape == (0, 128)
    assert len(nothing.strongest()) == 0
    assert len(Features.from_bytes(nothing.to_bytes())) == 0


def test_stored_features_come_back(features: Features) -> None:
    back = Features.from_bytes(features.to_bytes())
    assert back.size == features.size
    assert np.array_equal(back.points_xy, features.points_xy)
    assert back.descriptors == pytest.approx(features.descriptors, abs=0.004)
    assert np.linalg.norm(back.descriptors, axis=1) == pytest.approx(1, abs=1e-4)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_damaged_description_is_reported_as_such(data: st.DataObject) -> None:
    plain = np.zeros((3, 2), np.float32), np.ones((3, 128), np.float32) / np.float32(128**0.5)
    stored = Features((20, 30), *plain).to_bytes()
    cut = data.draw(st.integers(0, len(stored) - 1))
    with pytest.raises(RecordsDamaged, match="tidemark check"):
        Features.from_bytes(stored[:cut])


@pytest.mark.parametrize("stored", [b"", b"not a description", b"\x93NUMPY" + bytes(20)])
def test_other_bytes_are_no_description(stored: bytes) -> None:
    with pytest.raises(RecordsDamaged):
        Features.from_bytes(stored)


def test_description_without_one_of_its_parts_is_damaged() -> None:
    stream = io.BytesIO()
    np.savez_compressed(stream, version=1, size=np.array([20, 30]))
    with pytest.raises(RecordsDamaged):
        Features.from_bytes(stream.getvalue())


def test_the_strongest_of_both_sizes_stand_first(luma: Plane) -> None:
    features = extract(luma)
    kept = features.strongest()
    assert len(kept) == min(len(features), 3_000)
    assert np.array_equal(kept.points_xy, features.points_xy[: len(kept)])


def test_local_normalisation_forgets_tone() -> None:
    luma = workshop.grey(workshop.landscape())[:200, :300].copy()
    one = locally_normalised(luma, radius_px=16, floor=0.0)
    other = locally_normalised(luma * np.float32(0.5) + 40, radius_px=16, floor=0.0)
    assert other == pytest.approx(one, abs=5e-3)
    assert abs(float(one.mean())) < 0.05
    assert 0.7 < float(one.std()) < 1.1


def test_local_normalisation_leaves_flat_areas_flat() -> None:
    nearly = 200 + np.random.default_rng(0).normal(0, 0.2, (100, 100)).astype(np.float32)
    assert float(np.abs(locally_normalised(nearly.astype(np.float32), radius_px=16, floor=2.0)).max()) < 0.6


def test_resizing_never_enlarges() -> None:
    luma = np.random.default_rng(0).uniform(0, 255, (30, 50)).astype(np.float32)
    assert resized(luma, 1.0) is luma
    assert resized(luma, 3.0) is luma
    assert resized(luma, 0.5).shape == (15, 25)
    assert float(resized(luma, 0.5).mean()) == pytest.approx(float(luma.mean()), abs=0.01)
    assert resized(luma, 0.01).shape == (8, 8)
