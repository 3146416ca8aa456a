"""The image carrier's half of a trace, from a leak's bytes to its vector."""

import io

import numpy as np
import pytest
from PIL import Image

from tests.engine import workshop
from tests.engine.workshop import Draft, jpeg, opened, png
from tidemark.engine import detect
from tidemark.engine.carriers import image
from tidemark.errors import LimitExceeded, UnreadableFile


def z_of(draft: Draft, leak: bytes, copy: str = "copy 1") -> float:
    seen = image.observe(draft.reference, image.look(leak))
    assert isinstance(seen, image.Observation)
    return float(detect.scores(seen.vector, [draft.key(copy)])[0])


def test_look_reads_luminance_features_and_how_coarsely_a_jpeg_was_saved(bumper_a: Draft) -> None:
    saved = image.look(jpeg(bumper_a.pixels, 50))
    assert saved.luma.shape == workshop.SIZE
    assert len(saved.features) > 200
    assert saved.jpeg_steps is not None
    assert saved.jpeg_steps[0, 0] == 16
    assert image.look(bumper_a.file).jpeg_steps is None


def test_look_takes_the_first_frame_of_an_animation(bumper_a: Draft) -> None:
    stream = io.BytesIO()
    frames = [Image.fromarray(each) for each in (bumper_a.pixels, 255 - bumper_a.pixels)]
    frames[0].save(stream, "GIF", save_all=True, append_images=frames[1:])
    first = image.look(stream.getvalue()).luma
    assert float(np.abs(first - workshop.grey(bumper_a.pixels)).mean()) < 6


@pytest.mark.parametrize("data", [b"", b"no picture", png(workshop.bumper("A"))[:2000]])
def test_look_refuses_what_is_no_picture(data: bytes) -> None:
    with pytest.raises(UnreadableFile):
        image.look(data)


def test_look_refuses_a_pixel() -> None:
    with pytest.raises((UnreadableFile, LimitExceeded)):
        image.look(png(np.zeros((1, 1, 3), np.uint8)))


def test_leak_is_like_its_draft_and_like_no_other(bumper_a: Draft, landscape: Draft, drawing: Draft) -> None:
    seen = image.look(jpeg(bumper_a.copy("copy 1"), 50))
    assert image.likeness(seen, bumper_a.description) > 50
    assert image.likeness(seen, landscape.description) < 15
    assert image.likeness(seen, drawing.description) < 15


def test_leak_of_one_revision_is_like_the_other_too_but_less(bumper_a: Draft, bumper_b: Draft) -> None:
    seen = image.look(jpeg(bumper_a.copy("copy 1"), 50))
    likeness = [image.likeness(seen, draft.description) for draft in (bumper_a, bumper_b)]
    assert likeness[0] > likeness[1] > 10


def test_mirrored_leak_is_as_like_its_draft(bumper_a: Draft) -> None:
    seen = image.look(png(bumper_a.copy("copy 1")[:, ::-1]))
    assert image.likeness(seen, bumper_a.description) > 50


def test_blank_leak_is_like_nothing(bumper_a: Draft) -> None:
    blank = image.look(png(np.full((300, 400, 3), 255, np.uint8)))
    assert image.likeness(blank, bumper_a.description) == 0
    assert not image.observe(bumper_a.reference, blank)


def test_vector_of_a_leak_speaks_for_its_copy(bumper_a: Draft) -> None:
    leak = jpeg(bumper_a.copy("copy 1"), 70)
    assert z_of(bumper_a, leak) > 50
    assert abs(z_of(bumper_a, leak, "copy 2")) < 4.5


@pytest.mark.slow
def test_repeating_a_jpeg_s_compression_makes_its_mark_plainer(landscape: Draft) -> None:
    data = jpeg(landscape.copy("copy 1"), 40)  # beside it, the same pixels in a file that knows nothing of JPEG
    assert z_of(landscape, data) > 1.05 * z_of(landscape, png(opened(data)))


def test_observation_says_how_the_leak_lies(bumper_a: Draft) -> None:
    seen = image.observe(bumper_a.reference, image.look(png(bumper_a.copy("copy 1")[:280, 620:60:-1])))
    assert isinstance(seen, image.Observation)
    assert seen.mirrored
    assert seen.coverage == pytest.approx(280 * 560 / (288 * 768), rel=0.02)
    assert seen.correlation > 0.9
    assert seen.feature.channel.gain[5] == pytest.approx(1, abs=0.1)


@pytest.mark.slow
def test_upright_and_turned_phone_photos_are_the_same_leak(bumper_a: Draft) -> None:
    """A camera stores its sensor's rows and an orientation; what it shows upright must give the same score."""
    stream = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6  # stored turned by 90° counter-clockwise
    stored = Image.fromarray(np.rot90(bumper_a.copy("copy 1")))
    stored.save(stream, "JPEG", quality=70, exif=exif)
    assert z_of(bumper_a, stream.getvalue()) > 0.9 * z_of(bumper_a, jpeg(bumper_a.copy("copy 1"), 70))


def test_reference_is_the_unmarked_draft(bumper_a: Draft) -> None:
    reference = bumper_a.reference
    assert np.array_equal(reference.luma, workshop.grey(bumper_a.pixels))
    assert reference.grid.shape == (384, 1024)
    assert reference is image.reference(bumper_a.file, bumper_a.description)  # kept for the next leak
